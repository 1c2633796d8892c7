"""The solvable models: what one resource leaves when another runs out, with the powers that theory gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ParameterError
from .drawing import INK

if TYPE_CHECKING:
    from ..laws import DynamicalModel, FourRegimes, RandomFeatureRidge

__all__ = ["dynamical", "regimes", "ridge"]

_SIZES = (10, 100, 1000, 10_000)
_GUIDE: dict[str, Any] = {"color": "#999999", "lw": 0.8, "ls": (0, (4, 2)), "zorder": 0}


def dynamical(axis: Any, law: DynamicalModel) -> None:
    """Loss over time at several numbers of features, with all data, and the loss of features without end."""
    sizes = _sizes("M", law.M)
    b = 1.5 if law.b is None else float(law.b)
    times = np.geomspace(0.1, 30 * float(max(sizes)) ** min(b, 2.0), 160)
    for colour, N in zip(_colours(len(sizes)), sizes, strict=True):
        axis.plot(times, law.loss(times, N=N), color=colour, lw=2)
        _label(axis, times[-1], law.static_limit(N=N), f"$N = {_power(N)}$", colour)
    axis.plot(times, law.loss(times), **_GUIDE)
    axis.set(xscale="log", yscale="log", xlabel="time $t$", ylabel="loss $L(t, N)$", xlim=(times[0], times[-1]))
    axis.set_title("gradient flow, all data; dashed: all features", loc="left", fontsize=11)


def ridge(axis: Any, law: RandomFeatureRidge) -> None:
    """Loss over samples at one number of features: without a ridge, and with the best one."""
    _sizes("M", law.M)
    N = min(300, int(law.M // 4) if math.isfinite(law.M) else 300)
    samples = np.unique(np.concatenate([np.geomspace(N / 30, 30 * N, 121), N * (1 + np.linspace(-0.2, 0.2, 41))]))
    samples = samples[np.abs(samples / N - 1) > 1e-3]
    colours = _colours(2)
    axis.plot(samples, law.ridgeless(N, samples), color=colours[1], lw=2, label="no ridge")
    axis.plot(samples, [law.optimal_ridge(N, T).loss for T in samples], color=colours[0], lw=2, label="best ridge")
    axis.axvline(N, **_GUIDE)
    axis.axhline(float(law.plateau(N=N)), **_GUIDE)
    axis.set(xscale="log", yscale="log", xlabel="samples $T$", ylabel=f"loss $L(N = {N:g}, T)$")
    axis.set_ylim(float(law.plateau(N=N)) / 1.6, float(law.ridgeless(N, 0.5 * N)) * 4)
    axis.legend(frameon=False)
    axis.set_title("least norm diverges at $T = N$; the best ridge does not", loc="left", fontsize=11)


def regimes(axis: Any, law: FourRegimes) -> None:
    """Loss over data at several numbers of parameters, and the loss of parameters without end."""
    sizes = _sizes("S", law.S)
    data = np.geomspace(3, 30 * max(sizes), 160)
    for colour, P in zip(_colours(len(sizes)), sizes, strict=True):
        seen = data[np.abs(np.log(data / P)) > 0.05]
        losses = np.array([law.loss(float(D), P) for D in seen])
        for part in (seen < P, seen > P):
            axis.plot(seen[part], losses[part], color=colour, lw=2)
        _label(axis, data[-1], law.L_P(P), f"$P = {_power(P)}$", colour)
    axis.plot(data, [law.L_D(float(D)) for D in data], **_GUIDE)
    axis.set(xscale="log", yscale="log", xlabel="samples $D$", ylabel="loss $L(D, P)$", xlim=(data[0], data[-1]))
    axis.set_title("limited by resolution (dashed), then by variance", loc="left", fontsize=11)


def _sizes(name: str, count: Any) -> list[int]:
    """Those below the number of eigenvalues."""
    sizes = [size for size in _SIZES if size < count]
    if count < 2 * _SIZES[0]:
        raise ParameterError(
            name, count, "so few eigenvalues have no scaling to draw", f"use {name} >= {2 * _SIZES[0]}"
        )
    return sizes


def _label(axis: Any, x: float, y: float, text: str, colour: Any) -> None:
    axis.annotate(text, (x, y), xytext=(5, 0), textcoords="offset points", va="center", color=INK, fontsize=10)


def _power(size: int) -> str:
    return f"10^{{{round(math.log10(size))}}}"


def _colours(count: int) -> list[Any]:
    from matplotlib import colormaps

    return [colormaps["viridis"](0.85 * n / max(1, count - 1)) for n in range(count)]
