"""The oracle names the mistake planted in a copy of the NumPy example, and no false one where two are planted."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from oracle.planted import CARELESS, DOUBLE, SINGLE, Slip, plant

from scalesym import oracle
from scalesym.oracle import Report, Result, Test

_MOST = 24  # tests asked of each copy


def _asked(*slips: Slip) -> list[Test]:
    """Tests that the slips change, spread over the quantities, and some that they leave alone."""
    flags = {slip.flag for slip in slips}
    near = {quantity for slip in slips for quantity in slip.changes}
    quick = [test for test in oracle.tests() if not {"many-steps", "large-size"} & set(test.flags)]
    changed = [test for test in quick if test.quantity in near and flags <= set(test.flags)]
    if len(slips) > 1:
        changed += [test for test in quick if test.quantity in near and len(flags & set(test.flags)) == 1][
            :: len(slips)
        ]
    others = [test for test in quick if not flags & set(test.flags) and test.kind == "compute"]
    return _spread(changed, _MOST) + _spread(others, 4)


def _spread(tests: list[Test], most: int) -> list[Test]:
    return tests[:: -(-len(tests) // most)] if tests else []


def _report(directory: Path, asked: list[Test], *slips: Slip) -> Report:
    directory.mkdir(exist_ok=True)
    program = plant(directory, *slips)
    return oracle.check_command(shlex.join([sys.executable, str(program)]), asked)


def _failed(report: Report) -> list[Result]:
    return [result for result in report.results if result.outcome == "fail"]


@pytest.mark.parametrize("flag", SINGLE)
def test_one_mistake_is_named_and_nothing_else(flag: str, tmp_path: Path) -> None:
    report = _report(tmp_path, _asked(SINGLE[flag]), SINGLE[flag])
    assert report.counts["fail"] > 0, report.counts
    assert {name for each in report.summary.named for name in each.flags} == {flag}, report.summary.lines()


@pytest.mark.parametrize("slips", DOUBLE, ids="+".join)
def test_of_two_mistakes_none_is_named_falsely(slips: tuple[str, str], tmp_path: Path) -> None:
    one, other = (SINGLE[flag] for flag in slips)
    asked = _asked(one, other)
    failed = _failed(_report(tmp_path / "both", asked, one, other))
    for result in failed:
        assert set(result.diagnosis.flags) <= set(slips), result.sentence()
    alone = [{each.test.id for each in _failed(_report(tmp_path / slip.flag, asked, slip))} for slip in (one, other)]
    twice = [result for result in failed if all(result.test.id in changed for changed in alone)]
    assert twice
    for result in twice:
        assert not result.diagnosis.flags, result.sentence()


@pytest.mark.parametrize("slip", CARELESS, ids=lambda slip: slip.flag)
def test_an_answer_where_there_is_none_fails(slip: Slip, tmp_path: Path) -> None:
    failed = _failed(_report(tmp_path, _asked(slip), slip))
    assert failed
    assert all(slip.flag in result.test.flags for result in failed), [result.sentence() for result in failed]


def test_a_slip_that_no_longer_fits_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="occurs 0 times"):
        plant(tmp_path, Slip("half-risk", "plrf_numpy.py", "no such text", "", ()))


def test_there_are_enough_of_them() -> None:
    assert len(SINGLE) >= 12
    assert len(DOUBLE) >= 4
    assert set(SINGLE) <= set(oracle.FLAGS)
