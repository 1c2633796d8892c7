"""Pages of source: the modules that derive formulas, those that check claims, and the proofs for other programs.

A claim's page links to the line at which the claim stands; a formula's to the module that derives it.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import scalesym

from .markdown import anchor, escaped, fenced

__all__ = ["DERIVED_IN", "code_anchor", "derived_in", "placed", "proofs", "theorems", "write_modules", "write_proofs"]

_PACKAGE = Path(scalesym.__file__).parent
_PROOFS = Path(__file__).resolve().parents[2] / "proofs"
_LANGUAGES = {".v": ("coq", "coq"), ".smt2": ("smt", "common-lisp")}  # folder, lexer


#: The module that derives a formula, by patterns of ids; the first that matches counts.
DERIVED_IN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("scalesym.formulas.moments", ("q", "second_moment")),
    ("scalesym.formulas.volterra", ("rho", "F_W", "K_W", "volterra")),
    ("scalesym.formulas.pieces", ("F_pp", "F_pp.*", "K_pp", "K_pp.*", "F_ac", "F_ac.*")),
    ("scalesym.formulas.densities", ("m.zero", "m.real", "m.imaginary", "density.pp", "density.kernel")),
    (
        "scalesym.formulas.resolvent",
        ("m.fixed-point", "m", "z", "S", "resolvent.*", "F", "K", "?.initial", "moment.*"),
    ),
    ("scalesym.formulas.generating", ("?_hat",)),
    ("scalesym.formulas.norms", ("K_norm", "K_norm.*", "K_norm_W", "F_0.exact", "P.limit")),
    ("scalesym.formulas.edges", ("edge.*",)),
    ("scalesym.formulas.stability", ("q.least", "gamma.*", "trace.*")),
    ("scalesym.formulas.gap", ("D_1.gap*", "J.gap*", "zeta_0.*", "kappa", "kappa.*", "F_0.*")),
    ("scalesym.formulas.early", ("D_1.early*", "J.early*", "density.ac", "F.early*", "K.early*")),
    ("scalesym.formulas.window", ("F.window*", "P.window*", "P.law")),
    ("scalesym.formulas.renewal", ("P.sharp*", "P.plateau*", "P.flat")),
    ("scalesym.phases.statements", ("eta.*", "xi.*")),
    ("scalesym.laws.catalogued.chinchilla", ("chinchilla.*",)),
    ("scalesym.laws.catalogued.frontier", ("kaplan.steps.*", "kaplan.optimum.*")),
    ("scalesym.laws.catalogued.kaplan", ("kaplan.*",)),
    ("scalesym.laws.catalogued.henighan", ("henighan.*",)),
    ("scalesym.laws.catalogued.shapes", ("vit.*", "adaptive.*")),
    ("scalesym.laws.catalogued.broken", ("bnsl.*",)),
    ("scalesym.laws.catalogued.two_resolvents", ("two-resolvents.*",)),
    ("scalesym.laws.catalogued.best_ridge", ("ridge.power-law.loss", "ridge.optimal.*")),
    ("scalesym.laws.catalogued.latents", ("ridge.power-law.*",)),
    ("scalesym.laws.catalogued.ridge", ("ridge.*",)),
    ("scalesym.laws.catalogued.regimes", ("regimes.*",)),
    ("scalesym.laws.catalogued.dynamical_frontier", ("dynamical.balance*", "dynamical.frontier.*")),
    ("scalesym.laws.catalogued.dynamical", ("dynamical.*",)),
)


def derived_in(formula: str) -> str:
    """The module that derives a formula; a test derives all of them again, module by module, and compares.

    Raises
    ------
    KeyError
        If no module is known to.
    """
    for module, patterns in DERIVED_IN:
        if any(fnmatchcase(formula, pattern) for pattern in patterns):
            return module
    raise KeyError(f"{formula}: say in DERIVED_IN which module derives it")


def code_anchor(module: str, id: str = "") -> str:
    """The name of a module's page of code, or of the place of a claim in it."""
    return anchor("code", f"{module}-{id}" if id else module)


def write_modules(out: Path, modules: Iterable[str], marked: dict[str, tuple[str, ...]]) -> None:
    """A page for each module, with a place for each of the ids that are marked in it."""
    for name in modules:
        path = _PACKAGE.parent.joinpath(*name.split(".")).with_suffix(".py")
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        starts = _places(source, marked.get(name, ()))
        cuts = sorted((line, id) for id, line in starts.items())
        ends = [*(line for line, _ in cuts), len(lines) + 1]
        parts = [_block(lines, 1, ends[0], ())]
        for (line, id), end in zip(cuts, ends[1:], strict=True):
            parts.append(_block(lines, line, end, (f":name: {code_anchor(name, id)}",)))
        shown = path.relative_to(_PACKAGE.parent).as_posix()
        _write(out / "code" / f"{name}.md", code_anchor(name), shown, "".join(parts))


def _block(lines: list[str], start: int, end: int, options: tuple[str, ...]) -> str:
    text = "\n".join(lines[start - 1 : end - 1])
    return fenced(text, "python", *options, ":linenos:", f":lineno-start: {start}") if text.strip() else ""


def _places(source: str, ids: tuple[str, ...]) -> dict[str, int]:
    """The lines at which claims are made: the call that has the id for an argument."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            given = [*node.args, *(each.value for each in node.keywords if each.arg == "id")]
            for value in given:
                if isinstance(value, ast.Constant) and value.value in ids:
                    found.setdefault(value.value, node.lineno)
    return found


@lru_cache(maxsize=64)
def placed(module: ModuleType) -> frozenset[str]:
    """The claims of a module that have a place of their own in its page."""
    return frozenset(_places(inspect.getsource(module), tuple(claim.id for claim in module.CLAIMS)))


def proofs() -> dict[str, dict[str, str]]:
    """By folder and by stem, the anchors of the pages of proofs: ``proofs()["coq"]["III"]``."""
    found: dict[str, dict[str, str]] = {}
    for suffix, (folder, _) in _LANGUAGES.items():
        files = sorted(_PROOFS.joinpath(folder).glob(f"*{suffix}"))
        found[folder] = {path.stem: anchor("code", f"proofs-{folder}-{path.stem}") for path in files}
    return found


def theorems(phase: str) -> list[str]:
    """The theorems in Coq that decide the exponents of a phase: by name, in the order of the file."""
    source = (_PROOFS / "coq" / f"{phase}.v").read_text(encoding="utf-8")
    return re.findall(r"^Theorem (\w+_(?:minimum|attained|unique)(?:_\d+)?) ", source, re.MULTILINE)


def write_proofs(out: Path) -> None:
    """A page for each file of proofs."""
    for suffix, (folder, lexer) in _LANGUAGES.items():
        for stem, name in proofs()[folder].items():
            path = _PROOFS / folder / f"{stem}{suffix}"
            text = fenced(path.read_text(encoding="utf-8"), lexer, ":linenos:")
            _write(out / "code" / f"proofs.{folder}.{stem}.md", name, f"proofs/{folder}/{stem}{suffix}", text)


def _write(path: Path, name: str, title: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\norphan: true\n---\n\n({name})=\n# {escaped(title)}\n\n{text}", encoding="utf-8")
