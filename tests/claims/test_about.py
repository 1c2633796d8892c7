"""What claims are about: the formulas named exist, those that a check looks up are named, and a wrong one is noticed."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

import pytest

from scalesym import claims
from scalesym.cli import main
from scalesym.errors import ParameterError
from scalesym.formulas import Formula, catalogue, formula, formula_ids
from scalesym.ledger import Claim, Ledger, Verdict

LEDGER: Ledger = claims.load()
IDS = formula_ids()


def named(claim: Claim) -> set[str]:
    return {id for pattern in claim.about for id in IDS if fnmatchcase(id, pattern)}


ABOUT = {claim.id: named(claim) for claim in LEDGER}


def test_every_pattern_names_a_formula() -> None:
    empty = [(c.id, pattern) for c in LEDGER for pattern in c.about if not any(fnmatchcase(id, pattern) for id in IDS)]
    assert not empty


def test_most_formulas_have_a_claim_and_every_formula_of_the_pieces_has() -> None:
    covered = set().union(*ABOUT.values())
    assert len(covered) >= 150, f"{len(covered)} of {len(IDS)}"
    assert not [id for id in IDS if id.startswith(("F_pp", "K_pp", "F_ac", "eta.", "xi.")) and id not in covered]


def test_what_is_assumed_names_what_it_states() -> None:
    for claim in LEDGER:
        if claim.tier == "assumed":
            assert all(formula(id).status == "assumed" for id in ABOUT[claim.id])


def test_the_derivations_run_again_are_those_of_the_formulas_named() -> None:
    """As many chains as are run: the other formulas' derivations are beginnings of theirs."""
    for claim in LEDGER.select(["derivation."]):
        chains = [tuple((line.name, line.latex) for line in formula(id).derivation) for id in ABOUT[claim.id]]
        longest = [
            one for one in chains if not any(len(other) > len(one) and other[: len(one)] == one for other in chains)
        ]
        cases = {"derivation.F_0": 3, "derivation.kappa": 2, "derivation.F_ac": 2}.get(claim.id, 1)
        assert len(set(longest)) == cases, claim.id


def test_about_is_checked() -> None:
    def check() -> Verdict:
        return Verdict.decided(True, "1 = 1")

    for wrong in ("F_pp", ("*",), ("",), (1,)):
        with pytest.raises(ParameterError, match="about of one"):
            Claim(id="one", statement="", tier="exact", check=check, about=wrong)  # type: ignore[arg-type]


def test_about_is_in_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("verify", "--list", "--json", "phases.minimum")) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["about"] == ["eta.*"]


def test_about_is_in_the_report() -> None:
    (row,) = LEDGER.run(["kappa.infinite"]).to_dict()["claims"]  # type: ignore[misc]
    assert row["about"] == ["kappa.infinite"]


# -- formulas that checks look up ---------------------------------------------------------------------------------------


def modules() -> dict[str, ModuleType]:
    found = {}
    for claim in LEDGER:
        if claim.check:
            function = getattr(claim.check, "func", claim.check)
            module = inspect.getmodule(function)
            assert module is not None
            found[claim.id] = module
    return found


MODULES = modules()


def looked_up(module: ModuleType) -> Iterator[str]:
    """The ids that are written out in calls of ``formula`` or of a function that calls it."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
        if named in ("formula", "_catalogue", "_evaluated"):
            yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant))


@pytest.mark.parametrize("module", sorted(set(MODULES.values()), key=lambda each: each.__name__))
def test_a_formula_looked_up_by_name_is_named_by_a_claim_of_the_module(module: ModuleType) -> None:
    of_module = set().union(*(ABOUT[id] for id, each in MODULES.items() if each is module))
    false_ones = {"K_norm.small", "F_0.exact", "edge.window"}  # stand in false variants
    assert set(looked_up(module)) <= of_module | false_ones


def doubled(id: str) -> Formula:
    record = formula(id).to_dict()
    return Formula.from_dict({**record, "expression": ["Mul", 2, record["expression"]]})


class Looked(dict[str, Formula]):
    """The catalogue, which remembers what was asked for; one formula may be a wrong one."""

    def __init__(self, wrong: str = "") -> None:
        super().__init__(catalogue._entries())
        self.asked: set[str] = set()
        if wrong:
            self[wrong] = doubled(wrong)

    def __getitem__(self, id: str) -> Formula:
        self.asked.add(id)
        return super().__getitem__(id)


def run_with(entries: Looked, claim: str, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "_entries", lambda: entries)
        return LEDGER[claim].run()


#: Claims that look formulas up and see a factor of two; the first ones take little time.
QUICK = ("generating.forcing", "generating.norm", "generating.limit", "pieces.kernel", "critical-lines.target")
LONG = (
    *("generating.kernel", "generating.loss", "generating.edges", "closed-forms.F_pp", "closed-forms.K_pp"),
    *("closed-forms.F_ac", "pieces.forcing", "critical-lines.high-dimensional", "critical-lines.kernel", "one-law"),
    *("critical-lines.energy", "critical-lines.equal-exponents", "critical-lines.third-value"),
)


@pytest.mark.parametrize(
    "id", [*QUICK, *(pytest.param(id, marks=pytest.mark.exhaustive) for id in (*LONG, "phases.beyond-theorem"))]
)
def test_what_a_check_looks_up_is_what_its_claim_is_about(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = Looked()
    assert run_with(entries, id, monkeypatch).outcome == "holds"
    assert entries.asked
    assert entries.asked <= ABOUT[id]


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        pytest.param(id, wrong, marks=pytest.mark.exhaustive if id in LONG else ())
        for id in (*QUICK, *LONG)
        for wrong in LEDGER[id].about
        if not id.startswith("closed-forms") or wrong.endswith(".closed")
    ],
)
def test_a_wrong_formula_is_noticed(id: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the formula: the claim no longer holds."""
    assert run_with(Looked(wrong), id, monkeypatch).outcome in ("fails", "unknown")


def test_a_right_formula_is_not_mistaken_for_a_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, with a wrong formula that the check does not use."""
    assert run_with(Looked("K_pp.closed"), "generating.norm", monkeypatch).outcome == "holds"


def test_the_catalogue_is_whole_again() -> None:
    found: Any = formula("K_norm")
    assert found.evaluate(digits=6, alpha=1, gamma="1/10", B=1, d=20, v=60) > 0
