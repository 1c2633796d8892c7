"""What came out of a run of the ledger: a row for each claim, the counts, the exit code, and plain data for JSON."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .verdict import OUTCOMES, Outcome, Verdict

if TYPE_CHECKING:
    from .ledger import Claim

__all__ = ["Report", "Row", "installed_version"]

_VERSIONED = ("scalesym", "sympy", "mpmath", "numpy", "scipy", "python-flint", "z3-solver", "cvc5")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report: a claim, its verdict, the seconds taken, and what weakens it.

    ``weakened_by`` maps each claim it rests on, directly or not, that does not hold in this run to its outcome
    (``"not run"`` outside the selection); ``assumptions`` are the assumed claims it finally depends on.
    """

    claim: Claim
    verdict: Verdict
    seconds: float
    weakened_by: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        """The outcome with its reservations, such as ``"holds, but rests on zeta0 (unknown)"``."""
        weak = ", ".join(f"{name} ({outcome})" for name, outcome in self.weakened_by.items())
        return f"{self.verdict.outcome}, but rests on {weak}" if weak else self.verdict.outcome


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run. ``unfinished`` names the claims that an interruption left unchecked."""

    rows: tuple[Row, ...]
    interrupted: bool = False
    unfinished: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many claims ended in each outcome, zeros included."""
        return {outcome: sum(row.verdict.outcome == outcome for row in self.rows) for outcome in OUTCOMES}

    def exit_code(self, strict: bool = False) -> int:
        """130 if interrupted; 1 if a claim fails or nothing was run; under ``strict`` also 1 if a claim is unknown
        or skipped, or none holds; else 0."""
        counts = self.counts
        if self.interrupted:
            return 130
        bad = counts["fails"] or not self.rows
        return int(bool(bad or (strict and (counts["unknown"] or counts["skipped"] or not counts["holds"]))))

    def to_dict(self) -> dict[str, object]:
        """Everything as plain data for JSON, with the versions of the packages that took part and the platform."""
        return {
            "format": "scalesym-report",
            "versions": {name: installed_version(name) for name in _VERSIONED},
            "python": platform.python_version(),
            "platform": platform.platform(),
            "counts": dict(self.counts),
            "interrupted": self.interrupted,
            "unfinished": list(self.unfinished),
            "seconds": round(sum(row.seconds for row in self.rows), 3),
            "claims": [
                {
                    "id": row.claim.id,
                    "statement": row.claim.statement,
                    "latex": row.claim.latex,
                    "tier": row.claim.tier,
                    "source": row.claim.source,
                    "rests_on": list(row.claim.rests_on),
                    "about": list(row.claim.about),
                    "assumptions": list(row.assumptions),
                    "weakened_by": dict(row.weakened_by),
                    "outcome": row.verdict.outcome,
                    "standing": row.standing,
                    "deciding": row.verdict.deciding,
                    "figures": dict(row.verdict.figures),
                    "seconds": round(row.seconds, 3),
                }
                for row in self.rows
            ],
        }


def installed_version(name: str) -> str | None:
    """The version of an installed distribution, or ``None``.

    Examples
    --------
    >>> installed_version("no such distribution") is None
    True
    """
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
