r"""Closed forms of the pieces, against the integrals that define them.

Every piece but ``F_0`` is a truncated gamma integral,

.. math:: \int_0^1 u^{s-1} e^{-\tau u}\,du = \tau^{-s}\,\gamma_{\mathrm{inc}}(s, \tau), \qquad \tau = 2\gamma Br,

with ``s = 1 + β/α − 1/2α`` for ``F_pp`` and ``s = 2 − 1/2α`` for ``K_pp``; ``F_ac`` starts at ``u = d^{-2α}`` instead of 0. The
definition is integrated here as it stands, in the variable ``y = u^s``, in which the power at 0 disappears even where
``s`` is a hundredth: ``∫_0^1 e^{-τ y^{1/s}} dy/s``. Both the symbolic catalogue and the solver's own pieces must give it to
50 digits.

*Remark.* The pool of parameters keeps to the edges: ``s`` near 0, where the integral is about to diverge, ``s`` a positive
integer, where incomplete gamma functions become elementary, and ``2α = 1``, where ``F_ac`` has a logarithm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._direct import private_context

__all__ = ["CLAIMS"]

_DIGITS = 50
_D, _V = 50, 200
_POOL: tuple[Mapping[str, object], ...] = tuple(
    {"alpha": alpha, "beta": beta, "gamma": gamma, "batch": batch, "r": r}
    for alpha, beta, gamma, batch, r in (
        ("1", "7/10", "3/10", 1, 80),
        ("3/4", "-6/25", "1/5", 2, 7),  # α + β = 0.51
        ("251/1000", "1/4", "1/100", 3, 1000),  # just inside both edges
        ("1/2", "1/2", "1/20", 1, 1),  # the corner of the critical lines
        ("1/2", "3/2", "1/40", 1, 10**9),  # integer powers
        ("3", "-12/5", "1/10", 7, 10**15),
        ("13/10", "3", "1/10", 8, 10**5),
        ("13/50", "51/100", "1/50", 2, 300),
    )
)

Closed = Callable[[Any, Mapping[str, Any]], Any]


def _read(mp: Any, letters: Mapping[str, object]) -> dict[str, Any]:
    values = {name: Fraction(str(value)) for name, value in letters.items()}
    numbers = {name: mp.mpf(value.numerator) / value.denominator for name, value in values.items()}
    return numbers | {"tau": 2 * numbers["gamma"] * numbers["batch"] * numbers["r"]}


def _from_zero(mp: Any, s: Any, tau: Any) -> Any:
    """``∫_0^1 u^{s−1} e^{−τu} du`` in the variable ``y = u^s``, up to where nothing is left."""
    rate = min(tau, mp.mpf(160))  # e^{-160} is beyond all digits
    panels = [0, mp.mpf(1) / 2, mp.mpf(3) / 4, mp.mpf(7) / 8, mp.mpf(15) / 16, 1]
    return (rate / tau) ** s / s * mp.quad(lambda y: mp.exp(-rate * y ** (1 / s)), panels)


def _from(mp: Any, start: Any, s: Any, tau: Any) -> Any:
    """``∫_start^1 u^{s−1} e^{−τu} du`` in the variable ``t = log(u/start)``, with the decay at the start outside."""
    reach = min(-mp.log(start), mp.log1p(160 / (tau * start)))
    rest = mp.quad(lambda t: mp.exp(s * t - tau * start * mp.expm1(t)), mp.linspace(0, reach, 9))
    return start**s * mp.exp(-tau * start) * rest


def _forcing_integral(mp: Any, x: Mapping[str, Any]) -> Any:
    return _from_zero(mp, 1 + (2 * x["beta"] - 1) / (2 * x["alpha"]), x["tau"]) / (2 * x["alpha"])


def _kernel_integral(mp: Any, x: Mapping[str, Any]) -> Any:
    return x["gamma"] ** 2 * x["batch"] / (2 * x["alpha"]) * _from_zero(mp, 2 - 1 / (2 * x["alpha"]), x["tau"])


def _continuous_integral(mp: Any, x: Mapping[str, Any]) -> Any:
    return 1 / (2 * x["alpha"] * _D) * _from(mp, mp.mpf(_D) ** (-2 * x["alpha"]), 1 - 1 / (2 * x["alpha"]), x["tau"])


_DEFINITIONS = {"F_pp": _forcing_integral, "K_pp": _kernel_integral, "F_ac": _continuous_integral}


def _c_beta(mp: Any, beta: Any) -> Any:
    """``Σ_{j≤v} j^{-2β}`` for ``2β > 1``, else 0."""
    return mp.fsum(mp.mpf(j) ** (-2 * beta) for j in range(1, _V + 1)) if 2 * beta > 1 else mp.zero


def _catalogue(name: str) -> Closed:
    """A closed form of the symbolic catalogue, at the letters it has; ``c_β`` is left to the caller."""

    def closed(mp: Any, letters: Mapping[str, Any]) -> Any:
        from ..formulas import formula

        entry = formula(name)
        known = {**letters, "B": letters["batch"], "d": _D, "c_beta": 1}
        return mp.mpf(entry.evaluate(digits=_DIGITS, **{letter: known[letter] for letter in entry.variables}))

    return closed


def _agrees(piece: str, closed: Closed) -> Verdict:
    from ..model import PLRF

    mp, errors = private_context(_DIGITS + 15), {}
    for letters in _POOL:
        numbers = _read(mp, letters)
        factor = _c_beta(mp, numbers["beta"]) if piece == "F_ac" else mp.one
        exact = factor * _DEFINITIONS[piece](mp, numbers)
        model = PLRF(letters["alpha"], letters["beta"], _D, _V, letters["gamma"], letters["batch"])
        solver = mp.mpf(getattr(model.pieces(letters["r"], digits=_DIGITS), piece))
        name = " ".join(f"{letter}={value}" for letter, value in letters.items())
        for road, value in (("catalogue", factor * closed(mp, letters)), ("PLRF.pieces", solver)):
            errors[f"{road}, {name}"] = abs(value - exact) / (exact or 1)
    return Verdict.at_most("max relative difference", max(errors.values()), 1e-49, **errors)


def _with_argument(piece: str, argument: Callable[[Any, Any], Any]) -> Closed:
    """The closed form with another ``s`` in the incomplete gamma function, for false statements."""

    def closed(mp: Any, letters: Mapping[str, Any]) -> Any:
        x = _read(mp, letters)
        power = 2 - 1 / (2 * x["alpha"]) if piece == "K_pp" else 1 + (2 * x["beta"] - 1) / (2 * x["alpha"])
        factor = x["gamma"] ** 2 * x["batch"] if piece == "K_pp" else mp.one
        s = argument(x["alpha"], x["beta"])
        return factor / (2 * x["alpha"]) * x["tau"] ** -power * mp.gammainc(s, 0, x["tau"])

    return closed


def _with_rate(name: str, factor: int) -> Closed:
    """The catalogue's closed form at another learning rate, for false statements."""
    return lambda mp, letters: _catalogue(name)(mp, {**letters, "gamma": factor * Fraction(letters["gamma"])})


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="closed-forms.F_pp",
        statement="F_pp = (2γBr)^{−s} γ_inc(s, 2γBr)/2α, s = 1+β/α−1/2α, is its integral, to 50 digits on both roads",
        latex=r"\frac1{2\alpha}\int_0^1 u^{s-1}e^{-\tau u}du = \frac{\tau^{-s}}{2\alpha}\gamma_{\mathrm{inc}}(s,\tau)",
        tier="numeric",
        check=_agrees,
        true={"piece": "F_pp", "closed": _catalogue("F_pp.closed")},
        false={
            "Γ(1+β/α) for Γ(1+β/α−1/2α)": {"closed": _with_argument("F_pp", lambda alpha, beta: 1 + beta / alpha)},
            "γ → 2γ": {"closed": _with_rate("F_pp.closed", 2)},
        },
        about=("F_pp", "F_pp.integral", "F_pp.closed"),
        source="arXiv:2405.15074, table of asymptotics of the forcing function's pieces",
        quick=True,
    ),
    Claim(
        id="closed-forms.K_pp",
        statement="K_pp = γ²B (2γBr)^{−s} γ_inc(s, 2γBr)/2α, s = 2−1/2α, is its integral, to 50 digits on both roads",
        latex=r"\frac{\gamma^2B}{2\alpha}\int_0^1 u^{s-1}e^{-\tau u}du = "
        r"\frac{\gamma^2B\,\tau^{-s}}{2\alpha}\gamma_{\mathrm{inc}}(s,\tau)",
        tier="numeric",
        check=_agrees,
        true={"piece": "K_pp", "closed": _catalogue("K_pp.closed")},
        false={
            "Γ(2) for Γ(2−1/2α)": {"closed": _with_argument("K_pp", lambda alpha, beta: alpha * 0 + 2)},
            "γ → 2γ": {"closed": _with_rate("K_pp.closed", 2)},
        },
        about=("K_pp", "K_pp.integral", "K_pp.closed"),
        source="arXiv:2405.15074, table of asymptotics of the kernel",
        quick=True,
    ),
    Claim(
        id="closed-forms.F_ac",
        statement="F_ac in exponential integrals is its integral from d^{−2α} to 1, to 50 digits on both roads",
        latex=r"\mathscr F_{ac}=\frac{c_\beta}{2\alpha d}\int_{d^{-2\alpha}}^1 u^{-1/(2\alpha)}e^{-\tau u}du",
        tier="numeric",
        check=_agrees,
        true={"piece": "F_ac", "closed": _catalogue("F_ac.closed")},
        false={"γ → 2γ": {"closed": _with_rate("F_ac.closed", 2)}},
        about=("F_ac", "F_ac.integral", "F_ac.closed"),
        source="arXiv:2405.15074, table of asymptotics of the forcing function's pieces",
    ),
)
