"""``python -m scalesym.oracle``: compute the test vectors again and rewrite them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..progress import progress_bar
from .generation import generate

if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(f"usage: python -m {__package__} [--check]")
    folder = Path(__file__).with_name("data")
    with progress_bar("enclosing the answers") as progress:
        files = generate(os.cpu_count() or 1, progress)
    if sys.argv[1:]:
        shipped = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
        if shipped != files:
            other = sorted(name for name in {*files, *shipped} if files.get(name) != shipped.get(name))
            sys.exit(f"{folder} is not what the questions give ({', '.join(other)}); run python -m {__package__}")
    else:
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.json"):
            path.unlink()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    print(f"{folder}: {len(files)} groups")
