"""Runs of SGD: which steps are kept, what was kept, and how an interruption keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import steps as read_steps
from ..resources import require_memory
from .normals import Normals
from .sgd import Steps

__all__ = ["KEPT", "Simulation", "collected", "recorded_steps", "walk"]

Array = npt.NDArray[np.float64]

_RECORDS = 100  # points of the default record
KEPT = 300  #: Bytes that a recorded step takes besides its numbers.


@dataclass(frozen=True, eq=False)
class Simulation:
    """The losses of independent runs of SGD on one draw of ``W``.

    Parameters
    ----------
    r:
        The recorded steps.
    loss:
        Population loss ``E(⟨Wᵀx, θ_r⟩ − y)²`` given ``θ_r``, of shape ``(runs, len(r))``.
    method, seed:
        How it was simulated.
    theta:
        ``θ_r`` of shape ``(runs, len(r), d)`` if it was asked for.
    finished:
        ``False`` if it was interrupted; it then holds what was recorded before.

    Notes
    -----
    The loss of a run is heavy-tailed: at large learning rates its kurtosis reaches the thousands, and the mean over runs
    scatters far more than its standard error says.
    """

    r: npt.NDArray[np.int64]
    loss: Array
    method: str
    seed: int
    theta: Array | None = None
    finished: bool = True

    @property
    def mean(self) -> Array:
        """Mean over the runs."""
        result: Array = self.loss.mean(axis=0)
        return result

    def quantile(self, q: float) -> Array:
        """Quantile over the runs, ``0 ≤ q ≤ 1``."""
        result: Array = np.quantile(self.loss, q, axis=0)
        return result


def walk(
    way: Steps, state: Array, recorded: list[int], draws: Normals, progress: Callable[[int, int], None]
) -> Iterator[Array]:
    """The states at the recorded steps."""
    r = 0
    for target in recorded:
        while r < target:
            normals, squares = draws.take(target - r)
            state = way.take(state, normals, squares)
            r += len(normals)
            progress(r, recorded[-1])
        yield state


def collected(
    states: Iterator[Array], loss: Callable[[Array], Array], place: Callable[[Array], Array] | None
) -> tuple[list[Array], list[Array]]:
    """Loss, and on demand ``θ``, of the states; after Ctrl-C of those that were reached."""
    losses: list[Array] = []
    thetas: list[Array] = []
    try:
        for state in states:
            if place is not None:
                thetas.append(place(state))
            losses.append(loss(state))
    except KeyboardInterrupt:
        pass
    return losses, thetas[: len(losses)]


def recorded_steps(record: object, steps: int) -> npt.NDArray[np.int64]:
    """Sorted distinct steps to record."""
    if record is None:
        grid = np.rint(np.geomspace(1, steps, min(_RECORDS, steps)))
        return np.unique(np.append(0, np.minimum(grid, steps).astype(np.int64)))
    if isinstance(record, str):
        if record != "all":
            raise ParameterError("record", record, "there is no such rule", "use 'all' or a list of steps")
        require_memory("record", record, float(KEPT) * steps, "record fewer steps")
        return np.arange(steps + 1)
    items, _ = read_steps(record)
    if not items:
        raise ParameterError("record", record, "there is nothing to record", "give at least one step")
    if max(items) > steps:
        raise ParameterError("record", max(items), f"the simulation ends at step {steps}", f"use r <= {steps}")
    return np.unique(np.array(items, dtype=np.int64))
