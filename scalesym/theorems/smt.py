"""Goals as SMT-LIB texts, and what z3 and cvc5 answer.

Both solvers read the same text. A goal is proved when both find its negation unsatisfiable; that its hypotheses are satisfiable is
asked first, because anything follows from hypotheses that contradict each other. A model is only ever a suggestion: it is
put back into the goal with exact fractions before anyone is shown it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

from ..powerlaw.polynomials import Polynomial
from . import worker
from .statements import And, Atom, Formula, Goal, Or

__all__ = ["SOLVERS", "Answer", "ask", "counterexample", "files", "require", "script", "shown"]

_HEADER = "; Written by python -m scalesym.theorems; see README.md beside this folder."


@dataclass(frozen=True)
class Answer:
    """What one solver says of one goal.

    ``outcome`` is ``"proved"``, ``"false"`` (then ``model`` is its counterexample, as text by letter), ``"vacuous"`` or
    ``"unknown"``.
    """

    solver: str
    outcome: str
    model: dict[str, str]
    reason: str = ""


# -- the text --------------------------------------------------------------------------------------------------------------


def script(goal: Goal) -> str:
    """The commands that ask a solver for one goal: ``sat`` if the hypotheses can hold, then ``unsat`` if the goal does.

    Examples
    --------
    >>> x = Polynomial(("x",), ((1, (2,)), (-2, (0,))))
    >>> print(script(Goal("two", "x^2 is not 2", ("x",), (), Atom(x, "!="))))
    ; two: x^2 is not 2
    (push 1)
    (declare-const x Real)
    (check-sat)
    (assert (= (+ (* x x) (- 2)) 0))
    (check-sat)
    (pop 1)
    """
    lines = [f"; {goal.id}: {goal.prose}", "(push 1)"]
    lines += [f"(declare-const {letter} Real)" for letter in goal.letters]
    lines += [f"(assert {_formula(atom)})" for atom in goal.hypotheses]
    lines.append("(check-sat)")
    lines += [f"(assert {_formula(_negated(goal.conclusion))})", "(check-sat)", "(pop 1)"]
    return "\n".join(lines)


def _formula(formula: Formula) -> str:
    if isinstance(formula, Atom):
        left = _term(formula.polynomial)
        return f"(not (= {left} 0))" if formula.relation == "!=" else f"({formula.relation} {left} 0)"
    parts = [_formula(part) for part in formula.parts]
    head, empty = ("and", "true") if isinstance(formula, And) else ("or", "false")
    return empty if not parts else parts[0] if len(parts) == 1 else f"({head} {' '.join(parts)})"


def _negated(formula: Formula) -> Formula:
    if isinstance(formula, Atom):
        return formula.negated
    parts = tuple(_negated(part) for part in formula.parts)
    return Or(parts) if isinstance(formula, And) else And(parts)


def _term(polynomial: Polynomial) -> str:
    terms = []
    for coefficient, powers in polynomial.terms:
        factors = [letter for letter, power in zip(polynomial.letters, powers, strict=True) for _ in range(power)]
        number = str(coefficient) if coefficient >= 0 else f"(- {-coefficient})"
        if factors and coefficient == 1:
            terms.append(factors[0] if len(factors) == 1 else f"(* {' '.join(factors)})")
        else:
            terms.append(f"(* {' '.join([number, *factors])})" if factors else number)
    return "0" if not terms else terms[0] if len(terms) == 1 else f"(+ {' '.join(terms)})"


def files(found: Iterable[Goal]) -> dict[str, str]:
    """The texts to be kept, by file name: the goals of one phase, of the plane, of the lines, in one file each."""
    groups: dict[str, list[Goal]] = {}
    for goal in found:
        groups.setdefault(goal.id.partition(".")[0], []).append(goal)
    return {
        f"{name}.smt2": "\n\n".join([_HEADER + _expected(group), *map(script, group)]) + "\n"
        for name, group in groups.items()
    }


def _expected(group: Sequence[Goal]) -> str:
    said = "of each, expect sat (its hypotheses can hold) and unsat (it has no counterexample)"
    return f"\n; {len(group)} goals; {said}.\n(set-logic QF_NRA)"


# -- the solvers -----------------------------------------------------------------------------------------------------------


def ask(goal: Goal, solver: str, seconds: float = 20) -> Answer:
    """Ask one solver, ``"z3"`` or ``"cvc5"``, about one goal.

    Raises
    ------
    ModuleNotFoundError
        If the solver is not installed.

    Examples
    --------
    >>> x = Polynomial(("x",), ((1, (2,)), (-2, (0,))))
    >>> ask(Goal("two", "x^2 > 2", ("x",), (), Atom(x, ">")), "z3").outcome
    'false'
    """
    require(solver)
    declared = [f"(declare-const {letter} Real)" for letter in goal.letters]
    hypotheses = [f"(assert {_formula(atom)})" for atom in goal.hypotheses]
    against = f"(assert {_formula(_negated(goal.conclusion))})"
    check = _SOLVERS[solver]
    first, _ = check([*declared, *hypotheses], goal.letters, seconds)
    if first != "sat":
        return Answer(solver, "vacuous" if first == "unsat" else "unknown", {}, f"hypotheses: {first}")
    second, model = check([*declared, *hypotheses, against], goal.letters, seconds)
    outcome = {"sat": "false", "unsat": "proved"}.get(second, "unknown")
    return Answer(solver, outcome, model, "" if outcome != "unknown" else second)


def require(*solvers: str) -> None:
    """Refuse to go on without the solvers, before the work.

    Raises
    ------
    ModuleNotFoundError
        Naming the first that is not installed.
    """
    for solver in solvers:
        if find_spec(solver) is None:
            raise ModuleNotFoundError(f"No module named {solver!r}", name=solver)


def _ask_z3(commands: Sequence[str], letters: Sequence[str], seconds: float) -> tuple[str, dict[str, str]]:
    import z3

    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("timeout", _milliseconds(seconds))
    solver.from_string("\n".join(commands))
    outcome = str(solver.check())
    if outcome != "sat":
        return outcome if outcome == "unsat" else f"unknown ({solver.reason_unknown()})", {}
    found = solver.model()
    values = {letter: found.eval(z3.Real(letter, ctx=context), model_completion=True) for letter in letters}
    return outcome, {
        letter: str(value.as_fraction()) if z3.is_rational_value(value) else str(value.approx(40).as_fraction())
        for letter, value in values.items()
    }


def ask_cvc5(commands: Sequence[str], letters: Sequence[str], seconds: float) -> tuple[str, dict[str, str]]:
    """cvc5's answer, in this process; :mod:`scalesym.theorems.worker` calls it in another one."""
    import cvc5

    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(_milliseconds(seconds)))
    solver.setOption("produce-models", "true")
    parser = cvc5.InputParser(solver)
    text = "\n".join(["(set-logic QF_NRA)", *commands, "(check-sat)"])
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "goal")
    names = parser.getSymbolManager()
    answers = []
    while not (command := parser.nextCommand()).isNull():
        answers += [said] if (said := command.invoke(solver, names).strip()) else []
    outcome = answers[-1] if answers else "unknown"
    if outcome != "sat":
        return outcome, {}
    values = {term.getSymbol(): solver.getValue(term) for term in names.getDeclaredTerms()}
    return outcome, {letter: _cvc5_number(solver, values[letter]) for letter in letters if letter in values}


def _milliseconds(seconds: float) -> int:
    return max(1, int(1000 * seconds))  # 0 would be no limit


def _cvc5_number(solver: Any, value: Any) -> str:
    """A rational, or an approximation of an algebraic number to 40 digits: its interval halved."""
    if value.isRealValue():
        return str(Fraction(value.getRealValue()))
    ends = value.getRealAlgebraicNumberLowerBound(), value.getRealAlgebraicNumberUpperBound()
    low, high = (Fraction(each.getRealValue()) for each in ends)
    variable = solver.mkVar(solver.getRealSort(), "v")
    polynomial = value.getRealAlgebraicNumberDefiningPolynomial(variable)

    def at(point: Fraction) -> Fraction:
        number = solver.mkReal(str(point))
        return Fraction(solver.simplify(polynomial.substitute(variable, number)).getRealValue())

    rises = at(low) < at(high)
    while high - low > Fraction(1, 10**40):
        middle = (low + high) / 2
        low, high = (middle, high) if (at(middle) < 0) == rises else (low, middle)
    return str(low)


_SOLVERS: dict[str, Callable[[Sequence[str], Sequence[str], float], tuple[str, dict[str, str]]]] = {
    "z3": _ask_z3,
    "cvc5": worker.answer,
}

#: The solvers that have to agree.
SOLVERS = tuple(_SOLVERS)


def counterexample(goal: Goal, answers: Iterable[Answer]) -> dict[str, Fraction] | None:
    """An exact point at which the goal fails, as simple as may be, near a model that a solver suggests.

    The solver is not trusted: the hypotheses are checked to hold and the conclusion to fail, in fractions. ``None`` if no
    rational point near a model does, as on a curve without rational points.

    Examples
    --------
    >>> x = Polynomial(("x",), ((1, (2,)), (-2, (0,))))
    >>> goal = Goal("two", "x^2 > 2", ("x",), (), Atom(x, ">"))
    >>> counterexample(goal, [Answer("a friend", "false", {"x": "14142/10000"})])
    {'x': Fraction(1, 1)}
    """
    for answer in answers:
        if set(answer.model) != set(goal.letters):
            continue
        model = {letter: Fraction(value) for letter, value in answer.model.items()}
        for size in (1, 2, 5, 10, 20, 50, 100, 1000, 10**6, 10**12, 10**30):
            point = {letter: value.limit_denominator(size) for letter, value in model.items()}
            if goal.fails_at(point):
                return point
        if goal.fails_at(model):
            return model
    return None


def shown(goal: Goal, answers: Sequence[Answer]) -> str:
    """A counterexample in words: exact, or in decimals where it has no rational coordinates.

    Examples
    --------
    >>> x = Polynomial(("x",), ((1, (2,)), (-2, (0,))))
    >>> goal = Goal("two", "x^2 is not 2", ("x",), (), Atom(x, "!="))
    >>> shown(goal, [Answer("a friend", "false", {"x": "14142135623731/10000000000000"})])
    'near x = 1.41421'
    """
    exact = counterexample(goal, answers)
    if exact is not None:
        return "at " + ", ".join(f"{letter} = {value}" for letter, value in exact.items())
    model = next(answer.model for answer in answers if answer.outcome == "false")
    return "near " + ", ".join(f"{letter} = {float(Fraction(value)):.6g}" for letter, value in model.items())
