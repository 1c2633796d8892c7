"""The oracle: certified values, test vectors, and a verdict on anyone's implementation.

>>> from scalesym import oracle
>>> oracle.answer({"quantity": "P_inf", "in": {"alpha": 1, "beta": "7/10", "d": 20, "v": 60, "gamma": "3/10", "batch": 1}}, certified=True)
{'value': '0.0135770261625198...', 'radius': '...'}
"""

from __future__ import annotations

from .answering import answer, enclose
from .checking import check, check_command, require
from .flags import FLAGS
from .protocol import Refused
from .quantities import QUANTITIES, Unsupported, read
from .report import Report, Result
from .serving import serve
from .vectors import Expected, Mistaken, Test, emit, schema, tests

__all__ = [
    "FLAGS",
    "QUANTITIES",
    "Expected",
    "Mistaken",
    "Refused",
    "Report",
    "Result",
    "Test",
    "Unsupported",
    "answer",
    "check",
    "check_command",
    "emit",
    "enclose",
    "read",
    "require",
    "schema",
    "serve",
    "tests",
]
