"""How each goal is proved in Coq: the text between ``Proof.`` and ``Qed.``, written from the goal's own data.

Nothing here is trusted. What is found out in Python (a factorisation, a cofactor, which part of a disjunction holds where) is
written into the proof as an identity for ``ring`` and a few signs for ``lra`` and ``nra``, and Coq's kernel checks it:

* a disjunction with a dual certificate ``Σ w_i · p_i = 0``, ``w_i > 0``: were every ``p_i`` negative, so would be the sum;
* the same with ``>`` for ``≥``, off the zeros of one ``p_i``: were none positive, every ``p_i`` would be 0;
* a polynomial compared with zero: it is a product of factors, and each has its sign;
* an equation on a curve: a multiple of the curve's polynomial;
* any other disjunction: a part that holds by itself; two parts from which a letter is eliminated; the signs of the curves.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from ..powerlaw.polynomials import Polynomial
from .regions import Point, points_of
from .statements import And, Atom, Formula, Goal, Or, Sum, holds

__all__ = ["proof", "term"]

#: A space at which no line is broken.
_TIGHT = "\N{NO-BREAK SPACE}"


def term(polynomial: Polynomial) -> str:
    """A polynomial as Coq writes it; the spaces inside a monomial do not break.

    Examples
    --------
    >>> term(Polynomial(("alpha", "x"), ((2, (2, 1)), (-1, (0, 0))))).replace("\\N{NO-BREAK SPACE}", " ")
    '2 * alpha ^ 2 * x - 1'
    """
    out = ""
    for coefficient, powers in polynomial.terms:
        letters = [
            letter if power == 1 else f"{letter}{_TIGHT}^{_TIGHT}{power}"
            for letter, power in zip(polynomial.letters, powers, strict=True)
            if power
        ]
        number = [] if abs(coefficient) == 1 and letters else [str(abs(coefficient))]
        sign = (" - " if coefficient < 0 else " + ") if out else ("-" if coefficient < 0 else "")
        out += sign + f"{_TIGHT}*{_TIGHT}".join(number + letters)
    return out or "0"


def proof(goal: Goal) -> list[str]:
    """The lines of a proof, without indentation.

    Examples
    --------
    >>> x = Polynomial(("x",), ((1, (1,)),))
    >>> proof(Goal("trivial", "x > 0", ("x",), (Atom(x, ">"),), Atom(x, ">")))
    ['intros x h1.', 'order.']
    """
    names = [f"h{n}" for n in range(1, len(goal.hypotheses) + 1)]
    start = f"intros {' '.join([*goal.letters, *names])}."
    return [start, *(_by_weights(goal) if len(goal.weights) == 2 else _of(goal.conclusion, goal))]


def _of(formula: Formula, goal: Goal) -> list[str]:
    if isinstance(formula, Atom):
        return _atom(formula, goal)
    if isinstance(formula, And):
        return _every([_of(part, goal) for part in formula.parts])
    if not formula.parts:
        return ["order."]
    return _some(formula, goal)


def _every(proofs: Sequence[list[str]]) -> list[str]:
    if all(lines == ["order."] for lines in proofs):
        return ["order." if len(proofs) == 1 else "every."] if proofs else ["exact I."]
    head = [line for lines in proofs[:-1] for line in ("split.", *_block(lines))]
    return head + proofs[-1]


def _block(lines: Sequence[str]) -> list[str]:
    return [f"{{ {lines[0]} }}"] if len(lines) == 1 else ["{", *(f"  {line}" for line in lines), "}"]


# -- a polynomial compared with zero -------------------------------------------------------------------------------------


def _atom(atom: Atom, goal: Goal) -> list[str]:
    polynomial, relation = atom.polynomial, atom.relation
    if relation == "=":
        return _equation(polynomial, goal)
    found = _factors(polynomial, goal)
    if len(found) > 1:
        strict = "<=" if relation in (">=", "<=") else "<"
        return [
            f"assert (signs : 0 {strict} {_product(found)}) by factors.",
            "nonzero." if relation == "!=" else "lra.",
        ]
    return ["nonzero." if relation == "!=" else "order."]


def _product(factors: Sequence[Polynomial]) -> str:
    single = [len(each.terms) == 1 and each.terms[0][0] > 0 for each in factors]
    return " * ".join(term(each) if alone else f"({term(each)})" for each, alone in zip(factors, single, strict=True))


def _equation(polynomial: Polynomial, goal: Goal) -> list[str]:
    """A multiple of a polynomial that is zero by hypothesis."""
    if not polynomial.terms:
        return ["reflexivity."]
    for n, each in enumerate(goal.hypotheses, start=1):
        if each.relation == "=" and (left := _cofactor(polynomial, each.polynomial)) is not None:
            multiple = _product([left, each.polynomial])
            return [f"replace ({term(polynomial)}) with ({multiple}) by ring.", f"rewrite h{n}. ring."]
    return ["order."]


def _cofactor(polynomial: Polynomial, by: Polynomial) -> Polynomial | None:
    """``polynomial / by`` if that is a polynomial with integer coefficients."""
    import sympy as sp

    quotient, rest = sp.div(_poly(polynomial), _poly(by), domain="QQ")
    if not rest.is_zero or any(not number.is_Integer for number in quotient.coeffs()):
        return None
    return _plain(quotient, polynomial.letters)


def _poly(polynomial: Polynomial) -> Any:
    import sympy as sp

    return sp.Poly.from_dict(
        {powers: number for number, powers in polynomial.terms}, *map(sp.Symbol, polynomial.letters)
    )


def _plain(poly: Any, letters: tuple[str, ...]) -> Polynomial:
    return Sum(letters, {tuple(map(int, powers)): Fraction(int(number)) for powers, number in poly.terms()}).exactly


def _factors(polynomial: Polynomial, goal: Goal) -> list[Polynomial]:
    """Its factors as often as they divide, with the signs that they have in the region."""
    if not any(any(powers) for _, powers in polynomial.terms):
        return []
    points = points_of(goal)
    found = []
    for factor, power in _poly(polynomial).factor_list()[1]:
        each = _plain(factor, polynomial.letters)
        sign = each.sign_at(points[0]) if points else 1
        oriented = each if sign >= 0 else Polynomial(each.letters, tuple((-c, powers) for c, powers in each.terms))
        found += [oriented] * power
    return sorted(found, key=lambda each: (len(each.terms), each.terms))


# -- disjunctions --------------------------------------------------------------------------------------------------------


def _by_weights(goal: Goal) -> list[str]:
    """By the dual certificate: two weights, positive, with which the sum of two parts is zero."""
    assert isinstance(goal.conclusion, Or)
    parts = [part for part in goal.conclusion.parts if isinstance(part, Atom)]
    (one, u), (other, v) = sorted(goal.weights.items())
    a, b = parts[one].polynomial, parts[other].polynomial
    lines = [
        f"assert (u : {term(u)} > 0) by order.",
        f"assert (v : {term(v)} > 0) by order.",
        f"assert (certificate : {_product([u, a])} + {_product([v, b])} = 0) by ring.",
    ]
    if parts[one].relation == ">=":
        lines.append("destruct (one_is_nonnegative _ _ _ _ (Rgt_ge _ _ u) v (Req_ge _ _ certificate)) as [a | b].")
    else:
        lines += _away(a, goal)
        lines.append("destruct (one_is_positive _ _ _ _ u v certificate away) as [a | b].")
    return [*lines, f"- {_choose(one, len(parts))} exact a.", f"- {_choose(other, len(parts))} exact b."]


def _away(polynomial: Polynomial, goal: Goal) -> list[str]:
    """That a polynomial is not zero, because it is a multiple of one that is not by hypothesis."""
    for n, each in enumerate(goal.hypotheses, start=1):
        if each.relation == "!=" and (left := _cofactor(polynomial, each.polynomial)) is not None:
            return [
                f"assert (c : {term(left)} <> 0) by nonzero.",
                f"assert (away : {term(polynomial)} <> 0).",
                "{",
                f"  replace ({term(polynomial)}) with ({_product([left, each.polynomial])}) by ring.",
                f"  apply Rmult_integral_contrapositive_currified; [ exact c | exact h{n} ].",
                "}",
            ]
    return [f"assert (away : {term(polynomial)} <> 0) by nonzero."]


def _choose(place: int, count: int) -> str:
    """The tactics that pick one part of a disjunction."""
    return " ".join(["right."] * place + (["left."] if place < count - 1 else []))


def _some(formula: Or, goal: Goal) -> list[str]:
    parts = formula.parts
    points = points_of(goal)
    if (place := _everywhere(parts, points)) is not None:
        return _take(place, formula, goal)
    atoms = [part for part in parts if isinstance(part, Atom)]
    if len(atoms) < len(parts):
        apart = [(n, each.polynomial) for n, each in enumerate(goal.hypotheses, start=1) if each.relation == "!="]
        return _by_signs(formula, goal, apart, points)
    for one, other in permutations(range(len(parts)), 2):
        if lines := _eliminated(atoms, (one, other), goal, points):
            return lines
    return _none_holds(atoms)


def _everywhere(parts: Sequence[Formula], points: Sequence[Point]) -> int | None:
    """A part that holds at all of the points."""
    return next((n for n, part in enumerate(parts) if points and all(holds(part, point) for point in points)), None)


def _take(place: int, formula: Or, goal: Goal) -> list[str]:
    return [line for line in (_choose(place, len(formula.parts)), *_of(formula.parts[place], goal)) if line]


def _eliminated(parts: Sequence[Atom], pair: tuple[int, int], goal: Goal, points: Sequence[Point]) -> list[str]:
    """Two parts linear in the last letter: one holds where it does not fall, and elsewhere the letter is eliminated.

    With ``p = a + bt`` and ``q = c + et``, ``e p - b q = ae - bc`` has no ``t``, and its weights are not negative if ``b < 0 ≤ e``.
    """
    p, q = (parts[n].polynomial for n in pair)
    b, e = _slope(p), _slope(q)
    if {parts[n].relation for n in pair} != {">="} or b is None or e is None:
        return []
    weights = e.exactly, (-b).exactly
    left = (e * Sum.of(p, goal.letters) - b * Sum.of(q, goal.letters)).exactly
    falls = [point for point in points if weights[1].sign_at(point) > 0]
    if not all(point in falls or holds(parts[pair[0]], point) for point in points):
        return []
    if not all(weights[0].sign_at(point) >= 0 and left.sign_at(point) >= 0 for point in falls):
        return []
    one, other = (_choose(n, len(parts)) for n in pair)
    return [
        f"destruct (Rge_or_gt 0 ({term(weights[1])})) as [rises | v].",
        f"{{ {one} order. }}",
        f"assert (u : {term(weights[0])} >= 0) by order.",
        f"assert (signs : 0 <= {_product(_factors(left, goal))}) by factors.",
        f"destruct (one_is_nonnegative _ _ ({term(p)}) ({term(q)}) u v) as [a | b].",
        "- lra.",
        f"- {one} exact a.",
        f"- {other} exact b.",
    ]


def _slope(polynomial: Polynomial) -> Sum | None:
    """The coefficient of the last letter, if its highest power is the first."""
    slope = {(*powers[:-1], 0): Fraction(number) for number, powers in polynomial.terms if powers[-1]}
    return Sum(polynomial.letters, slope) if all(powers[-1] < 2 for _, powers in polynomial.terms) else None


def _none_holds(parts: Sequence[Atom]) -> list[str]:
    """Suppose that none of the parts holds."""
    lines = []
    split = {">=": "Rge_or_gt", ">": "Rgt_or_ge", "<=": "Rle_or_lt", "<": "Rlt_or_le"}
    for place, part in enumerate(parts):
        case = f"destruct ({split[part.relation]} ({term(part.polynomial)}) 0) as [a | n{place + 1}]."
        lines += [case, f"{{ {_choose(place, len(parts))} exact a. }}"]
    return [*lines, "exfalso. order."]


def _by_signs(formula: Or, goal: Goal, apart: Sequence[tuple[int, Polynomial]], points: Sequence[Point]) -> list[str]:
    """Where some polynomials are not zero: a part for each choice of their signs, unless that choice is impossible."""
    if not points:
        return ["exfalso. order."]
    if (place := _everywhere(formula.parts, points)) is not None:
        return _take(place, formula, goal)
    for n, each in apart:
        below = [point for point in points if each.sign_at(point) < 0]
        above = [point for point in points if each.sign_at(point) > 0]
        if below and above:
            left = [pair for pair in apart if pair[0] != n]
            return [
                f"destruct (Rdichotomy _ _ h{n}) as [s{n} | s{n}].  (* {term(each)} *)",
                *_block(_by_signs(formula, goal, left, below)),
                *_block(_by_signs(formula, goal, left, above)),
            ]
    return ["exfalso. order."]
