"""What every system's tests ask of its claims."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scalesym.ledger import Claim


@pytest.fixture(scope="session")
def demonstrate() -> Callable[[Claim], None]:
    """A claim holds, on figures, and has a false variant; that these fail is asked of every claim in ``tests/claims``."""

    def demonstrated(claim: Claim) -> None:
        verdict = claim.run()
        assert verdict.outcome == "holds", verdict
        assert verdict.figures
        assert claim.false

    return demonstrated
