"""Runs of SGD beside theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .drawing import require_matplotlib

if TYPE_CHECKING:
    from ..model import PLRF
    from ..sampled import Sample, Simulation

__all__ = ["simulation_figure"]

_INK, _EXACT, _LIMIT = "#999999", "#000000", "#D55E00"
_MOST_RUNS = 20  # drawn one by one


def simulation_figure(model: PLRF, sample: Sample, runs: Simulation) -> Any:
    """Runs of SGD, their median, the exact mean given ``W``, and the deterministic equivalent, over the steps.

    Parameters
    ----------
    model:
        For the deterministic equivalent.
    sample:
        The draw of ``W`` on which the runs were made.
    runs:
        What :meth:`~scalesym.sampled.Sample.simulate` returned.

    Returns
    -------
    matplotlib.figure.Figure
        One panel with logarithmic axes; save it with ``savefig``.

    Raises
    ------
    ParameterError
        If matplotlib is missing.

    Examples
    --------
    >>> from scalesym import PLRF
    >>> model = PLRF(1, "7/10", d=20, v=60, gamma="1/10")
    >>> sample = model.sample(1)
    >>> simulation_figure(model, sample, sample.simulate(100, runs=3)).axes[0].get_xlabel()
    'step'
    """
    require_matplotlib()
    from matplotlib.figure import Figure

    r = runs.r[runs.r > 0]
    seen = runs.loss[:, runs.r > 0]
    figure = Figure(figsize=(7.2, 4.3), layout="constrained")
    axis = figure.subplots()
    axis.set_xscale("log")
    axis.set_yscale("log")
    for k, run in enumerate(seen[:_MOST_RUNS]):
        label = None if k else f"runs of SGD ({min(len(seen), _MOST_RUNS)} of {len(seen)})"
        axis.plot(r, run, color=_INK, lw=0.8, alpha=0.6, label=label)
    if len(seen) > 2:
        axis.plot(r, np.median(seen, axis=0), color=_INK, lw=2, label="their median")
    axis.plot(r, sample.conditional_loss(r), color=_EXACT, lw=2, label="exact mean on this draw of W")
    axis.plot(r, model.loss(r), color=_LIMIT, lw=2, ls="--", label="deterministic equivalent")
    axis.set(xlabel="step", ylabel="loss")
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    return figure
