"""The sweep itself: cells that are not finished yet go to joblib's workers, what comes back is kept at once."""

from __future__ import annotations

import json
import os
import pickle
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from ..errors import ParameterError
from ..parameters import whole_number
from ..progress import progress_bar
from .grid import Cell, Grid, read_grid, require_accepted
from .identity import digest, qualified_name
from .journal import Journal, opened
from .result import CellError, Sweep, row_of
from .values import canonical, encoded, text

__all__ = ["sweep"]


def sweep(
    fn: Callable[..., Any],
    grid: Grid,
    *,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    on_error: Literal["raise", "record"] = "raise",
    changed: bool = False,
) -> Sweep:
    """Evaluate ``fn(**cell)`` at every cell of a grid, in parallel; with ``out``, what is finished stays finished.

    Parameters
    ----------
    fn:
        A function of named parameters. It returns a number, text, truth value or ``None``, lists, mappings or arrays of
        these, a dataclass, or an object with ``to_dict()``. NaN, infinities, ``Fraction`` and ``mpf`` are kept exactly;
        arrays and tuples come back as lists. Lambdas and local functions will do.
    grid:
        A mapping from names to sequences of values, for their Cartesian product in which the last name varies fastest;
        or a sequence of mappings, one for each cell. Values are ``int``, ``float``, ``Fraction``, ``str``, ``bool``,
        ``None``; NumPy's scalars are taken as the Python numbers they hold. A cell that is listed twice is computed once.
    out:
        A file of JSON lines to which each cell is appended as soon as it is finished. If it exists, the cells in it are
        not computed again: ``1``, ``1.0`` and ``"1"`` are different cells. The process may be killed at any moment and
        loses only the cells in flight. Beside it stands an empty ``.lock``, by which a second sweep is refused.
    jobs:
        Number of worker processes; ``None`` for what ``joblib.parallel_config`` says, and else for one per core. With 1
        the cells are computed in this process. Under joblib's Dask backend the cluster has the say.
    on_error:
        What to do if ``fn`` raises: ``"raise"`` ends the sweep with a :class:`~scalesym.sweeps.CellError`, finished cells
        being kept; ``"record"`` keeps the error as the cell's result and goes on. With the same ``out`` a later sweep
        tries such cells again.
    changed:
        Accept a file although ``fn`` has changed since. Its name must be the same in any case; its code, defaults, bound
        arguments and captured variables are compared as far as they can be written as JSON, what it calls is not.

    Returns
    -------
    Sweep
        A sequence of rows in the order of the grid.

    Raises
    ------
    ParameterError
        Before any work: if the grid is empty, has values of other types or names that ``fn`` does not accept; if ``out``
        cannot be written, belongs to another function, or is being written by another sweep.
    CellError
        If ``fn`` failed at a cell, and ``on_error`` is ``"raise"``.
    KeyboardInterrupt
        After Ctrl-C, when the workers are closed. It says how many cells are kept.

    Examples
    --------
    >>> from scalesym import PLRF, sweep
    >>> def loss(alpha, d):
    ...     return PLRF(alpha, beta="7/10", d=d, v=10 * d).loss(100)
    >>> table = sweep(loss, {"alpha": ["1/2", 1], "d": [20, 40]}, jobs=1)
    >>> [(row.cell["alpha"], row.cell["d"], round(row.value, 4)) for row in table]
    [('1/2', 20, 0.5244), ('1/2', 40, 0.3316), (1, 20, 0.0307), (1, 40, 0.0168)]
    """
    cells = read_grid(grid)
    require_accepted(fn, cells)
    workers = _workers(jobs)
    if on_error not in ("raise", "record"):
        raise ParameterError("on_error", on_error, "there is no such rule", "use 'raise' or 'record'")
    wanted = {canonical(cell): cell for cell in cells}
    name = qualified_name(fn)
    journal: AbstractContextManager[Journal | None] = nullcontext()
    if out is not None:
        journal = opened(out, {"function": name, "code": digest(fn), "scalesym": _version()}, changed)
    with journal as kept, progress_bar("Sweep") as progress:
        held = {} if kept is None else kept.rows
        done = {key: held[key] for key in wanted if key in held and held[key].error is None}
        missing = {key: cell for key, cell in wanted.items() if key not in done}
        try:
            with _outcomes(fn, missing, workers) as outcomes:
                for key, line, error in outcomes:
                    row = row_of(json.loads(line))
                    if row.error is not None and on_error == "raise":
                        raise CellError(wanted[key], row.error) from error
                    if kept is not None:
                        kept.append(line)
                    done[key] = row
                    progress(len(done), len(wanted))
        except BaseException as error:
            finished = done.keys() if kept is None else kept.finished()
            error.add_note(_how_to_go_on(len(wanted.keys() & finished), len(wanted), out))
            raise
    return Sweep(tuple(replace(done[canonical(cell)], cell=cell) for cell in cells), name)


def _version() -> str:
    from .. import __version__

    return __version__


Outcome = tuple[str, str, Exception | None]


class _Workers(NamedTuple):
    """What joblib was told to use; ``jobs`` is ``None`` for its own number."""

    backend: Any
    jobs: int | None

    def are(self, name: str) -> bool:
        return type(self.backend).__name__ == name


def _workers(jobs: object) -> _Workers:
    from joblib.parallel import get_active_backend

    backend, configured = get_active_backend()
    workers = _Workers(backend, None if jobs is None else whole_number(jobs, "jobs", least=1))
    if not backend.supports_return_generator:
        reason = "this backend of joblib hands nothing over before the end"
        raise ParameterError("backend", type(backend).__name__, reason, "use loky, threading or dask")
    if jobs is None and configured is None and workers.are("LokyBackend"):  # untold, joblib takes one job
        return workers._replace(jobs=-1)
    return workers


@contextmanager
def _outcomes(fn: Callable[..., Any], cells: dict[str, Cell], workers: _Workers) -> Iterator[Iterator[Outcome]]:
    """The outcomes of the cells as they come in; whatever ends the block early also ends the work on them."""
    if not cells:
        yield iter(())
        return
    from joblib import Parallel, delayed

    parent, local = os.getpid(), workers.are("LokyBackend")
    with _few_threads(workers):
        # one cell at a time: a batch would be lost as a whole
        parallel = Parallel(n_jobs=workers.jobs, return_as="generator_unordered", batch_size=1)
        outcomes = parallel(delayed(_outcome)(fn, key, cell, parent, local) for key, cell in cells.items())
        try:
            yield outcomes
        except BaseException as error:
            with suppress(type(error)):
                outcomes.throw(error)  # unlike close(), it ends the workers without a warning
            raise


def _few_threads(workers: _Workers) -> AbstractContextManager[object]:
    """Share the cores between threads; loky and Dask limit the threads of BLAS in their processes themselves."""
    if not workers.are("ThreadingBackend"):
        return nullcontext()
    from joblib import cpu_count, effective_n_jobs
    from threadpoolctl import threadpool_limits

    jobs = effective_n_jobs(-1) if workers.jobs is None else workers.jobs
    limits: AbstractContextManager[object] = threadpool_limits(max(1, cpu_count() // jobs))
    return limits


def _outcome(fn: Callable[..., Any], key: str, cell: Cell, parent: int, local: bool) -> Outcome:
    """Compute a cell where the worker is: its key, its line of the file, and the exception if it failed."""
    here = os.getpid() == parent
    if local and not here and _watched(parent) and os.getppid() != parent:
        os._exit(1)
    line: dict[str, Any] = {"key": {name: encoded(value) for name, value in cell.items()}}
    began = time.perf_counter()
    try:
        value = fn(**cell)
        seconds = round(time.perf_counter() - began, 6)
        return key, text(line | {"value": encoded(value), "seconds": seconds}), None
    except Exception as error:
        line["error"] = _printable(traceback.format_exception_only(error)[0].strip())
        line["traceback"] = _printable("".join(traceback.format_exception(error)))
        line["seconds"] = round(time.perf_counter() - began, 6)
        return key, text(line), error if here else _portable(error, line["traceback"])


@lru_cache(maxsize=1)
def _watched(parent: int) -> bool:
    """Let this worker end soon after a sweep that is killed; joblib's own would go on with what is queued."""
    if os.getppid() != parent:
        return False

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    return True


def _printable(said: str) -> str:
    return said.encode(errors="backslashreplace").decode()


def _portable(error: Exception, said: str) -> Exception | None:
    """The exception, if it survives the way between processes, with the traceback that does not."""
    try:
        copy = pickle.loads(pickle.dumps(error))
    except Exception:
        return None
    if type(copy) is not type(error):
        return None
    error.add_note(f"in the worker:\n{said}")
    return error


def _how_to_go_on(done: int, wanted: int, out: str | os.PathLike[str] | None) -> str:
    if out is None:
        return f"{done} of {wanted} cells were finished; with out='sweep.jsonl' they would have been kept"
    return f"{done} of {wanted} cells are finished and kept in {os.fspath(out)}; the same call goes on from there"
