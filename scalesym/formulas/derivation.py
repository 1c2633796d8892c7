"""Derivations: chains of steps, each computed from the one before and checked by another road.

A :class:`Derivation` starts from an expression and grows by :meth:`Derivation.then`. The result of a step is the return
value of an *operation* applied to the previous expression; no formula is typed in. Every step carries a *check*, a
function that sees the expression before and the outcome and measures, by means that share no code with the operation
(quadrature, ball arithmetic, decay rates), whether the step is true. A step whose check fails is never appended.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ScalesymError

__all__ = ["Check", "Condition", "Derivation", "DerivationError", "Evidence", "Operation", "Outcome", "Step"]

#: A SymPy expression. SymPy ships no types.
Expression = Any


class DerivationError(ScalesymError, ArithmeticError):
    """An operation did not apply, or a check found that a step is not true."""


@dataclass(frozen=True)
class Condition:
    """A strict inequality between parameters, derived on the way, and what it is needed for."""

    relation: Expression
    because: str


@dataclass(frozen=True)
class Outcome:
    """What an operation returns.

    Parameters
    ----------
    expression:
        The next expression of the chain.
    conditions:
        Inequalities that the operation found necessary.
    remainder:
        Exactly what was left out, ``before = expression + remainder``, where that has a closed form.
    """

    expression: Expression
    conditions: tuple[Condition, ...] = ()
    remainder: Expression | None = None


@dataclass(frozen=True)
class Evidence:
    """What a check compared, and the figures it saw (one line per point)."""

    claim: str
    figures: tuple[str, ...]


Operation = Callable[[Expression], Outcome]
Check = Callable[[Expression, Outcome], Evidence]


@dataclass(frozen=True)
class Step:
    """One link: ``outcome = operation(before)``, and the evidence that it is true.

    ``relation`` says how the two expressions compare: ``"="`` exactly, ``"~"`` with ratio tending to 1.
    """

    name: str
    prose: str
    level: str
    relation: str
    before: Expression
    operation: Operation
    check: Check
    outcome: Outcome
    evidence: Evidence

    def verify(self) -> Evidence:
        """Run the operation and the check again.

        Raises
        ------
        DerivationError
            If the operation no longer returns the outcome on record, or the check refutes it.
        """
        if self.operation(self.before) != self.outcome:
            raise DerivationError(f"step {self.name!r}: the operation does not return the outcome on record")
        return _checked(self.name, self.check, self.before, self.outcome)


@dataclass(frozen=True)
class Derivation:
    """A quantity, the expression it starts from, and the steps taken since.

    Examples
    --------
    >>> from sympy import Symbol, exp
    >>> from scalesym.formulas.derivation import Derivation, DerivationError, Evidence, Outcome
    >>> x = Symbol("x", positive=True)
    >>> def at_one(before, outcome):
    ...     gap = abs(float(before.subs(x, 1) - outcome.expression.subs(x, 1)))
    ...     if gap > 1e-12:
    ...         raise DerivationError(f"the two sides differ by {gap:.1f} at x = 1")
    ...     return Evidence("both sides agree at x = 1", (f"{gap:.0e}",))
    >>> chain = Derivation("f", exp(x) * exp(-x / 2), "equivalent", "A product.")
    >>> Derivation.then(chain, "merge", lambda e: Outcome(exp(x)), at_one, prose="Wrong.")
    Traceback (most recent call last):
    ...
    scalesym.formulas.derivation.DerivationError: step 'merge': the two sides differ by 1.1 at x = 1
    """

    quantity: Expression
    start: Expression
    start_level: str
    prose: str
    steps: tuple[Step, ...] = ()

    @property
    def expression(self) -> Expression:
        """Where the chain has arrived."""
        return self.steps[-1].outcome.expression if self.steps else self.start

    @property
    def level(self) -> str:
        """The level of approximation reached."""
        return self.steps[-1].level if self.steps else self.start_level

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every inequality found so far."""
        return tuple(condition for step in self.steps for condition in step.outcome.conditions)

    def then(
        self,
        name: str,
        operation: Operation,
        check: Check,
        *,
        prose: str,
        relation: str = "=",
        level: str | None = None,
    ) -> Derivation:
        """The derivation with one more step, whose operation has been run and whose check has passed.

        Raises
        ------
        DerivationError
            If the operation does not apply to the expression at hand, or the check refutes its outcome.
        """
        before = self.expression
        try:
            outcome = operation(before)
        except DerivationError as error:
            raise DerivationError(f"step {name!r}: {error}") from error
        evidence = _checked(name, check, before, outcome)
        step = Step(name, prose, level or self.level, relation, before, operation, check, outcome, evidence)
        return replace(self, steps=(*self.steps, step))

    def upto(self, name: str | None) -> Derivation:
        """The part of the chain that ends with the step of this name; ``None`` for the start alone."""
        position = -1 if name is None else [step.name for step in self.steps].index(name)
        return replace(self, steps=self.steps[: position + 1])

    def check(self) -> tuple[Evidence, ...]:
        """Run every operation and every check again; the evidence, step by step.

        Raises
        ------
        DerivationError
            If the chain is broken (a step does not start where the last one ended) or a step fails.
        """
        at, evidence = self.start, []
        for step in self.steps:
            if step.before != at:
                raise DerivationError(f"step {step.name!r} does not start where the chain stood")
            evidence.append(step.verify())
            at = step.outcome.expression
        return tuple(evidence)


def _checked(name: str, check: Check, before: Expression, outcome: Outcome) -> Evidence:
    try:
        return check(before, outcome)
    except ScalesymError as error:  # a divergent integral is a refutation too
        raise DerivationError(f"step {name!r}: {error}") from error
