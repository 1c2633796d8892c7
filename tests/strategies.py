"""Hypothesis strategies over the domain of the model, and over what lies outside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, inf

from hypothesis import strategies as st

from scalesym.powerlaw import Budget, Law, Term

FINEST = 60  # largest denominator of a drawn exponent


def alphas(low: str = "1/10", high: str = "3") -> st.SearchStrategy[Fraction]:
    """Spectral exponents."""
    return st.fractions(Fraction(low), Fraction(high), max_denominator=FINEST)


def betas(low: str = "-3/10", high: str = "3") -> st.SearchStrategy[Fraction]:
    """Target exponents."""
    return st.fractions(Fraction(low), Fraction(high), max_denominator=FINEST)


@st.composite
def exponents(draw: st.DrawFn, gap: str = "1/60") -> tuple[Fraction, Fraction]:
    """Pairs (alpha, beta) with alpha in [1/10, 3], beta in [-3/10, 3] and alpha + beta ≥ 1/2 + gap."""
    alpha = draw(alphas())
    low = max(Fraction(-3, 10), Fraction(1, 2) + Fraction(gap) - alpha)
    low = Fraction(ceil(low * FINEST), FINEST)
    return alpha, draw(st.fractions(low, 3, max_denominator=FINEST))


@st.composite
def sizes(draw: st.DrawFn, largest: int = 64) -> tuple[int, int]:
    """Integers (d, v) with 1 ≤ d < v ≤ 20 d and d ≤ largest."""
    d = draw(st.integers(1, largest))
    return d, draw(st.integers(d + 1, max(20 * d, d + 1)))


def batches() -> st.SearchStrategy[int]:
    """Batch sizes, those of the accuracy tests first."""
    return st.sampled_from([1, 2, 7, 64]) | st.integers(1, 128)


def step_counts(largest: int = 10**20) -> st.SearchStrategy[int]:
    """Numbers of steps, small ones and each order of magnitude up to the largest."""
    return st.integers(0, min(100, largest)) | st.integers(0, largest)


@st.composite
def models(draw: st.DrawFn, largest: int = 64) -> dict[str, object]:
    """Keyword arguments of a valid model at its default learning rate."""
    alpha, beta = draw(exponents())
    d, v = draw(sizes(largest))
    return {"alpha": alpha, "beta": beta, "d": d, "v": v, "batch": draw(batches())}


def powers_of_ten(low: float, high: float) -> st.SearchStrategy[float]:
    """Positive floats spread evenly over orders of magnitude."""
    return st.floats(low, high).map(lambda x: 10.0**x)


@st.composite
def extreme_models(draw: st.DrawFn) -> dict[str, object]:
    """Keyword arguments from all of the solver's domain, at its default learning rate."""
    usual, critical_lines = st.floats(0.1, 3), st.sampled_from([0.5, 0.25, 1.0, 1 / 3, Fraction(500001, 10**6)])
    alpha = draw(st.one_of(usual, critical_lines, powers_of_ten(-2.99, -1), powers_of_ten(0.5, 2)))
    largest = min(
        draw(st.sampled_from([29.9, 29.9, 29.9, 99.9])), 62 / float(alpha) - 0.4
    )  # (d + 2)^(-2 alpha) > 1e-125
    d = draw(st.just(1) | st.integers(1, 30) | powers_of_ten(0, 2) | powers_of_ten(0, max(largest, 0.1)))
    if d > 10 ** max(largest, 0.0):
        d = 1
    sizes = [
        st.just(ceil(d) + 1 + ceil(d / 10**11)),
        powers_of_ten(0.001, 2).map(lambda x: ceil(d * x) + 1),
        st.just(max(10**30, 1000 * ceil(d))),
    ]
    if d >= 3e4:
        sizes.append(powers_of_ten(-11, 0).map(lambda x: Fraction(d) * (1 + Fraction(x))))
    if 2 * alpha > 1:
        sizes.append(st.just(inf))
    low = Fraction(1, 2) - Fraction(alpha)
    gap = powers_of_ten(-12, 0.5) | powers_of_ten(0, 2.9)
    noise = st.sampled_from([0, 0, "1/10", 1, 1e-200, 1e200])
    return {
        "alpha": alpha,
        "beta": low + Fraction(draw(gap)),
        "d": d,
        "v": min(draw(st.one_of(sizes)), 10**100, max(10**30, 1000 * ceil(d))) if d < 1e97 else 10**100,
        "batch": draw(st.sampled_from([1, 1, 2, 7, 64, 1000, 10**6, 10**12])),
        "noise_variance": draw(noise),
    }


def number_texts() -> st.SearchStrategy[str]:
    """Text that is a number, or nearly one."""
    pieces = st.sampled_from(
        ["1", "0", "7", ".", "/", "e", "E", "-", "+", "_", " ", "inf", "nan", "−", "²", "٣", "∞", "9999"]
    )
    return st.lists(pieces, max_size=12).map("".join) | st.fractions().map(str) | st.floats().map(repr)


def code_texts() -> st.SearchStrategy[str]:
    """Text that would do something if it were evaluated."""
    return st.sampled_from(
        [
            "__import__('os').system('exit 1')",
            "(lambda: 1/0)()",
            "9**9**9**9",
            "exec('1')",
            "Symbol('x')",
            "1;2",
            "1 if 1 else 2",
            "0x10",
            "sqrt(2)",
        ]
    )


class _Treacherous:
    """Claims to be real and refuses every question."""

    is_extended_real = True

    def __float__(self) -> float:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


def objects() -> st.SearchStrategy[object]:
    """Anything that a caller may pass by mistake, and most that one passes on purpose."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**5000, -(10**5000), 2**1024]),
        st.floats(),
        st.complex_numbers(),
        st.decimals(),
        st.sampled_from([Decimal("sNaN"), Decimal("1e999999"), Decimal("-Infinity")]),
        st.fractions(),
        st.binary(max_size=4),
        st.text(max_size=8),
        st.lists(st.integers(), max_size=3),
        st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
        st.just(_Treacherous()),
        st.just(object()),
        st.just(float),
    )


def _exponents_of_laws(low: int, high: int) -> st.SearchStrategy[Fraction]:
    """Few enough that terms are flat, equal or tie three at a time; and others."""
    return st.integers(low, high).map(Fraction) | st.fractions(low, high, max_denominator=4)


@st.composite
def laws(draw: st.DrawFn, most: int = 6, ranges: bool = False) -> Law:
    """Sums of power laws under budgets of all kinds; with ranges, one term at least is in force throughout."""
    terms = []
    for n in range(draw(st.integers(1, most))):
        term = Term(f"T{n}", draw(_exponents_of_laws(-1, 3)), draw(_exponents_of_laws(-1, 3)))
        if ranges and n:
            ends = sorted(draw(st.lists(_exponents_of_laws(-1, 3), min_size=2, max_size=2, unique=True)))
            kept = draw(st.sampled_from([(None, None), (ends[0], None), (None, ends[1]), (ends[0], ends[1])]))
            term = replace(term, after=kept[0], until=kept[1])
        terms.append(term)
    budget = Budget(*(draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2), Fraction(5, 3)])) for _ in "rd"))
    start = draw(st.just(Fraction(0)) | st.fractions(Fraction(-1, 4), 2, max_denominator=4))
    return Law(tuple(draw(st.permutations(terms))), budget, start)


@st.composite
def phase_points(draw: st.DrawFn) -> tuple[Fraction, Fraction]:
    """Points of the phase diagram: anywhere, on its lines, and within 10⁻³⁰ of them."""
    alpha = draw(
        st.sampled_from([Fraction(1, 4), Fraction(1, 2)]) | st.fractions(Fraction(1, 50), 3, max_denominator=50)
    )
    beta = draw(st.sampled_from([Fraction(1, 2), alpha]) | st.fractions(-2, 5, max_denominator=50))
    nudges = st.sampled_from([Fraction(0)] * 3 + [Fraction(1, 10**30), Fraction(-1, 10**30)])
    alpha, beta = alpha + draw(nudges), beta + draw(nudges)
    if alpha + beta <= Fraction(1, 2):
        beta = Fraction(1, 2) - alpha + draw(st.fractions(Fraction(1, 100), 2, max_denominator=100))
    return alpha, beta
