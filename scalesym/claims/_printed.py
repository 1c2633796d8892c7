"""Printed numbers against what is derived from other printed numbers.

A printed number stands for the interval that rounds to it. A number that is derived from printed constants *comes out* if its
own interval, over all constants that round to the printed ones, meets that of the printed number.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from ..ledger import Verdict

__all__ = ["comes_out", "prints", "rounds_to"]


def rounds_to(text: str) -> tuple[Fraction, Fraction]:
    """The ends of what rounds to a printed number."""
    head, _, power = text.partition("e")
    half = Fraction(1, 2) / 10 ** len(head.partition(".")[2])
    scale = Fraction(10) ** int(power or 0)
    return (Fraction(head) - half) * scale, (Fraction(head) + half) * scale


def prints(value: float, text: str) -> Verdict:
    """Whether a number rounds to a printed one."""
    low, high = rounds_to(text)
    return Verdict.decided(bool(low <= value <= high), f"{float(value):.12g} against {text}", value=value)


def comes_out(value: Callable[..., Any], constants: dict[str, str], printed: str) -> Verdict:
    """Whether a function that is monotone in each constant meets the interval of the printed number."""
    ends = [rounds_to(text) for text in constants.values()]
    values = [value(**dict(zip(constants, corner, strict=True))) for corner in product(*ends)]
    low, high = rounds_to(printed)
    least, most = min(values), max(values)
    shown = f"[{float(least):.5g}, {float(most):.5g}] against {printed}"
    figures = {"least": float(least), "most": float(most), "printed": float(Fraction(printed))}
    return Verdict.decided(bool(least <= high and low <= most), shown, **figures)
