r"""One step of SGD, exactly: the mean square of a coordinate after a batch of ``B``, from Gaussian fourth moments.

Given ``W``, a step changes the coordinate ``φ`` of the error along an eigenvector of ``WᵀDW`` with eigenvalue ``x`` by
``-γx Σ_k g_k δ_k``, where ``(g_k, δ_k)``, ``k ≤ B``, are independent copies of one pair of Gaussian numbers with
covariance ``((1, φ), (φ, P))``, whatever ``v`` and ``d`` (:mod:`scalesym.formulas.reduction`). Hence

.. math::
    \mathbb E\Bigl[\Bigl(\varphi-\gamma x\sum_{k=1}^{B}g_k\delta_k\Bigr)^2\,\Big|\,\varphi\Bigr]
    = q(x)\,\varphi^2+\gamma^2Bx^2\,\mathscr P, \qquad q(x)=1-2\gamma Bx+\gamma^2B(B+1)x^2,

with symbolic ``B``: the ``B`` diagonal terms of the squared sum give ``E[g²δ²] = P + 2φ²`` each, the ``B(B-1)`` others
``E[gδ]² = φ²``. Independence and the Gaussian enter through moment generating functions, differentiated by SymPy. The
checks know neither: they add up the mean over a discrete law with the same moments up to the fifth, in fractions.

Importing this module loads SymPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, B, P, gamma, k, phi, x
from .checks import at, equality
from .derivation import Check, Condition, Derivation, DerivationError, Evidence, Outcome
from .evaluation import rational
from .reduction import joint_covariance
from .trees import Tree, encode

__all__ = ["LAW", "factor", "loss_weight", "second_moment"]

_Expr = Any  # SymPy ships no types
_Values = Mapping[str, Fraction]

#: Values and probabilities, with the moments 1, 0, 1, 0, 3, 0 of a standard Gaussian number.
LAW = {n: Fraction(weight, 12) for n, weight in zip(range(-2, 3), (1, 2, 6, 2, 1), strict=True)}

_mean, _g, _delta = (QUANTITIES[name] for name in ("E", "g", "delta"))


@lru_cache(maxsize=1)
def second_moment() -> Derivation:
    """Derive ``E[(φ - γx Σ_k g_k δ_k)² | φ]``.

    Returns
    -------
    Derivation
        The steps are named ``independent samples``, ``Gaussian moments`` and ``collected``.

    Raises
    ------
    DerivationError
        If a check refutes a step.

    Examples
    --------
    >>> from scalesym.formulas.moments import second_moment
    >>> second_moment().expression
    B*P*gamma**2*x**2 + phi**2*(B*gamma**2*x**2*(B + 1) - 2*B*gamma*x + 1)
    """
    step = phi - gamma * x * sp.Sum(_g(k) * _delta(k), (k, 1, B))
    start = _mean(step**2, phi)
    return (
        Derivation(start, start, "conditional", _START)
        .then(
            "independent samples",
            independent_samples,
            exact_means(_POINTS),
            prose="The square of a sum over $B$ independent samples has $B$ terms with one sample and $B(B-1)$ with two: "
            "the second derivative at 0 of the generating function of one sample, raised to the power $B$.",
        )
        .then(
            "Gaussian moments",
            gaussian_moments,
            exact_means(_POINTS),
            prose="The moments are derivatives at 0 of $e^{\\langle t,Ct\\rangle/2}$, where $C$ is the covariance of "
            "$(g,\\delta)$, with variances $1$ and $\\mathscr{P}$ and covariance $\\varphi$. "
            "There is such a pair where $C$ is positive semidefinite.",
        )
        .then(
            "collected",
            collected,
            equality(_POINTS),
            prose="The factor of $\\varphi^2$ is $q(x)$, and the factor of $\\mathscr{P}$ is what the loss adds to the mode.",
        )
    )


def factor(eigenvalue: _Expr = x) -> _Expr:
    """``q``, by which one step multiplies the mean square of a mode: the coefficient of ``φ²`` in the derived result.

    Examples
    --------
    >>> from scalesym.formulas.moments import factor
    >>> factor()
    B*gamma**2*x**2*(B + 1) - 2*B*gamma*x + 1
    """
    return second_moment().expression.coeff(phi**2).subs(x, eigenvalue)


def loss_weight(eigenvalue: _Expr = x) -> _Expr:
    """What one step adds to the mean square of a mode, per unit of loss: the coefficient of ``P``.

    Examples
    --------
    >>> from scalesym.formulas.moments import loss_weight
    >>> loss_weight()
    B*gamma**2*x**2
    """
    return second_moment().expression.coeff(P).subs(x, eigenvalue)


def independent_samples(before: _Expr) -> Outcome:
    """The mean of a quadratic polynomial in a sum of independent copies, in moments of the first copy.

    The generating function of a sum of ``n`` independent copies is the ``n``-th power of that of one.

    Examples
    --------
    >>> independent_samples(_mean(sp.Sum(_g(k), (k, 1, B)) ** 2, phi)).expression
    B*(B - 1)*E(g(1), phi)**2 + B*E(g(1)**2, phi)
    """
    if not isinstance(before, _mean) or len(totals := before.args[0].atoms(sp.Sum)) != 1:
        raise DerivationError(f"expected the mean of a polynomial in one sum over samples, not {before}")
    (total,), (polynomial, condition) = totals, before.args
    sample, first, last = total.limits[0]
    whole, t = sp.Dummy("S"), sp.Dummy("t")
    coefficients = sp.Poly(polynomial.subs(total, whole), whole).all_coeffs()[::-1]
    if len(coefficients) > 3:
        raise DerivationError(f"the polynomial has degree {len(coefficients) - 1}, beyond 2")
    one = total.function.subs(sample, first)
    generating = 1 + sum(_mean(one**n, condition) * t**n / sp.factorial(n) for n in (1, 2))
    powers = generating ** (last - first + 1)
    moments = [sp.expand(sp.diff(powers, t, n).subs(t, 0)) for n in range(len(coefficients))]
    counted = [sp.collect(each, list(each.atoms(_mean)), func=sp.factor) for each in moments]
    return Outcome(sum(c * each for c, each in zip(coefficients, counted, strict=True)))


def gaussian_moments(before: _Expr) -> Outcome:
    """Means of monomials in ``g_1`` and ``δ_1``, as derivatives of their moment generating function.

    Examples
    --------
    >>> gaussian_moments(_mean(_g(1) ** 2 * _delta(1) ** 2, phi)).expression
    P + 2*phi**2
    """
    covariance, t = joint_covariance(), sp.Matrix(sp.symbols("t_1 t_2", real=True, cls=sp.Dummy))
    generating = sp.exp((t.T * covariance * t)[0] / 2)
    found = {}
    for mean in before.atoms(_mean):
        powers = mean.args[0].as_powers_dict()
        orders = [powers.pop(letter(1), 0) for letter in (_g, _delta)]
        if set(powers) - {sp.S.One}:
            raise DerivationError(f"{mean.args[0]} is not a monomial in g_1 and δ_1")
        found[mean] = sp.expand(sp.diff(generating, *zip(t, orders, strict=True)).subs(dict.fromkeys(t, 0)))
    because = "the variance of the residual, given its covariance with g"
    return Outcome(before.subs(found), (Condition(sp.Ge(P, P - covariance.det(), evaluate=False), because),))


def collected(before: _Expr) -> Outcome:
    """The same polynomial, by powers of ``φ`` and ``P`` and within them of ``x``, with factorised coefficients."""
    expanded = sp.expand(before)
    return Outcome(sp.collect(expanded, [phi, P], func=lambda inner: sp.collect(inner, x, func=sp.factor)))


def exact_means(points: Sequence[_Values]) -> Check:
    """Both sides agree exactly, means being added up over :data:`LAW` for every sample of the batch.

    At every point ``P - φ²`` must be the square of a rational ``τ``: then ``δ = φ g + τ ξ`` with ``ξ`` independent of
    ``g``. A squared step is of degree 4 in each ``g`` and ``ξ``, so that nothing is lost.
    """

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            left, right = (rational(_without_means(encode(e), point), point) for e in (before, outcome.expression))
            if left != right:
                raise DerivationError(f"at {dict(point)}: {left} before, {right} after")
            figures.append(f"B = {point['B']}: {left} on both sides")
        claim = "both sides are equal fractions, means by quadrature of degree 5 over all samples, B ="
        return Evidence(f"{claim} {', '.join(str(point['B']) for point in points)}", tuple(figures))

    return check


def _without_means(tree: Tree, point: _Values) -> Tree:
    """The tree with each mean replaced by its value."""
    if not isinstance(tree, list):
        return tree
    if tree[:2] != ["Quantity", "E"]:
        return [tree[0], *(_without_means(part, point) for part in tree[1:])]
    spread = _root(point["P"] - point["phi"] ** 2)
    samples = int(point["B"]) if any(part == "B" for part in _leaves(tree[2])) else 1
    total = Fraction(0)
    for drawn in product(LAW, repeat=samples * (2 if spread else 1)):
        g = drawn[:samples]
        delta = [point["phi"] * a + spread * b for a, b in zip(g, drawn[samples:] or g, strict=True)]
        weight = Fraction(1)
        for n in drawn:
            weight *= LAW[n]
        total += weight * rational(tree[2], point, {"g": _term_of(g), "delta": _term_of(delta)})
    return ["Rational", total.numerator, total.denominator]


def _term_of(sequence: Sequence[int | Fraction]) -> Callable[[Fraction], Fraction]:
    return lambda n: Fraction(sequence[int(n) - 1])


def _leaves(tree: Tree) -> list[Tree]:
    return [leaf for part in tree for leaf in _leaves(part)] if isinstance(tree, list) else [tree]


def _root(square: Fraction) -> Fraction:
    root = Fraction(math.isqrt(max(0, square.numerator)), math.isqrt(square.denominator))
    if root**2 != square:
        raise DerivationError(f"P - φ² = {square} is not the square of a fraction")
    return root


_POINTS = (
    at(B=1, gamma="2/5", x="3/7", phi="-2/3", P="13/9"),
    at(B=2, gamma="3/10", x="5/4", phi="1/2", P="5/2"),
    at(B=3, gamma="1/3", x="1/2", phi="3/5", P="9/25"),  # the residual is a multiple of g, to keep it short
)

_START = (
    "Given $W$, let $W^\\top DW=VS^2V^\\top$, with least-squares solution $\\theta_\\ast$. One step changes the coordinate "
    "$\\varphi=(SV^\\top(\\theta-\\theta_\\ast))_i$ of the error, to the eigenvalue $x=S_{ii}^2$, by "
    "$-\\gamma x\\sum_k g_k\\delta_k$. For each sample of the batch, with features $a$ and target $y$, "
    "$g=(S^{-1}V^\\top a)_i$, and $\\delta=\\langle a,\\theta\\rangle-y$ is the residual; since $y-\\langle a,"
    "\\theta_\\ast\\rangle$ is uncorrelated with $a$ by the normal equations, they are Gaussian with covariance $\\varphi$ "
    "and variances $1$ and $\\mathscr{P}=\\mathscr{P}_\\infty+\\sum_j\\varphi_j^2$, whatever $v$ and $d$."
)
