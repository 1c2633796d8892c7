"""The pages of the claims: what each states, its verdict in the last report, what it rests on, and what its check rejects."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scalesym.ledger import TIERS, Claim

from .code import code_anchor, placed, write_modules
from .markdown import anchor, arxiv, display, escaped, listed, table
from .verdicts import Verdicts, formulas_of, link, modules

__all__ = ["MEANINGS", "entry", "write"]

#: The pages: a title, and the modules of claims that it holds; what belongs to none is on the last.
_PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("sgd", "SGD given the features, and what is assumed", ("gaussian_moments", "sgd", "theory")),
    (
        "equivalent",
        "The deterministic equivalent in numbers",
        (
            *("contour_recursion", "zeta0", "kernel_norm", "stability", "reference_values", "generating_functions"),
            *("spectral_density", "spectral_edge", "kappa", "forcing_limit"),
        ),
    ),
    (
        "laws-of-the-loss",
        "Pieces, sharp laws, critical lines",
        (
            *("closed_forms", "derivations", "pieces", "sharp_law", "critical_lines", "scaling_window"),
            *("third_value", "order_lemmas", "beyond_theorem"),
        ),
    ),
    ("phases", "Phases and frontier", ("phases", "phase_proofs", "frontier", "sharp_frontier")),
    (
        "empirical-laws",
        "Empirical laws",
        (
            *("laws_chinchilla", "laws_chinchilla_printed", "laws_kaplan", "laws_kaplan_frontier", "laws_henighan"),
            *("laws_vit", "laws_bnsl", "laws_adaptive"),
        ),
    ),
    (
        "other-models",
        "Other solvable models",
        ("gradient_flow", "laws_dynamical", "laws_ridge", "laws_regimes", "laws_geometry"),
    ),
)

#: What the tiers mean, from strong to weak.
MEANINGS = {
    "kernel": "checked by a proof assistant's kernel",
    "smt": "two solvers find the negation unsatisfiable",
    "exact": "symbolic algebra reduces it to zero, and an independent check agrees",
    "ball": "interval arithmetic encloses it, with a proven radius",
    "numeric": "digits agree on a stated grid",
    "sampled": "a statistical test, with its power",
    "assumed": "cited, not checked",
}


def write(out: Path, report: Path) -> None:
    """The pages under ``claims/``, the modules' code, and fragments for the pages that are written by hand."""
    found = Verdicts.read(report)
    folder = out / "claims"
    folder.mkdir(parents=True, exist_ok=True)
    for slug, title, held in _pages(found):
        parts = [f"# {escaped(title)}\n", found.alarms(), *(_module(name, found) for name in held)]
        (folder / f"{slug}.md").write_text("\n".join(parts), encoding="utf-8")
    places = {module.__name__: _of(found, module.__name__) for module in modules().values()}
    write_modules(out, places, places)
    fragments = out / "fragments"
    fragments.mkdir(parents=True, exist_ok=True)
    (fragments / "report.inc").write_text(_report(found), encoding="utf-8")
    (fragments / "claims.inc").write_text(_overview(found), encoding="utf-8")
    (fragments / "assumed.inc").write_text(_assumed(found), encoding="utf-8")
    (fragments / "tiers.inc").write_text(_tiers(found), encoding="utf-8")
    (fragments / "variants.inc").write_text(_variants(found), encoding="utf-8")
    (fragments / "printed.inc").write_text(_printed(found), encoding="utf-8")


def _pages(found: Verdicts) -> list[tuple[str, str, list[str]]]:
    """Slug, title and modules of every page; a module that no page names is on the last one."""
    present = dict.fromkeys(modules()[claim.id].__name__.rpartition(".")[2] for claim in found.ledger)
    named = {name for _, _, held in _PAGES for name in held}
    rest = [name for name in present if name not in named]
    return [
        (slug, title, [name for name in held if name in present] + (rest if n == len(_PAGES) - 1 else []))
        for n, (slug, title, held) in enumerate(_PAGES)
    ]


def _of(found: Verdicts, module: str) -> tuple[str, ...]:
    return tuple(claim.id for claim in found.ledger if modules()[claim.id].__name__ == module)


def _module(name: str, found: Verdicts) -> str:
    """The module's docstring, whose first line is the heading, and its claims."""
    full = f"scalesym.claims.{name}"
    ids = _of(found, full)
    module = modules()[ids[0]]
    title, _, rest = inspect.cleandoc(module.__doc__ or name).partition("\n\n")
    heading = _headline(title)
    parts = [f"({anchor('claims', name)})=\n## {heading}\n"]
    if rest.strip():
        fence = "`" * 4
        parts.append(f"{fence}{{eval-rst}}\n{rest.rstrip()}\n{fence}\n")
    return "\n".join(parts + [entry(found.ledger[id], found) for id in ids])


def _headline(rst: str) -> str:
    """One line of reStructuredText as Markdown."""
    line = re.sub(r":\w+:`~?([^`]*)`", r"``\1``", " ".join(rst.split()))
    pieces = re.split(r"``(.*?)``", line.rstrip("."))
    return "".join(f"`{piece}`" if n % 2 else escaped(piece) for n, piece in enumerate(pieces))


def entry(claim: Claim, found: Verdicts) -> str:
    """One claim as a section."""
    row, module = found.row(claim.id), modules()[claim.id]
    own = claim.id in placed(module)
    code = code_anchor(module.__name__, claim.id if own else "")
    facts = []
    if row.get("deciding") and claim.tier != "assumed":
        seconds = f", {row['seconds']:.1f} s" if row.get("seconds") is not None else ""
        facts.append(("Deciding figure", f"{escaped(str(row['deciding']))}{seconds}"))
    if claim.rests_on:
        facts.append(("Rests on", ", ".join(f"{link(id)} {found.badge(id)}" for id in claim.rests_on)))
    if assumed := found.ledger.assumptions(claim.id):
        facts.append(("Finally assumes", ", ".join(map(link, assumed))))
    if about := formulas_of(claim):
        facts.append(("About", ", ".join(f"[`{id}`](#{anchor('formula', id)})" for id in about)))
    if claim.false:
        facts.append(("The same check rejects", "; ".join(escaped(name) for name in claim.false)))
    facts.append(("Source", arxiv(claim.source)))
    facts.append(("Code", f"[`{module.__name__}`](#{code})"))
    name = anchor("claim", claim.id)
    parts = [
        f"({name})=\n### {escaped(claim.id)}\n",
        f"{{bdg-secondary-line}}`{claim.tier}` {found.badge(claim.id)}\n",
        f"{escaped(claim.statement)}\n",
        display(claim.latex) if claim.latex else "",
        listed(facts),
        _figures(row),
    ]
    return "\n".join(part for part in parts if part)


def _figures(row: Any) -> str:
    """Every figure that the check saw."""
    if not row.get("figures"):
        return ""
    lines = [
        f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in row["figures"].items()
    ]
    text = "\n".join(line.replace("\n", " ") for line in lines)
    return f"::::{{dropdown}} Figures seen\n```text\n{text}\n```\n::::\n"


#: In this order, and what is said of that many.
_COUNTED = {
    "holds": "hold",
    "fails": "fail",
    "unknown": "unknown",
    "skipped": "skipped",
    "not run": "not run",
    "assumed": "assumed",
}


def _report(found: Verdicts) -> str:
    """Counts, alarms, and where and with what the claims were checked."""
    outcomes = [found.outcome(claim.id) for claim in found.ledger]
    said = []
    for outcome, word in _COUNTED.items():
        count = outcomes.count(outcome)
        loud = count and outcome not in ("holds", "assumed")
        if count or outcome != "not run":
            said.append(f"**{count} {word.upper()}**" if loud else f"**{count}** {word}")
    report = found.report
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items() if version)
    took = f"{report['seconds']:.0f} seconds of one processor"
    return (
        f"Of {len(outcomes)} claims {', '.join(said)}. The report is of {versions}, with Python {report['python']} on "
        f"{escaped(report['platform'])}; the checks took {took}.\n\n{found.alarms()}"
    )


def _overview(found: Verdicts) -> str:
    """All claims in one table, page by page."""
    parts = []
    for slug, title, held in _pages(found):
        ids = [id for name in held for id in _of(found, f"scalesym.claims.{name}")]
        rows = []
        for id in ids:
            claim, row = found.ledger[id], found.row(id)
            deciding = escaped(str(row.get("deciding", ""))) if claim.tier != "assumed" else escaped(claim.source)
            rows.append((link(id), claim.tier, found.badge(id), deciding))
        parts.append(f"## {escaped(title)}\n\n[Every claim of this part](generated/claims/{slug}.md)\n")
        parts.append(table(("claim", "tier", "verdict", "deciding figure"), rows))
    return "\n".join(parts)


def _assumed(found: Verdicts) -> str:
    """What is cited and not checked, and what rests on it."""
    parts = []
    for claim in found.ledger:
        if claim.tier == "assumed":
            above = [each.id for each in found.ledger if claim.id in found.ledger.assumptions(each.id)]
            resting = ", ".join(map(link, above)) or "nothing"
            parts += [
                f"**{link(claim.id)}** {escaped(claim.statement)}. {arxiv(claim.source)}.\n",
                display(claim.latex) if claim.latex else "",
                f":::{{dropdown}} {len(above)} of {len(found.ledger)} claims rest on it\n{resting}\n:::\n",
            ]
    free = sum(not found.ledger.assumptions(claim.id) and claim.tier != "assumed" for claim in found.ledger)
    parts.append(f"{free} of {len(found.ledger)} claims rest on none of these.\n")
    return "\n".join(part for part in parts if part)


def _variants(found: Verdicts) -> str:
    """How many wrong statements the checks are shown."""
    checked = [claim for claim in found.ledger if claim.tier != "assumed"]
    with_false = sum(bool(claim.false) for claim in checked)
    return (
        f"{with_false} of the {len(checked)} claims that are checked name such false variants, {len(found.ledger.false_variants())} in "
        "all; the tests show each of them to its check. They stand in each claim's entry.\n"
    )


def _printed(found: Verdicts) -> str:
    """Claims that put something printed or reported beside what follows."""
    rows = [
        (link(claim.id), found.badge(claim.id), f"{escaped(claim.statement)}. {arxiv(claim.source)}")
        for claim in found.ledger
        if re.search(
            r"\b(printed?|prints|reported|misprint|as published|the text asks)\b", claim.statement, re.IGNORECASE
        )
    ]
    return table(("claim", "verdict", "statement"), rows)


#: A claim of each tier, to be shown as an example.
_EXAMPLES: Sequence[str] = (
    *("kernel.minimum", "phases.minimum", "conditional.second-moment", "zeta0", "recursion", "conditional.sgd-literal"),
    "theory.renewal",
)


def _tiers(found: Verdicts) -> str:
    """The tiers from strong to weak, how many claims each has, and one of them as it came out."""
    rows = []
    for id in sorted(_EXAMPLES, key=lambda each: TIERS.index(found.ledger[each].tier)):
        claim = found.ledger[id]
        count = sum(each.tier == claim.tier for each in found.ledger)
        deciding = str(found.row(id).get("deciding", "")) if claim.tier != "assumed" else claim.source
        example = f"{link(id)} {found.badge(id)} {escaped(claim.statement)}. *{escaped(deciding)}*"
        rows.append((f"`{claim.tier}` {MEANINGS[claim.tier]}", str(count), example))
    return table(("evidence", "claims", "one of them, and what decided it"), rows)
