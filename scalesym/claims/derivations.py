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

    from ..formulas import pieces
    from ..formulas.derivation import DerivationError

    figures: dict[str, str] = {}
    try:
        roads = {"F_pp": pieces.forcing, "K_pp": pieces.kernel, "F_ac": pieces.absolutely_continuous}
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


def _as_derived(step: Step) -> Operation:
    return step.operation


_DERIVED: tuple[tuple[str, str, dict[str, tuple[str, Callable[[Any], Any]]]], ...] = (
    (
        "F_pp",
        "the spectrum j^{−2α}",
        {
            "Γ(1+β/α) for Γ(1+β/α−1/2α)": ("closed form", _shifted_gamma),
            "γ → 2γ": ("small eigenvalues", _doubled_rate),
            "1/2α dropped": ("eigenvalue as variable", _no_jacobian),
        },
    ),
    ("K_pp", "the spectrum j^{−2α}", {"Γ(2) for Γ(2−1/2α)": ("closed form", _shifted_gamma)}),
    ("F_ac", "the density c_β u^{−1/2α}/2αd", {"γ → 2γ": ("leading term", _doubled_rate)}),
)

CLAIMS: tuple[Claim, ...] = tuple(
    Claim(
        id=f"derivation.{piece}",
        statement=f"Every step from {start} to the closed form and the leading term of {piece} passes its own check",
        tier="numeric",
        check=_rederived,
        true={"piece": piece, "operation": _as_derived},
        false={name: {"operation": _instead(*change)} for name, change in wrong.items()},
        rests_on=("spectral-density.continuum",) if piece == "F_ac" else ("conditional.second-moment",),
        source="derived here",
    )
    for piece, start, wrong in _DERIVED
)
