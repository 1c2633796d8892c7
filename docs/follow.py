"""Follow a page literally: ``python docs/follow.py docs/start.md``, in a copy of the repository as a reader has it.

Everything in a fence ``sh`` is typed into one shell, files are saved, examples in Python run by doctest, and what the page says
is printed is compared with what is printed. ``--write`` puts the latter into the page. Uses the standard library alone.
"""

from __future__ import annotations

import argparse
import difflib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generators.pages import Part, agree, parts, with_printed

BELL = "\x1e"
ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = (".git", ".venv", "venv", "_build", "node_modules", "__pycache__", ".*_cache", "*.egg-info")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--write", action="store_true", help="put what is printed into the page")
    options = parser.parse_args()
    text = options.page.read_text(encoding="utf-8")
    found = parts(text)
    with tempfile.TemporaryDirectory() as scratch:
        lines = ["set -euo pipefail"]
        for index, part in enumerate(found):
            saved = Path(scratch) / f"{index}.txt"
            saved.write_text(part.text, encoding="utf-8")
            typed = {
                "sh": part.text,
                "file": f"cp {saved} {part.name}",
                "pycon": f"python -m doctest -o ELLIPSIS -o NORMALIZE_WHITESPACE {saved}",
            }[part.kind]
            told = f"echo '{options.page.name}, part {index + 1} of {len(found)}' >&2"
            lines += [f"printf '{BELL}{index}{BELL}'", told, typed]
        script = Path(scratch) / "page.sh"
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        copy = Path(scratch) / "repository"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        done = subprocess.run(
            ["bash", str(script)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, cwd=copy
        )
    pieces = done.stdout.split(BELL)[1:]
    outputs = {found[int(index)]: seen for index, seen in zip(pieces[::2], pieces[1::2], strict=True)}
    if done.returncode:
        last = found[int(pieces[-2])] if pieces else None
        print(
            f"{options.page}: exit code {done.returncode} of\n{last.text if last else ''}{pieces[-1] if pieces else ''}"
        )
        return 1
    shown = {part: seen for part, seen in outputs.items() if part.printed is not None}
    wrong = {part: seen for part, seen in shown.items() if not agree(part, seen)}
    if options.write:
        options.page.write_text(with_printed(text, wrong), encoding="utf-8")
        print(f"{len(wrong)} of {len(shown)} outputs written")
        return 0
    for part, seen in wrong.items():
        print(difference(part, seen))
    print(f"{options.page}: {len(found)} parts followed, {len(shown)} outputs compared, {len(wrong)} differ")
    return int(bool(wrong))


def difference(part: Part, seen: str) -> str:
    said = (part.printed or "").splitlines()
    return "\n".join(difflib.unified_diff(said, seen.splitlines(), "the page", part.text.strip(), lineterm=""))


if __name__ == "__main__":
    raise SystemExit(main())
