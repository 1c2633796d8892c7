"""Every formula and every claim has its place in the pages, with its verdict; what does not hold is seen; links lead somewhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from generators import claims, formulas, notations
from generators.code import DERIVED_IN, derived_in
from generators.markdown import anchor, escaped, prose, rows_of
from generators.verdicts import BADGES, Verdicts, formulas_of

from scalesym.claims import load
from scalesym.formulas import formula, formula_ids
from scalesym.formulas.alphabet import ALPHABET
from scalesym.formulas.law_letters import LAW_LETTERS
from scalesym.formulas.notation import NOTATIONS
from scalesym.formulas.typesetting import latex
from scalesym.ledger import TIERS

DOCS = Path(__file__).parents[2] / "docs"
LEDGER = load()
SOME = ("K_pp.asymptotic", "F_0.asymptotic.slow", "eta.IVb", "chinchilla.law", "volterra")


def reported(changed: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """A report in which all holds, but for the outcomes given; ``"missing"`` is a claim that it does not have."""
    rows = []
    for claim in LEDGER:
        outcome = (changed or {}).get(claim.id, "assumed" if claim.tier == "assumed" else "holds")
        deciding = f"figure of {claim.id}"
        row = {
            "id": claim.id,
            "outcome": outcome,
            "deciding": deciding,
            "seconds": 0.1,
            "figures": {"x": 1.5, "y": "a"},
        }
        rows += [row] if outcome != "missing" else []
    head = {
        "format": "scalesym-report",
        "versions": {"scalesym": "1"},
        "python": "3",
        "platform": "a machine",
        "seconds": 1.0,
    }
    return {**head, "interrupted": False, "unfinished": [], "claims": rows, **more}


def verdicts(changed: Mapping[str, str] | None = None, **more: Any) -> Verdicts:
    return Verdicts(reported(changed, **more), LEDGER)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that is written, by path."""
    out = tmp_path_factory.mktemp("pages")
    report = out / "report.json"
    report.write_text(json.dumps(reported()), encoding="utf-8")
    claims.write(out, report)
    formulas.write(out, report)
    notations.write(out)
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in out.rglob("*.*")
        if path != report
    }


def under(pages: Mapping[str, str], folder: str) -> str:
    return "\n".join(text for name, text in pages.items() if name.startswith(folder))


def targets(text: str) -> Counter[str]:
    return Counter(re.findall(r"^\((\S+)\)=$", text, re.MULTILINE) + re.findall(r"^:name: (\S+)$", text, re.MULTILINE))


# -- what is there ------------------------------------------------------------------------------------------------------


def test_every_formula_is_on_a_page_once(pages: dict[str, str]) -> None:
    found = targets(under(pages, "formulas/"))
    assert found == Counter(anchor("formula", id) for id in formula_ids())
    index = pages["fragments/formulas.inc"]
    assert all(index.count(f"(#{anchor('formula', id)})") == 1 for id in formula_ids())


def test_every_claim_is_on_a_page_once(pages: dict[str, str]) -> None:
    found = targets(under(pages, "claims/"))
    assert {name for name in found if name.startswith("claim-")} == {anchor("claim", claim.id) for claim in LEDGER}
    assert set(found.values()) == {1}
    overview = pages["fragments/claims.inc"]
    assert all(f"(#{anchor('claim', claim.id)}) |" in overview for claim in LEDGER)


def test_every_formula_with_a_claim_shows_it_and_its_figure(pages: dict[str, str]) -> None:
    text = under(pages, "formulas/")
    for claim in LEDGER:
        if claim.tier != "assumed":
            assert text.count(escaped(f"figure of {claim.id}") + " |") == len(formulas_of(claim)), claim.id


def test_the_latex_to_copy_is_the_formula() -> None:
    found = verdicts()
    for id in formula_ids():
        each = formula(id)
        assert f"latex\n{each.latex()}\n```" in formulas.entry(each, each, found)


@pytest.mark.parametrize(
    "id",
    [pytest.param(id, marks=() if id in SOME else pytest.mark.exhaustive) for id in formula_ids()],
)
def test_the_latex_to_copy_in_other_notations_is_the_formula(id: str) -> None:
    each = formula(id)
    written = re.findall(r"^```latex\n(.*)\n```$", formulas.entry(each, each, verdicts()), re.MULTILINE)
    assert set(written) == {each.latex(name) for name in NOTATIONS}


def test_links_lead_to_places_and_pages(pages: dict[str, str]) -> None:
    hand = {
        name: (DOCS / name).read_text(encoding="utf-8")
        for name in ("formulas.md", "claims.md", "conventions.md", "evidence.md")
    }
    known = targets("\n".join([*pages.values(), *hand.values()]))
    for name, text in {**pages, **hand}.items():
        wanted = set(re.findall(r"\]\(#([^()\s]+)\)", text))
        assert wanted <= set(known), (name, sorted(wanted - set(known))[:5])
    for name, text in hand.items():
        for file in re.findall(r"generated/(fragments/\S+\.inc|(?:claims|formulas)/[\w-]+)", text):
            assert file in pages or f"{file}.md" in pages, (name, file)
    for file in re.findall(r"generated/((?:formulas|claims)/[\w-]+)", "".join(pages.values())):
        assert f"{file}.md" in pages


def test_every_page_of_claims_is_in_the_contents(pages: dict[str, str]) -> None:
    contents = (DOCS / "claims.md").read_text(encoding="utf-8")
    written = [name for name in pages if name.startswith("claims/")]
    assert len(written) >= 6
    assert all(f"generated/{name.removesuffix('.md')}\n" in contents for name in written)


def test_code_is_shown_as_it_is(pages: dict[str, str]) -> None:
    """The blocks of a page, put together, are the module."""
    page = pages["code/scalesym.claims.kappa.md"]
    blocks = re.findall(r"^```\{code-block\} python\n(?:^:[^\n]*\n)+(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    source = (DOCS.parent / "scalesym" / "claims" / "kappa.py").read_text(encoding="utf-8")
    assert "".join(blocks).split() == source.split()
    assert re.search(r":name: code-scalesym-claims-kappa-kappa-limit\n.*\n.*\n +Claim\(\n +id=\"kappa\.limit\"", page)


def test_every_formula_says_which_module_derives_it() -> None:
    modules = {derived_in(id) for id in formula_ids()}
    assert modules == {module for module, _ in DERIVED_IN}


@pytest.mark.exhaustive
def test_formulas_are_derived_where_it_is_said() -> None:
    """Every third module's derivations again."""
    from scalesym.formulas import generation
    from scalesym.laws import statements
    from scalesym.phases import statements as phases

    for module in (*generation._PARTS, *statements._LAWS, *statements._MODELS, phases)[::3]:
        for each in module.statements():
            assert derived_in(each.id) == module.__name__


def test_every_letter_of_the_model_and_every_notation_is_in_the_tables(pages: dict[str, str]) -> None:
    letters, table = pages["fragments/letters.inc"], pages["fragments/notations.inc"]
    for name in ALPHABET:
        row = f"| ${latex(name)}$ | `{name}` | "
        assert (row in letters) == (name not in LAW_LETTERS)
        assert f"{row} |" not in letters, f"{name} is not explained"
    for name, each in NOTATIONS.items():
        assert f"| `{name}` |" in table
        assert all(f"${each.latex(letter)}$" in table for letter in ("d", "v", "r"))


# -- what does not hold -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["fails", "unknown", "skipped", "missing", "not such a word"])
def test_what_does_not_hold_is_seen(outcome: str) -> None:
    """On the claim's entry, on the formula's page and in its heading, in the index, and at the top of both."""
    id, about = "closed-forms.F_pp", "F_pp.closed"
    found = verdicts({id: outcome})
    word = {"missing": "NOT RUN", "not such a word": "UNKNOWN"}.get(outcome, outcome.upper())
    each = formula(about)
    assert f"`{word}`" in claims.entry(LEDGER[id], found).partition("\n\n")[2].partition("\n\n")[0]
    page = formulas.entry(each, each, found)
    assert f"`{word}`" in page.splitlines()[3]
    assert f"(#{anchor('claim', id)}) | numeric | {{{BADGES[found.outcome(id)][0]}}}`{word}`" in page
    assert word in formulas._alarms([each], found)
    assert f"**1 {'FAIL' if word == 'FAILS' else word}**" in claims._report(found)
    assert anchor("claim", id) in found.alarms()
    assert f"`{word}`" in formulas._index([("A section", [each])], found)


def test_a_claim_is_never_shown_as_holding_unless_it_does() -> None:
    shown = "bdg-success"
    for outcome in ("fails", "unknown", "skipped", "missing", "assumed", "", "hold"):
        found = verdicts({claim.id: outcome for claim in LEDGER})
        each = formula("F_pp.closed")
        assert shown not in formulas.entry(each, each, found)
        assert not any(shown in claims.entry(claim, found) for claim in LEDGER)
    assert shown in formulas.entry(each, each, verdicts())


def test_what_rests_on_something_that_does_not_hold_says_so() -> None:
    found = verdicts({"zeta0": "unknown"})
    assert "BUT" in found.badge("kappa.limit")
    assert "zeta0" in found.badge("pieces.forcing"), "not only on what it rests on directly"
    assert "BUT" in found.summary("kappa")
    assert "BUT" not in verdicts().badge("kappa.limit")


def test_an_interrupted_report_is_said_to_be_one() -> None:
    assert "INTERRUPTED" in claims._report(verdicts(interrupted=True))
    assert "INTERRUPTED" not in claims._report(verdicts())


def test_a_report_of_another_version_is_said_to_be_one() -> None:
    report = reported()
    report["claims"].append({"id": "gone", "outcome": "holds"})
    assert "another version" in Verdicts(report, LEDGER).alarms()
    assert not verdicts().alarms()


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"claims": []}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"report\.json is not what scalesym verify --json prints"):
        Verdicts.read(path)


def test_every_tier_is_explained_and_has_an_example(pages: dict[str, str]) -> None:
    assert tuple(claims.MEANINGS) == TIERS
    table = pages["fragments/tiers.inc"]
    assert [row.split("`")[1] for row in table.splitlines()[2:]] == list(TIERS)
    assert {LEDGER[id].tier for id in claims._EXAMPLES} == set(TIERS)


def test_what_rests_on_each_assumption_is_counted(pages: dict[str, str]) -> None:
    for claim in LEDGER:
        if claim.tier == "assumed":
            above = sum(claim.id in LEDGER.assumptions(each.id) for each in LEDGER)
            said = pages["fragments/assumed.inc"].partition(f"(#{anchor('claim', claim.id)})**")[2]
            assert said.partition("dropdown} ")[2].startswith(f"{above} of {len(LEDGER)} claims rest on it")


def test_the_index_tells_formulas_of_one_quantity_apart() -> None:
    shown = [
        formulas._brief(formula(id))
        for id in ("P.window", "P.window.slow-spectrum", "P.window.slow-target", "P.plateau")
    ]
    assert len(set(shown)) == 4


def test_a_formula_without_a_claim_says_so() -> None:
    derived, assumed = formula("D_1.gap"), formula("kaplan.size")
    assert "it has no claim of its own" in formulas.entry(derived, derived, verdicts())
    assert "no claim checks it" in formulas.entry(assumed, assumed, verdicts())
    assert "no claim" not in formulas.entry(formula("K_pp"), formula("K_pp"), verdicts())


def test_what_was_reported_and_is_rejected_says_so() -> None:
    for pattern, (claim, variant) in formulas._REJECTED.items():
        assert variant in LEDGER[claim].false
        for id in (id for id in formula_ids() if fnmatchcase(id, pattern)):
            assert formula(id).status == "assumed"
            assert "not what the model gives throughout" in formulas.entry(formula(id), formula(id), verdicts())
    coverage = formulas._coverage([formula(id) for id in formula_ids()], verdicts())
    assert "published" not in coverage


def test_a_derivation_is_told_in_full() -> None:
    each = replace(formula("F_pp.asymptotic"))
    page = formulas.entry(each, each, verdicts())
    for line in each.derivation:
        assert prose(line.prose) in page
        assert not line.check or escaped(line.check) in page


def test_proofs_are_linked_where_there_are_some() -> None:
    page = formulas.entry(formula("xi.III"), formula("xi.III"), verdicts())
    assert "(#code-proofs-coq-iii)" in page
    assert "(#code-proofs-smt-iii)" in page
    assert "(`III_minimum`, `III_attained`, `III_unique`)" in page


def test_a_python_function_is_named_where_there_is_one() -> None:
    assert "scalesym formula K_pp --form python" in formulas.entry(formula("K_pp"), formula("K_pp"), verdicts())
    assert "--form python" not in formulas.entry(formula("K_W"), formula("K_W"), verdicts())


# -- Markdown -----------------------------------------------------------------------------------------------------------


def test_nothing_in_words_is_read_as_markdown() -> None:
    assert escaped("a_b*c`d|e<f>[g](h)$i$") == r"a\_b\*c\`d\|e&lt;f&gt;\[g\](h)\$i\$"
    assert prose("the sum_j of $x_j$") == r"the sum\_j of $x_j$"


def test_long_statements_take_lines() -> None:
    assert rows_of([["a"], ["b", "+c"]], "=") == "a=b+c"
    long = [f"+x_{n}y_{n}z_{n}w_{n}" for n in range(20)]
    written = rows_of([["a"], long], "=")
    assert written.count(r"\\") >= 2
    assert re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\\\\|\\quad\{\}|[&\n ]", "", written) == "a=" + "".join(long)
