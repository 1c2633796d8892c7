"""Build the documentation: ``python docs/build.py``, which needs ``pip install '.[docs]'``, and node with npm.

The sources in ``docs/`` and what the generators write are put together in ``_build/source``, from which Sphinx makes
``_build/html``; warnings are errors. The verdicts are those of ``--report``, a file that ``scalesym verify --json`` printed;
without it those of the last build are shown, and for the first one the claims are checked, which takes some minutes.
"""

from __future__ import annotations

import argparse
import filecmp
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS), str(ROOT)]  # of this checkout, whichever way the package is installed

from generators.anchors import broken, without_dead_returns  # noqa: E402
from generators.links import PAGES, relinked  # noqa: E402

#: Modules of ``generators`` with a function ``write(out)``, or ``write(out, report)``, that writes below ``generated/``.
GENERATORS = ("notations", "phases", "laws", "oracle", "cli", "notebooks", "figures")
WITH_REPORT = ("claims", "formulas")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--report", type=Path, help="what `scalesym verify --json` printed")
    parser.add_argument("--out", type=Path, default=DOCS / "_build" / "html", help="the folder of the pages")
    parser.add_argument("--figures", type=Path, metavar="DIR", help="draw the figures into a folder, and nothing else")
    parser.add_argument("--explorer-data", action="store_true", help="compute what the explorer shows; comes first")
    if sys.argv[1:2] == ["--explorer-data"]:
        return int(import_module("generators.explorer_data").main(sys.argv[2:]))
    options = parser.parse_args()
    if options.explorer_data:
        parser.error("--explorer-data comes first")
    if options.figures:
        options.figures.mkdir(parents=True, exist_ok=True)
        for name in GENERATORS:
            if hasattr(module := import_module(f"generators.{name}"), "figures"):
                module.figures(options.figures)
        return 0
    work = options.out.resolve().parent
    work.mkdir(parents=True, exist_ok=True)
    katex = browser_packages()
    report = verdicts(options.report, work / "report.json")
    with tempfile.TemporaryDirectory(dir=work) as fresh:
        assemble(Path(fresh), report, katex)
        synchronise(Path(fresh), work / "source")
    places = [work / "source", options.out, "-d", work / "doctrees"]
    failed = subprocess.call(
        [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", *map(str, places)]
    )
    without_dead_returns(options.out)
    lost = broken(options.out)
    for link in lost:
        print(f"a link to nothing: {link}", flush=True)
    return int(bool(failed or lost))


def browser_packages() -> Path:
    """KaTeX, as npm installs it for the explorer and for the pages."""
    explorer = DOCS / "explorer"
    if not (explorer / "node_modules" / ".package-lock.json").exists():
        print("installing KaTeX and uPlot with npm", flush=True)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=explorer, check=True)
    return explorer / "node_modules" / "katex" / "dist"


def verdicts(given: Path | None, kept: Path) -> Path:
    """The report that the pages show, kept for the next build."""
    if given:
        shutil.copy(given, kept)
    elif not kept.exists():
        print("checking the claims, once; this takes some minutes", flush=True)
        found = subprocess.run(
            [Path(sys.executable).parent / "scalesym", "verify", "--json"], stdout=subprocess.PIPE, cwd=ROOT
        )
        kept.write_bytes(found.stdout)
    else:
        print(f"verdicts of the last build; delete {kept} to check the claims again", flush=True)
    return kept


def assemble(source: Path, report: Path, katex: Path) -> None:
    """Everything that Sphinx reads, in one folder."""
    for path in sorted([*DOCS.glob("*.md"), *DOCS.glob("api/*.md")]):
        page = path.relative_to(DOCS).as_posix()
        copy_page(path, source, page)
    shutil.copy(DOCS / "conf.py", source)
    shutil.copy(DOCS / "additions.py", source)
    shutil.copytree(DOCS / "_static", source / "_static")
    (source / "katex").mkdir()
    shutil.copy(katex / "katex.min.js", source / "katex")
    style = source / "_static" / "katex"
    (style / "fonts").mkdir(parents=True)
    shutil.copy(katex / "katex.min.css", style)
    for font in (katex / "fonts").glob("*.woff2"):
        shutil.copy(font, style / "fonts")
    for origin, page in PAGES.items():
        if page.startswith("generated/"):
            copy_page(ROOT / origin, source, page)
    out = source / "generated"
    (out / "extra").mkdir(parents=True, exist_ok=True)
    for name in GENERATORS:
        import_module(f"generators.{name}").write(out)
    for name in WITH_REPORT:
        import_module(f"generators.{name}").write(out, report)
    explorer = import_module("generators.explorer_page")
    explorer.build(DOCS / "explorer" / "data.json", DOCS / "explorer" / "node_modules", out / "extra" / "explorer.html")


def copy_page(path: Path, source: Path, page: str) -> None:
    (source / page).parent.mkdir(parents=True, exist_ok=True)
    text = relinked(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix(), page)
    text = re.sub(r"\n\n```$", "\n```", text, flags=re.MULTILINE)  # the empty line that ends a doctest
    (source / page).write_text(text, encoding="utf-8")


def synchronise(fresh: Path, source: Path) -> None:
    """Make one folder like the other; what is the same stays untouched, so that Sphinx does not read it again."""
    wanted = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
    for path in list(source.rglob("*")):
        if path.is_file() and path.relative_to(source) not in wanted:
            path.unlink()
    for name in wanted:
        new, old = fresh / name, source / name
        if not old.exists() or not filecmp.cmp(new, old, shallow=False):
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(new, old)


if __name__ == "__main__":
    raise SystemExit(main())
