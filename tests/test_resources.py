"""Costs are said before work begins."""

import pytest
from threadpoolctl import threadpool_info

from scalesym.errors import ParameterError
from scalesym.resources import duration, one_thread, require_memory, require_time


def test_memory_is_refused_with_what_it_would_need() -> None:
    require_memory("v", 10, 1e6, "use less")
    with pytest.raises(ParameterError, match=r"v = 10: it would need 8 EB of memory, and .* are free; use less"):
        require_memory("v", 10, 8e18, "use less")


def test_a_day_is_the_longest() -> None:
    require_time("steps", 10, 86400, "use fewer")
    with pytest.raises(ParameterError, match=r"steps = 10: it would take about 24 h; use fewer"):
        require_time("steps", 10, 86401, "use fewer")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.5, "0.5 s"), (90, "90 s"), (7200, "2 h"), (1e6, "12 days"), (1e9, "32 years")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_one_thread_is_only_for_the_block() -> None:
    def threads() -> list[int]:
        return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]

    before = threads()
    with one_thread():
        assert set(threads()) == {1}
    assert threads()[: len(before)] == before
