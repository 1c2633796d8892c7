"""The pages of the formulas: statement, level, assumptions, verdicts, derivation, LaTeX in every notation, code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from scalesym.errors import ParameterError
from scalesym.formulas import Formula, Line, formula, formula_ids
from scalesym.formulas.document import LEVELS, sections, tellers
from scalesym.formulas.notation import NOTATIONS
from scalesym.formulas.typesetting import latex, terms
from scalesym.ledger import Claim

from .code import code_anchor, derived_in, proofs, theorems, write_modules, write_proofs
from .markdown import anchor, arxiv, display, escaped, fenced, lines_of, listed, prose, rows_of, table, words
from .verdicts import Verdicts, formulas_of, link

__all__ = ["entry", "slug", "write"]

_SIGNS = {"=": "=", "~": r"\sim "}
#: The quantities whose formulas programs outside of the package prove.
_PROVED = ("eta", "xi")
#: Formulas that were reported and that a claim rejects: the claim, and the name of the false variant that they are.
_REJECTED = {"dynamical.frontier.published.*": ("laws.dynamical.compute-optimal", "as reported")}
_SHORT, _PAPERS = 46, "paquette"


def write(out: Path, report: Path) -> None:
    """A page for each section, the modules that derive, the proofs, and the index of all formulas."""
    found = Verdicts.read(report)
    entries = [formula(id) for id in formula_ids()]
    parted = sections(entries)
    told = tellers([each for _, held in parted for each in held])
    folder = out / "formulas"
    folder.mkdir(parents=True, exist_ok=True)
    for title, held in parted:
        parts = [f"# {_title(title)}\n", _alarms(held, found), *(entry(each, told[each.id], found) for each in held)]
        (folder / f"{slug(title)}.md").write_text("\n".join(parts), encoding="utf-8")
    write_modules(out, dict.fromkeys(derived_in(each.id) for each in entries), {})
    write_proofs(out)
    fragments = out / "fragments"
    fragments.mkdir(parents=True, exist_ok=True)
    (fragments / "formulas.inc").write_text(_index(parted, found), encoding="utf-8")
    (fragments / "formula-pages.inc").write_text(_contents(parted), encoding="utf-8")
    (fragments / "coverage.inc").write_text(_coverage(entries, found), encoding="utf-8")


def slug(title: str) -> str:
    """The name of a section's page.

    Examples
    --------
    >>> slug(r"One step of SGD, and all of them, given \\texorpdfstring{$W$}{W}")
    'one-step-of-sgd-and-all-of-them-given-w'
    """
    return anchor("", re.sub(r"\\texorpdfstring\{.*?\}\{(.*?)\}", r"\1", title))


def _title(title: str) -> str:
    return re.sub(r"\\texorpdfstring\{(.*?)\}\{.*?\}", r"\1", title)


def entry(each: Formula, teller: Formula, found: Verdicts) -> str:
    """One formula as a section; its derivation, where no other formula's begins with it.

    Parameters
    ----------
    teller:
        The formula whose derivation is shown, of which this one's is the beginning.
    """
    record = each.to_dict()
    sides = record.get("sides") or record["statement"][1:]
    shown = rows_of([terms(side) for side in sides], _SIGNS[record.get("sign", "=")])
    badge = "{bdg-info}`assumed`" if each.status == "assumed" else "{bdg-secondary-line}`derived`"
    verdict = found.summary(each.id)
    facts = [("Level", f"{each.level}: {prose(LEVELS[each.level])}"), ("Source", _source(each))]
    if each.assumptions:
        facts.append(("Assumes", ", ".join(_assumption(one) for one in each.assumptions)))
    parts = [
        f"({anchor('formula', each.id)})=\n## {escaped(each.id)}\n",
        f"{{bdg-primary-line}}`{each.level}` {badge} {verdict}\n",
        display(shown),
        _definitions(each),
        listed(facts),
        _claims(each, found),
        _derivation(each, teller),
        _copied(each),
        _elsewhere(each),
    ]
    return "\n".join(part for part in parts if part)


def _assumption(one: Any) -> str:
    said = (
        f"${{{one.latex}}}$" if one.relation is not None and len(one.latex) < 40 else words(one.latex)
    )  # unbroken if short
    return said + (" an integer" if one.integer else "")


def _definitions(each: Formula) -> str:
    """What the letters and functions stand for that have a definition, in one display; a root with its equation."""
    rows = []
    for name, record in each.definitions.items():
        left, right = (terms(side) for side in record["statement"][1:])
        solved = rf"\quad\text{{(equation of }}{latex(name)}\text{{)}}" if record["kind"] == "root" else ""
        rows.append(f"{''.join(left)}&={''.join(right)}{solved}")
    if not rows:
        return ""
    inside = " \\\\[0.4em]\n".join(rows)
    return "where\n\n" + display(f"\\begin{{aligned}}\n{inside}\n\\end{{aligned}}")


def _source(each: Formula) -> str:
    if each.status == "assumed":
        return f"assumed, from {arxiv(each.source)}"
    begun = [other for other in _assumed() if _begins(other, each)]
    resting = "".join(f"; the derivation starts from {_link(other.id)}, which is assumed" for other in begun[:1])
    return f"{arxiv(each.source)}{resting}"


@lru_cache(maxsize=1)
def _assumed() -> list[Formula]:
    return [each for each in map(formula, formula_ids()) if each.status == "assumed"]


def _begins(first: Formula, second: Formula) -> bool:
    """Whether the second derivation goes on from where the first ends."""
    lines = [(line.name, line.latex) for line in first.derivation]
    return [(line.name, line.latex) for line in second.derivation][: len(lines)] == lines


def _link(id: str) -> str:
    return f"[`{id}`](#{anchor('formula', id)})"


def _claims(each: Formula, found: Verdicts) -> str:
    """The claims about it, with their verdicts and the figures that decided them."""
    about = found.about(each.id)
    if rejected := _rejected(each.id):
        claim, variant = rejected
        said = f"{link(claim)} {found.badge(claim)}, whose false variant *{escaped(variant)}* it is"
        return f"Taken from its source, and **not what the model gives throughout**: the claim {said}, rejects it.\n"
    if not about:
        said = "Taken from its source; no claim checks it." if each.status == "assumed" else _UNCLAIMED
        return f"{said}\n"
    rows = [(link(claim.id), claim.tier, found.badge(claim.id), _deciding(claim, found)) for claim in about]
    return table(("claim", "tier", "verdict", "deciding figure"), rows)


def _rejected(id: str) -> tuple[str, str] | None:
    return next((claim for pattern, claim in _REJECTED.items() if fnmatchcase(id, pattern)), None)


_UNCLAIMED = "Checked step by step when it is derived; it has no claim of its own."


def _deciding(claim: Claim, found: Verdicts) -> str:
    return escaped(claim.source if claim.tier == "assumed" else str(found.row(claim.id).get("deciding", "")))


def _derivation(each: Formula, teller: Formula) -> str:
    steps = len(each.derivation) - 1
    if teller.id != each.id:
        part = "the start" if steps == 0 else "the first step" if steps == 1 else f"the first {steps} steps"
        whole = "the derivation" if steps == len(teller.derivation) - 1 else part + " of the derivation"
        return f"Obtained by {whole} of {_link(teller.id)}.\n"
    if not steps:
        return ""
    conditions = {one.text: one.latex for one in each.assumptions}
    parts = [f"::::{{dropdown}} Derivation in {steps} step{'s' * (steps > 1)}\n"]
    before: Line | None = None
    for line in each.derivation:
        parts.append(_step(line, before, conditions))
        before = line
    return "\n".join([*parts, "::::\n"])


def _step(line: Line, before: Line | None, conditions: Mapping[str, str]) -> str:
    """Prose, the expression reached, and how the step was checked."""
    name = line.name[:1].upper() + line.name[1:]
    needs = ", ".join(f"${conditions[one]}$" if one in conditions else escaped(one) for one in line.conditions)
    required = f" This requires {needs}." if needs else ""
    level = f" {{bdg-primary-line}}`{line.level}`" if before is None or line.level != before.level else ""
    parts = [f"**{escaped(name)}.** {prose(line.prose)}{required}{level}\n"]
    if before is None or line.latex != before.latex:
        pieces = terms(line.tree) if line.tree is not None else [line.latex]
        parts.append(display(lines_of(pieces, _SIGNS.get(line.relation, ""))))
    if line.check:
        parts.append(f"*Checked: {escaped(line.check)}.*\n")
    return "\n".join(parts)


def _copied(each: Formula) -> str:
    """LaTeX to copy: a tab for every notation that writes it otherwise than one before."""
    record = each.to_dict()
    sides = record.get("sides") or record["statement"][1:]
    tabs: dict[str, list[str]] = {each.latex(): [_PAPERS]}
    for name, notation in NOTATIONS.items() if each.conventions is not None else ():
        if name != _PAPERS:
            tabs.setdefault(_SIGNS[record.get("sign", "=")].join(map(notation.latex, sides)), []).append(name)
    if len(tabs) == 1:
        return f":::{{dropdown}} LaTeX\n{fenced(each.latex(), 'latex')}:::\n"
    parts = ["::::::{dropdown} LaTeX, also in other notations\n:::::{tab-set}"]
    for text, names in tabs.items():
        parts.append(f"::::{{tab-item}} {', '.join(names)}\n{fenced(text, 'latex')}::::")
    return "\n".join([*parts, ":::::\n::::::\n"])


def _elsewhere(each: Formula) -> str:
    """The commands that show it, the module that derives it, and proofs by other programs."""
    module, said = derived_in(each.id), f"`scalesym formula {each.id}`"
    try:
        each.python()
        said += f", as a Python function `scalesym formula {each.id} --form python`"
    except ParameterError:  # it depends on one draw of the features
        pass
    said += f"; derived in [`{module}`](#{code_anchor(module)})"
    letter, _, name = each.id.partition(".")
    if letter in _PROVED:
        called = ", ".join(f"`{theorem}`" for theorem in theorems(name))
        places = proofs()
        said += f"; proved for [Coq](#{places['coq'][name]}) ({called}) and for [SMT solvers](#{places['smt'][name]})"
        said += ", [what is proved](../root/proofs.md#what-is-proved)"
    return f"{said}.\n"


def _alarms(held: Sequence[Formula], found: Verdicts) -> str:
    """What is wrong with claims about the formulas of a page, loudly."""
    ids = {each.id for each in held}
    bad = {
        claim.id: found.outcome(claim.id)
        for claim in found.ledger
        if ids & set(formulas_of(claim)) and found.outcome(claim.id) not in ("holds", "assumed")
    }
    if not bad:
        return ""
    lines = "\n".join(f"- {link(id)} {found.badge(id)}" for id in bad)
    kind = "error" if "fails" in bad.values() else "warning"
    return f":::{{admonition}} Claims about these formulas that do not hold in the last report\n:class: {kind}\n\n{lines}\n:::\n"


def _contents(parted: Sequence[tuple[str, Sequence[Formula]]]) -> str:
    lines = "\n".join(f"generated/formulas/{slug(title)}" for title, _ in parted)
    return f"```{{toctree}}\n:maxdepth: 1\n\n{lines}\n```\n"


def _index(parted: Sequence[tuple[str, Sequence[Formula]]], found: Verdicts) -> str:
    """All formulas, section by section, each with the beginning of its statement."""
    parts = []
    for title, held in parted:
        rows = [
            (
                _link(each.id),
                _brief(each),
                each.level,
                each.status,
                found.summary(each.id) or ("{bdg-danger-line}`rejected`" if _rejected(each.id) else ""),
            )
            for each in held
        ]
        parts.append(f"### [{_title(title)}](generated/formulas/{slug(title)}.md)\n")
        parts.append(table(("formula", "states", "level", "status", "claims"), rows))
    return "\n".join(parts)


def _brief(each: Formula) -> str:
    """The whole statement if it is short, else its left-hand side, and conditions that tell it from others."""
    record = each.to_dict()
    if len(record["text"]) <= _SHORT:
        whole = each.latex()
        return f"${whole}$"
    left = (record.get("sides") or record["statement"][1:])[0]
    where = [one for one in each.assumptions if one.because not in ("domain", "model", "definition", "convergence")]
    named = [_assumption(one) for one in where if len(one.latex) < 24][:3]
    return rf"${latex(left)}{_SIGNS[record.get('sign', '=')]}\dots$" + (f" if {', '.join(named)}" if named else "")


def _coverage(entries: Sequence[Formula], found: Verdicts) -> str:
    """How many formulas have a claim, and which have none."""
    bare = [each for each in entries if not found.about(each.id) and not _rejected(each.id)]
    derived = [each.id for each in bare if each.status == "derived"]
    assumed = [each.id for each in bare if each.status == "assumed"]
    count = sum(bool(found.about(each.id)) for each in entries)
    said = f"{count} of the {len(entries)} formulas have at least one claim about them."
    return (
        f"{said}\n\n:::{{dropdown}} {len(derived)} are checked step by step when they are derived, and have no claim of their own\n"
        f"{', '.join(map(_link, derived))}\n:::\n\n:::{{dropdown}} {len(assumed)} are taken from their sources, and no claim checks "
        f"them\n{', '.join(map(_link, assumed))}\n:::\n"
    )
