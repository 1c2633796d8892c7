"""Answers to questions: certified where the balls reach, else by the package's solver, always in the asked convention."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from ..certified.enclosure import ComplexEnclosure, refine
from ..certified.stability import critical_gamma
from ..errors import ConvergenceError, ParameterError, StabilityError
from ..precision import arb_of, flint_digits, mp_context
from . import diagram
from .evaluation import evaluate
from .quantities import Question, Unsupported, read

__all__ = ["answer", "enclose", "exact_value", "judged"]

_DOUBLE = 17  # digits that identify a double


def answer(request: Mapping[str, Any], digits: int | None = None, certified: bool = False) -> dict[str, Any]:
    """The answer to a request, as the protocol has it: ``value``, and ``radius`` where it is certified.

    Parameters
    ----------
    request:
        With ``quantity`` and ``in``; ``level`` and ``convention`` may be left out.
    digits:
        Decimal digits; ``None`` for double precision, or 17 if certified.
    certified:
        Whether the answer must be a ball with a proven radius.

    Raises
    ------
    Unsupported
        If nothing answers this, or no proof does.
    ParameterError
        If it has no answer.

    Examples
    --------
    >>> answer({"quantity": "zeta0", "in": {"alpha": 1, "d": 20, "v": 60}}, digits=15, certified=True)
    {'value': '0.0041424745980921...', 'radius': '...'}
    >>> answer({"quantity": "xi", "in": {"alpha": "1", "beta": "7/10"}})
    {'value': '7/17'}
    """
    question = read(request)
    exact = exact_value(question)
    if exact is not None:
        return {"value": exact if isinstance(exact, bool) else str(exact)}
    if certified:
        ball = enclose(question, digits or _DOUBLE)
        if isinstance(ball, ComplexEnclosure):
            parts = [part.decimal((digits or _DOUBLE) + 2) for part in (ball.real, ball.imag)]
            return {"value": [text for text, _ in parts], "radius": [radius for _, radius in parts]}
        text, radius = ball.decimal((digits or _DOUBLE) + 2)
        return {"value": text, "radius": radius}
    return {"value": _numeric(question, digits)}


def enclose(question: Question, digits: int, rough: bool = False) -> Any:
    """A ball around the answer whose proven relative radius is below ``10^-digits``, in the asked convention.

    It is an :class:`~scalesym.certified.Enclosure`, or a :class:`~scalesym.certified.ComplexEnclosure` for ``m``.
    ``rough`` is that of :func:`~scalesym.oracle.evaluation.evaluate`.
    """
    name, level = question.quantity.name, question.quantity.level
    if name == "boundary":
        given = {key: value for key, value in question.given.items() if key != "phases"}
        return refine(lambda: diagram.boundary(question.given["phases"], given), digits)
    _require_reach(question)
    if name in _NEED_STABILITY:
        _require_stable(question)
    setting, factor = question.setting, question.factor
    return refine(lambda: evaluate(name, level, setting, rough) * arb_of(factor), digits)


#: Quantities that an unstable learning rate leaves without a value.
_NEED_STABILITY = ("F", "K", "P", "P_inf", "K_norm")
#: Steps up to which a proof takes seconds, not hours.
_STEPS = {"P": 20_000, "F": 100_000, "K": 100_000}


def _require_reach(question: Question) -> None:
    """Whether the balls reach so far; the solver without proofs may reach farther."""
    name, given = question.quantity.name, question.given
    if given.get("r", 0) > _STEPS.get(name, math.inf):
        raise Unsupported(f"a certified {name} for r above {_STEPS[name]}")
    if question.quantity.level == "equivalent" or name == "F_0":
        try:
            question.setting.point  # noqa: B018 — it checks the reach of the sums
        except ParameterError as error:
            raise Unsupported(f"certified sums there: {error}") from None


def _require_stable(question: Question) -> None:
    """Refuse in the convention of the question. A norm of 1 or more is still a number, unless the kernel has no sum."""
    gamma, batch = question.given["gamma"], question.given["batch"]
    point, shown = question.setting.point, batch if question.mean else 1
    for digits in (30, 60, 120, 240):  # until it is decided
        with flint_digits(digits):
            pointwise = 2 / ((batch + 1) * point.edges()[1])
            critical = pointwise if question.quantity.name == "K_norm" else critical_gamma(point, batch)
            if arb_of(gamma) < critical:
                return
            if arb_of(gamma) > critical:
                reason = f"SGD diverges, the critical learning rate is {(critical * shown).str(9, radius=False)}"
                raise ParameterError("gamma", gamma * shown, reason, "use a smaller one")
    raise ConvergenceError(f"gamma = {gamma * shown} is not told from the critical learning rate in {digits} digits")


def exact_value(question: Question) -> str | bool | Fraction | None:
    """The answer, if it is a name, a truth value or a fraction; ``None`` for decimal numbers."""
    name, given = question.quantity.name, question.given
    if name == "phase":
        return diagram.phase_name(given["alpha"], given["beta"])
    if name in ("xi", "eta"):
        return diagram.exponent(name, given["alpha"], given["beta"])
    if name == "judge":
        return judged(given["claim"])
    return None


def judged(claim: Mapping[str, Any]) -> bool:
    """Whether a claimed value is right: names and fractions exactly, a decimal number to half a unit of its last digit.

    Examples
    --------
    >>> judged({"quantity": "phase", "in": {"alpha": "1", "beta": "7/10"}, "value": "III"})
    False
    >>> judged({"quantity": "zeta0", "in": {"alpha": "1", "d": 20, "v": 60}, "value": "0.00414247460"})
    True
    """
    question = read({key: value for key, value in claim.items() if key != "value"})
    value = claim["value"]
    if question.quantity.name == "judge":
        raise ParameterError("claim", "judge", "a claim about a claim", "claim the value of a quantity")
    exact = exact_value(question)
    if isinstance(exact, str):
        return bool(value == exact)
    if not isinstance(value, str):
        raise ParameterError("claim", value, "the claimed value is no text", "give a name, 'p/q' or a decimal number")
    if exact is not None and "/" in value:
        return _fraction(value) == exact
    try:
        decimal = Decimal(value)
    except InvalidOperation:
        decimal = Decimal("nan")
    if not decimal.is_finite() or abs(decimal.adjusted()) > 400 or len(value) > 400:
        raise ParameterError("claim", value, "it is not a number", "give a decimal number")
    half = Fraction(1, 2) * Fraction(10) ** int(decimal.as_tuple().exponent)
    if exact is not None:
        return abs(Fraction(decimal) - Fraction(exact)) <= half
    digits = len(decimal.as_tuple().digits) + 6
    found = enclose(question, digits)
    if isinstance(found, ComplexEnclosure):
        raise Unsupported("claims about complex values are not judged")
    return bool(max(abs(found.low - Fraction(decimal)), abs(found.high - Fraction(decimal))) <= half)


def _fraction(text: str) -> Fraction | None:
    from ..parameters import number

    value = number(text, "claim")
    return value if isinstance(value, Fraction) else None


def _numeric(question: Question, digits: int | None) -> str | list[str]:
    name, level = question.quantity.name, question.quantity.level
    if (name, level) not in _NUMERIC:  # closed forms, which have no other road
        return str(enclose(question, digits or _DOUBLE).decimal(digits or _DOUBLE)[0])
    try:
        found = _NUMERIC[name, level](question.given, digits)
    except StabilityError:  # the solver keeps its distance from the critical learning rate
        _require_stable(question)
        return str(enclose(question, digits or _DOUBLE).decimal(digits or _DOUBLE)[0])
    if digits is None:
        value = found * float(question.factor)
        return [repr(float(value.real)), repr(float(value.imag))] if isinstance(value, complex) else repr(float(value))
    context = mp_context(digits + 5)
    scaled = found * context.mpf(question.factor.numerator) / question.factor.denominator
    if name == "m":
        return [context.nstr(part, digits) for part in (scaled.real, scaled.imag)]
    return str(context.nstr(scaled, digits))


def _model(given: Mapping[str, Any]) -> Any:
    from ..model import PLRF

    beta = given.get("beta", max(Fraction(1), 1 - given["alpha"]))  # any, where nothing depends on it
    v = "inf" if given.get("v", 0) is None else given.get("v", 10**6)
    return PLRF(given["alpha"], beta, given.get("d", 10), v, given.get("gamma", "half-critical"), given.get("batch", 1))


def _resolvent(given: Mapping[str, Any], digits: int | None) -> Any:
    real, imaginary = given["z"]
    if imaginary == 0:
        return _model(given).resolvent(real, digits=digits).m
    z = complex(float(real), float(imaginary))
    if digits is None or (Fraction(z.real), Fraction(z.imag)) == (real, imaginary):
        return _model(given).resolvent(z, digits=digits).m
    raise Unsupported(
        "m at a complex z that is no binary number, to more digits than a double has: ask for it certified"
    )


_NUMERIC: Mapping[tuple[str, str], Callable[[Mapping[str, Any], int | None], Any]] = {
    ("zeta0", "equivalent"): lambda g, n: _model(g).zeta0(digits=n),
    ("kappa", "equivalent"): lambda g, n: _model(g).kappa(digits=n),
    ("m", "equivalent"): _resolvent,
    ("lambda_min", "equivalent"): lambda g, n: _model(g).spectral_edge("left", digits=n),
    ("lambda_max", "equivalent"): lambda g, n: _model(g).spectral_edge("right", digits=n),
    ("F_0", "equivalent"): lambda g, n: _model(g).forcing_limit(digits=n),
    ("K_norm", "equivalent"): lambda g, n: _model(g).kernel_norm(digits=n),
    ("gamma_critical", "equivalent"): lambda g, n: _model(g).critical_gamma(digits=n),
    ("P_inf", "equivalent"): lambda g, n: _model(g).loss_limit(digits=n),
    ("F", "equivalent"): lambda g, n: _model(g).forcing(g["r"], digits=n),
    ("K", "equivalent"): lambda g, n: _model(g).kernel(g["r"], digits=n),
    ("P", "equivalent"): lambda g, n: _model(g).loss(g["r"], digits=n),
}
