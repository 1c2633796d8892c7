r"""One draw of the random features: its exact mean loss, and SGD on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError, StabilityError
from ..parameters import steps as read_steps
from ..parameters import whole_number
from ..progress import progress_bar
from ..resources import one_thread, require_memory, require_time
from .conditional import ConditionalLaw
from .features import Features, draw, rows
from .normals import Normals
from .sgd import BatchSteps, EigenbasisSteps, LiteralSteps, Steps
from .simulation import KEPT, Simulation, collected, recorded_steps, walk

__all__ = ["Method", "Sample", "SampleSpectrum", "require_draw"]

Array = npt.NDArray[np.float64]
Method = Literal["eigenbasis", "literal"]

_METHODS = ("eigenbasis", "literal")
_WORTH = 600  # normals spared at each step from which a whole batch is drawn at once
_NORMAL, _PRODUCT, _STEP = 1e-8, 1e-10, 5e-6  # rough costs in seconds: a normal variable, a product, a step


class SampleSpectrum(NamedTuple):
    """Spectrum of one draw: ``x_i`` descending, ``c_i = ⟨u_i, D^{1/2}b⟩²``, and ``P_∞(W) = Σλ_jb_j² − Σc_i``."""

    eigenvalues: Array
    weights: Array
    residual: float


@dataclass(frozen=True, eq=False, repr=False)
class Sample:
    r"""One draw of ``W``, from :meth:`scalesym.PLRF.sample`; level: conditional.

    Parameters
    ----------
    seed:
        What ``W`` was drawn from.
    covariance, target:
        ``λ_j`` and ``b_j``.
    d, gamma, batch:
        Parameter count, learning rate and batch size.
    noise_variance:
        ``σ²`` of the labels.

    Examples
    --------
    >>> from scalesym import PLRF
    >>> sample = PLRF(1, "7/10", d=20, v=60, gamma="3/10").sample(seed=1)
    >>> sample.matrix.shape
    (60, 20)
    >>> x, c, residual = sample.spectrum()
    >>> round(float(c.sum() + residual), 12) == round(float(sample.conditional_loss(0)), 12)
    True
    """

    seed: int
    covariance: Array = field(repr=False)
    target: Array = field(repr=False)
    d: int
    gamma: float
    batch: int
    noise_variance: float

    def __repr__(self) -> str:
        return f"Sample(seed={self.seed}, d={self.d}, v={len(self.covariance)}, gamma={self.gamma:.6g}, batch={self.batch})"

    @cached_property
    def matrix(self) -> Array:
        """``W`` of shape ``(v, d)``, drawn again from the seed; ``8vd`` bytes."""
        v = len(self.covariance)
        require_memory("v", v, 8.0 * v * self.d, "use a smaller v or d, or method='eigenbasis', which needs no matrix")
        result = np.empty((v, self.d))
        for part, block in rows(self.seed, v, self.d):
            result[part] = block
        result.flags.writeable = False
        return result

    @cached_property
    def _features(self) -> Features:
        with one_thread():
            features = draw(self.seed, self.covariance, self.target, self.d)
        if not features.eigenvalues[-1] > 1e-140:
            reason = f"the smallest eigenvalue of the draw is {features.eigenvalues[-1]:.1e}, too small for its square"
            raise ParameterError("d", self.d, reason, "use a smaller alpha or d")
        return features

    @cached_property
    def _law(self) -> ConditionalLaw:
        """The law, for a learning rate under which its mean does not diverge."""
        features = self._features
        floor = features.residual + self.noise_variance
        law = ConditionalLaw(features.eigenvalues, features.target**2, floor, self.gamma, self.batch)
        critical, condition = self._critical
        if not self.gamma < critical:
            raise StabilityError(self.gamma, critical, condition, "on this draw of W")
        return law

    @cached_property
    def _critical(self) -> tuple[float, str]:
        from scipy.optimize import brentq

        x, n = self._features.eigenvalues, self.batch + 1

        def excess(y: float) -> float:  # γ = y/((B+1) x_1)
            return float(np.sum(y * x / (2 * x[0] - y * x))) / n - 1

        y = brentq(excess, 0.0, 2 - 1e-12) if excess(2 - 1e-12) > 0 else 2.0
        return y / (n * float(x[0])), "kernel norm" if y < 2 else "pointwise"

    def critical_gamma(self) -> float:
        r"""The learning rate from which the mean loss on *this* draw diverges.

        The smaller one of the solution of ``Σ_i γx_i/(2 − γ(B+1)x_i) = 1`` and ``2/((B+1)x_1)``.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> model = PLRF(1, "7/10", d=20, v=60)
        >>> round(model.sample(1).critical_gamma() / model.critical_gamma(), 2)
        0.61
        """
        return self._critical[0]

    def kernel_norm(self) -> float:
        """``‖K_W‖ = Σ_i γx_i/(2 − γ(B+1)x_i)``; level: conditional.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> 0 < PLRF(1, "7/10", d=20, v=60).sample(1).kernel_norm() < 1
        True
        """
        return float(np.sum(self._law.coupling / self._law.drop))

    def spectrum(self) -> SampleSpectrum:
        """The spectrum of ``D^{1/2}WWᵀD^{1/2}`` for this draw, without its ``v − d`` zeros.

        Returns
        -------
        SampleSpectrum
            ``eigenvalues`` and ``weights`` of shape ``(d,)``, and ``residual``, a number.
        """
        features = self._features
        return SampleSpectrum(features.eigenvalues, features.target**2, features.residual)

    def conditional_loss(self, r: object, method: Literal["closed", "recursion"] = "closed") -> Any:
        r"""``E[P(θ_r) | W]``, exactly; level: conditional.

        .. math:: \rho_i \leftarrow q(x_i)\rho_i + \gamma^2Bx_i^2P, \qquad P = P_\infty(W)+\sigma^2+\sum_i\rho_i

        Parameters
        ----------
        r:
            Steps, an integer or an array of integers ``≥ 0``.
        method:
            ``"closed"``: from the eigenvalues of the recursion, after ``O(d²)`` operations at any ``r``.
            ``"recursion"``: step by step, ``O(d)`` operations each.

        Raises
        ------
        StabilityError
            If the mean loss on this draw diverges.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> sample = PLRF(1, "7/10", d=20, v=60, gamma="3/10").sample(seed=1)
        >>> abs(sample.conditional_loss(80) / sample.conditional_loss(80, "recursion") - 1) < 1e-13
        True
        """
        items, shape = read_steps(r)
        if method == "closed":
            with one_thread():
                values = self._law.loss(np.array(items, dtype=float))
        elif method == "recursion":
            last = max(items, default=0)
            cost = last * (_STEP + 5e-9 * self.d)
            require_time("r", last, cost, "use method='closed', which costs the same at any r")
            values = self._law.recursion(items)
        else:
            raise ParameterError("method", method, "there is no such method", "use 'closed' or 'recursion'")
        return values.reshape(shape) if shape else float(values[0])

    def conditional_forcing(self, r: object) -> Any:
        """``F_W(r) = P_∞(W) + σ² + Σ_i c_i q(x_i)^r``, of the Volterra equation that is exact given ``W``.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> sample = PLRF(1, "7/10", d=20, v=60, gamma="3/10").sample(seed=1)
        >>> F, K, P = (sample.conditional_forcing(1), sample.conditional_kernel(0), sample.conditional_loss([0, 1]))
        >>> bool(abs(P[1] - (F + K * P[0])) < 1e-15)
        True
        """
        return self._shaped(self._law.forcing, r)

    def conditional_kernel(self, r: object) -> Any:
        """``K_W(r) = γ²B Σ_i x_i² q(x_i)^r``; see :meth:`conditional_forcing`.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> sample = PLRF(1, "7/10", d=20, v=60, gamma="3/10").sample(seed=1)
        >>> x = sample.spectrum().eigenvalues
        >>> bool(abs(sample.conditional_kernel(0) / (0.3**2 * (x**2).sum()) - 1) < 1e-14)
        True
        """
        return self._shaped(self._law.kernel, r)

    def _shaped(self, function: Any, r: object) -> Any:
        items, shape = read_steps(r)
        values = function(np.array(items, dtype=float))
        return values.reshape(shape) if shape else float(values[0])

    def simulate(
        self,
        steps: object,
        runs: object = 1,
        seed: object = 0,
        method: Method = "eigenbasis",
        record: object = None,
        start: Iterable[Any] | None = None,
        theta: bool = False,
    ) -> Simulation:
        """Independent runs of SGD; level: sampled.

        Ctrl-C ends the simulation, and what was recorded so far is returned.

        Parameters
        ----------
        steps, runs:
            How many, positive integers.
        seed:
            A non-negative integer. It determines the data, which the two methods never share.
        method:
            ``"literal"`` draws every ``x ∈ R^v``, forms ``Wᵀx`` and updates ``θ``. ``"eigenbasis"`` has the same law
            and costs ``O(d)`` a step: small batches sample by sample, larger ones as a whole.
        record:
            Steps at which the loss is kept: integers between 0 and ``steps``, or ``"all"``; by default 0, the last one
            and about 100 in between, evenly in ``log r``.
        start:
            ``θ_0`` of shape ``(d,)`` or ``(runs, d)``; 0 by default.
        theta:
            Whether ``θ`` is kept too.

        Raises
        ------
        ParameterError
            For an argument that cannot be used, or if the memory or the time needed is out of reach.
        StabilityError
            If the mean loss on this draw diverges.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> sample = PLRF(1, "7/10", d=20, v=60, gamma="1/10").sample(seed=1)
        >>> runs = sample.simulate(steps=1000, runs=200, seed=2, record=[0, 1000])
        >>> runs.loss.shape
        (200, 2)
        >>> bool(abs(runs.mean[1] / sample.conditional_loss(1000) - 1) < 0.02)
        True
        """
        count, width = whole_number(steps, "steps", least=1), whole_number(runs, "runs", least=1)
        entropy = whole_number(seed, "seed", least=0)
        if method not in _METHODS:
            raise ParameterError("method", method, "there is no such method", "use 'eigenbasis' or 'literal'")
        self._require(count, width, method)
        recorded = recorded_steps(record, count)
        kept = len(recorded) * (KEPT + 16.0 * width * (1 + (self.d if theta else 0)))
        require_memory("record", f"{len(recorded)} steps", kept, "record fewer steps, or use fewer runs")
        law = self._law
        begin = self._begin(start, width)
        way: Steps
        squares = None
        loss_of: Callable[[Array], Array]
        place: Callable[[Array], Array]
        if method == "literal":
            noise, scale = math.sqrt(self.noise_variance), np.sqrt(self.covariance)
            way = LiteralSteps(self.matrix, scale, self.target, noise, self.gamma, self.batch, width)
            state, loss_of, place = begin, self._literal_loss, np.asarray
        else:
            whole = (self.batch - 1) * width * self.d > _WORTH
            squares = (self.batch, width) if whole else None
            way = (BatchSteps if whole else EigenbasisSteps)(law.eigenvalues, law.floor, self.gamma, self.batch, width)
            state, loss_of, place = self._features.error(begin), self._eigenbasis_loss, self._features.parameters
        with (
            Normals(entropy, 1 + _METHODS.index(method), way.length, int(recorded[-1]), way.shape, squares) as draws,
            progress_bar(f"SGD, {method}") as progress,
            nullcontext() if method == "literal" else one_thread(),
        ):
            states = walk(way, state, recorded.tolist(), draws, progress)
            losses, thetas = collected(states, loss_of, place if theta else None)
        done = len(losses)
        loss = np.array(losses).reshape(done, width).T
        path = np.array(thetas).reshape(done, width, self.d).transpose(1, 0, 2) if theta else None
        return Simulation(recorded[:done], loss, method, entropy, path, done == len(recorded))

    def _eigenbasis_loss(self, error: Array) -> Array:
        """``|φ|² + P_∞``."""
        result: Array = np.sum(error**2, axis=1) + self._law.floor
        return result

    def _literal_loss(self, theta: Array) -> Array:
        """``‖D^{1/2}(Wθ − b)‖² + σ²``, as it is defined."""
        error = (theta @ self.matrix.T - self.target) * np.sqrt(self.covariance)
        result: Array = np.sum(error**2, axis=1) + self.noise_variance
        return result

    def _begin(self, start: Iterable[Any] | None, runs: int) -> Array:
        if start is None:
            return np.zeros((runs, self.d))
        remedy = f"give real numbers of shape ({self.d},) or ({runs}, {self.d})"
        try:
            given = np.asarray(start, dtype=float)
        except (TypeError, ValueError):
            raise ParameterError("start", start, "it is not an array of real numbers", remedy) from None
        if given.shape not in ((self.d,), (runs, self.d)) or not np.isfinite(given).all():
            reason = f"its shape is {given.shape}" if np.isfinite(given).all() else "it is not finite everywhere"
            raise ParameterError("start", start, reason, remedy)
        return np.array(np.broadcast_to(given, (runs, self.d)))

    def _require(self, steps: int, runs: int, method: str) -> None:
        """Refuse what takes longer than a day or does not fit."""
        v, samples = len(self.covariance), _size(runs * self.batch)
        if method == "literal":
            cost = samples * v * (_NORMAL + self.d * _PRODUCT)
            width = samples * v
        else:
            width = _size(runs * self.d * (1 if (self.batch - 1) * runs * self.d > _WORTH else self.batch))
            cost = width * (_NORMAL + 20 * _PRODUCT)
        require_memory("runs", runs, 8.0 * 5 * width, "use fewer runs")
        most = max(1, int(86400 / (cost + _STEP)))
        remedy = f"use at most {most:.2g} steps, or conditional_loss(r), the exact mean at any r"
        require_time("steps", steps, _size(steps) * (cost + _STEP), remedy)


def _size(count: int) -> float:
    """A count as a float, infinite where none is large enough."""
    try:
        return float(count)
    except OverflowError:
        return math.inf


def require_draw(d: int, v: int) -> None:
    """Refuse a random matrix whose decomposition takes more than a day or does not fit into the memory."""
    remedy = "use a smaller d or v, or the deterministic equivalent, which needs no matrix"
    require_memory("d", d, 8.0 * (8 * d * d + 3072 * (d + 1) + 10 * v), remedy)
    require_time("d", d, _NORMAL * v * d + 2 * _PRODUCT * d * d * (v + 10.0 * d), remedy)
