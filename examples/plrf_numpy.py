"""The 4+3-phase model (arXiv:2405.15074) at finite size from its definitions, in NumPy alone.

It answers the protocol of ``scalesym oracle check`` and imports nothing of scalesym.

F and K are integrals over a closed curve in the plane of ζ = −z/m, where z = −ζ(1 − D₁(ζ)/d) is explicit: no equation is
solved there. The curve crosses the real axis where z'(ζ) = 0, at the images of the spectrum's edges, which are the saddle
points of q(z)^r: what is added is nowhere much larger than the sum, at any r. P follows from the Volterra recursion, all of
whose terms are positive.
"""

import math
from fractions import Fraction

import numpy as np
import plrf_pieces
from plrf_questions import Refusal, Unsupported, serve
from plrf_sums import bisect, indices, rest

REAL, COMPLEX = np.float64, np.complex128


class Point:
    """The deterministic equivalent at (α, β, d, v): the arrays λ, their multiplicities and λb², and the fixed point."""

    def __init__(self, alpha, d, v, beta=None):
        a, b = float(alpha), float(max(Fraction(1), 1 - alpha) if beta is None else beta)
        j, w, end = indices(v, max(1, a), max(1e8, float(d) * 10 ** (9 / a)))
        lam, b2 = j ** (-2 * a), j ** (-2 * b)
        weight, target, self.c_beta = w, w * lam * b2, 0.0
        if v == math.inf:  # beyond, λ is far below every ζ: one more node carries the rest of the sums that converge
            lam = np.append(lam, end ** (-2 * a))
            weight = np.append(weight, rest(2 * a, end) / lam[-1])
            target = np.append(target, rest(2 * a + 2 * b, end))
        self.target_over_lam = np.append(w * b2, rest(2 * b, end))[: len(lam)] if 2 * b > 1 else None
        self.lam, self.weight, self.target, self.d = lam.astype(REAL), weight.astype(REAL), target.astype(REAL), REAL(d)
        trace, trace2 = np.sum(self.weight * self.lam), np.sum(self.weight * self.lam**2)
        self.zeta0 = bisect(lambda zeta: self.D1(zeta) - self.d, REAL(0), trace / self.d)
        # dz/dζ = −1 + (1/d)Σ(λ/(λ+ζ))² vanishes at the images of the edges, one on either side of the poles
        self.left = bisect(lambda zeta: self.S2(zeta) - self.d, REAL(0), self.zeta0)
        self.right = -1 - bisect(lambda y: self.S2(-1 - y) - self.d, REAL(0), 1 + np.sqrt(trace2 / self.d))

    def D1(self, zeta):
        return np.sum(self.weight * (self.lam / (self.lam + zeta)))

    def S2(self, zeta):
        return np.sum(self.weight * (self.lam / (self.lam + zeta)) ** 2)

    def z(self, zeta):
        return -zeta * (1 - self.D1(zeta) / self.d)

    def beyond(self, x):
        """ζ(x) for x right of the spectrum."""
        if not x > self.z(self.right):
            raise Refusal("gamma (B+1) lambda_max exceeds 2")
        return bisect(lambda zeta: self.z(zeta) - x, -REAL(x), self.right)

    def F_0(self):
        return np.sum(self.target * (self.zeta0 / (self.lam + self.zeta0)))

    def m(self, z):
        """Picard's iteration m ← 1/(1 + (1/d)Σ λ/(λm − z)), until it stands still."""
        if z.imag == 0 and 0 < z.real <= self.z(self.right):
            raise Unsupported("on the real axis only outside the spectrum")
        z, m, change, stalls = COMPLEX(z), COMPLEX(1), np.inf, 0
        for _ in range(100_000):
            former, m = m, 1 / (1 + np.sum(self.weight * (self.lam / (self.lam * m - z))) / self.d)
            last, change = change, abs(m - former) / abs(m)
            stalls += change >= last  # at first it may, at last it does
            if change < 1e-16 or (change < 1e-5 and stalls > 20):
                return m
        raise Unsupported("the iteration converges too slowly")


# ---- the recursion -------------------------------------------------------------------------------------------------


def coefficients(gamma, batch):
    """a, c, g of q(x) = 1 − ax + cx² and of the kernel's prefactor."""
    return 2 * gamma * batch, gamma**2 * batch * (batch + 1), gamma**2 * batch


def kernel_norm(point, gamma, batch):
    a, c, g = (float(x) for x in coefficients(gamma, batch))
    return REAL(-g / c) * point.D1(point.beyond(a / c))


def critical_gamma(point, batch):
    a, c, g = (float(x) for x in coefficients(Fraction(1), batch))
    size = c / g  # ‖K‖ = 1 where −D₁ has this size; that may be on the wrong side of the edge
    zeta = bisect(lambda y: -point.D1(-1 - y) - size, REAL(0), np.sum(point.weight * point.lam) / REAL(size))
    return a / c / point.z(min(-1 - zeta, point.right))


def loss_limit(point, gamma, batch):
    norm = kernel_norm(point, gamma, batch)
    if not norm < 1:
        raise Refusal("the kernel norm is not below 1: SGD diverges")
    return point.F_0() / (1 - norm)


def curve(point, gamma, batch):
    """log q, and what multiplies q^r in F − F_0 and in K, along the curve around the spectrum in the plane of ζ."""
    a, c, g = (REAL(x) for x in coefficients(gamma, batch))
    far = point.beyond(a / c)  # q = 1 at z = 0 and here; the curve stays between
    low, high = (np.log((point.zeta0 - x) / (x - far)) for x in (point.left, point.right))
    n = int(min(max(50 * (high - low), 400, 4e5 / len(point.lam)), 1000))
    t = (np.arange(n, dtype=REAL) + REAL(0.5)) * REAL(np.pi / n)
    # log u = log((ζ₀ − ζ)/(ζ − far)) runs over an ellipse of half-width 1 around [low, high]
    u = np.exp((low + high) / 2 + (high - low) / 2 * np.cos(t) - COMPLEX(1j) * np.sin(t))
    zeta = (point.zeta0 + u * far) / (1 + u)
    du = u * ((high - low) / 2 * np.sin(t) + COMPLEX(1j) * np.cos(t)) * REAL(np.pi / n)
    dzeta = (far - point.zeta0) / (1 + u) ** 2 * du
    inverse = 1 / (point.lam[:, None] + zeta)
    share = point.lam[:, None] * inverse
    D1, slope = point.weight @ share, (point.weight @ share**2) / point.d - 1
    m = 1 - D1 / point.d
    if (
        point.target_over_lam is not None
    ):  # without c_β = Σb², which is analytic in z: its integral is 0, its rounding is not
        b2 = point.target_over_lam.astype(REAL)
        S = (np.sum(b2) * D1 / point.d - zeta * (b2 @ inverse)) / m
    else:
        S = (point.target @ inverse) / m
    z, dz = -zeta * m, slope * dzeta / REAL(-np.pi)
    return np.log1p(-a * z + c * z * z), S * dz, g * z * D1 * dz


def forcing_and_kernel(point, gamma, batch, steps):
    log_q, F, K = curve(point, gamma, batch)
    atom, out = point.F_0(), []
    for some in np.array_split(np.asarray(steps, dtype=REAL), len(steps) // 200 + 1):
        powers = np.exp(some[:, None] * log_q)
        out.append(((powers @ F).imag + atom, (powers @ K).imag))
    return (np.concatenate(column) for column in zip(*out, strict=True))


def loss(point, gamma, batch, r):
    """P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s)."""
    loss_limit(point, gamma, batch)  # is it stable?
    if r > 20_000:
        raise Unsupported("the recursion takes r² operations")
    F, K = forcing_and_kernel(point, gamma, batch, range(r + 1))
    P = np.zeros(r + 1, dtype=REAL)
    for n in range(r + 1):
        P[n] = F[n] + np.dot(K[:n][::-1], P[:n])
    return P[r]


# ---- answers -------------------------------------------------------------------------------------------------------


def compute(name, q):
    """A quantity; ``q`` holds exact inputs, and γ as it multiplies the sum over the batch."""
    if name in plrf_pieces.ANSWERS:
        return plrf_pieces.ANSWERS[name](q)
    if q["level"] != "equivalent" and name != "F_0":
        if name == "kappa":
            return plrf_pieces.continuum_kappa(q["alpha"], q["ratio"])
        raise Unsupported(f"{name} at level {q['level']}")
    if q["level"] == "asymptotic":
        return plrf_pieces.forcing_limit_asymptotic(q)
    point = Point(q["alpha"], q["d"], q["v"], q.get("beta"))
    scale = float(q["d"]) ** float(2 * q["alpha"])
    if q["level"] == "continuum":
        point.zeta0 = REAL(1 / (scale * plrf_pieces.continuum_kappa(q["alpha"], q["v"] / q["d"])))
    if name in ("zeta0", "kappa"):
        return point.zeta0 if name == "zeta0" else 1 / (point.zeta0 * scale)
    if name in ("lambda_min", "lambda_max"):
        return point.z(point.left if name == "lambda_min" else point.right)
    if name == "F_0":
        return point.F_0()
    if name == "m":
        return point.m(q["z"])
    if name == "gamma_critical":
        return critical_gamma(point, q["batch"])
    if name in ("K_norm", "P_inf"):
        return (kernel_norm if name == "K_norm" else loss_limit)(point, q["gamma"], q["batch"])
    if name == "P":
        return loss(point, q["gamma"], q["batch"], q["r"])
    F, K = forcing_and_kernel(point, q["gamma"], q["batch"], [q["r"]])
    return (F if name == "F" else K)[0]


if __name__ == "__main__":
    np.seterr(all="ignore")
    serve(compute, REAL)
