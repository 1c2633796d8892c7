"""The claim ledger: what the package asserts, on what evidence, and what came out when the checks were run.

A :class:`Claim` is a statement with an evidence tier, the claims it rests on, and a check. The check takes what the
statement says as arguments (a formula, a constant, a count), so that one and the same check can be shown the true
statement (:meth:`Claim.run`) and a false one (:meth:`Claim.run_false`), which it must reject. It answers with a
:class:`Verdict`: *holds*, *fails* or *unknown*. Unknown is never shown as holds: an exception inside a check is
unknown, a missing optional solver is *skipped*, and a claim that is cited and has no check is *assumed*.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, get_args

from .errors import ParameterError
from .report import Report, Row
from .verdict import OUTCOMES, Outcome, Verdict, decide

__all__ = ["OUTCOMES", "TIERS", "Claim", "Ledger", "Outcome", "Report", "Row", "Tier", "Verdict"]

Tier = Literal["kernel", "smt", "exact", "ball", "numeric", "sampled", "assumed"]

#: Evidence, from strong to weak: a proof assistant's kernel, two SMT solvers, exact algebra, a ball with proven
#: radius, digits that agree on a grid, a statistical test, a citation.
TIERS: tuple[Tier, ...] = get_args(Tier)

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True, kw_only=True, eq=False)
class Claim:
    """One statement and how it is checked.

    Parameters
    ----------
    id:
        Stable and unique; letters, digits and ``. _ / -``. A common prefix makes a group that can be selected.
    statement, latex:
        What is claimed, in text and in LaTeX.
    tier:
        Strength of the evidence, one of :data:`TIERS`; ``"assumed"`` means cited, and takes no check.
    check:
        A function of the arguments in ``true`` that returns a :class:`Verdict`.
    true:
        The arguments that make the statement.
    false:
        By name, the arguments that differ in a wrong statement, which the same check must reject.
    rests_on:
        Ids of the claims that this one presupposes.
    about:
        Ids of the catalogue's formulas that the claim puts to the test, or patterns such as ``"eta.*"``: were one of them
        wrong, by more than the statement leaves open, the check would fail. A statement on orders of magnitude sees a
        wrong power, and no wrong constant. Of what is assumed, the formula that it states.
    source:
        Where the statement comes from.
    quick:
        Whether the check belongs to the short selection.

    Raises
    ------
    ParameterError
        If the id or the tier is not valid, or the check does not take the arguments given.

    Examples
    --------
    >>> def check(total):
    ...     return Verdict.at_most("max |error|", max(abs(total(n) - sum(range(n + 1))) for n in range(9)), 0)
    >>> gauss = Claim(id="sums.gauss", statement="1 + … + n = n(n+1)/2", tier="exact", check=check,
    ...               true={"total": lambda n: n * (n + 1) // 2},
    ...               false={"n(n−1)/2": {"total": lambda n: n * (n - 1) // 2}})
    >>> gauss.run().outcome, gauss.run_false("n(n−1)/2").outcome
    ('holds', 'fails')
    """

    id: str
    statement: str
    tier: Tier
    check: Callable[..., Verdict] | None = None
    latex: str = ""
    true: Mapping[str, object] = field(default_factory=dict)
    false: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    source: str = ""
    quick: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not _ID.fullmatch(self.id):
            raise ParameterError("id", self.id, "a claim's id is typed by hand", "use letters, digits and . _ / -")
        if self.tier not in TIERS:
            raise ParameterError(f"tier of {self.id}", self.tier, "no such tier", f"use one of {', '.join(TIERS)}")
        for name in ("rests_on", "about"):
            if isinstance(given := getattr(self, name), str):
                raise ParameterError(f"{name} of {self.id}", given, "text is not a tuple", "write ('id',)")
        for id in self.about:
            if not isinstance(id, str) or not id.strip("*?. "):
                reason = "it names no formula, or all of them"
                raise ParameterError(f"about of {self.id}", id, reason, "use ids of scalesym formula --list")
        if (self.check is None) != (self.tier == "assumed"):
            reason = "what is assumed has no check, and everything else has one"
            raise ParameterError(f"check of {self.id}", self.check, reason, "give a check or tier='assumed'")
        if self.check is None and not self.source:
            raise ParameterError(f"source of {self.id}", self.source, "an assumption is cited", "name its source")
        for name, changed in self.false.items():
            if not changed:
                raise ParameterError(f"false of {self.id}", name, "it changes nothing", "give what differs")
        self._require_signature()

    def _require_signature(self) -> None:
        """A misspelt argument is an error now, not an unknown verdict later."""
        try:
            signature = inspect.Signature() if self.check is None else inspect.signature(self.check)
        except ValueError:  # a compiled function without one
            return
        for name, changed in [("true", {}), *self.false.items()]:
            try:
                signature.bind(**{**self.true, **changed})
            except TypeError as error:
                remedy = "match the parameters of the check"
                raise ParameterError(f"arguments of {self.id}", name, str(error), remedy) from None

    def run(self) -> Verdict:
        """Check the statement. Only ``KeyboardInterrupt`` escapes; any other exception is an unknown verdict."""
        if self.check is None:
            return Verdict("assumed", f"not checked; {self.source}")
        return decide(self.check, self.true)

    def run_false(self, name: str) -> Verdict:
        """Show the same check the false statement ``name``; a sound check answers ``fails``.

        Raises
        ------
        ParameterError
            If the claim has no false variant of this name.
        """
        if self.check is None or name not in self.false:
            remedy = f"use one of {', '.join(self.false)}" if self.false else "it has none"
            raise ParameterError("name", name, f"{self.id} has no such false variant", remedy)
        return decide(self.check, {**self.true, **self.false[name]})


class Ledger:
    """A set of claims in which every id is unique and every claim rests, without circles, on claims of the set.

    Examples
    --------
    >>> axiom = Claim(id="axiom", statement="0 is a number", tier="assumed", source="Peano (1889)")
    >>> first = Claim(id="first", statement="1 > 0", tier="exact", rests_on=("axiom",),
    ...               check=lambda: Verdict.decided(1 > 0, "1 − 0 = 1"))
    >>> ledger = Ledger([first, axiom])
    >>> [(row.claim.id, row.standing) for row in ledger.run().rows]
    [('axiom', 'assumed'), ('first', 'holds')]
    >>> ledger.assumptions("first")
    ('axiom',)
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        given: dict[str, Claim] = {}
        for claim in claims:
            if claim.id in given:
                raise ParameterError("id", claim.id, "two claims have this id", "rename one of them")
            given[claim.id] = claim
        self._claims: dict[str, Claim] = {}  # foundations first, otherwise in the order given
        for id in given:
            self._place(id, given, ())

    def _place(self, id: str, given: Mapping[str, Claim], above: tuple[str, ...]) -> None:
        if id in above:
            circle = " → ".join((*above[above.index(id) :], id))
            raise ParameterError("rests_on", circle, "claims rest on one another in a circle", "remove one arrow")
        if id not in given:
            raise ParameterError(f"rests_on of {above[-1]}", id, "no claim has this id", _suggestion(id, given))
        if id not in self._claims:
            for foundation in given[id].rests_on:
                self._place(foundation, given, (*above, id))
            self._claims[id] = given[id]

    def __iter__(self) -> Iterator[Claim]:
        return iter(self._claims.values())

    def __len__(self) -> int:
        return len(self._claims)

    def __getitem__(self, id: str) -> Claim:
        if id not in self._claims:
            raise ParameterError("claim", id, "no claim has this id", _suggestion(id, self._claims))
        return self._claims[id]

    def select(self, ids: Iterable[str] = (), *, quick: bool = False) -> tuple[Claim, ...]:
        """The claims named by id or by a prefix of ids (all if none is named), foundations first.

        Raises
        ------
        ParameterError
            If an id is no claim's and no prefix, or if ``quick`` leaves nothing of what was named.
        """
        wanted: set[str] = set()
        for id in (names := tuple(ids)):
            found = {id} if id in self._claims else {each for each in self._claims if id and each.startswith(id)}
            if not found:
                raise ParameterError("claim", id, "no claim has this id or prefix", _suggestion(id, self._claims))
            wanted |= found
        chosen = tuple(claim for claim in self if (not names or claim.id in wanted) and (claim.quick or not quick))
        if names and not chosen:
            raise ParameterError("claim", " ".join(names), "none of these is a quick one", "leave out the quick option")
        return chosen

    def foundations(self, id: str) -> tuple[str, ...]:
        """The ids of all claims that ``id`` rests on, directly or through others, in ledger order."""
        below: set[str] = set()
        pending = list(self[id].rests_on)
        while pending:
            if (name := pending.pop()) not in below:
                below.add(name)
                pending += self[name].rests_on
        return tuple(claim.id for claim in self if claim.id in below)

    def assumptions(self, id: str) -> tuple[str, ...]:
        """The ids of the assumed claims that ``id`` finally depends on."""
        return tuple(name for name in self.foundations(id) if self[name].tier == "assumed")

    def false_variants(self) -> tuple[tuple[str, str], ...]:
        """Every ``(claim id, name)`` for which :meth:`Claim.run_false` must answer ``fails``."""
        return tuple((claim.id, name) for claim in self for name in claim.false)

    def run(
        self,
        ids: Iterable[str] = (),
        *,
        quick: bool = False,
        progress: Callable[[Claim, Row | None], None] | None = None,
    ) -> Report:
        """Check the selected claims, foundations first; Ctrl-C returns the report of what is finished.

        Parameters
        ----------
        ids, quick:
            As in :meth:`select`.
        progress:
            Called with ``(claim, None)`` before each check and ``(claim, row)`` after it.
        """
        chosen = self.select(ids, quick=quick)
        rows: list[Row] = []
        outcomes: dict[str, str] = {}
        try:
            for claim in chosen:
                if progress:
                    progress(claim, None)
                started = time.perf_counter()
                verdict = claim.run()
                seconds = time.perf_counter() - started
                below = {id: outcomes.get(id, "not run") for id in self.foundations(claim.id)}
                weak = {
                    id: outcome
                    for id, outcome in below.items()
                    if outcome not in ("holds", "assumed") and self[id].tier != "assumed"
                }
                row = Row(claim, verdict, seconds, weak, self.assumptions(claim.id))
                rows.append(row)
                outcomes[claim.id] = verdict.outcome
                if progress:
                    progress(claim, row)
        except KeyboardInterrupt:
            return Report(tuple(rows), True, tuple(claim.id for claim in chosen[len(rows) :]))
        return Report(tuple(rows))


def _suggestion(id: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(id, names, 3) or [name for name in names if id and id in name][:3]
    return f"did you mean {' or '.join(close)}?" if close else "list them with scalesym verify --list"
