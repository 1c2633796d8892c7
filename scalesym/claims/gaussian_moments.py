r"""Given ``W`` the mean loss of SGD is exact at every ``d``, ``v``, ``B``: one step, and all of them.

For Gaussian data the second moments close. With ``φ_i`` the coordinates of ``θ - θ*`` in the eigenbasis of ``H = WᵀDW``,
scaled so that the loss is ``P = P_∞ + Σ_i φ_i²``,

.. math::
    \mathbb E[\varphi_i'^2\mid\varphi] = q(x_i)\varphi_i^2+\gamma^2Bx_i^2\,\mathscr P, \qquad
    \mathscr P_W(r) = \mathscr F_W(r)+\sum_{s<r}\mathscr K_W(r-1-s)\,\mathscr P_W(s).

Two roads lead here. One is the SymPy derivation, general in ``v, d, B`` and ``r``. The other is the algorithm as it is
written, ``θ' = θ - γ Σ Wᵀx(⟨Wᵀx, θ⟩ - y)`` with ``x = D^{1/2}z``, at a fixed rational ``W`` and averaged over *all* ``z`` of a
law on ``{-2, …, 2}``. That law has the Gaussian moments up to the fifth and the loss is of degree 4 in each coordinate of each
sample: this is a tensor quadrature without error, and both sides are fractions that must be equal.

*Remark.* No eigenvalue is computed: sums over modes are quadratic forms in powers of ``H`` and traces. The mean squares of ``d``
modes are compared through the ``d`` sums ``Σ_i x_i^k φ_i²``, which determine them where the eigenvalues are distinct.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..ledger import Claim, Verdict
from ._literal import Model, Vector, dot, laws, mean_losses

if TYPE_CHECKING:
    from ..formulas.derivation import Derivation

__all__ = ["CLAIMS"]

#: Of ``q(x) = q_0 + q_1 x + q_2 x²`` and of the weight ``w x²`` of the loss, from ``γ`` and ``B``.
Step = Callable[[Any, Any], tuple[Any, Any, Any, Any]]
_STEPS = 2
_MODELS = (
    Model(((2, 1), (-1, 3), (1, 2)), 1, Fraction(1, 4), (Fraction(1, 2), Fraction(-1, 3)), Fraction(1, 2)),
    Model(((1, 2), (3, -1), (2, 1)), 2, Fraction(1, 5), (Fraction(0), Fraction(2, 3))),
    Model(((2,), (3,)), 3, Fraction(1, 6), (Fraction(3, 2),)),
)
_RUNS = (
    Model(((2, 1), (-1, 3), (1, 2)), 1, Fraction(1, 4), (Fraction(0), Fraction(0))),
    Model(((2,), (3,)), 2, Fraction(1, 5), (Fraction(0),)),
)


@dataclass(frozen=True)
class _Spectrum:
    """What the statements know of a model: powers of ``H`` applied to ``θ - θ*``, their traces, and the limit loss."""

    hessian: list[Vector]
    optimum: Vector
    limit: Fraction

    @classmethod
    def of(cls, model: Model, features: int) -> _Spectrum:
        from sympy import Matrix, Rational, diag

        def rational(vector: Sequence[Fraction]) -> list[Any]:
            return [Rational(value.numerator, value.denominator) for value in vector]

        W = Matrix([rational(row) for row in model.embedding()[:features]])
        D, b = diag(*(Rational(1, j**2) for j in range(1, features + 1))), Matrix(rational(model.target()[:features]))
        H, h = W.T * D * W, W.T * D * b
        optimum = H.LUsolve(h)
        limit = (b.T * D * b - h.T * optimum)[0] + rational([model.noise**2])[0]
        rows = [tuple(Fraction(int(e.p), int(e.q)) for e in row) for row in (*H.tolist(), list(optimum), [limit])]
        return cls(rows[:-2], rows[-2], rows[-1][0])

    def squares(self, theta: Vector, coefficients: Sequence[Fraction]) -> Fraction:
        """``Σ_i φ_i² Σ_k c_k x_i^k``."""
        error = [value - best for value, best in zip(theta, self.optimum, strict=True)]
        image, total = error, Fraction(0)
        for coefficient in coefficients:
            image = [dot(row, image) for row in self.hessian]
            total += coefficient * dot(error, image)
        return total

    def trace(self, coefficients: Sequence[Fraction]) -> Fraction:
        """``Σ_i Σ_k c_k x_i^k``."""
        size = len(self.hessian)
        total = Fraction(0)
        for n in range(size):
            image = [Fraction(int(m == n)) for m in range(size)]
            for coefficient in coefficients:
                total += coefficient * image[n]
                image = [dot(row, image) for row in self.hessian]
        return total


@lru_cache(maxsize=8)
def _mean_squares(model: Model) -> tuple[Fraction, ...]:
    """``E Σ_i x_i^k φ_i²`` after one step, ``k < d``."""
    spectrum = _Spectrum.of(model, len(model.rows))
    law = laws(model, 1)[1].items()
    powers = [[Fraction(int(n == k)) for n in range(k + 1)] for k in range(len(model.start))]
    return tuple(sum((p * spectrum.squares(theta, power) for theta, p in law), Fraction(0)) for power in powers)


def _one_step(step: Step, features: Callable[[int], int]) -> Verdict:
    """The mean squares of the modes after one step, from all draws and from the statement."""
    from ..formulas.moments import second_moment
    from ..formulas.reduction import reduction

    gaps = {}
    for model in _MODELS:
        spectrum = _Spectrum.of(model, features(len(model.rows)))
        *factor, weight = step(model.gamma, model.batch)
        loss = spectrum.limit + spectrum.squares(model.start, [Fraction(1)])
        for k, found in enumerate(_mean_squares(model)):
            shift, zero = [Fraction(0)] * k, Fraction(0)
            added = loss * spectrum.trace([*shift, zero, zero, weight])
            stated = spectrum.squares(model.start, [*shift, *factor]) + added
            gaps[f"Σ x^{k} φ², {model.name}"] = abs(found - stated) / found
    literal = Verdict.at_most("max |relative difference|", max(gaps.values()), 0, **gaps)
    derivation = _as_derived(step, _evidence(reduction(), second_moment()))  # checked as they were derived
    return Verdict.all_of({"all draws": literal, "derivation": derivation})


def _all_steps(step: Step, features: Callable[[int], int], lag: Callable[[int, int], int]) -> Verdict:
    """The loss along two steps of the algorithm, from all draws and from forcing and kernel."""
    from ..formulas.volterra import loss, mode

    gaps = {}
    for model in _RUNS:
        spectrum = _Spectrum.of(model, features(len(model.rows)))
        *factor, weight = step(model.gamma, model.batch)

        def forcing(r: int, s: _Spectrum = spectrum, q: list[Fraction] = factor, m: Model = model) -> Fraction:
            return s.limit + s.squares(m.start, _power(q, r))

        def kernel(r: int, s: _Spectrum = spectrum, q: list[Fraction] = factor, w: Fraction = weight) -> Fraction:
            return w * s.trace([Fraction(0), Fraction(0), *_power(q, r)])

        losses = mean_losses(model, _STEPS)
        for r, found in enumerate(losses):
            stated = forcing(r) + sum(kernel(lag(r, s)) * losses[s] for s in range(r))
            gaps[f"r={r}, {model.name}"] = abs(found - stated) / found
    literal = Verdict.at_most("max |relative difference|", max(gaps.values()), 0, **gaps)
    derivation = _as_derived(step, _evidence(mode(), loss()))
    return Verdict.all_of({"all draws": literal, "derivation": derivation})


def _as_derived(step: Step, evidence: dict[str, str]) -> Verdict:
    """Whether the derivation arrives at the statement, for symbolic ``γ, B, x``."""
    from sympy import expand

    from ..formulas.alphabet import B, gamma, x
    from ..formulas.moments import factor, loss_weight

    q0, q1, q2, w = step(gamma, B)
    gap = [expand(q0 + q1 * x + q2 * x**2 - factor()), expand(w * x**2 - loss_weight())]
    return Verdict.decided(gap == [0, 0], f"stated minus derived: {gap[0]} and {gap[1]}", **evidence)


def _evidence(*chains: Derivation) -> dict[str, str]:
    return {step.name: step.evidence.claim for chain in chains for step in chain.steps}


def _derived(gamma: Any, batch: Any) -> tuple[Any, Any, Any, Any]:
    """The coefficients that the derivation arrives at."""
    import sympy as sp

    from ..formulas.alphabet import B, x
    from ..formulas.alphabet import gamma as rate
    from ..formulas.moments import factor, loss_weight

    coefficients = [factor().coeff(x, n) for n in range(3)] + [loss_weight().coeff(x, 2)]
    if isinstance(gamma, sp.Basic):
        q0, q1, q2, w = (c.subs({rate: gamma, B: batch}) for c in coefficients)
    else:
        values = {rate: sp.Rational(gamma.numerator, gamma.denominator), B: batch}
        q0, q1, q2, w = (Fraction(int(c.p), int(c.q)) for c in (each.subs(values) for each in coefficients))
    return q0, q1, q2, w


def _instead(**changed: Callable[[Any, Any], Any]) -> Step:
    """The derived coefficients, except for those named."""

    def step(gamma: Any, batch: Any) -> tuple[Any, Any, Any, Any]:
        named = dict(zip(("q0", "q1", "q2", "w"), _derived(gamma, batch), strict=True))
        named |= {name: change(gamma, batch) for name, change in changed.items()}
        return named["q0"], named["q1"], named["q2"], named["w"]

    return step


def _power(polynomial: Sequence[Fraction], r: int) -> list[Fraction]:
    result = [Fraction(1)]
    for _ in range(r):
        grown = [Fraction(0)] * (len(result) + len(polynomial) - 1)
        for m, left in enumerate(result):
            for n, right in enumerate(polynomial):
                grown[m + n] += left * right
        result = grown
    return result


_FALSE: dict[str, dict[str, object]] = {
    "2B for B(B+1)": {"step": _instead(q2=lambda gamma, batch: gamma**2 * 2 * batch)},
    "B² for B(B+1)": {"step": _instead(q2=lambda gamma, batch: gamma**2 * batch**2)},
    "kernel weight without B": {"step": _instead(w=lambda gamma, batch: gamma**2)},
    "batch mean for sum": {"step": lambda gamma, batch: _derived(gamma / batch, batch)},
    "last eigenvalue j = v dropped": {"features": lambda v: v - 1},
}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="conditional.second-moment",
        statement="E[φ_i'² | φ] = q(x_i)φ_i² + γ²Bx_i²P for one step of SGD given W, q = 1 − 2γBx + γ²B(B+1)x², exactly at every d, v, B",
        latex=r"\mathbb E[\varphi_i'^2\mid\varphi] = (1-2\gamma Bx_i+\gamma^2B(B+1)x_i^2)\varphi_i^2 + \gamma^2Bx_i^2\,\mathscr P",
        tier="exact",
        check=_one_step,
        true={"step": _derived, "features": lambda v: v},
        false=_FALSE,
        about=("q", "second_moment"),
        source="arXiv:2405.15074, Volterra equation of the loss given W; derived here",
    ),
    Claim(
        id="conditional.volterra",
        statement="E[P(θ_r) | W] = F_W(r) + Σ_{s<r} K_W(r−1−s) E[P(θ_s) | W], exactly at every d, v, B",
        latex=r"\mathscr P_W(r) = \mathscr F_W(r) + \sum_{s<r}\mathscr K_W(r-1-s)\,\mathscr P_W(s)",
        tier="exact",
        check=_all_steps,
        true={"step": _derived, "features": lambda v: v, "lag": lambda r, s: r - 1 - s},
        false={**_FALSE, "K(r−s) for K(r−1−s)": {"lag": lambda r, s: r - s}},
        rests_on=("conditional.second-moment",),
        about=("rho", "F_W", "K_W", "volterra"),
        source="arXiv:2405.15074, Volterra equation of the loss given W; derived here",
    ),
)
