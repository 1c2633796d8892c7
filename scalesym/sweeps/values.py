"""Numbers and containers as strict JSON, without loss.

What JSON has is written as it is; everything else is an object with one name that begins with ``$``:
``{"$float": "nan"}``, ``{"$fraction": "7/10"}``, ``{"$complex": [re, im]}``, ``{"$mpf": ["0.1…", bits]}`` with all its
digits, ``{"$mpc": [re, im]}``. Arrays and tuples become lists, mappings and dataclasses objects; a mapping whose names
are not text, or begin with ``$`` themselves, is ``{"$mapping": [[name, value], …]}``. NumPy's scalars become the Python
numbers they hold.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["canonical", "decoded", "encoded", "plain", "text"]

_KINDS = "biufcUO"  # dtypes whose values Python's own types hold exactly


def text(data: object, sort: bool = False) -> str:
    """One line of strict JSON.

    Examples
    --------
    >>> text(encoded({"a": Fraction(1, 2), "b": float("inf")}))
    '{"a": {"$fraction": "1/2"}, "b": {"$float": "inf"}}'
    """
    return json.dumps(data, allow_nan=False, ensure_ascii=False, sort_keys=sort)


def canonical(cell: Mapping[str, object]) -> str:
    """The key of a cell: equal for equal values of equal types, whatever the order of the names.

    Examples
    --------
    >>> canonical({"d": 1, "alpha": 1.0}), canonical({"d": "1"})
    ('{"alpha": 1.0, "d": 1}', '{"d": "1"}')
    """
    return text({name: encoded(value) for name, value in cell.items()}, sort=True)


def plain(value: object) -> object:
    """A NumPy scalar as the Python number it holds; anything else as it is.

    Raises
    ------
    TypeError
        If Python has no such number, as for ``numpy.longdouble``.
    """
    if isinstance(value, np.generic):
        held = value.item()
        if value.dtype.kind not in _KINDS or isinstance(held, np.generic):
            raise TypeError(f"{value.dtype} has no exact counterpart in Python")
        return held
    return value


def encoded(value: Any) -> Any:
    """What ``json`` writes for ``value``.

    Raises
    ------
    TypeError
        If there is no lossless form.

    Examples
    --------
    >>> encoded([1, 2.5, None, float("nan")])
    [1, 2.5, None, {'$float': 'nan'}]
    """
    value = plain(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        value.encode()  # a lone surrogate has no place in a file
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, Fraction):
        return {"$fraction": f"{value.numerator}/{value.denominator}"}
    if isinstance(value, complex):
        return {"$complex": [encoded(value.real), encoded(value.imag)]}
    if hasattr(value, "_mpf_") and type(value).__name__ == "mpf":
        return {"$mpf": _digits(value._mpf_)}
    if hasattr(value, "_mpc_") and type(value).__name__ == "mpc":
        return {"$mpc": [_digits(part) for part in value._mpc_]}
    return _container(value)


def _container(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _KINDS:
            raise TypeError(f"an array of {value.dtype} has no lossless form in JSON")
        return encoded(value.tolist())
    if isinstance(value, Mapping):
        return _mapping(value.items())
    if isinstance(value, list | tuple):
        return [encoded(item) for item in value]
    if callable(getattr(value, "to_dict", None)) and not isinstance(value, type):
        return encoded(value.to_dict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _mapping((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    raise TypeError(f"{type(value).__name__} has no lossless form in JSON; return numbers, text, lists or mappings")


def _mapping(items: Iterable[tuple[object, object]]) -> Any:
    pairs = [(plain(name), encoded(value)) for name, value in items]
    if all(isinstance(name, str) and not name.startswith("$") for name, _ in pairs):
        return {encoded(name): value for name, value in pairs}
    return {"$mapping": [[encoded(name), value] for name, value in pairs]}


def decoded(data: Any) -> Any:
    """The value that :func:`encoded` was given, with lists for tuples and arrays.

    Examples
    --------
    >>> decoded(encoded({"x": Fraction(1, 3), 2: [float("-inf")]}))
    {'x': Fraction(1, 3), 2: [-inf]}
    """
    if isinstance(data, list):
        return [decoded(item) for item in data]
    if not isinstance(data, dict):
        return data
    pair: tuple[str, Any] = next(iter(data.items()), ("", None))
    name, held = pair
    if not name.startswith("$"):
        return {name: decoded(item) for name, item in data.items()}
    if name == "$float":
        return float(held)
    if name == "$fraction":
        return Fraction(held)
    if name == "$complex":
        return complex(*(decoded(part) for part in held))
    if name == "$mpf":
        return _context().make_mpf(_mantissa(held))
    if name == "$mpc":
        return _context().make_mpc(tuple(_mantissa(part) for part in held))
    if name == "$mapping":
        return {_hashable(decoded(key)): decoded(item) for key, item in held}
    raise ValueError(f"{name} is not a form of scalesym's sweeps")


def _hashable(key: Any) -> Any:
    return tuple(_hashable(item) for item in key) if isinstance(key, list) else key


def _context() -> Any:
    from mpmath import mp

    return mp


def _digits(raw: Any) -> list[Any]:
    """Decimal digits that give back every bit of the mantissa, and the number of bits to read them with."""
    from mpmath import libmp

    bits = max(53, int(raw[3]))
    digits = libmp.repr_dps(bits)
    while _mantissa([shown := libmp.to_str(raw, digits), bits]) != raw:
        digits += 5
    return [shown, bits]


def _mantissa(held: list[Any]) -> Any:
    from mpmath import libmp

    return libmp.from_str(held[0], held[1], "n")
