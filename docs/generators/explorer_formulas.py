"""What the explorer says in formulas: regions, exponents, lines and pieces in every notation, looked up and never typed in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from scalesym.errors import ParameterError
from scalesym.formulas import formula
from scalesym.formulas.notation import NOTATIONS
from scalesym.phases import Critical, Entry, Phase, phase, phase_table
from scalesym.phases.pieces import LETTERS, pieces
from scalesym.phases.table import Exponent
from scalesym.plots.plane import Window, regions, segments
from scalesym.powerlaw.polynomials import Ratio

from .explorer_letters import Point, exponent, line_equation, notation_record, region, witness

__all__ = ["WINDOW", "formulas"]

WINDOW = Window.of("3/2", "-1/2", "3/2")

_ORDER = ("F_pp", "F_ac", "F_0", "K_pp")
_MEANINGS = {
    "F_pp": "What is left of the modes that the size resolves: each decays at its own rate, and slow ones remain.",
    "F_ac": "What the random features leak from the large directions of the target into slow modes, where it is learnt late.",
    "F_0": "What the features cannot express at all, and no training removes.",
    "K_pp": "The noise of the stochastic gradients, which the loss itself feeds and training forgets.",
}
#: Notes of a look-up that depend on the point alone, and where it makes them: polynomials with their signs.
_NOTES: tuple[tuple[tuple[tuple[Any, tuple[int, ...]], ...], str, Point], ...] = (
    (((4 * LETTERS[0] - 1, (-1,)),), "any", (Fraction(1, 5), Fraction(2, 5))),
    (((4 * LETTERS[0] - 1, (0,)),), "phase", (Fraction(1, 4), Fraction(2, 5))),
    (((LETTERS[1] - 1 - 2 * LETTERS[0], (0, 1)),), "any", (Fraction(1), Fraction(4))),
    (((LETTERS[1], (-1,)),), "any", (Fraction(1), Fraction(-1, 4))),
)


def formulas() -> dict[str, Any]:
    """Everything of ``data.json`` that is no number."""
    table = phase_table()
    return {
        "domain": [each.to_list() for each in table.domain],
        "curves": [each.to_list() for each in table.curves],
        "phases": [_phase(n, entry) for n, entry in enumerate(table.phases)],
        "lines": [_line(line) for line in table.lines],
        "line_notes": _line_notes(),
        "notes": [_note(*each) for each in _NOTES],
        "outside": _outside(),
        "notations": [notation_record(each) for each in NOTATIONS.values()],
        "pieces": {name: _piece(name) for name in _ORDER},
        "loss_law": {entry.name: _law(entry) for entry in table.phases},
    }


# -- phases and lines --------------------------------------------------------------------------------------------------------


def _phase(number: int, entry: Entry) -> dict[str, Any]:
    at = witness(entry.region)
    polygon = regions(WINDOW)[entry.name]
    return {
        "name": entry.name,
        "region": region(entry.region, at),
        "eta": exponent(entry.eta, at),
        "xi": exponent(entry.xi, at),
        "tradeoff": list(entry.tradeoff),
        "terms": list(entry.terms),
        "colour": number,
        "label_at": _rounded(polygon.mean(axis=0)),
        "polygon": [_rounded(corner) for corner in polygon],
    }


def _line(line: Critical) -> dict[str, Any]:
    at = witness(line.where, line.curve)
    found = _on(line)
    record = {
        "where": region(line.where, at),
        "curve": line.curve.to_list(),
        "equation": {name: line_equation(line.curve, each) for name, each in NOTATIONS.items()},
        "neighbours": list(line.neighbours),
        "eta": exponent(line.eta, at),
        "xi": exponent(line.xi, at),
        "scales": [{"size": exponent(size, at), "loss": exponent(loss, at)} for size, loss in line.scales],
        "jumps": list(line.jumps),
        "flat": line.flat,
        "remaining": list(line.remaining),
        "text": _said(line, found),
        "path": [_rounded(end) for ends in segments(WINDOW, line) for end in ends],
    }
    return record | ({"note": found.notes[0]} if line.flat else {})


def _on(line: Critical) -> Phase:
    """A look-up on the line."""
    for ends in segments(WINDOW, line):
        a, b = (float(x) for x in ends.mean(axis=0))
        exact = Fraction(a).limit_denominator(1000), Fraction(b).limit_denominator(1000)
        for letters in (exact, (a, b)):  # the last one where the line is irrational
            if (found := phase(*letters)).lines == (line,):
                return found
    raise AssertionError(f"no point is on the line {line.curve.text} = 0 in the window")


def _said(line: Critical, found: Phase) -> str:
    """What a look-up says of the line, with its exponents as functions of the place."""
    if not line.scales:
        return found.notes[0]

    def written(power: str, logs: Sequence[Exponent]) -> str:
        factors = [
            name if each.text == "1" else f"({name})^({each.text})"
            for name, each in zip(("log f", "log log f"), logs, strict=False)
            if each.text != "0"
        ]
        return " ".join([f"f^({power})", *factors])

    size, loss = ([pair[n] for pair in line.scales] for n in (0, 1))
    return f"d* ≍ {written(line.xi.text, size)}, P* ≍ {written(f'-{_grouped(line.eta.text)}', loss)}"


def _grouped(text: str) -> str:
    return f"({text})" if " " in text.split("/")[0].strip("()") and not text.startswith("(") else text


def _line_notes() -> dict[str, str]:
    quiet = next(line for line in phase_table().lines if not line.scales and not line.jumps)
    return {"meeting": phase("1/2", "1/2").notes[0], "none": _on(quiet).notes[0]}


def _note(where: Any, on: str, at: Point) -> dict[str, Any]:
    (text,) = phase(*at).notes
    conditions = [[Ratio.of(each, LETTERS).top.to_list(), list(signs)] for each, signs in where]
    return {"where": conditions, "on": on, "text": text}


def _outside() -> list[dict[str, Any]]:
    """Why there is no power law, by the sign of a polynomial of the domain."""
    found = []
    for polynomial, sign, at in (
        (0, 0, (Fraction(0), Fraction(1))),
        (0, -1, (Fraction(-1), Fraction(2))),
        (1, 0, (Fraction(1, 4), Fraction(1, 4))),
        (1, -1, (Fraction(1, 4), Fraction(1, 5))),
    ):
        domain = phase_table().domain[polynomial]
        if domain.sign_at(at) != sign:
            raise AssertionError(f"{domain.text} has another sign at {at}")
        try:
            phase(*at)
        except ParameterError as error:
            found.append({"polynomial": domain.to_list(), "sign": sign, "text": error.reason})
    return found


# -- pieces ------------------------------------------------------------------------------------------------------------------


def _piece(name: str) -> dict[str, Any]:
    """Its leading term, or one for each part of the plane."""
    parts = {each.source: each for some in pieces().values() for each in some if each.name == name}
    found = []
    for source, piece in parts.items():
        entry = formula(source)
        needs = [each.text for each in entry.assumptions if each.because not in ("domain", "stability")]
        found.append(
            {
                "where": [[Ratio.of(each, LETTERS).top.to_list(), 1] for each in dict.fromkeys(piece.where)],
                "latex": {notation: _statement(source, notation) for notation in NOTATIONS},
                "formula_id": source,
                "approx": f"{entry.level}: {', '.join(needs)}",
            }
        )
    record = {"symbol": _symbols(name), "text": "K_pp/(γB)" if name == "K_pp" else name, "meaning": _MEANINGS[name]}
    return record | (found[0] if len(found) == 1 and not found[0]["where"] else {"sectors": found})


@cache
def _statement(source: str, notation: str) -> str:
    return formula(source).latex(notation=notation)


@cache
def _symbols(name: str) -> dict[str, str]:
    """As the piece enters the sum: the left-hand side of its leading term, the kernel over ``γB``."""
    found = {}
    for notation in NOTATIONS:
        left = _statement(f"{name}.asymptotic", notation).split(r"\sim")[0].strip()
        found[notation] = rf"\frac{{1}}{{\gamma B}}{left}" if name == "K_pp" else left
    return found


def _law(entry: Entry) -> dict[str, Any]:
    """The loss of a phase, and its frontier."""
    symbols, at = {name: _symbols(name) for name in _ORDER}, witness(entry.region)
    eta, xi = (exponent(each, at)["latex"] for each in (entry.eta, entry.xi))
    loss, frontier = {}, {}
    for name, notation in NOTATIONS.items():
        d, r = notation.latex("d"), notation.latex("r")
        loss[name] = rf"\mathscr{{P}}({r},{d})\asymp " + "+".join(symbols[term][name] for term in entry.terms)
        frontier[name] = (
            rf"{d}^\star\asymp \mathfrak{{f}}^{{\,{_small(xi[name])}}},\quad "
            rf"\mathscr{{P}}^\star\asymp \mathfrak{{f}}^{{\,-{_small(eta[name], grouped=True)}}}"
        )
    return {"latex": loss, "frontier_latex": frontier}


def _small(exponent: str, grouped: bool = False) -> str:
    """An exponent in an exponent: after a minus sign, what has a sign of its own outside of braces is in brackets."""
    depth, signs = 0, 0
    for character in exponent:
        depth += {"{": 1, "}": -1}.get(character, 0)
        signs += depth == 0 and character in "+-"
    return rf"({exponent})" if grouped and signs else exponent


def _rounded(point: Any) -> list[float]:
    return [round(float(x), 6) + 0.0 for x in point]
