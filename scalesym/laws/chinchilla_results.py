"""What is asked of Chinchilla's law comes back in these; and the published tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from ..errors import ParameterError
from ..parameters import Exact
from ._quantities import Values
from .published import published

__all__ = ["Allocation", "Elasticities", "Exponents", "Frontier", "Row", "table"]


class Exponents(NamedTuple):
    """``N_opt ∝ C^a``, ``D_opt ∝ C^b``, ``L_opt − E ∝ C^{-gamma}``; fractions if the law's exponents are."""

    a: Exact
    b: Exact
    gamma: Exact


class Elasticities(NamedTuple):
    """``∂ ln L/∂ ln N``, ``∂ ln L/∂ ln D``, and how easily one replaces the other at equal loss."""

    parameters: Values
    data: Values
    substitution: Values


class Frontier(NamedTuple):
    """The optimum in symbols: equations for ``N_opt(C)``, ``D_opt(C)`` and ``L_opt(C)``."""

    N: Any
    D: Any
    loss: Any


@dataclass(frozen=True)
class Allocation:
    """The best use of a budget: ``C`` FLOPs are spent on ``N`` parameters and ``D`` tokens.

    ``loss`` is in nats for each token; ``shares`` are those of the reducible loss, by term, and do not depend on ``C``.
    """

    C: Values
    N: Values
    D: Values
    loss: Values
    shares: Mapping[str, float]

    @property
    def tokens_per_parameter(self) -> Values:
        """``D/N``."""
        return self.D / self.N


@dataclass(frozen=True)
class Row:
    """A row of a published table: a size, the compute and the tokens that would make it optimal.

    ``gopher`` is the compute in units of Gopher's, as printed; ``printed`` holds what was printed where it is not what is
    given here; ``note`` says what is wrong with a row that cannot be repaired.
    """

    N: float
    C: float
    D: float
    gopher: Fraction | None = None
    printed: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


def table(approach: int, corrected: bool) -> tuple[Row, ...]:
    """The rows of a published table: :meth:`scalesym.laws.chinchilla.Chinchilla.table`."""
    tables = published("chinchilla")["tables"]
    if str(approach) not in tables:
        raise ParameterError("approach", approach, "the paper has three", f"use one of {', '.join(tables)}")
    rows = []
    for given in tables[str(approach)]["rows"]:
        right = {key: each["correct"] for key, each in given.get("misprint", {}).items()} if corrected else {}
        values = {key: float(right.get(key, given[key])) for key in ("N", "C", "D")}
        gopher = Fraction(str(given["gopher"])) if "gopher" in given else None
        wrong = {key: float(given[key]) for key in right}
        rows.append(Row(**values, gopher=gopher, printed=wrong, note=given.get("note", "")))
    return tuple(rows)
