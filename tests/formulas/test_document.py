"""The document: no entry is lost, every reference leads somewhere, and LaTeX has nothing to complain about."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from outside import needs

from scalesym.formulas import Formula, formula, formula_ids
from scalesym.formulas.document import document

WIDEST = 2.0  # points beyond the margin that nobody sees


@pytest.fixture(scope="module")
def written() -> str:
    return document([formula(id) for id in formula_ids()], "0.0.0")


def labels(source: str) -> list[str]:
    return re.findall(r"\\label\{([^}]*)\}", source)


def complaints(source: str) -> list[str]:
    """References and citations that lead nowhere, labels given twice, and environments left open."""
    found = [f"label {name} twice" for name in set(labels(source)) if labels(source).count(name) > 1]
    found += [f"no label {name}" for name in re.findall(r"\\eqref\{([^}]*)\}", source) if name not in labels(source)]
    items = re.findall(r"\\bibitem\{([^}]*)\}", source)
    found += [f"no item {name}" for name in re.findall(r"\\cite\{([^}]*)\}", source) if name not in items]
    for name in set(re.findall(r"\\begin\{(\w+\*?)\}", source)):
        if source.count(rf"\begin{{{name}}}") != source.count(rf"\end{{{name}}}"):
            found.append(f"{name} is not closed")
    return found


def test_no_entry_is_lost(written: str) -> None:
    assert sorted(name[3:] for name in labels(written) if name.startswith("eq:")) == sorted(formula_ids())
    used = {name for id in formula_ids() for name in formula(id).definitions}
    assert {name[4:] for name in labels(written) if name.startswith("def:")} == used


def test_references_lead_somewhere(written: str) -> None:
    assert complaints(written) == []
    false = written.replace(r"\label{eq:F_pp}", "", 1).replace(r"\bibitem{2405.15074}", r"\bibitem{1}")
    assert {"no label eq:F_pp", "no item 2405.15074"} <= set(complaints(false))


def test_every_derivation_is_told_once(written: str) -> None:
    for id in formula_ids():
        for line in formula(id).derivation[1:]:
            assert re.split(r"[^ -~]|[\^_]", line.check)[0] in written
    start = formula("F_pp").derivation[0].prose[:40]
    assert written.count(start) == 1
    assert r"by the first 4 steps of the derivation of \eqref{eq:F_pp}" in written


def test_what_rests_on_an_assumption_says_so() -> None:
    assumed = Formula.from_dict(formula("F_ac.integral").to_dict() | {"status": "assumed"})
    found = document([assumed, formula("F_ac.closed"), formula("F_pp")])
    assert found.count(r"Derived from \eqref{eq:F_ac.integral}, which is assumed.") == 1
    assert found.count("Assumed, from") == 1
    assert "One formula is taken from the literature" in found
    assert "which is assumed" not in document([formula("F_pp")])


def test_an_entry_of_no_known_topic_has_a_place() -> None:
    record = formula("F_pp").to_dict() | {"id": "new_quantity.of-some_kind"}
    found = document([formula("K_pp"), Formula.from_dict(record)])
    assert "Further formulas: sums over modes" in found
    assert labels(found).count("eq:new_quantity.of-some_kind") == 1
    assert complaints(found) == []


def test_it_is_plain_enough_for_pdflatex(written: str) -> None:
    assert written.isascii()
    assert r"\textbf{?}" not in written  # what stands for a character without a LaTeX of its own
    assert r"\textbf{?}" in document([Formula.from_dict(formula("F_pp").to_dict() | {"source": "雪"})])


# -- compiled --------------------------------------------------------------------------------------------------------


def compiled(source: str, place: Path) -> str:
    """The log of the last of three runs."""
    needs("pdflatex")
    (place / "formulas.tex").write_text(source, encoding="utf-8")
    for _ in range(3):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "formulas.tex"]
        subprocess.run(command, cwd=place, capture_output=True)
    return (place / "formulas.log").read_text(encoding="latin-1").replace("\n", "\n")


def problems(log: str) -> list[str]:
    """What a careful author would not leave in a log."""
    found = re.findall(r"^! .*$|^LaTeX Warning: .*(?:undefined|multiply|Rerun).*$", log, re.MULTILINE)
    for amount, where in re.findall(r"^Overfull \\hbox \(([\d.]+)pt too wide\)(.*)$", log, re.MULTILINE):
        if float(amount) > WIDEST:
            found.append(f"overfull by {amount} pt{where}")
    return [*found, *([] if "Output written on" in log else ["no output"])]


def test_it_compiles(written: str, tmp_path: Path) -> None:
    log = compiled(written, tmp_path)
    assert problems(log) == []
    assert (tmp_path / "formulas.pdf").stat().st_size > 100_000


def test_a_bad_document_is_noticed(tmp_path: Path) -> None:
    bad = document([formula("q")]).replace(
        r"\end{document}", "Nowhere~\\eqref{nowhere}.\n\n\\noindent\\hbox to 2\\textwidth{x\\hfil}\\end{document}"
    )
    found = problems(compiled(bad, tmp_path))
    assert any("undefined" in each for each in found)
    assert any("overfull" in each for each in found)
    worse = document([formula("q")]).replace(r"\frac", r"\nosuch").replace(r"\gamma", r"\nosuch")
    assert any(each.startswith("! Undefined") for each in problems(compiled(worse, tmp_path)))


def test_a_line_that_does_not_fit_is_broken_or_scaled(tmp_path: Path) -> None:
    record = formula("q").to_dict() | {"id": "long", "derivation": []}
    factors = ["Mul", *(["exp", ["Add", "x", n]] for n in range(60))]
    record |= {"sides": [["Quantity", "q", "x"], ["Add", factors, *(["Mul", n, factors] for n in (2, 3))]]}
    assert problems(compiled(document([Formula.from_dict(record)]), tmp_path)) == []
