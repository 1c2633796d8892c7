"""What can be asked: each quantity at each level of approximation, its inputs, its units, and how it is computed.

A question is a mapping as the protocol has it (:mod:`scalesym.oracle.protocol`). Inputs are read as exact numbers, the
convention is undone before the computation (``γ`` becomes the one that multiplies the *sum* over the batch) and redone after
it. Two roads answer: balls with a proven radius (:mod:`scalesym.certified`), and the package's solver, whose reach is wider
and whose digits are computed, not proven.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import ParameterError, ScalesymError
from ..parameters import batch_size, real, steps
from .evaluation import Setting

__all__ = ["CONVENTION", "LEVELS", "QUANTITIES", "Quantity", "Question", "Unsupported", "read"]

#: The convention where a question names none: that of the package and of the paper.
CONVENTION: Mapping[str, str] = {"loss_factor": "1", "batch_gradient": "sum"}

#: Levels of approximation: the deterministic equivalent at finite d and v, integrals for sums, leading terms.
LEVELS = ("equivalent", "continuum", "asymptotic")

_CHAIN = 10_000  # no plain sum or recursion that somebody writes is longer
_SERIES = 50  # terms of a series or continued fraction for an incomplete gamma function


class Unsupported(ScalesymError):
    """The oracle does not know the quantity, or not at this level, or not with a proof."""


@dataclass(frozen=True)
class Quantity:
    """A quantity at one level.

    Parameters
    ----------
    name, level:
        As the protocol names them.
    inputs:
        The keys of ``in``, all of them required.
    units:
        ``"loss"`` if a factor of the loss multiplies it, ``"rate"`` if it is a learning rate, else ``""``.
    meaning, source:
        One line each.
    """

    name: str
    level: str
    inputs: tuple[str, ...]
    units: str
    meaning: str
    source: str


def _entries() -> dict[tuple[str, str], Quantity]:
    paper, notes = "arXiv:2405.15074", "the deterministic equivalent of arXiv:2405.15074, section 2"
    size, model = ("alpha", "d", "v"), ("alpha", "beta", "d", "v")
    sgd = ("gamma", "batch")
    rows = (
        ("zeta0", "equivalent", size, "", "the positive root of Σ λ_j/(λ_j+ζ) = d", notes),
        ("kappa", "equivalent", size, "", "1/(ζ₀ d^(2α))", f"{paper}, definition of F_0"),
        ("kappa", "continuum", ("alpha", "ratio"), "", "∫_0^ratio κ du/(κ+u^(2α)) = 1", f"{paper}, definition of F_0"),
        ("m", "equivalent", (*size, "z"), "", "m + (1/d) Σ λ_j m/(λ_j m − z) = 1, m → 1 at ∞", notes),
        ("lambda_min", "equivalent", size, "", "left edge of the spectrum above 0", notes),
        ("lambda_max", "equivalent", size, "", "right edge of the spectrum", notes),
        ("F_0", "equivalent", model, "loss", "Σ λ_j b_j² ζ₀/(λ_j+ζ₀), the limit of F(r)", notes),
        ("F_0", "continuum", model, "loss", "the same with ζ₀ = d^(−2α)/κ(v/d)", f"{paper}, definition of F_0"),
        ("F_0", "asymptotic", model, "loss", "its leading term as d → ∞ at fixed v/d", f"{paper}, table of the pieces"),
        ("K_norm", "equivalent", (*size, *sgd), "", "‖K‖ = Σ_r K(r)", notes),
        (
            "gamma_critical",
            "equivalent",
            (*size, "batch"),
            "rate",
            "the least unstable learning rate",
            f"{paper}, stability",
        ),
        ("P_inf", "equivalent", (*model, *sgd), "loss", "F_0/(1 − ‖K‖), the limit of P(r)", notes),
        ("F", "equivalent", (*model, *sgd, "r"), "loss", "the forcing function after r steps", notes),
        ("K", "equivalent", (*size, *sgd, "r"), "", "the kernel function after r steps", notes),
        ("P", "equivalent", (*model, *sgd, "r"), "loss", "P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s)", notes),
        *(
            (name, level, inputs, units, meaning, f"{paper}, table of the pieces")
            for level in ("continuum", "asymptotic")
            for name, inputs, units, meaning in (
                ("F_pp", ("alpha", "beta", *sgd, "r"), "loss", "pure point part of the forcing function"),
                ("F_ac", (*model, *sgd, "r"), "loss", "absolutely continuous part of the forcing function"),
                ("K_pp", ("alpha", *sgd, "r"), "", "pure point part of the kernel function"),
            )
        ),
        ("phase", "asymptotic", ("alpha", "beta"), "", "name of the phase", f"{paper}, table of the phases"),
        ("xi", "asymptotic", ("alpha", "beta"), "", "d* ≍ f^ξ at f FLOPs", f"{paper}, table of the phases"),
        ("eta", "asymptotic", ("alpha", "beta"), "", "P* ≍ f^(−η) at f FLOPs", f"{paper}, table of the phases"),
        (
            "boundary",
            "asymptotic",
            ("phases",),
            "",
            "where two phases meet at given α, or β",
            f"{paper}, phase diagram",
        ),
        *(("judge", level, ("claim",), "", "whether a claimed value is right", notes) for level in LEVELS),
    )
    return {(row[0], row[1]): Quantity(*row) for row in rows}


#: By name and level.
QUANTITIES: Mapping[tuple[str, str], Quantity] = _entries()


@dataclass(frozen=True)
class Question:
    """A question that was read: exact inputs, ``γ`` as it multiplies the sum over the batch."""

    quantity: Quantity
    given: Mapping[str, Any]
    loss_factor: Fraction = Fraction(1)
    mean: bool = False

    @property
    def factor(self) -> Fraction:
        """What the value in the package's convention is to be multiplied by."""
        if self.quantity.units == "loss":
            return self.loss_factor
        return Fraction(self.given["batch"]) if self.quantity.units == "rate" and self.mean else Fraction(1)

    @property
    def setting(self) -> Setting:
        """The numbers of the definitions."""
        return Setting.of(self.given)

    @property
    def roundings(self) -> int:
        """Length of the longest chain of roundings in a plain evaluation: terms of the sums, then steps of the recursion."""
        if self.quantity.level != "equivalent":
            return _SERIES
        terms: int = min(self.given["v"] or _CHAIN, _CHAIN)
        return terms + int(min(self.given.get("r", 0), _CHAIN))


def read(request: Mapping[str, Any]) -> Question:
    """Read a request's quantity, level, convention and inputs.

    Raises
    ------
    Unsupported
        If there is no such quantity, or not at this level.
    ParameterError
        If an input is missing, unknown or outside the domain.

    Examples
    --------
    >>> question = read({"quantity": "zeta0", "in": {"alpha": "1", "d": 20, "v": "inf"}})
    >>> question.given
    {'alpha': Fraction(1, 1), 'd': Fraction(20, 1), 'v': None}
    """
    name = request.get("quantity")
    levels = [level for known, level in QUANTITIES if known == name]
    level = request.get("level", levels[0] if levels else None)
    if level not in levels:
        known = ", ".join(sorted({each for each, _ in QUANTITIES})) if not levels else ", ".join(levels)
        what = f"no {name!r} at level {level!r}" if levels else f"no quantity {name!r}"
        raise Unsupported(f"there is {what}"[:200] + f"; known are {known}")
    quantity = QUANTITIES[str(name), str(level)]
    factor, mean = _convention(request.get("convention", {}))
    given = request.get("in")
    if not isinstance(given, Mapping):
        raise ParameterError("in", given, "the inputs are an object", f"give {', '.join(quantity.inputs)}")
    wanted = quantity.inputs
    if name == "boundary":
        wanted += ("alpha",) if "alpha" in given else ("beta",)
    if missing := [key for key in wanted if key not in given]:
        raise ParameterError("in", sorted(given), f"{missing[0]} is missing", f"give {', '.join(wanted)}")
    if unknown := [key for key in given if key not in wanted]:
        raise ParameterError("in", unknown[0], f"{name} has no such input", f"give {', '.join(wanted)}")
    values = {key: _READERS[key](given[key]) for key in wanted}
    if mean and "gamma" in values:
        values["gamma"] = values["gamma"] / values["batch"]
    _require(values)
    if level == "asymptotic" and values.get("r") == 0:
        raise ParameterError("r", 0, "the leading terms are those of many steps", "use r >= 1")
    return Question(quantity, values, factor, mean)


def _convention(given: Any) -> tuple[Fraction, bool]:
    if not isinstance(given, Mapping):
        raise ParameterError("convention", given, "it is no object", f"give {dict(CONVENTION)}")
    factor, gradient = (given.get(key, usual) for key, usual in CONVENTION.items())
    if unknown := [key for key in given if key not in CONVENTION]:
        raise ParameterError("convention", unknown[0], "there is no such convention", f"give {', '.join(CONVENTION)}")
    if factor not in ("1", "1/2"):
        raise ParameterError("loss_factor", factor, "there is no such convention", "use '1' or '1/2'")
    if gradient not in ("sum", "mean"):
        raise ParameterError("batch_gradient", gradient, "there is no such convention", "use 'sum' or 'mean'")
    return Fraction(factor), gradient == "mean"


def _positive(name: str, reason: str) -> Callable[[object], Fraction]:
    return lambda value: Fraction(real(value, name, above=0, reason=reason))


def _latent(value: object) -> int | None:
    size = real(value, "v", above=0, reason="the latent dimension is positive", infinite=True)
    if math.isinf(size):
        return None
    if size != int(size):
        raise ParameterError("v", value, "a sum over j <= v has a whole number of terms", "use an integer v, or 'inf'")
    return int(size)


def _step(value: object) -> int:
    found, shape = steps(value)
    if shape:
        raise ParameterError("r", value, "it is not one number", "ask for one r at a time")
    return found[0]


def _ratio(value: object) -> Fraction | None:
    ratio = real(value, "ratio", above=1, reason="there must be more data directions than features", infinite=True)
    return None if math.isinf(ratio) else Fraction(ratio)


def _complex(value: object) -> tuple[Fraction, Fraction]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ParameterError("z", value, "it is not a complex number", "give a pair, real and imaginary part")
    parts = Fraction(real(value[0], "z")), Fraction(real(value[1], "z"))
    if not any(parts):
        raise ParameterError("z", value, "the resolvent has a pole at 0", "use z != 0")
    return parts


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(isinstance(name, str) for name in value):
        raise ParameterError("phases", value, "it is not a pair of names", "give for instance ['II', 'III']")
    return value[0], value[1]


def _claim(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not {"quantity", "in", "value"} <= set(value):
        raise ParameterError("claim", value, "it is no claim", "give quantity, level, in and value")
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "alpha": _positive("alpha", "the eigenvalues j^(-2 alpha) must decrease"),
    "beta": lambda value: Fraction(real(value, "beta")),
    "d": _positive("d", "the parameter count is positive"),
    "v": _latent,
    "gamma": _positive("gamma", "SGD does not learn with it"),
    "batch": batch_size,
    "r": _step,
    "z": _complex,
    "ratio": _ratio,
    "phases": _pair,
    "claim": _claim,
}


def _require(given: Mapping[str, Any]) -> None:
    """What several inputs must satisfy together."""
    alpha, beta = given.get("alpha"), given.get("beta")
    if alpha is not None and beta is not None and "phases" not in given and not alpha + beta > Fraction(1, 2):
        raise ParameterError(
            "beta", beta, "alpha + beta is not above 1/2: there is no power law", f"use beta > {Fraction(1, 2) - alpha}"
        )
    infinite = ("v" in given and given["v"] is None) or ("ratio" in given and given["ratio"] is None)
    if infinite and alpha is not None and not 2 * alpha > 1:
        raise ParameterError("v", "inf", "tr D diverges for alpha <= 1/2", "use a finite v, or alpha > 1/2")
    if "d" in given:
        if given["d"] < 1:
            raise ParameterError("d", given["d"], "there is no fraction of a feature", "use d >= 1")
        if given["v"] is not None and not given["v"] > given["d"]:
            raise ParameterError(
                "v", given["v"], "the latent dimension must exceed the number of features", "use v > d"
            )
