"""Which questions the vectors ask: the domain, its phases and lines, and every hazard, as exact inputs.

Nothing here knows an answer. A learning rate is given as a share of the critical one and rounded to two digits, so that it
is a short decimal number and surely stable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .quantities import CONVENTION

__all__ = ["Plan", "judgements", "plans"]

HALF = {"loss_factor": "1/2", "batch_gradient": "sum"}
MEAN = {"loss_factor": "1", "batch_gradient": "mean"}
BOTH = {"loss_factor": "1/2", "batch_gradient": "mean"}


@dataclass(frozen=True)
class Plan:
    """One question: what to do, of which quantity, in which convention, with which inputs.

    ``flags`` are those that cannot be derived, such as the reason of a refusal; ``share`` of the critical learning rate
    stands for ``gamma`` until it is computed.
    """

    kind: str
    quantity: str
    level: str
    inputs: Mapping[str, Any]
    convention: Mapping[str, str]
    share: Fraction | None = None
    flags: tuple[str, ...] = ()
    reason: str = ""
    severity: str = ""


def _p(
    quantity: str,
    inputs: Mapping[str, Any],
    level: str = "equivalent",
    convention: Mapping[str, str] = CONVENTION,
    share: Fraction | None = None,
) -> Plan:
    return Plan("compute", quantity, level, inputs, convention, share)


#: alpha, beta, d, v, batch, share of the critical learning rate (or the rate itself), and the steps of the curves.
_MODELS: tuple[tuple[str, str, int, int | str, int, str, tuple[int, ...]], ...] = (
    ("1", "7/10", 20, 60, 1, "=3/10", (0, 1, 2, 5, 20, 80, 300, 1000)),
    ("1", "3/10", 12, 48, 1, "1/2", (0, 1, 10, 100, 1000)),
    ("2/5", "3/10", 20, 80, 1, "1/2", (0, 3, 30, 300)),
    ("1/5", "4/5", 16, 40, 2, "1/2", (1, 10, 100)),
    ("6/5", "4/5", 10, "inf", 1, "1/2", (0, 2, 20, 200)),
    ("4/5", "6/5", 15, 90, 4, "1/2", (0, 1, 10, 100, 1000)),
    ("2/5", "4/5", 24, 72, 1, "1/4", (1, 10, 100)),
    ("7/25", "4/5", 20, 50, 8, "1/2", (0, 1, 10, 100)),
    ("1/2", "1", 12, 36, 1, "1/2", (1, 10, 100)),
    ("3/4", "1/2", 10, 40, 2, "1/2", (0, 1, 10, 100)),
    ("7/10", "-1/10", 8, 32, 1, "1/2", (0, 1, 10, 100)),
    ("1", "1", 10, 11, 1, "1/2", (1, 10, 100)),
    ("3/2", "1", 1, 3, 1, "1/2", (0, 1, 2, 10, 50)),
    ("1", "1", 8, "inf", 16, "1/2", (1, 10, 100)),
    ("9/10", "11/10", 12, 60, 64, "1/2", (0, 1, 5, 50)),
    ("1/4", "1", 10, 30, 1, "1/2", (1, 10, 100)),
    ("3", "2", 4, 12, 1, "1/2", (1, 10, 100)),
    ("1", "3/2", 10, 30, 3, "9/10", (1, 10, 100)),
)

#: Sizes at which nobody adds up all the terms: alpha, beta, d, v.
_LARGE: tuple[tuple[str, str, int, int | str], ...] = (
    ("1", "7/10", 1000, 10_000),
    ("7/10", "1/5", 200, 100_000),
    ("1", "1", 10**6, "inf"),
    ("4/5", "6/5", 10**9, "inf"),
    ("3/5", "4/5", 10**4, 10**6),
    ("2/5", "3/5", 10**3, 10**4),
)

#: Curves beyond a plain recursion: alpha, beta, d, v, batch, share, steps.
_LONG: tuple[tuple[str, str, int, int | str, int, str, tuple[int, ...]], ...] = (
    ("1", "7/10", 100, 400, 1, "1/2", (10**3, 10**4)),
    ("4/5", "6/5", 200, "inf", 2, "1/2", (10**3, 10**4)),
    ("2/5", "4/5", 100, 300, 1, "1/2", (10**3, 10**4)),
    ("3/2", "1/2", 50, "inf", 1, "1/4", (10**4,)),
)

_POINTS = (  # (alpha, beta) inside the phases, near lines, and far out
    ("1", "3/10"), ("3/2", "-1/2"), ("3/5", "49/100"),
    ("2/5", "3/10"), ("1/5", "2/5"), ("49/100", "1/10"), ("1/4", "2/5"),
    ("1/5", "4/5"), ("1/10", "3"), ("6/25", "51/100"),
    ("1", "7/10"), ("2", "3/2"), ("701/1000", "7/10"),
    ("1", "3/2"), ("4/5", "6/5"), ("699/1000", "7/10"), ("2", "9"), ("501/1000", "2"),
    ("2/5", "4/5"), ("3/10", "1"), ("293/1000", "3/4"), ("499/1000", "2"),
    ("7/25", "4/5"), ("13/50", "2"), ("2928/10000", "3/4"), ("251/1000", "51/100"),
)  # fmt: skip


def plans() -> Iterator[Plan]:
    """All questions, in a fixed order."""
    yield from _constants()
    yield from _curves()
    yield from _pieces()
    yield from _conventions()
    yield from _phases()
    yield from _refusals()


def _rate(share: str) -> tuple[dict[str, Any], Fraction | None]:
    return ({"gamma": share[1:]}, None) if share.startswith("=") else ({}, Fraction(share))


def _constants() -> Iterator[Plan]:
    sizes: list[tuple[str, str, int, int | str]] = [(a, b, d, v) for a, b, d, v, *_ in _MODELS]
    for alpha, beta, d, v in (*sizes, *_LARGE):
        size = {"alpha": alpha, "d": d, "v": v}
        yield _p("zeta0", size)
        yield _p("F_0", {**size, "beta": beta})
        if (alpha, beta, d, v) in sizes[::2] or d > 200:
            yield _p("kappa", size)
        if d < 10**4:
            yield _p("lambda_max", size)
        if d < 200:
            yield _p("lambda_min", size)
    for alpha, ratio in (
        ("1", "inf"), ("1", "10"), ("2/5", "4"), ("1/5", "4"), ("7/10", "4"), ("7/10", "inf"), ("3/2", "2"),
        ("1/2", "10"), ("3", "inf"), ("1", "11/10"),
    ):  # fmt: skip
        yield _p("kappa", {"alpha": alpha, "ratio": ratio}, "continuum")
    for alpha, beta, d, v in (*sizes[::2], *_LARGE[:3]):
        size = {"alpha": alpha, "beta": beta, "d": d, "v": v}
        yield _p("F_0", size, "continuum")
        if Fraction(beta) != Fraction(1, 2):
            yield _p("F_0", size, "asymptotic")
    for alpha, _, d, v, batch, share, _ in _MODELS:
        rate, part = _rate(share)
        yield _p("K_norm", {"alpha": alpha, "d": d, "v": v, **rate, "batch": batch}, share=part)
        for each in sorted({batch, 1, 4}):
            yield _p("gamma_critical", {"alpha": alpha, "d": d, "v": v, "batch": each})
    for alpha, beta, d, v, batch, share, _ in _MODELS:
        rate, part = _rate(share)
        yield _p("P_inf", {"alpha": alpha, "beta": beta, "d": d, "v": v, **rate, "batch": batch}, share=part)
    for alpha, d, v in (("1", 20, 60), ("2/5", 20, 80), ("6/5", 10, "inf"), ("1/2", 12, 36), ("1", 10, 11)):
        for z in (
            ["-1", "0"],
            ["-1/1000", "0"],
            ["1/2", "1/4"],
            ["1/10", "1/100"],
            ["2", "-1"],
            ["-1/1000000", "1/1000000"],
        ):
            yield _p("m", {"alpha": alpha, "d": d, "v": v, "z": z})


def _curves() -> Iterator[Plan]:
    for model in (*_MODELS, *_LONG):
        alpha, beta, d, v, batch, share, steps = model
        rate, part = _rate(share)
        for r in steps:
            size = {"alpha": alpha, "d": d, "v": v, **rate, "batch": batch, "r": r}
            if model not in _LONG:
                yield _p("P", {**size, "beta": beta}, share=part)
            if r != 1 or batch > 1:
                yield _p("F", {**size, "beta": beta}, share=part)
                yield _p("K", size, share=part)


def _pieces() -> Iterator[Plan]:
    for level in ("continuum", "asymptotic"):
        for alpha, beta, d, v, batch, share, _ in _MODELS[::2]:
            part = Fraction(share) if not share.startswith("=") else Fraction(1, 2)
            for r in (3, 1000) if level == "continuum" else (1000,):
                rates = {"batch": batch, "r": r}
                yield _p("F_pp", {"alpha": alpha, "beta": beta, **rates}, level, share=part)
                if d > 1 and (level == "continuum" or 2 * Fraction(alpha) > 1):
                    yield _p("F_ac", {"alpha": alpha, "beta": beta, "d": d, "v": v, **rates}, level, share=part)
                if 4 * Fraction(alpha) > 1:
                    yield _p("K_pp", {"alpha": alpha, **rates}, level, share=part)


def _conventions() -> Iterator[Plan]:
    for convention in (HALF, MEAN, BOTH):
        for alpha, beta, d, v, batch, share, _ in (_MODELS[5], _MODELS[9], _MODELS[13]):
            part, size = Fraction(share), {"alpha": alpha, "d": d, "v": v}
            rates = {"batch": batch}
            yield _p("P_inf", {**size, "beta": beta, **rates}, convention=convention, share=part)
            yield _p("P", {**size, "beta": beta, **rates, "r": 10}, convention=convention, share=part)
            yield _p("F", {**size, "beta": beta, **rates, "r": 10}, convention=convention, share=part)
            if convention is HALF:
                yield _p("F_0", {**size, "beta": beta}, convention=convention)
            else:
                yield _p("K", {**size, **rates, "r": 10}, convention=convention, share=part)
                yield _p("gamma_critical", {**size, **rates}, convention=convention)


def _phases() -> Iterator[Plan]:
    for alpha, beta in _POINTS:
        point = {"alpha": alpha, "beta": beta}
        yield _p("phase", point, "asymptotic")
        yield _p("xi", point, "asymptotic")
        yield _p("eta", point, "asymptotic")
    yield _p("eta", {"alpha": "7/10", "beta": "7/10"}, "asymptotic")  # one value on the line of II and III
    yield _p("xi", {"alpha": "7/10", "beta": "7/10"}, "asymptotic")
    for names, letter, value in (
        (("IVa", "IVb"), "beta", "1"), (("II", "III"), "alpha", "9/10"), (("II", "III"), "beta", "4/5"), (("Ia", "Ib"), "beta", "1/5"),
        (("III", "IVa"), "beta", "2"), (("Ic", "IVb"), "beta", "3/4"), (("Ia", "II"), "alpha", "2"), (("Ib", "IVa"), "alpha", "2/5"),
        (("Ib", "IVb"), "alpha", "27/100"), (("Ib", "Ic"), "alpha", "1/10"),
    ):  # fmt: skip
        yield _p("boundary", {"phases": list(names), letter: value}, "asymptotic")


def _refused(quantity: str, inputs: Mapping[str, Any], flag: str, reason: str, severity: str = "must") -> Plan:
    level = (
        "asymptotic"
        if quantity in ("phase", "xi", "eta")
        else "continuum"
        if quantity in ("K_pp", "F_pp")
        else "equivalent"
    )
    return Plan("refuse", quantity, level, inputs, CONVENTION, None, (flag,), reason, severity)


def _refusals() -> Iterator[Plan]:
    size = {"alpha": "1", "d": 20, "v": 60}
    model = {**size, "beta": "7/10", "gamma": "3/10", "batch": 1}
    for quantity, inputs in (("zeta0", size), ("F_0", {**size, "beta": "1"}), ("P", {**model, "r": 10})):
        # finite sums have a value there, though the theory does not: an implementation of the sums may give it
        yield _refused(quantity, {**inputs, "v": 20}, "v-at-most-d", "v must exceed d", "should")
        yield _refused(quantity, {**inputs, "v": 19}, "v-at-most-d", "v must exceed d")
        yield _refused(quantity, {**inputs, "alpha": "0"}, "alpha-not-positive", "alpha must be positive", "should")
        yield _refused(quantity, {**inputs, "alpha": "-1"}, "alpha-not-positive", "alpha must be positive", "should")
        yield _refused(quantity, {**inputs, "alpha": "2/5", "v": "inf"}, "infinite-trace", "tr D diverges")
        yield _refused(quantity, {**inputs, "alpha": "nan"}, "not-a-number", "alpha is not a number")
    for quantity, inputs in (
        ("F_0", {**size, "beta": "-1/2"}),
        ("P_inf", {**model, "beta": "-3/4"}),
        ("P", {**model, "beta": "-1", "r": 5}),
    ):
        yield _refused(quantity, inputs, "no-power-law", "alpha + beta must exceed 1/2", "should")
    for quantity, extra, severity in (("P_inf", {}, "must"), ("P", {"r": 100}, "should")):
        yield _refused(quantity, {**model, **extra, "gamma": "3/5"}, "unstable-gamma", "‖K‖ > 1", severity)
        beyond = {"gamma": "2", "batch": 4}
        yield _refused(quantity, {**model, **extra, **beyond}, "unstable-gamma", "γ(B+1)λ_max > 2", severity)
        unstable = {"alpha": "11/20", "beta": "1", "v": "inf", "gamma": "1/5"}
        yield _refused(quantity, {**model, **extra, **unstable}, "unstable-gamma", "‖K‖ > 1", severity)
    # a norm above 1 is still a number; beyond the edge of the spectrum there is none
    yield _refused("K_norm", {**size, "gamma": "2", "batch": 4}, "unstable-gamma", "γ(B+1)λ_max > 2")
    for alpha, beta in (("7/10", "7/10"), ("1/2", "1"), ("1", "1/2"), ("1/2", "1/4"), ("1/4", "1"), ("1/2", "1/2")):
        yield _refused("phase", {"alpha": alpha, "beta": beta}, "critical-line", "two phases meet there")
    yield _refused("xi", {"alpha": "1/2", "beta": "1"}, "critical-line", "a logarithm appears there")
    yield _refused("eta", {"alpha": "1", "beta": "1/2"}, "critical-line", "a logarithm appears there")
    yield _refused("phase", {"alpha": "1/5", "beta": "1/5"}, "no-power-law", "alpha + beta must exceed 1/2")
    yield _refused(
        "K_pp", {"alpha": "1/4", "gamma": "1/10", "batch": 1, "r": 10}, "kernel-diverges", "the integral diverges at 0"
    )
    yield _refused(
        "K_pp", {"alpha": "1/5", "gamma": "1/10", "batch": 1, "r": 10}, "kernel-diverges", "the integral diverges at 0"
    )
    for r in (-1, "1/2", "inf"):
        yield _refused("P", {**model, "r": r}, "bad-steps", "r is a count")
    for batch in (0, -1, "3/2"):
        yield _refused("P", {**model, "batch": batch, "r": 10}, "bad-batch", "the batch is a count")
    yield _refused("P", {**model, "gamma": "0", "r": 10}, "unstable-gamma", "SGD does not move", "should")
    yield _refused("P", {**model, "gamma": "-1/10", "r": 10}, "unstable-gamma", "a negative learning rate")
    yield _refused(
        "F_pp",
        {"alpha": "1", "beta": "one", "gamma": "1/10", "batch": 1, "r": 10},
        "not-a-number",
        "beta is not a number",
    )
    yield _refused(
        "P", {key: value for key, value in model.items() if key != "d"} | {"r": 10}, "missing-input", "d is missing"
    )


#: Of these limits and fixed points, every so many are claimed, once rightly and once wrongly.
_CLAIMED = {
    "P_inf": 2,
    "F_0": 4,
    "zeta0": 4,
    "K_norm": 3,
    "gamma_critical": 6,
    "phase": 1,
    "xi": 2,
    "eta": 2,
    "boundary": 2,
}


def judgements(records: Iterable[tuple[Plan, Mapping[str, Any]]]) -> Iterator[Plan]:
    """Claims about what was computed: the right value, and what a known mistake makes of it."""
    seen: dict[str, int] = {}
    for plan, test in records:
        usual = dict(plan.convention) == dict(CONVENTION)
        if test["kind"] != "compute" or plan.quantity not in _CLAIMED or not usual:
            continue
        seen[plan.quantity] = seen.get(plan.quantity, -1) + 1
        if seen[plan.quantity] % _CLAIMED[plan.quantity]:
            continue
        right = test["value"].get("exact") or _eight(test["value"]["mid"])
        wrong = [(m["flag"], w) for m in test.get("mistaken", ()) if (w := _shortened(m["value"], right)) != right]
        number = seen[plan.quantity] // _CLAIMED[plan.quantity]
        claims = [((), right), *(((flag,), value) for flag, value in wrong[number % max(len(wrong), 1) :][:1])]
        for flags, value in claims:
            claim = {"quantity": plan.quantity, "level": plan.level, "in": dict(plan.inputs), "value": value}
            yield Plan("judge", "judge", plan.level, {"claim": claim}, CONVENTION, None, flags)


def _shortened(value: str, right: str) -> str:
    return value if "/" in right or not right.strip("-")[:1].isdigit() or right.isdigit() else _eight(value)


def _eight(text: str) -> str:
    """Eight significant digits."""
    return f"{Decimal(text):.8g}"
