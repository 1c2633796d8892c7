r"""The resolvent of the deterministic equivalent at any point of the plane, and the spectral density.

Away from the contour ``ζ(z)`` can come close to the eigenvalues ``−λ_j``, where the common panels no longer resolve
the sum over ``j``; they are then refined around the nearest pole. The branch is recognised by

.. math:: \sum_j \frac{\lambda_j^2}{|\lambda_j + \zeta|^2} \le d,

which follows from ``Im z = −Im ζ · (1 − (1/d) Σ_j λ_j²/|λ_j+ζ|²)``: it is strict off the real axis and in the gaps of
the spectrum, and an equality inside the support.
"""

from __future__ import annotations

import cmath
import math
from typing import Any, NamedTuple

import numpy as np

from ..errors import ConvergenceError, ParameterError
from ..precision import flint_digits
from ..spectrum import Nodes
from .contour import solve
from .equation import Equivalent
from .precise import PreciseSums

__all__ = ["Resolvent", "density", "precise_resolvent", "resolvent", "zeta_at"]

_LARGEST = 1e30  # d


class Resolvent(NamedTuple):
    """The deterministic equivalent of ``(K̂ − z)^{-1}`` at one ``z``.

    ``m`` is the companion value, ``zeta = −z/m``; ``trace = Tr R(z) = (d(1−m) − v)/z`` and ``target = ⟨R D^{1/2}b,
    D^{1/2}b⟩ = Σ_j λ_j b_j²/(λ_j m − z)``. The matrix itself is diagonal, with entries ``1/(λ_j m − z)``.
    """

    m: Any
    zeta: Any
    trace: Any
    target: Any

    def diagonal(self, eigenvalue: Any) -> Any:
        """The entry ``1/(λ m − z)`` at an eigenvalue ``λ``."""
        return 1 / (self.m * (eigenvalue + self.zeta))


def zeta_at(equation: Equivalent, z: complex) -> complex:
    """``ζ(z)`` for ``Im z ≥ 0``; on the real axis the limit from above.

    Raises
    ------
    ParameterError
        If ``d > 1e30``, where double precision does not tell the bands around the large eigenvalues from these.
    """
    if equation.d > _LARGEST:
        reason = "the spectrum's bands around the large eigenvalues are narrower than double precision"
        raise ParameterError("d", equation.d, reason, f"use d <= {_LARGEST:g} for the resolvent and the density")
    d, size = float(equation.d), abs(z)
    common = equation.spectrum.nodes(equation.d)
    angle = cmath.phase(z)
    upper = size * cmath.exp(1j * max(angle, math.pi / 2))
    zeta0 = float(equation.point.zeta0)
    try:
        zeta = zeta0 + complex(solve(common, d, zeta0, np.array([upper]), at="0")[0])
    except ConvergenceError:  # along the ray from far away, where ζ = −z
        far = math.log(1e3 * (size + float(np.sum(common.mu)) / d + equation.spectrum.largest) / size)
        ray = upper * np.exp(np.linspace(far, 0, 2 + math.ceil(4 * far)))
        zeta = zeta0 + complex(solve(common, d, zeta0, ray, at="0")[-1])
    if angle >= math.pi / 2:
        return zeta
    here = math.pi / 2
    for _ in range(400):
        found = _newton(equation, z, zeta)
        if found is not None:
            return found
        gap = here - angle
        for _ in range(40):  # go half of the way, or less, as far as Newton's method follows
            gap /= 2
            nearer = _newton(equation, size * cmath.exp(1j * (here - gap)), zeta)
            if nearer is not None:
                break
        else:
            break
        here, zeta = here - gap, nearer
    raise ConvergenceError(f"the fixed point was not found at z = {z}")


def _newton(equation: Equivalent, z: complex, start: complex) -> complex | None:
    """Newton's method from ``start``; ``None`` if it strays or ends on another branch."""
    d, zeta = float(equation.d), start
    nodes, pole = None, None
    for _ in range(30):
        wanted = equation.spectrum.pole(zeta)
        if nodes is None or wanted != pole:
            nodes, pole = equation.spectrum.nodes(equation.d, pole=wanted), wanted
        lam, mu = nodes.lam, nodes.mu
        if not (lam + zeta).all():
            return None
        inverse = 1 / (lam + zeta)
        ratio = mu * lam * inverse
        g = zeta * _companion(equation, nodes, inverse, zeta) + z
        step = g / (1 - np.sum(ratio * inverse) / d)
        zeta -= complex(step)
        if not cmath.isfinite(zeta) or zeta.imag > 1e-12 * abs(zeta):
            return None
        if abs(step) <= 1e-14 * abs(zeta):
            break
    else:
        if abs(step) > 1e-9 * abs(zeta):
            return None
    weight = float(np.sum(mu * lam / np.abs(lam + zeta) ** 2)) / d
    return zeta if weight <= 1 + 1e-7 else None


def _companion(equation: Equivalent, nodes: Nodes, inverse: Any, zeta: complex) -> complex:
    """``m = 1 − D_1/d``, as in :meth:`FixedPoint.m`."""
    d, split = float(equation.d), equation.point.split
    if split is None or zeta.real < 0:
        return complex(1 - np.sum(nodes.mu * inverse) / d)
    n = split.count
    head = np.sum(nodes.mu[:n] / nodes.lam[:n] * inverse[:n])
    return complex(zeta * head - np.sum(nodes.mu[n:] * inverse[n:]) - split.excess) / d


def resolvent(equation: Equivalent, z: complex) -> Resolvent:
    """The resolvent in double precision."""
    if z.imag < 0:
        return Resolvent(*(complex(x).conjugate() for x in resolvent(equation, z.conjugate())))
    zeta = zeta_at(equation, z)
    if z.imag == 0 and z.real < 0:
        zeta = complex(zeta.real)  # real to the left of the spectrum
    nodes = equation.spectrum.nodes(equation.d, pole=equation.spectrum.pole(zeta))
    m = -z / zeta
    d1 = complex(np.sum(nodes.mu / (nodes.lam + zeta)))
    target = complex(np.sum(nodes.nu / (nodes.lam + zeta))) / m
    return Resolvent(m, zeta, (d1 - equation.spectrum.size) / z, target)


def precise_resolvent(equation: Equivalent, z: Any, digits: int) -> Resolvent:
    """The resolvent as python-flint numbers with at least ``digits`` digits; ``z`` is a pair of exact numbers."""
    from flint import acb, arb

    from ..precision import arb_of

    coarse = complex(float(z[0]), float(z[1]))
    below = coarse.imag < 0
    start = zeta_at(equation, coarse.conjugate() if below else coarse)
    pole = equation.spectrum.pole(start)
    with flint_digits(digits + 15):
        nodes = equation.spectrum.nodes(equation.d, digits + 15, pole)
        sums, d = PreciseSums(nodes), arb_of(equation.d)
        point = acb(arb_of(z[0]), arb_of(z[1]))
        zeta = acb(start.conjugate() if below else start)
        for _ in range(math.ceil(math.log2(digits + 15)) + 2):
            step = (zeta * (1 - sums.mu(zeta) / d) + point) / (1 - sums.mu(zeta, 2, 1) / d)
            zeta = (zeta - step).mid()
        m = -point / zeta
        size = equation.spectrum.size
        trace = acb(arb("-inf")) if math.isinf(size) else (sums.mu(zeta) - arb(size)) / point
        return Resolvent(m, zeta, trace, sums.nu(zeta) / m)


def density(equation: Equivalent, x: float, target: bool) -> float:
    """Density at ``x > 0`` of the ``d`` non-zero eigenvalues, of total mass 1, or of the target weights."""
    if not 0.9 * float(equation.point.left_edge) < x < 1.1 * float(equation.point.right_edge):
        return 0.0
    zeta = zeta_at(equation, complex(x))
    if abs(zeta.imag) <= 1e-9 * abs(zeta) and _outside(equation, zeta):
        return 0.0
    if not target:
        return -zeta.imag / (math.pi * abs(zeta) ** 2)
    nodes = equation.spectrum.nodes(equation.d, pole=equation.spectrum.pole(zeta))
    # Im(−ζ/(λ+ζ)) = −λ Im ζ/|λ+ζ|², a sum of positive terms
    return float(
        -zeta.imag
        / (math.pi * x)
        * np.sum(nodes.nu * (nodes.lam / np.abs(nodes.lam + zeta)) / np.abs(nodes.lam + zeta))
    )


def _outside(equation: Equivalent, zeta: complex) -> bool:
    nodes = equation.spectrum.nodes(equation.d, pole=equation.spectrum.pole(zeta))
    return float(np.sum(nodes.mu * nodes.lam / np.abs(nodes.lam + zeta) ** 2)) < float(equation.d) * (1 - 1e-6)
