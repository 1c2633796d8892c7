"""The 4+3-phase model (arXiv:2405.15074) at finite size in JAX, compiled, in single or double precision.

It answers the protocol of ``scalesym oracle check`` and imports nothing of scalesym: ``plrf_jax.py --precision single``. The
formulas are those of ``plrf_numpy.py``, which says where they come from; here they are pure functions of arrays of fixed
shapes, so that few of them are compiled. In single precision three things matter: log q comes from ``log1p``; the curve around
the spectrum passes through the saddle points, so that large terms never cancel (a Cauchy sum on a circle in w leaves no digit);
and the loss comes from a recursion of positive terms.
"""

import argparse
import math
import sys
from functools import partial

import numpy as np
from plrf_questions import Refusal, Unsupported, serve
from plrf_sums import indices, rest

try:
    import jax
    import jax.numpy as jnp
    from jax import lax
except ImportError:
    print("plrf_jax.py needs JAX, which is not installed: pip install jax", file=sys.stderr)
    sys.exit(3)

POINTS, BLOCK = 512, 256  # on the curve; lengths of the sums are multiples of the latter


def spectrum(alpha, v, d, beta, real):
    """λ, multiplicities, λb² and b² (without b² for 2β ≤ 1), padded by zeros; for v = ∞ a last term carries the rest."""
    a = float(alpha)
    b = float(max(1, 1 - alpha) if beta is None else beta)
    j, w, end = indices(v, max(1, a), max(1e8, float(d) * 10 ** (9 / a)))
    lam, count, b2 = j ** (-2 * a), w, w * j ** (-2 * b)
    target = b2 * lam
    if v == math.inf:
        small = max(end ** (-2 * a), 1e-25)  # any number far below ζ that single precision can hold
        lam, count = np.append(lam, small), np.append(count, rest(2 * a, end) / small)
        target, b2 = np.append(target, rest(2 * a + 2 * b, end)), np.append(b2, rest(2 * b, end) if 2 * b > 1 else 0)
    padding = (0, -len(lam) % BLOCK)
    lam = np.pad(lam, padding, constant_values=1.0)
    rows = [lam, *(np.pad(each, padding) for each in (count, target, b2 if 2 * b > 1 else 0 * b2))]
    return tuple(jnp.asarray(row, real) for row in rows)


def D1(lam, count, zeta):
    return jnp.sum(count * (lam / (lam + zeta)))


def S2(lam, count, zeta):
    return jnp.sum(count * (lam / (lam + zeta)) ** 2)


def z_of(lam, count, d, zeta):
    return -zeta * (1 - D1(lam, count, zeta) / d)


def bisect(f, low, high):
    """Where f falls through 0; 140 halvings are enough for any double above 10^-25."""

    def halve(_, ends):
        low, high = ends
        middle = (low + high) / 2
        above = f(middle) > 0
        return jnp.where(above, middle, low), jnp.where(above, high, middle)

    return lax.fori_loop(0, 140, halve, (low, high))[0]


@jax.jit
def fixed_point(lam, count, d):
    """ζ₀ and the images of the spectrum's two edges."""
    zero, trace, trace2 = jnp.zeros((), lam.dtype), jnp.sum(count * lam), jnp.sum(count * lam**2)
    zeta0 = bisect(lambda zeta: D1(lam, count, zeta) - d, zero, trace / d)
    left = bisect(lambda zeta: S2(lam, count, zeta) - d, zero, zeta0)
    right = -1 - bisect(lambda y: S2(lam, count, -1 - y) - d, zero, 1 + jnp.sqrt(trace2 / d))
    return zeta0, left, right, z_of(lam, count, d, left), z_of(lam, count, d, right)


@jax.jit
def beyond(lam, count, d, right, x):
    """ζ(x) for x right of the spectrum."""
    return bisect(lambda zeta: z_of(lam, count, d, zeta) - x, -x, right)


@jax.jit
def forcing_limit(lam, target, zeta0):
    return jnp.sum(target * (zeta0 / (lam + zeta0)))


@jax.jit
def critical(lam, count, d, right, size):
    """z where ‖K‖ = 1, or the spectrum's edge."""
    low = -1 - bisect(lambda y: -D1(lam, count, -1 - y) - size, jnp.zeros((), lam.dtype), jnp.sum(count * lam) / size)
    return z_of(lam, count, d, jnp.minimum(low, right))


@jax.jit
def curve(lam, count, target, b2, d, fixed, far, a, c, g):
    """log q, and the factors of q^r in F − F_0 and in K, along the curve around the spectrum."""
    zeta0, left, right, *_ = fixed
    low, high = jnp.log((zeta0 - left) / (left - far)), jnp.log((zeta0 - right) / (right - far))
    half, t = (high - low) / 2, (jnp.arange(POINTS, dtype=lam.dtype) + 0.5) * (math.pi / POINTS)
    u = jnp.exp(lax.complex((low + high) / 2 + half * jnp.cos(t), -jnp.sin(t)))
    zeta = (zeta0 + u * far) / (1 + u)
    dzeta = (far - zeta0) / (1 + u) ** 2 * u * lax.complex(half * jnp.sin(t), jnp.cos(t)) * (math.pi / POINTS)
    inverse = 1 / (lam[:, None] + zeta)
    share = lam[:, None] * inverse
    d1, slope = jnp.sum(count[:, None] * share, 0), jnp.sum(count[:, None] * share**2, 0) / d - 1
    m, c_beta = 1 - d1 / d, jnp.sum(b2)
    without_constant = c_beta * d1 / d - zeta * jnp.sum(b2[:, None] * inverse, 0)
    S = jnp.where(c_beta > 0, without_constant, jnp.sum(target[:, None] * inverse, 0)) / m
    z, dz = -zeta * m, slope * dzeta / -math.pi
    return jnp.log1p(-a * z + c * z * z), S * dz, g * z * d1 * dz


@partial(jax.jit, static_argnames="length")
def forcing_and_kernel(log_q, F, K, first, length):
    """F − F_0 and K at ``length`` steps from ``first`` on."""
    steps = first + jnp.arange(length, dtype=F.real.dtype)
    powers = jnp.exp(steps[:, None] * log_q)
    return jnp.sum(powers * F, 1).imag, jnp.sum(powers * K, 1).imag


@jax.jit
def volterra(F, K):
    """P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s) for all r."""
    size = len(F)
    backwards = jnp.concatenate([K[::-1], jnp.zeros(size, K.dtype)])

    def step(P, r):
        kernel = lax.dynamic_slice(backwards, (size - r,), (size,))  # K(r−1), K(r−2), …, K(0), 0, …
        return P.at[r].set(F[r] + jnp.sum(kernel * P)), None

    return lax.scan(step, jnp.zeros(size, F.dtype), jnp.arange(size))[0]


@jax.jit
def resolvent(lam, count, d, z):
    """Picard's iteration for m(z), until its change is a rounding or stops falling."""
    smallest = jnp.finfo(lam.dtype).eps

    def going(state):
        _, change, stalls, n = state
        return (change > smallest / 2) & ((stalls < 20) | (change > 100 * smallest)) & (n < 100_000)

    def step(state):
        m, last, stalls, n = state
        new = 1 / (1 + jnp.sum(count * (lam / (lam * m - z))) / d)
        change = jnp.abs(new - m) / jnp.abs(new)
        return new, change, stalls + (change >= last), n + 1

    start = (jnp.ones((), z.dtype), jnp.asarray(jnp.inf, lam.dtype), 0, 0)
    m, change, *_ = lax.while_loop(going, step, start)
    return m, change


def compute(name, q, real):
    if q["level"] != "equivalent" or name in ("phase", "xi", "eta", "boundary", "F_pp", "F_ac", "K_pp"):
        raise Unsupported(f"{name} at level {q['level']}")
    lam, count, target, b2 = spectrum(q["alpha"], q["v"], q["d"], q.get("beta"), real)
    d = real(float(q["d"]))
    zeta0, _, right, lowest, highest = fixed = fixed_point(lam, count, d)
    if name in ("zeta0", "kappa"):
        return zeta0 if name == "zeta0" else 1 / (float(zeta0) * float(q["d"]) ** float(2 * q["alpha"]))
    if name in ("lambda_min", "lambda_max"):
        return lowest if name == "lambda_min" else highest
    if name == "F_0":
        return forcing_limit(lam, target, zeta0)
    if name == "m":
        z = q["z"]
        if z.imag == 0 and 0 < z.real <= highest:
            raise Unsupported("on the real axis only outside the spectrum")
        m, change = resolvent(lam, count, d, lax.complex(real(z.real), real(z.imag)))
        if change > 1e-3:
            raise Unsupported("the iteration converges too slowly")
        return m
    batch = q["batch"]
    if name == "gamma_critical":
        return real(2 / (batch + 1)) / critical(lam, count, d, right, real(batch + 1))
    gamma = q["gamma"]
    a, c, g = (real(float(x)) for x in (2 * gamma * batch, gamma**2 * batch * (batch + 1), gamma**2 * batch))
    if not a / c > highest:
        raise Refusal("gamma (B+1) lambda_max exceeds 2")
    far = beyond(lam, count, d, right, a / c)
    norm = -g / c * D1(lam, count, far)
    if name in ("P_inf", "P") and not norm < 1:
        raise Refusal("the kernel norm is not below 1: SGD diverges")
    if name == "K_norm":
        return norm
    atom = forcing_limit(lam, target, zeta0)
    if name == "P_inf":
        return atom / (1 - norm)
    terms, r = curve(lam, count, target, b2, d, fixed, far, a, c, g), q["r"]
    if name in ("F", "K"):
        F, K = forcing_and_kernel(*terms, real(r), 1)
        return F[0] + atom if name == "F" else K[0]
    if r >= 2**14:
        raise Unsupported("the recursion takes r² operations")
    F, K = forcing_and_kernel(*terms, real(0), max(64, 2 ** (r + 1).bit_length()))
    return volterra(F + atom, K)[r]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--precision", choices=("single", "double"), default="double")
    double = parser.parse_args().precision == "double"
    jax.config.update("jax_enable_x64", double)
    real = np.float64 if double else np.float32
    serve(lambda name, q: compute(name, q, real), real, digits=12 if double else 5)


if __name__ == "__main__":
    main()
