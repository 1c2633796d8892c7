r"""Exponents of the dynamical model: derived, as reported, and beside those of the phases.

Gradient flow on a spectrum ``λ_k = k^{-b}``, ``λ_kw_k² = k^{-a}`` is the forcing function of the PLRF with ``2α = b``,
``2α + 2β = a``, ``d = N`` and ``γBr = t``. So its loss at ``P = ∞`` is the sum of the pieces ``F_pp + F_ac + F_0`` whose exponents the
table of phases holds, derived from the catalogue, without ``K_pp``, the noise of one-pass SGD; and the best ``N`` at ``C = Nt`` is the
same linear program. What was reported is the balance of ``t^{-(a-1)/b}`` with ``N^{-min(a-1, 2b)}``, by the same program.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from ..errors import ParameterError
from ..parameters import Exact
from ..phases.lookup import phase
from ..phases.table import phase_table
from ..powerlaw import Law, Term

__all__ = ["Agreement", "FlowExponents", "FollowUp", "Kind", "agreement", "flow_exponents", "flow_law", "follow_up"]

Kind = Literal["derived", "published"]
_NOISE = "K_pp"
_ROUNDING = 1e-12  # by which exponents of rounded letters may differ


@dataclass(frozen=True)
class FlowExponents:
    """Powers in which the loss falls, and of the best run at ``C = Nt``; exact where ``a`` and ``b`` are.

    Attributes
    ----------
    time, features, samples:
        ``L ~ t^{-time}``, ``N^{-features}``, ``P^{-samples}``, each where the two other resources are without end.
    correction:
        ``L(t, N) - L(t, ∞) ~ t^{-correction}/N`` for ``1 ≪ t ≪ N^b``; negative, so that it grows, for ``a < 2``.
    ensemble:
        ``L ~ N^{-ensemble}`` for the mean predictor over infinitely many sets of features: the bias alone.
    eta, xi:
        ``L* ~ C^{-eta}``, ``N* ~ C^{xi}`` at ``P = ∞``.
    tradeoff:
        The pieces of the loss that balance there, the one that grows with ``N`` first.
    """

    time: Exact
    features: Exact
    samples: Exact
    ensemble: Exact
    correction: Exact
    eta: Exact
    xi: Exact
    tradeoff: tuple[str, ...]

    @property
    def steps(self) -> Exact:
        """``t* ~ C^{steps}``."""
        return 1 - self.xi


def flow_law(a: Exact, b: Exact, kind: Kind = "derived") -> Law:
    """The loss at ``P = ∞`` as a sum of powers of ``t`` (the law's ``r``) and of ``N`` (its ``d``).

    Examples
    --------
    >>> [(term.name, str(term.time), str(term.size)) for term in flow_law(Fraction(7, 2), Fraction(3, 2)).terms]
    [('F_pp', '5/3', '0'), ('F_ac', '1/3', '1'), ('F_0', '0', '3/2')]
    """
    a, b = _read(a, b, kind)
    if kind == "published":
        return Law((Term("time", (a - 1) / b, Fraction(0)), Term("features", Fraction(0), min(a - 1, 2 * b))))
    return phase_table().sector_at((b / 2, (a - b) / 2)).at((b / 2, (a - b) / 2)).without(_NOISE)


def flow_exponents(a: Exact, b: Exact, kind: Kind = "derived") -> FlowExponents:
    """All exponents, ``a > 1``, ``b > 1``.

    Examples
    --------
    >>> found, said = (flow_exponents(Fraction(7, 2), Fraction(3, 2), kind) for kind in ("derived", "published"))
    >>> print(found.features, found.eta, found.xi, "reported as", said.features, said.eta, said.xi)
    3/2 5/7 4/7 reported as 5/2 1 2/5
    """
    law = flow_law(a, b, kind)
    exact = not (isinstance(a, float) or isinstance(b, float))
    one, other = Fraction(a), Fraction(b)
    best = law.optimum()
    time, size = ("time", "features") if kind == "published" else ("F_pp", "F_0")

    def given(power: Any) -> Exact:
        return Fraction(power) if exact else float(power)

    bias = given(min(one - 1, 2 * other))
    powers = given(law[time].time), given(law[size].size)
    # to first order in 1/N the modes that are being learned lose t^{-(a-2)/b}, those that are learned long since t^{-(1-1/b)}
    correction = given(min(1 - 1 / other, (one - 2) / other))
    return FlowExponents(*powers, bias, bias, correction, given(best.eta), given(best.xi), best.tradeoff)


@dataclass(frozen=True)
class FollowUp:
    """The model in the letters of the authors' later paper on feature learning, and what it says there.

    Attributes
    ----------
    alpha, beta:
        ``b`` and ``(a-1)/b``.
    region:
        ``"hard"`` for ``β < 1``, ``"easy"``, and ``"super-easy"`` for ``β > 2 - 1/α``, the line between the phases II and III.
    lazy, rich:
        Powers of time, ``β`` without and ``χ = β max(1, 2/(1+β))`` with features that learn.
    eta_lazy, eta_rich:
        Compute-optimal exponents ``αβχ/(αβ+χ)`` for hard tasks, ``None`` for others.
    """

    alpha: Exact
    beta: Exact
    region: str
    lazy: Exact
    rich: Exact
    eta_lazy: Exact | None
    eta_rich: Exact | None


def follow_up(a: Exact, b: Exact) -> FollowUp:
    """Letters and exponents of Bordelon, Atanasov, Pehlevan, arXiv:2409.17858, as third parties report them.

    Only the lazy ones are about gradient flow on fixed features; they are those of :func:`flow_exponents`.

    Examples
    --------
    >>> found = follow_up(Fraction(9, 5), Fraction(3, 2))
    >>> found.region, found.eta_lazy, flow_exponents(Fraction(9, 5), Fraction(3, 2)).eta, found.rich
    ('hard', Fraction(8, 25), Fraction(8, 25), Fraction(16, 23))
    """
    _read(a, b, "published")
    beta = (a - 1) / b
    rich = beta * max(1, 2 / (1 + beta))
    region = "hard" if beta < 1 else "easy" if beta <= 2 - 1 / b else "super-easy"
    optimal = [b * beta * chi / (b * beta + chi) if beta < 1 else None for chi in (beta, rich)]
    return FollowUp(b, beta, region, beta, rich, *optimal)


@dataclass(frozen=True)
class Agreement:
    """The flow beside one-pass SGD at the same ``(α, β)``.

    Attributes
    ----------
    alpha, beta:
        Of the PLRF with this spectrum and target.
    phase:
        Its phase there, such as ``"II"``, or ``"II|III"`` on a line.
    flow, published, sgd:
        ``(η, ξ)`` of the flow as derived and as reported, and of the phase.
    agrees:
        Whether the derived exponents are those of the phase.
    reason:
        Why, in words.
    """

    alpha: Exact
    beta: Exact
    phase: str
    flow: tuple[Exact, Exact] | None
    published: tuple[Exact, Exact] | None
    sgd: tuple[Exact, Exact]
    agrees: bool
    reason: str


def agreement(a: Exact, b: Exact) -> Agreement:
    """Compare with the phases; for ``b ≤ 1`` the flow has no exponents of its own.

    Examples
    --------
    >>> for a, b in ((Fraction(9, 5), Fraction(3, 2)), (Fraction(7, 2), Fraction(2)), (Fraction(6), Fraction(2))):
    ...     found = agreement(a, b)
    ...     print(found.phase, found.agrees, found.reason)
    Ia True both balance F_pp with F_0
    II True both balance F_pp with F_ac
    III False one-pass SGD balances K_pp, its own noise, with F_ac; without it F_pp and F_ac are left
    """
    alpha, beta = b / 2, (a - b) / 2
    found = phase(alpha, beta)
    sgd = (found.eta, found.xi)
    if b <= 1:
        reason = "Σλ grows with M, so that a step that is stable shrinks with M, and exponents depend on M/N"
        return Agreement(alpha, beta, found.name, None, None, sgd, False, reason)
    flow, said = flow_exponents(a, b), flow_exponents(a, b, "published")
    agrees = max(abs(float(x - y)) for x, y in zip((flow.eta, flow.xi), sgd, strict=True)) < _ROUNDING
    pair = f"{flow.tradeoff[0]} with {flow.tradeoff[-1]}"
    if agrees:
        reason = f"both balance {pair}"
    else:
        theirs = found.tradeoff
        reason = (
            f"one-pass SGD balances {_NOISE}, its own noise, with {theirs[-1]}; "
            f"without it {' and '.join(flow.tradeoff)} are left"
        )
    return Agreement(alpha, beta, found.name, (flow.eta, flow.xi), (said.eta, said.xi), sgd, agrees, reason)


def _read(a: Exact, b: Exact, kind: str) -> tuple[Fraction, Fraction]:
    if kind not in get_args(Kind):
        raise ParameterError("kind", kind, "there is no such kind", f"use one of {', '.join(get_args(Kind))}")
    if not b > 1:
        raise ParameterError(
            "b", b, "the trace of the covariance grows with M, and with it what the exponents are", "use b > 1"
        )
    if not a > 1:
        raise ParameterError("a", a, "the loss before training grows with M", "use a > 1")
    return Fraction(a), Fraction(b)
