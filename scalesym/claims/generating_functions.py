r"""Generating functions, kernel norm and edges: the catalogue's formulas against roads without symbols.

The formulas of the catalogue are the ends of derivations: under a loop integral in ``ζ`` a power series is geometric, and
the residues outside give

.. math::
    \hat F(w) = -\frac{S(x_+)-S(x_-)}{\gamma^2B(B+1)\,w\,(x_+-x_-)}, \qquad
    \hat K(w) = -\frac{x_+D_1^+-x_-D_1^-}{(B+1)\,w\,(x_+-x_-)}, \qquad \hat P = \frac{\hat F}{1-w\hat K}.

Here they are evaluated as they are shipped, and put beside sums over the steps of forcing and kernel, integrated over one
closed ellipse, and of the loss, which the Volterra recursion gives step by step; norm, limit and edges beside the
numbers of the solver.

*Remark.* A batch enters through ``B(B+1)`` in ``q`` and in front; ``2B`` is the same at ``B = 1``, where most comparisons
are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._direct import curves, volterra

__all__ = ["CLAIMS"]

_Values = Mapping[str, Any]
_MODELS: tuple[_Values, ...] = (
    {"alpha": "1", "beta": "7/10", "d": 20, "v": 60, "gamma": "3/10", "B": 1},
    {"alpha": "251/1000", "beta": "4/5", "d": 12, "v": 50, "gamma": "1/100", "B": 3},
    {"alpha": "1/2", "beta": "3/10", "d": 31, "v": 60, "gamma": "1/300", "B": 64},
    {"alpha": "3/2", "beta": "-1/5", "d": 8, "v": 20, "gamma": "1/5", "B": 2},
)
_STEPS = 400
_W = Fraction(9, 10)


def _evaluated(id: str, values: _Values, **changed: Any) -> float:
    """A formula of the catalogue in double precision, at those of the values it depends on."""
    from ..formulas import formula

    entry, given = formula(id), {**values, **changed}
    return float(entry.evaluate(digits=None, **{name: x for name, x in given.items() if name in entry.letters}))


def _series(which: int, closed: Callable[[_Values], float]) -> Verdict:
    """``Σ_r w^r`` of forcing (0), kernel (1) or loss (2), up to ``r = 400``."""
    import numpy as np

    errors = {}
    for values in _MODELS[1:]:
        real = {name: float(Fraction(x)) for name, x in values.items()}
        batch = values["B"]
        place = (real["alpha"], real["beta"], real["d"], values["v"], real["gamma"], batch)
        forcing, kernel = curves(*place, _STEPS, batch * (batch + 1))
        terms: Any = volterra(forcing, kernel) if which == 2 else (forcing, kernel)[which]
        known = float(np.sum((terms * float(_W) ** np.arange(_STEPS))[::-1]))
        errors[f"alpha={values['alpha']} B={batch}"] = abs(closed({**values, "w": _W}) / known - 1)
    return Verdict.at_most("max |ratio − 1|", max(errors.values()), 1e-11, **errors)


def _against_solver(quantity: Callable[[Any], Any], closed: Callable[[_Values], float]) -> Verdict:
    from ..model import PLRF

    errors = {}
    for values in _MODELS:
        model = PLRF(*(values[name] for name in ("alpha", "beta", "d", "v", "gamma", "B")))
        name = f"alpha={values['alpha']} d={values['d']} B={values['B']}"
        errors[name] = abs(closed(values) / float(quantity(model)) - 1)
    return Verdict.at_most("max |ratio − 1|", max(errors.values()), 1e-12, **errors)


def _edges(left: Callable[[_Values], float], right: Callable[[_Values], float]) -> Verdict:
    first = _against_solver(lambda model: model.spectral_edge("left"), left)
    return _against_solver(lambda model: model.spectral_edge("right"), right) if first.outcome == "holds" else first


def _generating(which: int, id: str, name: str, latex: str, rests_on: tuple[str, ...]) -> Claim:
    return Claim(
        id=f"generating.{name}",
        statement=f"The catalogue's {id} is the power series of the {name}, summed over the steps",
        latex=latex,
        tier="numeric",
        check=_series,
        true={"which": which, "closed": lambda values: _evaluated(id, values)},
        false={
            "γ → γ/2": {"closed": lambda values: _evaluated(id, values, gamma=Fraction(values["gamma"]) / 2)},
            "one step late": {"closed": lambda values: _evaluated(id, values) * float(values["w"])},
            "B + 1 for B": {"closed": lambda values: _evaluated(id, values, B=values["B"] + 1)},
        },
        rests_on=rests_on,
        about=(id,),
        source="derived here from the Volterra equation of arXiv:2405.15074",
        quick=True,
    )


CLAIMS: tuple[Claim, ...] = (
    _generating(
        0,
        "F_hat",
        "forcing",
        r"\hat{\mathscr F}(w) = -\frac{S(x_+)-S(x_-)}{\gamma^2B(B+1)\,w\,(x_+-x_-)}",
        ("recursion",),
    ),
    _generating(
        1,
        "K_hat",
        "kernel",
        r"\hat{\mathscr K}(w) = -\frac{x_+D_1^+-x_-D_1^-}{(B+1)\,w\,(x_+-x_-)}",
        ("recursion",),
    ),
    _generating(
        2,
        "P_hat",
        "loss",
        r"\hat{\mathscr P}(w) = \frac{\hat{\mathscr F}(w)}{1-w\hat{\mathscr K}(w)}",
        ("generating.forcing", "generating.kernel"),
    ),
    Claim(
        id="generating.norm",
        statement="The catalogue's ‖K‖ = −D₁(ζ₁)/(B+1) is the norm of the solver",
        latex=r"\lVert\mathscr K\rVert = -\frac{D_1(\zeta_1)}{B+1}",
        tier="numeric",
        check=_against_solver,
        true={
            "quantity": lambda model: model.kernel_norm(),
            "closed": lambda values: _evaluated("K_norm", values),
        },
        false={
            "2B for B(B+1)": {"closed": lambda values: _evaluated("K_norm", values) * (values["B"] + 1) / 2},
            "its small form, γ tr D/2": {"closed": lambda values: _evaluated("K_norm.small", values)},
            "a mode lost": {"closed": lambda values: _evaluated("K_norm", values, v=values["v"] - 1)},
        },
        rests_on=("kernel-norm",),
        about=("K_norm",),
        source="derived here from the Volterra equation of arXiv:2405.15074",
        quick=True,
    ),
    Claim(
        id="generating.limit",
        statement="The catalogue's ζ₀J(ζ₀)/(1 − ‖K‖), the strength of the pole at w = 1, is the limit of the loss",
        latex=r"\lim_{r\to\infty}\mathscr P(r) = \frac{\zeta_0J(\zeta_0)}{1-\lVert\mathscr K\rVert}",
        tier="numeric",
        check=_against_solver,
        true={"quantity": lambda model: model.loss_limit(), "closed": lambda values: _evaluated("P.limit", values)},
        false={
            "F_0 alone": {"closed": lambda values: _evaluated("F_0.exact", values)},
            "a mode lost": {"closed": lambda values: _evaluated("P.limit", values, v=values["v"] - 1)},
        },
        rests_on=("generating.loss", "generating.norm"),
        about=("P.limit",),
        source="derived here from the Volterra equation of arXiv:2405.15074",
        quick=True,
    ),
    Claim(
        id="generating.edges",
        statement="The catalogue's edges, stationary values of −ζm(ζ), are those of the solver",
        latex=r"\lambda_{\min} = \max_{0<\zeta<\zeta_0}-\zeta m(\zeta), \qquad \lambda_{\max} = \min_{\zeta<-1}-\zeta m(\zeta)",
        tier="numeric",
        check=_edges,
        true={
            "left": lambda values: _evaluated("edge.exact", values),
            "right": lambda values: _evaluated("edge.right", values),
        },
        false={
            "λ_1 for λ_max": {"right": lambda values: 1.0},
            "the limit d → ∞ for λ_min": {
                "left": lambda values: (
                    _evaluated("edge.window", values) * values["d"] ** (-2 * float(Fraction(values["alpha"])))
                )
            },
        },
        rests_on=("spectral-edge.limit",),
        about=("edge.exact", "edge.right"),
        source="derived here from z = −ζm(ζ)",
        quick=True,
    ),
)
