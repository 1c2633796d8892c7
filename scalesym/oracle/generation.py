"""Write the vectors: every planned question enclosed, its condition number, and what each known mistake answers.

Everything is computed in balls with a fixed number of digits and written as exact decimal text, so that the files come out
the same on every machine. ``python -m scalesym.oracle`` writes them; ``--check`` compares.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

from ..certified.enclosure import ComplexEnclosure, Enclosure, refine
from ..errors import ScalesymError
from ..phases import phase
from .answering import enclose, exact_value
from .flags import MISTAKES
from .judging import Precision, tolerance
from .mistakes import DIGITS as MISTAKEN
from .mistakes import variants
from .planning import Plan, judgements, plans
from .quantities import Question, read
from .vectors import Test

__all__ = ["FORMAT", "generate", "hashed", "identifier", "record"]

FORMAT = 1
_DIGITS = 55  # that are proven
_STEP = Fraction(1, 10**12)  # of the difference quotients behind a condition number
_DOUBLE = Precision.read("float64")


def generate(workers: int = 1, progress: Callable[[int, int], None] | None = None) -> dict[str, str]:
    """The files of the vectors by name, as text.

    Parameters
    ----------
    workers:
        Processes.
    progress:
        Called with (finished, all) questions.
    """
    from joblib import Parallel, delayed

    every = list(plans())
    blocks = [list(block) for _, block in groupby(every, key=_together)]
    records: list[tuple[Plan, dict[str, Any]]] = []
    for block in Parallel(n_jobs=workers, return_as="generator")(delayed(_block)(block) for block in blocks):
        records += block
        if progress is not None:
            progress(len(records), len(every))
    judged = sorted(judgements(records), key=hashed)  # an order that does not tell right claims from wrong ones
    records += [(plan, record(plan)) for plan in judged]
    groups: dict[str, dict[str, Any]] = {}
    for plan, test in records:
        name = group_name(plan)
        head = {
            "format": FORMAT,
            "group": name,
            "quantity": plan.quantity,
            "level": plan.level,
            "convention": dict(plan.convention),
            "source": read_source(plan),
            "tests": [],
        }
        groups.setdefault(name, head)["tests"].append(test)
    for group in groups.values():
        names = [test["id"] for test in group["tests"]]
        if len(set(names)) < len(names):
            raise AssertionError(f"equal ids in {group['group']}")
    return {f"{name}.json": json.dumps(group, ensure_ascii=False, indent=1) + "\n" for name, group in groups.items()}


def _together(plan: Plan) -> tuple[Any, ...]:
    """Questions that share their nodes are answered by one process."""
    return tuple(value for key, value in sorted(plan.inputs.items()) if key in ("alpha", "d", "v"))


def _block(block: Iterable[Plan]) -> list[tuple[Plan, dict[str, Any]]]:
    return [(plan := _with_rate(each), record(plan)) for each in block]


def _with_rate(plan: Plan) -> Plan:
    """Its share of the critical learning rate as two digits, rounded down; under a batch mean it is the mean's."""
    from dataclasses import replace

    if plan.share is None:
        return plan
    inputs = dict(plan.inputs)
    if plan.level == "equivalent":
        size = {key: inputs[key] for key in ("alpha", "d", "v", "batch")}
        critical = enclose(read({"quantity": "gamma_critical", "in": size, "convention": plan.convention}), 12)
        rate = two_digits(plan.share * critical.low)
    else:
        rate = two_digits(plan.share / (inputs["batch"] + 1))
    order = [*inputs]
    inputs["gamma"] = str(rate)
    order.insert(order.index("batch"), "gamma")
    return replace(plan, inputs={key: inputs[key] for key in order}, share=None)


def two_digits(value: Fraction) -> Fraction:
    """A positive number rounded down to two significant digits.

    Examples
    --------
    >>> two_digits(Fraction(2, 3))
    Fraction(33, 50)
    """
    unit = Fraction(10) ** (math.floor(math.log10(value)) - 1)
    return math.floor(value / unit) * unit


def record(plan: Plan) -> dict[str, Any]:
    """One test as the files have it."""
    test: dict[str, Any] = {"id": identifier(plan), "hash": hashed(plan), "kind": plan.kind}
    if plan.kind == "refuse":
        return {
            **test, "severity": plan.severity, "in": dict(plan.inputs), "flags": list(plan.flags), "reason": plan.reason
        }  # fmt: skip
    question = read(_request(plan))
    hazards = list(_hazards(question))
    exact = exact_value(question)
    if exact is not None:
        right = exact if isinstance(exact, bool) else str(exact)
        wrong = [
            {"flag": each.flag, "value": each.value(), "detail": each.detail}
            for each in variants(question)
            if each.value() != right
        ]
        named = sorted({each["flag"] for each in wrong})
        test |= {"severity": plan.severity or "must", "in": dict(plan.inputs), "value": {"exact": right}}
        return {**test, "flags": [*named, *plan.flags, *hazards], **({"mistaken": wrong} if wrong else {})}
    ball = enclose(question, _DIGITS)
    condition = _condition(question)
    wrong = list(_mistaken(question, ball, condition))
    flags = [name for name in MISTAKES if any(each["flag"] == name for each in wrong)]
    if not _is_zero(ball):
        flags.append("single-precision")
    return {
        **test,
        "severity": plan.severity or _severity(plan, hazards),
        "in": dict(plan.inputs),
        "value": _written(ball),
        "condition": condition,
        "roundings": question.roundings,
        "flags": flags + hazards,
        **({"mistaken": wrong} if wrong else {}),
    }


def _request(plan: Plan) -> dict[str, Any]:
    return {"quantity": plan.quantity, "level": plan.level, "convention": plan.convention, "in": plan.inputs}


def read_source(plan: Plan) -> str:
    """Where the quantity's definition is from."""
    from .quantities import QUANTITIES

    return QUANTITIES[plan.quantity, plan.level].source


def hashed(plan: Plan) -> str:
    """Twelve digits of the SHA-256 of the question: what is asked, not what the answer is."""
    content = {"kind": plan.kind, **_request(plan)}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]


_SHORT = {"alpha": "a", "beta": "b", "d": "d", "v": "v", "gamma": "g", "batch": "B", "r": "r", "z": "z", "ratio": "rho"}


def identifier(plan: Plan) -> str:
    """A readable name, the same as long as the question is."""
    parts = [plan.quantity if plan.level == "equivalent" else f"{plan.quantity}.{plan.level}"]
    if plan.convention["loss_factor"] != "1":
        parts.append("half")
    if plan.convention["batch_gradient"] != "sum":
        parts.append("mean")
    for key, value in plan.inputs.items():
        if key == "claim":
            parts += ["claim", str(value["quantity"]), hashed(plan)[:6]]
            continue
        text = "i".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(_SHORT.get(key, "") + text.replace("-", "m").replace("/", "_"))
    return "-".join(parts)


def group_name(plan: Plan) -> str:
    """The group's, and its file's: quantity, level, convention."""
    name = f"{plan.quantity}.{plan.level}"
    if plan.convention["loss_factor"] != "1":
        name += ".half"
    return name + (".mean" if plan.convention["batch_gradient"] == "mean" else "")


def _condition(question: Question) -> str:
    """``Σ|x_i ∂y/∂x_i|/|y|`` over the real inputs, rounded up to two digits."""
    from dataclasses import replace

    total = Fraction(0)
    for key in ("alpha", "beta", "gamma", "ratio", "z"):
        value = question.given.get(key)
        if value is None or value == 0:
            continue
        if key == "z":
            factors = [tuple(part * (1 + sign * _STEP) for part in value) for sign in (1, -1)]
        else:
            factors = [value * (1 + sign * _STEP) for sign in (1, -1)]
        ends = [enclose(replace(question, given={**question.given, key: each}), 30, rough=True) for each in factors]
        total += _relative(*ends)
    return _rounded_up(total / (2 * _STEP))


def _relative(one: Any, other: Any) -> Fraction:
    """``|y₁ − y₂|/|y₁|``, from centres."""
    a, b = _centre(one), _centre(other)
    size = max(abs(part) for part in a)
    if size == 0:
        return Fraction(0)
    return Fraction(max(abs(x - y) for x, y in zip(a, b, strict=True))) / size


def _centre(ball: Enclosure | ComplexEnclosure) -> tuple[Fraction, ...]:
    if isinstance(ball, ComplexEnclosure):
        return ball.real.centre, ball.imag.centre
    return (ball.centre,)


def _is_zero(ball: Any) -> bool:
    return all(part == 0 for part in _centre(ball))


def _rounded_up(value: Fraction) -> str:
    if value == 0:
        return "0"
    unit = Fraction(10) ** (math.floor(math.log10(value)) - 1)
    return f"{float(math.ceil(value / unit) * unit):.2g}"


def _written(ball: Enclosure | ComplexEnclosure) -> dict[str, Any]:
    if isinstance(ball, ComplexEnclosure):
        parts = [part.decimal(_DIGITS) for part in (ball.real, ball.imag)]
        radius = sum((Fraction(radius) for _, radius in parts), Fraction(0))
        return {"mid": [text for text, _ in parts], "rad": _rounded_up(radius)}
    mid, rad = ball.decimal(_DIGITS)
    return {"mid": mid, "rad": rad}


def _mistaken(question: Question, right: Any, condition: str) -> Iterator[dict[str, Any]]:
    """The wrong answers that double precision tells from the right one."""
    name, level = question.quantity.name, question.quantity.level
    seen = Test("", "", name, level, {}, "compute", {}, "must", (), None, float(condition), question.roundings)
    for each in variants(question):
        try:
            ball = refine(each.value, MISTAKEN)
        except (ScalesymError, ZeroDivisionError):  # the slip has no answer: it diverges, or is unstable
            continue
        wrong = _centre(ball)
        if not any(wrong):  # nothing is found by a 0, which programs answer for many reasons
            continue
        right_centre = _centre(right)
        if len(wrong) != len(right_centre):  # a learning rate that has become unstable
            continue
        distance = max(abs(a - b) for a, b in zip(wrong, right_centre, strict=True))
        size = max(max(map(abs, wrong)), max(map(abs, right_centre)))
        if distance > 2 * tolerance(seen, _DOUBLE, size):
            parts = [ball.real, ball.imag] if isinstance(ball, ComplexEnclosure) else [ball]
            texts = [part.decimal(MISTAKEN)[0] for part in parts]
            value = texts if len(texts) > 1 else texts[0]
            yield {"flag": each.flag, "value": value, **({"detail": each.detail} if each.detail else {})}


def _hazards(question: Question) -> Iterator[str]:
    """What makes the input hard, seen from the input alone."""
    given = question.given
    alpha, beta, d = (given.get(key) for key in ("alpha", "beta", "d"))
    if alpha is not None and "phases" not in given:
        if 2 * alpha == 1:
            yield "alpha-one-half"
        if 4 * alpha == 1:
            yield "alpha-one-quarter"
    if beta is not None and "phases" not in given:
        if 2 * beta == 1:
            yield "beta-one-half"
        if beta < 0:
            yield "beta-negative"
    if question.quantity.name in ("phase", "xi", "eta") and _near_a_line(given["alpha"], given["beta"]):
        yield "near-line"
    if ("v" in given and given["v"] is None) or ("ratio" in given and given["ratio"] is None):
        yield "infinite-v"
    elif d is not None and 4 * given["v"] < 5 * d:
        yield "v-near-d"
    if d is not None and d >= 10**4:
        yield "large-size"
    if given.get("batch", 1) >= 16:
        yield "large-batch"
    if given.get("r", 0) >= 1000:
        yield "many-steps"
    late = float(given.get("gamma", 0)) * given.get("batch", 1) * given.get("r", 0)
    if d is not None and late > float(d) ** (2 * float(given["alpha"])):
        yield "past-cutoff"
    if "gamma" in given and d is not None:
        size = {"alpha": str(alpha), "d": str(d), "v": given["v"] or "inf", "batch": given["batch"]}
        critical = enclose(read({"quantity": "gamma_critical", "in": size}), 12)
        if 5 * given["gamma"] > 4 * critical.low:
            yield "near-critical"
    if "z" in given and max(map(abs, given["z"])) < Fraction(1, 100):
        yield "near-zero"


def _near_a_line(alpha: Fraction, beta: Fraction) -> bool:
    """Whether a step of 1/500 leads into another phase."""
    step = Fraction(1, 500)
    around = ((alpha + x, beta + y) for x in (-step, 0, step) for y in (-step, 0, step))
    inside = [point for point in around if point[0] > 0 and sum(point) > Fraction(1, 2)]
    return len({phase(*point).name for point in inside}) > 1


def _severity(plan: Plan, hazards: list[str]) -> str:
    """Whether a sound plain implementation may give up on it."""
    hard = {"large-size", "many-steps", "near-zero", "near-critical", "v-near-d"}
    if plan.quantity == "K":
        hard.add("past-cutoff")
    if plan.level != "equivalent":  # one closed form or integral, however many the steps
        hard.discard("many-steps")
    return "should" if hard & set(hazards) else "must"
