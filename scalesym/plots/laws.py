"""Laws: IsoFLOP curves where a law has a size to choose, the law itself where it has one variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ParameterError
from .drawing import in_style, require_matplotlib
from .solvable import dynamical, regimes, ridge

if TYPE_CHECKING:
    from ..laws import BNSL, Adaptive, Chinchilla

__all__ = ["law_figure"]

_BUDGETS = (1e18, 1e20, 1e22, 1e24)
_SIZE = (6.4, 4.2)


def law_figure(law: Any) -> Any:
    """A law of :mod:`scalesym.laws`, drawn. Level: empirical, or of the deterministic equivalent for the solvable models.

    Parameters
    ----------
    law:
        A ``Chinchilla``: the loss over the number of parameters at four budgets, and the optimum through them. A ``BNSL``, with its
        segments and breaks. A ``ViT``, ``Kaplan`` or ``Henighan``: over compute. An ``Adaptive``: what the next bit of error
        costs each shape, the least of it, and the transitions. The solvable models: a ``DynamicalModel`` over time at several numbers of
        features, a ``RandomFeatureRidge`` over samples without and with the best ridge, ``FourRegimes`` over samples at several
        numbers of parameters.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If matplotlib is missing, or the law is of another kind.

    Examples
    --------
    >>> from scalesym.laws import Chinchilla
    >>> law_figure(Chinchilla.from_paper("besiroglu2024")).axes[0].get_xlabel()
    'parameters $N$'
    """
    require_matplotlib()
    draw: dict[str, Callable[[Any, Any], None]] = {
        "Chinchilla": _isoflops,
        "BNSL": _broken,
        "ViT": _error,
        "Kaplan": _compute,
        "Henighan": _compute,
        "Adaptive": _marginal_costs,
        "DynamicalModel": dynamical,
        "FourRegimes": regimes,
        "RandomFeatureRidge": ridge,
    }
    kind = type(law).__name__
    if kind not in draw:
        raise ParameterError("law", kind, "there is no picture of it", f"use one of {', '.join(draw)}")
    from matplotlib.figure import Figure

    with in_style():
        figure = Figure(figsize=_SIZE, layout="constrained")
        draw[kind](figure.subplots(), law)
    return figure


def _isoflops(axis: Any, law: Chinchilla) -> None:
    colours = _colours(len(_BUDGETS))
    for colour, budget in zip(colours, _BUDGETS, strict=True):
        best = law.optimum(budget)
        sizes = best.N * np.geomspace(1 / 30, 30, 200)
        axis.plot(sizes, law.isoflop(budget, sizes), color=colour, lw=2)
        axis.plot(best.N, best.loss, "o", color=colour, ms=7)
        power = round(np.log10(budget))
        axis.annotate(
            rf"$10^{{{power}}}$",
            (sizes[-1], law.isoflop(budget, sizes[-1])),
            xytext=(4, 0),
            color=colour,
            textcoords="offset points",
            va="center",
        )
    budgets = np.geomspace(_BUDGETS[0], _BUDGETS[-1], 100)
    path = law.optimum(budgets)
    axis.plot(path.N, path.loss, color="black", lw=1.2, ls=(0, (4, 2)), zorder=0)
    axis.set(xscale="log", xlabel="parameters $N$", ylabel="loss $L$, nats for each token")
    axis.set_title("at fixed FLOPs, with the compute-optimal sizes", loc="left", fontsize=11)


def _broken(axis: Any, law: BNSL) -> None:
    x = np.geomspace(law.d[0] / 1e4 if law.n else 1e-3, law.d[-1] * 1e3 if law.n else 1e3, 400)
    axis.plot(x, law(x), color="black", lw=2)
    for place in law.d:
        axis.axvline(float(place), color="#999999", lw=0.8, ls=(0, (4, 2)), zorder=0)
    axis.set(xscale="log", yscale="log", xlabel="$x$", ylabel="$y$")
    axis.set_title("a broken neural scaling law and its breaks", loc="left", fontsize=11)


def _error(axis: Any, law: Any) -> None:
    C = np.geomspace(max(law.least_compute * 1.01, 1e-2), 1e6, 400)
    axis.plot(C, law(C), color="black", lw=2)
    axis.axhline(float(law.floor), color="#999999", lw=0.8, ls=(0, (4, 2)), zorder=0)
    axis.set(xscale="log", xlabel="compute $C$, TPUv3 core-days", ylabel="error rate $E$", ylim=(0, 1))
    axis.set_title("an error rate and its floor", loc="left", fontsize=11)


def _compute(axis: Any, law: Any) -> None:
    C = np.geomspace(1e-6, 1e4, 300)
    axis.plot(C, law(C=C), color="black", lw=2)
    axis.set(xscale="log", yscale="log", xlabel="compute $C$, PF-days", ylabel="loss $L$, nats for each token")
    axis.set_title("the loss over compute", loc="left", fontsize=11)


def _marginal_costs(axis: Any, law: Adaptive) -> None:
    """Error falls to the right, as in a run."""
    from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

    places = [each.error for each in law.transitions()]
    floors = [float(each.floor) for each in law.shapes.values()]
    top = min(max(each.ceiling for each in law.shapes.values()), 2 * max([*places, *(1.5 * x for x in floors), 0.5]))
    base = max(law.floor, 0.0)  # no error is negative, whatever a fitted floor is
    if top <= base:
        raise ParameterError("ceiling", top, "no error is negative", "give shapes whose error begins above 0")
    nearest = min([place - base for place in places if place > base], default=top - base)
    errors = base + np.geomspace((top - base) * (1 - 1e-9), min(nearest / 3, (top - base) / 30), 400)
    for colour, (name, each) in zip(_colours(len(law.shapes)), law.shapes.items(), strict=True):
        seen = errors[(errors > float(each.floor)) & (errors <= each.ceiling)]
        axis.plot(seen, each.marginal_cost(seen), color=colour, lw=2, label=name)
    best = [error for error in errors if any(float(x.floor) < error <= x.ceiling for x in law.shapes.values())]
    least = law.marginal_cost(np.array(best))
    axis.plot(best, least, color="#dddddd", lw=9, zorder=0, solid_capstyle="butt", label="least")
    for place in places:
        axis.axvline(place, color="#999999", lw=0.8, ls=(0, (4, 2)), zorder=0)
    axis.set(
        xscale="log",
        yscale="log",
        xlabel="error $E$",
        ylabel="compute for the next bit of error",
        xlim=(errors[0], errors[-1]),
    )
    axis.set_ylim(float(np.min(least)) / 2, float(np.max(least)) * 5)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.legend(frameon=False)
    axis.set_title("what each shape costs, and where the best changes", loc="left", fontsize=11)


def _colours(count: int) -> list[Any]:
    from matplotlib import colormaps

    return [colormaps["viridis"](0.85 * n / max(1, count - 1)) for n in range(count)]
