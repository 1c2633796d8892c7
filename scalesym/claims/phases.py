r"""The phase diagram: derived from the exponents of the pieces, and proved by two SMT solvers.

*Derived.* The parametric linear program is solved again from the catalogue's exponents and must give the shipped table; at rational
points the least over all sizes is found a second time by enumeration, from exponents typed in from the paper.

*Proved.* Each statement of :mod:`scalesym.theorems.goals` holds at *every* point of its region: z3 and cvc5 both find that its negation has
no solution, and that its hypotheses have one. A false statement comes back with a counterexample, which is checked in fractions.

*Remark.* That the minimum is at least ``f^{-η}`` stays true for too large an ``η``, and that it is attained for too small a one: a row of
the table is right when it passes both, and its ``ξ`` when nothing else passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ..ledger import Claim, Verdict

if TYPE_CHECKING:
    from ..theorems.goals import Row
    from ..theorems.statements import Goal, Relation

__all__ = ["CLAIMS"]

_SECONDS = 30  # that a solver may take for one statement; they take hundredths
Change = Callable[["Row"], "Row"]

#: α, β of points in every phase, for the enumeration.
_POINTS = tuple(
    (Fraction(a), Fraction(b))
    for a, b in (
        *(("9/10", "2/5"), ("7/10", "-1/10"), ("3/2", "-4/5")),
        *(("2/5", "3/10"), ("1/5", "2/5"), ("1/4", "1/3")),
        *(("1/5", "4/5"), ("1/10", "7/10"), ("1/8", "3")),
        *(("1", "7/10"), ("7/10", "3/5"), ("3", "2")),
        *(("4/5", "6/5"), ("1", "2"), ("51/100", "5")),
        *(("2/5", "4/5"), ("8/25", "4/5"), ("3/10", "7")),
        *(("7/25", "4/5"), ("27/100", "6/5"), ("26/100", "9")),
    )
)


def _kept(row: Row) -> Row:
    return row


def _shifted(what: str, by: Fraction) -> Change:
    """The exponent plus a number."""

    def changed(row: Row) -> Row:
        from ..powerlaw.polynomials import Ratio
        from ..theorems.statements import Sum

        ratio = getattr(row, what)
        letters = ratio.top.letters
        top, bottom = Sum.of(ratio.top, letters), Sum.of(ratio.bottom, letters)
        moved = top * by.denominator + bottom * by.numerator
        exponents: dict[str, Any] = {what: Ratio(moved.exactly, (bottom * by.denominator).exactly)}
        return replace(row, **exponents)

    return changed


def _widened(by: Fraction) -> Change:
    """Every boundary moved outwards."""

    def changed(row: Row) -> Row:
        from ..theorems.statements import Atom, Sum

        moved = []
        for atom in row.region:
            total = Sum.of(atom.polynomial, atom.polynomial.letters)
            moved.append(Atom((total + (by if atom.relation == ">" else -by)).polynomial, atom.relation))
        return replace(row, region=tuple(moved))

    return changed


def _derived(change: Change) -> Verdict:
    """The table again from the catalogue, and the least at rational points by enumeration."""
    from ..phases.derivation import generate
    from ..phases.table import phase_table, shipped
    from ..theorems.goals import rows

    table = phase_table()
    wrong = []
    changed = {row.name: change(row) for row in rows()}
    for alpha, beta in _POINTS:
        (entry,) = [each for each in table.phases if each.region.holds((alpha, beta))]
        row = changed[entry.name]
        assert row.xi is not None
        stated = Fraction(row.eta.at((alpha, beta))), Fraction(row.xi.at((alpha, beta)))
        if stated != (found := _enumerated(alpha, beta)):
            wrong.append(f"{row.name} at ({alpha}, {beta}): {found[0]}, {found[1]} and not {stated[0]}, {stated[1]}")
    figures = {"points": len(_POINTS), "phases": len(table.phases), "lines": len(table.lines)}
    if wrong:
        return Verdict.fails(wrong[0], **figures)
    return Verdict.decided(
        shipped() == generate(), f"the table is derived again, and is the least at {len(_POINTS)} points", **figures
    )


def _enumerated(alpha: Fraction, beta: Fraction) -> tuple[Fraction, Fraction]:
    """``η`` and ``ξ`` from the paper's exponents: the least over all crossings of the largest piece."""
    x, rho, slow = 1 / (2 * alpha), 1 + beta / alpha - 1 / (2 * alpha), max(Fraction(0), 1 - 2 * alpha)
    time = (Fraction(1), -1 - slow)  # log_f γr = 1 - x - slow x at d = f^x, as a constant and a slope
    pieces = [(-rho * time[0], -rho * time[1]), (Fraction(0), -2 * alpha + max(Fraction(0), 1 - 2 * beta))]
    if alpha > Fraction(1, 4):
        pieces.append((-(2 - x) * time[0], -(2 - x) * time[1] - slow))
    else:
        pieces.append((Fraction(0), -2 * alpha))
    if 2 * alpha > 1 and 2 * beta > 1:
        pieces.append((-(1 - x) * time[0], -1 - (1 - x) * time[1]))
    crossings = {(r - p) / (q - s) for (p, q), (r, s) in combinations(pieces, 2) if q != s}
    least, size = min((max(p + q * at for p, q in pieces), at) for at in crossings if 0 < at < 1)
    return -least, size


def _proved(stated: Callable[[], list[Goal]]) -> Verdict:
    """Every statement, by both solvers; a false one fails with its counterexample."""
    from ..theorems import smt

    smt.require(*smt.SOLVERS)
    found = stated()
    if not found:
        return Verdict.unknown("nothing was stated")
    for goal in found:
        answers = [smt.ask(goal, solver, _SECONDS) for solver in smt.SOLVERS]
        outcomes = {answer.outcome for answer in answers}
        if "false" in outcomes:
            shown = smt.shown(goal, answers)
            return Verdict.fails(f"{goal.id} is false {shown}", statement=goal.prose)
        if outcomes != {"proved"}:
            said = ", ".join(f"{answer.solver}: {answer.outcome} {answer.reason}".strip() for answer in answers)
            return Verdict.unknown(f"{goal.id}: {said}")
    said = f"{len(found)} statements, of which neither {' nor '.join(smt.SOLVERS)} finds a counterexample"
    return Verdict.holds(said, statements=len(found))


def _all(*kinds: str) -> list[Goal]:
    from ..theorems.goals import goals

    return [goal for goal in goals() if set(kinds) & set(goal.id.split("."))]


def _of_row(kind: str, name: str, change: Change) -> list[Goal]:
    """The statements about one row of the table, changed; its region may then reach into other sectors."""
    from ..phases.table import phase_table
    from ..theorems.goals import row_goals, rows

    (row,) = [row for row in rows() if row.name == name]
    found = [goal for n in range(len(phase_table().sectors)) for goal in row_goals(change(row), sector=n)]
    return [goal for goal in found if kind in goal.id.split(".") and _meets(goal)]


def _meets(goal: Goal) -> bool:
    """Whether its hypotheses can hold."""
    from ..theorems.smt import ask
    from ..theorems.statements import Or

    return ask(replace(goal, conclusion=Or(())), "z3", _SECONDS).outcome != "vacuous"


def _with_relation(relation: Relation, *kinds: str) -> list[Goal]:
    """The statements about one polynomial, with another relation to zero."""
    from ..theorems.statements import Atom

    found = []
    for goal in _all(*kinds):
        if isinstance(goal.conclusion, Atom) and goal.conclusion.relation != relation:
            found.append(replace(goal, conclusion=Atom(goal.conclusion.polynomial, relation)))
    return found


def _fewer_alternatives(*kinds: str) -> list[Goal]:
    """Disjunctions without their last part."""
    from ..theorems.statements import Or

    found = []
    for goal in _all(*kinds):
        if isinstance(goal.conclusion, Or):
            found.append(replace(goal, conclusion=Or(goal.conclusion.parts[:-1])))
    return found


def _without_last_hypothesis(*kinds: str) -> list[Goal]:
    return [replace(goal, hypotheses=goal.hypotheses[:-1]) for goal in _all(*kinds)]


_TABLE = "arXiv:2405.15074, table of phases"
_SMALL = Fraction(1, 1000)
_MINIMUM = "no size makes every piece of the loss smaller than f^{−η}"

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="phases.derived",
        statement="The seven phases, their regions and exponents are what the exponents of the pieces give",
        latex=r"-\eta=\min_{x}\max_i L_i(x),\quad \xi=\arg\min",
        tier="exact",
        check=_derived,
        true={"change": _kept},
        false={
            "η + 1/1000": {"change": _shifted("eta", _SMALL)},
            "ξ − 1/1000": {"change": _shifted("xi", -_SMALL)},
        },
        rests_on=("theory.loss-order", "theory.sgd-follows", "phases.beyond-theorem"),
        about=(
            "eta.*",
            "xi.*",
            "F_pp.asymptotic",
            "F_ac.asymptotic",
            "K_pp.asymptotic",
            "F_0.asymptotic",
            "F_0.asymptotic.slow",
        ),
        source=_TABLE,
    ),
    Claim(
        id="phases.minimum",
        statement=f"In every phase {_MINIMUM}",
        latex=r"\max_i L_i(x)\ge-\eta\quad\text{for all }x\in[0,1]",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "minimum", "denominators")},
        false={
            "η − 1/1000 in III": {"stated": partial(_of_row, "minimum", "III", _shifted("eta", -_SMALL))},
            "η − 1/1000 in Ib": {"stated": partial(_of_row, "minimum", "Ib", _shifted("eta", -_SMALL))},
        },
        rests_on=("phases.derived",),
        about=("eta.*",),
        source=_TABLE,
        quick=True,
    ),
    Claim(
        id="phases.attained",
        statement="In every phase d = f^ξ gives the loss f^{−η}, at a time 1 < γr ≤ d^{2α} at which the pieces hold",
        latex=r"\max_i L_i(\xi)\le-\eta",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "attained")},
        false={
            "η + 1/1000 in II": {"stated": partial(_of_row, "attained", "II", _shifted("eta", _SMALL))},
            "ξ + 1/1000 in IVb": {"stated": partial(_of_row, "attained", "IVb", _shifted("xi", _SMALL))},
            "IVa with its borders moved by 1/100": {
                "stated": partial(_of_row, "attained", "IVa", _widened(Fraction(1, 100)))
            },
        },
        rests_on=("phases.derived",),
        about=("eta.*", "xi.*"),
        source=_TABLE,
        quick=True,
    ),
    Claim(
        id="phases.unique",
        statement="In every phase f^ξ is the only size of that order",
        latex=r"\max_i L_i(x)>-\eta\quad\text{for all }x\ne\xi",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "unique")},
        false={"ξ + 1/1000 in Ia": {"stated": partial(_of_row, "unique", "Ia", _shifted("xi", _SMALL))}},
        rests_on=("phases.derived",),
        about=("eta.*", "xi.*"),
        source="derived here",
    ),
    Claim(
        id="phases.plane",
        statement="The phases are disjoint, and cover α > 0, α + β > 1/2 up to the curves between them",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "plane")},
        false={
            "six phases cover the domain": {"stated": partial(_fewer_alternatives, "cover")},
            "they cover a curve as well": {"stated": partial(_without_last_hypothesis, "cover")},
        },
        rests_on=("phases.derived",),
        source=_TABLE,
        quick=True,
    ),
    Claim(
        id="phases.lines",
        statement="η is continuous across every line between phases, and ξ across all but α = 1 − 1/√2, where it jumps "
        "at every β > 1/2 and takes a third value between its neighbours' on the line (where γ d^{1−2α} → const)",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "line")},
        false={
            "ξ is continuous across all": {"stated": partial(_with_relation, "=", "xi")},
            "ξ jumps across all": {"stated": partial(_with_relation, "!=", "xi")},
            "η jumps": {"stated": partial(_with_relation, "!=", "eta")},
            "the third value is outside": {"stated": partial(_with_relation, ">", "between")},
        },
        rests_on=("phases.derived", "critical-lines.third-value"),
        about=("eta.*", "xi.*"),
        source="derived here",
        quick=True,
    ),
    Claim(
        id="phases.universality",
        statement="ξ = 1/2 in Ib, III and IVa, below 1/2 in Ia and II, above 1/2 in Ic and IVb",
        latex=r"\xi=\tfrac12\iff\text{Ib, III or IVa}",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "universality")},
        false={"ξ = 1/2 everywhere": {"stated": partial(_with_relation, "=", "universality")}},
        rests_on=("phases.derived", "phases.attained", "phases.unique"),
        about=("xi.*",),
        source="arXiv:2405.15074, discussion of universality",
        quick=True,
    ),
    Claim(
        id="phases.pieces",
        statement="Along the loss curve the pieces that a phase leaves out never exceed the others, and each of the others is the "
        "largest for a while; once γr ≥ d^{2α} none exceeds F_0",
        tier="smt",
        check=_proved,
        true={"stated": partial(_all, "dropped", "needed", "range")},
        false={
            "one piece fewer is enough": {"stated": partial(_fewer_alternatives, "dropped")},
            "at any time": {"stated": partial(_without_last_hypothesis, "range")},
        },
        rests_on=("phases.derived",),
        source="arXiv:2405.15074, table of phases, the loss up to constants",
    ),
)
