"""The generated table of phases, read without SymPy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..errors import ParameterError
from ..powerlaw.laws import Law, Term
from ..powerlaw.polynomials import Polynomial, Ratio

__all__ = ["Critical", "Entry", "Exponent", "Region", "SectorOfPieces", "Table", "phase_table", "shipped"]

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Exponent:
    """A rational function of ``(α, β)``, and how it is written."""

    ratio: Ratio
    text: str
    latex: str

    def at(self, point: Point) -> Fraction:
        """Its exact value."""
        return Fraction(self.ratio.at(point))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Region:
    """Signs of polynomials that hold together, beyond those of the whole domain.

    Parameters
    ----------
    conditions:
        Pairs of a polynomial and the sign it has.
    text, latex:
        The same, solved for the letters.
    """

    conditions: tuple[tuple[Polynomial, int], ...]
    text: str
    latex: str

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the open region."""
        return all(polynomial.sign_at(point) == sign for polynomial, sign in self.conditions)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Entry:
    """A row of the table. ``corners`` are the ``log_d γr`` at which each of ``terms`` hands over to the next."""

    name: str
    region: Region
    eta: Exponent
    xi: Exponent
    tradeoff: tuple[str, ...]
    terms: tuple[str, ...]
    corners: tuple[Exponent, ...]
    weights: Mapping[str, Exponent]
    unique: bool
    sectors: tuple[int, ...]


@dataclass(frozen=True)
class Critical:
    """A part of a curve between two phases. ``scales`` are powers of ``log f``, ``log log f``, … in ``d*`` and in ``P*``.

    Where ``ξ`` jumps, ``flat`` names the term that does not depend on ``d`` there and ``remaining`` those that decide.
    """

    curve: Polynomial
    where: Region
    neighbours: tuple[str, ...]
    eta: Exponent
    xi: Exponent
    jumps: tuple[str, ...]
    scales: tuple[tuple[Exponent, Exponent], ...]
    sources: tuple[str, ...]
    flat: str
    remaining: tuple[str, ...]


@dataclass(frozen=True)
class SectorOfPieces:
    """A part of the plane in which the same formulas apply: the law of the loss, and the entries of the catalogue used."""

    where: tuple[Polynomial, ...]
    law: Law
    sources: Mapping[str, str]

    def at(self, point: Point) -> Law:
        """The law with numbers for its exponents."""

        def value(exponent: Any) -> Fraction:  # the budget's exponents are numbers
            return Fraction(exponent.at(point) if isinstance(exponent, Ratio) else exponent)

        return self.law.map(value)


@dataclass(frozen=True)
class Table:
    """Everything that was derived."""

    letters: tuple[str, ...]
    domain: tuple[Polynomial, ...]
    curves: tuple[Polynomial, ...]
    sectors: tuple[SectorOfPieces, ...]
    phases: tuple[Entry, ...]
    lines: tuple[Critical, ...]

    def __getitem__(self, name: str) -> Entry:
        for entry in self.phases:
            if entry.name == name:
                return entry
        raise ParameterError(
            "name", name, "there is no such phase", f"use one of {', '.join(e.name for e in self.phases)}"
        )

    def sector_at(self, point: Point) -> SectorOfPieces:
        """A sector whose formulas hold at a point; on the border of two they have the same exponents.

        Examples
        --------
        >>> sorted(phase_table().sector_at((Fraction(1), Fraction(1, 4))).sources)
        ['F_0', 'F_pp', 'K_pp']
        """
        return next(s for s in self.sectors if all(each.sign_at(point) >= 0 for each in s.where))


def shipped() -> str:
    """The text of the generated file."""
    return Path(__file__).with_name("table.json").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def phase_table() -> Table:
    """The seven phases, the lines between them, and the pieces of the loss in each sector, as derived.

    Examples
    --------
    >>> [(entry.name, str(entry.eta)) for entry in phase_table().phases][:2]
    [('Ia', '(2α + 2β - 1)/(2α + 1)'), ('Ib', 'α + β - 1/2')]
    """
    data = json.loads(shipped())
    letters = tuple(data["letters"])

    def polynomial(record: Any) -> Polynomial:
        return Polynomial.from_list(letters, record)

    def exponent(record: Any) -> Exponent:
        return Exponent(Ratio.from_dict(letters, record), record["text"], record["latex"])

    def region(record: Any) -> Region:
        conditions = tuple((polynomial(each), sign) for each, sign in record["conditions"])
        return Region(conditions, record["text"], record["latex"])

    def ratio(record: Any) -> Ratio:
        return Ratio.from_dict(letters, record)

    return Table(
        letters,
        tuple(map(polynomial, data["domain"])),
        tuple(map(polynomial, data["curves"])),
        tuple(
            SectorOfPieces(
                tuple(map(polynomial, sector["where"])),
                Law(
                    tuple(Term(each["name"], ratio(each["time"]), ratio(each["size"])) for each in sector["pieces"]),
                    start=ratio(sector["start"]),
                ),
                {each["name"]: each["source"] for each in sector["pieces"]},
            )
            for sector in data["sectors"]
        ),
        tuple(
            Entry(
                each["name"],
                region(each["region"]),
                exponent(each["eta"]),
                exponent(each["xi"]),
                tuple(each["tradeoff"]),
                tuple(each["terms"]),
                tuple(map(exponent, each["corners"])),
                {name: exponent(weight) for name, weight in each["weights"].items()},
                each["unique"],
                tuple(each["sectors"]),
            )
            for each in data["phases"]
        ),
        tuple(
            Critical(
                polynomial(each["curve"]),
                region(each["where"]),
                tuple(each["neighbours"]),
                exponent(each["eta"]),
                exponent(each["xi"]),
                tuple(each["jumps"]),
                tuple((exponent(size), exponent(loss)) for size, loss in each["scales"]),
                tuple(each["sources"]),
                each.get("flat", ""),
                tuple(each.get("remaining", ())),
            )
            for each in data["lines"]
        ),
    )
