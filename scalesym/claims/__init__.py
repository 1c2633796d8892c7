"""The claims of the package, one module for each theorem or topic.

Every module of this package (except those whose name begins with an underscore) holds a tuple ``CLAIMS`` of
:class:`scalesym.ledger.Claim`. They are imported when :func:`load` is called, not before.
"""

from __future__ import annotations

import importlib
import pkgutil

from ..errors import ScalesymError
from ..ledger import Claim, Ledger

__all__ = ["load"]


def load() -> Ledger:
    """Collect the claims of every module in this package.

    Returns
    -------
    Ledger
        Validated: ids unique, ``rests_on`` without gaps or circles.

    Raises
    ------
    ScalesymError
        If a module holds no tuple ``CLAIMS``, so that no claim is lost in silence.

    Examples
    --------
    >>> ledger = load()
    >>> all(claim.statement for claim in ledger)
    True
    """
    claims: list[Claim] = []
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        if name.startswith("_"):
            continue
        found = getattr(importlib.import_module(f"{__name__}.{name}"), "CLAIMS", None)
        if not isinstance(found, tuple) or not all(isinstance(claim, Claim) for claim in found):
            raise ScalesymError(f"{__name__}.{name}.CLAIMS is {type(found).__name__}, not a tuple of claims")
        claims += found
    return Ledger(claims)
