r"""Every quantity in balls, from one set of numbers; each known mistake changes one of these numbers.

A :class:`Setting` holds what the definitions are made of: the exponents of the sums, their end, the coefficients of

.. math:: q(x) = 1 - a x + c x^2, \qquad F(r) = \int q^r d\nu, \qquad K(r) = g\int x^2 q^r d\mu,

and ``x = 2γBr`` of the pieces. :func:`evaluate` computes any quantity of it with a proven radius
(:mod:`scalesym.certified`); a mistake is the same computation from another setting (:mod:`scalesym.oracle.mistakes`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..certified import pieces
from ..certified.cauchy import Kind, coefficients
from ..certified.dynamics import Dynamics
from ..certified.fixed_point import FixedPoint
from ..certified.stability import critical_gamma
from ..certified.sums import PowerSums
from ..precision import arb_of

__all__ = ["Setting", "evaluate"]

#: Steps up to which one set of nodes serves.
_SHARED = (24, 104)
_LAST = 1200

Sums = Callable[[Fraction, Fraction, "int | None"], Any]


@dataclass(frozen=True)
class Setting:
    """The numbers that the definitions are made of.

    Parameters
    ----------
    alpha, beta, d, v, gamma, batch, r, z, ratio:
        As the protocol names them; ``v`` and ``ratio`` are ``None`` where infinite. What a quantity does not need has a value
        that it does not read.
    p, q:
        ``λ_j = j^(−p)`` and ``λ_j b_j² = j^(−q)``: ``2α`` and ``2α + 2β``.
    a, c, g:
        Of the recursion: ``2γB``, ``γ²B(B+1)`` and ``γ²B``.
    x:
        ``2γBr``, of the pieces.
    sums:
        What adds up.
    atom:
        Whether the spectrum has its atom at 0.
    """

    alpha: Fraction = Fraction(1)
    beta: Fraction = Fraction(1)
    d: Fraction = Fraction(1)
    v: int | None = 2
    gamma: Fraction = Fraction(1, 10)
    batch: int = 1
    r: int = 0
    z: tuple[Fraction, Fraction] = (Fraction(-1), Fraction(0))
    ratio: Fraction | None = None
    p: Fraction = Fraction(2)
    q: Fraction = Fraction(4)
    a: Fraction = Fraction(0)
    c: Fraction = Fraction(0)
    g: Fraction = Fraction(0)
    x: Fraction = Fraction(0)
    sums: Sums = PowerSums
    atom: bool = True

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Setting:
        """The right one for inputs that were read already."""
        known = {name: value for name, value in given.items() if name in cls.__dataclass_fields__}
        setting = cls(**known)
        return setting.with_exponents(setting.alpha, setting.beta).with_rate(setting.gamma)

    def with_exponents(self, alpha: Fraction, beta: Fraction) -> Setting:
        """Other ``α`` and ``β``, and what follows from them."""
        return replace(self, alpha=alpha, beta=beta, p=2 * alpha, q=2 * alpha + 2 * beta)

    def with_rate(self, gamma: Fraction) -> Setting:
        """Another learning rate, and what follows from it."""
        b, drift = self.batch, 2 * gamma * self.batch
        return replace(self, gamma=gamma, a=drift, c=gamma**2 * b * (b + 1), g=gamma**2 * b, x=drift * self.r)

    @property
    def point(self) -> FixedPoint:
        """The fixed point at these sums."""
        return FixedPoint(self.sums(self.p, self.q, self.v), self.d)

    @property
    def dynamics(self) -> Dynamics:
        """The recursion over them."""
        return Dynamics(self.point, self.a, self.c, self.g)


def evaluate(quantity: str, level: str, setting: Setting, rough: bool = False) -> Any:
    """An ``arb`` or ``acb`` in python-flint's current precision; not finite where a proof needs more.

    ``rough`` takes ``F`` and ``K`` from the sum over a circle, too, where ``r`` is small: it is many times as fast as the
    integral in the plane of ``ζ``, and mistakes and condition numbers need no second road.
    """
    if rough and quantity in ("F", "K") and setting.r <= _LAST:
        return _curve("forcing" if quantity == "F" else "kernel", setting)
    return _BALLS[quantity, level](setting)


def _norm(s: Setting) -> Any:
    """``‖K‖ = K̂(1)``, where the roots of ``q(x) = 1`` are 0 and ``a/c``; without the second, ``g tr D/a``."""
    from flint import arb

    if not s.c:
        return arb_of(s.g / s.a) * s.point.sums.power_sum(s.p)
    zeta = s.point.zeta(arb_of(s.a / s.c))
    if not isinstance(zeta, arb) or not zeta < -1:  # q(x) = 1 within the spectrum: the kernel has no sum
        return arb.nan()
    return -arb_of(s.g / s.c) * s.point.sums.d1(zeta)


def _forcing_limit(s: Setting) -> Any:
    return s.point.forcing_limit() if s.atom else arb_of(0)


def _m(s: Setting) -> Any:
    from flint import acb

    real, imaginary = map(arb_of, s.z)
    return s.point.m(real if s.z[1] == 0 else acb(real, imaginary))


def _curve(kind: Kind, s: Setting) -> Any:
    """``F(r)``, ``K(r)`` or ``P(r)``; neighbouring ``r`` share their nodes, and questions about one model come together."""
    from flint import ctx

    last = next((last for last in _SHARED if s.r <= last), None)
    steps = (s.r,) if last is None else tuple(range(last + 1))
    kinds: tuple[Kind, ...] = ("kernel",) if kind == "kernel" else ("forcing", "loss")
    found = _curves(kinds, replace(s, r=0, x=Fraction(0)), steps, ctx.prec)
    return found[kinds.index(kind)][steps.index(s.r)]


@lru_cache(maxsize=16)
def _curves(kinds: tuple[Kind, ...], s: Setting, steps: tuple[int, ...], precision: int) -> list[list[Any]]:
    return coefficients(s.dynamics, steps, kinds, s.atom)


def _integrated(kind: Kind, s: Setting) -> Any:
    """By integration in the plane of ``ζ``; where its polygon finds no way, from the circle."""
    value = s.dynamics.forcing(s.r) if kind == "forcing" else s.dynamics.kernel(s.r)
    return value if value.is_finite() or s.r > _LAST else _curve(kind, replace(s, atom=True))


def _forcing(s: Setting) -> Any:
    value = _integrated("forcing", s)
    return value if s.atom else value - s.point.forcing_limit()


def _kappa(s: Setting) -> Any:
    return 1 / (s.point.zeta0() * arb_of(s.d) ** arb_of(s.p))


_BALLS: Mapping[tuple[str, str], Callable[[Setting], Any]] = {
    ("zeta0", "equivalent"): lambda s: s.point.zeta0(),
    ("kappa", "equivalent"): _kappa,
    ("kappa", "continuum"): lambda s: pieces.kappa(s.alpha, s.ratio),
    ("m", "equivalent"): _m,
    ("lambda_min", "equivalent"): lambda s: s.point.edges()[0],
    ("lambda_max", "equivalent"): lambda s: s.point.edges()[1],
    ("F_0", "equivalent"): _forcing_limit,
    ("F_0", "continuum"): lambda s: pieces.forcing_limit(s.alpha, s.beta, s.d, s.v),
    ("F_0", "asymptotic"): lambda s: pieces.forcing_limit(s.alpha, s.beta, s.d, s.v, asymptotic=True),
    ("K_norm", "equivalent"): _norm,
    ("gamma_critical", "equivalent"): lambda s: critical_gamma(s.point, s.batch),
    ("P_inf", "equivalent"): lambda s: _forcing_limit(s) / (1 - _norm(s)),
    ("F", "equivalent"): _forcing,
    ("K", "equivalent"): lambda s: _integrated("kernel", s),
    ("P", "equivalent"): lambda s: _curve("loss", s),
    **{
        ("F_pp", level): lambda s, late=late: pieces.pure_point(s.alpha, s.beta, arb_of(s.x), late)  # type: ignore[misc]
        for level, late in (("continuum", False), ("asymptotic", True))
    },
    **{
        ("F_ac", level): lambda s, late=late: pieces.absolutely_continuous(  # type: ignore[misc]
            s.alpha, s.beta, s.d, s.v, arb_of(s.x), late
        )
        for level, late in (("continuum", False), ("asymptotic", True))
    },
    **{
        ("K_pp", level): lambda s, late=late: pieces.kernel_piece(s.alpha, s.gamma, s.batch, arb_of(s.x), late)  # type: ignore[misc]
        for level, late in (("continuum", False), ("asymptotic", True))
    },
}
