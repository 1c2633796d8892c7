"""Regions, exponents, lines and letters of the explorer in every notation of the catalogue."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from scalesym.formulas.notation import NOTATIONS, Notation
from scalesym.formulas.trees import decode, encode
from scalesym.formulas.typesetting import latex
from scalesym.phases import Region, phase_table
from scalesym.phases.derivation import signed
from scalesym.phases.pieces import LETTERS
from scalesym.phases.table import Exponent
from scalesym.plots.plane import equation
from scalesym.powerlaw.polynomials import Polynomial

__all__ = ["Point", "exponent", "line_equation", "notation_record", "region", "witness"]

Point = tuple[Fraction, Fraction]

_LABELS = {
    "paquette": "Paquette et al.",
    "bordelon": "Bordelon, Atanasov, Pehlevan",
    "lin": "Lin et al.",
    "bahri": "Bahri et al.",
    "maloney": "Maloney, Roberts, Sully",
    "source-capacity": "source and capacity",
}


@cache
def witness(where: Region, on: Polynomial | None = None) -> Point:
    """A rational point of a region, as near to a curve as a grid allows."""
    grid = [(Fraction(a, 60), Fraction(b, 12)) for a in range(1, 90) for b in range(-6, 18)]
    inside = [p for p in grid if where.holds(p) and all(each.sign_at(p) > 0 for each in phase_table().domain)]
    return inside[len(inside) // 2] if on is None else min(inside, key=lambda p: abs(on.at(p)))


def exponent(found: Exponent, at: Point) -> dict[str, Any]:
    """An exponent as polynomials, as text, and in LaTeX; ``at`` is a point of its region."""
    tree = encode(signed(found.ratio.expr(LETTERS), at))
    written = {name: each.latex(tree) for name, each in NOTATIONS.items()}
    return {
        "top": found.ratio.top.to_list(),
        "bottom": found.ratio.bottom.to_list(),
        "text": found.text,
        "latex": written | {"paquette": found.latex},
    }


def region(found: Region, at: Point) -> dict[str, Any]:
    """Signs of polynomials, and the same solved for the letters."""
    written = {name: _conditions(found, at, each) for name, each in NOTATIONS.items()}
    return {
        "conditions": [[polynomial.to_list(), sign] for polynomial, sign in found.conditions],
        "text": found.text,
        "latex": written | {"paquette": found.latex},
    }


def _conditions(where: Region, at: Point, notation: Notation) -> str:
    """Bounds of the spectral exponent, then the other conditions."""
    alpha, others = LETTERS[0], []
    roots = []
    for polynomial, sign in where.conditions:
        expression = polynomial.at(LETTERS)
        if expression.free_symbols == {alpha}:
            roots += sp.real_roots(expression)
        else:
            relation = sp.Gt if sign > 0 else sp.Lt
            others.append(notation.latex(encode(relation(expression, 0, evaluate=False))))
    here = sp.Rational(at[0].numerator, at[0].denominator)
    low = max((root for root in roots if root < here), default=None)
    high = min((root for root in roots if root > here), default=None)
    letter = _letter(notation, "spectral")
    if low is not None and high is not None:
        others.insert(0, f"{_spectral(notation, low)} < {letter} < {_spectral(notation, high)}")
    elif low is not None or high is not None:
        root, sign = (low, ">") if high is None else (high, "<")
        others.insert(0, f"{letter} {sign} {_spectral(notation, root)}")
    return r",\ ".join(each.replace(">", " > ").replace("<", " < ").replace("  ", " ") for each in others)


def line_equation(curve: Polynomial, notation: Notation) -> str:
    """A curve as an equation; of two lines, the one at the smaller ``α``."""
    if notation.is_the_papers:
        return equation(curve)
    expression = curve.at(LETTERS)
    if expression.free_symbols == {LETTERS[0]}:
        return f"{_letter(notation, 'spectral')} = {_spectral(notation, min(sp.real_roots(expression)))}"
    return notation.latex(encode(sp.Gt(expression, 0, evaluate=False))).replace(">", " = ")


def _letter(notation: Notation, name: str) -> str:
    """The notation's own letter for an exponent."""
    paper = {"spectral": "alpha", "target": "beta"}[name]
    return notation.names[name][0] if name in notation.names else latex(paper)


def _spectral(notation: Notation, alpha: Any) -> str:
    """The notation's exponent of the spectrum where ``α`` has a value."""
    tree = decode(notation.spectral, {"alpha": LETTERS[0]})
    return str(latex(encode(sp.nsimplify(sp.expand(tree.subs(LETTERS[0], alpha)))))).replace(
        r"\frac{\sqrt{2}}{2}", r"1/\sqrt{2}"
    )


def notation_record(notation: Notation) -> dict[str, Any]:
    """What a notation writes for the letters of the paper, and how its own are to be read."""
    letters = []
    if not notation.is_the_papers:
        for name, tree in (("spectral", notation.spectral), ("target", notation.target)):
            paper = latex(encode(sp.factor(decode(tree))))
            if (letter := _letter(notation, name)) != paper:
                letters.append(f"{letter} = {paper}")
        renamed = (name for name in ("d", "r", "v") if notation.latex(name) != latex(name))
        letters += [f"{notation.latex(name)} = {latex(name)}" for name in renamed]
    return {
        "id": notation.name,
        "label": _LABELS[notation.name],
        "source": notation.source,
        "alpha": notation.latex("alpha"),
        "beta": notation.latex("beta"),
        "size": notation.latex("d"),
        "steps": notation.latex("r"),
        "letters": letters,
    }
