r"""Six numbers that any implementation of the deterministic equivalent can be held against.

``α = 1``, ``β = 7/10``, ``d = 20``, ``v = 60``, ``γ = 3/10``, ``B = 1``: small enough to write every sum out, and nowhere near an
asymptotic regime. The numbers are compared with the solver, and computed anew here in 40 digits: ``ζ₀`` and ``ζ(x_+)`` by
iteration, ``F`` and ``K`` on one ellipse in the plane of ``ζ``, the loss by recursion.

*Remark.* The trapezoid rule on the ellipse gains digits in proportion to its nodes, and 2048 of them are worth more than 25.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_ALPHA, _BETA, _D, _V, _GAMMA, _R = 1, Fraction(7, 10), 20, 60, Fraction(3, 10), 80
_PRINTED = {
    "F_0": "0.0091513621903337207062",
    "F(80)": "0.021270925536332591331",
    "P(80)": "0.032635432978572923395",
    "K(80)": "0.000106313334449441824",
    "‖K‖": "0.32596710938095098",
    "F(0)": "1.1386417192826330476",
}


def _solver() -> dict[str, Any]:
    from ..model import PLRF

    model = PLRF(_ALPHA, _BETA, _D, _V, _GAMMA)
    values = {
        "F_0": model.forcing_limit(digits=25),
        "F(80)": model.forcing(_R, digits=25),
        "P(80)": model.loss(_R, digits=25),
        "K(80)": model.kernel(_R, digits=25),
        "‖K‖": model.kernel_norm(digits=25),
        "F(0)": model.forcing(0, digits=25),
    }
    return {name: Fraction(str(value)) for name, value in values.items()}


def _anew(v: int, gamma: Fraction) -> dict[str, Fraction]:
    """The same numbers from sums over ``j ≤ v`` and one ellipse, at ``B = 1``."""
    from flint import ctx

    with ctx.workdps(40):
        found = _in_balls(v, gamma)
        return {name: Fraction(value.mid().str(30, radius=False)) for name, value in found.items()}


def _in_balls(v: int, gamma: Fraction, nodes: int = 2048) -> dict[str, Any]:
    from flint import acb, arb, fmpq

    def exact(x: Fraction) -> Any:
        return arb(fmpq(x.numerator, x.denominator))

    lam = [arb(j) ** (-2 * _ALPHA) for j in range(1, v + 1)]
    target = [arb(j) ** (-2 * _ALPHA) * arb(j) ** (-2 * exact(_BETA)) for j in range(1, v + 1)]
    rate = exact(gamma)

    def d1(zeta: Any) -> Any:
        return sum((x / (x + zeta) for x in lam), 0 * zeta)

    def solved(step: Callable[[Any], Any], x: Any) -> Any:
        for _ in range(200):
            x = step(x).mid()
        return x

    def newton(zeta: Any) -> Any:
        return zeta + (d1(zeta) - _D) / sum((x / (x + zeta) ** 2 for x in lam), arb(0))

    zeta0 = solved(newton, arb(0))  # from the left of a convex function: monotone
    m_plus = solved(lambda m: 1 - d1(-1 / rate / m) / _D, arb(1))
    forcing, kernel = [arb(0)] * (_R + 1), [arb(0)] * (_R + 1)
    middle, half, height = (2 * zeta0 - arb(1.5)) / 2, (2 * zeta0 + arb(1.5)) / 2, arb(0.15)
    for n in range(nodes // 2):  # the lower half is the mirror image
        angle = 2 * arb.pi() * (2 * n + 1) / (2 * nodes)
        sine, cosine = angle.sin(), angle.cos()
        zeta = acb(middle + half * cosine, height * sine).mid()
        inverse = [1 / (x + zeta) for x in lam]
        first = sum((x * y for x, y in zip(lam, inverse, strict=True)), acb(0))
        second = sum(((x * y) ** 2 for x, y in zip(lam, inverse, strict=True)), acb(0))
        energy = sum((x * y for x, y in zip(target, inverse, strict=True)), acb(0))
        m = 1 - first / _D
        z = -zeta * m
        weight = (1 - second / _D) * acb(height * cosine, half * sine) * 2 / nodes
        q = 1 - 2 * rate * z + 2 * (rate * z) ** 2
        from_target, from_noise = energy / m * weight, rate**2 * z * first * weight
        for r in range(_R + 1):
            forcing[r] += from_target.real
            kernel[r] += from_noise.real
            from_target, from_noise = (from_target * q).mid(), (from_noise * q).mid()
    loss: list[Any] = []
    for r in range(_R + 1):
        loss.append(forcing[r] + sum((kernel[r - 1 - s] * loss[s] for s in range(r)), arb(0)))
    return {
        "F_0": sum((y * zeta0 / (x + zeta0) for x, y in zip(lam, target, strict=True)), arb(0)),
        "F(80)": forcing[_R],
        "P(80)": loss[_R],
        "K(80)": kernel[_R],
        "‖K‖": -d1(-1 / rate / m_plus) / 2,
        "F(0)": sum(target, arb(0)),
    }


def _printed(v: int, gamma: Fraction) -> Verdict:
    units = {}
    for road, values in (("PLRF", _solver()), ("anew", _anew(v, gamma))):
        for name, text in _PRINTED.items():
            unit = Fraction(1, 10 ** len(text.partition(".")[2]))
            units[f"{road}, {name}"] = float(abs(values[name] - Fraction(text)) / unit)
    return Verdict.at_most("largest difference, in units of the last printed digit", max(units.values()), 0.51, **units)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="reference-values",
        statement="At α=1, β=7/10, d=20, v=60, γ=3/10, B=1: " + ", ".join(f"{k} = {x}" for k, x in _PRINTED.items()),
        tier="numeric",
        check=_printed,
        true={"v": _V, "gamma": _GAMMA},
        false={"j = v dropped": {"v": _V - 1}, "γ → 2γ": {"gamma": 2 * _GAMMA}},
        rests_on=("recursion", "kernel-norm"),
        about=("F", "F.initial", "K", "K_norm", "F_0.exact"),
        source="derived here",
    ),
)
