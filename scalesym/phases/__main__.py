"""``python -m scalesym.phases``: derive the table of phases again and rewrite it, and the formulas that follow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from . import derivation, statements

#: In this order: the formulas are about the table.
_FILES: tuple[tuple[Path, Callable[[], str]], ...] = (
    (Path(__file__).with_name("table.json"), derivation.generate),
    (Path(__file__).parent.parent / "formulas" / "phases.json", statements.generate),
)

if __name__ == "__main__":
    for path, generate in _FILES:
        written = generate()
        if sys.argv[1:] == ["--check"]:
            if not path.is_file() or path.read_text(encoding="utf-8") != written:
                sys.exit(f"{path} is not what its derivation gives; run python -m {__package__}")
        elif sys.argv[1:]:
            sys.exit(f"usage: python -m {__package__} [--check]")
        else:
            path.write_text(written, encoding="utf-8")
        print(f"{path}: derived from the catalogue")
