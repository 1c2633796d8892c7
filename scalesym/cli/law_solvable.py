"""The solvable models on the command line: constants as ``a=1.8,b=1.4,M=400``, values, best splits, exponents and their phase."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import Exact, real
from .law_display import fields

__all__ = ["SOLVABLE", "solvable", "solvable_model"]

#: The models by the name of the command, and their classes in :mod:`scalesym.laws`.
SOLVABLE = {"dynamical": "DynamicalModel", "regimes": "FourRegimes", "ridge": "RandomFeatureRidge"}

_LEVEL = "deterministic equivalent"
_ARGUMENTS = {"dynamical": ("t", "N", "P"), "regimes": ("D", "P"), "ridge": ("N", "T", "ridge")}
_BUDGETS = {"dynamical": "C = N t", "ridge": "C = N T"}
#: What is solved, in the letters of each model; the catalogue has the formulas that follow.
_EQUATIONS = {
    "dynamical": {
        "spectrum": "λ_k = k^(-b), λ_k w_k^2 = k^(-a), k <= M",
        "flow": "dv/dt = -(A'A/N)(Ψ'Ψ/P) v, N features, P samples",
        "equation": "s = κ (1 - f/N)(1 - f/P), f = Σ λ_k/(λ_k + κ)",
        "loss": "L(t), the double inverse Laplace transform of E(κ, κ')/(s s')",
    },
    "regimes": {
        "spectrum": "λ_i = scale i^(-(1 + alpha_K)), i <= S, an isotropic teacher",
        "equation": "Σ λ_i/(λ_i + κ) = min(D, P)",
        "loss": "L = c κ D P/|D - P|, c = loss_factor weight_variance",
    },
    "ridge": {
        "spectrum": "λ_I = scale I^(-(1 + alpha)), w_I^2 = weight_variance I^(-2 beta), I <= M",
        "equation": "ridge = Δ (T - f)(N - f)/N, f = Σ λ_I/(λ_I + Δ)",
        "loss": "L(N, T), the error of ridge regression on N random features of T samples",
    },
}


def solvable_model(name: str, constants: str | None, model: str | None) -> tuple[Any, dict[str, Any]]:
    """The model of ``--model``, or of a ``--set``, or of the first set if there are any; and what to say of it.

    Parameters
    ----------
    name:
        A key of :data:`SOLVABLE`.
    constants:
        The name of a stored set.
    model:
        Constants such as ``"a=1.8,b=1.4,M=400"``.

    Raises
    ------
    ParameterError
        If the text is no list of the model's constants, or they lie outside its domain.
    click.UsageError
        If both are given, or neither and nothing is stored.

    Examples
    --------
    >>> law, facts = solvable_model("dynamical", None, "a=1.8,b=1.4,M=400")
    >>> facts["law"], str(law.a)
    ('dynamical', '9/5')
    """
    from .. import laws

    kind = getattr(laws, SOLVABLE[name])
    if model is not None:
        if constants is not None:
            raise click.UsageError("--model and --set exclude one another")
        return kind(**_constants(model, kind)), {"law": name}
    sets = kind.papers() if hasattr(kind, "papers") else ()
    if constants is None and not sets:
        raise click.UsageError(f"Missing option '--model', such as {', '.join(_parameters(kind))} as NAME=NUMBER")
    if not sets:
        raise click.UsageError(f"{name} has no --set; use --model")
    case = sets[0] if constants is None else constants
    return kind.from_paper(case), {"law": name, "set": case}


def solvable(
    name: str,
    constants: str | None = None,
    model: str | None = None,
    *,
    at: str | None = None,
    optimum: str | None = None,
    inverse: str | None = None,
) -> dict[str, Any]:
    """Everything that ``scalesym law NAME`` answers about a solvable model, to be shown or written as JSON.

    Parameters
    ----------
    name, constants, model:
        As for :func:`solvable_model`.
    at:
        Arguments of the loss, such as ``"N=60,P=90,t=10"``.
    optimum:
        A budget: ``N t`` for dynamical, ``N T`` for ridge.
    inverse:
        Refused, because a loss has many ways to be reached.

    Returns
    -------
    dict
        With ``at``, the loss there, the training loss where it differs, and the level; with ``optimum``, the best split; without
        either, the equations, the constants, exponents as published and as derived, and the place among the phases.

    Raises
    ------
    ParameterError, click.UsageError
        For bad input.

    Examples
    --------
    >>> found = solvable("dynamical", model="a=1.8,b=1.4,M=400", at="N=60,P=90,t=10")
    >>> print(f"{found['loss']:.6f} {found['train loss']:.6f} {found['level']}")
    0.291657 0.216713 deterministic equivalent
    """
    if at is not None and optimum is not None:
        raise click.UsageError("--at and --optimum exclude one another")
    if inverse is not None:
        raise ParameterError("inverse", name, "many resources reach the same loss", "use --at, or --optimum C")
    law, facts = solvable_model(name, constants, model)
    facts["constants"] = {key: getattr(law, key) for key in _parameters(type(law))}
    if at is not None:
        given = _read(at, "at", _ARGUMENTS[name], "it is no value of a variable")
        shown = {key: float(each) for key, each in given.items()}
        return facts | {"at": shown, **_VALUES[name](law, given), "level": _LEVEL}
    if optimum is not None:
        if name not in _BUDGETS:
            remedy = f"use --at, or {' or '.join(_BUDGETS)}"
            raise ParameterError("optimum", name, "its resources have no common price", remedy)
        found = fields(law.compute_optimal(real(optimum, "optimum")), "optimum")
        return facts | {"budget": _BUDGETS[name], **found, "level": _LEVEL}
    return facts | _description(name, law)


# -- values ------------------------------------------------------------------------------------------------------------


def _dynamical(law: Any, given: Mapping[str, Exact]) -> dict[str, Any]:
    if "t" not in given:
        raise ParameterError("at", ", ".join(given), "the time is missing", "give t, perhaps t=inf")
    found = {"loss": law.loss(**given)}
    if not math.isinf(given.get("P", math.inf)):
        found["train loss"] = law.train_loss(**given)
    return found


def _regimes(law: Any, given: Mapping[str, Exact]) -> dict[str, Any]:
    D, P = given.get("D", math.inf), given.get("P", math.inf)
    regime = law.regime(D, P)
    names = {
        "data": regime.data,
        "parameters": regime.parameters,
        "exponent in D": regime.data_exponent,
        "exponent in P": regime.parameters_exponent,
    }
    return {"loss": law.loss(D, P), **names, "why": regime.why}


def _ridge(law: Any, given: Mapping[str, Exact]) -> dict[str, Any]:
    missing = [each for each in ("N", "T") if each not in given]
    if missing:
        raise ParameterError("at", ", ".join(given), f"{missing[0]} is missing", "give N and T, perhaps inf")
    found = {"loss": law.loss(**given)}
    if not math.isinf(given["T"]):
        found["train loss"] = law.train_loss(**given)
    return found


_VALUES: dict[str, Callable[[Any, Mapping[str, Exact]], dict[str, Any]]] = {
    "dynamical": _dynamical,
    "regimes": _regimes,
    "ridge": _ridge,
}


# -- what follows from the constants -----------------------------------------------------------------------------------


def _description(name: str, law: Any) -> dict[str, Any]:
    from ..laws.published import published
    from ..phases import phase

    found: dict[str, Any] = {"equations": _EQUATIONS[name], "level": _LEVEL}
    if name == "dynamical":
        found["published"] = _exponents(lambda: law.exponents("published"))
    if name == "regimes":
        found["published"] = published("regimes")["kernel"]["exponents"]["printed"]
    found["derived"] = _exponents(law.exponents)
    alpha, beta = _place(name, law)
    found["as PLRF"] = {"alpha": alpha, "beta": beta}
    try:
        found["phase"] = phase(alpha, beta).name
    except ParameterError as error:  # beyond the phases' domain, which the model with finite M is not confined to
        found["phase"] = f"none: {error.reason}"
    if name == "dynamical" and not found["phase"].startswith("none"):
        beside = law.agreement()
        found["one-pass SGD"] = f"{'has' if beside.agrees else 'has not'} these exponents: {beside.reason}"
    return found


def _exponents(exponents: Callable[[], Any]) -> Any:
    """By name, or why there are none."""
    try:
        return fields(exponents(), "exponents")
    except ParameterError as error:
        return f"none: {error.reason}"


def _place(name: str, law: Any) -> tuple[Exact, Exact]:
    """``(α, β)`` of the PLRF with the same spectrum and teacher."""
    if name == "ridge":
        return law.spectrum.alpha, law.spectrum.beta
    return law.alpha, 0 if name == "regimes" else law.beta


# -- reading -----------------------------------------------------------------------------------------------------------


def _parameters(kind: Any) -> dict[str, bool]:
    """The constants of a model by name, and whether they must be given."""
    found = inspect.signature(kind).parameters.values()
    return {each.name: each.default is each.empty for each in found if not each.name.startswith("_")}


def _constants(text: str, kind: Any) -> dict[str, Exact]:
    known = _parameters(kind)
    found = _read(text, "model", tuple(known), "it is no constant of the model")
    for key, needed in known.items():
        if needed and key not in found:
            raise ParameterError("model", text, f"{key} is missing", f"give {', '.join(known)}")
    return found


def _read(text: str, option: str, known: tuple[str, ...], reason: str) -> dict[str, Exact]:
    """``NAME=NUMBER,…`` as exact numbers."""
    found: dict[str, Exact] = {}
    for part in text.split(","):
        key, equals, value = (each.strip() for each in part.partition("="))
        if not equals or key not in known or key in found:
            why = "it is given twice" if key in found else reason
            raise ParameterError(option, part.strip(), why, f"write NAME=NUMBER with {', '.join(known)}")
        found[key] = real(value, key, infinite=True)
    return found
