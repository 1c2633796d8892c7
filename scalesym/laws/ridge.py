r"""Ridge regression on random features of power-law data: loss in the number of features and of samples, and its plateaus.

Data in ``M`` dimensions have variances ``λ_I = λ_+ I^{-(1+α)}``, labels are ``y = ⟨w, x⟩ + σ·normal`` with ``w_I² = σ_w² I^{-2β}``, and a
student sees ``T`` samples through ``N`` random linear features. Its loss follows a quantity ``Δ``, the ridge that the spectrum
feels,

.. math:: \delta = \Delta\,\frac{(T-f)(N-f)}{N}, \qquad f(\Delta) = \sum_{I\le M}\frac{\lambda_I}{\lambda_I+\Delta},

and falls as ``n^{-α}``, ``n = min(N, T)``, until ``n`` comes near ``M``, the end of the spectrum.

It is the same data and the same random features as in :class:`scalesym.PLRF`, ``1 + α = 2α_P``, ``N = d``, ``M = v``, which trains
by one-pass SGD, and whose limit ``F_0`` is this law's plateau at ``T = ∞``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from ..formulas import formula as catalogued
from ..parameters import Exact, nonnegative, number, real, whole_number
from ..powerlaw import Budget, Law, Term
from ..resources import require_memory
from ..sampled.finite_data import FiniteDataSampler
from ..spectrum import Measured, PowerLaw
from . import ridge_best, ridge_loss
from ._quantities import floats
from .published import constants, published
from .ridge_best import Optimum, RidgeExponents, Split
from .ridge_point import Convention, Level, is_sum

if TYPE_CHECKING:
    from ..model import PLRF
    from ..sampled.finite_data_draw import FiniteDataRuns

__all__ = ["Convention", "Level", "Optimum", "RandomFeatureRidge", "RidgeExponents", "Split"]

_LARGEST, _EXTREME = 1e30, 1e50  # of M; of scales and of the noise


@dataclass(frozen=True, init=False)
class RandomFeatureRidge:
    r"""Ridge regression on ``N`` random features and ``T`` samples; level: deterministic equivalent.

    Parameters
    ----------
    alpha:
        ``λ_I = scale · I^{-(1+alpha)}``; above 0, or above −1 for finite ``M`` (by 0.002), and at most 1000.
    M:
        Latent dimension, a whole number up to ``1e30``, or ``"inf"``.
    scale, weight_variance:
        ``λ_+`` and ``σ_w²``, positive.
    noise_variance:
        ``σ² ≥ 0`` of the labels. It is part of the loss, on test labels too.
    beta:
        ``w_I² = weight_variance · I^{-2 beta}``, 0 for the isotropic teacher of the paper; ``α + 2β > 0`` if ``M`` is infinite. The
        signs of ``w_I`` do not matter, so that random ones of these variances have the same mean loss.

    Raises
    ------
    ParameterError
        Outside the domain.

    Notes
    -----
    The loss is a mean square, without a factor 1/2. A ridge is that of ``Σ(y−f)² + δ|θ|²`` (``convention="sum"``) with features of
    variance ``1/N`` per latent, or ``s = δ/T`` of the mean of squares (``"mean"``). ``N`` and ``T`` are real, from 1 to
    ``1e30``, or ``"inf"``. Without ridge the loss at ``N = T`` (below ``M``), or with noise at
    ``T = M < N``, is infinite, and given as ``inf``.

    Examples
    --------
    >>> law = RandomFeatureRidge("3/5", M=600)
    >>> print(f"{law.loss(40, 120):.5f} {law.loss(40, 120, ridge=0.3):.5f}")
    0.44926 0.38774
    >>> print(law.loss(40, 40), f"{law.optimal_ridge(40, 40).loss:.5f}")
    inf 0.51361
    """

    alpha: Exact | None
    M: Exact
    scale: Exact
    weight_variance: Exact
    noise_variance: Exact
    beta: Exact | None
    _measured: Measured | None = field(init=False, repr=False)

    def __init__(
        self,
        alpha: object,
        M: object,
        *,
        scale: object = 1,
        weight_variance: object = 1,
        noise_variance: object = 0,
        beta: object = 0,
    ) -> None:
        size = number(M, "M")
        infinite = size == math.inf
        if not infinite:
            size = Fraction(whole_number(size, "M", least=1))
            if size > _LARGEST:
                raise ParameterError("M", M, "larger sizes are not resolved", f"use M <= {_LARGEST:g}, or M = inf")
        least = 0 if infinite else -1
        why = "the variances have no finite sum" if infinite else "the spectrum would be flat, or grow"
        a, b = real(alpha, "alpha", above=least, reason=why), real(beta, "beta")
        if Fraction(a) < least + Fraction(1, 500) or a > 1000:
            raise ParameterError("alpha", alpha, "it is not resolved", f"use {least + 0.002:g} <= alpha <= 1000")
        if abs(Fraction(b)) > 1000:
            raise ParameterError("beta", beta, "the teacher is one coordinate alone", "use |beta| <= 1000")
        if infinite and Fraction(a) + 2 * Fraction(b) < Fraction(1, 500):
            raise ParameterError("beta", beta, "the labels have no finite variance", "use alpha + 2 beta >= 0.002")
        if not infinite and -float(1 + Fraction(a) + 2 * Fraction(b)) * math.log10(float(size)) > 100:
            raise ParameterError("beta", beta, "the labels' variance leaves double precision", "use a larger beta")
        self._fill(a, b, size, None, scale, weight_variance, noise_variance)

    def _fill(
        self,
        alpha: Exact | None,
        beta: Exact | None,
        M: Exact,
        measured: Measured | None,
        scale: object,
        weight_variance: object,
        noise_variance: object,
    ) -> None:
        noise = nonnegative(noise_variance, "noise_variance", "it is the variance of the label noise")
        if noise > _EXTREME:
            reason = "it is not resolved in double precision"
            raise ParameterError("noise_variance", noise, reason, f"use noise_variance <= {_EXTREME:g}")
        for name, value in (
            ("alpha", alpha),
            ("M", M),
            ("scale", _scale(scale, "scale", "without variance there are no data")),
            ("weight_variance", _scale(weight_variance, "weight_variance", "nothing is taught")),
            ("noise_variance", noise),
            ("beta", beta),
            ("_measured", measured),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names that :meth:`from_paper` takes."""
        return tuple(published("ridge")["sets"])

    @classmethod
    def from_paper(cls, name: str = "harmonic") -> RandomFeatureRidge:
        """Examples of a spectrum; the paper's constants could not be read."""
        return cls(**constants("ridge", name)["constants"])

    @classmethod
    def from_spectrum(
        cls, eigenvalues: Iterable[object], target: Iterable[object], *, noise_variance: object = 0
    ) -> RandomFeatureRidge:
        """The same model for any finite spectrum ``λ_I > 0`` and teacher ``w_I``.

        Examples
        --------
        Isotropic data: all features, and ``T`` of ``M`` samples find ``T/M`` of the teacher.

        >>> law = RandomFeatureRidge.from_spectrum([1] * 40, [1] * 40)
        >>> round(law.loss("inf", 10), 12)
        30.0
        """
        measured = Measured.read(eigenvalues, target)
        size = Fraction(len(measured.eigenvalues))
        for i, x in enumerate(measured.eigenvalues):
            _extent(x, f"eigenvalues[{i}]", 1e30)
        for i, x in enumerate(measured.target):
            _extent(abs(x) or 1, f"target[{i}]", _EXTREME)
        law = object.__new__(cls)
        law._fill(None, None, size, measured, 1, 1, noise_variance)
        return law

    @classmethod
    def from_plrf(cls, model: PLRF) -> RandomFeatureRidge:
        """The same data and teacher: ``alpha = 2 model.alpha − 1``.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> RandomFeatureRidge.from_plrf(PLRF("4/5", 0, d=20, v=600)).alpha
        Fraction(3, 5)
        """
        if model.alpha is None or model.beta is None:
            spectrum = model._spectrum
            assert isinstance(spectrum, Measured)
            return cls.from_spectrum(spectrum.eigenvalues, spectrum.target, noise_variance=model.noise_variance)
        alpha = 2 * Fraction(model.alpha) - 1
        exact = alpha if isinstance(model.alpha, Fraction) else float(alpha)
        return cls(exact, model.v, beta=model.beta, noise_variance=model.noise_variance)

    def to_plrf(self, N: object, **options: Any) -> PLRF:
        """The PLRF with ``d = N`` features of the same data and teacher, trained by one-pass SGD.

        Parameters
        ----------
        N:
            Below ``M``.
        options:
            ``gamma`` and ``batch`` of :class:`scalesym.PLRF`.

        Raises
        ------
        ParameterError
            If ``scale`` or ``weight_variance`` is not 1, which PLRF has no parameter for, or for what PLRF refuses.

        Examples
        --------
        >>> law = RandomFeatureRidge("3/5", M=600)
        >>> abs(law.to_plrf(20).forcing_limit() / law.plateau(N=20) - 1) < 1e-12
        True
        """
        from ..model import PLRF

        for name in ("scale", "weight_variance"):
            if (value := getattr(self, name)) != 1:
                remedy = f"use {name} = 1; a scale c of the data is a learning rate c·gamma and a loss in units of c"
                raise ParameterError(name, value, "PLRF has unit scales", remedy)
        if self._measured is not None:
            rows = self._measured.eigenvalues, self._measured.target
            return PLRF.from_spectrum(*rows, d=N, noise_variance=self.noise_variance, **options)
        assert self.alpha is not None
        alpha = (1 + Fraction(self.alpha)) / 2
        exact = alpha if isinstance(self.alpha, Fraction) else float(alpha)
        return PLRF(exact, self.beta, d=N, v=self.M, noise_variance=self.noise_variance, **options)

    @property
    def spectrum(self) -> PowerLaw | Measured:
        """``λ_I/scale`` and ``w_I/σ_w``."""
        if self._measured is not None:
            return self._measured
        assert self.alpha is not None
        assert self.beta is not None
        half = (1 + Fraction(self.alpha)) / 2
        return PowerLaw(half if isinstance(self.alpha, Fraction) else float(half), self.beta, self.M)

    @property
    def formula(self) -> Any:
        """The loss in terms of ``Δ`` and sums over the spectrum, as a SymPy equation."""
        return catalogued("ridge.loss").statement

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        return catalogued("ridge.loss").latex()

    def exponents(self) -> RidgeExponents:
        r"""How the noiseless loss falls in the scaling range ``1 ≪ N, T ≪ M``.

        With ``b = 1+α`` and ``a = b + 2β`` the plateau ``Σ uΔ/(λ+Δ)`` at ``T = ∞`` has a part ``N^{-(a-1)}`` from the modes near
        ``N`` and one ``Δ ∝ N^{-b}`` from the first; that at ``N = ∞`` has ``Δ² ∝ T^{-2b}`` for the latter. The larger one decides.

        Raises
        ------
        ParameterError
            For a measured spectrum, or if ``alpha`` or ``alpha + 2 beta`` is not positive.

        Examples
        --------
        >>> RandomFeatureRidge("3/5", M="inf").exponents()
        RidgeExponents(features=Fraction(3, 5), samples=Fraction(3, 5), compute=Fraction(3, 10), split=Fraction(1, 2))
        """
        alpha, beta = self._power()
        head, tail = 1 + Fraction(alpha), Fraction(alpha) + 2 * Fraction(beta)
        if not tail > 0:
            raise ParameterError("beta", self.beta, "the labels are of the last latents", "use alpha + 2 beta > 0")
        features, samples = min(tail, head), min(tail, 2 * head)
        compute = split = None
        if tail < head:  # L = N^{-tail} times a function of N/T
            best = Law((Term("features", 0, features), Term("samples", samples, 0)), Budget()).optimum()
            compute, split = best.eta, best.xi
        found = (features, samples, compute, split)
        if isinstance(alpha, Fraction) and isinstance(beta, Fraction):
            return RidgeExponents(*found)
        return RidgeExponents(*(None if each is None else float(each) for each in found))  # type: ignore[arg-type]

    def _power(self) -> tuple[Exact, Exact]:
        """``α > 0`` and ``β`` of a power law."""
        if self.alpha is None or self.beta is None:
            raise ParameterError("alpha", None, "a measured spectrum has no exponents", "use level='equivalent'")
        if not self.alpha > 0:
            reason = "the spectrum has no continuum, its variances have no finite sum"
            raise ParameterError("alpha", self.alpha, reason, "use alpha > 0, or level='equivalent'")
        return self.alpha, self.beta

    # -- loss, best ridge, best split ----------------------------------------------------------------------------------

    delta = ridge_loss.delta
    delta_of_ridge = ridge_loss.delta_of_ridge
    ridge_of_delta = ridge_loss.ridge_of_delta
    loss = ridge_loss.loss
    train_loss = ridge_loss.train_loss
    ridgeless = ridge_loss.ridgeless
    plateau = ridge_loss.plateau
    optimal_ridge = ridge_best.optimal_ridge
    compute_optimal = ridge_best.compute_optimal
    scaling_range = ridge_best.scaling_range

    # -- the random matrices themselves ----------------------------------------------------------------------------------

    def simulate(
        self,
        N: object,
        T: object,
        ridge: object = 0,
        draws: object = 100,
        seed: object = 0,
        convention: Convention = "sum",
        members: object = 1,
        datasets: object = 1,
    ) -> FiniteDataRuns:
        """Draw features and data, and solve; level: sampled.

        Parameters
        ----------
        N, T:
            Whole numbers or ``inf``, not both.
        ridge:
            One or several, ``≥ 0``.
        draws, seed, members, datasets:
            As in :class:`scalesym.sampled.finite_data.FiniteDataSampler`.

        Raises
        ------
        ParameterError
            If ``M`` is infinite, a size is no count, or the draws need more than the memory or a day.

        Examples
        --------
        >>> law = RandomFeatureRidge("3/5", M=600)
        >>> runs = law.simulate(40, 120, ridge=0.3, draws=100, seed=1)
        >>> bool(abs(runs.mean[0] / law.loss(40, 120, ridge=0.3) - 1) < 0.05)
        True
        """
        if math.isinf(self.M):
            raise ParameterError("M", self.M, "a random matrix has a finite number of columns", "use a finite M")
        require_memory("M", self.M, 16.0 * float(self.M), "use a smaller M")
        eigenvalues, target = self.spectrum.listed()
        eigenvalues, target = eigenvalues * float(self.scale), target * math.sqrt(self.weight_variance)
        sampler = FiniteDataSampler(eigenvalues, target, N, T, self.noise_variance, members, datasets)
        per_sample = 1 / sampler.samples if is_sum(convention) else 1.0
        return sampler.ridge(floats(ridge, "ridge") * per_sample, draws, seed)


def _scale(value: object, name: str, reason: str) -> Exact:
    result: Exact = _extent(real(value, name, above=0, reason=reason), name, _EXTREME)
    return result


def _extent(value: Any, name: str, extent: float) -> Any:
    if not 1 / extent <= value <= extent:
        reason = "it is not resolved in double precision"
        raise ParameterError(name, value, reason, f"keep it between {1 / extent:g} and {extent:g}")
    return value
