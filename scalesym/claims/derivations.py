r"""The derivations of the pieces, run again.

A formula of the catalogue is the end of a chain: each step applies an operation to what the step before returned, and
carries a check of its own that shares nothing with the operation: quadrature, balls, rates of decay. A claim here takes
the recorded steps apart, applies every operation to the *new* outcome of the one before, and shows both to the check.

*Remark.* The false variants change the outcome of one operation, consistently for all later steps, so that nothing but
the step's own check can notice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..ledger import Claim, Verdict

if TYPE_CHECKING:
    from ..formulas.derivation import Operation, Step

__all__ = ["CLAIMS"]


def _rederived(piece: str, operation: Callable[[Step], Operation]) -> Verdict:
    """Run every operation on what the one before returned, and every check on both."""
    from dataclasses import replace

    from ..formulas import early, gap, pieces, renewal, window
    from ..formulas.derivation import DerivationError

    figures: dict[str, str] = {}
    try:
        roads: dict[str, Callable[[], Any]] = {
            "F_pp": pieces.forcing,
            "K_pp": pieces.kernel,
            "F_ac": pieces.absolutely_continuous,
            "F_0": lambda: tuple(gap.forcing_limit(case) for case in ("2β > 1", "2β < 1", "2β = 1")),
            "kappa": lambda: (gap.kappa_infinite(), gap.kappa_wide(), gap.kappa_line()),
            "density": early.density,
            "early": lambda: early.forcing_early("2β > 1"),
            "sharp": lambda: renewal.loss_early("2β > 1"),
            "window": lambda: window.loss("2β > 1", above=False),
        }
        found = roads[piece]()
        for recorded in found if isinstance(found, tuple) else (found,):
            chain = replace(recorded, steps=())
            for step in recorded.steps:
                manner = {"prose": step.prose, "relation": step.relation, "level": step.level}
                chain = chain.then(step.name, operation(step), step.check, **manner)
                figures[f"{len(figures) + 1}, {step.name}"] = chain.steps[-1].evidence.claim
            if chain.expression != recorded.expression:
                return Verdict.fails(f"the chain arrives at {chain.expression}", **figures)
    except DerivationError as error:
        return Verdict.fails(str(error), **figures)
    return Verdict.holds(f"{len(figures)} steps of the derivation run again and checked", **figures)


def _instead(name: str, change: Callable[[Any], Any]) -> Callable[[Step], Operation]:
    """The operation of every step, except that the outcome of the step ``name`` is changed."""
    from dataclasses import replace

    def operation(step: Step) -> Operation:
        if step.name != name:
            return step.operation

        def changed(expression: Any) -> Any:
            outcome = step.operation(expression)
            return replace(outcome, expression=change(outcome.expression))

        return changed

    return operation


def _shifted_gamma(expression: Any) -> Any:
    """``γ(s + 1/2α, x)`` for ``γ(s, x)``."""
    from sympy import Symbol, lowergamma

    alpha = next(symbol for symbol in expression.free_symbols if symbol.name == "alpha")
    assert isinstance(alpha, Symbol)
    return expression.replace(lowergamma, lambda s, x: lowergamma(s + 1 / (2 * alpha), x))


def _doubled_rate(expression: Any) -> Any:
    """``γ → 2γ``."""
    gamma = next(symbol for symbol in expression.free_symbols if symbol.name == "gamma")
    return expression.subs(gamma, 2 * gamma)


def _no_jacobian(expression: Any) -> Any:
    """Without the factor ``1/2α`` of the change of variable."""
    alpha = next(symbol for symbol in expression.free_symbols if symbol.name == "alpha")
    return expression * 2 * alpha


def _swapped(expression: Any) -> Any:
    """``γ(x, s)`` for ``γ(s, x)``."""
    from sympy import lowergamma

    return expression.replace(lowergamma, lambda s, x: lowergamma(x, s))


def _letter_dropped(name: str) -> Callable[[Any], Any]:
    """Without the factor of this letter or function's name."""

    def dropped(expression: Any) -> Any:
        from sympy import zeta

        if name == "zeta":
            return expression.replace(zeta, lambda s: s / s)
        return expression.subs({symbol: 1 for symbol in expression.free_symbols if symbol.name == name})

    return dropped


def _upper_end_lost(expression: Any) -> Any:
    """The exponential integral of the lower end, ``d^{-2α}``, alone: the range would end at infinity."""
    from sympy import expint

    def at_lower(order: Any, argument: Any) -> Any:
        return expint(order, argument) if "d" in {letter.name for letter in argument.free_symbols} else 0

    return expression.replace(expint, at_lower)


def _function_lost(name: str) -> Callable[[Any], Any]:
    """Without the function of this name, as if it were 0."""

    def lost(expression: Any) -> Any:
        from sympy.core.function import AppliedUndef

        return expression.replace(lambda e: isinstance(e, AppliedUndef) and e.func.__name__ == name, lambda e: e * 0)

    return lost


def _term_dropped(index: int) -> Callable[[Any], Any]:
    """Without one of the terms of a sum, in SymPy's order."""
    return lambda expression: expression - sorted(expression.args, key=str)[index]


def _inverted(expression: Any) -> Any:
    return 1 / expression


def _as_derived(step: Step) -> Operation:
    return step.operation


_DERIVED: tuple[tuple[str, str, str, dict[str, tuple[str, Callable[[Any], Any]]]], ...] = (
    (
        "F_pp",
        "the spectrum j^{−2α} to the closed form and the leading term of F_pp",
        "conditional.second-moment",
        {
            "Γ(1+β/α) for Γ(1+β/α−1/2α)": ("closed form", _shifted_gamma),
            "γ(x, s) for γ(s, x)": ("closed form", _swapped),
            "γ → 2γ": ("small eigenvalues", _doubled_rate),
            "1/2α dropped": ("eigenvalue as variable", _no_jacobian),
        },
    ),
    (
        "K_pp",
        "the spectrum j^{−2α} to the closed form and the leading term of K_pp",
        "conditional.second-moment",
        {"Γ(2) for Γ(2−1/2α)": ("closed form", _shifted_gamma), "γ(x, s) for γ(s, x)": ("closed form", _swapped)},
    ),
    (
        "F_ac",
        "the density c_β u^{−1/2α}/2αd to the closed form and the leading term of F_ac",
        "derivation.density",
        {
            "γ → 2γ": ("leading term", _doubled_rate),
            "c_β lost": ("closed form", _letter_dropped("c_beta")),
            "wrong range, to infinity": ("closed form", _upper_end_lost),
        },
    ),
    (
        "density",
        "S = J/m to the density of the absolutely continuous part",
        "theory.deterministic-equivalent",
        {
            "c_β lost": ("the target's whole energy", _letter_dropped("zeta")),
            "1/d lost": ("jump across the axis", _letter_dropped("d")),
        },
    ),
    (
        "F_0",
        "F_0 = ζ₀J(ζ₀) to its leading term, for 2β > 1, 2β < 1 and 2β = 1",
        "theory.deterministic-equivalent",
        {"κ lost": ("scale of the gap", _letter_dropped("kappa"))},
    ),
    (
        "kappa",
        "the equation of κ to its values at v/d = ∞, at large v/d, and at 2α = 1",
        "theory.deterministic-equivalent",
        {"κ inverted": ("closed form", _inverted), "the term of v/d lost": ("beyond the end", _letter_dropped("rho"))},
    ),
    (
        "early",
        "S = J/m to the forcing function for 1 ≪ γBr ≪ d^{2α}",
        "theory.deterministic-equivalent",
        {"F_ac lost": ("effective time", _term_dropped(1)), "F_pp lost": ("back to time", _term_dropped(0))},
    ),
    (
        "sharp",
        "the transform of the loss to the sharp law for 1 ≪ γBr ≪ d^{2α}",
        "theory.deterministic-equivalent",
        {
            "a first term lost": ("effective time", _term_dropped(0)),
            "a second term lost": ("effective time", _term_dropped(1)),
            "a third term lost": ("effective time", _term_dropped(2)),
            "γ → 2γ": ("effective time", _doubled_rate),
        },
    ),
    (
        "window",
        "the transform of the loss to the scaling window, 2α < 1 < 2β",
        "theory.deterministic-equivalent",
        {
            "c_β lost": ("scale of the gap", _letter_dropped("c_beta")),
            "1/(1−k̃) lost": ("scale of the gap", _function_lost("k_w")),
        },
    ),
)

#: The formulas whose derivations are beginnings of those that are run again.
_REACHED = {
    "F_pp": ("F_pp", "F_pp.integral", "F_pp.closed", "F_pp.asymptotic", "F_pp.remainder"),
    "K_pp": ("K_pp", "K_pp.integral", "K_pp.closed", "K_pp.asymptotic", "K_pp.remainder"),
    "F_ac": ("F_ac", "F_ac.closed", "F_ac.asymptotic", "F_ac.remainder"),
    "density": ("density.ac",),
    "F_0": ("F_0.asymptotic", "F_0.asymptotic.slow", "F_0.line"),
    "kappa": ("kappa.infinite", "kappa.wide", "kappa.line"),
    "early": ("F.early",),
    "sharp": ("P.sharp",),
    "window": ("P.window.slow-spectrum",),
}

CLAIMS: tuple[Claim, ...] = tuple(
    Claim(
        id=f"derivation.{piece}",
        statement=f"Every step from {road} passes its own check",
        tier="numeric",
        check=_rederived,
        true={"piece": piece, "operation": _as_derived},
        false={name: {"operation": _instead(*change)} for name, change in wrong.items()},
        rests_on=(rests,),
        about=_REACHED[piece],
        source="derived here",
    )
    for piece, road, rests, wrong in _DERIVED
)
