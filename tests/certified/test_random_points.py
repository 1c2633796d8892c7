"""Random questions: the certified answers against plain mpmath with 60 digits. The benchmark asks 10 000 of them."""

from __future__ import annotations

import pytest

from benchmarks.certified import DIGITS, SEED, disagreement, independent, points, question
from scalesym import oracle

COUNT = 300


@pytest.mark.parametrize("part", [0, 1, *(pytest.param(part, marks=pytest.mark.exhaustive) for part in range(2, 6))])
def test_enclosures_contain_the_independent_value(part: int) -> None:
    found = [disagreement(point) for point in list(points(COUNT))[part::6]]
    assert not [each for each in found if each is not None]
    assert len(found) == COUNT // 6


def test_a_slip_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself must be able to fail: the oracle is asked about another v."""
    chosen = [point for point in points(60) if point[0] in ("zeta0", "F_0", "lambda_max") and point[2]["v"] != "inf"]
    right = oracle.answer

    def slipped(request: dict[str, object], **options: object) -> dict[str, object]:
        inputs = request["in"]
        return right({**request, "in": {**inputs, "v": inputs["v"] + 1}}, **options)

    monkeypatch.setattr(oracle, "answer", slipped)
    assert chosen
    assert all(disagreement(point) for point in chosen)


def test_points_are_the_same_each_time() -> None:
    assert list(points(50)) == list(points(50, SEED))
    assert list(points(50)) != list(points(50, SEED + 1))
    assert DIGITS >= 20
    assert all(question(point)["quantity"] == point[0] for point in points(21))
    assert independent(next(points(1))) > 0
