"""What a check answers: holds, fails or unknown, with the figure that decided and everything else it saw."""

from __future__ import annotations

import math
import numbers
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from .errors import ParameterError

__all__ = ["OUTCOMES", "Outcome", "Verdict", "decide"]

Outcome = Literal["holds", "fails", "unknown", "skipped", "assumed"]

#: How a claim can end in a run.
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_EXTRAS = {"z3": "proofs", "cvc5": "proofs", "matplotlib": "plot"}  # optional module -> extra that installs it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check answers.

    Parameters
    ----------
    outcome:
        ``"holds"``, ``"fails"``, ``"unknown"``, ``"skipped"`` (an optional tool is missing) or ``"assumed"``
        (given by the ledger to claims without a check, never by a check).
    deciding:
        The deciding figure, one short line such as ``"max |ratio − 1| = 3.1e-12 ≤ 1e-10"``.
    figures:
        Everything seen, by name; numbers become ``int`` or ``float``, everything else text.

    Examples
    --------
    >>> Verdict.at_most("|ratio − 1|", 3.1e-12, 1e-10, points=40)
    Verdict(outcome='holds', deciding='|ratio − 1| = 3.1e-12 ≤ 1e-10', figures={'points': 40})
    >>> Verdict.at_most("|ratio − 1|", float("nan"), 1e-10).outcome
    'unknown'
    """

    outcome: Outcome
    deciding: str
    figures: Mapping[str, float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ParameterError("outcome", self.outcome, "no such outcome", f"use one of {', '.join(OUTCOMES)}")
        object.__setattr__(self, "figures", {name: _figure(value) for name, value in self.figures.items()})

    @classmethod
    def holds(cls, deciding: str, /, **figures: object) -> Verdict:
        """The statement survived the check."""
        return cls("holds", deciding, figures)  # type: ignore[arg-type]

    @classmethod
    def fails(cls, deciding: str, /, **figures: object) -> Verdict:
        """The statement was refuted."""
        return cls("fails", deciding, figures)  # type: ignore[arg-type]

    @classmethod
    def unknown(cls, deciding: str, /, **figures: object) -> Verdict:
        """The check could not decide."""
        return cls("unknown", deciding, figures)  # type: ignore[arg-type]

    @classmethod
    def skipped(cls, reason: str, /, **figures: object) -> Verdict:
        """The check needs a tool that this machine lacks; say which, and how to get it."""
        return cls("skipped", reason, figures)  # type: ignore[arg-type]

    @classmethod
    def decided(cls, answer: bool | None, deciding: str, /, **figures: object) -> Verdict:
        """Holds on a true Boolean (Python's, NumPy's or SymPy's), fails on a false one, unknown on anything else."""
        if type(answer).__name__ not in ("bool", "bool_", "BooleanTrue", "BooleanFalse"):
            return cls.unknown(deciding, **figures)
        return cls.holds(deciding, **figures) if answer else cls.fails(deciding, **figures)

    @classmethod
    def at_most(cls, label: str, value: object, bound: object, /, **figures: object) -> Verdict:
        """Whether ``value ≤ bound``, for floats, ``mpf`` or balls; NaN and overlapping balls are unknown."""
        if value <= bound:  # type: ignore[operator]
            return cls.holds(f"{label} = {_short(value)} ≤ {_short(bound)}", **figures)
        if value > bound:  # type: ignore[operator]
            return cls.fails(f"{label} = {_short(value)} > {_short(bound)}", **figures)
        return cls.unknown(f"{label} = {_short(value)}, undecided against {_short(bound)}", **figures)

    @classmethod
    def all_of(cls, parts: Mapping[str, Verdict]) -> Verdict:
        """The conjunction of several verdicts: the worst one decides, and every figure is kept as ``part.figure``.

        Examples
        --------
        >>> both = {"even": Verdict.holds("2 | 4"), "prime": Verdict.fails("4 = 2·2")}
        >>> Verdict.all_of(both).deciding
        'prime: 4 = 2·2'
        """
        severity: dict[str, int] = {"holds": 0, "assumed": 1, "skipped": 2, "unknown": 3, "fails": 4}
        if not parts:
            return cls.unknown("nothing was checked")
        name, worst = max(parts.items(), key=lambda item: severity[item[1].outcome])
        figures = {f"{part}.{key}": value for part, verdict in parts.items() for key, value in verdict.figures.items()}
        figures |= {part: f"{verdict.outcome}: {verdict.deciding}" for part, verdict in parts.items()}
        return cls(worst.outcome, f"{name}: {worst.deciding}", figures)


def decide(check: Callable[..., Verdict], arguments: Mapping[str, object]) -> Verdict:
    """Run a check. Only ``KeyboardInterrupt`` escapes: other exceptions are unknown, a missing solver is skipped.

    Examples
    --------
    >>> decide(lambda n: Verdict.holds(f"{1 / n}"), {"n": 0}).deciding
    'ZeroDivisionError: division by zero'
    """
    try:
        verdict = check(**arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: a check that leaves has not said "holds"
        module = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
        if module in _EXTRAS:
            return Verdict.skipped(f"{module} is not installed: pip install 'scalesym[{_EXTRAS[module]}]'")
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        return Verdict.unknown(" ".join(f"{type(error).__name__}: {error}".split()), where=where)
    if not isinstance(verdict, Verdict) or verdict.outcome == "assumed":
        return Verdict.unknown(f"the check returned {verdict!r:.60} instead of a verdict")
    return verdict


def _figure(value: object) -> float | str:
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return float(value)
    return str(value)


def _short(value: object) -> str:
    return f"{float(value):.3g}" if isinstance(value, numbers.Real) else str(value)
