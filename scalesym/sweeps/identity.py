"""Which function a file belongs to: its name, and a digest of its code and of the values it carries."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable
from functools import partial
from types import CodeType, ModuleType
from typing import Any

from .values import encoded, text

__all__ = ["digest", "qualified_name"]


def qualified_name(function: Callable[..., Any]) -> str:
    """Module and name of a function, of the function under a ``partial``, or of a callable object's class.

    Examples
    --------
    >>> import math
    >>> qualified_name(partial(math.gcd, 4)), qualified_name(math.gcd)
    ('math.gcd', 'math.gcd')
    """
    bare, _ = _unwrapped(function)
    return f"{getattr(bare, '__module__', None)}.{bare.__qualname__}"


def digest(function: Callable[..., Any]) -> str | None:
    """A digest of what a function does, as far as it can be told; ``None`` for compiled functions.

    It covers the compiled code, which comments do not change, and the values the function carries: defaults, bound
    arguments, captured variables, the object of a method. Objects without a form in JSON count by their type, and
    globals not at all. Another version of Python compiles otherwise, so its name comes first.
    """
    bare, carried = _unwrapped(function)
    bare = inspect.unwrap(bare)  # what lru_cache and its like decorate
    code = getattr(bare, "__code__", None)
    if code is None:
        return None
    captured = [_captured(cell) for cell in getattr(bare, "__closure__", None) or ()]
    carried += [getattr(bare, "__defaults__", None), getattr(bare, "__kwdefaults__", None), *captured]
    content = [repr(_compiled(code)), *map(_carried, carried)]
    return f"{sys.implementation.cache_tag} {hashlib.sha256(repr(content).encode()).hexdigest()}"


def _unwrapped(function: Any) -> tuple[Any, list[Any]]:
    """The function itself, and the values that were bound to it."""
    carried: list[Any] = []
    while isinstance(function, partial):
        carried += [list(function.args), function.keywords]
        function = function.func
    if not hasattr(function, "__qualname__"):  # an object with __call__
        function = function.__call__
    owner = getattr(function, "__self__", None)
    if not isinstance(owner, type | ModuleType | None):
        carried.append(owner)
    return function, carried


def _captured(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return None


def _carried(value: Any) -> str:
    try:
        return text(encoded(value))
    except Exception:  # whatever a foreign object's to_dict may raise
        return f"{type(value).__module__}.{type(value).__qualname__}"


def _compiled(code: CodeType) -> tuple[Any, ...]:
    """What a function executes, without where it stands in its file."""
    return (code.co_code, code.co_names, code.co_varnames, code.co_freevars, *map(_constant, code.co_consts))


def _constant(value: Any) -> Any:
    if isinstance(value, CodeType):
        return _compiled(value)
    if isinstance(value, tuple):
        return tuple(map(_constant, value))
    if isinstance(value, frozenset):
        return sorted(repr(_constant(item)) for item in value)
    return hex(value) if type(value) is int else repr(value)  # Python writes no decimals of large integers
