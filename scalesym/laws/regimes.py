r"""Four regimes of a linear model with random features: limited by resolution or by variance, in data or in parameters.

A teacher that is linear in ``S`` features with the spectrum ``λ_i = i^{-(1+α_K)}`` and isotropic weights, a student that is linear in
``P`` random projections of them, ``D`` samples without noise and the solution of least norm. With ``κ_n`` from
``Σ_i λ_i/(λ_i+κ_n) = n``, ``n = min(D, P)``, the deterministic equivalent is

.. math::
    L(D,P) = c\,\kappa_n\frac{DP}{|D-P|}, \qquad L(D) = c\,D\kappa_D, \quad L(P) = c\,P\kappa_P, \qquad
    c = \text{loss factor}\times\overline{\omega^2},

symmetric in data and parameters. The published average-case formula, :math:`L(D) = \frac{\kappa_B^2}{1-\gamma}\sum_i
\frac{\lambda_i\bar\omega_i^2}{(\kappa_B+D\lambda_i)^2}`, is this one at ``κ_B = Dκ_D``, because an isotropic teacher has
:math:`\kappa\sum\frac{\lambda_i}{(\lambda_i+\kappa)^2} = D(1-\gamma)`. Of the four regimes

* *resolution-limited*: the other resource is without end, and :math:`L(D) \sim D^{-\alpha_K}`, :math:`L(P) \sim P^{-\alpha_K}`;
* *variance-limited*: the other resource is the bottleneck, and :math:`L(D,P) - L(P) = L(P)\,\frac P{D-P} \sim L(P)P\,D^{-1}`.

The variance-limited exponent 1 holds far beyond this model. *Theorem*: if the loss ``ℓ`` has a second derivative bounded by ``B``,
then :math:`|\mathbb E\,\ell(f)-\ell(\mathbb Ef)| \le \tfrac B2\operatorname{Var}f`, because the term of first order in
``f - E f`` has mean zero; a loss that is not smooth, such as ``|f|``, has ``D^{-1/2}``. *Assumed* of the model, and derived for this
one only: ``Var f = O(1/D)``, and that ``E f`` itself is ``O(1/D)`` from its limit. In model size the exponent is 1 per *width*.

Source: Bahri, Dyer, Kaplan, Lee, Sharma, Explaining neural scaling laws, arXiv:2102.06701. Its loss has the factor 1/2 and its teacher
weights the variance 1/S: :meth:`scalesym.laws.FourRegimes.as_printed`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sized
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from ..equivalent.finite_data import FiniteData
from ..errors import ParameterError, decimal_text
from ..parameters import Exact, real, whole_number
from ..spectrum import LARGEST_SIZE, LEAST_SCALE, Measured, PowerLaw, Spectrum
from ._limits import Regime, RegimeExponents, classified, continuum_constant, power_tail, share
from ._quantities import answer, finite
from .duality import Dual, dual, projected_loss
from .geometry import per_parameter
from .published import constants, published

if TYPE_CHECKING:
    from ..model import PLRF

__all__ = ["FourRegimes", "Regime", "RegimeExponents"]

Level = Literal["equivalent", "continuum"]

_LARGEST_SPECTRUM = 10**30
_LEAST_ALPHA, _LARGEST_ALPHA = Fraction(1, 10**9), 400
_EXTENT = 1e30  # of measured eigenvalues, and of their inverses
_LEAST_GAP = Fraction(1, 10**12)  # of 1 − n/S
_LARGEST_DRAW, _LARGEST_ROWS = 2000, 10_000  # columns and rows of a matrix


@dataclass(frozen=True)
class FourRegimes:
    r"""The loss of linear regression on ``P`` random features from ``D`` samples, and its regimes; level: deterministic equivalent.

    Parameters
    ----------
    alpha_K:
        ``λ_i = scale·i^{-(1+α_K)}``, positive.
    S:
        The number of the teacher's features, an integer or infinite.
    scale:
        Of the spectrum, positive.
    weight_variance:
        ``ω̄²``, of each weight of the teacher; ``1/S`` in the paper.
    loss_factor:
        In front of the square; 1/2 in the paper, and here unless you say otherwise.

    Raises
    ------
    ParameterError
        Outside the domain.

    Examples
    --------
    >>> law = FourRegimes("3/5", 600, loss_factor=1)
    >>> print(f"{law.loss(40, 120):.5f} {law.loss(120, 40):.5f} {law.L_D(40):.5f}")
    0.44926 0.44926 0.29951
    >>> law = FourRegimes(1)
    >>> law.exponents().alpha_D, law.regime(D=10**6, P=10**3).parameters
    (Fraction(1, 1), 'resolution-limited')

    References
    ----------
    Bahri, Dyer, Kaplan, Lee, Sharma, arXiv:2102.06701.
    """

    alpha_K: Exact | None
    S: Exact = math.inf
    scale: Exact = field(default=1, kw_only=True)
    weight_variance: Exact = field(default=1, kw_only=True)
    loss_factor: Exact = field(default=Fraction(1, 2), kw_only=True)
    spectrum: Spectrum = field(init=False, repr=False)

    def __post_init__(self) -> None:
        alpha = real(self.alpha_K, "alpha_K", above=0, reason="the trace of the kernel diverges with its spectrum")
        if not _LEAST_ALPHA <= alpha <= _LARGEST_ALPHA:
            raise ParameterError("alpha_K", alpha, "the spectrum is not resolved", "use 1e-9 <= alpha_K <= 400")
        S = real(self.S, "S", above=0, reason="it counts features", infinite=True)
        if not math.isinf(S) and not S == whole_number(S, "S", least=1) <= _LARGEST_SPECTRUM:
            raise ParameterError("S", self.S, "larger spectra are not resolved", "use S <= 1e30, or 'inf'")
        self._set(alpha, S, self.scale, self.weight_variance, self.loss_factor)
        object.__setattr__(self, "spectrum", PowerLaw((1 + Fraction(alpha)) / 2, Fraction(0), S))

    def _set(self, alpha: Exact | None, S: Exact, *others: object) -> None:
        for name, value in (("alpha_K", alpha), ("S", S)):
            object.__setattr__(self, name, value)
        for name, each in zip(("scale", "weight_variance", "loss_factor"), others, strict=True):
            object.__setattr__(self, name, real(each, name, above=0, reason="it is a positive factor"))

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names that :meth:`from_paper` takes."""
        return tuple(published("regimes")["sets"])

    @classmethod
    def from_paper(cls, name: str = "inverse-square") -> FourRegimes:
        """Examples of a spectrum; the paper has no table of constants."""
        return cls(**constants("regimes", name)["constants"])

    @classmethod
    def as_printed(cls, alpha_K: object, S: object) -> FourRegimes:
        """With the paper's factors, ``½`` for the square and ``1/S`` for the variance of the weights; ``S`` finite.

        Examples
        --------
        >>> law = FourRegimes.as_printed("3/5", 600)
        >>> law.loss_factor, law.weight_variance
        (Fraction(1, 2), Fraction(1, 600))
        """
        count = whole_number(S, "S", least=1)
        return cls(real(alpha_K, "alpha_K"), count, weight_variance=Fraction(1, count))

    @classmethod
    def from_spectrum(
        cls, eigenvalues: Any, *, weight_variance: object = 1, loss_factor: object = Fraction(1, 2)
    ) -> FourRegimes:
        """Any positive eigenvalues; such a model has no exponents.

        Examples
        --------
        >>> FourRegimes.from_spectrum([1] * 50, loss_factor=1).L_D(20)
        30.0
        """
        if isinstance(eigenvalues, Iterator):
            eigenvalues = list(islice(eigenvalues, 10**6 + 1))
        spectrum = Measured.read(eigenvalues, [1] * len(eigenvalues) if isinstance(eigenvalues, Sized) else [1])
        for i, each in enumerate(spectrum.eigenvalues):
            if not 1 / _EXTENT <= each <= _EXTENT:
                remedy = f"keep them between {1 / _EXTENT:g} and {_EXTENT:g}"
                raise ParameterError(f"eigenvalues[{i}]", each, "it is not resolved in double precision", remedy)
        law = object.__new__(cls)
        law._set(None, Fraction(len(spectrum.eigenvalues)), 1, weight_variance, loss_factor)
        object.__setattr__(law, "spectrum", spectrum)
        return law

    # -- the loss --------------------------------------------------------------------------------------------------------

    def kappa(self, n: object) -> float:
        """``κ_n`` with ``Σ_i λ_i/(λ_i+κ_n) = n``; 0 from ``n = S`` on."""
        return self._kappa(self._resource(n, "n"))

    def L_D(self, D: object, level: Level = "equivalent") -> float:
        r"""The loss with ``D`` samples and endless parameters, ``c D κ_D``; at the level of the continuum ``L_1 D^{-α_K}``.

        Parameters
        ----------
        D:
            Positive, real; the loss is 0 from ``S`` on.
        level:
            ``"equivalent"``, or ``"continuum"`` for ``1 ≪ D ≪ S``, with :attr:`leading_constant` for ``L_1``.

        Examples
        --------
        >>> law = FourRegimes(1)
        >>> print(f"{law.L_D(100):.8f} {law.L_D(100, 'continuum'):.8f}")
        0.01221455 0.01233701
        """
        return self._limit(D, "D", level)

    def L_P(self, P: object, level: Level = "equivalent") -> float:
        """The loss with ``P`` parameters and endless data: the same function as :meth:`L_D`, see :meth:`dual`."""
        return self._limit(P, "P", level)

    def loss(self, D: object, P: object) -> float:
        """The loss with ``D`` samples and ``P`` parameters, either perhaps infinite; infinite itself at ``D = P < S``."""
        data, parameters = self._resource(D, "D", infinite=True), self._resource(P, "P", infinite=True)
        n = min(data, parameters)
        if math.isinf(n) or n >= self.S:
            return 0.0
        return math.inf if data == parameters else self._loss(n, share(data, parameters))

    def best_modes(self, n: object) -> float:
        """What the best ``n`` modes leave, ``c Σ_{i>n} λ_i``: no linear model of ``n`` parameters does better.

        Parameters
        ----------
        n:
            A count, not negative.

        Examples
        --------
        >>> print(f"{FourRegimes('3/5', loss_factor=1).best_modes(1000):.7f}")
        0.0264070
        """
        count = whole_number(n, "n", least=0)
        return 0.0 if count >= self.S else float(answer(self._factor * self._beyond(count), "the rest"))

    # -- regimes ---------------------------------------------------------------------------------------------------------

    def regime(self, D: object, P: object, within: object = "1/10") -> Regime:
        """What limits the loss at ``(D, P)``.

        The scarcer resource is the bottleneck. By it the model is resolution-limited where the local exponent of the loss is near
        ``α_K`` (of a measured spectrum: that of ``L(n)``), and by the other one it is variance-limited where the local exponent of
        what is left to remove is near 1. Near ``D = P``, or near the end of the spectrum, neither is so.

        Parameters
        ----------
        D, P:
            Positive, one of them perhaps infinite.
        within:
            By what part an exponent may differ.

        Examples
        --------
        >>> found = FourRegimes("1/2").regime(D=2000, P=50)
        >>> print(found.data, f"{found.data_exponent:.4f}", found.parameters, f"{found.parameters_exponent:.4f}")
        variance-limited 1.0256 resolution-limited 0.4595
        >>> FourRegimes("1/2").regime(60, 50).data is None
        True
        """
        data, parameters = self._resource(D, "D", infinite=True), self._resource(P, "P", infinite=True)
        tolerance = real(within, "within", above=0, reason="no exponent is met exactly")
        n = min(data, parameters)
        learned = math.isinf(n) or n >= self.S
        local = None if learned else self._local_exponent(float(n))
        alpha = None if self.alpha_K is None else float(self.alpha_K)
        return classified(data, parameters, local, alpha, float(tolerance))

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the formulas presuppose, in words."""
        return (
            "the student is linear in random projections of Gaussian features",
            "the teacher's weights are isotropic, and its labels have no noise",
            "the student is the solution of least norm, without a ridge",
            "the powers hold for 1 << min(D, P) << S",
        )

    @property
    def formula(self) -> Any:
        """``L = c κ_n DP/|D-P|``, a SymPy equation."""
        import sympy as sp

        c, kappa, D, P, L = sp.symbols("c kappa_n D P L", positive=True)
        return sp.Eq(L, c * kappa * D * P / sp.Abs(D - P))

    @property
    def latex(self) -> str:
        """:attr:`formula` in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    def exponents(self) -> RegimeExponents:
        """The powers of all four regimes; level: asymptotic, for an endless spectrum.

        ``κ_n ∼ n^{-(1+α_K)}`` and ``L = c n κ_n`` make the resolution-limited one ``α_K`` in data and in parameters alike.
        """
        resolution, excess = self._exponent("exponents"), Fraction(1)  # of 1/(1 − P/D) − 1 in 1/D
        return RegimeExponents(resolution, resolution, excess, excess, per_parameter(excess, "deep"))

    @property
    def leading_constant(self) -> float:
        r"""``L_1`` of ``L(D) → L_1 D^{-α_K}``: ``c`` times :math:`(\pi s/\sin\pi s)^{1/s}` times the scale, ``s = 1/(1+α_K)``."""
        return float(self._factor * float(self.scale) * continuum_constant(self._exponent("leading_constant")))

    @property
    def best_ratio(self) -> float:
        r"""The leading loss over what the best modes leave, :math:`\alpha_K(\pi s/\sin\pi s)^{1+\alpha_K}`; above 1.

        Examples
        --------
        >>> print(f"{FourRegimes(1).best_ratio:.6f} {math.pi**2 / 4:.6f}")
        2.467401 2.467401
        """
        alpha = self._exponent("best_ratio")
        return float(alpha) * continuum_constant(alpha)

    @property
    def alpha(self) -> Exact:
        """``α = (1 + α_K)/2`` of the PLRF with this spectrum; its ``β`` is 0, because the teacher is isotropic."""
        return (1 + self._exponent("alpha")) / 2

    @classmethod
    def from_plrf(cls, model: PLRF) -> FourRegimes:
        """Of the PLRF's spectrum, with its mean square and its unit weights.

        Raises
        ------
        ParameterError
            If its teacher is not isotropic, ``β ≠ 0``, or its spectrum measured.

        Examples
        --------
        >>> from scalesym import PLRF
        >>> model = PLRF("4/5", 0, d=100, v=600)
        >>> law = FourRegimes.from_plrf(model)
        >>> law.alpha_K, abs(law.L_P(100) / model.forcing_limit() - 1) < 1e-12
        (Fraction(3, 5), True)
        """
        if model.alpha is None or model.beta != 0:
            raise ParameterError(
                "beta", model.beta, "the teacher of this law is isotropic", "use a power law with beta = 0"
            )
        return cls(2 * model.alpha - 1, model.v, loss_factor=1)

    def to_plrf(self, P: object, **options: Any) -> PLRF:
        """The PLRF with ``d = P`` on the same spectrum, trained by one-pass SGD; its loss is the mean square.

        Parameters
        ----------
        P:
            Below ``S``.
        options:
            ``gamma`` and ``batch`` of :class:`scalesym.PLRF`.

        Raises
        ------
        ParameterError
            If ``scale`` or ``weight_variance`` is not 1, which PLRF has no parameter for, or for what PLRF refuses.

        Examples
        --------
        >>> plrf = FourRegimes("3/5", 600).to_plrf(100)
        >>> plrf.alpha, plrf.beta
        (Fraction(4, 5), Fraction(0, 1))
        """
        from ..model import PLRF

        for name in ("scale", "weight_variance"):
            if (value := getattr(self, name)) != 1:
                raise ParameterError(name, value, "PLRF has unit scales", f"use {name} = 1")
        return PLRF(self.alpha, 0, P, self.S, **options)

    def variance_coefficient(self, n: object) -> float:
        """The limit of ``(L(D,P) - L(P))·D`` as ``D`` grows at ``P = n``, and of ``(L(D,P) - L(D))·P`` at ``D = n``: ``L(n)·n``."""
        return float(finite(self._limit(n, "n", "equivalent") * float(self._resource(n, "n")), "the coefficient"))

    # -- draws -----------------------------------------------------------------------------------------------------------

    def dual(self, n: object, seed: object = 0) -> Dual:
        r"""Both losses for one Gaussian matrix: projection on ``n`` features, and on ``n`` training points; level: sampled.

        .. math:: L(P) = c\,\mathrm{Tr}\big[C - C\Phi^\top(\Phi C\Phi^\top)^{-1}\Phi C\big], \qquad
            L(D) = c\,\mathbb E_x\big[K(x,x) - \vec K\bar K^{-1}\vec K\big],

        the first with features ``Φ F``, the second with training points whose features are ``F = Φ C^{1/2}``. They are the same
        number, draw by draw: that is why ``L(D)`` and ``L(P)`` are the same function.

        Examples
        --------
        >>> pair = FourRegimes("3/5", 200).dual(20, seed=1)
        >>> bool(abs(pair.features / pair.points - 1) < 1e-12)
        True
        """
        found = dual(self._drawn(), self._few(n, "n"), whole_number(seed, "seed", least=0))
        return Dual(*(float(self._factor) * each for each in found))

    def sampled_loss(self, D: object, P: object, seed: object = 0) -> float:
        """The loss for one draw of ``D`` samples and ``P < D`` features, its mean over the teacher taken; level: sampled."""
        data, parameters = whole_number(D, "D", least=2), self._few(P, "P")
        if not parameters < data <= _LARGEST_ROWS:
            raise ParameterError("D", D, "the expression is that of P < D", f"use {parameters} < D <= {_LARGEST_ROWS}")
        number = whole_number(seed, "seed", least=0)
        return float(self._factor) * projected_loss(self._drawn(), parameters, data, number)

    # -- inside ----------------------------------------------------------------------------------------------------------

    @property
    def _factor(self) -> float:
        return float(self.loss_factor) * float(self.weight_variance)

    def _exponent(self, what: str) -> Exact:
        if self.alpha_K is None:
            raise ParameterError("spectrum", "measured", f"{what} needs a power law", "use FourRegimes(alpha_K, S)")
        return self.alpha_K

    def _resource(self, value: object, name: str, *, infinite: bool = False) -> Exact:
        n = real(value, name, infinite=infinite)
        if n < 1:
            raise ParameterError(name, value, "it counts samples or parameters", f"use {name} >= 1")
        if math.isinf(n) or n >= self.S:
            return n
        if n > LARGEST_SIZE:
            raise ParameterError(name, value, "larger ones are not resolved", f"use {name} <= {LARGEST_SIZE:g}")
        if n > self.S * (1 - _LEAST_GAP):
            raise ParameterError(name, value, "it is too near to S to be told from it", f"use {name} >= S")
        if self.alpha_K is not None and (1 + float(self.alpha_K)) * math.log10(float(n) + 1) > -LEAST_SCALE:
            largest = decimal_text(Fraction(10 ** (-LEAST_SCALE / (1 + float(self.alpha_K))) - 1), 3)
            raise ParameterError(
                name, value, f"the eigenvalue there is below 1e{LEAST_SCALE}", f"use {name} <= {largest}"
            )
        return n

    def _kappa(self, n: Exact) -> float:
        return 0.0 if n >= self.S else float(self.scale) * _resolved(self.spectrum, float(n)).ridgeless

    def _limit(self, value: object, name: str, level: Level) -> float:
        n = self._resource(value, name)
        if level == "continuum":
            power = float(n) ** -float(self._exponent("the continuum"))
            return float(answer(self.leading_constant * power, "L"))
        if level != "equivalent":
            raise ParameterError("level", level, "there is no such level", "use 'equivalent' or 'continuum'")
        return self._loss(n, 1.0)

    def _loss(self, n: Exact, share: float) -> float:
        """``c n κ_n`` over ``1 - min/max``."""
        return 0.0 if n >= self.S else float(answer(self._factor * float(n) * self._kappa(n) / share, "L"))

    def _local_exponent(self, n: float) -> float:
        """``-d ln(nκ_n)/d ln n = g/(n-g)``, because ``dn/dκ = -(n-g)/κ``."""
        data = _resolved(self.spectrum, n)
        kappa, lam, mu = data.ridgeless, data.nodes.lam, data.nodes.mu
        rest = kappa * float(mu @ (1 / (lam + kappa)) ** 2)  # n - g without cancellation
        return float(data.overlap(kappa, kappa)) / rest

    def _beyond(self, n: int) -> float:
        """``Σ_{n<i≤S} λ_i``."""
        if self.alpha_K is None:
            return math.fsum(self._listed()[n:].tolist())
        return float(self.scale) * power_tail(self.alpha_K, n, self.S)

    def _listed(self) -> Any:
        return float(self.scale) * self.spectrum.listed()[0]

    def _drawn(self) -> Any:
        if self.S > _LARGEST_DRAW:
            raise ParameterError("S", self.S, "a draw is a matrix of S columns", f"use S <= {_LARGEST_DRAW}")
        return self._listed()

    def _few(self, value: object, name: str) -> int:
        count = whole_number(value, name, least=1)
        if not count < self.S:
            raise ParameterError(name, value, "it spans all of the teacher's features", f"use {name} < S = {self.S}")
        return count


@lru_cache(maxsize=64)
def _resolved(spectrum: Spectrum, n: float) -> FiniteData:
    return FiniteData.of(spectrum, features=n, samples=math.inf)
