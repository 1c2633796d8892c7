"""Trees: what is written can be read back, and nothing else is read."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.formulas.alphabet import ALPHABET, QUANTITIES, B, alpha, beta, r, t, u, zeta
from scalesym.formulas.contours import Hankel, Loop
from scalesym.formulas.trees import decode, encode, free_names, quantity_names, validated

letters = st.sampled_from(sorted(ALPHABET))
numbers = st.integers(-9, 9) | st.builds(
    lambda p, q: ["Rational", p, q], st.integers(-9, 9), st.integers(1, 9)
)  # fmt: skip


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: ["Add", *p]),
        pair.map(lambda p: ["Mul", *p]),
        st.tuples(letters, numbers).map(lambda p: ["Pow", *p]),
        st.tuples(letters, inner).map(lambda p: ["Pow", *p]),
        st.tuples(st.sampled_from(["exp", "gamma", "log", "sin", "cot", "zeta", "digamma"]), inner).map(list),
        letters.map(lambda x: ["hyp2f1", 1, "alpha", ["Add", 1, "alpha"], ["Mul", -1, x]]),
        pair.map(lambda p: ["Hankel", p[0], "zeta", 0, p[1]]),
        inner.map(lambda f: ["Loop", f, "zeta", 2]),
        pair.map(lambda p: ["lowergamma", *p]),
        inner.map(lambda f: ["Integral", f, "u", 0, "d"]),
        inner.map(lambda f: ["Sum", f, "j", 1, ["Infinity"]]),
        inner.map(lambda f: ["Limit", f, "r", ["Infinity"]]),
        inner.map(lambda f: ["Quantity", "F_pp", f]),
        pair.map(lambda p: ["Gt", *p]),
    )


#: Trees whose relations, if any, stay at the top: sums of inequalities mean nothing.
terms = st.recursive(letters | numbers, lambda inner: _grown(inner).filter(lambda t: t[0] != "Gt"), max_leaves=8)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(tree=terms)
@example(tree=["Mul", ["Rational", 1, 2], ["Pow", "alpha", -1], ["gamma", ["Add", 2, "beta"]]])
def test_reading_and_writing_settle_after_one_round(tree: Any) -> None:
    try:
        expression = decode(tree)
    except ParameterError:  # division by zero, a numerical infinity
        return
    written = encode(expression)
    assert decode(written) == expression
    assert encode(decode(written)) == written


HEADS = {
    "Hankel": Hankel(sp.exp(zeta * t) / zeta, zeta, 0, t),
    "Loop": Loop(zeta**2 / (1 + alpha * zeta), zeta, 2),
    "hyp2f1": sp.hyper((1, 1 / (2 * alpha)), (1 + 1 / (2 * alpha),), -u),
    "digamma": sp.digamma(1 + alpha),
    "zeta": sp.zeta(2 * beta),
    "sin": sp.sin(sp.pi / alpha),
    "cot": sp.cot(sp.pi / alpha),
    "EulerGamma": sp.EulerGamma,
    "I": sp.I,
    "Sum": sp.Sum(u**alpha, (u, 1, r)),
}


@pytest.mark.parametrize("head", HEADS)
def test_every_head_survives(head: str) -> None:
    written = encode(HEADS[head])
    assert head in str(written)
    assert decode(written) == HEADS[head]
    assert encode(decode(written)) == written
    assert free_names(written) == {letter.name for letter in HEADS[head].free_symbols}


def test_contours_bind_their_variable() -> None:
    around = Loop(zeta * alpha, zeta, 2)
    assert around.subs(zeta, u) == around
    assert around.subs(alpha, u) == Loop(zeta * u, zeta, 2)
    assert quantity_names(encode(Hankel(QUANTITIES["m"](zeta), zeta, 0, t))) == {"m"}
    with pytest.raises(ParameterError, match="not a letter"):
        decode(["Loop", "zeta", ["Add", "zeta", 1], 2])
    with pytest.raises(ParameterError, match="arguments"):
        decode(["Hankel", "zeta", "zeta", 0])


def test_relations_and_statements_stay_unevaluated() -> None:
    claim = sp.Eq(sp.Limit(QUANTITIES["F_pp"](r) / alpha, r, sp.oo), 1, evaluate=False)
    assert decode(encode(claim)) == claim
    assert decode(["Gt", "alpha", 0]) == sp.Gt(alpha, 0, evaluate=False)  # and not True
    assert decode(["gamma", 3]) == sp.gamma(3, evaluate=False)  # and not 2


def test_the_order_of_arguments_does_not_depend_on_sympy() -> None:
    assert encode(sp.Add(B, alpha, evaluate=False)) == encode(sp.Add(alpha, B, evaluate=False))


def test_bound_letters_are_not_free() -> None:
    assert free_names(encode(sp.Integral(u**alpha, (u, 0, r)))) == {"alpha", "r"}
    assert free_names(["Quantity", "F_pp", "r"]) == {"r"}


def test_what_has_no_tree_is_refused() -> None:
    for foreign in (
        sp.Matrix([[alpha]]),
        sp.Dummy("alpha"),
        sp.besselj(0, u),
        sp.tan(u),
        sp.hyper((u,), (), r),
        sp.nan,
    ):
        with pytest.raises(ParameterError, match="no tree"):
            encode(foreign)


HOSTILE = [
    "__import__('os').system('false')",
    "alpha.__class__",
    ["__import__", "os"],
    ["eval", "1"],
    ["Function", "alpha"],
    ["Symbol", "alpha"],
    ["Lambda", "u", "u"],
    ["Quantity", "__import__('os')", "r"],
    ["Quantity", ["Add", 1, 1], "r"],
    ["Integral", "u", ["Add", "u", 1], 0, 1],
    ["Integral", "u", "no such letter", 0, 1],
    ["Rational", 1, 0],
    ["Rational", "1", 2],
    ["Rational", 1.5, 2],
    ["Pow", 2, 10**9],
    ["Pow", ["Mul", 2, "alpha"], 10**9],
    ["Pow", ["Pow", ["Pow", 10**70, 100], 100], 100],
    ["Pow", 0, -1],
    ["Mul", 0, ["Infinity"]],
    ["Pow", "alpha"],
    ["Add", "alpha"],
    ["gamma"],
    ["Infinity", 1],
    [],
    [[]],
    [["Add", 1, 2], 3],
    {"Add": [1, 2]},
    ("Add", 1, 2),
    1.5,
    True,
    None,
    10**100,
    b"alpha",
]


@pytest.mark.parametrize("tree", HOSTILE, ids=lambda tree: repr(tree)[:40])
def test_nothing_unknown_is_read_and_nothing_is_run(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("text was evaluated")

    monkeypatch.setattr("sympy.parsing.sympy_parser.parse_expr", forbidden)
    monkeypatch.setattr(builtins, "eval", forbidden)
    with pytest.raises(ParameterError):
        decode(tree)


def test_depth_and_length_are_limited() -> None:
    deep: Any = "alpha"
    for _ in range(100_000):
        deep = ["exp", deep]
    with pytest.raises(ParameterError, match="deeper"):
        validated(deep)
    with pytest.raises(ParameterError, match="longer"):
        validated(["Add", *[["Add", *["alpha"] * 90]] * 90])
