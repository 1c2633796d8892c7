r"""From random features to a few Gaussian numbers: the joint law of a coordinate and the residual, for every ``v, d``.

Given ``W``, one sample is ``x ~ N(0, D)`` with target ``y = ⟨x, b⟩ + η``, where ``η ~ N(0, σ²)`` is label noise (0 in
the paper), and SGD sees it through ``a = Wᵀx`` and the residual ``δ = ⟨a, θ⟩ - y``. All of these are linear in a
Gaussian vector, so that covariances decide everything. With ``H = WᵀDW``, invertible for ``W`` of full rank ``d ≤ v``,

.. math::
    \theta_\ast = H^{-1}W^\top Db, \qquad H = VS^2V^\top, \qquad
    \varphi = SV^\top(\theta-\theta_\ast), \qquad g = S^{-1}V^\top a \sim N(0, I).

The least-squares solution ``θ*`` makes ``ε = y - ⟨a, θ*⟩`` uncorrelated with ``a`` (its normal equations), hence
independent of it; the variance of ``ε`` is the limit loss ``P_∞ = ⟨b, Db⟩ + σ² - ⟨WᵀDb, H^{-1}WᵀDb⟩``. The loss of
``θ`` is ``P = P_∞ + ‖φ‖²``, and a step with batch ``B`` changes coordinate ``i`` of ``φ`` by ``-γ x_i Σ_k g_k δ_k``,
where ``x_i`` is its eigenvalue, the square of the diagonal entry of ``S``: only the pair ``(g_i, δ)`` enters.

The chain of :func:`reduction` is general: matrices with symbolic sizes ``v, d``, multiplied out by SymPy. Its checks put
in explicit rational matrices, ``v, d`` up to 4 and 3.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import P, phi
from .derivation import Check, Derivation, DerivationError, Evidence, Operation, Outcome

__all__ = ["joint_covariance", "reduction"]

_Expr = Any  # SymPy ships no types

_v, _d = sp.symbols("v d", integer=True, positive=True)
_W, _D, _b = sp.MatrixSymbol("W", _v, _d), sp.MatrixSymbol("D", _v, _v), sp.MatrixSymbol("b", _v, 1)
_noise = sp.MatrixSymbol("sigma2", 1, 1)  # σ²
_V, _S = sp.MatrixSymbol("V", _d, _d), sp.MatrixSymbol("S", _d, _d)
_phi, _unit = sp.MatrixSymbol("phi", _d, 1), sp.MatrixSymbol("e", _d, 1)  # φ, and e_i
# abbreviations: H = WᵀDW, h = WᵀDb, and the limit loss
_H, _h, _limit = sp.MatrixSymbol("H", _d, _d), sp.MatrixSymbol("h", _d, 1), sp.MatrixSymbol("P_inf", 1, 1)
_one, _none = sp.Identity(1), sp.ZeroMatrix(_d, 1)


@lru_cache(maxsize=1)
def reduction() -> Derivation:
    r"""Derive the covariance of ``(g_i, δ)`` from that of ``(x, η)``, by three linear maps multiplied out one by one.

    .. math::
        \operatorname{Cov}(g_i,\delta) =
        \begin{pmatrix} e_i^\top e_i & e_i^\top\varphi\\ \varphi^\top e_i & \varphi^\top\varphi+P_\infty\end{pmatrix}

    Returns
    -------
    Derivation
        The steps are named ``features and target``, ``normal equations`` and ``eigenbasis``. Their expressions are
        matrices, which have no tree; the catalogue tells this part of the story in words.

    Raises
    ------
    DerivationError
        If a check refutes a step.

    Examples
    --------
    >>> from scalesym.formulas.reduction import reduction
    >>> reduction().expression
    Matrix([
    [  e.T*e,         e.T*phi],
    [phi.T*e, P_inf + phi.T*phi]])
    """
    features = sp.BlockMatrix([[_W.T, _none], [_b.T, _one]])  # (x, η) ↦ (a, y)
    solution = _H.inverse() * _h
    residual = sp.BlockMatrix([[sp.Identity(_d), _none], [-solution.T, _one]])  # (a, y) ↦ (a, ε)
    whitening = _V * _S.inverse()
    pair = sp.BlockMatrix([[(whitening * _unit).T, sp.ZeroMatrix(1, 1)], [(whitening * _phi).T, -_one]])
    data = sp.BlockMatrix([[_D, sp.ZeroMatrix(_v, 1)], [sp.ZeroMatrix(1, _v), _noise]])
    maps = (pair, residual, features)
    start = sp.MatMul(*maps, data, *(each.T for each in reversed(maps)), evaluate=False)
    return (
        Derivation(sp.Symbol("covariance"), start, "conditional", "Three linear maps of the Gaussian vector $(x, η)$.")
        .then(
            "features and target",
            _multiplied(_abbreviated),
            _substituted(_CASES),
            prose="Covariance of $(a, y)$: with $H=W^\\top DW$ and $h=W^\\top Db$ it is made of $H$, $h$ and the energy.",
        )
        .then(
            "normal equations",
            _multiplied(_least_squares),
            _substituted(_CASES),
            prose="Covariance of $(a, \\varepsilon)$: $\\theta_\\ast=H^{-1}h$ leaves $h-H\\theta_\\ast=0$ off the diagonal.",
        )
        .then(
            "eigenbasis",
            _multiplied(_in_eigenbasis),
            _substituted(_CASES),
            prose="Covariance of $(g_i,\\delta)$: $H=VS^2V^\\top$ with $V$ orthogonal, and $\\delta=\\langle g,\\varphi\\rangle"
            "-\\varepsilon$.",
        )
    )


def joint_covariance() -> _Expr:
    r"""The 2×2 covariance matrix of ``(g_i, δ)``, in the coordinate ``φ`` of that mode and the loss ``P = P_∞ + ‖φ‖²``.

    Examples
    --------
    >>> from scalesym.formulas.reduction import joint_covariance
    >>> joint_covariance()
    Matrix([
    [  1, phi],
    [phi,   P]])
    """
    letters = {_unit.T * _unit: 1, _unit.T * _phi: phi, _phi.T * _unit: phi, _phi.T * _phi + _limit: P}
    blocks = reduction().expression.blocks
    if any(block not in letters for block in blocks):
        raise DerivationError(f"the covariance {blocks} has other entries than coordinates and the loss")
    return sp.ImmutableMatrix(2, 2, [letters[block] for block in blocks])


def _multiplied(simplified: Any) -> Operation:
    """The innermost ``L C Lᵀ`` of a product of linear maps around a covariance, multiplied out and simplified."""

    def operation(before: _Expr) -> Outcome:
        factors = before.args
        middle = len(factors) // 2
        product = sp.block_collapse(factors[middle - 1] * factors[middle] * factors[middle + 1])
        rows, columns = product.blockshape
        inner = sp.BlockMatrix([[simplified(product.blocks[m, n]) for n in range(columns)] for m in range(rows)])
        outer = (*factors[: middle - 1], inner, *factors[middle + 2 :])
        return Outcome(sp.MatMul(*outer, evaluate=False) if len(outer) > 1 else inner)

    return operation


def _abbreviated(block: _Expr) -> _Expr:
    """``H`` and ``h`` for their definitions, wherever the whole block is one of them."""
    names = {_W.T * _D * _W: _H, _W.T * _D * _b: _h, _b.T * _D * _W: _h.T}
    return names.get(block, block)


def _least_squares(block: _Expr) -> _Expr:
    """Cancel ``H H^{-1}``; the variance left is what the limit loss abbreviates."""
    reduced = sp.refine(block.expand().doit(), sp.Q.symmetric(_H)).doit()
    variance = _b.T * _D * _b + _noise - _h.T * _H.inverse() * _h
    return _limit if reduced == variance.doit() else reduced


def _in_eigenbasis(block: _Expr) -> _Expr:
    """``H = V S² Vᵀ``, with ``VᵀV = I`` and ``Sᵀ = S``."""
    spelled = block.subs(_H, _V * _S * _S * _V.T).expand().doit()
    for fact in (sp.Q.orthogonal(_V), sp.Q.symmetric(_S), sp.Q.symmetric(_S.inverse())):
        spelled = sp.refine(spelled, fact).doit()
    return spelled


def _reflection(*normal: int) -> _Expr:
    """``I - 2uuᵀ/uᵀu``, a rational orthogonal matrix."""
    u = sp.Matrix(normal)
    return sp.ImmutableMatrix(sp.eye(len(normal)) - 2 * u * u.T / u.dot(u))


def _case(left: Sequence[int], right: Sequence[int], coordinates: Sequence[int], mode: int) -> Mapping[_Expr, _Expr]:
    """Explicit matrices with a rational spectrum: ``W = D^{-1/2} U S Vᵀ``, ``D^{1/2} = diag(1, 1/2, …)``."""
    v, d = len(left), len(right)
    root = sp.diag(*(sp.Rational(1, n) for n in range(1, v + 1)))
    V, S = _reflection(*right), sp.diag(*(sp.Rational(n + 2, n + 1) for n in range(d)))
    W = root.inv() * _reflection(*left)[:, :d] * S * V.T
    b, noise = sp.Matrix([sp.Rational(n, n + 2) for n in range(1, v + 1)]), sp.Matrix([[sp.Rational(2, 7)]])
    H, h = W.T * root**2 * W, W.T * root**2 * b
    limit = (root * (W * H.inv() * h - b)).norm() ** 2 * sp.eye(1) + noise  # the loss of θ* itself
    unit = sp.Matrix([int(n == mode) for n in range(d)])
    explicit = {_W: W, _D: root**2, _b: b, _noise: noise, _V: V, _S: S, _H: H, _h: h, _limit: limit, _unit: unit}
    return {_v: sp.Integer(v), _d: sp.Integer(d), _phi: sp.Matrix(coordinates), **explicit}


_CASES = (
    _case((1, 2), (1,), (3,), 0),
    _case((1, 2, -1), (2, 1), (3, -2), 1),
    _case((1, 1, 3, 2), (1, -1, 2), (1, 4, 2), 2),
)


def _substituted(cases: Sequence[Mapping[_Expr, _Expr]]) -> Check:
    """Both sides agree exactly when every symbol is an explicit rational matrix."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for case in cases:
            left, right = _explicit(before, case), _explicit(outcome.expression, case)
            if left != right:
                raise DerivationError(f"at v = {case[_v]}, d = {case[_d]}: {left} before, {right} after")
            figures.append(f"v = {case[_v]}, d = {case[_d]}: {list(right)} on both sides")
        return Evidence(f"both sides agree exactly for {len(cases)} explicit rational models", tuple(figures))

    return check


def _explicit(expression: _Expr, case: Mapping[_Expr, _Expr]) -> _Expr:
    """The value of a matrix expression, by plain arithmetic with explicit matrices."""
    if expression in case:
        return sp.ImmutableMatrix(case[expression])
    if isinstance(expression, sp.Identity):
        return sp.ImmutableMatrix(sp.eye(int(case.get(expression.shape[0], expression.shape[0]))))
    if isinstance(expression, sp.ZeroMatrix):
        return sp.ImmutableMatrix(sp.zeros(*(int(case.get(size, size)) for size in expression.shape)))
    if isinstance(expression, sp.BlockMatrix):
        rows, columns = expression.blockshape
        blocks = [[_explicit(expression.blocks[m, n], case) for n in range(columns)] for m in range(rows)]
        return sp.ImmutableMatrix(sp.Matrix.vstack(*(sp.Matrix.hstack(*row) for row in blocks)))
    parts = [_explicit(part, case) if isinstance(part, sp.MatrixExpr) else part for part in expression.args]
    kinds = {sp.MatMul: sp.prod, sp.MatAdd: lambda terms: sum(terms[1:], terms[0]), sp.MatPow: lambda p: p[0] ** p[1]}
    kinds |= {sp.Inverse: lambda p: p[0].inv(), sp.Transpose: lambda p: p[0].T}
    if type(expression) not in kinds:
        raise DerivationError(f"{type(expression).__name__} has no explicit value here")
    return kinds[type(expression)](parts)
