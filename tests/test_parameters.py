"""Numbers are read exactly or refused with a typed error; nothing is evaluated."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import code_texts, number_texts, objects

from scalesym.errors import ParameterError
from scalesym.parameters import batch_size, digits_count, number, real, steps

X = sympy.Symbol("x", real=True)


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (7, Fraction(7)),
        ("7/10", Fraction(7, 10)),
        ("-1/5", Fraction(-1, 5)),
        ("−1/5", Fraction(-1, 5)),
        (" 0.7 ", Fraction(7, 10)),
        ("1e6", Fraction(10**6)),
        ("1_000", Fraction(1000)),
        (Decimal("0.1"), Fraction(1, 10)),
        (Fraction(1, 3), Fraction(1, 3)),
        (sympy.Rational(1, 3), Fraction(1, 3)),
        (sympy.Integer(-2), Fraction(-2)),
        (np.int64(5), Fraction(5)),
        (np.longdouble("0.5"), 0.5),
        (mpmath.mpf(1) / 4, 0.25),
        (sympy.Float("0.5", 50), 0.5),
    ],
)
def test_exact_inputs_stay_exact(given_value: object, expected: Fraction | float) -> None:
    result = number(given_value, "x")
    assert result == expected
    assert type(result) is type(expected)


@given(st.floats(allow_nan=False))
def test_a_float_stays_the_float_it_is(value: float) -> None:
    result = number(value, "x")
    assert type(result) is float
    assert result == value
    assert math.copysign(1, result) == math.copysign(1, value)


@given(st.fractions())
def test_text_of_a_fraction_is_read_back(value: Fraction) -> None:
    assert number(str(value), "x") == value


@given(st.integers(60, 400), st.integers(1, 10**30), st.integers(1, 10**30))
def test_a_binary_number_of_many_bits_loses_none(bits: int, p: int, q: int) -> None:
    with mpmath.workprec(bits):
        value = mpmath.mpf(p) / q
    result = Fraction(number(value, "x"))
    sign, mantissa, exponent, _ = value._mpf_
    assert result == (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


@pytest.mark.parametrize("value", ["inf", "+inf", "Infinity", "∞", math.inf, sympy.oo, mpmath.inf, Decimal("Infinity")])
def test_infinity_is_read_and_only_allowed_where_asked(value: object) -> None:
    assert number(value, "v") == math.inf
    assert real(value, "v", infinite=True) == math.inf
    with pytest.raises(ParameterError, match="finite"):
        real(value, "v")


@pytest.mark.parametrize("value", ["-inf", "-∞", -math.inf, -sympy.oo])
def test_minus_infinity_is_never_allowed(value: object) -> None:
    assert number(value, "v") == -math.inf
    with pytest.raises(ParameterError, match="finite"):
        real(value, "v", infinite=True)


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "abc", "1/0", "0/0", "nan", "1e", "1e²", "e5", "--1", "+-inf", "1/2/3", "1,5", "1e999999999"),
        *("1e9_99999999", "1e-999999999", "9" * 401, "1j", "True", "None"),
        *(None, True, False, 1j, [1], (1,), {1}, {}, b"1", object(), float, math.nan, Decimal("NaN"), Decimal("sNaN")),
        *(Decimal("1e999999"), np.bool_(True), np.nan, np.array([1.0]), np.array(1.0), np.timedelta64(5, "s")),
        *(X, X + 1, sympy.nan, sympy.zoo, sympy.I, mpmath.nan, mpmath.mpc(1, 1), mpmath.mpf((0, 1, 10**9, 1))),
    ],
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ParameterError, match="^alpha = "):
        number(value, "alpha")


@given(code_texts())
def test_code_is_text_that_is_no_number(text: str) -> None:
    with pytest.raises(ParameterError, match="not a number"):
        number(text, "alpha")


READERS: dict[str, Callable[[object], object]] = {
    "number": lambda value: number(value, "x"),
    "real": lambda value: real(value, "x", above=0, infinite=True),
    "batch_size": batch_size,
    "digits_count": digits_count,
    "steps": steps,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(value=st.text() | number_texts() | code_texts() | objects() | st.lists(objects(), max_size=3))
@example(value="1e5000")
@example(value="1e-5000")
@example(value=10**400)
@settings(max_examples=300)
def test_a_right_number_or_a_typed_error_and_nothing_else(reader: Callable[[object], object], value: object) -> None:
    try:
        result = reader(value)
    except ParameterError:
        return
    if isinstance(result, tuple):
        assert all(type(step) is int and step >= 0 for step in result[0])
        assert math.prod(result[1]) == len(result[0])
    else:
        assert result is None or type(result) in (int, float, Fraction)
        assert result == result


@pytest.mark.parametrize("value", ["1e5000", "1e-5000", 10**400, "-1e309", Fraction(1, 10**400)])
def test_what_double_precision_cannot_hold_is_refused_early(value: object) -> None:
    with pytest.raises(ParameterError, match="range of double precision"):
        real(value, "alpha")


@given(st.fractions(0, 10**6) | st.floats(0, 1e6, allow_subnormal=False))
def test_the_bound_is_exclusive_and_named(value: Fraction | float) -> None:
    if value > 0:
        assert real(value, "alpha", above=0) == value
        assert real(-value, "alpha", above=-2e6) == -value
    with pytest.raises(ParameterError, match=r"use alpha > 1e\+06$"):
        real(value, "alpha", above=1e6)


@pytest.mark.parametrize(("value", "expected"), [(1, 1), ("64", 64), (7.0, 7), ("1e3", 1000), (np.int32(2), 2)])
def test_batch_size(value: object, expected: int) -> None:
    assert batch_size(value) == expected


@pytest.mark.parametrize("value", [0, -1, 1.5, "1/2", math.inf, "inf", 2**53 + 1, 1e300, None, True])
def test_batch_size_refuses(value: object) -> None:
    with pytest.raises(ParameterError, match="^batch = "):
        batch_size(value)


def test_digits_count() -> None:
    assert digits_count(None) is None
    assert digits_count("50") == 50
    for value in (0, 1001, 2.5, "inf", "many", True):
        with pytest.raises(ParameterError, match="^digits = "):
            digits_count(value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (5, ([5], ())),
        (1e20, ([10**20], ())),
        ("1e20", ([10**20], ())),
        ([1, "2", 3.0], ([1, 2, 3], (3,))),
        (range(3), ([0, 1, 2], (3,))),
        ([], ([], (0,))),
        (np.array([[1, 2], [3, 4]]), ([1, 2, 3, 4], (2, 2))),
        (np.array(7), ([7], ())),
        (np.array([], dtype=int), ([], (0,))),
        (10**300, ([10**300], ())),
    ],
)
def test_steps(values: object, expected: object) -> None:
    assert steps(values) == expected


@pytest.mark.parametrize(
    "values",
    [
        -1,
        0.5,
        "1/2",
        [1, -2],
        [[1]],
        [None],
        np.array([0.5]),
        np.array([np.nan]),
        np.array([True]),
        10**301,
        "inf",
        {1},
    ],
)
def test_steps_refuses(values: object) -> None:
    with pytest.raises(ParameterError, match="^r = "):
        steps(values)
