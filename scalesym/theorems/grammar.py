"""Claims about exponents as people type them: ``"eta=1-1/(4alpha), xi=1/2, where=2alpha>1, beta>alpha"``.

The text is never evaluated. Python's own parser turns an expression into a syntax tree, and of that only numbers, the two letters,
the four operations and small whole powers are read; everything else is refused by name.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ..errors import ParameterError
from ..parameters import number
from ..phases.table import phase_table
from ..powerlaw.polynomials import Ratio
from .statements import Atom, Relation, Sum

__all__ = ["Claimed", "parse"]

_LETTERS = ("alpha", "beta")
_LONGEST, _DEEPEST, _HIGHEST = 400, 30, 8  # characters, parentheses, degree
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "η": "eta",
    "ξ": "xi",
    "−": "-",
    "·": "*",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "²": "^2",
}
_REMEDY = "write polynomials and quotients in alpha and beta, such as 1 - 1/(4*alpha)"
_EXAMPLE = 'write "eta=1-1/(4*alpha), xi=1/2, where=2*alpha>1, beta>alpha"'


@dataclass(frozen=True)
class Claimed:
    """``η`` and ``ξ`` (at least one of them) as rational functions, and the conditions under which they are claimed."""

    eta: Ratio | None
    xi: Ratio | None
    where: tuple[Atom, ...]
    text: str


def parse(text: str) -> Claimed:
    """Read a claim.

    Parameters
    ----------
    text:
        ``eta=…`` and ``xi=…`` (one may be missing), then perhaps ``where=…``: comparisons separated by commas or ``and``, or the name of
        a phase. Greek letters may be used; ``2alpha`` is a product and ``^`` a power.

    Raises
    ------
    ParameterError
        If it cannot be read, naming the part.

    Examples
    --------
    >>> found = parse("eta = 1 - 1/(4alpha), xi = 1/2, where = III")
    >>> found.eta.text, found.xi.text, [str(atom) for atom in found.where]
    ('(4α - 1)/(4α)', '1/2', ['2α - 1 > 0', 'α - β < 0'])
    """
    if not isinstance(text, str):
        raise ParameterError("claim", text, f"{type(text).__name__} is not text", _EXAMPLE)
    if len(text) > _LONGEST:
        raise ParameterError("claim", text, f"it has more than {_LONGEST} characters", _EXAMPLE)
    plain = text
    for symbol, word in _GREEK.items():
        plain = plain.replace(symbol, f" {word} " if word.isalpha() else word)
    head, found, tail = _split_where(plain)
    parts: dict[str, Ratio] = {}
    for part in head.split(",") if head.strip() else ():
        name, equals, right = part.partition("=")
        name = name.strip()
        if not equals or name not in ("eta", "xi") or name in parts:
            raise ParameterError("claim", part.strip(), "it is not eta=… or xi=…, each once", _EXAMPLE)
        parts[name] = _ratio(_expression(right))
    if not parts:
        raise ParameterError("claim", text, "it claims neither eta nor xi", _EXAMPLE)
    return Claimed(parts.get("eta"), parts.get("xi"), _conditions(tail) if found else (), text.strip())


def _split_where(text: str) -> tuple[str, bool, str]:
    match = re.search(r"\bwhere\s*=?", text)
    if match is None:
        return text, False, ""
    return text[: match.start()].rstrip().removesuffix(","), True, text[match.end() :]


def _conditions(text: str) -> tuple[Atom, ...]:
    table = phase_table()
    names = {entry.name: entry for entry in table.phases}
    stripped = text.strip().removeprefix("phase ").strip()
    if stripped in names:
        return tuple(Atom(p, ">" if sign > 0 else "<") for p, sign in names[stripped].region.conditions)
    found: list[Atom] = []
    for part in re.split(r",|\band\b|&", text):
        sides = re.split(r"(<=|>=|==|!=|<|>|=)", part)
        if len(sides) < 3 or not all(side.strip() for side in sides):
            known = ", ".join(names)
            raise ParameterError(
                "where", part.strip(), "it is neither a comparison nor a phase", f"write 2*alpha>1, or one of {known}"
            )
        for left, sign, right in zip(sides[::2], sides[1::2], sides[2::2], strict=False):
            top, bottom = _minus(_expression(left), _expression(right))
            relation: Relation = "=" if sign == "==" else sign  # type: ignore[assignment]
            if any(powers != (0, 0) for powers in bottom.numbers):
                found.append(Atom(bottom.polynomial, "!="))
            found.append(Atom((top * bottom).polynomial, relation))
    return tuple(dict.fromkeys(found))


_Quotient = tuple[Sum, Sum]


def _ratio(found: _Quotient) -> Ratio:
    top, bottom = found
    scale = Fraction(lcm(*(x.denominator for part in found for x in part.numbers.values())))
    # both by the same number, so that the quotient stays
    return Ratio(*((part * scale).exactly for part in (top, bottom)))


def _minus(one: _Quotient, other: _Quotient) -> _Quotient:
    return one[0] * other[1] - other[0] * one[1], one[1] * other[1]


def _expression(text: str) -> _Quotient:
    """Numerator and denominator of what was typed."""
    shown = text.strip()
    if not shown:
        raise ParameterError("claim", text, "an expression is missing", _EXAMPLE)
    if re.search(r"[^\w\s.+\-*/^()]", shown):
        raise ParameterError("claim", shown, "it has characters that no formula has", _REMEDY)
    if max(shown.count("("), shown.count("*") // 2) > _DEEPEST:
        raise ParameterError("claim", shown, f"it is nested more than {_DEEPEST} deep", _REMEDY)
    python = re.sub(r"(?<=[\d)])\s*(?=[A-Za-z_(])|(?<=\))\s*(?=[\w(])", "*", shown.replace("^", "**"))
    python = re.sub(r"\b(alpha|beta)(\s+(?=alpha|beta)|\s*(?=\())", r"\1*", python)
    try:
        tree = ast.parse(python, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ParameterError("claim", shown, "it is not an expression", _REMEDY) from None
    return _read(tree, python, shown)


def _read(node: ast.expr, source: str, shown: str) -> _Quotient:
    one = Sum.of(1, _LETTERS)
    if isinstance(node, ast.Name) and node.id in _LETTERS:
        return Sum.letter(node.id, _LETTERS), one
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        written = ast.get_source_segment(source, node) or ""
        return _bounded((Sum.of(Fraction(number(written, "number")), _LETTERS), one), shown)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        top, bottom = _read(node.operand, source, shown)
        return (-top if isinstance(node.op, ast.USub) else top), bottom
    if isinstance(node, ast.BinOp):
        return _bounded(_operation(node, source, shown), shown)
    kind = type(node).__name__.lower()
    named = f"the name {node.id}" if isinstance(node, ast.Name) else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    raise ParameterError("claim", shown, f"{named} means nothing here", _REMEDY)


def _operation(node: ast.BinOp, source: str, shown: str) -> _Quotient:
    top, bottom = _read(node.left, source, shown)
    other, under = _read(node.right, source, shown)
    if isinstance(node.op, ast.Add):
        return top * under + other * bottom, bottom * under
    if isinstance(node.op, ast.Sub):
        return top * under - other * bottom, bottom * under
    if isinstance(node.op, ast.Mult):
        return top * other, bottom * under
    if isinstance(node.op, ast.Div):
        if not other.numbers:
            raise ParameterError("claim", shown, "it divides by zero", _REMEDY)
        return top * under, bottom * other
    if isinstance(node.op, ast.Pow):
        exponent = other.numbers.get((0, 0), Fraction(0)) if len(other.numbers) <= 1 else None
        constant = exponent is not None and all(powers == (0, 0) for powers in other.numbers)
        if (
            not constant
            or exponent is None
            or exponent.denominator != 1
            or abs(exponent) > _HIGHEST
            or under != Sum.of(1, _LETTERS)
        ):
            raise ParameterError("claim", shown, f"powers are whole numbers up to {_HIGHEST}", _REMEDY)
        if exponent < 0:
            if not top.numbers:
                raise ParameterError("claim", shown, "it divides by zero", _REMEDY)
            top, bottom = bottom, top
        raised = Sum.of(1, _LETTERS), Sum.of(1, _LETTERS)
        for _ in range(abs(int(exponent))):
            raised = _bounded((raised[0] * top, raised[1] * bottom), shown)
        return raised
    raise ParameterError("claim", shown, f"the operation {type(node.op).__name__.lower()} is not known", _REMEDY)


def _bounded(found: _Quotient, shown: str) -> _Quotient:
    for part in found:
        if any(sum(powers) > _HIGHEST for powers in part.numbers):
            raise ParameterError("claim", shown, f"its degree is above {_HIGHEST}", _REMEDY)
        if any(max(abs(x.numerator), x.denominator) > 10**60 for x in part.numbers.values()):
            raise ParameterError("claim", shown, "its numbers are above 10^60", _REMEDY)
    return found
