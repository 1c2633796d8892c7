"""Published constants and tables, as data with their sources.

The files in ``data/`` hold one system each. Every number says where it was printed and how it is known: ``"published"`` (read in the
source), ``"third party"`` (read in a copy of it), ``"derived"`` (computed from the published ones), ``"misprint"`` with what it should be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import ParameterError

__all__ = ["constants", "published"]


@cache
def published(system: str) -> Mapping[str, Any]:
    """Everything that is stored about a system; read-only.

    Raises
    ------
    ParameterError
        If there is no such system.
    """
    folder = Path(__file__).with_name("data")
    known = sorted(path.stem for path in folder.glob("*.json"))
    if system not in known:
        raise ParameterError("system", system, "nothing is stored about it", f"use one of {', '.join(known)}")
    return MappingProxyType(json.loads((folder / f"{system}.json").read_text(encoding="utf-8")))


def constants(system: str, name: str) -> Mapping[str, Any]:
    """One named set of constants: ``{"constants": {…}, "source": …, "status": …}`` from the part ``"sets"`` of the file.

    Raises
    ------
    ParameterError
        If the system has no set of this name; the message lists those it has.
    """
    sets = published(system)["sets"]
    if name not in sets:
        raise ParameterError("name", name, f"{system} has no such set of constants", f"use one of {', '.join(sets)}")
    return MappingProxyType(sets[name])
