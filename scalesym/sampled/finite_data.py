r"""Random features trained on a finite set of data: one draw of both, solved for every ridge and every time at once.

Data ``x = Λ^{1/2}·normal`` in ``M`` dimensions have labels ``y = ⟨w*, x⟩ + σ·normal``; the student ``f(x) = ⟨w, Ax⟩/√N`` has
``N`` features, ``A`` independent standard normal, and sees ``P`` samples. With ``Φ = ΨAᵀ/√(NP)`` and ``Y = y/√P`` all of

.. math:: \min_w\ |Y-\Phi w|^2 + s|w|^2, \qquad \dot w = \Phi^\top(Y-\Phi w), \qquad w_{n+1} = w_n + \eta\,\Phi^\top(Y-\Phi w_n)

from ``w = 0`` are ``w = φ(ΦᵀΦ) ΦᵀY`` with ``φ(x) = 1/(x+s)``, ``(1 − e^{−xt})/x`` or ``(1 − (1−ηx)^n)/x``. So one symmetric
eigendecomposition of the smaller one of ``ΦᵀΦ`` and ``ΦΦᵀ`` serves them all, and no time is stepped through. ``P = ∞`` is
the same problem with ``Φ = Λ^{1/2}Aᵀ/√N`` and ``Y = Λ^{1/2}w*``, and ``N = ∞`` the one with the latent variables themselves for
features, because ``AᵀA/N → 1``.

The test loss is the sum of squares ``|Λ^{1/2}(w* − Aᵀw/√N)|² + σ²``, not a difference of large numbers. It counts the noise
``σ²`` of the test labels; the train loss ``|Y − Φw|²`` contains that of the training labels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import entries, nonnegative, number, real, whole_number
from ..parameters import steps as read_steps
from ..progress import progress_bar
from ..resources import one_thread, require_memory, require_time
from .finite_data_draw import FiniteDataRuns, descent, flow, overlaps, ridge, solve

__all__ = ["FiniteDataRuns", "FiniteDataSampler"]

Array = npt.NDArray[np.float64]

_FEATURES, _DATA = 0, 1  # children of the seed of a draw
_WIDE = 512  # decompositions from this size on gain from a second thread
_NORMAL, _PRODUCT = 1.2e-8, 1e-10  # rough costs in seconds: a normal variable, a product


@dataclass(frozen=True, eq=False, repr=False)
class FiniteDataSampler:
    r"""Random features on finite data, drawn and solved as they are defined; level: sampled.

    Parameters
    ----------
    eigenvalues, target:
        ``λ_k > 0`` and ``w*_k``, ``k = 1..M``.
    features, samples:
        ``N`` and ``P``, positive integers or ``inf``; not both infinite, where nothing is left to draw.
    noise_variance:
        ``σ² ≥ 0`` of the labels.
    members, datasets:
        How many independent ``A`` and ``Ψ`` a draw has; every member is trained on every data set.

    Raises
    ------
    ParameterError
        For sizes that are no counts, or do not fit into the memory.

    Examples
    --------
    Without noise, one of many features that all samples determine is exact:

    >>> sampler = FiniteDataSampler([1, "1/2", "1/4"], [1, 1, 1], features=5, samples=4)
    >>> runs = sampler.ridge([0, 1], draws=3, seed=1)
    >>> bool(runs.test[:, 0].max() < 1e-20), runs.mean.shape
    (True, (2,))
    """

    eigenvalues: Any
    target: Any
    features: Any
    samples: Any
    noise_variance: Any = 0
    members: Any = 1
    datasets: Any = 1
    _root: Array = field(init=False)

    def __post_init__(self) -> None:
        lam, target = (_vector(getattr(self, name), name) for name in ("eigenvalues", "target"))
        if len(lam) != len(target):
            raise ParameterError("target", len(target), f"there are {len(lam)} eigenvalues", "give one w* each")
        if not (lam > 0).all():
            raise ParameterError("eigenvalues", float(lam.min()), "a variance is positive", "use eigenvalues > 0")
        sizes = {name: _count(getattr(self, name), name) for name in ("features", "samples")}
        if all(map(math.isinf, sizes.values())):
            reason = "with infinitely many features too, nothing is random"
            raise ParameterError("samples", math.inf, reason, "use a finite number of features or of samples")
        noise = float(nonnegative(self.noise_variance, "noise_variance", "it is the variance of the label noise"))
        replicas = {name: whole_number(getattr(self, name), name, least=1) for name in ("members", "datasets")}
        for name, size, alone in (("members", "features", "A"), ("datasets", "samples", "Ψ")):
            if replicas[name] > 1 and math.isinf(sizes[size]):
                raise ParameterError(name, replicas[name], f"{alone} is not random for {size} = inf", f"use {name} = 1")
        for name, value in (*sizes.items(), *replicas.items(), ("noise_variance", noise)):
            object.__setattr__(self, name, value)
        for name, array in (("eigenvalues", lam), ("target", target), ("_root", np.sqrt(lam))):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __repr__(self) -> str:
        sizes = f"M={len(self.eigenvalues)}, features={self.features:g}, samples={self.samples:g}"
        return f"FiniteDataSampler({sizes}, noise_variance={self.noise_variance:g})"

    # -- the three ways of training ----------------------------------------------------------------------------------

    def ridge(self, ridges: object, draws: object = 1, seed: object = 0) -> FiniteDataRuns:
        """Ridge regression, ``(1/P) Σ(y − f)² + s|w|²`` at its minimum.

        Parameters
        ----------
        ridges:
            ``s ≥ 0``, a number or several; at 0 the solution of least norm.
        draws, seed:
            How many, and a non-negative integer.

        Raises
        ------
        ParameterError
            If a draw has an eigenvalue too small for ``s = 0`` in double precision.

        Examples
        --------
        >>> runs = FiniteDataSampler([1, "1/4"], [1, 1], 1, 3).ridge([0, "1/10"], draws=50, seed=1)
        >>> [quantity.shape for quantity in runs.summary("train")]
        [(2,), (2,)]
        """
        at = _several(ridges, "ridges")
        return self._runs(at, ridge(at), draws, seed)

    def flow(self, times: object, draws: object = 1, seed: object = 0) -> FiniteDataRuns:
        """Gradient flow from 0 on ``(1/2P) Σ(y − f)²``: the error obeys ``dv/dt = −(AᵀA/N)(ΨᵀΨ/P)v``; ``t = inf`` is its end.

        Examples
        --------
        At time 0 the student is 0, and at the end it is ridge regression without ridge:

        >>> sampler = FiniteDataSampler([1, "1/4"], [1, 1], 1, 3)
        >>> flow, ridge = sampler.flow([0, "inf"], seed=1), sampler.ridge(0, seed=1)
        >>> float(flow.test[0, 0]), bool(flow.test[0, 1] == ridge.test[0, 0])
        (1.25, True)
        """
        at = _several(times, "times", infinite=True)
        return self._runs(at, flow(at), draws, seed)

    def descent(self, steps: object, learning_rate: object, draws: object = 1, seed: object = 0) -> FiniteDataRuns:
        """Gradient descent from 0 on ``(1/2P) Σ(y − f)²`` with a constant learning rate, after so many steps.

        Raises
        ------
        ParameterError
            If it diverges beyond the range of double precision.

        Examples
        --------
        >>> sampler = FiniteDataSampler([1, "1/4"], [1, 1], 2, "inf")
        >>> slow, flow = sampler.descent(10**6, 1e-6, seed=1), sampler.flow(1, seed=1)
        >>> bool(abs(slow.test[0, 0] / flow.test[0, 0] - 1) < 1e-5)
        True
        """
        rate = float(real(learning_rate, "learning_rate", above=0, reason="nothing is learnt with it"))
        at = np.array(read_steps(steps)[0], dtype=float)
        if not len(at):
            raise ParameterError("steps", steps, "there is nothing to compute", "give at least one")
        return self._runs(at, descent(at, rate), draws, seed)

    # -- draws ------------------------------------------------------------------------------------------------------

    def matrices(self, seed: int, draw: int) -> tuple[list[Array | None], list[tuple[Array | None, Array]]]:
        """``A/√N`` of every member, and ``(Ψ/√P, Y)`` of every data set; ``None`` where the size is infinite.

        Member ``i`` of a draw does not depend on how many members there are, nor its first rows on ``N``; likewise for data.
        """
        size = len(self.eigenvalues)
        maps: list[Array | None] = []
        for member in range(self.members):
            if math.isinf(self.features):
                maps.append(None)
                continue
            random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(draw, _FEATURES, member)))
            maps.append(random.standard_normal((int(self.features), size)) / math.sqrt(self.features))
        data: list[tuple[Array | None, Array]] = []
        for dataset in range(self.datasets):
            if math.isinf(self.samples):
                data.append((None, self._root * self.target))
                continue
            random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(draw, _DATA, dataset)))
            psi = random.standard_normal((int(self.samples), size)) * self._root
            child = np.random.SeedSequence(
                seed, spawn_key=(draw, _DATA, dataset, 0)
            )  # of its own: rows stay what they are
            noise = math.sqrt(self.noise_variance) * np.random.default_rng(child).standard_normal(len(psi))
            scale = 1 / math.sqrt(self.samples)
            data.append((scale * psi, scale * (psi @ self.target + noise)))
        return maps, data

    def _runs(self, at: Array, filters: Callable[[Array], Array], draws: object, seed: object) -> FiniteDataRuns:
        count, entropy = whole_number(draws, "draws", least=1), whole_number(seed, "seed", least=0)
        self._require(count, len(at))
        rows: list[dict[str, Array]] = []
        wide = min(self.features, self.samples) >= _WIDE
        with progress_bar("drawing features and data") as progress, nullcontext() if wide else one_thread():
            try:
                for draw in range(count):
                    rows.append(self._one(filters, entropy, draw))
                    progress(draw + 1, count)
            except KeyboardInterrupt:
                pass
        columns = {name: np.array([row[name] for row in rows]) for name in (rows[0] if rows else ("test", "train"))}
        test, train = (columns.pop(name).reshape(len(rows), len(at)) for name in ("test", "train"))
        return FiniteDataRuns(at, test, train, columns, entropy, len(rows) == count)

    def _one(self, filters: Callable[[Array], Array], seed: int, draw: int) -> dict[str, Array]:
        """What a draw contributes, by name."""
        maps, data = self.matrices(seed, draw)
        noise, rank = self.noise_variance, int(min(self.features, self.samples, len(self.eigenvalues)))
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused below
            solutions = [
                [solve(filters, features, psi, labels, self._root, self.target, rank) for psi, labels in data]
                for features in maps
            ]
            error = np.array([[each.error for each in row] for row in solutions])  # member, data set, place, mode
            train = np.mean([[each.train for each in row] for row in solutions], axis=(0, 1))
            result = {name: value + noise for name, value in overlaps(error).items()}
        result["train"] = train + (noise if math.isinf(self.samples) else 0.0)
        if not all(np.isfinite(value).all() for value in result.values()):
            reason = "a loss leaves the range of double precision"
            raise ParameterError("draw", draw, reason, "use a smaller learning rate, fewer steps, or a larger ridge")
        return result

    def _require(self, draws: int, places: int) -> None:
        """Refuse what takes longer than a day or does not fit."""
        M, models = len(self.eigenvalues), self.members * self.datasets
        rows = [M if math.isinf(size) else size for size in (self.features, self.samples)]
        small = min(rows)
        floats = (
            M * (self.members * rows[0] + 2 * self.datasets * rows[1] + 2 * (models + 1) * places)
            + 3 * rows[0] * rows[1]
        )
        remedy = "use fewer features, samples, members or places"
        require_memory("M", M, 8.0 * (floats + 6 * small * small + 8.0 * draws * places), remedy)
        seconds = _NORMAL * M * (self.members * rows[0] + self.datasets * rows[1])
        seconds += models * 2 * _PRODUCT * (rows[0] * rows[1] * (M + small) + 20 * small**3 + places * M * rows[0])
        require_time("draws", draws, draws * seconds, "use fewer draws, features or samples")


def _vector(values: object, name: str) -> Array:
    items, shape = entries(values, name)
    result = np.array([float(real(item, name)) for item in items])
    if len(shape) != 1 or not len(result):
        raise ParameterError(name, values, "it is not a list of numbers", "give one number for each latent dimension")
    return result


def _count(value: object, name: str) -> float:
    given = number(value, name)
    return math.inf if given == math.inf else float(whole_number(value, name, least=1))


def _several(values: object, name: str, infinite: bool = False) -> Array:
    items, _ = entries(values, name)
    result = np.array([float(real(item, name, infinite=infinite)) for item in items])
    if not len(result):
        raise ParameterError(name, values, "there is nothing to compute", "give at least one")
    if (result < 0).any():
        raise ParameterError(name, float(result.min()), "it is negative", f"use {name} >= 0")
    return result
