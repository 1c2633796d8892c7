"""The diagram as MATH.md has it, typed in: the road that shares nothing with the derivation."""

from __future__ import annotations

from fractions import Fraction

F = Fraction

#: Trade-off, terms, ξ and η by phase.
ROWS: dict[str, tuple[str, str, str, str]] = {
    "Ia": ("F_pp F_0", "F_pp F_0", "1/(2*a+1)", "(2*a+2*b-1)/(2*a+1)"),
    "Ib": ("F_pp F_0", "F_pp F_0", "1/2", "a+b-1/2"),
    "Ic": ("F_pp F_0", "F_pp F_0", "(2*a+2*b-1)/(2*(3*a+2*b-2*a*b-1))", "a*(2*a+2*b-1)/(3*a+2*b-2*a*b-1)"),
    "II": ("F_pp F_ac", "F_pp F_ac F_0", "b/(a+b)", "(2*a+2*b-1)/(2*(a+b))"),
    "III": ("K_pp F_ac", "K_pp F_ac F_0", "1/2", "1-1/(4*a)"),
    "IVa": ("K_pp F_0", "F_pp K_pp F_0", "1/2", "a"),
    "IVb": (
        "K_pp F_pp",
        "F_pp K_pp F_0",
        "(b-a)/(2*b-2*a*b-a)",
        "(1-2*a)*(2*a+2*b-1)/(2*(2*b-2*a*b-a))",
    ),
}


def name(a: Fraction, b: Fraction) -> str:
    """The phase of a point off the lines; empty on a line or outside."""
    if a <= 0 or a + b <= F(1, 2):
        return ""
    if b < F(1, 2):
        return "Ia" if a > F(1, 2) else "Ib" if a < F(1, 2) else ""
    if b == F(1, 2) or a in (F(1, 2), F(1, 4)):
        return ""
    if a > F(1, 2):
        return "II" if b < a else "III" if b > a else ""
    if a < F(1, 4):
        return "Ic"
    return "IVa" if 2 * (1 - a) ** 2 < 1 else "IVb"  # 1 − 1/√2 is irrational


def neighbours(a: Fraction, b: Fraction) -> set[str]:
    """The phases within 10⁻⁴⁰ of a point."""
    step = F(1, 10**40)
    around = [(a + m * step, b + n * step) for m in (-2, -1, 0, 1, 2) for n in (-2, -1, 0, 1, 2)]
    return {name(*each) for each in around} - {""}


def optimum(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """``(η, ξ)`` from the exponents of the four pieces, at each crossing of two."""
    slow = max(F(0), 1 - 2 * a)  # γ ~ d^{-slow}; γr is at least of order one
    rows = [(1 + b / a - 1 / (2 * a), F(0)), (F(0), 2 * a - max(F(0), 1 - 2 * b))]  # powers of 1/γr and 1/d
    rows.append((2 - 1 / (2 * a), slow) if 4 * a > 1 else (F(0), 2 * a))
    if 2 * a > 1 and 2 * b > 1:
        rows.append((1 - 1 / (2 * a), F(1)))
    lines = [(-time, time * (1 + slow) - size) for time, size in rows]  # γr = f^{1 − (1 + slow) x}
    last = 1 / (1 + slow)
    xs = {F(0), last} | {(s - p) / (m - n) for p, m in lines for s, n in lines if m != n}
    value, x = min((max(p + m * x for p, m in lines), x) for x in xs if 0 <= x <= last)
    return -value, x
