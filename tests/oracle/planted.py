"""Copies of the NumPy example with one mistake, or two, made by replacing a piece of its text.

Each replacement is exact: the old text occurs once in its file, so a change of the example that makes a mistake vanish is
noticed here.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CARELESS", "DOUBLE", "EXAMPLES", "SINGLE", "Slip", "plant"]

EXAMPLES = Path(__file__).parents[2] / "examples"
_MODULES = ("plrf_numpy.py", "plrf_pieces.py", "plrf_questions.py", "plrf_sums.py")


@dataclass(frozen=True)
class Slip:
    """A mistake: its flag, the file, what stands there and what is put in its place; ``changes`` are quantities it affects."""

    flag: str
    file: str
    old: str
    new: str
    changes: tuple[str, ...]


def plant(directory: Path, *slips: Slip) -> Path:
    """A copy of the example with these mistakes; the program to run."""
    for name in _MODULES:
        shutil.copy(EXAMPLES / name, directory / name)
    for slip in slips:
        path = directory / slip.file
        text = path.read_text(encoding="utf-8")
        assert text.count(slip.old) == 1, (
            f"{slip.flag}: {slip.old!r} occurs {text.count(slip.old)} times in {slip.file}"
        )
        path.write_text(text.replace(slip.old, slip.new), encoding="utf-8")
    return directory / "plrf_numpy.py"


_INTEGRATED = """x, w = np.polynomial.legendre.leggauss(NODES)
    ends = np.linspace(0, math.log(far if v == math.inf else v), 800)
    middle, half = (ends[1:, None] + ends[:-1, None]) / 2, (ends[1:, None] - ends[:-1, None]) / 2
    j = np.exp(middle + half * x).ravel()
    return j, (half * w).ravel() * j, math.exp(ends[-1])
    first, starts, lengths = DIRECT + 1, [], []"""

_SLIPS = (
    Slip(
        "dropped-last-index",
        "plrf_sums.py",
        "first, starts, lengths = DIRECT + 1, [], []",
        "v, first, starts, lengths = v - 1, DIRECT + 1, [], []",
        ("zeta0", "m", "F_0", "K_norm", "P", "F", "K"),
    ),
    Slip(
        "half-risk",
        "plrf_questions.py",
        'value *= float(Fraction(convention.get("loss_factor", "1")))',
        "value *= 0.5",
        ("P", "F", "F_0", "P_inf", "F_pp"),
    ),
    Slip(
        "batch-mean",
        "plrf_questions.py",
        'if mean and "gamma" in q:',
        'if "gamma" in q:',
        ("P", "F", "K", "K_norm", "K_pp"),
    ),
    Slip(
        "two-b",
        "plrf_numpy.py",
        "gamma**2 * batch * (batch + 1), gamma**2 * batch",
        "gamma**2 * 2 * batch, gamma**2 * batch",
        ("P", "F", "K", "K_norm"),
    ),
    Slip(
        "integral-for-sum",
        "plrf_sums.py",
        "first, starts, lengths = DIRECT + 1, [], []",
        _INTEGRATED,
        ("zeta0", "F_0"),
    ),
    Slip(
        "loose-fixed-point",
        "plrf_numpy.py",
        "if change < 1e-16 or (change < 1e-5 and stalls > 20):",
        "if change < 1e-6:",
        ("m",),
    ),
    Slip(
        "truncated-tail",
        "plrf_numpy.py",
        "        a, b = float(alpha)",
        "        v = 10**4 if v == math.inf else v\n        a, b = float(alpha)",
        ("zeta0", "F", "K"),
    ),
    Slip(
        "single-precision",
        "plrf_numpy.py",
        "REAL, COMPLEX = np.float64, np.complex128",
        "REAL, COMPLEX = np.float32, np.complex64",
        ("zeta0", "m", "F_0", "P", "F", "K", "F_pp"),
    ),
    Slip("missing-atom", "plrf_numpy.py", "atom, out = point.F_0(), []", "atom, out = 0, []", ("F",)),
    Slip(
        "swapped-gamma-arguments", "plrf_pieces.py", "else lower_gamma(s, tau)", "else lower_gamma(tau, s)", ("F_pp",)
    ),
    Slip("eigenvalue-exponent", "plrf_numpy.py", "lam, b2 = j ** (-2 * a),", "lam, b2 = j ** (-a),", ("zeta0", "F_0")),
    Slip("target-exponent", "plrf_numpy.py", ", j ** (-2 * b)", ", j ** (-b)", ("F_0", "P", "F")),
    Slip(
        "kernel-without-batch",
        "plrf_numpy.py",
        "(batch + 1), gamma**2 * batch",
        "(batch + 1), gamma**2",
        ("P", "K", "K_norm"),
    ),
    Slip("step-shift", "plrf_numpy.py", 'q["batch"], [q["r"]])', 'q["batch"], [q["r"] + 1])', ("F", "K")),
    Slip(
        "continuum-kappa",
        "plrf_numpy.py",
        "self.zeta0 = bisect(lambda zeta: self.D1(zeta) - self.d, REAL(0), trace / self.d)",
        "self.zeta0 = REAL(float(d) ** (-2 * a) / plrf_pieces.continuum_kappa(alpha, v / d))",
        ("zeta0", "kappa", "F_0"),
    ),
    Slip(
        "wrong-branch", "plrf_numpy.py", "                return m\n", "                return m.conjugate()\n", ("m",)
    ),
    Slip(
        "infinite-c-beta",
        "plrf_pieces.py",
        'float(2 * q["beta"]), q["v"])',
        'float(2 * q["beta"]), math.inf)',
        ("F_ac",),
    ),
    Slip("no-lower-cutoff", "plrf_pieces.py", "low=d ** (-2 * a))", "low=0)", ("F_ac",)),
    Slip("halved-rate", "plrf_pieces.py", 'float(2 * q["gamma"]', 'float(q["gamma"]', ("F_pp", "F_ac", "K_pp")),
    Slip("phase-swap", "plrf_pieces.py", "if b < a else", "if b > a else", ("phase", "xi", "eta")),
    Slip(
        "too-few-digits",
        "plrf_questions.py",
        "parts = [float(real(part))",
        'parts = [float(f"{real(part):.12g}")',
        ("zeta0", "P"),
    ),
    Slip(
        "edge-not-crossed",
        "plrf_numpy.py",
        "point.z(min(-1 - zeta, point.right))",
        "point.z(point.right)",
        ("gamma_critical",),
    ),
    Slip(
        "largest-eigenvalue",
        "plrf_numpy.py",
        'return point.z(point.left if name == "lambda_min" else point.right)',
        'return point.z(point.left) if name == "lambda_min" else point.lam[0]',
        ("lambda_max",),
    ),
)

#: One mistake each, by flag.
SINGLE: Mapping[str, Slip] = {slip.flag: slip for slip in _SLIPS}

#: Two mistakes at once, by their flags.
DOUBLE: tuple[tuple[str, str], ...] = (
    ("half-risk", "dropped-last-index"),
    ("target-exponent", "missing-atom"),
    ("two-b", "missing-atom"),
    ("eigenvalue-exponent", "half-risk"),
    ("halved-rate", "no-lower-cutoff"),
    ("batch-mean", "step-shift"),
)

#: Not refusing: what is asked has no answer, and the flag is the reason.
CARELESS: tuple[Slip, ...] = (
    Slip("unstable-gamma", "plrf_numpy.py", "if not norm < 1:", "if norm != norm:", ("P_inf", "P")),
    Slip("critical-line", "plrf_pieces.py", "if any(lines):", "if all(lines):", ("phase",)),
    Slip("v-at-most-d", "plrf_questions.py", 'not q["v"] > q.get("d", 0)', "False", ("zeta0", "F_0")),
)
