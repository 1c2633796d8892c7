r"""Chinchilla's law fitted to losses, as published (Hoffmann et al., Appendix D.2):

.. math:: \min_{a, b, e, \alpha, \beta} \sum_i \mathrm{Huber}_\delta\big(\mathrm{LSE}(a - \alpha\ln N_i, b - \beta\ln D_i, e)
          - \ln L_i\big), \qquad A, B, E = e^a, e^b, e^e,

with ``δ = 10⁻³`` and L-BFGS from a grid of starts. Level: empirical.

From most points of that grid one of the terms is lost before anything else is found: its share of the loss vanishes, and with it
the slope that would bring it back. The search therefore starts from the minima over the exponents as well
(:mod:`scalesym.laws._chinchilla_starts`), and a fit that lost a term of the law does not succeed.

*Remarks.* The sum is divided by ``δ²`` within: L-BFGS-B stops on changes that are small beside 1, and sums of ``δ²`` are small from
the start. Besiroglu et al. (arXiv:2404.10102) trace the narrow intervals of the original fit to such a stop. And ``ln N`` and
``ln D`` are counted from their means, or else ``a`` and ``α`` could hardly be told apart; neither changes the minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import Exact, real, whole_number
from ..progress import progress_bar
from ._chinchilla_starts import profile
from ._leastsquares import bootstrap as resampled
from ._leastsquares import columns
from ._quantities import Floats
from .chinchilla import Chinchilla
from .fitting import Fit
from .published import published

__all__ = ["fit"]

_FEWEST = 3  # sizes, and numbers of tokens: with two, E cannot be told from A N^{-α}
_TINY = float(np.finfo(np.float64).tiny)  # a subnormal E is none
_POINTS = 6  # constants and one
_EXACT = 1e-6  # of the objective for each point, in units of δ²: the residuals are a thousandth of δ, nothing is left to gain
_MINIMA = 6  # over the exponents, from which to start
_DIGITS = 1e-12  # residuals no greater than these are rounding: there is nothing to look for elsewhere
_BALANCED = 1e-5  # of the sum of their sizes: pulls that cancel so far
_LOST = 1e-3  # of the typical residual: a term with no greater share of any loss is not seen in the data
_FINISHED = 3  # of the starts, those that came closest are followed to the end


class _Found(NamedTuple):
    theta: Floats  # ln A', ln B', ln E, alpha, beta, with the means of ln N and ln D for units
    value: float
    success: bool
    message: str


class _Data:
    """Logarithms of the data, and the objective in units of ``δ²``."""

    def __init__(self, x: Floats, y: Floats, z: Floats, delta: float) -> None:
        self.x, self.y, self.z, self.delta = x, y, z, delta

    def residuals(self, theta: Floats) -> tuple[Floats, list[Floats]]:
        """``LSE − ln L``, and the share of each term in the loss; any number of ``theta`` in the leading axes."""
        a, b, e, alpha, beta = (theta[..., n, None] for n in range(5))
        first, second, third = np.broadcast_arrays(a - alpha * self.x, b - beta * self.y, e)
        top = np.maximum(np.maximum(first, second), third)
        parts = [np.exp(term - top) for term in (first, second, third)]
        total = parts[0] + parts[1] + parts[2]
        return top + np.log(total) - self.z, [part / total for part in parts]

    def value(self, theta: Floats) -> Any:
        """The objective."""
        size = np.abs(self.residuals(theta)[0]) / self.delta
        return np.where(size <= 1, size**2 / 2, size - 0.5).sum(axis=-1)

    def value_and_slope(self, theta: Floats) -> tuple[float, Floats]:
        residuals, (first, second, third) = self.residuals(theta)
        scaled = residuals / self.delta
        size = np.abs(scaled)
        pull = np.clip(scaled, -1, 1) / self.delta
        slope = [pull @ first, pull @ second, pull @ third, -pull @ (first * self.x), -pull @ (second * self.y)]
        return float(np.where(size <= 1, size**2 / 2, size - 0.5).sum()), np.array(slope)

    def stationary(self, theta: Floats) -> bool:
        """Whether the points' pulls on each constant cancel."""
        residuals, (first, second, third) = self.residuals(theta)
        pull = np.clip(residuals / self.delta, -1, 1)
        each = np.abs(pull * np.array([first, second, third, first * self.x, second * self.y])).sum(axis=1)
        slope = np.abs(self.value_and_slope(theta)[1]) * self.delta
        return bool(np.all(slope <= _BALANCED * np.maximum(each, _BALANCED * np.abs(pull).sum())))

    def take(self, chosen: npt.NDArray[np.int64]) -> _Data:
        """Some of the points, each as often as it was chosen."""
        return _Data(self.x[chosen], self.y[chosen], self.z[chosen], self.delta)

    def determined(self) -> bool:
        """Whether there are enough different sizes and numbers of tokens."""
        return min(len(np.unique(self.x)), len(np.unique(self.y))) >= _FEWEST


def fit(
    N: object,
    D: object,
    loss: object,
    *,
    delta: object = 1e-3,
    starts: int | None = 50,
    bootstrap: object = 0,
    seed: object = 0,
    C_0: Exact = 6,
) -> Fit:
    r"""Fit the law to losses that were seen.

    Parameters
    ----------
    N, D, loss:
        Parameters, tokens and the loss in nats for each token, of each run; positive, of one length.
    delta:
        Residuals of ``ln L`` beyond it count linearly, not quadratically.
    starts:
        From how many points of the published grid to start, those with the least objective first, after the minima over the
        exponents; ``None`` for all 4500 and nothing else, as in the paper, which takes a minute or more. The three that came
        closest are followed to the end. No further start is tried once the law goes through every point.
    bootstrap:
        How many times to draw the runs anew, as many as there are and with replacement, and fit again; draws whose best
        constants are none of this law are drawn again. (The paper's Table 2 took 80 % of the runs, 100 times: its intervals
        are those of another scheme.) Each refit starts from the constants found, not
        from the grid: where the data allow several minima, the intervals describe that of these constants alone.
    seed:
        Of the bootstrap.
    C_0:
        FLOPs for each parameter and token, of the law returned.

    Returns
    -------
    Fit
        ``objective`` is the sum of Huber losses as published; ``residuals`` are those of ``ln L``. There is no ``success`` where
        the term of ``N`` or of ``D`` is lost among the residuals, or a minimum over the exponents is better.

    Raises
    ------
    ParameterError
        If the data are not positive numbers of one length, do not determine five constants, or do not fall with both ``N`` and ``D``.

    Examples
    --------
    >>> law = Chinchilla.from_paper("besiroglu2024")
    >>> N, D = (grid.ravel() for grid in np.meshgrid([1e8, 1e9, 1e10], [1e9, 1e10, 1e11]))
    >>> found = Chinchilla.fit(N, D, law(N, D), starts=10)
    >>> {name: f"{value:.4g}" for name, value in found.parameters.items()}
    {'E': '1.817', 'A': '482', 'B': '2085', 'alpha': '0.3478', 'beta': '0.3658'}
    """
    x, y, z = map(np.log, columns(N=N, D=D, loss=loss))
    if len(z) < _POINTS:
        raise ParameterError("loss", len(z), "so few runs do not determine five constants", f"give {_POINTS}")
    width = float(real(delta, "delta", above=0, reason="it is the width of the quadratic part"))
    count = whole_number(bootstrap, "bootstrap", least=0)
    limit = None if starts is None else whole_number(starts, "starts", least=1)
    centre = x.mean(), y.mean()
    data = _Data(x - centre[0], y - centre[1], z, width)
    if not data.determined():
        counts = f"{len(np.unique(x))} sizes, {len(np.unique(y))} numbers of tokens"
        reason = "E could not be told from the other terms"
        raise ParameterError("N, D", counts, reason, f"give {_FEWEST} different ones of each")
    from threadpoolctl import threadpool_limits

    # with five constants, threads would only wait for one another
    with threadpool_limits(1), progress_bar("Fitting") as progress:
        own = profile(data.x, data.y, data.z, width, _MINIMA)
        grid = _grid(data, centre, limit)
        origins = grid if limit is None else np.concatenate([own, grid])
        near = sorted(_descents(data, origins, progress, count), key=lambda each: each.value)[:_FINISHED]
        found = min((_polished(data, _descent(data, each.theta)) for each in near), key=lambda each: each.value)
        found = _judged(data, found, own)
        parameters = _constants(found.theta, centre)
        if not _proper(parameters):
            shown = ", ".join(f"{name} = {value:.3g}" for name, value in parameters.items())
            reason = "the best constants are none of this law"
            raise ParameterError("loss", shown, reason, "give losses that fall with N and D")
        finished = iter(range(len(origins) + 1, len(origins) + count + 1))

        def refit(chosen: npt.NDArray[np.int64]) -> dict[str, float] | None:
            if not (drawn := data.take(chosen)).determined():
                return None
            constants = _constants(_descent(drawn, found.theta).theta, centre)
            if not _proper(constants):
                return None
            progress(next(finished), len(origins) + count)
            return constants

        samples = resampled(refit, len(z), count, seed)
    objective, residuals = found.value * width**2, data.residuals(found.theta)[0]
    law = Chinchilla(**parameters, C_0=C_0)
    return Fit(law, parameters, objective, residuals, found.success, found.message, samples)


def _grid(data: _Data, centre: tuple[float, float], limit: int | None) -> Floats:
    """The published starts, in the units of the data, the best first."""
    axes = published("chinchilla")["starts"]
    points = np.array(list(product(*(axes[name] for name in ("a", "b", "e", "alpha", "beta")))), dtype=float)
    points[:, 0] -= points[:, 3] * centre[0]
    points[:, 1] -= points[:, 4] * centre[1]
    values = np.concatenate(
        [data.value(part) for part in np.array_split(points, 1 + points.shape[0] * len(data.x) // 10**6)]
    )
    return points[np.argsort(values, kind="stable")[:limit]]


def _descents(data: _Data, origins: Floats, progress: Any, more: int) -> Iterator[_Found]:
    for n, origin in enumerate(origins):
        yield (found := _polished(data, _descent(data, origin, coarse=True)))
        progress(n + 1, len(origins) + more)
        if np.max(np.abs(data.residuals(found.theta)[0])) <= _DIGITS:
            return


def _descent(data: _Data, origin: Floats, coarse: bool = False) -> _Found:
    from scipy import optimize

    minimize: Any = optimize.minimize
    least = 1e-6 if coarse else 1e-14
    options = {"maxiter": 300} if coarse else {"maxiter": 5000, "maxfun": 20000, "gtol": 1e-9}

    def run(start: Floats) -> Any:
        return minimize(data.value_and_slope, start, jac=True, method="L-BFGS-B", options={**options, "ftol": least})

    done = run(origin)
    success, message = bool(done.success), str(done.message)
    if not (success or coarse):  # a line search that finds nothing lower may be at the bottom, or misled by its memory
        again = run(done.x)
        gain = done.fun - again.fun
        done = again if gain > 0 else done
        success = bool(again.success) or (gain <= least and done.fun <= _EXACT * len(data.z)) or data.stationary(done.x)
        message = str(again.message) if again.success else f"{message.rstrip(': ')}; a second descent gained {gain:.2g}"
    return _Found(done.x, float(done.fun), success, message)


def _polished(data: _Data, found: _Found) -> _Found:
    """The same, closer to the minimum where the objective is a sum of squares: slight terms need all the digits there are."""
    if np.max(np.abs(data.residuals(found.theta)[0])) > data.delta:
        return found
    from scipy.optimize import least_squares

    def slopes(theta: Floats) -> Floats:
        first, second, third = data.residuals(theta)[1]
        return np.stack([first, second, third, -first * data.x, -second * data.y], axis=1) / data.delta

    def scaled(theta: Floats) -> Floats:
        return data.residuals(theta)[0] / data.delta

    exact: dict[str, Any] = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15, "max_nfev": 200}
    try:
        with np.errstate(all="ignore"):
            done = least_squares(scaled, found.theta, slopes, x_scale="jac", **exact)
    except (ValueError, np.linalg.LinAlgError):  # on its way it left double precision
        return found
    if (value := float(data.value(done.x))) >= found.value:
        return found
    if data.stationary(done.x) and not found.success:
        return _Found(done.x, value, True, str(done.message))
    return found._replace(theta=done.x, value=value)


def _judged(data: _Data, found: _Found, own: Floats) -> _Found:
    """Without success if a term is lost, or a point known from the start is better."""
    residuals, shares = data.residuals(found.theta)
    typical = float(np.median(np.abs(residuals)))
    for name, share in zip("ND", map(np.max, shares), strict=False):
        if share <= _LOST * typical:
            return found._replace(success=False, message=f"the term of {name} is lost: at most {share:.2g} of any loss")
    if len(own) and np.min(values := data.value(own)) < found.value:
        alpha, beta = own[np.argmin(values)][3:]
        message = f"the search ended above a point with alpha = {alpha:.3g}, beta = {beta:.3g}"
        return found._replace(success=False, message=message)
    return found


def _proper(constants: dict[str, float]) -> bool:
    """Whether all are finite, and all but ``E`` positive; ``E`` may have run to 0."""
    return constants["E"] >= 0 and all(0 < constants[name] < np.inf for name in ("A", "B", "alpha", "beta"))


def _constants(theta: Floats, centre: tuple[float, float]) -> dict[str, float]:
    a, b, e, alpha, beta = (float(each) for each in theta)
    with np.errstate(over="ignore", under="ignore"):
        A, B, E = (float(np.exp(each)) for each in (a + alpha * centre[0], b + beta * centre[1], e))
    return {"E": E if E >= _TINY else 0.0, "A": A, "B": B, "alpha": alpha, "beta": beta}
