r"""What letters and quantities stand for: expressions, roots of equations, and functions of ``ζ``.

A formula may use ``κ`` or ``D_1(ζ)`` as if it were given. What each is, is written here once, shipped with the
catalogue, shown under every formula that needs it, and used when a formula is evaluated. The deterministic equivalent
is explicit in ``ζ = -z/m(z)``,

.. math::
    D_1(\zeta) = \sum_{j\le v}\frac{1}{1+\zeta j^{2\alpha}}, \qquad m = 1-\frac{D_1}{d}, \qquad z = -\zeta m, \qquad
    J(\zeta) = \sum_{j\le v}\frac{j^{-2\beta}}{1+\zeta j^{2\alpha}}, \qquad S = \frac{J}{m},

and so is its limit on the scale ``d^{-2α}`` of the spectral gap, in ``ζ̃ = ζ d^{2α}``. That these definitions follow
from the fixed-point equation, and the second set from the first, is shown by the derivations that use them.

Importing this module loads SymPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from . import alphabet as letters
from .alphabet import QUANTITIES, B, alpha, beta, d, gamma, j, kappa, rho, u, v, w, zeta, zeta_tilde
from .operations import hypergeometric
from .trees import encode
from .typesetting import latex, text

__all__ = ["DEFINITIONS", "Abbreviation", "Letter", "Root", "records", "spelled_out"]

_Expr = Any  # SymPy ships no types


@dataclass(frozen=True)
class Letter:
    """A letter that abbreviates an expression."""

    letter: _Expr
    expression: _Expr

    @property
    def name(self) -> str:
        return str(self.letter.name)

    @property
    def statement(self) -> _Expr:
        return sp.Eq(self.letter, self.expression, evaluate=False)

    def record(self) -> dict[str, Any]:
        return {"kind": "letter", "tree": encode(self.expression)}


@dataclass(frozen=True)
class Root:
    """A letter that solves ``left = right``.

    Values are searched from ``start``: a positive one is doubled and halved until the root is bracketed (the two sides
    cross once on the positive axis); from a negative one Newton's method descends to the first root (there the
    difference is convex).
    """

    letter: _Expr
    left: _Expr
    right: _Expr
    start: _Expr

    @property
    def name(self) -> str:
        return str(self.letter.name)

    @property
    def statement(self) -> _Expr:
        return sp.Eq(self.left, self.right, evaluate=False)

    def record(self) -> dict[str, Any]:
        closed = hypergeometric(self.left).expression if isinstance(self.left, sp.Integral) else self.left
        return {"kind": "root", "equation": encode(closed - self.right), "start": encode(self.start)}


@dataclass(frozen=True)
class Abbreviation:
    """A function of one variable."""

    quantity: str
    argument: _Expr
    expression: _Expr

    @property
    def name(self) -> str:
        return f"{self.quantity}()"

    @property
    def statement(self) -> _Expr:
        return sp.Eq(QUANTITIES[self.quantity](self.argument), self.expression, evaluate=False)

    def record(self) -> dict[str, Any]:
        return {"kind": "function", "arguments": [self.argument.name], "tree": encode(self.expression)}


def _over_modes(summand: _Expr) -> _Expr:
    return sp.Sum(summand, (j, 1, v))


def _continuum(power: _Expr, order: int = 1) -> _Expr:
    r"""``∫_0^ρ u^{power} (1+ζ̃u^{2α})^{-order} du``, in closed form."""
    integrand = u**power * (1 + zeta_tilde * u ** (2 * alpha)) ** -order
    return hypergeometric(sp.Integral(integrand, (u, 0, rho))).expression


_D, _m, _J = (QUANTITIES[name](zeta) for name in ("D_1", "m", "J"))
_Dw, _mw, _Jw = (QUANTITIES[name](zeta_tilde) for name in ("D_w", "m_w", "J_w"))
_a = gamma * (B + 1) / 2

_ALL: tuple[Letter | Root | Abbreviation, ...] = (
    Letter(letters.c_beta, _over_modes(j ** (-2 * beta))),
    Letter(letters.tau, 2 * gamma * B * letters.r),
    Letter(rho, v / d),
    Letter(letters.t, 2 * gamma * B * letters.r * d ** (-2 * alpha)),
    Letter(letters.g, gamma * d ** (1 - 2 * alpha)),
    Abbreviation("D_1", zeta, _over_modes(1 / (1 + zeta * j ** (2 * alpha)))),
    Abbreviation("J", zeta, _over_modes(j ** (-2 * beta) / (1 + zeta * j ** (2 * alpha)))),
    Abbreviation("m", zeta, 1 - _D / d),
    Abbreviation("S", zeta, _J / _m),
    Abbreviation("N", zeta, 1 - _over_modes((1 + zeta * j ** (2 * alpha)) ** -2) / d),
    Root(letters.zeta_0, QUANTITIES["D_1"](letters.zeta_0), d, d ** (-2 * alpha)),
    Root(
        kappa, sp.Integral(kappa / (kappa + u ** (2 * alpha)), (u, 0, v / d)), sp.Integer(1), (v / d) ** (2 * alpha - 1)
    ),
    Letter(letters.x_plus, (1 + sp.sqrt(1 + (B + 1) * (1 / w - 1) / B)) / (gamma * (B + 1))),
    Letter(letters.x_minus, (1 - sp.sqrt(1 + (B + 1) * (1 / w - 1) / B)) / (gamma * (B + 1))),
    Root(
        letters.zeta_plus,
        -letters.zeta_plus * QUANTITIES["m"](letters.zeta_plus),
        letters.x_plus,
        -letters.x_plus,
    ),
    Root(
        letters.zeta_minus,
        -letters.zeta_minus * QUANTITIES["m"](letters.zeta_minus),
        letters.x_minus,
        d ** (-2 * alpha) - letters.x_minus,
    ),
    Letter(
        letters.norm_F,
        _over_modes(j ** (-2 * beta) / (2 * gamma * B * (1 - _a * j ** (-2 * alpha)))),
    ),
    Abbreviation("D_w", zeta_tilde, _continuum(sp.Integer(0))),
    Abbreviation("m_w", zeta_tilde, 1 - _Dw),
    Abbreviation(
        "k_w", zeta_tilde, letters.g / 2 * (rho ** (1 - 2 * alpha) / (1 - 2 * alpha) - zeta_tilde * _mw * _Dw)
    ),
    Abbreviation("N_w", zeta_tilde, 1 - _continuum(sp.Integer(0), 2)),
    Abbreviation("J_w", zeta_tilde, _continuum(-2 * beta)),
    Abbreviation(
        "S_w",
        zeta_tilde,
        (sp.zeta(2 * beta) - sp.zeta(2 * beta - 2 * alpha) * d ** (-2 * alpha) * zeta_tilde + d ** (1 - 2 * beta) * _Jw)
        / _mw,
    ),
    Letter(letters.sigma_plus, _over_modes(_a * j ** (-2 * alpha - 2 * beta) / (1 - _a * j ** (-2 * alpha)))),
    Root(
        letters.zeta_edge,
        sp.Integral((1 + letters.zeta_edge * u ** (2 * alpha)) ** -2, (u, 0, rho)),
        sp.Integer(1),
        rho ** (-2 * alpha),
    ),
    Root(
        letters.zeta_1,
        -letters.zeta_1 * QUANTITIES["m"](letters.zeta_1),
        2 / (gamma * (B + 1)),
        -2 / (gamma * (B + 1)),
    ),
    Letter(letters.norm_K, -QUANTITIES["D_1"](letters.zeta_1) / (B + 1)),
    Root(letters.zeta_min, QUANTITIES["N"](letters.zeta_min), sp.Integer(0), d ** (-2 * alpha)),
    Root(letters.zeta_max, -QUANTITIES["N"](letters.zeta_max), sp.Integer(0), -1 - 1 / sp.sqrt(d)),
    Root(letters.zeta_c, -QUANTITIES["D_1"](letters.zeta_c), B + 1, -1 - 1 / (B + 1)),
    Root(
        letters.y_c,
        sp.Sum(j ** (-2 * alpha) / (1 + letters.y_c - j ** (-2 * alpha)), (j, 1, sp.oo)),
        B + 1,
        sp.Integer(1),
    ),
)

#: Every definition, by the name of its letter, or of its quantity with parentheses.
DEFINITIONS = {definition.name: definition for definition in _ALL}


def records() -> dict[str, dict[str, Any]]:
    """The definitions as JSON data, each with its statement as LaTeX and as text."""
    found = {}
    for name, definition in DEFINITIONS.items():
        tree = encode(definition.statement)
        found[name] = {**definition.record(), "statement": tree, "latex": latex(tree), "text": text(tree)}
    return found


def spelled_out(expression: _Expr) -> _Expr:
    """The expression with functions and explicit letters replaced by what they stand for; roots stay letters.

    Examples
    --------
    >>> spelled_out(QUANTITIES["m"](letters.zeta_0))
    1 - Sum(1/(j**(2*alpha)*zeta_0 + 1), (j, 1, v))/d
    """
    for _ in range(10):
        before = expression
        for definition in _ALL:
            if isinstance(definition, Abbreviation):
                body, argument = definition.expression, definition.argument
                expression = expression.replace(
                    QUANTITIES[definition.quantity], lambda x, body=body, argument=argument: body.subs(argument, x)
                )
            elif isinstance(definition, Letter):
                expression = expression.subs(definition.letter, definition.expression)
        if expression == before:
            return expression
    raise AssertionError("definitions go in circles")
