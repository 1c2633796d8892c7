"""``python -m scalesym.laws``: derive what follows from the laws again and rewrite their entries of the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

from .statements import generate

if __name__ == "__main__":
    path = Path(__file__).parent.parent / "formulas" / "laws.json"
    written = generate()
    if sys.argv[1:] == ["--check"]:
        if not path.is_file() or path.read_text(encoding="utf-8") != written:
            sys.exit(f"{path} is not what its derivations give; run python -m {__package__}")
    elif sys.argv[1:]:
        sys.exit(f"usage: python -m {__package__} [--check]")
    else:
        path.write_text(written, encoding="utf-8")
    print(f"{path}: every step derived and checked")
