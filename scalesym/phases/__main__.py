"""``python -m scalesym.phases``: derive the table of phases again and rewrite ``table.json`` beside this file."""

from __future__ import annotations

import sys
from pathlib import Path

from .derivation import generate

if __name__ == "__main__":
    path = Path(__file__).with_name("table.json")
    written = generate()
    if sys.argv[1:] == ["--check"]:
        if path.read_text(encoding="utf-8") != written:
            sys.exit(f"{path} is not what its derivation gives; run python -m {__package__}")
    elif sys.argv[1:]:
        sys.exit(f"usage: python -m {__package__} [--check]")
    else:
        path.write_text(written, encoding="utf-8")
    print(f"{path}: derived from the catalogue")
