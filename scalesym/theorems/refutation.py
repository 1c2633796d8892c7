"""Whether a claim about the exponents holds, and a counterexample if it does not.

The claim is decided against the pieces of the loss, not against the table of phases: for every point of its region and every
size the solvers look for one at which it fails. Both must find that there is none. A counterexample is checked in exact
fractions, and shown with what is true there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from ..phases import phase
from ..phases.table import phase_table
from ..powerlaw.polynomials import Ratio
from .goals import Row, row_goals, size_goals, value_goals
from .grammar import Claimed, parse
from .smt import SOLVERS, Answer, ask, counterexample, require, shown
from .statements import Goal, Sum

__all__ = ["Judgement", "judge", "refute"]

_LETTERS = ("alpha", "beta")
_TOTAL = 120.0  # seconds for a whole claim; what is left then is undecided


@dataclass(frozen=True)
class Judgement:
    """What came out.

    Parameters
    ----------
    claim:
        As it was typed.
    outcome:
        ``"holds"``: both solvers refute every counterexample; ``"fails"``: here is one; ``"unknown"``: a solver gave up.
    because:
        One line in words.
    counterexample:
        Exact values of ``alpha``, ``beta`` and, where the size matters, of ``x`` with ``d = f^x``.
    goals:
        How many statements were asked about, each of both solvers.
    """

    claim: str
    outcome: str
    because: str
    counterexample: dict[str, Fraction] = field(default_factory=dict)
    goals: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        point = {letter: str(value) for letter, value in self.counterexample.items()}
        return {**self.__dict__, "counterexample": point}


def judge(claim: str, *, seconds: float = 20, progress: Callable[[int, int], None] | None = None) -> Judgement:
    """Decide a claim such as ``"eta=1-1/(4*alpha), xi=1/2, where=2*alpha>1, beta>alpha"``.

    ``η`` and ``ξ`` together claim that ``f^{-η}`` is the least loss, that it is attained at ``d = f^ξ``, and nowhere else. ``η`` alone
    claims the first two at some size, ``ξ`` alone the last two with some loss. Powers only: on the lines between phases
    logarithms may multiply them.

    Parameters
    ----------
    claim:
        Read by :func:`scalesym.theorems.grammar.parse`; never evaluated.
    seconds:
        Time that a solver may take for one statement.
    progress:
        Called with how many questions have been answered, and of how many: each statement is put to each solver.

    Raises
    ------
    ParameterError
        If the claim cannot be read, or no point of the domain satisfies its conditions.
    ModuleNotFoundError
        If a solver is missing (``pip install 'scalesym[proofs]'``).

    Examples
    --------
    >>> judge("eta=1-1/(4alpha), xi=1/2, where=III").outcome
    'holds'
    >>> judge("eta=1-1/(4alpha), xi=1/2, where=2alpha>1, 2beta>1").because  # doctest: +ELLIPSIS
    'fails at alpha = ..., beta = ... (phase II), where eta = ... and xi = ...: ...'
    """
    read = parse(claim)
    return refute(read, seconds=seconds, progress=progress)


def refute(claimed: Claimed, *, seconds: float = 20, progress: Callable[[int, int], None] | None = None) -> Judgement:
    """Decide a claim that has been read."""
    require(*SOLVERS)
    stated = _goals(claimed)
    answers: list[list[Answer]] = [[] for _ in stated]
    until = time.monotonic() + _TOTAL
    for turn, solver in enumerate(SOLVERS):  # a counterexample found by the first spares the others all their work
        for n, (goal, said) in enumerate(zip(stated, answers, strict=True)):
            if not any(answer.outcome == "unknown" for answer in said):
                left = max(0.05, min(seconds, until - time.monotonic()))
                said.append(ask(goal, solver, left))
                if said[-1].outcome == "false" and (point := counterexample(goal, said)):
                    return Judgement(claimed.text, "fails", _explained(claimed, goal, point), point, len(stated))
            if progress:
                progress(turn * len(stated) + n + 1, len(SOLVERS) * len(stated))
    met, doubts = False, []
    for goal, said in zip(stated, answers, strict=True):
        outcomes = {answer.outcome for answer in said}
        met = met or "vacuous" not in outcomes
        if outcomes == {"false"}:  # on a curve without rational points: as both say
            because = f"fails {shown(goal, said)}: it is not true that {goal.prose}{_where_flat(goal, said)}"
            return Judgement(claimed.text, "fails", because, {}, len(stated))
        if outcomes != {"proved"} and outcomes != {"vacuous"}:
            doubts.append(f"{goal.prose} ({', '.join(f'{a.solver}: {a.outcome} {a.reason}'.strip() for a in said)})")
    if doubts:
        return Judgement(claimed.text, "unknown", "undecided: " + "; ".join(doubts), {}, len(stated))
    if not met:
        conditions = ", ".join(map(str, claimed.where))
        remedy = "choose conditions that meet alpha > 0, alpha + beta > 1/2"
        raise ParameterError("where", conditions, "no point of the domain satisfies it", remedy)
    solvers = " and ".join(SOLVERS)
    because = f"{solvers} refute every counterexample in alpha > 0, alpha + beta > 1/2; powers only, logarithms on lines aside"
    return Judgement(claimed.text, "holds", because, {}, len(stated))


def _goals(claimed: Claimed) -> list[Goal]:
    table = phase_table()
    eta, xi = (None if each is None else _positive(each) for each in (claimed.eta, claimed.xi))
    found: list[Goal] = []
    for n in range(len(table.sectors)):
        if eta is None:
            assert xi is not None
            found += size_goals(claimed.where, xi, n)
        else:
            row = Row("the claim", claimed.where, eta, xi, (n,))
            found += row_goals(row, table, n)
            if xi is None:
                found += value_goals(claimed.where, eta, n)
    return found


def _positive(ratio: Ratio) -> Ratio:
    """The same quotient with a denominator that is a square, unless it is a number."""
    top, bottom = Sum.of(ratio.top, _LETTERS), Sum.of(ratio.bottom, _LETTERS)
    powers = list(bottom.numbers)
    if powers == [(0, 0)]:
        sign = 1 if bottom.numbers[(0, 0)] > 0 else -1
        return Ratio((top * sign).exactly, (bottom * sign).exactly)
    return Ratio((top * bottom).exactly, (bottom * bottom).exactly)


def _where_flat(goal: Goal, answers: Sequence[Answer]) -> str:
    """What to know on the line on which a piece does not depend on the size."""
    alpha = next((float(Fraction(a.model["alpha"])) for a in answers if "alpha" in a.model), None)
    for line in phase_table().lines:
        if line.flat and alpha is not None and abs(line.curve.at((alpha, 0.0))) < 1e-9 and "x" in goal.letters:
            one, other = line.remaining
            return f"; {line.flat} does not depend on d on this line, and below it {one} = {other} decides xi"
    return ""


def _explained(claimed: Claimed, goal: Goal, point: dict[str, Fraction]) -> str:
    alpha, beta = point["alpha"], point["beta"]
    try:
        truth = phase(alpha, beta)
    except ParameterError:  # beyond the range of doubles
        return (
            "fails at "
            + ", ".join(f"{letter} = {value}" for letter, value in point.items())
            + f": not so: {goal.prose}"
        )
    values = ", ".join(f"{letter} = {point[letter]}" for letter in _LETTERS)
    where = f"fails at {values} ({'line' if truth.on_boundary else 'phase'} {truth.name})"
    where += f", where eta = {truth.eta} and xi = {truth.xi}"
    said, defined = [], True
    for name, ratio in (("eta", claimed.eta), ("xi", claimed.xi)):
        if ratio is not None:
            bottom = ratio.bottom.at((alpha, beta))
            said.append(f"{name} is undefined" if bottom == 0 else f"{name} = {Fraction(ratio.at((alpha, beta)))}")
            defined = defined and bottom != 0
    text = f"{where}: the claim says {' and '.join(said)}"
    if "x" in point and defined:
        text += f"; at d = f^({point['x']}) the largest piece is {_largest(point)}"
    return text


def _largest(point: dict[str, Fraction]) -> str:
    """The largest piece at a size, as a power of f."""
    at = (point["alpha"], point["beta"])
    law = phase_table().sector_at(at).at(at)
    heights = {term.name: law.intercept(term) + law.slope(term) * point["x"] for term in law.terms}
    name = max(heights, key=lambda each: heights[each])
    return f"{'K_pp/(gamma B)' if name == 'K_pp' else name} = f^({heights[name]})"
