"""What the oracle asks, and which mistakes and hazards it knows, with how many questions have to do with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from scalesym import oracle
from scalesym.oracle.flags import HAZARDS, MISTAKES, REFUSALS, RULES
from scalesym.oracle.quantities import QUANTITIES

__all__ = ["write"]


def write(out: Path) -> None:
    """``oracle/quantities.inc``, ``mistakes.inc``, ``hazards.inc`` and ``refusals.inc``, to be included."""
    folder = out / "oracle"
    folder.mkdir(parents=True, exist_ok=True)
    tests = oracle.tests()
    flagged = Counter(flag for test in tests for flag in test.flags)
    asked = Counter((test.quantity, test.level) for test in tests)
    rows = [
        (
            f"`{q.name}`",
            q.level,
            ", ".join(f"`{name}`" for name in q.inputs),
            _escaped(q.meaning),
            str(asked[q.name, q.level]),
        )
        for q in QUANTITIES.values()
    ]
    _save(folder / "quantities.inc", ("quantity", "level", "inputs", "meaning", "questions"), rows)
    for name, flags in {"mistakes": {**MISTAKES, **RULES}, "hazards": HAZARDS, "refusals": REFUSALS}.items():
        _save(folder / f"{name}.inc", ("flag", "meaning", "questions"), _flags(flags, flagged))


def _flags(flags: Mapping[str, str], count: Mapping[str, int]) -> list[tuple[str, str, str]]:
    return [(f"`{flag}`", _escaped(meaning), str(count[flag] or "any")) for flag, meaning in flags.items()]


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


def _save(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    lines = [head, tuple("---:" if name == "questions" else "---" for name in head), *rows]
    path.write_text("".join(f"| {' | '.join(line)} |\n" for line in lines), encoding="utf-8")
