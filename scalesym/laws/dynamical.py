r"""The dynamical model of neural scaling laws: gradient flow on random features of a power-law spectrum, from finite data.

A teacher ``y = w*·ψ(x)`` with ``⟨ψ_kψ_l⟩ = λ_kδ_{kl}``, a student ``f = w·Aψ/√N`` with ``N`` random features, ``P`` samples, and

.. math::
    \dot v = -\Big(\frac{A^\top A}N\Big)\Big(\frac{\Psi^\top\Psi}P\Big)v, \quad v(0) = w^*, \qquad
    L(t) = \sum_k\lambda_k\langle v_k(t)^2\rangle, \qquad \lambda_k = k^{-b},\; \lambda_k(w^*_k)^2 = k^{-a} .

Everything follows from one function of two resolvents (:mod:`scalesym.equivalent.finite_data`); in discrete time it is checked by
the dynamical mean field theory solved step by step (:mod:`scalesym.equivalent.mean_field`), and both by simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..equivalent.finite_data import FiniteData
from ..errors import ParameterError
from ..formulas import formula as catalogued
from ..parameters import Exact, nonnegative, real
from ..spectrum import Measured, PowerLaw, Spectrum
from ._quantities import floats, within
from .dynamical_curves import Decomposition, Response, curve, finite_data, static
from .dynamical_exponents import (
    Agreement,
    FlowExponents,
    FollowUp,
    Kind,
    agreement,
    flow_exponents,
    follow_up,
)
from .dynamical_frontier import Best, best
from .published import constants, published

if TYPE_CHECKING:
    from ..equivalent.mean_field import MeanField
    from ..sampled.finite_data import FiniteDataRuns

__all__ = ["Decomposition", "DynamicalModel", "Response"]

_OVER = ("features", "samples", "both")
_FEWEST, _MOST, _LATEST = 1e-6, 1e100, 1e60  # of N and P, and of t
_STEEPEST, _STEEPEST_TASK = 100, 1000
_DECADES = 120  # of eigenvalues
_EXTENT = 1e30  # of measured eigenvalues, and of their inverses


@dataclass(frozen=True, init=False)
class DynamicalModel:
    r"""Gradient flow with ``N`` random features and ``P`` samples; level: deterministic equivalent, unless a method says otherwise.

    Parameters
    ----------
    a:
        The task: ``λ_kw_k² = k^{-a}``. ``a > 1`` if ``M`` is infinite.
    b:
        The spectrum: ``λ_k = k^{-b}``, ``b > 0``; ``b > 1`` if ``M`` is infinite.
    M:
        The number of eigenvalues, an integer or ``"inf"``.
    noise_variance:
        ``σ²`` of the labels, of training and of test samples.

    Raises
    ------
    ParameterError
        Outside the domain.

    Examples
    --------
    >>> model = DynamicalModel("1.8", "1.4", M=400)
    >>> print(f"{model.loss(10, N=60, P=90):.6f} {model.train_loss(10, N=60, P=90):.6f}")
    0.291657 0.216713
    >>> model.exponents().eta, model.agreement().phase
    (Fraction(1, 3), 'Ia')

    References
    ----------
    Bordelon, Atanasov, Pehlevan, A Dynamical Model of Neural Scaling Laws, arXiv:2402.01092. The paper also has factors
    ``M^{-1/2}``, absorbed here, and ``α = P/M``, ``ν = N/M``.
    """

    a: Exact | None
    b: Exact | None
    M: Exact
    noise_variance: Exact
    spectrum: Spectrum = field(repr=False)

    def __init__(self, a: object, b: object, M: object = math.inf, noise_variance: object = 0) -> None:
        size = real(M, "M", above=0, reason="it counts eigenvalues", infinite=True)
        if not math.isinf(size) and int(size) != size:
            raise ParameterError("M", M, "it counts eigenvalues", "use an integer, or 'inf'")
        endless = math.isinf(size)
        power = real(a, "a", above=1 if endless else None, reason="the loss before training is infinite")
        why = "the trace of the covariance is infinite" if endless else "the spectrum must fall"
        decay = real(b, "b", above=1 if endless else 0, reason=why)
        if abs(float(power)) > _STEEPEST_TASK:
            raise ParameterError("a", a, "the first mode is all there is", f"use |a| <= {_STEEPEST_TASK}")
        if float(decay) > _STEEPEST:
            raise ParameterError("b", b, "the first mode is all there is", f"use b <= {_STEEPEST}")
        if not endless and -float(power) * math.log10(float(size)) > _DECADES:
            raise ParameterError("a", a, "the loss before training leaves double precision", "use a larger a")
        self._fill(power, decay, size, noise_variance, PowerLaw(decay / 2, (power - decay) / 2, size))

    def _fill(self, a: Exact | None, b: Exact | None, M: Exact, noise_variance: object, spectrum: Spectrum) -> None:
        noise = nonnegative(noise_variance, "noise_variance", "it is a variance")
        values = {"a": a, "b": b, "M": M, "noise_variance": noise, "spectrum": spectrum}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names that :meth:`from_paper` takes."""
        return tuple(published("dynamical")["sets"])

    @classmethod
    def from_paper(cls, name: str = "cifar-5m") -> DynamicalModel:
        """Exponents as reported, or as an example of a kind of task.

        Examples
        --------
        >>> DynamicalModel.from_paper().exponents().eta
        Fraction(1, 20)
        """
        return cls(**constants("dynamical", name)["constants"])

    @classmethod
    def from_spectrum(cls, eigenvalues: Any, weights: Any, noise_variance: object = 0) -> DynamicalModel:
        """Any eigenvalues ``λ_k > 0`` with the teacher's weights ``w_k``; such a model has no exponents.

        Examples
        --------
        >>> model = DynamicalModel.from_spectrum([1] * 50, [1] * 50)
        >>> round(model.static_limit(N=20), 12)
        30.0
        """
        spectrum = Measured.read(eigenvalues, weights)
        for i, each in enumerate(spectrum.eigenvalues):
            if not 1 / _EXTENT <= each <= _EXTENT:
                remedy = f"keep them between {1 / _EXTENT:g} and {_EXTENT:g}"
                raise ParameterError(f"eigenvalues[{i}]", each, "it is not resolved in double precision", remedy)
        model = object.__new__(cls)
        model._fill(None, None, Fraction(len(spectrum.eigenvalues)), noise_variance, spectrum)
        return model

    # -- one resolvent -------------------------------------------------------------------------------------------------

    def kappa(self, n: object, level: Literal["equivalent", "continuum"] = "equivalent") -> float:
        r"""``κ`` with ``Σ_k λ_k/(λ_k+κ) = n``: the eigenvalue down to which ``n`` features or samples resolve the spectrum.

        At the level of the continuum, ``((π/b)/sin(π/b))^b n^{-b}``, for ``1 ≪ n ≪ M``.

        Examples
        --------
        >>> model = DynamicalModel(2, 2)
        >>> print(f"{model.kappa(100):.6e} {model.kappa(100, 'continuum'):.6e}")
        2.442911e-04 2.467401e-04
        """
        count, _ = self._resources(n, math.inf, "n")
        if level == "continuum":
            _, b = self._exponents("the continuum")
            if not b > 1:
                raise ParameterError("b", b, "the integral over all modes diverges", "use b > 1")
            angle = math.pi / float(b)
            return float((angle / math.sin(angle)) ** float(b) * count ** -float(b))
        if level != "equivalent":
            raise ParameterError("level", level, "there is no such level", "use 'equivalent' or 'continuum'")
        return self._finite_data(count, math.inf).ridgeless

    def response(self, s: object, N: object = math.inf, P: object = math.inf) -> Response:
        r"""``κ``, ``R_1 = 1 - f(κ)/P`` and ``R_3 = 1 - f(κ)/N`` at the Laplace variable ``s = κR_1R_3``.

        The response of mode ``k`` is ``H_k = 1/(s + λ_kR_1R_3) = κ/(s(κ+λ_k))``.

        Parameters
        ----------
        s:
            Positive, or complex off the negative axis; a number or an array.
        N, P:
            Numbers of features and of samples, real and positive, or infinite.

        Examples
        --------
        >>> found = DynamicalModel(2, 2, M=1000).response(0.01, N=50, P=80)
        >>> print(f"{found.kappa:.6f} {found.samples:.6f} {found.features:.6f}")
        0.015511 0.849397 0.759036
        """
        given = np.asarray(s)
        if np.iscomplexobj(given):
            if not np.all(np.isfinite(given)) or np.any((given.imag == 0) & (given.real <= 0)):
                raise ParameterError("s", s, "the resolvent has its spectrum on the negative axis", "use s off it")
            points: Any = given
        else:
            points = floats(s, "s")
            within(points, "s", points <= 0, "the resolvent has its spectrum on the negative axis", "use s > 0")
        data = self._finite_data(*self._resources(N, P))
        kappa = data.kappa(points)
        return Response(kappa, *data.responses(kappa, points))

    # -- two resolvents --------------------------------------------------------------------------------------------------

    def loss(self, t: object, N: object = math.inf, P: object = math.inf) -> Any:
        """The mean square error on a new sample after a time ``t`` of gradient flow, ``σ²`` included.

        Parameters
        ----------
        t:
            Not negative, perhaps infinite; a number or an array. With ``n`` steps of size ``η`` it is near ``ηn``.
        N, P:
            Numbers of features and of samples, real and positive, or infinite.

        Examples
        --------
        >>> model = DynamicalModel("1.8", "1.4", M=2000)
        >>> [round(float(x), 6) for x in model.loss([0, 1, 10], N=100)]
        [1.879372, 0.78124, 0.243535]
        """
        return self._curve(t, N, P)

    def train_loss(self, t: object, N: object = math.inf, P: object = math.inf) -> Any:
        """The mean square error on the ``P`` training samples, with their noise; with ``P = ∞`` it is :meth:`loss`."""
        return self._curve(t, N, P, train=True)

    def gap(self, t: object, N: object = math.inf, P: object = math.inf) -> Any:
        """``loss - train_loss``."""
        return self.loss(t, N, P) - self.train_loss(t, N, P)

    def decomposition(self, t: object, N: object = math.inf, P: object = math.inf) -> Decomposition:
        """Bias and variances over the draw of features and of samples.

        Examples
        --------
        >>> parts = DynamicalModel(2, 2, M=1000).decomposition(30, N=50, P=80)
        >>> print(f"{parts.bias:.5f} {parts.features:.5f} {parts.samples:.5f} {parts.interaction:.5f}")
        0.12762 0.01476 0.00893 0.00192
        """
        noise = float(self.noise_variance)
        total, samples, features, bias = (
            self._curve(t, N, P, same_features=one, same_samples=other) - noise
            for one, other in ((True, True), (False, True), (True, False), (False, False))
        )
        if not np.all(np.isfinite(total)):
            raise ParameterError(
                "t", math.inf, "the loss is infinite, and so is a variance", "use a finite t, or other N and P"
            )
        rest = total - features - samples + bias
        return Decomposition(bias, features - bias, samples - bias, rest, noise + 0 * bias)

    def ensemble(
        self,
        t: object,
        E: object,
        N: object = math.inf,
        P: object = math.inf,
        over: Literal["features", "samples", "both"] = "features",
    ) -> Any:
        """The loss of the mean of ``E`` predictors, each with its own draw of the features, of the samples, or of both.

        Only the variance over what is drawn anew is divided by ``E``.

        Parameters
        ----------
        E:
            How many, at least 1, perhaps infinite.
        over:
            What each of them draws for itself.
        """
        count = real(E, "E", infinite=True)
        if count < 1:
            raise ParameterError("E", E, "it counts predictors", "use E >= 1")
        if over not in _OVER:
            raise ParameterError("over", over, "there is no such draw", f"use one of {', '.join(_OVER)}")
        apart = self._curve(t, N, P, same_features=over == "samples", same_samples=over == "features")
        if math.isinf(count):
            return apart
        return apart + (self._curve(t, N, P) - apart) / float(count)

    def static_limit(self, N: object = math.inf, P: object = math.inf) -> float:
        r"""The loss at ``t = ∞``: of least-norm regression, ``E(κ, κ)`` at ``f(κ) = min(N, P)``; infinite at ``N = P < M``.

        Examples
        --------
        >>> print(f"{DynamicalModel('4.5', '1.5', M=3000).static_limit(N=200):.7f}")
        0.0012480
        """
        return static(self.spectrum, float(self.noise_variance), *self._resources(N, P))

    def mean_field(self, steps: object, learning_rate: object, N: object = math.inf, P: object = math.inf) -> MeanField:
        """Gradient descent by dynamical mean field theory: response and correlation functions at every pair of steps.

        Parameters
        ----------
        steps:
            How many.
        learning_rate:
            ``η``, a number or one for each step; the time is their sum.

        Returns
        -------
        MeanField
            ``R_1``, ``R_3`` and ``C_0`` to ``C_3``, matrices with a row for each step and one for the beginning; ``loss`` and ``train``,
            of which the first does not count the label noise of the test point.

        Examples
        --------
        >>> found = DynamicalModel("1.8", "1.4", M=400).mean_field(10, 0.5, N=60, P=90)
        >>> print([f"{x:.5f}" for x in found.loss[[1, 5, 10]]], f"{found.C_0[10, 5]:.5f}")
        ['0.98893', '0.48526', '0.36833'] 0.41211
        """
        from ..equivalent.mean_field import mean_field

        features, samples = self._resources(N, P)
        nodes = self._finite_data(features, samples).nodes
        return mean_field(nodes, features, samples, learning_rate, steps, self.noise_variance)

    # -- exponents -------------------------------------------------------------------------------------------------------

    def exponents(self, kind: Kind = "derived") -> FlowExponents:
        """Exponents of the loss and of the compute-optimal run, derived or as reported; level: asymptotic.

        Both agree for ``a - 1 ≤ b``. For easier tasks the power ``min(a-1, 2b)`` reported for the number of features is that of the
        bias: of infinitely many networks together, not of one, whose variance over its features falls like ``N^{-b}``.

        Examples
        --------
        >>> model = DynamicalModel(5, 2)
        >>> model.exponents().features, model.exponents("published").features
        (Fraction(2, 1), Fraction(4, 1))
        """
        return flow_exponents(*self._exponents("exponents"), kind)

    def follow_up(self) -> FollowUp:
        """The model in the letters of the authors' later paper, arXiv:2409.17858, with the exponents reported there."""
        return follow_up(*self._exponents("the later paper"))

    def agreement(self) -> Agreement:
        """The flow beside one-pass SGD: the phase at the same ``(α, β)``, whether exponents agree, and why."""
        return agreement(*self._exponents("the comparison with the phases"))

    def compute_optimal(self, C: object, P: object = math.inf) -> Best:
        """The best ``N`` and ``t = C/N`` at a budget, with its local exponents."""
        budget = float(real(C, "C", above=0, reason="it is a compute"))
        samples = float(real(P, "P", above=0, reason="it counts samples", infinite=True))
        return best(self, budget, samples)

    @property
    def formula(self) -> Any:
        """What the loss is the transform of, ``E(κ, κ')``, as a SymPy equation."""
        return catalogued("two-resolvents.risk").statement

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        return catalogued("two-resolvents.risk").latex()

    # -- ground truth --------------------------------------------------------------------------------------------------

    def simulate(
        self,
        t: object,
        N: object = math.inf,
        P: object = math.inf,
        *,
        draws: object = 100,
        seed: object = 0,
        members: object = 1,
        datasets: object = 1,
    ) -> FiniteDataRuns:
        """Gradient flow on random draws of features and data, solved exactly; level: sampled.

        Parameters
        ----------
        t:
            Times, perhaps infinite.
        N, P:
            Integers, not both infinite; ``M`` must be finite.
        draws, seed:
            How many, and a non-negative integer.
        members, datasets:
            How many sets of features, and of samples, each draw has; every set of features is trained on every set of samples.

        Examples
        --------
        >>> model = DynamicalModel("1.8", "1.4", M=200)
        >>> mean, error = model.simulate(10, N=40, draws=50, seed=1).summary()
        >>> bool(abs(mean[0] - model.loss(10, N=40)) < 5 * error[0])
        True
        """
        if math.isinf(self.spectrum.size):
            raise ParameterError("M", self.M, "a draw has finitely many modes", "use a finite M")
        from ..sampled.finite_data import FiniteDataSampler

        lam, weights = self.spectrum.listed()
        noise = self.noise_variance
        return FiniteDataSampler(lam, weights, N, P, noise, members=members, datasets=datasets).flow(t, draws, seed)

    # -- the other models ----------------------------------------------------------------------------------------------

    @property
    def alpha(self) -> Exact:
        """``α = b/2`` of the PLRF."""
        return self._exponents("alpha")[1] / 2

    @property
    def beta(self) -> Exact:
        """``β = (a - b)/2`` of the PLRF."""
        a, b = self._exponents("beta")
        return (a - b) / 2

    @classmethod
    def from_plrf(cls, model: Any) -> DynamicalModel:
        """The flow on the spectrum of a :class:`~scalesym.PLRF`; its ``d`` is the ``N`` of the methods.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> DynamicalModel.from_plrf(PLRF(1, "7/10", d=100, v=400))
        DynamicalModel(a=Fraction(17, 5), b=Fraction(2, 1), M=Fraction(400, 1), noise_variance=Fraction(0, 1))
        """
        if model.alpha is None or model.beta is None:
            raise ParameterError("model", model, "its spectrum is measured", "use DynamicalModel.from_spectrum")
        return cls(2 * (model.alpha + model.beta), 2 * model.alpha, model.v, model.noise_variance)

    def to_plrf(self, N: object, **options: Any) -> Any:
        """The :class:`~scalesym.PLRF` with this spectrum and ``d = N``: one-pass SGD instead of gradient flow.

        Parameters
        ----------
        N:
            Number of features, below ``M``.
        options:
            ``gamma`` and ``batch``; time ``t`` of the flow is about ``γBr``.

        Examples
        --------
        >>> DynamicalModel("3.4", 2, M=400).to_plrf(100).alpha
        Fraction(1, 1)
        """
        from ..model import PLRF

        return PLRF(self.alpha, self.beta, N, self.M, noise_variance=self.noise_variance, **options)

    # -- inside ----------------------------------------------------------------------------------------------------------

    def _exponents(self, what: str) -> tuple[Exact, Exact]:
        if self.a is None or self.b is None:
            raise ParameterError("spectrum", "measured", f"{what} needs a power law", "use DynamicalModel(a, b, M)")
        return self.a, self.b

    def _finite_data(self, features: float, samples: float) -> FiniteData:
        return finite_data(self.spectrum, features, samples)

    def _curve(self, t: object, N: object, P: object, *, train: bool = False, **same: bool) -> Any:
        times = floats(t, "t", infinite=True)
        within(times, "t", times < 0, "training has not begun", "use t >= 0")
        late = np.isfinite(times) & (times > _LATEST)
        within(times, "t", late, "it is not resolved in double precision", f"use t <= {_LATEST:g}, or 'inf'")
        found = curve(self.spectrum, float(self.noise_variance), times, *self._resources(N, P), train=train, **same)
        return float(found) if found.ndim == 0 else found

    def _resources(self, N: object, P: object, called: str = "N") -> tuple[float, float]:
        found = []
        for name, value in ((called, N), ("P", P)):
            count = float(real(value, name, above=0, reason="it counts features or samples", infinite=True))
            if not _FEWEST <= count <= _MOST and not math.isinf(count):
                remedy = f"use {_FEWEST:g} <= {name} <= {_MOST:g}, or 'inf'"
                raise ParameterError(name, value, "it is not resolved in double precision", remedy)
            found.append(count)
        features, samples = found
        least = min(features, samples)
        if self.b is not None and least < self.M and float(self.b) * math.log10(max(least, 1)) > _DECADES:
            remedy = f"use fewer than {10 ** min(100.0, _DECADES / float(self.b)):.3g}"
            raise ParameterError("min(N, P)", least, "eigenvalues so far down leave double precision", remedy)
        return features, samples
