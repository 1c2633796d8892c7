"""The laws of Henighan et al.: growth of data, one law for two trends, and a printed scale that has lost a power of ten."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from ..ledger import Claim, Verdict
from ._printed import comes_out, rounds_to

__all__ = ["CLAIMS"]

_HENIGHAN = "T. Henighan et al., arXiv:2010.14701"
_PER_IMAGE = {  # table 3 of Henighan: row of table 1, tokens, scale in PF-days
    "image-8x8": (192, "1.9e4"),
    "image-16x16": (768, "1.7e10"),
    "image-32x32": (3072, "2.7e26"),
    "image-vq-16x16": (256, "4.7e15"),
    "image-vq-32x32": (1024, "3.1e19"),
}


def _spread(low: str, high: str) -> Verdict:
    """The extremes of ``α_C/(pα_N)`` over the rows that have all three."""
    from ..laws.henighan import Henighan

    rows = {name: Henighan.from_paper(name) for name in Henighan.papers()}
    ratios = {name: law.consistency().ratio for name, law in rows.items() if law.compute and law.allocation}
    ends = rounds_to(low), rounds_to(high)
    least, most = min(ratios.values()), max(ratios.values())
    good = ends[0][0] <= least <= ends[0][1] and ends[1][0] <= most <= ends[1][1]
    return Verdict.decided(good, f"from {least:.3f} to {most:.3f}, claimed {low} to {high}", **ratios)


def _second_exponent(delta: Callable[[Any, Any], Any]) -> Verdict:
    """The exponents of ``n^{-α} + d^{-δ}`` at ``c = nd`` are ``p`` and ``pα``, in exact rationals."""
    from ..powerlaw import Law, Term

    wrong = 0
    for alpha, p in product(map(Fraction, ("0.24", "0.07", "2")), map(Fraction, ("0.64", "0.75", "1/3"))):
        best = Law((Term("size", 0, alpha), Term("data", delta(alpha, p), 0))).optimum()
        wrong += (best.xi, best.eta) != (p, p * alpha)
    return Verdict.at_most("wrong exponents", wrong, 0, tried=9)


def _data_growth(with_size: Callable[[Any], Any], with_compute: Callable[[Any], Any]) -> Verdict:
    """``D = C/(6N)`` with ``N ∝ C^p``: exponents in exact rationals."""
    wrong = 0
    for p in map(Fraction, ("0.64", "0.7", "0.75")):
        wrong += with_compute(p) + p != 1
        wrong += with_size(p) * p != with_compute(p)
    at = Fraction(7, 10)
    return Verdict.at_most(
        "wrong exponents", wrong, 0, with_size=float(with_size(at)), with_compute=float(with_compute(at))
    )


def _per_image(rows: dict[str, tuple[int, str]]) -> Verdict:
    """``tokens · L`` of table 1, over all constants that round to the printed ones, against the scale of table 3."""
    from ..laws.published import constants

    parts = {}
    for name, (tokens, printed) in rows.items():
        row = constants("henighan", name)["constants"]["compute"]
        given = {"x0": f"{row['x0']:.1e}", "alpha": f"{row['alpha']:.2f}"}

        def scale(x0: Any, alpha: Any, tokens: int = tokens) -> Fraction:
            return Fraction(float(x0) * tokens ** (1 / float(alpha)))

        parts[name] = comes_out(scale, given, printed)
    return Verdict.all_of(parts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.henighan.data-growth",
        statement=(
            "With C = 6ND, N ∝ C^p leaves D ∝ C^{1−p} ∝ N^{(1−p)/p}: 0.3 and 0.43 at p = 0.7 (printed 0.4); the "
            "product 0.4 · 0.7 = 0.28 breaks the budget"
        ),
        latex=r"D \propto C^{1-p} \propto N^{(1-p)/p}",
        tier="exact",
        check=_data_growth,
        true={"with_size": lambda p: (1 - p) / p, "with_compute": lambda p: 1 - p},
        false={"0.4 and 0.28 throughout": {"with_size": lambda p: Fraction(2, 5), "with_compute": lambda p: 2 * p / 5}},
        source=f"{_HENIGHAN}, section 2.3",
        quick=True,
    ),
    Claim(
        id="laws.henighan.two-term",
        statement="L_∞ + (N_0/N)^α + (D_0/D)^δ has N ∝ C^p at C = 6ND with δ = αp/(1−p), and then α_C = pα",
        latex=r"\delta = \frac{\alpha p}{1-p}",
        tier="exact",
        check=_second_exponent,
        true={"delta": lambda alpha, p: alpha * p / (1 - p)},
        false={"p inverted": {"delta": lambda alpha, p: alpha * (1 - p) / p}},
        about=("henighan.two-term.exponent", "henighan.two-term.data-exponent"),
        source="derived here",
        quick=True,
    ),
    Claim(
        id="laws.henighan.consistency",
        statement=(
            "α_C = pα_N is no identity of the fits: over the ten rows of table 1 that have all three, α_C/(pα_N) "
            "runs from 0.82 (video) to 1.54 (mathematics)"
        ),
        tier="numeric",
        check=_spread,
        true={"low": "0.82", "high": "1.54"},
        false={"within 10%": {"low": "0.9", "high": "1.1"}},
        rests_on=("laws.henighan.two-term",),
        source=f"{_HENIGHAN}, table 1; derived here",
        quick=True,
    ),
    Claim(
        id="laws.henighan.per-image",
        statement=(
            "Table 3, the loss of a whole image, is table 1 times the tokens; for 8×8 images its scale is then "
            "1.9e4, and the printed 1.9e3 comes out of no constants that round to table 1"
        ),
        tier="numeric",
        check=_per_image,
        true={"rows": _PER_IMAGE},
        false={
            "1.9e3 as printed": {"rows": {"image-8x8": (192, "1.9e3")}},
            "pixels for tokens": {"rows": {"image-16x16": (256, "1.7e10")}},
        },
        source=f"{_HENIGHAN}, tables 1 and 3, read in a transcription",
        quick=True,
    ),
)
