"""What the pictures share: how they look, and how they are written to a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import ParameterError

__all__ = [
    "INK",
    "balance",
    "colours",
    "in_style",
    "picture_path",
    "require_matplotlib",
    "save_figure",
]

INK = "#222222"

_STYLE: Mapping[str, Any] = MappingProxyType(
    {
        "axes.labelsize": 15,
        "axes.linewidth": 0.8,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.dpi": 100,
        "font.family": "DejaVu Sans",
        "font.size": 13,
        "hatch.linewidth": 0.9,
        "mathtext.fontset": "cm",
        "text.color": INK,
        "xtick.labelsize": 12,
        "ytick.labelsize": 12,
    }
)

#: The four pieces of the loss, as they are compared with one another.
_SYMBOLS: Mapping[str, str] = MappingProxyType(
    {"F_pp": r"F_{pp}", "F_ac": r"F_{ac}", "F_0": r"F_0", "K_pp": r"K_{pp}/(\gamma B)"}
)

#: Hues of Okabe and Ito; phases with the same trade-off are shades of one.
#: The share of white differs, so that neighbours differ in lightness too.
_HUES = (("#0072B2", 0.75), ("#009E73", 0.52), ("#E69F00", 0.70), ("#CC79A7", 0.57), ("#F0E442", 0.65))
_DARKER = 0.17  # from one shade to the next

_FILE_STYLE: dict[str, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "scalesym",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
}
_WITHOUT_DATE: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None},
    ".svg": {"Date": None},
}


def require_matplotlib() -> None:
    """Refuse to draw without matplotlib, before the work.

    Raises
    ------
    ParameterError
        If matplotlib is missing.

    Examples
    --------
    >>> require_matplotlib()
    """
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise ParameterError("plot", "a picture", "matplotlib is not installed", "pip install 'scalesym[plot]'")


def in_style(**more: Any) -> Any:
    """A context in which matplotlib draws as these pictures are drawn; its settings come back afterwards."""
    import matplotlib

    settings: Any = {**_STYLE, **more}
    return matplotlib.rc_context(settings)


def picture_path(file: str | os.PathLike[str], name: str = "file") -> Path:
    """Where a picture goes, checked before the work.

    Parameters
    ----------
    file:
        A path that ends in ``.png``, ``.pdf`` or ``.svg``, in a directory that exists.
    name:
        What the error calls it.

    Raises
    ------
    ParameterError
        If it is no such path.

    Examples
    --------
    >>> picture_path("map.gif")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: file = 'map.gif': the format is read off the name; end it in .png, .pdf, .svg
    """
    target = Path(file)
    if target.suffix.lower() not in _WITHOUT_DATE:
        known = ", ".join(_WITHOUT_DATE)
        raise ParameterError(name, str(file), "the format is read off the name", f"end it in {known}")
    try:
        if not target.parent.is_dir():
            raise ParameterError(name, str(file), "there is no such directory", "name a directory that exists")
        if target.exists() and not target.is_file():
            raise ParameterError(name, str(file), "it is not a file", "name a file that can be written")
    except OSError as error:  # such as a name that is too long
        reason = str(error.strerror or error)
        raise ParameterError(name, str(file), reason, "name a file that can be written") from error
    return target


def save_figure(figure: Any, file: str | os.PathLike[str], *, name: str = "file") -> None:
    """Write a figure as it is, the same bytes each time: fonts in the file, no date, and either all of it or nothing.

    Parameters
    ----------
    figure:
        A :class:`matplotlib.figure.Figure`.
    file:
        Ends in ``.svg`` (text as outlines), ``.pdf`` (TrueType fonts embedded) or ``.png`` (200 dpi).
    name:
        What the error calls the file.

    Raises
    ------
    ParameterError
        If the format is none of these, or the file cannot be written.

    Examples
    --------
    >>> import os, tempfile
    >>> from scalesym.plots import cut_figure
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_figure(cut_figure(beta="4/5"), os.path.join(folder, "cut.svg"))
    ...     os.listdir(folder)
    ['cut.svg']
    """
    target = picture_path(file, name)
    require_matplotlib()
    kind = target.suffix.lower()
    drawn = BytesIO()
    with in_style(**_FILE_STYLE):
        figure.savefig(drawn, format=kind[1:], dpi=200, metadata=_WITHOUT_DATE[kind])
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            beside.write_bytes(drawn.getvalue())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        reason = str(error.strerror or error)
        raise ParameterError(name, str(file), reason, "name a file that can be written") from error


def balance(pieces: tuple[str, ...]) -> str:
    """The trade-off of a phase, in mathtext.

    Examples
    --------
    >>> balance(("F_pp", "F_0"))
    '$F_{pp} = F_0$'
    """
    return f"${' = '.join(_SYMBOLS[piece] for piece in pieces)}$"


def colours() -> dict[str, str]:
    """A colour for each phase: phases with the same trade-off are shades of one hue.

    Examples
    --------
    >>> colours()["Ia"], colours()["II"]
    ('#bfdcec', '#85d0bc')
    """
    from ..phases import phase_table

    groups: dict[frozenset[str], list[str]] = {}
    for entry in phase_table().phases:
        groups.setdefault(frozenset(entry.tradeoff), []).append(entry.name)
    found = {}
    for (hue, most), names in zip(_HUES, groups.values(), strict=True):
        for k, each in enumerate(names):
            white = most - _DARKER * k
            parts = (int(hue[n : n + 2], 16) for n in (1, 3, 5))
            found[each] = "#" + "".join(f"{round(white * 255 + (1 - white) * part):02x}" for part in parts)
    return found
