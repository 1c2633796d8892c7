r"""``d* ~ c f^ξ`` and ``P* ~ C f^{-η}`` with their constants; level: sharp, ratio → 1 as ``f → ∞`` at fixed rule, ``v/d`` and ``B``.

=====================  =======================================================================================
phase                  what decides the constants
=====================  =======================================================================================
II, III, Ic, IVb       two early pieces in closed form, :mod:`scalesym.sharp.closed`
Ia, Ib, IVa            the least of the scaling function, :mod:`scalesym.sharp.least`
the lines              one or the other, with powers of ``log f`` and ``log log f``
=====================  =======================================================================================

The powers, also of logarithms, are those of :func:`scalesym.phase`. The paper has the powers of ``f`` only; the constants are
derived here, and agree with the minimised exact loss (:func:`scalesym.frontier`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, batch_size, entries, real
from ..phases import Phase, phase
from .least import Window
from .rates import Rule, power_sum
from .uniform import best

__all__ = ["SharpFrontier", "sharp_frontier"]

_RULES = ("half-critical", "trace:1/2")
_WINDOW = ("Ia", "Ib", "IVa", "Ib|IVa", "Ia|Ib")


@dataclass(frozen=True)
class SharpFrontier:
    """The leading law of the frontier at one point of the plane, as :func:`sharp_frontier` derives it.

    Attributes
    ----------
    alpha, beta, v_over_d, gamma, batch:
        As given.
    phase:
        Its name, such as ``"III"``, or ``"II|III"`` on a line.
    kind:
        ``"closed"``, ``"window"``, or ``"line"`` where logarithms appear.
    xi, eta:
        Exponents, exact for exact letters.
    size_logs, loss_logs:
        Powers of ``log f`` and of ``log log f`` in ``d*`` and in ``P*``.
    c, C:
        The constants.
    tstar:
        ``t* = 2γBr/d^{2α}`` at the optimum, where it has a limit; else ``None``.
    rate:
        Limit of the learning rate: ``γ`` for ``2α > 1``, ``γd^{1-2α}`` for ``2α < 1``, ``γ log v`` on the line.
    norm_K:
        Limit of ``‖K‖``.
    """

    alpha: Exact
    beta: Exact
    v_over_d: Exact
    gamma: Exact | str
    batch: int
    phase: str
    kind: str
    xi: Exact
    eta: Exact
    size_logs: tuple[Exact, ...]
    loss_logs: tuple[Exact, ...]
    c: float
    C: float
    tstar: float | None
    rate: float
    norm_K: float
    _at: Window = field(repr=False, compare=False)

    def d(self, flops: object) -> Any:
        """``c f^ξ`` with its logarithms, at one budget or an array of them.

        Raises
        ------
        ParameterError
            If a budget is not above ``e``.
        """
        return _over(flops, lambda log_f: math.exp(self.log_d(log_f)))

    def loss(self, flops: object) -> Any:
        """``C f^{-η}`` with its logarithms, likewise."""
        return _over(flops, lambda log_f: math.exp(self.log_loss(log_f)))

    def log_d(self, log_f: float) -> float:
        """``log d*`` from ``log f``, for budgets beyond double precision."""
        return math.log(self.c) + float(self.xi) * log_f + _logs(self.size_logs, log_f)

    def log_loss(self, log_f: float) -> float:
        """``log P*`` from ``log f``."""
        return math.log(self.C) - float(self.eta) * log_f + _logs(self.loss_logs, log_f)

    def refined(self, flops: object) -> tuple[Any, Any]:
        """``d`` and loss where the law of all phases is least (:mod:`scalesym.sharp.uniform`).

        It has every correction that falls slower than a power of the size, logarithms above all: use it where the leading law
        is not reached yet. A fraction of a second for each budget.

        Raises
        ------
        ParameterError
            If the law has no minimum at a budget.

        Examples
        --------
        >>> law = sharp_frontier("7/25", "4/5")
        >>> [float(f"{x:.5g}") for x in (law.loss(1e24), law.refined(1e24)[1])]
        [2.2168e-07, 6.2714e-07]
        """
        found = _over(flops, lambda log_f: math.exp(self.refined_log(log_f)[0]))
        return found, _over(flops, lambda log_f: math.exp(self.refined_log(log_f)[1]))

    def refined_log(self, log_f: float) -> tuple[float, float]:
        """:meth:`refined` in logarithms."""
        return best(self._at.rule, self._at.beta, log_f, self.log_d(log_f))

    @property
    def formula(self) -> tuple[Any, Any] | None:
        """``c`` and ``C`` as SymPy expressions, ``C`` in terms of ``c``; ``None`` where there is no closed form.

        Letters are those of the catalogue; ``ell`` is ``log f``, with its powers as in ``size_logs``.

        Examples
        --------
        >>> size, loss = sharp_frontier("7/25", "4/5").formula
        >>> sorted(map(str, size.free_symbols)), sorted(map(str, loss.free_symbols))
        (['alpha', 'beta', 'c_beta', 'g'], ['alpha', 'beta', 'c', 'c_beta', 'g'])
        """
        from .closed import closed

        found = closed(self.phase)
        return (found.size, found.loss) if found else None

    @property
    def latex(self) -> str | None:
        """:attr:`formula` in LaTeX."""
        from sympy import latex

        found = self.formula
        return None if found is None else rf"c = {latex(found[0])},\quad C = {latex(found[1])}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data; exact numbers as text such as ``"7/17"``."""

        def plain(value: Any) -> Any:
            if isinstance(value, tuple):
                return [plain(x) for x in value]
            return str(value) if isinstance(value, Fraction) else value

        return {key: plain(value) for key, value in asdict(self).items() if not key.startswith("_")}


def sharp_frontier(
    alpha: object, beta: object, *, v_over_d: object = 10, gamma: object = "half-critical", batch: object = 1
) -> SharpFrontier:
    r"""The compute-optimal frontier as ``f → ∞`` with its constants; level: sharp.

    .. math:: d^\star \sim c\,\mathfrak f^{\xi}, \qquad \mathscr P^\star \sim C\,\mathfrak f^{-\eta},

    on a critical line times powers of ``log f`` or ``log log f``.

    Parameters
    ----------
    alpha, beta:
        As for :func:`scalesym.phase`; a float stands for every number within its rounding.
    v_over_d:
        ``v/d > 1``, or ``"inf"`` if ``2α > 1``.
    gamma:
        ``"half-critical"`` or ``"trace:1/2"``; for ``2α > 1`` also a number below the critical learning rate.
    batch:
        Batch size; ``f = rBd``.

    Raises
    ------
    ParameterError
        Outside the domain, or where several critical lines meet, whose logarithms are not derived.
    StabilityError
        If ``gamma`` is unstable at large ``d``, as ``"trace:1/2"`` is with a large batch if ``2α > 1``.

    Notes
    -----
    Near a line the constants are those of the phase, but the budgets at which they hold recede to infinity; compare with
    :meth:`SharpFrontier.refined` before use.

    Source: derived here. The loss to minimise is that of the catalogue's sharp laws, ``P.sharp``, ``P.plateau``, ``P.window``, ….

    Examples
    --------
    >>> found = sharp_frontier("4/5", "6/5")
    >>> found.phase, found.kind, found.xi, found.eta
    ('III', 'closed', Fraction(1, 2), Fraction(11, 16))
    >>> round(found.c, 5), round(found.C, 5)
    (1.53109, 4.56557)

    It is the exact loss's: at 10⁵⁰ FLOPs, to 1e-6,

    >>> from scalesym.model import PLRF
    >>> d = found.d(1e50)
    >>> model = PLRF("4/5", "6/5", d, 10 * d)
    >>> round(model.loss(round(1e50 / d)) / found.loss(1e50), 6)
    1.0
    """
    where = phase(alpha, beta)
    at = _window(where, v_over_d, gamma, batch)
    if len(where.lines) > 1:
        reason = f"several critical lines meet here ({where.name}), and the logarithms there are not derived"
        raise ParameterError("beta", beta, reason, "move off one of the lines, or use scalesym.frontier")
    at.rule.require()
    kind, c, C, tstar = _constants(where, at)
    logarithm = where.logarithm
    return SharpFrontier(
        alpha=where.alpha,
        beta=where.beta,
        v_over_d=real(v_over_d, "v_over_d", infinite=True),
        gamma=gamma if isinstance(gamma, str) and gamma in _RULES else real(gamma, "gamma"),
        batch=at.rule.batch,
        phase=where.name,
        kind=kind,
        xi=where.xi,
        eta=where.eta,
        size_logs=logarithm.size if logarithm else (),
        loss_logs=logarithm.loss if logarithm else (),
        c=c,
        C=C,
        tstar=tstar,
        rate=at.rule.value,
        norm_K=at.rule.norm_K,
        _at=at,
    )


def _window(where: Phase, v_over_d: object, gamma: object, batch: object) -> Window:
    """The letters in doubles, on the line where the phase is, with the limit of the learning rate."""
    ratio = real(v_over_d, "v_over_d", above=1, reason="v must exceed d", infinite=True)
    alpha, beta = (_snapped(float(letter)) for letter in (where.alpha, where.beta))
    if math.isinf(ratio) and not 2 * alpha > 1:
        reason = "tr D diverges with v for 2 alpha <= 1"
        raise ParameterError("v_over_d", v_over_d, reason, "use a finite v/d, or alpha > 1/2")
    rate: float | str
    if isinstance(gamma, str) and gamma in _RULES:
        rate = gamma
    else:
        rate = float(real(gamma, "gamma", above=0, reason="SGD does not learn with it"))
    return Window(Rule(alpha, float(ratio), rate, batch_size(batch)), beta)


def _snapped(letter: float) -> float:
    return next((line for line in (0.25, 0.5) if abs(letter - line) < 1e-14), letter)


def _constants(where: Phase, at: Window) -> tuple[str, float, float, float | None]:
    """Kind, ``c``, ``C`` and ``t*``."""
    rule, beta = at.rule, at.beta
    if where.name in _WINDOW:
        return ("line" if where.logarithm else "window", *at.constants(), at.best)
    target = power_sum(2 * beta, math.inf) if 2 * beta > 1 else math.nan
    if where.name == "III|IVa":  # F ~ c_β L/d with L ~ log log f, and ‖F‖₁K ~ c_βd/4f
        rest = 1 - rule.norm_K
        return "line", 2 * math.sqrt(rest), target * rest**-1.5, None
    from .closed import closed

    found = closed(where.name)
    assert found is not None
    values = {"alpha": rule.alpha, "beta": beta, "rho": rule.ratio, "B": rule.batch, "c_beta": target}
    if 2 * rule.alpha > 1:
        energy = target + rule.energy(beta)
        values |= {"gamma": rule.value, "norm_K": rule.norm_K, "norm_F": energy / (2 * rule.value * rule.batch)}
    else:
        values["g"] = rule.value
    (c, _), (C, _) = found.at(values)
    return "line" if where.logarithm else "closed", c, C, None


def _logs(powers: tuple[Exact, ...], log_f: float) -> float:
    total, inner = 0.0, log_f
    for power in powers:
        inner = math.log(inner)
        total += float(power) * inner if power else 0.0
    return total


def _over(flops: object, function: Callable[[float], float]) -> Any:
    """A function of ``log f`` at one budget or many."""
    items, shape = entries(flops, "flops")
    logs = [math.log(real(item, "flops", above=3, reason="it is no budget for which log log f > 0")) for item in items]
    values = [function(each) for each in logs]
    return np.array(values).reshape(shape) if shape else values[0]
