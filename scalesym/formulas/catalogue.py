"""The catalogue of formulas: what they state, under which conditions, at which level, and how they were derived.

The catalogue is the file ``catalogue.json`` beside this module. It is not written by hand: ``python -m
scalesym.formulas`` derives every formula again, checks every step, and writes it; a test compares the two byte for
byte. The exponents of the phases follow from it and are in ``phases.json``, which ``python -m scalesym.phases`` writes;
the field's empirical laws are in ``laws.json``, which ``python -m scalesym.laws`` writes.
Reading it needs neither SymPy nor any evaluation of text. Identifiers are

=====================  ===================================================================  ==========
``F_pp.integral``      the definition, an integral over the spectrum                        continuum
``F_pp.closed``        the same in incomplete gamma functions                               continuum
``F_pp.asymptotic``    the leading term, with its constant                                  asymptotic
``F_pp.remainder``     exactly what the leading term leaves out                             continuum
``F_pp``               the definition with its closed form, and the whole derivation        continuum
=====================  ===================================================================  ==========

and likewise for ``K_pp`` and ``F_ac``. Given ``W`` the dynamics is exact, and its formulas begin with one step of SGD:

=====================  ===================================================================  ===========
``q``                  the factor of a mode's mean square in one step                       conditional
``second_moment``      the whole step, with what the loss adds                              conditional
``rho``                the mean square after ``r`` steps, in terms of the losses before     conditional
``F_W``, ``K_W``       forcing function and kernel                                          conditional
``volterra``           the loss, as the solution of a Volterra equation                     conditional
=====================  ===================================================================  ===========

What was fitted to trained networks is of level ``empirical``, and assumed; what follows from it is derived. Their letters
are those of their papers (:mod:`scalesym.formulas.law_letters`), which no notation and no convention of the model touches:

=========================  ============================================================================
``chinchilla.law``         and ``chinchilla.optimum.N``, ``.D``, ``.L``, what a loss needs, ...
``kaplan.size``, ...       the laws one by one, ``kaplan.joint``, ``kaplan.steps``, ``kaplan.optimum.N``
``henighan.law``           its inverse, and the best size
``vit.law``                its inverse, slope, floor, ceiling and cost
``bnsl.law.one-break``     broken laws, their slopes and where they turn
``adaptive.law``           of one shape, and where training changes from one to another
=========================  =============================================================================

Other solvable models have letters of their own too, and levels of approximation:

=========================  =============================================================================
``two-resolvents.risk``    of random features and samples, and the equations it is solved from
``ridge.loss``, ...        ridge regression on them; ``ridge.optimal.f``, over a power law
``regimes.data.loss``      few data, few parameters, geometry
``dynamical.time``, ...    what time, data and features leave; ``dynamical.frontier.hard.L``
=========================  ============================================================================
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import AccuracyWarning, ParameterError
from ..parameters import digits_count, number
from .conventions import Conventions
from .evaluation import evaluate, holds
from .law_letters import spelled
from .notation import notation as named
from .rendering import conventions_of, converted, typeset
from .trees import Tree, decode, free_names, quantity_names, validated
from .typesetting import readable, text

__all__ = ["Assumption", "Formula", "Line", "formula", "formula_ids"]

_ALIASES = {"batch": "B"}  # the model spells the batch out


@dataclass(frozen=True)
class Assumption:
    """Something a formula needs.

    Parameters
    ----------
    text, latex:
        For people.
    relation:
        The inequality as a tree, or ``None`` where the assumption is a limit or a definition.
    because:
        ``"domain"``, or what the condition was found to be needed for.
    integer:
        Whether the left-hand side must also be an integer.
    limit:
        What tends to what, as two trees, where the assumption is a limit.
    """

    text: str
    latex: str
    relation: Tree
    because: str
    integer: bool = False
    limit: Tree = None

    def allows(self, values: Mapping[str, Fraction]) -> bool:
        """Whether exact values satisfy the assumption; what is not about them, or no inequality, allows everything."""
        if self.relation is None or not free_names(self.relation) <= set(values):
            return True
        return holds(self.relation, values) and not (self.integer and values[self.relation[1]].denominator != 1)


@dataclass(frozen=True)
class Line:
    """One line of a derivation: what is done and why, the expression reached, and how the step was checked.

    ``relation`` is how the expression compares with the one before: ``"="`` or ``"~"`` (ratio tends to 1), empty for
    the first line. ``prose`` contains inline LaTeX between dollar signs, in the letters and conventions of the paper.
    """

    name: str
    prose: str
    relation: str
    latex: str
    text: str
    level: str
    conditions: tuple[str, ...]
    check: str
    tree: Tree = None


@dataclass(frozen=True)
class Formula:
    r"""A formula of the catalogue.

    Parameters
    ----------
    id:
        Such as ``"F_pp.closed"``.
    level:
        The level of approximation: ``sampled``, ``conditional``, ``equivalent``, ``continuum``, ``asymptotic`` or
        ``sharp``; or ``empirical``, of laws that were fitted.
    status:
        ``"derived"``, or ``"assumed"`` where the formula or the start of its derivation is taken from the source.
    source:
        Where the paper states or defines it.
    assumptions, derivation:
        What it needs, and the steps that lead to it.

    Examples
    --------
    >>> found = formula("K_pp.asymptotic")
    >>> found.level, [assumption.text for assumption in found.assumptions if assumption.because != "domain"]
    ('asymptotic', ['α > 1/4', '2γBr → ∞'])
    >>> print(formula("K_pp.integral").latex())
    \mathscr{K}_{pp}(r)=\frac{\gamma^2B}{2\alpha}\int_{0}^{1}u^{1-1/(2\alpha)}e^{-2\gamma Bru}\,du
    """

    id: str
    level: str
    status: str
    source: str
    assumptions: tuple[Assumption, ...]
    derivation: tuple[Line, ...]
    _record: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Formula:
        """Read what :meth:`to_dict` wrote. Expressions stay trees until asked for, and are then read strictly.

        Raises
        ------
        ParameterError
            If an entry is missing or has another shape.
        """
        try:
            for tree in (record["statement"], record["expression"], *record.get("sides", ())):
                validated(tree)
            for definition in (record["definitions"][name] for name in record["where"]):
                for part in ("statement", *({"tree", "equation", "start"} & set(definition))):
                    validated(definition[part])
            return cls(
                record["id"],
                record["level"],
                record["status"],
                record["source"],
                tuple(Assumption(**entry) for entry in record["assumptions"]),
                tuple(Line(**{**e, "conditions": tuple(e["conditions"])}) for e in record["derivation"]),
                dict(record),
            )
        except (KeyError, TypeError) as error:
            remedy = "write it with Formula.to_dict()"
            raise ParameterError("record", record, f"not a formula ({error!r})", remedy) from error

    @property
    def expr(self) -> Any:
        """The right-hand side as a SymPy expression (loads SymPy)."""
        return decode(self._record["expression"])

    @property
    def statement(self) -> Any:
        """The whole statement as an unevaluated SymPy relation; asymptotics state that a ratio tends to 1."""
        return decode(self._record["statement"])

    @property
    def variables(self) -> tuple[str, ...]:
        """The letters the right-hand side depends on, as keywords of :meth:`evaluate`.

        A letter with a definition, such as ``c_β``, may be left out if the letters of its definition are given instead.
        """
        return tuple(sorted(free_names(self._record["expression"])))

    @property
    def letters(self) -> tuple[str, ...]:
        """Every letter that :meth:`evaluate` takes: of the right-hand side, its assumptions, and the definitions it needs."""
        found = free_names(self._record["expression"]).union(
            *(free_names(a.relation) for a in self.assumptions if a.relation is not None)
        )
        for record in self.definitions.values():
            found |= free_names(record["statement"]) - set(record.get("arguments", []))
        return tuple(sorted(found))

    @property
    def definitions(self) -> dict[str, dict[str, Any]]:
        """What the letters and quantities stand for that the right-hand side depends on, by name."""
        return {name: self._record["definitions"][name] for name in self._record["where"]}

    @property
    def conventions(self) -> Conventions | None:
        """How its losses and learning rates are to be read; ``None`` for laws and models that the paper's do not concern."""
        return None if self._has_own_letters else conventions_of(self._record)

    def in_notation(self, name: str) -> Formula:
        """The same formula, shown in another notation; the letters of :attr:`expr` and :meth:`evaluate` stay.

        Notations rename the letters of the model. An empirical law or another model has those of its own paper, and stays as
        it is: the ``α`` of Chinchilla's law is no exponent of a spectrum.

        Parameters
        ----------
        name:
            One of :data:`scalesym.formulas.notation.NOTATIONS`. Any but ``"paquette"`` loads SymPy.

        Raises
        ------
        ParameterError
            If there is no such notation.

        Examples
        --------
        >>> formula("F_pp.integral").in_notation("bordelon").text().splitlines()[0]
        'F_pp(t) = 1/b · ∫_0^1 u^((a - b - 1)/b)e^(-2γBtu) du'
        """
        notation = named(name)
        if name == self._record.get("notation", "paquette") or self._has_own_letters:
            return self
        return Formula.from_dict(typeset(self._record, notation))

    def in_convention(self, *, loss_factor: object = 1, batch: str = "sum") -> Formula:
        r"""The same formula in other conventions, in the notation of the paper; :meth:`evaluate` follows them.

        Parameters
        ----------
        loss_factor:
            1 (the paper's) or 1/2. Losses are multiplied by it, the kernel is not.
        batch:
            ``"sum"`` (the paper's) or ``"mean"``: whether ``γ`` multiplies the sum or the mean of a batch's gradients.

        Raises
        ------
        ParameterError
            If there are no such conventions, or the formula depends on a loss otherwise than by powers, or is that
            of an empirical law or of another model, whose losses are those of its own paper.

        Examples
        --------
        >>> half = formula("F_pp.integral").in_convention(loss_factor="1/2", batch="mean")
        >>> print(half.latex())
        \mathscr{F}_{pp}(r)=\frac{1}{4\alpha}\int_{0}^{1}u^{(2\beta-1)/(2\alpha)}e^{-2\gamma ru}\,du
        """
        wanted = Conventions(loss_factor, batch)
        if self._has_own_letters and wanted != Conventions():
            name, given = ("loss_factor", loss_factor) if wanted.loss_factor != 1 else ("batch", batch)
            measured = "is an empirical law: its losses are measured, not squared errors of the model"
            reason = (
                f"{self.id} {measured if self.level == 'empirical' else 'is of another model, with its own losses'}"
            )
            raise ParameterError(name, given, reason, "leave the conventions out")
        return (
            self
            if self._has_own_letters or wanted == self.conventions
            else Formula.from_dict(converted(self._record, wanted))
        )

    def latex(self, notation: str | None = None) -> str:
        r"""The statement in LaTeX, without delimiters; in its own notation unless another is named.

        Examples
        --------
        >>> print(formula("K_pp.asymptotic").latex(notation="lin"))
        \mathscr{K}_{pp}(N)\sim \frac{\gamma^2B\,\Gamma\!\left(2-\frac{1}{a}\right)}{a}\,(2\gamma BN)^{-(2-1/a)}
        """
        return str((self.in_notation(notation) if notation else self)._record["latex"])

    def mathml(self, notation: str | None = None) -> str:
        """The statement in MathML for presentation (needs ``scalesym[mathml]``).

        Raises
        ------
        ParameterError
            If the converter is not installed.
        """
        from .mathml import mathml

        return mathml(self.latex(notation))

    def python(self) -> str:
        """A Python function that computes the right-hand side with mpmath alone, as source.

        Raises
        ------
        ParameterError
            If the formula has no value that its letters decide.

        Examples
        --------
        >>> print(formula("q").python().splitlines()[-1])
            return +value
        """
        from .python_source import python_source

        self._require_letters_only()
        return python_source(self)

    def text(self, derivation: bool = False, notation: str | None = None) -> str:
        """The statement, its level, conditions and source on a few lines of plain text, and on demand its derivation.

        Conventions and letters are explained where they are not the paper's.

        Examples
        --------
        >>> print(formula("F_pp.asymptotic").text())
        F_pp(r) ~ Γ(1 + β/α - 1/(2α))/(2α) · (2γBr)^(-(1 + β/α - 1/(2α)))
        <BLANKLINE>
          level   asymptotic
          if      α > 0, γ > 0, B ≥ 1 integer, r > 0, α + β > 1/2, 2γBr → ∞
          source  derived; arXiv:2405.15074, table of asymptotics of the forcing function's pieces
        """
        if notation:
            return self.in_notation(notation).text(derivation)
        conditions = ", ".join(assumption.text for assumption in self.assumptions)
        where = [definition["text"] for definition in self.definitions.values()]
        lines = [self._record["text"], "", f"  level   {self.level}", f"  if      {conditions}"]
        lines += [f"  {'' if n else 'where':6}  {each}" for n, each in enumerate(where)]
        lines.append(f"  source  {self.status}; {self.source}")
        lines += [f"  {name:6}  {said}" for name, said in self._readings(derivation)]
        for line in self.derivation if derivation else ():
            mark = {"": "  ", "=": "= ", "~": "~ "}[line.relation]
            lines += ["", f"{line.name}: {readable(line.prose)}", f"    {mark}{line.text}"]
            lines += [f"    if {condition}" for condition in line.conditions]
            lines += [f"    checked: {line.check}"] if line.check else []
        return "\n".join(lines)

    def evaluate(self, *, digits: int | None = 50, **values: object) -> Any:
        """The value of the right-hand side, at the formula's own level.

        Parameters
        ----------
        digits:
            Decimal digits of the result, an mpf of a private context; ``None`` gives a float. Integrals take seconds at
            50 digits; the closed form is the same number in milliseconds.
        **values:
            One number for each of :attr:`variables` (``batch`` may stand for ``B``, and a letter of an empirical law may
            be called as it is shown, ``alpha`` for ``alpha_size``): int, Fraction, text such as ``"7/10"``, or a float,
            taken as the binary number it is. What has a definition is computed from it, unless it is given.

        Raises
        ------
        ParameterError
            If a letter is missing or unknown, the values lie outside the assumptions, or the formula depends on more
            than its letters, such as the eigenvalues of one random ``W``.
        ConvergenceError
            If the digits asked for cannot be confirmed.

        Examples
        --------
        >>> print(formula("F_pp").evaluate(digits=20, alpha=1, beta="7/10", gamma="3/10", batch=1, r=80))
        0.0044096388616773320852
        >>> formula("K_pp").evaluate(alpha="1/4", gamma="3/10", batch=1, r=80)
        Traceback (most recent call last):
        ...
        scalesym.errors.ParameterError: alpha = '1/4': K_pp assumes α > 1/4 (the integral converges at zero); choose ...
        """
        wanted = digits_count(digits)
        self._require_letters_only()
        exact = self._read(values)
        for assumption in self.assumptions:
            if not assumption.allows(exact):
                given = {k: x for k, x in values.items() if self._letter(k) in free_names(assumption.relation)}
                why = "" if assumption.because == "domain" else f" ({assumption.because})"
                reason = f"{self.id} assumes {assumption.text}{why}"
                shown = next(iter(given.values())) if len(given) == 1 else tuple(map(str, given.values()))
                raise ParameterError(", ".join(given), shown, reason, f"choose values with {assumption.text}")
        found = evaluate(self._record["expression"], exact, wanted or 17, self.definitions)
        return found if wanted else _as_float(found)

    def to_dict(self) -> dict[str, Any]:
        """The whole entry as plain JSON data, conventions included; a copy."""
        return json.loads(json.dumps(dict(self._record)))  # type: ignore[no-any-return]

    def _readings(self, derivation: bool) -> list[tuple[str, str]]:
        """The conventions and the notation, where they are not the paper's."""
        said = [] if self.conventions in (None, Conventions()) else [("read", conventions_of(self._record).sentence())]
        notation = named(self._record.get("notation", "paquette"))
        pairs = ", ".join(f"{text(letter)} = {notation.text(letter)}" for letter in notation.changed())
        if notation.is_the_papers:
            return said
        prose = "; the prose keeps the letters of the paper" if derivation else ""
        return [*said, ("write", f"{pairs}; {notation.source}{prose}")]

    @property
    def _has_own_letters(self) -> bool:
        """Whether it is an empirical law, or of another model than that of the paper."""
        return self._record.get("conventions", "") is None

    def _letter(self, keyword: str) -> str:
        """The letter that a keyword of :meth:`evaluate` means: its name, or how it is shown in an empirical law."""
        own = {spelled(letter): letter for letter in self.letters} if self._has_own_letters else {}
        name = keyword if keyword in self.letters else _ALIASES.get(keyword, keyword)
        return own.get(name, name) if name not in self.letters else name

    def _require_letters_only(self) -> None:
        known = {name.removesuffix("()") for name in self.definitions}
        if names := quantity_names(self._record["expression"]) - known:
            shown = ", ".join(sorted(names))
            reason = f"it depends on {shown}, which W decides and not the letters {', '.join(self.variables)}"
            raise ParameterError("id", self.id, reason, "evaluate q and second_moment for each eigenvalue of one W")

    def _read(self, values: Mapping[str, object]) -> dict[str, Fraction]:
        exact: dict[str, Fraction] = {}
        useful = set(self.letters)
        for name, value in values.items():
            letter = self._letter(name)
            if letter not in useful or letter in exact:
                reason = f"{self.id} does not depend on it" if letter not in exact else "it is given twice"
                raise ParameterError(name, value, reason, f"give {', '.join(self.variables)}")
            read = number(value, name)
            if read in (float("inf"), float("-inf")):
                raise ParameterError(name, value, "it must be finite", "give a finite number")
            exact[letter] = Fraction(read)
        for name in self._lacking(exact):
            raise ParameterError(name, None, f"{self.id} depends on it", f"give {', '.join(self.variables)}")
        return exact

    def _lacking(self, given: Mapping[str, Fraction]) -> list[str]:
        """Letters without a value, once definitions have been used."""
        waiting, seen, lacking = [self._record["expression"]], set(given), []
        while waiting:
            tree = waiting.pop()
            letters = sorted(free_names(tree) - seen)
            quantities = sorted({f"{name}()" for name in quantity_names(tree)} - seen)
            seen.update(letters, quantities)
            for name in (*letters, *quantities):
                record = self.definitions.get(name)
                if record is not None:
                    inside = record["statement"]
                    bound = record.get("arguments", [])
                    seen.update(bound)
                    waiting.append(inside)
                elif name in letters:
                    lacking.append(name)
        return sorted(lacking)


def formula(id: str) -> Formula:
    """The formula of this identifier.

    Parameters
    ----------
    id:
        One of :func:`formula_ids`. The name of a quantity alone, such as ``"F_pp"``, is its definition and closed form.

    Raises
    ------
    ParameterError
        If there is no such formula; the message names close matches.

    Examples
    --------
    >>> formula("F_pp.asymptotic").expr
    (2*B*gamma*r)**(-1 - beta/alpha + 1/(2*alpha))*gamma(1 + beta/alpha - 1/(2*alpha))/(2*alpha)
    >>> formula("F_pp.closd")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: id = 'F_pp.closd': no such formula; did you mean F_pp.closed, ...?
    """
    import difflib

    entries = _entries()
    if isinstance(id, str) and id in entries:
        return entries[id]
    spelled = {name.lower(): name for name in entries}
    close = difflib.get_close_matches(id.lower(), spelled, cutoff=0.5) if isinstance(id, str) else []
    likely = ", ".join(spelled[name] for name in close)
    remedy = f"did you mean {likely}?" if likely else "list them with formula_ids(), or scalesym formula --list"
    raise ParameterError("id", id, "no such formula", remedy)


def formula_ids() -> tuple[str, ...]:
    """Every identifier, in alphabetical order.

    Examples
    --------
    >>> [id for id in formula_ids() if id.startswith("K_pp")]
    ['K_pp', 'K_pp.asymptotic', 'K_pp.closed', 'K_pp.integral', 'K_pp.remainder']
    """
    return tuple(_entries())


def _as_float(value: Any) -> float:
    """The nearest double; what is too large is refused, what is too small becomes 0 with a warning."""
    if abs(value) > sys.float_info.max:
        raise ParameterError("digits", None, f"{value} exceeds double precision", "ask for a number of digits")
    if 0 < abs(value) < sys.float_info.min:
        warnings.warn(f"{value} is too small for double precision, 0 is returned", AccuracyWarning, stacklevel=3)
        return 0.0
    return float(value)


@lru_cache(maxsize=1)
def _entries() -> dict[str, Formula]:
    from importlib.resources import files

    folder = files(__package__)
    stored = json.loads(folder.joinpath("catalogue.json").read_text(encoding="utf-8"))
    formulas = dict(stored["formulas"])
    for name in ("phases.json", "laws.json"):
        if folder.joinpath(name).is_file():  # written later
            formulas |= json.loads(folder.joinpath(name).read_text(encoding="utf-8"))["formulas"]
    entries = {}
    for id, record in sorted(formulas.items()):
        used = {name: stored["definitions"][name] for name in record["where"]}
        shared = {"conventions": stored["conventions"], "definitions": used}
        entries[id] = Formula.from_dict({**shared, **record, "id": id})
    return entries
