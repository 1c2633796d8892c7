"""The file of a sweep: JSON lines that are only ever appended, by one process at a time.

A header says which function the lines that follow it come from; a line holds one cell with its value or its error. Each
is one write, so that a process killed at any moment leaves at most one half-written line at the end. A reader passes
over it, and the next sweep removes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import ParameterError
from .result import Row, row_of
from .values import text

__all__ = ["FORMAT", "Journal", "opened", "read"]

FORMAT = "scalesym-sweep"
_VERSION = 1
_OTHER = "use another file"


@dataclass
class Content:
    """What a file holds: its last header, rows by key, and the length up to which its lines are whole."""

    header: dict[str, Any] | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    whole: int = 0
    unended: bool = False  # the last line lacks nothing but its end


@dataclass
class Journal:
    """A file open for appending, and the rows it held."""

    rows: dict[str, Row]
    _path: Path
    _file: Any

    def append(self, line: str) -> None:
        """Add one line, and return when it is on the disk."""
        rest = memoryview(line.encode() + b"\n")
        while rest:  # one write takes all of it, unless the disk is full
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())

    def finished(self) -> set[str]:
        """The keys of the cells that the file holds now; an interruption may come between a write and its record."""
        try:
            return {key for key, row in read("out", self._path).rows.items() if row.error is None}
        except ParameterError:  # somebody has removed it
            return set()


def read(name: str, path: Path) -> Content:
    """The content of a file, without its half-written end.

    Raises
    ------
    ParameterError
        If it cannot be read, or is not the file of a sweep; ``name`` is the parameter to blame.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ParameterError(name, str(path), str(error.strerror), "give a file that a sweep wrote") from None
    content = Content()
    *lines, end = data.split(b"\n")
    for number, line in enumerate(lines, 1):
        _take(content, line, name, path, number)
        content.whole += len(line) + 1
    if _is_json(end):
        _take(content, end, name, path, len(lines) + 1)
        content.whole, content.unended = len(data), True
    elif content.header is None and not _header_start().startswith(end[: len(_header_start())]):
        raise ParameterError(name, str(path), "it is not the file of a sweep", _OTHER)
    return content


@contextmanager
def opened(out: str | os.PathLike[str], header: dict[str, Any], changed: bool) -> Iterator[Journal]:
    """Lock the file, refuse it if it is another function's, mend its end, and open it for appending.

    Raises
    ------
    ParameterError
        If it cannot be written, belongs to another function or format, or another process is at work on it.
    """
    from filelock import FileLock, Timeout

    if not isinstance(out, str | os.PathLike):
        raise ParameterError("out", out, f"{type(out).__name__} is not a path", "give the name of a file")
    path, header = Path(out), {"format": FORMAT, "version": _VERSION, **header}
    if path.is_dir() or not path.parent.is_dir():
        reason = "it is a directory" if path.is_dir() else f"there is no directory {path.parent}"
        raise ParameterError("out", str(path), reason, "give a file in a directory that exists")
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        remedy = "wait until it has finished, or use another file"
        raise ParameterError("out", str(path), "another sweep is writing to it", remedy) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        content = read("out", path) if path.exists() else Content()
        _require_same(content, header, path, changed)
        try:
            file = open(path, "ab", buffering=0)  # noqa: SIM115 — closed below
        except OSError as error:
            raise _unwritable(path, error) from None
        with file:
            file.truncate(content.whole)
            journal = Journal(content.rows, path, file)
            if content.unended:
                journal.append("")
            if content.header != header:
                journal.append(text(header))
            yield journal
    finally:
        lock.release()


def _take(content: Content, line: bytes, name: str, path: Path, number: int) -> None:
    """Read one whole line."""
    try:
        data = json.loads(line)
        if "format" in data:
            _require_format(data, name, path)
            content.header = data
            return
        key = text(data["key"], sort=True)
        row = row_of(data)
    except ParameterError:
        raise
    except Exception:
        data = None
    if data is None or content.header is None:
        what = f"its line {number} is not one of a sweep" if content.header else "it is not the file of a sweep"
        raise ParameterError(name, str(path), what, _OTHER)
    content.rows[key] = row


def _require_format(header: dict[str, Any], name: str, path: Path) -> None:
    if header["format"] != FORMAT or "function" not in header:
        raise ParameterError(name, str(path), "it is not the file of a sweep", _OTHER)
    if header.get("version") != _VERSION:
        reason = f"its format is version {header.get('version')}, and this scalesym knows version {_VERSION}"
        raise ParameterError(name, str(path), reason, _OTHER)


def _require_same(content: Content, header: dict[str, Any], path: Path, changed: bool) -> None:
    """Refuse the results of another function, or of the same one as it was before a change."""
    before = content.header
    if before is None:
        return
    if before["function"] != header["function"]:
        reason = f"it holds results of {before['function']}, not of {header['function']}"
        raise ParameterError("out", str(path), reason, _OTHER)
    old, new = str(before.get("code") or "").split(), str(header["code"] or "").split()
    if old != new and old[:1] == new[:1] and not changed:
        reason = f"{header['function']}, or a value it carries, has changed since"
        remedy = "use another file, or changed=True if the results in this one still stand"
        raise ParameterError("out", str(path), reason, remedy)


def _unwritable(path: Path, error: OSError) -> ParameterError:
    return ParameterError("out", str(path), str(error.strerror), "give a file in a directory that can be written")


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _header_start() -> bytes:
    return text({"format": FORMAT, "version": _VERSION}).encode()[:-1]
