"""The notebooks as pages: copied with what they print, their links made those of the pages."""

from __future__ import annotations

import json
from pathlib import Path

from .links import relinked

__all__ = ["NOTEBOOKS", "write"]

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def write(out: Path) -> None:
    """Copy every notebook into ``notebooks``."""
    folder = Path(out) / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = relinked(
                    "".join(cell["source"]), f"notebooks/{path.name}", f"generated/notebooks/{path.name}"
                )
        (folder / path.name).write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
