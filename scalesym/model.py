r"""``PLRF``: power-law random features trained by one-pass SGD, solved by its deterministic equivalent.

Data ``x ∈ R^v`` have variances ``λ_j = j^{-2α}``, the target is ``y = Σ_j x_j b_j`` with ``b_j = j^{-β}``, the model
is linear in ``d`` frozen random features ``Wᵀx``, ``W_{ij} ~ N(0, 1/d)``, and SGD starts from 0 with a fresh batch of
``B`` samples and a *sum* over the batch,

.. math:: \theta_{r+1} = \theta_r - \gamma \sum_{i\le B} W^\top x^i\,(\langle W^\top x^i, \theta_r\rangle - y^i).

The loss is ``E (⟨Wᵀx, θ⟩ − y)²``, without a factor 1/2. Source: the paper (arXiv:2405.15074), sections 1 and 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np

from .domain import require
from .equivalent.equation import Equivalent, Quantity
from .equivalent.pieces import DOUBLE, FourPieces, Level, Pieces, kappa
from .equivalent.resolvent import Resolvent, density, precise_resolvent, resolvent
from .errors import ParameterError, decimal_text
from .parameters import Exact, batch_size, digits_count, entries, nonnegative, real, steps, whole_number
from .precision import arb_of, flint_digits, mp_context, to_mpf
from .sampled.sample import Sample, require_draw
from .spectrum import Measured, PowerLaw

__all__ = ["PLRF"]

Rule = Literal["half-critical", "trace:1/2"]
_RULES = ("half-critical", "trace:1/2")


@dataclass(frozen=True, init=False, repr=False)
class PLRF:
    r"""The power-law random features model with one-pass SGD.

    Numbers may be ``int``, ``float``, ``Fraction``, SymPy rationals or text such as ``"7/10"``; exact ones stay exact.

    Parameters
    ----------
    alpha:
        Data complexity, ``α > 0``.
    beta:
        Target complexity, any real with ``α + β > 1/2``.
    d:
        Parameter count, real, ``1 ≤ d < v``.
    v:
        Latent dimension, real, or ``"inf"`` if ``2α > 1``.
    gamma:
        Learning rate: a number below :meth:`critical_gamma`, ``"half-critical"`` (half of it, the setting of the
        paper's theorem) or ``"trace:1/2"`` (``γ·tr D = 1/2``, that of published experiments).
    batch:
        Batch size ``B``, a positive integer.
    noise_variance:
        Variance ``σ² ≥ 0`` of independent Gaussian noise on the labels, ``y = ⟨x, b⟩ + σξ``. It is part of the loss: it
        adds to ``F(r)`` at every ``r``, to its limit, and through the kernel to ``P``.

    Raises
    ------
    ParameterError
        Outside the domain. A ``gamma`` that is too large raises :class:`~scalesym.errors.StabilityError`.

    Notes
    -----
    Every method takes ``digits=None`` for double precision, or a number of decimal digits for mpmath numbers. An
    array of steps gives an array, or with ``digits`` a list. For real ``d`` and ``v`` the sums over ``j ≤ v`` are
    continued analytically in their upper end.

    The solver's domain is smaller than the theory's: ``α ≥ 1e-3`` and ``(d+1)^{-2α} ≥ 1e-125``, ``|β| ≤ 1000``,
    ``d`` and finite ``v`` up to ``1e100`` (``d`` up to ``1e30`` for the resolvent and the density), ``v`` above ``1e30`` up to
    ``1000 d``, ``1 − d/v ≥ 1e-12``,
    ``B ≤ 1e12``, ``γ ≥ 1e-140`` and below the critical one by ``1e-6`` of it, ``σ² ≤ 1e200``, ``r ≤ 1e300``; for a ``v`` that
    is no integer and below about
    ``max(176, 254α)``, ``d ≤ min(4v/5, v − 1)``. Anything else is refused.

    Examples
    --------
    >>> model = PLRF(1, "7/10", d=20, v=60, gamma="3/10")
    >>> round(model.loss(80), 14)
    0.03263543297857
    >>> print(model.loss(80, digits=20))
    0.032635432978572923395
    """

    alpha: Exact | None
    beta: Exact | None
    d: Exact
    v: Exact
    gamma: Exact | str
    batch: int
    noise_variance: Exact
    _spectrum: PowerLaw | Measured

    def __init__(
        self,
        alpha: object,
        beta: object,
        d: object,
        v: object,
        gamma: object = "half-critical",
        batch: object = 1,
        noise_variance: object = 0,
    ) -> None:
        a = real(alpha, "alpha", above=0, reason="the eigenvalues j^(-2 alpha) must decrease")
        b = real(beta, "beta")
        if not Fraction(a) + Fraction(b) > Fraction(1, 2):
            raise ParameterError(
                "beta",
                b,
                f"alpha + beta = {float(Fraction(a) + Fraction(b)):.15g} is not above 1/2, so the target energy diverges with v and there"
                " is no power law",
                f"use beta > {decimal_text(Fraction(1, 2) - Fraction(a), 6, up=True)}",
            )
        size = real(v, "v", above=0, reason="the latent dimension is positive", infinite=True)
        if math.isinf(size) and not 2 * Fraction(a) > 1:
            raise ParameterError(
                "v", v, "tr D = sum_j j^(-2 alpha) diverges for alpha <= 1/2", "use a finite v, or alpha > 1/2"
            )
        self._fill(a, b, PowerLaw(a, b, size), d, size, gamma, batch, noise_variance)

    @classmethod
    def from_spectrum(
        cls,
        eigenvalues: Iterable[object],
        target: Iterable[object],
        d: object,
        gamma: object = "half-critical",
        batch: object = 1,
        noise_variance: object = 0,
    ) -> PLRF:
        """The same model over any finite spectrum, measured or of another law.

        Parameters
        ----------
        eigenvalues:
            Eigenvalues ``λ_j > 0`` of the data covariance; their number is ``v``.
        target:
            Target coefficients ``b_j``, one each.
        d, gamma, batch, noise_variance:
            As for :class:`PLRF`.

        Examples
        --------
        Isotropic data are the Marchenko–Pastur case, ``λ_min = (1 − √(v/d))²``:

        >>> model = PLRF.from_spectrum([1] * 40, [1] + [0] * 39, d=10)
        >>> round(model.spectral_edge(), 12)
        1.0
        """
        spectrum = Measured.read(eigenvalues, target)
        model = object.__new__(cls)
        model._fill(None, None, spectrum, d, Fraction(len(spectrum.eigenvalues)), gamma, batch, noise_variance)
        return model

    def _fill(
        self,
        alpha: Exact | None,
        beta: Exact | None,
        spectrum: PowerLaw | Measured,
        d: object,
        v: Exact,
        gamma: object,
        batch: object,
        noise_variance: object,
    ) -> None:
        count = real(d, "d", above=0, reason="the parameter count is positive", infinite=True)
        rate: Exact | str
        if isinstance(gamma, str) and gamma.strip() in _RULES:
            rate = gamma.strip()
        else:
            try:
                rate = real(gamma, "gamma", above=0, reason="SGD does not learn with it")
            except ParameterError as error:
                if isinstance(gamma, str) and "not a number" in error.reason:
                    raise ParameterError(
                        "gamma", gamma, error.reason, f"use a number or one of {', '.join(_RULES)}"
                    ) from None
                raise
        noise = nonnegative(noise_variance, "noise_variance", "it is the variance of the label noise")
        samples = batch_size(batch)
        require(spectrum, count, rate, noise)
        for name, value in (
            ("alpha", alpha),
            ("beta", beta),
            ("d", count),
            ("v", v),
            ("gamma", rate),
            ("batch", samples),
            ("noise_variance", noise),
            ("_spectrum", spectrum),
        ):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        law = f"{_plain(self.alpha)}, {_plain(self.beta)}" if self.alpha is not None else "given spectrum"
        rate = repr(self.gamma) if isinstance(self.gamma, str) else _plain(self.gamma)
        noise = f", noise_variance={_plain(self.noise_variance)}" if self.noise_variance else ""
        return f"PLRF({law}, d={_plain(self.d)}, v={_plain(self.v)}, gamma={rate}, batch={self.batch}{noise})"

    @cached_property
    def _equation(self) -> Equivalent:
        equation = Equivalent(self._spectrum, self.d, self.gamma, self.batch, self.noise_variance)
        equation.rate  # noqa: B018 — an unstable learning rate is an error before any work
        return equation

    @cached_property
    def _any_rate(self) -> Equivalent:
        """The same fixed point for what does not depend on the learning rate."""
        return Equivalent(self._spectrum, self.d, "half-critical", self.batch)

    def zeta0(self, digits: int | None = None) -> Any:
        r"""``ζ₀ > 0``, where ``z = −ζ m(ζ)`` vanishes; level: deterministic equivalent.

        .. math:: \sum_{j\le v} \frac{\lambda_j}{\lambda_j+\zeta_0} = d

        Examples
        --------
        >>> round(PLRF(1, "7/10", d=20, v=60).zeta0(), 15)
        0.004142474598092
        """
        return self._constant(lambda point: point.zeta0, digits)

    def kappa(self, level: Literal["equivalent", "continuum"] = "equivalent", digits: int | None = None) -> Any:
        r"""``κ``, which sets the scale ``ζ₀ = 1/(κ d^{2α})``.

        .. math:: \int_0^{v/d} \frac{\kappa\,du}{\kappa+u^{2\alpha}} = 1 \qquad (\text{continuum})

        At level ``"equivalent"`` it is ``1/(ζ₀d^{2α})`` at this ``d`` and ``v``, which tends to it. At ``v = ∞`` the
        continuum value is ``((2α/π) sin(π/2α))^{2α}``. Source: the paper, definition of ``F_0``.

        Examples
        --------
        >>> round(PLRF(1, 1, d=100, v="inf").kappa("continuum"), 14)
        0.40528473456935
        """
        alpha, _ = self._exponents("kappa")
        if level == "equivalent":
            wanted = digits_count(digits)
            with flint_digits((wanted or 17) + 15):
                scale = arb_of(self.d) ** arb_of(2 * Fraction(alpha))
                zeta0 = (
                    self._any_rate.precise(wanted + 15)[0].zeta0
                    if wanted
                    else arb_of(float(self._any_rate.point.zeta0))
                )
                return _round(1 / (zeta0 * scale), wanted)
        if level != "continuum":
            raise ParameterError("level", level, "there is no such level of kappa", "use 'equivalent' or 'continuum'")
        ratio = self.v if math.isinf(self.v) else Fraction(self.v) / Fraction(self.d)
        wanted = digits_count(digits)
        return _round(kappa(alpha, ratio, (wanted or 17) + 3), wanted)

    def forcing_limit(self, digits: int | None = None) -> Any:
        r"""``F_0 + σ²``, the limit of the forcing function; level: deterministic equivalent.

        .. math:: F_0 = \sum_{j\le v} \lambda_j b_j^2\,\frac{\zeta_0}{\lambda_j+\zeta_0}

        Examples
        --------
        >>> print(PLRF(1, "7/10", d=20, v=60).forcing_limit(digits=20))
        0.0091513621903337207062
        """
        noise = self.noise_variance
        if digits is None:
            return float(self._any_rate.point.forcing_limit) + float(noise)
        return self._constant(lambda point: point.forcing_limit + arb_of(noise), digits)

    def loss_limit(self, digits: int | None = None) -> Any:
        r"""``P_∞ = (F_0 + σ²)/(1−‖K‖)``, the limit of the loss; level: deterministic equivalent.

        Examples
        --------
        >>> model = PLRF(1, "7/10", d=20, v=60, gamma="3/10")
        >>> model.loss_limit() == model.forcing_limit() / (1 - model.kernel_norm())
        True
        """
        wanted = digits_count(digits)
        if wanted is None:
            return self.forcing_limit() / self._equation.contour.rest
        work = wanted + 20  # the learning rate may be as near as 1e-6 to the critical one
        context = mp_context(work)
        value = context.mpf(self.forcing_limit(work)) / (1 - context.mpf(self.kernel_norm(work)))
        return mp_context(wanted).mpf(value)

    def kernel_norm(self, digits: int | None = None) -> Any:
        r"""``‖K‖ = Σ_r K(r)``; level: deterministic equivalent, exact at every ``d``.

        .. math:: \|K\| = -\frac{D_1(\zeta(x))}{B+1}, \qquad x = \frac{2}{\gamma(B+1)}

        Examples
        --------
        >>> round(PLRF(1, "7/10", d=20, v=60, gamma="3/10").kernel_norm(), 13)
        0.325967109381
        """
        wanted = digits_count(digits)
        if wanted is None:
            return self._equation.contour.norm
        work = wanted + 15
        with flint_digits(work):
            point, gamma = self._equation.precise(work)
            zeta = point.zeta_beyond(2 / (gamma * (self.batch + 1)))
            return to_mpf(-point.sums.mu(zeta) / (self.batch + 1), wanted)

    def critical_gamma(self, digits: int | None = None) -> Any:
        """The learning rate at which ``‖K‖ = 1`` or ``γ(B+1)λ_max = 2``, whichever is smaller.

        Below it the loss converges, above it one-pass SGD diverges. Source: the paper, section on stability.

        Examples
        --------
        >>> round(PLRF(1, "7/10", d=20, v=60).critical_gamma(), 13)
        0.5566848192385
        """
        if digits is None:
            return self._any_rate.critical[0]
        return self._constant(lambda point: point.critical_gamma(self.batch)[0], digits)

    def learning_rate(self, digits: int | None = None) -> Any:
        """The learning rate as a number, also where ``gamma`` was given as a rule; checked to be stable.

        Examples
        --------
        >>> model = PLRF(1, "7/10", d=20, v=60)
        >>> model.learning_rate() == model.critical_gamma() / 2
        True
        """
        wanted = digits_count(digits)
        rate = self._equation.rate
        if wanted is None:
            return rate
        with flint_digits(wanted + 15):
            return to_mpf(self._equation.precise(wanted + 15)[1], wanted)

    def sample(self, seed: object) -> Sample:
        """Draw the random features ``W``: the exact mean loss given it, and SGD itself; level: conditional.

        Parameters
        ----------
        seed:
            A non-negative integer.

        Raises
        ------
        ParameterError
            If ``d`` or ``v`` is not an integer, or the draw needs more memory than is free, or more than a day.

        Examples
        --------
        >>> sample = PLRF(1, "7/10", d=20, v=60, gamma="3/10").sample(seed=1)
        >>> round(float(sample.conditional_loss(80)), 6)
        0.075525
        """
        chosen = whole_number(seed, "seed", least=0)
        for name, size in (("d", self.d), ("v", self.v)):
            if math.isinf(size) or size != int(size):
                near = 10 * math.ceil(self.d) if math.isinf(size) else math.ceil(size)
                remedy = f"use an integer {name}, for instance {name} = {near}"
                raise ParameterError(name, size, "a random matrix has a whole number of rows and columns", remedy)
        d, v = int(self.d), int(self.v)
        require_draw(d, v)
        covariance, target = self._spectrum.listed()
        noise = float(self.noise_variance)
        return Sample(chosen, covariance, target, d, self.learning_rate(), self.batch, noise)

    def spectral_edge(self, side: Literal["left", "right"] = "left", digits: int | None = None) -> Any:
        r"""Edge of the limiting spectrum of ``D^{1/2}WWᵀD^{1/2}``; level: deterministic equivalent.

        ``"left"`` is ``λ_min > 0``, above the atom at 0, ``"right"`` is ``λ_max``. Both are stationary values of
        ``z = −ζ m(ζ)``, at ``ζ`` in ``(0, ζ₀)`` and below ``−λ_1``.

        Examples
        --------
        >>> round(PLRF(1, "7/10", d=20, v=60).spectral_edge(), 15)
        0.000725546485248
        """
        if side not in ("left", "right"):
            raise ParameterError("side", side, "the spectrum has two edges", "use 'left' or 'right'")
        return self._constant(lambda point: point.left_edge if side == "left" else point.right_edge, digits)

    def spectral_density(self, x: object, weight: Literal["count", "target"] = "count") -> Any:
        r"""Density of the limiting spectrum at ``x > 0``; level: deterministic equivalent.

        ``"count"`` is the density of the ``d`` non-zero eigenvalues, of total mass 1,
        ``−Im m(x+i0)/(πx)``; ``"target"`` weights them by the target, ``Im S(x+i0)/π``, of total mass
        ``Σλ_jb_j² − F_0``.

        Parameters
        ----------
        x:
            A positive number or an array of them.
        weight:
            ``"count"`` or ``"target"``.

        Examples
        --------
        Marchenko–Pastur at ``v/d = 4``, ``√((x−1)(9−x))/(2πx)`` at ``x = 5``:

        >>> model = PLRF.from_spectrum([1] * 40, [1] + [0] * 39, d=10)
        >>> round(model.spectral_density(5) * 10 * 3.141592653589793, 12)
        4.0
        """
        if weight not in ("count", "target"):
            raise ParameterError("weight", weight, "there is no such weight", "use 'count' or 'target'")
        items, shape = entries(x, "x")
        values = [float(real(item, "x", above=0, reason="the density lives on x > 0")) for item in items]
        return _shaped([density(self._any_rate, value, weight == "target") for value in values], shape, None)

    def resolvent(self, z: object, digits: int | None = None) -> Resolvent:
        r"""The deterministic equivalent of ``(D^{1/2}WWᵀD^{1/2} − z)^{-1}`` at one complex ``z ≠ 0``.

        Fields ``m``, ``zeta``, ``trace`` and ``target``, where

        .. math:: m + \frac1d\sum_j \frac{\lambda_j m}{\lambda_j m - z} = 1, \qquad
                  R(z) = \mathrm{Diag}\Big(\frac{1}{\lambda_j m - z}\Big).

        On the real axis the value is the limit from above.

        Examples
        --------
        >>> round(PLRF(1, "7/10", d=20, v=60).resolvent(-1).m.real, 12)
        0.948938867292
        """
        if isinstance(z, complex | np.complexfloating):
            parts: tuple[Exact, Exact] = (real(z.real, "z"), real(z.imag, "z"))
        else:
            parts = (real(z, "z"), Fraction(0))
        if parts == (0, 0):
            raise ParameterError("z", z, "the resolvent has a pole at 0", "use z != 0")
        if not 1e-100 <= max(abs(float(part)) for part in parts) <= 1e100:
            raise ParameterError("z", z, "its square leaves double precision", "use 1e-100 <= |z| <= 1e100")
        wanted = digits_count(digits)
        if wanted is None:
            return resolvent(self._any_rate, complex(float(parts[0]), float(parts[1])))
        context = mp_context(wanted)
        found = precise_resolvent(self._any_rate, parts, wanted)
        return Resolvent(*(context.mpc(to_mpf(x.real, wanted), to_mpf(x.imag, wanted)) for x in found))

    def forcing(self, r: object, digits: int | None = None) -> Any:
        r"""The forcing function ``F(r)``; level: deterministic equivalent.

        .. math:: F(r) = \sigma^2 + \frac{-1}{2\pi i}\oint \langle R(z) D^{1/2}b, D^{1/2}b\rangle\, q(z)^r dz, \quad
                  q(z) = 1 - 2\gamma B z + \gamma^2 B(B+1) z^2

        Parameters
        ----------
        r:
            Steps, an integer or an array of integers ``≥ 0``.
        digits:
            ``None`` for double precision, with a relative error below 1e-10, or decimal digits.

        Examples
        --------
        >>> print(PLRF(1, "7/10", d=20, v=60, gamma="3/10").forcing(80, digits=20))
        0.021270925536332591331
        """
        return self._curve("forcing", r, digits)

    def kernel(self, r: object, digits: int | None = None) -> Any:
        r"""The kernel function ``K(r)``; level: deterministic equivalent.

        .. math:: K(r) = \frac{-\gamma^2 B}{2\pi i}\,\mathrm{Tr}\oint z^2 R(z)\, q(z)^r dz

        Past the cut-off ``γBr ≫ d^{2α}`` it is exponentially small; below 1e-300 it is 0, with an
        :class:`~scalesym.errors.AccuracyWarning`. Parameters as for :meth:`forcing`.

        Examples
        --------
        >>> round(PLRF(1, "7/10", d=20, v=60, gamma="3/10").kernel(80), 16)
        0.0001063133344494
        """
        return self._curve("kernel", r, digits)

    def loss(self, r: object, digits: int | None = None) -> Any:
        r"""The expected loss ``P(r)`` after ``r`` steps; level: deterministic equivalent.

        It solves the Volterra equation

        .. math:: P(r) = F(r) + \sum_{s<r} K(r-1-s)\, P(s),

        from one contour for all ``r``. Parameters as for :meth:`forcing`. Source: the paper, section 2.

        Examples
        --------
        >>> model = PLRF(1, "7/10", d=20, v=60, gamma="3/10")
        >>> [round(float(p), 6) for p in model.loss([0, 80, 10**20])]
        [1.138642, 0.032635, 0.013577]
        """
        return self._curve("loss", r, digits)

    def forcing_norm(self, digits: int | None = None) -> Any:
        r"""``‖F‖₁`` of the sharp law for ``2β > 1``, as ``d → ∞``.

        .. math:: \|F\|_1 = \sum_j \frac{b_j^2}{2\gamma B - \gamma^2B(B+1)\lambda_j}

        Examples
        --------
        >>> round(PLRF(1, "3/2", d=1000, v="inf", gamma="2/5").forcing_norm(), 10)
        2.3562164255
        """
        _, beta = self._exponents("forcing_norm")
        if not 2 * Fraction(beta) > 1:
            raise ParameterError("beta", beta, "the forcing function is not summable for 2 beta <= 1", "use beta > 1/2")
        wanted = digits_count(digits)
        work = wanted + 15 if wanted else DOUBLE
        with flint_digits(work + 10):
            sums, gamma = self._arithmetic(work if wanted else None)
            c_beta = FourPieces(self._law("forcing_norm"), self.d, self.batch, gamma, "continuum", work).c_beta
            node = -2 / (gamma * (self.batch + 1))
            return _round((c_beta - sums.nu(node if wanted else float(node))) / (2 * gamma * self.batch), wanted)

    def pieces(self, r: object, level: Level = "continuum", digits: int | None = None) -> Pieces:
        r"""The four pieces of the loss as fields ``F_pp, F_ac, F_0, K_pp``.

        With ``τ = 2γBr`` and ``c_β = Σ_{j≤v} j^{-2β}`` for ``2β > 1``, else 0, level ``"continuum"`` is

        .. math::
            F_{pp} = \frac1{2\alpha}\int_0^1 u^{\frac{2\beta-1}{2\alpha}} e^{-\tau u}du, \quad
            F_{ac} = \frac{c_\beta}{2\alpha d}\int_{d^{-2\alpha}}^1 u^{-\frac1{2\alpha}} e^{-\tau u}du, \quad
            K_{pp} = \frac{\gamma^2B}{2\alpha}\int_0^1 u^{1-\frac1{2\alpha}} e^{-\tau u}du

        and ``F_0`` with the continuum :meth:`kappa`, to which label noise adds ``σ²``. Level ``"asymptotic"`` is the
        leading term of each for
        ``1 ≪ γBr ≪ d^{2α}``. Level ``"sharp"``, for ``2α > 1``, gives each its constant in the loss, so that their *sum*
        is asymptotic to ``P``: ``F_pp, F_ac, F_0`` times ``1/(1−‖K‖)`` and ``K_pp`` times ``‖F‖₁/(1−‖K‖)²`` (0 for
        ``2β < 1``). ``K_pp`` is infinite for ``α ≤ 1/4``, where its integral diverges.

        Parameters
        ----------
        r:
            Steps, an integer or an array of integers; from 1 on at level ``"asymptotic"``.
        level:
            ``"continuum"``, ``"asymptotic"`` or ``"sharp"``.
        digits:
            ``None`` for double precision, or decimal digits.

        Examples
        --------
        >>> pieces = PLRF(1, 1, d=1000, v=10000, gamma="2/5").pieces(100)
        >>> round(pieces.F_pp, 10), round(pieces.K_pp, 10)
        (0.0006192699, 9.90832e-05)
        """
        law = self._law("pieces")
        wanted = digits_count(digits)
        if level not in ("continuum", "asymptotic", "sharp"):
            raise ParameterError("level", level, "there is no such level", "use 'continuum', 'asymptotic' or 'sharp'")
        if level == "sharp":
            if not 2 * Fraction(law.alpha) > 1:
                raise ParameterError("alpha", law.alpha, "the early sharp law needs 2 alpha > 1", "use alpha > 1/2")
            if 2 * Fraction(law.beta) == 1:
                raise ParameterError(
                    "beta", law.beta, "the sharp law has a logarithm at 2 beta = 1", "use another beta"
                )
        items, shape = steps(r)
        work = wanted + 10 if wanted else DOUBLE
        form: Literal["continuum", "asymptotic"] = "asymptotic" if level == "asymptotic" else "continuum"
        with flint_digits(work + 10):
            _, gamma = self._arithmetic(work + 10 if wanted else None)
            source = FourPieces(law, self.d, self.batch, gamma, form, work)
            rows = [source.at(item) for item in items]
            rows = [p._replace(F_0=p.F_0 + arb_of(self.noise_variance)) for p in rows]
            if level == "sharp":
                rest = 1 - _arb(self.kernel_norm(work if wanted else None))
                noise = 0 * rest
                if 2 * Fraction(law.beta) > 1:
                    noise = _arb(self.forcing_norm(work if wanted else None)) / rest**2
                rows = [Pieces(p.F_pp / rest, p.F_ac / rest, p.F_0 / rest, p.K_pp * noise) for p in rows]
            columns = [[_round(row[k], wanted) for row in rows] for k in range(4)]
        if wanted is None and not all(math.isfinite(x) for column in columns[:3] for x in column):
            reason = "a leading term exceeds double precision, because gamma*B*r is small"
            raise ParameterError("r", r, reason, "use a larger r, or digits=20, or level='continuum'")
        return Pieces(*(_shaped(column, shape, wanted) for column in columns))

    def _arithmetic(self, digits: int | None) -> tuple[Any, Any]:
        """Sums over the spectrum, and the learning rate as an exact ``arb``."""
        if digits is None:
            return self._equation.point.sums, arb_of(self._equation.rate)
        point, gamma = self._equation.precise(digits)
        return point.sums, gamma

    def _law(self, what: str) -> PowerLaw:
        if not isinstance(self._spectrum, PowerLaw):
            raise ParameterError("model", self, f"{what} is defined for the power law only", "use PLRF(alpha, beta, …)")
        return self._spectrum

    def _exponents(self, what: str) -> tuple[Exact, Exact]:
        law = self._law(what)
        return law.alpha, law.beta

    def _constant(self, value: Any, digits: int | None) -> Any:
        wanted = digits_count(digits)
        if wanted is None:
            return float(value(self._any_rate.point))
        with flint_digits(wanted + 15):
            return to_mpf(value(self._any_rate.precise(wanted + 15)[0]), wanted)

    def _curve(self, quantity: Quantity, r: object, digits: int | None) -> Any:
        items, shape = steps(r)
        wanted = digits_count(digits)
        if wanted is None:
            return _shaped(list(self._equation.curve(quantity, items)), shape, None)
        return _shaped(self._equation.precise_curve(quantity, items, wanted), shape, wanted)


def _shaped(values: list[Any], shape: tuple[int, ...], digits: int | None) -> Any:
    if not shape:
        return float(values[0]) if digits is None else values[0]
    return np.array(values, dtype=float).reshape(shape) if digits is None else values


def _round(value: Any, digits: int | None) -> Any:
    """An ``arb`` as a float, or as an mpmath number with ``digits`` digits."""
    if digits is None:
        return float(value.mid())
    return to_mpf(value, digits)


def _arb(value: Any) -> Any:
    """A float or an mpmath number as an exact ``arb``."""
    from flint import arb, fmpz

    if isinstance(value, float):
        return arb(value)
    sign, mantissa, exponent, _ = value._mpf_
    return arb((fmpz(-int(mantissa) if sign else int(mantissa)), fmpz(int(exponent))))


def _plain(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value)
    return "inf" if isinstance(value, float) and math.isinf(value) else repr(value)
