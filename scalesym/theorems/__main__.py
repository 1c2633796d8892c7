"""``python -m scalesym.theorems``: write what outside tools check, ``smt/*.smt2`` and ``coq/*.v``, into ``proofs/``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import coq, smt
from .goals import goals


def main() -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="Write the proofs.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("proofs"), help="proofs unless given")
    parser.add_argument("--check", action="store_true", help="only compare what is there with what would be written")
    options = parser.parse_args()
    for name, suffix, files in (("smt", ".smt2", smt.files(goals())), ("coq", ".v", coq.files())):
        target = options.folder / name
        here = {path.name: path for path in target.glob(f"*{suffix}")}
        stale = [path for file, path in here.items() if file not in files]
        if options.check:
            same = not stale and all(
                file in here and here[file].read_text(encoding="utf-8") == text for file, text in files.items()
            )
            if not same:
                sys.exit(f"{target} is not what its statements give; run python -m {__package__}")
        else:
            target.mkdir(parents=True, exist_ok=True)
            for path in stale:
                path.unlink()
            for file, text in files.items():
                (target / file).write_text(text, encoding="utf-8")
        print(f"{target}: {len(files)} files")


if __name__ == "__main__":
    main()
