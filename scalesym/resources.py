"""What a request would cost, said before it is begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from .errors import ParameterError

__all__ = ["duration", "one_thread", "require_memory", "require_time"]

_LONGEST = 24 * 3600.0  # seconds
_SHARE = 0.8  # of the memory that is free


def require_memory(name: str, value: object, needed: float, remedy: str) -> None:
    """Refuse what would not fit into the memory that is free.

    Parameters
    ----------
    name, value:
        The parameter to blame, and what was given.
    needed:
        Bytes.
    remedy:
        What would be valid.

    Raises
    ------
    ParameterError
        With the memory needed and the memory there is.
    """
    import psutil

    free = psutil.virtual_memory().available
    if needed > _SHARE * free:
        reason = f"it would need {_bytes(needed)} of memory, and {_bytes(free)} are free"
        raise ParameterError(name, value, reason, remedy)


def require_time(name: str, value: object, seconds: float, remedy: str) -> None:
    """Refuse what would take longer than a day; ``seconds`` is an estimate from the number of operations.

    Examples
    --------
    >>> require_time("steps", 10**12, 5e6, "use fewer steps")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: steps = 1000000000000: it would take about 58 days; use fewer steps
    """
    if seconds > _LONGEST:
        raise ParameterError(name, value, f"it would take about {duration(seconds)}", remedy)


def duration(seconds: float) -> str:
    """A length of time in the unit that suits it.

    Examples
    --------
    >>> duration(90), duration(3e9)
    ('90 s', '95 years')
    """
    for unit, size in (("years", 365.25 * 86400), ("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}" if seconds < 1e2 * size else f"{seconds / size:.1e} {unit}"
    return f"{seconds:.3g} s"


@contextmanager
def one_thread() -> Iterator[None]:
    """Matrix products within take one thread: for small ones a second costs more than it gives."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@lru_cache(maxsize=1)
def _libraries() -> Any:
    import scipy.linalg  # noqa: F401 — it brings a library of its own, which must be loaded to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _bytes(count: float) -> str:
    for unit, size in (("EB", 1e18), ("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.3g} {unit}" if count < 1e30 else "more than 1e30 bytes"
    return f"{count:.0f} bytes"
