"""Coq's compiler, and what it says of a file: proved, and from which axioms; or why not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["AXIOMS", "BUNDLE", "Compiled", "check", "forbidden", "version"]

#: The axioms of the classical reals in Coq's standard library.
AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
)

#: Under this name a file collects its theorems, and prints what they assume.
BUNDLE = "all_of_them"

_Outcome = Literal["proved", "rejected", "broken"]


@dataclass(frozen=True)
class Compiled:
    """What became of one file.

    ``outcome`` is ``"proved"``; ``"rejected"`` if Coq does not accept the proof of ``theorem``, or rests it on other axioms
    than :data:`AXIOMS`; ``"broken"`` if Coq could not decide, because of its library, the time or the memory.
    """

    name: str
    outcome: _Outcome
    theorems: tuple[str, ...]
    axioms: frozenset[str]
    seconds: float
    theorem: str = ""
    message: str = ""


def version() -> str:
    """Coq's version, such as ``8.16.1``.

    Raises
    ------
    ModuleNotFoundError
        If there is no ``coqc`` on this machine.
    """
    done = subprocess.run([_program(), "--print-version"], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()[0]


def _program() -> str:
    program = shutil.which("coqc")
    if program is None:
        raise ModuleNotFoundError("coqc is not installed", name="coqc")
    return program


def check(texts: Mapping[str, str], seconds: float = 120) -> dict[str, Compiled]:
    """Compile files, two at a time, in a directory that is removed again.

    Raises
    ------
    ModuleNotFoundError
        If there is no ``coqc`` on this machine.
    """
    program = _program()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        # the longest first
        ordered = sorted(texts, key=lambda name: (-len(texts[name]), name))
        found = pool.map(lambda name: _compile(program, Path(folder), name, texts[name], seconds), ordered)
        compiled = dict(zip(ordered, found, strict=True))
    return {name: compiled[name] for name in texts}


def _compile(program: str, folder: Path, name: str, content: str, seconds: float) -> Compiled:
    theorems = tuple(_THEOREM.findall(_code(content)))
    own = folder / Path(name).stem
    own.mkdir()
    (own / name).write_text(content, encoding="utf-8")
    started = time.perf_counter()

    def result(outcome: _Outcome, theorem: str, message: str, axioms: Iterable[str] = ()) -> Compiled:
        return Compiled(name, outcome, theorems, frozenset(axioms), time.perf_counter() - started, theorem, message)

    environment = {key: value for key, value in os.environ.items() if key != "COQPATH"}
    try:
        done = subprocess.run(
            [program, "-q", name],
            cwd=own,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return result("broken", "", f"no answer within {seconds:g} s")
    if done.returncode:
        return result(*_refusal(content, done.stderr))
    words = forbidden(content)
    axioms = _axioms(done.stdout)
    if words:
        return result("rejected", "", f"the text says {', '.join(words)}")
    if axioms is None:
        return result("broken", "", f"no axioms were printed: {' '.join(done.stdout.split())[:200]}")
    if axioms - AXIOMS:
        return result("rejected", "", f"rests on {', '.join(sorted(axioms - AXIOMS))}", axioms)
    return result("proved", "", "", axioms)


_THEOREM = re.compile(r"^\s*(?:Theorem|Lemma)\s+(\w+)", re.MULTILINE)
_FORBIDDEN = re.compile(
    r"\b(Admitted|admit|give_up|Abort|Axioms?|Parameters?|Hypothes[ie]s|Variables?|Context|Conjecture|Declare|Unset|Set|bypass_check)\b"
)


def _code(content: str) -> str:
    """Without comments, which may be nested; every line keeps its number."""
    out, depth, place = "", 0, 0
    while place < len(content):
        pair = content[place : place + 2]
        if pair == "(*" or (pair == "*)" and depth):
            depth += 1 if pair == "(*" else -1
            place += 2
            continue
        out += content[place] if not depth or content[place] == "\n" else ""
        place += 1
    return out


def forbidden(content: str) -> list[str]:
    """The words by which a text would assume what it should prove, and the theorems left out of what is printed at its end.

    Examples
    --------
    >>> forbidden("Theorem x : 1 = 2. Admitted. (* Axiom *)")
    ['Admitted', 'x without Print Assumptions']
    """
    code = _code(content)
    bundle = re.search(rf"Definition {BUNDLE} := \(([^.]*)\)\.\s*Print Assumptions {BUNDLE}\.\s*\Z", code)
    printed = re.split(r"[\s,]+", bundle[1].strip()) if bundle else []
    left = [name for name in re.findall(r"\bTheorem\s+(\w+)", code) if name not in printed]
    return [*dict.fromkeys(_FORBIDDEN.findall(code)), *(f"{name} without Print Assumptions" for name in left)]


def _axioms(printed: str) -> frozenset[str] | None:
    """What ``Print Assumptions`` lists: a name at the start of a line, its type behind it or on the next lines, indented.

    Whatever else Coq may say at the start of a line counts as an axiom too, so that it is not overlooked.
    """
    lines = [line for line in printed.splitlines() if line[:1].strip()]
    listed = [line for line in lines if line not in ("Axioms:", "Closed under the global context")]
    if len(listed) == len(lines):
        return None
    return frozenset(line.partition(" : ")[0].strip() for line in listed)


_PLACE = re.compile(r'^File "[^"]*", line (\d+), characters [^:]*:\nError:\s*(.*)', re.MULTILINE | re.DOTALL)
_OUR_FAULT = re.compile(
    r"Syntax error|Anomaly|Stack overflow|Out of memory|Timeout|Cannot find a physical path|Unable to locate|not found in",
    re.IGNORECASE,
)


def _refusal(content: str, said: str) -> tuple[_Outcome, str, str]:
    """Whether Coq refused a proof, and of which theorem, or could not work."""
    found = _PLACE.search(said)
    message = " ".join((found[2] if found else said).split())[:300]
    if found is None or _OUR_FAULT.search(message):
        return "broken", "", message or "coqc stopped without a word"
    before = "\n".join(_code(content).split("\n")[: int(found[1])])
    names = re.findall(r"\bTheorem\s+(\w+)", before)
    inside = bool(names) and "Qed." not in before.rpartition("Theorem")[2].rpartition("\n")[0]
    return ("rejected", names[-1], message) if inside else ("broken", "", message)
