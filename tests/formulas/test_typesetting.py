"""Typesetting: the order and the fractions a person would choose, and pieces that add up to the whole."""

from __future__ import annotations

from typing import Any

import pytest
from formulas.test_trees import terms as random_terms
from hypothesis import given, settings

from scalesym.formulas import formula, formula_ids
from scalesym.formulas.typesetting import latex, terms, text

_RESOLVENT = ["Pow", ["Add", 1, ["Mul", "zeta", ["Pow", "j", ["Mul", 2, "alpha"]]]], -1]


@pytest.mark.parametrize(
    ("tree", "in_latex", "in_text"),
    [
        (
            ["Mul", _RESOLVENT, ["Pow", "j", ["Mul", -2, "beta"]]],
            r"\frac{j^{-2\beta}}{1+\zeta\,j^{2\alpha}}",
            "j^(-2β)/(1 + ζ · j^(2α))",
        ),
        (
            ["Mul", ["Pow", "d", ["Add", 1, ["Mul", -2, "alpha"]]], ["Integral", ["exp", "u"], "u", 0, 1]],
            r"d^{1-2\alpha}\int_{0}^{1}e^u\,du",
            "d^(1 - 2α)∫_0^1 e^u du",
        ),
        (["Pow", ["Add", 1, "w"], ["Rational", 1, 2]], r"\sqrt{w+1}", "√(w + 1)"),
        (["Pow", "w", ["Rational", -1, 2]], r"\frac{1}{\sqrt{w}}", "1/√w"),
        (
            ["hyp2f1", 1, "alpha", ["Add", 1, "alpha"], ["Mul", -1, "zeta"]],
            r"{}_2F_1\!\left(1,\,\alpha;\,\alpha+1;\,-\zeta\right)",
            "₂F₁(1, α; α + 1; -ζ)",
        ),
        (
            ["Mul", ["Rational", 1, 2], ["Pow", "alpha", -1], ["Pow", ["Mul", 2, "r"], ["Mul", -1, "beta"]], ["gamma", "beta"]],
            r"\frac{\Gamma(\beta)}{2\alpha}\,(2r)^{-\beta}",
            "Γ(β)/(2α) · (2r)^(-β)",
        ),
        (["Pow", ["Sum", "g", "k", 1, "B"], 2], r"\left(\sum_{k=1}^{B}g\right)^2", "(Σ_(k=1)^B g)^2"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_as_a_person_writes_it(tree: Any, in_latex: str, in_text: str) -> None:
    assert latex(tree) == in_latex
    assert text(tree) == in_text


def test_other_names_leave_the_order() -> None:
    tree = ["Mul", 2, "gamma", "B", "r", "u"]
    assert text(tree, {"r": ("t", "t")}) == "2γBtu"
    assert latex(tree, names={"B": (r"\beta", "β")}) == r"2\gamma\beta ru"
    assert latex(["Quantity", "N", "zeta"], names={"N()": (r"\mathcal{N}", "𝒩")}) == r"\mathcal{N}(\zeta)"


def test_pieces_are_the_terms_of_a_sum() -> None:
    inner = ["Add", ["Pow", "x", 2], ["Mul", -1, "gamma", ["exp", "x"]]]
    assert terms(["Add", ["gamma", "alpha"], ["Sum", inner, "j", 1, "v"]]) == [
        r"\Gamma(\alpha)",
        r"+\sum_{j=1}^{v}\biggl(x^2",
        r"-\gamma\,e^x\biggr)",
    ]


def _without_big(pieces: list[str]) -> str:
    return "".join(pieces)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(tree=random_terms)
def test_pieces_add_up(tree: Any) -> None:
    whole = "".join(terms(tree))
    if r"\biggl" not in whole:
        assert whole == latex(tree)
    assert whole.count(r"\biggl(") == whole.count(r"\biggr)")


@pytest.mark.parametrize("id", formula_ids())
def test_brackets_close(id: str) -> None:
    entry = formula(id)
    for written in (entry.latex(), *(line.latex for line in entry.derivation)):
        for opening, closing in (("{", "}"), ("(", ")"), (r"\left", r"\right")):
            assert written.count(opening) == written.count(closing), written
    for line in entry.text(derivation=True).splitlines():
        assert line.count("(") == line.count(")") or "[" in line or line.startswith("  if"), line
