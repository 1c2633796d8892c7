"""A place for the traces of calls."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    place = tmp_path / "calls"
    place.mkdir()
    return place
