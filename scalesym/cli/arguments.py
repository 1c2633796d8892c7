"""What the commands read: negative numbers among options, and steps given as a list or a range."""

from __future__ import annotations

import re
from decimal import Context, Decimal, localcontext
from typing import Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import number, steps

__all__ = ["NumberCommand", "one_line", "step_grid"]

_NEGATIVE = re.compile(r"\A-(?=[\d.∞]|inf)")
_MINUS = "−"  # what a hyphen in front of a number becomes while click tells options from values
_POINTS = 31
_MOST_POINTS = 10_000


class NumberCommand(click.RichCommand):
    """A command in which ``-1/5`` is a number wherever it stands, and ``--dd`` still an option that does not exist."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            rest = super().parse_args(ctx, [_NEGATIVE.sub(_MINUS, arg, count=1) for arg in args])
        except click.UsageError as error:
            raise click.UsageError(error.format_message().replace(_MINUS, "-"), ctx) from None
        for name, value in ctx.params.items():
            if isinstance(value, tuple):
                ctx.params[name] = tuple(_restored(each) for each in value)
            else:
                ctx.params[name] = _restored(value)
        return rest


def _restored(value: Any) -> Any:
    """With the hyphen that was typed."""
    return "-" + value[1:] if isinstance(value, str) and value.startswith(_MINUS) else value


def step_grid(text: str, points: str | None = None) -> list[int]:
    """Steps from ``"1,10,100"``, or from ``"1:1e6"``: a logarithmic grid of integers with both ends.

    Parameters
    ----------
    text:
        Steps separated by commas, or ``FIRST:LAST``; a range from 0 is the grid from 1 with 0 in front.
    points:
        How many points a range has before equal ones are merged; 31 if ``None``.

    Raises
    ------
    ParameterError
        If a step is not a non-negative integer, the range is empty, or ``points`` is no count from 2 to 10000.

    Examples
    --------
    >>> step_grid("1,10,1e2")
    [1, 10, 100]
    >>> step_grid("0:1e4", "5")
    [0, 1, 10, 100, 1000, 10000]
    """
    first_text, colon, last_text = text.partition(":")
    if not colon:
        if points is not None:
            raise ParameterError("points", points, "a list of steps has no grid", "give a range such as --r 1:1e6")
        return steps(text.split(","))[0]
    (first, last), _ = steps([first_text, last_text])
    if not first < last:
        raise ParameterError("r", text, "the range is empty", "write FIRST:LAST with FIRST < LAST")
    count = number(_POINTS if points is None else points, "points")
    if count not in range(2, _MOST_POINTS + 1):
        raise ParameterError("points", points, "it counts grid points", f"use an integer from 2 to {_MOST_POINTS}")
    gaps = int(count) - 1
    with localcontext(Context(prec=len(str(last)) + 10)):  # so that 1:1e20 has its powers of ten exactly
        low, high = Decimal(max(first, 1)).ln(), Decimal(last).ln()
        inner = [int((low + (high - low) * i / gaps).exp().to_integral_value()) for i in range(1, gaps)]
    return sorted({first, max(first, 1), last, *(min(max(r, first), last) for r in inner)})


def one_line(message: str) -> str:
    """The message without line breaks or control characters.

    Examples
    --------
    >>> one_line("no such\\n   option")
    'no such option'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in message).split())
