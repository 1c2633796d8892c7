"""What came out when the claims were last checked: the ledger beside the report of ``scalesym verify --json``.

The ledger says what is claimed, the report what was found. A claim that the report does not have was *not run*, and one whose
foundations do not hold is shown with them: nothing but ``holds`` is ever shown as holding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from scalesym.claims import load
from scalesym.formulas import formula_ids
from scalesym.ledger import TIERS, Claim, Ledger

from .markdown import anchor, escaped

__all__ = ["BADGES", "Verdicts", "formulas_of", "modules"]

#: How an outcome is shown: the role of sphinx-design, and the word. What is wrong or not known is said in capitals.
BADGES = {
    "holds": ("bdg-success", "holds"),
    "assumed": ("bdg-info", "assumed"),
    "skipped": ("bdg-warning", "SKIPPED"),
    "not run": ("bdg-warning", "NOT RUN"),
    "unknown": ("bdg-warning", "UNKNOWN"),
    "fails": ("bdg-danger", "FAILS"),
}
_WORST = tuple(BADGES)  # from good to bad


@dataclass(frozen=True)
class Verdicts:
    """The ledger with the rows of a report, by claim.

    Parameters
    ----------
    report:
        What ``scalesym verify --json`` printed.
    ledger:
        The claims; the package's own unless others are given.
    """

    report: Mapping[str, Any]
    ledger: Ledger

    @classmethod
    def read(cls, path: Path) -> Verdicts:
        """From a file.

        Raises
        ------
        ValueError
            If it is no report.
        """
        report = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(report, dict) or report.get("format") != "scalesym-report":
            raise ValueError(f"{path.name} is not what scalesym verify --json prints")
        return cls(report, load())

    def row(self, id: str) -> Mapping[str, Any]:
        """What the report says of a claim; empty if it was not run."""
        return next((row for row in self.report["claims"] if row["id"] == id), {})

    def outcome(self, id: str) -> str:
        """``holds``, ``fails``, ``unknown``, ``skipped``, ``assumed`` or ``not run``.

        What is assumed in the ledger is assumed, whatever a report says; a claim that is checked is never only assumed.
        """
        if self.ledger[id].tier == "assumed":
            return "assumed"
        found = str(self.row(id).get("outcome", "not run"))
        return found if found in BADGES and found != "assumed" else "unknown"

    def weakened(self, id: str) -> dict[str, str]:
        """The claims below this one that do not hold, with their outcomes."""
        below = {name: self.outcome(name) for name in self.ledger.foundations(id)}
        return {name: outcome for name, outcome in below.items() if outcome not in ("holds", "assumed")}

    def badge(self, id: str) -> str:
        """The verdict as it is shown, with its reservations."""
        role, word = BADGES[self.outcome(id)]
        weak = ", ".join(f"{link(name)} ({outcome})" for name, outcome in self.weakened(id).items())
        return f"{{{role}}}`{word}`" + (f" {{bdg-warning}}`BUT` rests on {weak}" if weak else "")

    def about(self, formula: str) -> list[Claim]:
        """The claims about a formula, the strongest evidence first."""
        return sorted((c for c in self.ledger if formula in formulas_of(c)), key=lambda c: TIERS.index(c.tier))

    def summary(self, formula: str) -> str:
        """The verdicts on a formula in a few words, the worst first."""
        found = [("weak" if self.weakened(each.id) else "", self.outcome(each.id)) for each in self.about(formula)]
        parts = []
        for outcome in reversed(_WORST):
            for reservation in ("weak", ""):
                if count := found.count((reservation, outcome)):
                    role, word = BADGES[outcome]
                    many = {"holds": "hold", "FAILS": "FAIL"}.get(word, word)
                    said = word if count == 1 else f"{count} {many}"
                    role = "bdg-warning" if reservation and role != "bdg-danger" else role
                    parts.append(f"{{{role}}}`{said}{', BUT' if reservation else ''}`")
        return " ".join(parts)

    def alarms(self) -> str:
        """Admonitions for everything that does not hold, was not run, or does not belong to this version; often nothing."""
        parts = []
        for outcome, kind, said in (
            ("fails", "error", "FAIL: their checks found them to be false"),
            ("unknown", "warning", "are UNKNOWN: their checks could not decide"),
            ("skipped", "warning", "were SKIPPED: a program or package that their checks need was missing"),
            ("not run", "warning", "were NOT RUN: this report does not have them"),
        ):
            found = [claim.id for claim in self.ledger if self.outcome(claim.id) == outcome]
            if found:
                parts.append(
                    _admonition(kind, f"{len(found)} of {len(self.ledger)} claims {said}", ", ".join(map(link, found)))
                )
        if self.report.get("interrupted"):
            parts.insert(0, _admonition("error", "This run was INTERRUPTED", "What comes after it is not known."))
        known = {claim.id for claim in self.ledger}
        if strange := [str(row["id"]) for row in self.report["claims"] if row["id"] not in known]:
            said = ", ".join(f"`{id}`" for id in strange)
            parts.append(
                _admonition("warning", "The report is of another version: it has claims that are not in this one", said)
            )
        return "\n".join(parts)


def link(id: str) -> str:
    """A link to a claim's entry."""
    return f"[`{id}`](#{anchor('claim', id)})"


def _admonition(kind: str, title: str, text: str) -> str:
    return f":::{{admonition}} {escaped(title)}\n:class: {kind}\n\n{text}\n:::\n"


@lru_cache(maxsize=512)
def formulas_of(claim: Claim) -> tuple[str, ...]:
    """The formulas that a claim is about, in the order of its patterns."""
    return tuple(dict.fromkeys(id for pattern in claim.about for id in formula_ids() if fnmatchcase(id, pattern)))


@lru_cache(maxsize=1)
def modules() -> dict[str, Any]:
    """The module of every claim, by id."""
    import importlib
    import pkgutil

    import scalesym.claims as room

    found = {}
    for entry in pkgutil.iter_modules(room.__path__):
        if not entry.name.startswith("_"):
            module = importlib.import_module(f"{room.__name__}.{entry.name}")
            found |= {claim.id: module for claim in module.CLAIMS}
    return found
