r"""The scale ``ζ₀``, enclosed.

``ζ₀`` is the positive root of a decreasing function,

.. math:: D_1(\zeta) = \sum_{j\le v} \frac{\lambda_j}{\lambda_j+\zeta} = d,

so an interval contains it if and only if ``D_1`` passes ``d`` between its ends, and in ball arithmetic that is a proof:
the radius of the sum bounds every rounding error made. Each value that the solver returns is put into such an interval,
as wide as the digits it promises.

*Remark.* At ``α = 1`` and ``v = ∞`` the sum is the partial-fraction series of the hyperbolic cotangent,
``2D_1(ζ) + 1 = (π/√ζ) coth(π/√ζ)``, and the same proof works at every ``d``, where no sum could be written out.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_MODELS = (("1", 20, 60), ("2/5", 400, 4000), ("3/2", 100, 2000), ("1/10", 50, 51))  # alpha, d, v
_SIZES = ((10, None), (10**6, None), (10**12, None), ("247/2", 30))  # d, digits
_HALF_WIDTH = {None: 1e-14, 30: 1e-29}  # of the interval, relative, by the digits asked for


def _verdict(passes: dict[str, bool | None], half_widths: str) -> Verdict:
    seen = {
        name: {True: "passes d", False: "does not pass d", None: "undecided"}[each] for name, each in passes.items()
    }
    if wrong := [name for name, each in passes.items() if each is False]:
        return Verdict.fails(f"proven: D₁ does not pass d in the interval, {wrong[0]}", **seen)
    if open_ := [name for name, each in passes.items() if each is None]:
        return Verdict.unknown(f"the balls overlap, {open_[0]}", **seen)
    return Verdict.holds(f"ζ₀(1 ± {half_widths}) proven in {len(passes)} of {len(passes)} intervals", **seen)


def _passes(d1: Callable[[Any], Any], zeta: Any, half_width: float, d: Any) -> bool | None:
    """Whether the decreasing ``d1`` passes ``d`` around ``zeta``; ``None`` if the balls cannot tell."""
    from flint import arb

    width = arb(half_width)
    low, high = d1(zeta * (1 - width)), d1(zeta * (1 + width))
    if low > d and high < d:
        return True
    return False if low < d or high > d else None


def _ball(number: Any) -> Any:
    """A float, or an mpmath number, as the exact ball it is."""
    from flint import arb

    if isinstance(number, float):
        return arb(number)
    sign, mantissa, exponent, _ = number._mpf_
    return arb((-1) ** sign * int(mantissa)) * arb(2) ** int(exponent)


def _enclosed(last: Callable[[int], int], eigenvalue: Callable[[Any, Any], Any]) -> Verdict:
    from flint import arb, ctx, fmpq

    from ..model import PLRF

    passes = {}
    with ctx.workdps(50):
        for alpha, d, v in _MODELS:
            exponent = arb(fmpq(*Fraction(alpha).as_integer_ratio()))
            spectrum = [eigenvalue(arb(j), exponent) for j in range(1, last(v) + 1)]
            for digits, half_width in _HALF_WIDTH.items():
                zeta0 = _ball(PLRF(alpha, 1, d, v).zeta0(digits))
                passes[f"alpha={alpha} d={d} v={v} digits={digits}"] = _passes(
                    lambda zeta, spectrum=spectrum: sum((x / (x + zeta) for x in spectrum), arb(0)),  # type: ignore[misc]
                    zeta0,
                    half_width,
                    d,
                )
    return _verdict(passes, "1e-14, 1e-29")


def _enclosed_at_infinity(atom: int) -> Verdict:
    from flint import arb, ctx, fmpq

    from ..model import PLRF

    def d1(zeta: Any) -> Any:
        y = arb.pi() / zeta.sqrt()
        return (y * y.coth() - atom) / 2

    passes = {}
    with ctx.workdps(60):
        for d, digits in _SIZES:
            size = arb(fmpq(*Fraction(d).as_integer_ratio()))
            zeta0 = _ball(PLRF(1, 1, d, "inf").zeta0(digits))
            passes[f"d={d} digits={digits}"] = _passes(d1, zeta0, _HALF_WIDTH[digits], size)
    return _verdict(passes, "1e-14, 1e-29")


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="zeta0",
        statement="ζ₀ is the root of Σ_{j≤v} λ_j/(λ_j+ζ) = d, to all digits returned",
        latex=r"\sum_{j\le v} \frac{\lambda_j}{\lambda_j+\zeta_0} = d",
        tier="ball",
        check=_enclosed,
        true={"last": lambda v: v, "eigenvalue": lambda j, alpha: j ** (-2 * alpha)},
        false={
            "j = v dropped": {"last": lambda v: v - 1},
            "λ_j = j^(−α)": {"eigenvalue": lambda j, alpha: j**-alpha},
        },
        source="arXiv:2405.15074, definition of F_0",
        quick=True,
    ),
    Claim(
        id="zeta0.infinite",
        statement="At α = 1, v = ∞, ζ₀ is the root of (π/√ζ) coth(π/√ζ) = 2d + 1, to all digits returned",
        latex=r"\frac{\pi}{\sqrt{\zeta_0}}\coth\frac{\pi}{\sqrt{\zeta_0}} = 2d+1",
        tier="ball",
        check=_enclosed_at_infinity,
        true={"atom": 1},
        false={"a mode j = 0": {"atom": -1}},
        source="derived here from the partial fractions of coth",
    ),
)
