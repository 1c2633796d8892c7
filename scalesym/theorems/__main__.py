"""``python -m scalesym.theorems [FOLDER]``: write what outside tools check, ``smt/*.smt2`` and ``coq/*.v``, into ``proofs/``."""

from __future__ import annotations

import sys
from pathlib import Path

from . import coq, smt
from .goals import goals

if __name__ == "__main__":
    folder = Path(sys.argv[1] if sys.argv[1:] else "proofs")
    for name, files in (("smt", smt.files(goals())), ("coq", coq.files())):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        for stale in set(target.iterdir()) - {target / file for file in files}:
            stale.unlink()
        for file, text in files.items():
            (target / file).write_text(text, encoding="utf-8")
        print(f"{target}: {len(files)} files")
