r"""The phase diagram, proved in Coq: what its kernel accepts, with no axioms but those of the classical reals.

The theorems are polynomial statements written from the table of phases, and their proofs from the dual weights that the
derivation of the table found: one identity for ``ring``, signs for ``lra`` and ``nra``. A claim holds if Coq accepts the proof
of every theorem it names. It fails if Coq rejects one and the goal is false at a point, in exact fractions; a rejected proof of
which nobody knows a counterexample is unknown, as are a missing library and the end of patience.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from ..ledger import Claim, Verdict

if TYPE_CHECKING:
    from ..phases.table import Entry, Table
    from ..powerlaw.polynomials import Polynomial
    from ..theorems.coqc import Compiled
    from ..theorems.statements import Goal

__all__ = ["CLAIMS"]

Change = Callable[["Table"], "Table"]
_Curve = Mapping[tuple[int, int], int]


# -- the check ------------------------------------------------------------------------------------------------------------


def _proved(kinds: Sequence[str], change: Change | None, only: Sequence[str]) -> Verdict:
    """Whether Coq accepts the goals of these kinds: of the table, or of a changed one, and then perhaps only some."""
    from ..phases.table import phase_table
    from ..theorems.goals import goals

    try:
        found = [goal for goal in goals(change(phase_table()) if change else None) if _kind(goal.id) in kinds]
        if change is None:
            return _verdict(found, _everything())
        from ..theorems import coq

        some = [goal for goal in found if goal.id in only]
        return _verdict(some, coq.check({"changed.v": coq.text(some)}))
    except ModuleNotFoundError as error:
        if error.name != "coqc":
            raise
        return Verdict.skipped("coqc is not installed: install Debian's coq")


def _kind(id: str) -> str:
    """``"plane"``, ``"line"``, ``"sector"``, or of a phase what is said of it."""
    first, _, rest = id.partition(".")
    return first if first in ("plane", "line", "sector") else rest.partition(".")[0]


@cache
def _everything() -> Mapping[str, Compiled]:
    """All files, compiled once."""
    from ..theorems import coq, coqc

    coqc.version()  # is it there? before the texts are written
    return coq.check(coq.files())


def _verdict(found: Sequence[Goal], compiled: Mapping[str, Compiled]) -> Verdict:
    from ..theorems import coq, coqc
    from ..theorems.regions import counterexample

    names = {coq.name_of(goal.id): goal for goal in found}
    files = [each for each in compiled.values() if names.keys() & set(each.theorems)]
    missing = names.keys() - {name for each in files for name in each.theorems}
    figures: dict[str, object] = {
        "theorems": len(names),
        "files": " ".join(each.name for each in files),
        "axioms": " ".join(sorted({axiom for each in files for axiom in each.axioms})),
        "Coq": coqc.version(),
    }
    if missing or not names:
        return Verdict.unknown(f"not compiled: {', '.join(sorted(missing)) or 'nothing'}", **figures)
    for each in sorted(files, key=lambda each: each.outcome != "rejected"):
        if each.outcome == "proved":
            continue
        if each.theorem in names and (point := counterexample(names[each.theorem])):
            where = ", ".join(f"{letter} = {value}" for letter, value in point.items())
            return Verdict.fails(f"{each.theorem} is not accepted, and is false at {where}", **figures)
        return Verdict.unknown(f"{each.name} {each.theorem}: {each.message}", **figures)
    return Verdict.holds(f"{len(names)} theorems accepted, axioms: those of the classical reals", **figures)


def _half(half: Sequence[str], change: Change | None, only: Sequence[str]) -> Verdict:
    """That ``ξ = 1/2`` in these phases and nowhere else."""
    from ..theorems.goals import goals

    if change is None:
        signs = [goal for goal in goals() if _kind(goal.id) == "universality"]
        equal = [goal.id.partition(".")[0] for goal in signs if getattr(goal.conclusion, "relation", "") == "="]
        if sorted(equal) != sorted(half):
            return Verdict.fails(f"xi is 1/2 in {', '.join(equal)}, not in {', '.join(half)}")
    return _proved(("universality",), change, only)


# -- wrong tables ---------------------------------------------------------------------------------------------------------


def _entry(name: str, change: Callable[[Entry], Entry]) -> Change:
    def changed(table: Table) -> Table:
        return replace(table, phases=tuple(change(each) if each.name == name else each for each in table.phases))

    return changed


def _eta(name: str, by: Fraction) -> Change:
    """``η`` of a phase moved by a number."""
    from ..powerlaw.polynomials import Ratio
    from ..theorems.statements import Sum

    def moved(entry: Entry) -> Entry:
        top, bottom = (Sum.of(each, ("alpha", "beta")) for each in (entry.eta.ratio.top, entry.eta.ratio.bottom))
        ratio = Ratio((top * by.denominator + bottom * by.numerator).exactly, (bottom * by.denominator).exactly)
        return replace(entry, eta=replace(entry.eta, ratio=ratio))

    return _entry(name, moved)


def _xi(name: str, value: Fraction) -> Change:
    """``ξ`` of a phase replaced by a number."""
    from ..powerlaw.polynomials import Polynomial, Ratio

    def moved(entry: Entry) -> Entry:
        top, bottom = (Polynomial(("alpha", "beta"), ((n, (0, 0)),)) for n in (value.numerator, value.denominator))
        return replace(entry, xi=replace(entry.xi, ratio=Ratio(top, bottom)))

    return _entry(name, moved)


def _border(name: str, curve: _Curve, instead: _Curve | None = None) -> Change:
    """The condition of a phase that a curve bounds it, dropped; or replaced by one on the same side of another curve."""
    from ..powerlaw.polynomials import Polynomial

    def moved(entry: Entry) -> Entry:
        kept: list[tuple[Polynomial, int]] = []
        found: list[tuple[Polynomial, int]] = []
        for polynomial, sign in entry.region.conditions:
            terms = {powers: coefficient for coefficient, powers in polynomial.terms}
            same = next((s for s in (1, -1) if terms == {powers: s * c for powers, c in curve.items()}), 0)
            (found if same else kept).append((polynomial, sign * (same or 1)))
        ((_, side),) = found
        if instead is not None:
            kept.append((Polynomial(("alpha", "beta"), tuple((c, powers) for powers, c in instead.items())), side))
        return replace(entry, region=replace(entry.region, conditions=tuple(kept)))

    return _entry(name, moved)


def _without(name: str, term: str) -> Change:
    """A phase whose loss curve is said to do without one of its pieces."""
    return _entry(name, lambda entry: replace(entry, terms=tuple(each for each in entry.terms if each != term)))


def _jumping(table: Table) -> Table:
    """``ξ`` said to jump between Ib and IVa."""
    lines = tuple(replace(each, jumps=("xi",)) if each.neighbours == ("Ib", "IVa") else each for each in table.lines)
    return replace(table, lines=lines)


# -- the claims -----------------------------------------------------------------------------------------------------------

_EQUAL = {(1, 0): 1, (0, 1): -1}  # α = β
_FLAT = {(2, 0): 2, (1, 0): -4, (0, 0): 1}  # α = 1 − 1/√2, positive below it
_MOVED = {(1, 0): -3, (0, 0): 1}  # α = 1/3, positive below it
_SOURCE = "arXiv:2405.15074, the phase diagram; α < 1/4 and the lines: derived here"
_RESTS = ("phases.derived",)
#: The kinds of statements in which a formula of the catalogue appears.
_STATED_BY = {"eta.*": {"minimum", "attained", "unique", "line"}, "xi.*": {"attained", "unique", "line"}}


def _false(change: Change, *only: str) -> dict[str, object]:
    return {"change": change, "only": only}


def _claim(
    id: str, statement: str, latex: str, kinds: tuple[str, ...], false: Mapping[str, Mapping[str, object]]
) -> Claim:
    return Claim(
        id=id,
        statement=statement,
        latex=latex,
        tier="kernel",
        check=_proved,
        true={"kinds": kinds, "change": None, "only": ()},
        false=false,
        rests_on=(*_RESTS, *(("critical-lines.third-value",) if kinds == ("line",) else ())),
        about=tuple(pattern for pattern, stated in _STATED_BY.items() if set(kinds) & stated),
        source=_SOURCE,
    )


CLAIMS: tuple[Claim, ...] = (
    _claim(
        "kernel.minimum",
        "In every phase no size makes every piece of the loss smaller than f^(−η), by the dual weights",
        r"\max_i L_i(x) \ge -\eta \quad (0\le x\le1)",
        ("minimum", "denominators"),
        {
            "η − 1/100 in III": _false(_eta("III", Fraction(-1, 100)), "III.minimum"),
            "IVa below 1 − 1/√2": _false(_border("IVa", _FLAT), "IVa.minimum"),
        },
    ),
    _claim(
        "kernel.attained",
        "In every phase d = f^ξ makes no piece exceed f^(−η), at a time at which the pieces hold",
        r"\max_i L_i(\xi) \le -\eta, \quad 1 < \gamma r \le d^{2\alpha}",
        ("attained",),
        {
            "η + 1/100 in III": _false(_eta("III", Fraction(1, 100)), "III.attained"),
            "ξ = 1/2 in II": _false(_xi("II", Fraction(1, 2)), "II.attained"),
            "III without α < β": _false(_border("III", _EQUAL), "III.attained"),
        },
    ),
    _claim(
        "kernel.unique",
        "In every phase some piece exceeds f^(−η) at every size but f^ξ",
        r"\max_i L_i(x) > -\eta \quad (x \ne \xi)",
        ("unique",),
        {
            "ξ = 1/3 in III": _false(_xi("III", Fraction(1, 3)), "III.unique"),
            "η − 1/100 in Ib": _false(_eta("Ib", Fraction(-1, 100)), "Ib.unique.1"),
        },
    ),
    _claim(
        "kernel.curve",
        "The pieces left out never exceed the others on the loss curve, each named one does, and later none exceeds F_0",
        r"\max_{i\in I} H_i(t) \ge \max_j H_j(t)",
        ("dropped", "needed", "sector"),
        {
            "II without F_ac": _false(_without("II", "F_ac"), "II.dropped.F_ac"),
            "II up to α < β": _false(_border("II", _EQUAL), "II.dropped.K_pp"),
        },
    ),
    Claim(
        id="kernel.universality",
        statement="ξ = 1/2 in Ib, III and IVa; below 1/2 in Ia and II, above in Ic and IVb",
        latex=r"\xi = \tfrac12",
        tier="kernel",
        check=_half,
        true={"half": ("Ib", "III", "IVa"), "change": None, "only": ()},
        false={
            "also in II": {"half": ("Ib", "II", "III", "IVa")},
            "II up to α < β": _false(_border("II", _EQUAL), "II.universality"),
        },
        rests_on=_RESTS,
        about=("xi.*",),
        source=_SOURCE,
    ),
    _claim(
        "kernel.plane",
        "The seven phases are disjoint, and cover the domain up to the critical curves",
        r"\{2\alpha+2\beta>1,\ \alpha>0\} \setminus \text{curves} = \bigsqcup \text{phases}",
        ("plane",),
        {
            "IVa from 1/3 on": _false(_border("IVa", _FLAT, _MOVED), "plane.cover"),
            "IVb up to 1/3": _false(_border("IVb", _FLAT, _MOVED), "plane.disjoint.IVa-IVb"),
        },
    ),
    _claim(
        "kernel.lines",
        "η is continuous across every line, and ξ but at α = 1 − 1/√2, where it takes a third value between its neighbours",
        r"\eta_- = \eta_+, \qquad \xi_- = \xi_+ \ \text{or} \ \xi_- < \xi_0 < \xi_+",
        ("line",),
        {
            "η + 1/100 in III": _false(_eta("III", Fraction(1, 100)), "line.II-III.eta"),
            "ξ jumps between Ib and IVa": _false(_jumping, "line.Ib-IVa.xi"),
        },
    ),
)
