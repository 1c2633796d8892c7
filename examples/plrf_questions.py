"""The protocol of ``scalesym oracle check``: requests as JSON lines on stdin, answers on stdout. The standard library alone.

Inputs are read as exact numbers, conventions are undone before the computation and redone after it, and what has no answer
is refused before anything is computed.
"""

import json
import math
import sys
from fractions import Fraction

IN_LOSS_UNITS = ("P", "F", "F_0", "P_inf", "F_pp", "F_ac")
SIZE, SGD = ("alpha", "d", "v"), ("gamma", "batch")
INPUTS = {
    "zeta0": SIZE, "lambda_min": SIZE, "lambda_max": SIZE, "m": (*SIZE, "z"), "F_0": (*SIZE, "beta"),
    "K_norm": (*SIZE, *SGD), "gamma_critical": (*SIZE, "batch"), "P_inf": (*SIZE, "beta", *SGD),
    "F": (*SIZE, "beta", *SGD, "r"), "P": (*SIZE, "beta", *SGD, "r"), "K": (*SIZE, *SGD, "r"),
    "F_pp": ("alpha", "beta", *SGD, "r"), "F_ac": (*SIZE, "beta", *SGD, "r"), "K_pp": ("alpha", *SGD, "r"),
    "phase": ("alpha", "beta"), "xi": ("alpha", "beta"), "eta": ("alpha", "beta"), "boundary": ("phases",), "judge": ("claim",),
}  # fmt: skip


class Refusal(Exception):
    """The question has no answer."""


class Unsupported(Exception):
    """It may have one, but not from here."""


def read(name, text):
    """A number, exactly; refused if it is none or lies outside the domain."""
    if name == "claim" or name == "phases":
        return text
    if name == "z":
        return complex(*(float(Fraction(part)) for part in text))
    if name in ("v", "ratio") and text == "inf":
        return math.inf
    try:
        value = Fraction(text)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        raise Refusal(f"{name} is not a number") from None
    if name in ("alpha", "d", "v", "gamma", "batch") and not value > 0:
        raise Refusal(f"{name} must be positive")
    if name in ("v", "batch", "r"):
        if value.denominator != 1 or value < 0:
            raise Refusal(f"{name} is a count")
        return int(value)
    return value


def evaluate(request, compute, digits):
    """The value in the convention that is asked for; ``digits`` is how many are right."""
    name, given, convention = request["quantity"], request["in"], request.get("convention", {})
    level = request.get("level", "equivalent")
    if name == "kappa":
        needed = SIZE if level == "equivalent" else ("alpha", "ratio")
    elif name in INPUTS:
        needed = INPUTS[name]
    else:
        raise Unsupported(name)
    if missing := set(needed) - set(given):
        raise Refusal(f"missing: {', '.join(sorted(missing))}")
    q = {key: read(key, text) for key, text in given.items()} | {"level": level, "convention": convention}
    check(q)
    mean = convention.get("batch_gradient", "sum") == "mean"
    if mean and "gamma" in q:
        q["gamma"] /= q["batch"]
    value = judge(q, compute, digits) if name == "judge" else compute(name, q)
    if name in IN_LOSS_UNITS:
        value *= float(Fraction(convention.get("loss_factor", "1")))
    if name == "gamma_critical" and mean:
        value *= q["batch"]
    return value


def check(q):
    if "v" in q and not q["v"] > q.get("d", 0):
        raise Refusal("v must exceed d")
    if math.inf in (q.get("v"), q.get("ratio")) and not 2 * q["alpha"] > 1:
        raise Refusal("tr D diverges")
    if "alpha" in q and "beta" in q and not q["alpha"] + q["beta"] > Fraction(1, 2):
        raise Refusal("alpha + beta <= 1/2: no power law")


def judge(q, compute, digits):
    """Whether a claim is right: names and fractions exactly, decimals to half a unit of the last digit printed."""
    claim = q["claim"]
    value, claimed = evaluate({**claim, "convention": q["convention"]}, compute, digits), str(claim["value"])
    if isinstance(value, str):
        return value == claimed
    if isinstance(value, Fraction) and "/" in claimed:
        return value == Fraction(claimed)
    mantissa, _, exponent = claimed.lower().partition("e")
    if not isinstance(value, Fraction) and len(mantissa.replace(".", "").strip("-0")) > digits:
        raise Unsupported("the claim has more digits than are computed here")
    unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    exact = value if isinstance(value, Fraction) else Fraction(float(value))
    return abs(exact - Fraction(claimed)) <= unit / 2


def answer(request, compute, real=float, digits=12):
    """What is said to a request; ``real`` rounds to the precision of the computation."""
    try:
        value = evaluate(request, compute, digits)
    except Refusal as reason:
        return {"refused": True, "reason": str(reason)}
    except (Unsupported, ArithmeticError) as reason:
        return {"unsupported": True, "reason": str(reason)}
    if isinstance(value, (bool, str)):
        return {"value": value}
    if isinstance(value, Fraction):
        return {"value": str(value)}
    parts = [float(real(part)) for part in ((value.real, value.imag) if request["quantity"] == "m" else (value,))]
    if not all(map(math.isfinite, parts)):
        return {"unsupported": True, "reason": "out of range"}
    return {"value": parts if len(parts) > 1 else parts[0]}


def serve(compute, real=float, digits=12):
    """Answer every line of stdin."""
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **answer(request, compute, real, digits)}), flush=True)
