"""Standard normals for the steps of a simulation, drawn ahead by two threads.

The stream is cut into blocks of consecutive steps, each from its own child of the seed. What a step receives depends on
the seed, the shape, the length of the blocks and the number of the step, not on how many steps are taken at a time.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import numpy as np
import numpy.typing as npt

__all__ = ["Normals"]

Array = npt.NDArray[np.float64]

_AHEAD = 2  # blocks that are drawn while another one is used, by as many threads


class Normals:
    """A context that yields, in order of steps, normals of a fixed shape and on demand a ``χ²_B`` for each run.

    Parameters
    ----------
    seed:
        A non-negative integer.
    stream:
        Which child of the seed, so that one seed serves several purposes.
    length:
        Steps in a block.
    steps:
        How many there will be; none is drawn that is not used, but for the rest of the last block.
    shape:
        Of the normals of one step.
    squares:
        ``(B, runs)`` for variables ``χ²_B``, ``runs`` of them each step; ``None`` for none.
    """

    def __init__(
        self,
        seed: int,
        stream: int,
        length: int,
        steps: int,
        shape: tuple[int, ...],
        squares: tuple[int, int] | None = None,
    ) -> None:
        self._seed, self._stream, self._shape, self._squares = seed, stream, shape, squares
        self._length, self._blocks = length, -(-steps // length)
        self._next, self._used = 0, length
        self._ahead: deque[Future[tuple[Array, Array]]] = deque()
        self._pool = ThreadPoolExecutor(_AHEAD)

    def __enter__(self) -> Normals:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def take(self, steps: int) -> tuple[Array, Array]:
        """The normals of at most ``steps`` further steps, of shape ``(taken, *shape)``, and the ``χ²`` of these steps."""
        if self._used == self._length:
            while len(self._ahead) <= _AHEAD and self._next < self._blocks:
                self._ahead.append(self._pool.submit(self._draw, self._next))
                self._next += 1
            self._block, self._used = self._ahead.popleft().result(), 0
        part = slice(self._used, min(self._used + steps, self._length))
        self._used = part.stop
        return self._block[0][part], self._block[1][part]

    def _draw(self, block: int) -> tuple[Array, Array]:
        child = np.random.SeedSequence(self._seed, spawn_key=(self._stream, block))
        random = np.random.Generator(np.random.SFC64(child))
        normals = random.standard_normal((self._length, *self._shape))
        if self._squares is None:
            return normals, np.empty((self._length, 0))
        batch, runs = self._squares
        return normals, random.chisquare(batch, (self._length, runs))
