"""Programs that some tests need and Python packages do not bring: skipped where absent, unless they are required."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(*programs: str) -> None:
    """Skip the test where a program is absent; fail it there if ``SCALESYM_REQUIRE_PROGRAMS`` is set, as ``.ci/run`` does."""
    lacking = [program for program in programs if shutil.which(program) is None]
    if lacking and os.environ.get("SCALESYM_REQUIRE_PROGRAMS"):
        pytest.fail(f"{', '.join(lacking)} must be installed here")
    if lacking:
        pytest.skip(f"{', '.join(lacking)} is not installed")
