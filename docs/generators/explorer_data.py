"""``docs/explorer/data.json``: the numbers and formulas of the explorer, computed and looked up, never typed in.

``main([])`` computes all of it, about 20 minutes on one core. Finished points are kept in a file of JSON lines beside the output,
so that Ctrl-C loses the one in hand only; the same command goes on. ``main(["--check"])`` computes a few points again, spread over the
grid, and everything that is no point, and compares.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from scalesym import sweep
from scalesym.phases import phase_table
from scalesym.progress import progress_bar

from .explorer_formulas import formulas
from .explorer_points import BATCH, BUDGETS, FLOPS, GAMMA, SIZES, V_OVER_D, point

__all__ = ["ALPHAS", "BETAS", "DATA", "assembled", "cells", "differences", "main", "written"]

DATA = Path(__file__).resolve().parent.parent / "explorer" / "data.json"

ALPHAS = tuple(sorted({*(Fraction(n, 20) for n in range(1, 31)), Fraction(11, 40)}))
BETAS = tuple(Fraction(n, 20) for n in range(-9, 31))

_COMMAND = "python docs/build.py --explorer-data"
_TEXT = (
    "Exact loss of the deterministic equivalent with v = 10d, half of the critical learning rate and batch size 1, where f = rd and r "
    "is a real number; logarithms to base ten, rounded to 1e-4. The frontier is the lowest local minimum over real d at each budget; the "
    "end d = 1 is left out, for there v = 10 and the target itself is easier. Its loss agrees with scalesym.frontier to one unit of the "
    "last digit, its d to three."
)
_SAMPLE = 24
_LAST_DIGIT = 2e-5  # relative, of a constant with six digits


def cells() -> list[tuple[int, int]]:
    """The points of the grid that lie in the domain, as indices into :data:`ALPHAS` and :data:`BETAS`."""
    domain = phase_table().domain
    return [
        (i, j)
        for i, a in enumerate(ALPHAS)
        for j, b in enumerate(BETAS)
        if all(each.sign_at((a, b)) > 0 for each in domain)
    ]


def assembled(points: Mapping[str, Any]) -> dict[str, Any]:
    """The whole file around some points, which are keyed by their indices, ``"3,17"``."""
    return {
        "format": 1,
        "command": _COMMAND,
        "setting": {
            "v_over_d": str(V_OVER_D),
            "gamma": GAMMA,
            "batch": BATCH,
            "level": "equivalent",
            "text": _TEXT,
        },
        **_formulas(),
        "grid": {"alpha": [str(each) for each in ALPHAS], "beta": [str(each) for each in BETAS]},
        "flops": [_plain(each) for each in FLOPS],
        "frontier_flops": [_plain(each) for each in BUDGETS],
        "sizes": list(SIZES),
        "points": {key: points[key] for key in sorted(points, key=lambda key: tuple(map(int, key.split(","))))},
    }


@cache
def _formulas() -> dict[str, Any]:
    return formulas()


def written(data: Mapping[str, Any]) -> str:
    """As compact JSON."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"


def _plain(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _key(place: tuple[int, int]) -> str:
    return f"{place[0]},{place[1]}"


def _letters(place: tuple[int, int]) -> dict[str, str]:
    return {"alpha": str(ALPHAS[place[0]]), "beta": str(BETAS[place[1]])}


def _coarse_first(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In an order in which a part of the work is a coarser grid."""

    def fineness(place: tuple[int, int]) -> int:
        a, b = ALPHAS[place[0]], BETAS[place[1]]
        return next((n for n, step in enumerate((5, 10)) if (a * step).denominator == (b * step).denominator == 1), 2)

    return sorted(places, key=lambda place: (fineness(place), place))


def _computed(journal: Path, jobs: int) -> dict[str, Any]:
    """Every point; what the journal has is not computed again."""
    places = _coarse_first(cells())
    rows = sweep(point, [_letters(place) for place in places], out=journal, jobs=jobs)
    return {_key(place): row.value for place, row in zip(places, rows, strict=True)}


# -- comparing ---------------------------------------------------------------------------------------------------------------


def differences(data: Mapping[str, Any], sample: int = _SAMPLE) -> list[str]:
    """What differs from a fresh computation: anything but the points, and ``sample`` points spread over the grid.

    Losses and sizes may differ by one in their last digit, as they do between machines.
    """
    places = cells()
    keys = list(map(_key, places))
    held = data.get("points")
    if not isinstance(held, Mapping):
        return ["points: there are none"]
    found = [f"points: {key} is missing" for key in keys if key not in held]
    found += [f"points: {key} is not of the grid" for key in held if key not in keys]
    expected = json.loads(written(assembled({})))
    for name in sorted({*expected, *data} - {"points"}):
        if data.get(name) != expected.get(name):
            found.append(f"{name}: {_where(data.get(name), expected.get(name))}")
    step = max(1, len(places) // max(sample, 1))
    chosen = [place for place in places[step // 2 :: step] if _key(place) in held][:sample]
    with progress_bar("explorer: points") as progress:
        for n, place in enumerate(chosen):
            letters = _letters(place)
            found += [
                f"points: alpha = {letters['alpha']}, beta = {letters['beta']}: {each}"
                for each in _unlike(held[_key(place)], json.loads(json.dumps(point(**letters))))
            ]
            progress(n + 1, len(chosen))
    return found


def _where(one: Any, other: Any, path: str = "") -> str:
    """The first place at which two values differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(_where(one[k], other[k], f"{path}.{k}") for k in one if one[k] != other[k])
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next(_where(a, b, f"{path}[{n}]") for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return f"{path or 'it'} is {str(one)[:80]!r}, not {str(other)[:80]!r}"


def _unlike(held: Any, fresh: Any, path: str = "") -> list[str]:
    """Numbers that differ by more than their last digit."""
    if isinstance(held, dict) and isinstance(fresh, dict) and held.keys() == fresh.keys():
        return [each for key in fresh for each in _unlike(held[key], fresh[key], f"{path}.{key}".lstrip("."))]
    if isinstance(held, list) and isinstance(fresh, list) and len(held) == len(fresh):
        return [each for n in range(len(fresh)) for each in _unlike(held[n], fresh[n], f"{path}[{n}]")]
    numbers = (int, float)
    if isinstance(held, numbers) and isinstance(fresh, numbers):
        near = abs(held - fresh) <= 1 if isinstance(fresh, int) else math.isclose(held, fresh, rel_tol=_LAST_DIGIT)
        if near and isinstance(held, bool) == isinstance(fresh, bool):
            return []
    elif held == fresh:
        return []
    return [f"{path or 'it'} is {str(held)[:80]}, not {str(fresh)[:80]}"]


def main(argv: Sequence[str] | None = None) -> int:
    """Compute the file, or compare it with a fresh computation of a part."""
    parser = argparse.ArgumentParser(prog=_COMMAND, description=main.__doc__)
    parser.add_argument(
        "--out", type=Path, default=DATA, help="where it goes, or is (default: docs/explorer/data.json)"
    )
    parser.add_argument("--check", action="store_true", help="compare instead, and exit with 1 if something differs")
    parser.add_argument("--sample", type=int, default=_SAMPLE, help="points to compute again (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: %(default)s)")
    given = parser.parse_args(argv)
    if given.check:
        found = differences(json.loads(given.out.read_text(encoding="utf-8")), given.sample)
        print("\n".join(found) if found else f"{given.out.name}: as computed now, at {given.sample} points")
        return 1 if found else 0
    journal = given.out.with_suffix(".jsonl")
    try:
        points = _computed(journal, given.jobs)
    except KeyboardInterrupt as stopped:
        print(f"{stopped}\nthe same command goes on", file=sys.stderr)
        return 130
    given.out.write_text(written(assembled(points)), encoding="utf-8")
    for file in (journal, journal.with_name(journal.name + ".lock")):
        file.unlink(missing_ok=True)
    print(f"{given.out.name}: {len(points)} points, {given.out.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
