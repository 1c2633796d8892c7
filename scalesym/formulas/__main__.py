"""``python -m scalesym.formulas``: derive every formula again and rewrite the catalogue beside this file."""

from __future__ import annotations

import sys
from pathlib import Path

from .generation import generate

if __name__ == "__main__":
    path = Path(__file__).with_name("catalogue.json")
    written = generate()
    if sys.argv[1:] == ["--check"]:
        if path.read_text(encoding="utf-8") != written:
            sys.exit(f"{path} is not what its derivations give; run python -m {__package__}")
    elif sys.argv[1:]:
        sys.exit(f"usage: python -m {__package__} [--check]")
    else:
        path.write_text(written, encoding="utf-8")
    print(f"{path}: every step derived and checked")
