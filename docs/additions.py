"""What Sphinx and its extensions leave to be mended: an impatient connection, and signatures that cannot be read."""

from __future__ import annotations

import inspect
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinxcontrib.katex import KaTeXServer

_PATIENCE = 60.0  # seconds


def _started(rundir: Path, timeout: float) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """KaTeX in node, and a connection to it: made when it listens, not only when its socket is there."""
    place = str(rundir / "katex.sock")
    command = KaTeXServer.build_command(socket=place)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=rundir)
    end = time.monotonic() + max(timeout, _PATIENCE)
    while True:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            server.connect(place)
            return process, server
        except (FileNotFoundError, ConnectionRefusedError):
            server.close()
            if time.monotonic() > end or process.poll() is not None:
                raise
            time.sleep(0.01)


def _readable(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """A default that is made anew each time is shown as ``...``, and what is returned by its whole name."""
    found = getattr(inspect.unwrap(obj), "__globals__", {}).get(returns) if returns and returns.isidentifier() else None
    if inspect.isclass(found):
        returns = f"~{found.__module__}.{found.__qualname__}"
    return signature and signature.replace("<factory>", "..."), returns


def setup(app: Sphinx) -> dict[str, bool]:
    KaTeXServer.start_server_process = staticmethod(_started)
    app.connect("autodoc-process-signature", _readable)
    return {"parallel_read_safe": True}
