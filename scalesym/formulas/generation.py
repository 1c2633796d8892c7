"""Writing the catalogue: every formula derived again, every step checked, the result as one JSON text.

The text depends on nothing but the derivations: keys are sorted, the order of arguments comes from
:mod:`scalesym.formulas.trees`, and the figures seen by the checks, which depend on rounding, are left out.

Importing this module loads SymPy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sympy as sp

from . import densities, early, edges, gap, generating, norms, renewal, resolvent, stability, window
from .alphabet import ALPHABET, DOMAIN, GIVEN_W, QUANTITIES, d, i, r, v, x
from .definitions import DEFINITIONS, records
from .derivation import Condition, Derivation, Step
from .moments import factor, second_moment
from .pieces import absolutely_continuous, forcing, kernel
from .statement import Statement
from .trees import decode, encode
from .typesetting import latex, text
from .volterra import forcing_given_w, kernel_given_w, loss, mode

__all__ = ["generate", "stated"]

_Expr = Any  # SymPy ships no types

#: Modules with a function ``statements()`` of their own.
_PARTS: tuple[Any, ...] = (resolvent, generating, norms, edges, stability, gap, early, densities, window, renewal)
_PAPER = "arXiv:2405.15074"
_DEFINED_IN = {
    "F_pp": f"{_PAPER}, pure point part of the forcing function",
    "K_pp": f"{_PAPER}, pure point part of the kernel",
    "F_ac": f"{_PAPER}, absolutely continuous part of the forcing function",
}
_ESTIMATED_IN = {
    "F_pp": f"{_PAPER}, table of asymptotics of the forcing function's pieces",
    "K_pp": f"{_PAPER}, asymptotics of the kernel",
    "F_ac": f"{_PAPER}, table of asymptotics of the forcing function's pieces",
}
_GIVEN_W_IN = f"{_PAPER}, Volterra equation of the loss given W"
#: What everything given ``W`` assumes.
_MODEL = (
    "Gaussian data with covariance D, fresh samples, W of rank d",
    r"\text{Gaussian data with covariance }D\text{, fresh samples, }W\text{ of rank }d",
)
#: What the letters, and the quantities (with parentheses), stand for given ``W``.
_MEANINGS = {
    "x": ("x an eigenvalue of WᵀDW", r"x\text{ an eigenvalue of }W^\top DW"),
    "phi": ("φ the error along its eigenvector", r"\varphi\text{ the error along its eigenvector}"),
    "P": ("P the loss before the step", r"\mathscr{P}\text{ the loss before the step}"),
    "x()": ("x_i the eigenvalues of WᵀDW", r"x_i\text{ the eigenvalues of }W^\top DW"),
    "c()": ("c_i = φ_i^2 at θ_0", r"c_i=\varphi_i^2\text{ at }\theta_0"),
    "P_inf": ("P_∞ the least loss given W", r"\mathscr{P}_\infty\text{ the least loss given }W"),
    "P_W()": ("P_W(r) = E[P(θ_r) | W]", r"\mathscr{P}_W(r)=\mathbb{E}[\mathscr{P}(\theta_r)\mid W]"),
}
#: How numbers computed from these formulas are to be read.
_CONVENTIONS = {"loss_factor": 1, "batch": "sum", "eigenvalue": "variance"}


def generate() -> str:
    """Derive and check every formula; the text of ``catalogue.json``.

    Raises
    ------
    DerivationError
        If a step no longer applies or its check fails.
    """
    formulas: dict[str, Any] = {}
    for leading in (forcing(), kernel()):
        integral, closed = leading.upto("convergence"), leading.upto("closed form")
        formulas |= _group(integral, closed, leading, story=leading, status="derived")
    closed, leading = absolutely_continuous()
    formulas |= _group(closed.upto(None), closed, leading, story=closed, status="derived")
    formulas |= _given_w()
    for part in _PARTS:
        formulas |= {each.id: stated(each) for each in part.statements()}
    catalogue = {"format": 2, "conventions": _CONVENTIONS, "definitions": records(), "formulas": formulas}
    return json.dumps(catalogue, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _group(
    integral: Derivation, closed: Derivation, leading: Derivation, *, story: Derivation, status: str
) -> dict[str, Any]:
    """The entries of one quantity. ``story`` is the derivation told by the entry of the quantity itself."""
    quantity, term = leading.quantity, leading.expression
    name = quantity.func.__name__
    defined, estimated = _DEFINED_IN[name], _ESTIMATED_IN[name]
    ratio = quantity / term
    for letter in (d, r):  # d → ∞ first
        ratio = sp.Limit(ratio, letter, sp.oo) if letter in quantity.args else ratio
    remainder = sum(step.outcome.remainder for step in leading.steps if step.outcome.remainder is not None)
    exact = _equal(quantity, closed.expression)
    asymptotic = _entry(_equal(ratio, 1), term, leading, leading.level, estimated)
    asymptotic |= _shown("~", quantity, term)
    asymptotic["assumptions"] += _limits(leading)
    summary = _entry(exact, closed.expression, story, closed.level, defined)
    summary |= _shown("=", quantity, integral.expression, closed.expression)
    definition = _entry(_equal(quantity, integral.expression), integral.expression, integral, integral.level, defined)
    definition["status"] = status
    return {
        name: summary,
        f"{name}.integral": definition,
        f"{name}.closed": _entry(exact, closed.expression, closed, closed.level, defined),
        f"{name}.asymptotic": asymptotic,
        f"{name}.remainder": _entry(_equal(quantity - term, remainder), remainder, leading, closed.level, estimated),
    }


def _given_w() -> dict[str, Any]:
    """The entries of the exact dynamics given ``W``."""
    step, unrolled, volterra = second_moment(), mode(), loss()
    summed = volterra.upto("sums exchanged")
    stated = {
        "q": (QUANTITIES["q"](x), factor(), step),
        "second_moment": (step.quantity, step.expression, step),
        "rho": (QUANTITIES["rho"](i, r), unrolled.expression, unrolled),
        "F_W": (QUANTITIES["F_W"](r), forcing_given_w(), summed),
        "K_W": (QUANTITIES["K_W"](r), kernel_given_w(), summed),
        "volterra": (volterra.quantity, volterra.expression, volterra),
    }
    formulas = {}
    for id, (quantity, expression, derivation) in stated.items():
        entry = _entry(_equal(quantity, expression), expression, derivation, derivation.level, _GIVEN_W_IN)
        conditions = [c for c in derivation.conditions if c.relation.free_symbols <= expression.free_symbols]
        steps = [derivation.start, *(each.outcome.expression for each in derivation.steps)]
        whole = expression if id == "q" else sp.Tuple(expression, *steps)  # q is a part of what its derivation gives
        named = expression if id != "volterra" else sp.Tuple(*steps[-2:])  # which names its own parts
        entry["assumptions"] = [
            *_domain(whole, DOMAIN | GIVEN_W),
            *map(_condition, conditions),
            _said(*_MODEL, "model"),
            *(_said(*_MEANINGS[name], "definition") for name in _MEANINGS if name in _names(named)),
        ]
        formulas[id] = entry
    return formulas


def stated(statement: Statement) -> dict[str, Any]:
    """The entry of one statement."""
    left, right, derivation = statement.left, statement.right, statement.derivation
    if statement.limits:
        ratio = left / right
        for letter, target in statement.limits:
            ratio = sp.Limit(ratio, letter, target)
        whole, sign = _equal(ratio, 1), "~"
    else:
        whole, sign = _equal(left, right), "="
    entry = _entry(whole, right, derivation, statement.level or derivation.level, statement.source)
    entry |= _shown(sign, left, right)
    entry["status"] = statement.status
    used = sp.Tuple(right, *(DEFINITIONS[name].statement for name in entry["where"]))
    remarks = [
        _said(remark.text, remark.latex, remark.because) for remark in statement.remarks if remark.relation is None
    ]
    decided = [
        _assumption(remark.relation, remark.because) for remark in statement.remarks if remark.relation is not None
    ]
    limits = [
        _approach(letter, *(("0", "0") if target == 0 else ("∞", r"\infty"))) for letter, target in statement.limits
    ]
    conditions = [_condition(c) for c in dict.fromkeys(derivation.conditions)]
    entry["assumptions"] = [*_domain(used), *conditions, *decided, *remarks, *limits]
    return entry


def _names(expression: _Expr) -> set[str]:
    """Letters, and quantities with parentheses."""
    return {letter.name for letter in expression.free_symbols} | {
        f"{quantity.func.__name__}()" for quantity in expression.atoms(sp.core.function.AppliedUndef)
    }


def _entry(statement: _Expr, expression: _Expr, derivation: Derivation, level: str, source: str) -> dict[str, Any]:
    for each in (statement, expression):
        if decode(encode(each)) != each:
            raise AssertionError(f"{each} does not survive being written and read")  # a fault of trees.py, not of data
    return {
        **_shown("=", statement.lhs, statement.rhs),
        "statement": encode(statement),
        "expression": encode(expression),
        "level": level,
        "source": source,
        "status": "derived",
        "where": needed(expression),
        "assumptions": [*_domain(expression), *map(_condition, derivation.conditions)],
        "derivation": [_first(derivation), *map(_line, derivation.steps)],
    }


def needed(*expressions: _Expr) -> list[str]:
    """The names of the definitions that expressions depend on, and those on which these depend, in the order of use."""
    seen: set[str] = set()
    waiting = list(expressions)
    while waiting:
        each = waiting.pop()
        for name in _names(each) & set(DEFINITIONS) - seen:
            seen.add(name)
            waiting += [DEFINITIONS[name].statement, getattr(DEFINITIONS[name], "start", sp.Integer(0))]
    return [name for name in DEFINITIONS if name in seen]


def _domain(expression: _Expr, domain: Mapping[str, _Expr] = DOMAIN) -> list[dict[str, Any]]:
    """What is assumed of the letters in an expression, in the order of the alphabet."""
    found = []
    for name, letter in ALPHABET.items():
        if letter in expression.free_symbols and name in domain:
            entry = _assumption(domain[name], "domain")
            counts = letter.is_integer or domain[name] == GIVEN_W.get(name)
            found.append({**entry, "integer": True, "text": f"{entry['text']} integer"} if counts else entry)
    if {v, d} <= expression.free_symbols:
        found.append(_assumption(sp.Gt(v, d, evaluate=False), "domain"))
    return found


def _assumption(relation: _Expr, because: str) -> dict[str, Any]:
    in_latex, in_text = _both(relation)
    return {"relation": encode(relation), "latex": in_latex, "text": in_text, "because": because, "integer": False}


def _condition(condition: Condition) -> dict[str, Any]:
    return _assumption(condition.relation, condition.because)


def _said(in_text: str, in_latex: str, because: str) -> dict[str, Any]:
    return {"relation": None, "latex": in_latex, "text": in_text, "because": because, "integer": False}


def _limits(leading: Derivation) -> tuple[dict[str, Any], ...]:
    """The limits in which a leading term is approached, read off the remainders of its derivation."""
    named = [step.outcome.remainder for step in leading.steps if step.outcome.remainder is not None]
    (scale,) = {f.args[1] for remainder in named for f in remainder.atoms(sp.uppergamma)}
    to_infinity = (_approach(scale, "∞", r"\infty"),)
    ends = {i.limits[0][2] for remainder in named for i in remainder.atoms(sp.Integral)}
    return to_infinity + tuple(_approach(scale * end, "0", "0") for end in ends)


def _approach(expression: _Expr, in_text: str, in_latex: str) -> dict[str, Any]:
    tex, plain = _both(expression)
    limit = [encode(expression), 0 if in_text == "0" else ["Infinity"]]
    return _said(f"{plain} → {in_text}", rf"{tex}\to {in_latex}", "limit") | {"limit": limit}


def _first(derivation: Derivation) -> dict[str, Any]:
    in_latex, in_text = _both(derivation.start)
    return {
        "name": "start",
        "prose": derivation.prose,
        "relation": "",
        "latex": in_latex,
        "text": in_text,
        "tree": encode(derivation.start),
        "level": derivation.start_level,
        "conditions": [],
        "check": "",
    }


def _line(step: Step) -> dict[str, Any]:
    in_latex, in_text = _both(step.outcome.expression)
    return {
        "name": step.name,
        "prose": step.prose,
        "relation": step.relation,
        "latex": in_latex,
        "text": in_text,
        "tree": encode(step.outcome.expression),
        "level": step.level,
        "conditions": [_both(condition.relation)[1] for condition in step.outcome.conditions],
        "check": step.evidence.claim,
    }


def _equal(left: _Expr, right: _Expr) -> _Expr:
    return sp.Eq(left, right, evaluate=False)


def _both(expression: _Expr) -> tuple[str, str]:
    """As LaTeX and as text."""
    tree = encode(expression)
    return latex(tree), text(tree)


def _shown(sign: str, *sides: _Expr) -> dict[str, Any]:
    """What is shown: expressions with a sign between them, ``=`` or ``~``, as trees, as LaTeX and as text."""
    in_latex = {"=": "=", "~": r"\sim "}[sign]
    parts = [_both(side) for side in sides]
    return {
        "sign": sign,
        "sides": [encode(side) for side in sides],
        "latex": in_latex.join(part[0] for part in parts),
        "text": f" {sign} ".join(part[1] for part in parts),
    }
