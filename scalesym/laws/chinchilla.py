r"""Chinchilla's law: the loss of a language model of ``N`` parameters after ``D`` tokens, and how to spend a budget.

.. math:: L(N, D) = E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}, \qquad C = C_0 N D, \quad C_0 = 6.

In ``(\ln N, \ln D)`` the terms are exponentials, so their sum is convex and has one minimum on a line of equal compute. There
``αAN^{-α} = βBD^{-β}``, which gives (Hoffmann et al., Equation 4)

.. math:: N_{opt} = G \Big(\frac{C}{C_0}\Big)^a, \quad D_{opt} = \frac1G \Big(\frac{C}{C_0}\Big)^b, \quad
          L_{opt} = E + K \Big(\frac{C}{C_0}\Big)^{-\gamma},

.. math:: G = \Big(\frac{\alpha A}{\beta B}\Big)^{\frac1{\alpha+\beta}}, \quad a = \frac\beta{\alpha+\beta}, \quad
          b = 1 - a, \quad \gamma = \frac{\alpha\beta}{\alpha+\beta}, \quad K = AG^{-\alpha} + BG^\beta.

``a`` is also the parameters' share of the reducible loss ``L − E`` there, and ``b`` the data's. ``a``, ``γ``, ``G`` and ``K`` are
computed by :mod:`scalesym.powerlaw`, which knows nothing of this law.

``N`` counts all parameters, embeddings included; logarithms are natural, so the loss is in nats for each token.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, nonnegative, real
from ..powerlaw import Budget, Law, Term
from ..powerlaw import constants as frontier_constants
from ..resources import require_memory
from ._arrays import Floats, floats, within
from .chinchilla_results import Allocation, Elasticities, Exponents, Frontier, Row, Values, table
from .fitting import Fit
from .published import constants, published

__all__ = ["Allocation", "Chinchilla", "Elasticities", "Exponents", "Frontier", "Row"]

Reals: TypeAlias = Any  # a number, exact or not, or an array-like of numbers

_P = ParamSpec("_P")
_R = TypeVar("_R")

_SYSTEM = "chinchilla"
_TRADEOFF = ("data", "parameters")  # at equal compute the first grows with N, the second falls


def _quiet(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Without NumPy's warnings: what leaves the range of double precision is refused by name."""

    @wraps(function)
    def inner(*args: _P.args, **keywords: _P.kwargs) -> _R:
        with np.errstate(all="ignore"):
            return function(*args, **keywords)

    return inner


@dataclass(frozen=True, kw_only=True)
class Chinchilla:
    r"""``L(N, D) = E + A/N^α + B/D^β`` under the budget ``C = C_0 N D``. Level: empirical.

    Parameters
    ----------
    E:
        ``E ≥ 0``, the loss that nothing reduces, in nats for each token.
    A, B:
        Positive, in nats times parameters to the ``α``, and tokens to the ``β``.
    alpha, beta:
        Positive exponents. Given exactly (as text, ``Fraction`` or ``int``), the exponents of the optimum are exact.
    C_0:
        Positive; FLOPs for each parameter and token. It rescales compute and nothing else.

    Raises
    ------
    ParameterError
        If a constant is outside of this domain. Without one of the terms the best model is empty or sees no data; with a flat
        term it is no better.

    Examples
    --------
    >>> law = Chinchilla.from_paper("hoffmann_rounded")
    >>> print(f"{law(70e9, 1.4e12):.6f}")
    1.936645
    >>> best = law.optimum(5.76e23)
    >>> print(f"{best.N:.4g} parameters, {best.D:.4g} tokens, loss {best.loss:.4f}")
    3.219e+10 parameters, 2.982e+12 tokens, loss 1.9307
    >>> law.exponents()
    Exponents(a=Fraction(14, 31), b=Fraction(17, 31), gamma=Fraction(119, 775))
    """

    E: Exact
    A: Exact
    B: Exact
    alpha: Exact
    beta: Exact
    C_0: Exact = 6

    def __post_init__(self) -> None:
        missing = "without this term there is no best size inside, it is an end"
        flat = "the term would not fall, and there would be nothing to trade off"
        reasons = {"A": missing, "B": missing, "alpha": flat, "beta": flat, "C_0": "training costs something"}
        object.__setattr__(self, "E", nonnegative(self.E, "E", "a cross-entropy is not negative"))
        for name, reason in reasons.items():
            object.__setattr__(self, name, real(getattr(self, name), name, above=0, reason=reason))

    # -- the loss --------------------------------------------------------------------------------------------------

    @_quiet
    def __call__(self, N: Reals, D: Reals) -> Values:
        r"""The loss ``E + A N^{-α} + B D^{-β}``.

        Parameters
        ----------
        N, D:
            Positive numbers of parameters and tokens, or arrays of them, which are broadcast.

        Raises
        ------
        ParameterError
            If one is not a positive number, or the loss leaves the range of double precision.

        Examples
        --------
        >>> law = Chinchilla.from_paper("besiroglu2024")
        >>> law([1e9, 1e10], 2e11).round(3)
        array([2.328, 2.131])
        """
        sizes, tokens = _positives(N=N, D=D)
        return _out(float(self.E) + self._reducible(sizes, tokens), "loss", (N, D))

    def loss(self, N: Reals, D: Reals) -> Values:
        """The same as calling the law."""
        return self(N, D)

    @_quiet
    def compute(self, N: Reals, D: Reals) -> Values:
        """``C = C_0 N D``, in FLOPs."""
        sizes, tokens = _positives(N=N, D=D)
        return _out(float(self.C_0) * sizes * tokens, "compute", (N, D))

    @_quiet
    def isoflop(self, C: Reals, N: Reals) -> Values:
        """The loss of models of ``N`` parameters that are trained with ``C`` FLOPs: a valley in ``ln N``.

        Examples
        --------
        >>> law = Chinchilla.from_paper("hoffmann_rounded")
        >>> law.isoflop(1e21, [1e8, 1e9, 1e10]).round(3)
        array([2.62 , 2.34 , 2.416])
        """
        budgets, sizes = _positives(C=C, N=N)
        return self(sizes, _positive(budgets / float(self.C_0) / sizes, "D"))

    # -- the optimum -----------------------------------------------------------------------------------------------

    def exponents(self) -> Exponents:
        """The exponents of the compute-optimal frontier, exact if ``alpha`` and ``beta`` are."""
        best = self._powers().optimum()
        found = (best.xi, 1 - best.xi, best.eta)
        exact = isinstance(self.alpha, Fraction) and isinstance(self.beta, Fraction)
        return Exponents(*found) if exact else Exponents(*map(float, found))

    @property
    def G(self) -> float:
        """``N_opt`` at ``C = C_0``."""
        return self._frontier()[0]

    @property
    def K(self) -> float:
        """``L_opt − E`` at ``C = C_0``."""
        return self._frontier()[1]

    @_quiet
    def optimum(self, C: Reals) -> Allocation:
        """The size and the number of tokens with the least loss at a budget.

        Parameters
        ----------
        C:
            Positive; FLOPs.

        Raises
        ------
        ParameterError
            If ``C`` is not positive, or a result leaves the range of double precision, as it does where ``α + β`` is tiny.

        Examples
        --------
        >>> law = Chinchilla.from_paper("hoffmann_tex")
        >>> print(f"{law.optimum(5.76e23).N / 1e9:.1f}")
        40.3
        >>> law.optimum(5.76e23).shares
        {'parameters': 0.456..., 'data': 0.543...}
        """
        budgets = _positive(C, "C")
        (G, K), (a, b, gamma) = self._frontier(), map(float, self.exponents())
        x = budgets / float(self.C_0)
        N = G * x**a
        D, loss = x / N, float(self.E) + K * x**-gamma
        best = [_out(each, name, C) for each, name in ((N, "N_opt"), (D, "D_opt"), (loss, "L_opt"))]
        return Allocation(_out(budgets, "C", C), best[0], best[1], best[2], {"parameters": a, "data": b})

    @_quiet
    def excess_loss(self, rho: Reals, C: Reals | None = None) -> Values:
        r"""What a model ``ρ`` times the optimal size loses at the same compute.

        .. math:: \frac{L - L_{opt}}{L_{opt} - E} = a\rho^{-\alpha} + b\rho^\beta - 1.

        Parameters
        ----------
        rho:
            Positive, ``N/N_opt``.
        C:
            If given, the answer is the difference of the losses at this compute, in nats, and otherwise the ratio above,
            which is the same at every compute. The terms that cancel near ``ρ = 1`` are left out, not subtracted.

        Examples
        --------
        >>> law = Chinchilla.from_paper("hoffmann_rounded")
        >>> print(f"{law.excess_loss(2):.4f} {law.excess_loss(2, 5.76e23):.4f}")
        0.0226 0.0055
        """
        x = np.log(_positive(rho, "rho"))
        a, b, gamma = map(float, self.exponents())
        value = a * _beyond_linear(-float(self.alpha) * x) + b * _beyond_linear(float(self.beta) * x)
        if C is not None:
            value = value * (self.K * (_positives(rho=rho, C=C)[1] / float(self.C_0)) ** -gamma)
        return _out(value, "excess_loss", rho, zero=True)

    @_quiet
    def overtraining_cost(self, N: Reals, D: Reals) -> Values:
        """How many times the least compute for its loss a model of ``N`` parameters takes on ``D`` tokens; 1 or more.

        Small models on many tokens cost more to train and less to use.

        Examples
        --------
        >>> law = Chinchilla.from_paper("besiroglu2024")
        >>> print(f"{law.overtraining_cost(8e9, 15e12):.2f}")
        5.51
        """
        sizes, tokens = _positives(N=N, D=D)
        reducible = _inside(self._reducible(sizes, tokens), "L - E", (N, D))
        log_least = np.log(self.K / reducible) / float(self.exponents().gamma)
        ratio = np.exp(np.log(sizes) + np.log(tokens) - log_least)
        return _out(np.maximum(ratio, 1.0), "overtraining_cost", (N, D))

    # -- backwards -------------------------------------------------------------------------------------------------

    @_quiet
    def compute_for_loss(self, loss: Reals) -> Values:
        """The least compute that reaches a loss, ``C_0 (K/(L − E))^{1/γ}``.

        Raises
        ------
        ParameterError
            If ``L ≤ E``, which no budget reaches.

        Examples
        --------
        >>> law = Chinchilla.from_paper("hoffmann_rounded")
        >>> print(f"{law.compute_for_loss(law.optimum(5.76e23).loss):.4g}")
        5.76e+23
        >>> law.compute_for_loss(1.69)
        Traceback (most recent call last):
        ...
        scalesym.errors.ParameterError: loss = 1.69: no budget reaches it, the loss stays above E; use loss > 1.69
        """
        left = self._left(_positive(loss, "loss"), np.asarray(0.0), "no budget reaches it, the loss stays above E")
        return self._from_power(self.K / left, self.exponents().gamma, "compute", loss)

    def inverse(self, loss: Reals) -> Values:
        """The least compute that reaches a loss: :meth:`compute_for_loss`."""
        return self.compute_for_loss(loss)

    @_quiet
    def compute_for_params(self, N: Reals) -> Values:
        """The compute at which ``N`` parameters are optimal, ``C_0 (N/G)^{1/a}``."""
        return self._from_power(_positive(N, "N") / self.G, self.exponents().a, "compute", N)

    @_quiet
    def compute_for_tokens(self, D: Reals) -> Values:
        """The compute at which ``D`` tokens are optimal, ``C_0 (G D)^{1/b}``."""
        return self._from_power(_positive(D, "D") * self.G, self.exponents().b, "compute", D)

    @_quiet
    def tokens_for(self, N: Reals, loss: Reals) -> Values:
        """The fewest tokens on which ``N`` parameters reach a loss, ``(B/(L − E − A N^{-α}))^{1/β}``.

        Raises
        ------
        ParameterError
            If a model of this size does not reach it on any number of tokens.

        Examples
        --------
        >>> law = Chinchilla.from_paper("hoffmann_rounded")
        >>> print(f"{law.tokens_for(70e9, law(70e9, 1.4e12)):.4g}")
        1.4e+12
        """
        sizes, losses = _positives(N=N, loss=loss)
        term = float(self.A) * sizes ** -float(self.alpha)
        left = self._left(losses, term, "this size does not reach it on any number of tokens")
        return self._from_power(float(self.B) / left, self.beta, "tokens", loss, cost=1.0)

    @_quiet
    def params_for(self, D: Reals, loss: Reals) -> Values:
        """The fewest parameters that reach a loss on ``D`` tokens, ``(A/(L − E − B D^{-β}))^{1/α}``.

        Raises
        ------
        ParameterError
            If no size reaches it on so few tokens.
        """
        tokens, losses = _positives(D=D, loss=loss)
        term = float(self.B) * tokens ** -float(self.beta)
        left = self._left(losses, term, "no size reaches it on so few tokens")
        return self._from_power(float(self.A) / left, self.alpha, "parameters", loss, cost=1.0)

    # -- elasticities ----------------------------------------------------------------------------------------------

    @_quiet
    def elasticities(self, N: Reals, D: Reals) -> Elasticities:
        r"""By how many per cent the loss changes with one per cent more, and the elasticity of substitution.

        With ``u = αAN^{-α}`` and ``w = βBD^{-β}`` these are ``-u/L``, ``-w/L`` and

        .. math:: \sigma = \frac{d\ln(D/N)}{d\ln(L_N/L_D)}\Big|_L = \frac{u + w}{(1+\alpha)w + (1+\beta)u}.
        """
        sizes, tokens = _positives(N=N, D=D)
        alpha, beta = float(self.alpha), float(self.beta)
        u = alpha * float(self.A) * sizes**-alpha
        w = beta * float(self.B) * tokens**-beta
        loss = _inside(float(self.E) + u / alpha + w / beta, "loss", (N, D))
        share = 1 / (1 + _inside(u, "u", N) / _inside(w, "w", D))
        sigma = 1 / ((1 + alpha) * share + (1 + beta) * (1 - share))
        ratios = [-_inside(each / loss, "elasticity", (N, D)) for each in (u, w)]
        return Elasticities(_plain(ratios[0]), _plain(ratios[1]), _out(sigma, "substitution", (N, D)))

    @property
    def substitution(self) -> Exact:
        """The elasticity of substitution on the optimal path, ``2/(2 + α + β)``.

        Examples
        --------
        >>> print(f"{float(Chinchilla.from_paper('besiroglu2024').substitution):.3f}")
        0.737
        """
        return 2 / (2 + self.alpha + self.beta)

    # -- in symbols ------------------------------------------------------------------------------------------------

    @property
    def formula(self) -> Any:
        """The law as a SymPy equation.

        Examples
        --------
        >>> Chinchilla.from_paper("besiroglu2024").formula
        Eq(L(N, D), A/N**alpha + B/D**beta + E)
        """
        from .chinchilla_symbols import law

        return law()

    @property
    def latex(self) -> str:
        """The law in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    @property
    def optimum_formula(self) -> Frontier:
        """The frontier in symbols, from :func:`scalesym.powerlaw.constants`.

        Examples
        --------
        >>> Chinchilla.from_paper("besiroglu2024").optimum_formula.N
        Eq(N_opt(C), (C/C_0)**(beta/(alpha + beta))*(A*alpha/(B*beta))**(1/(alpha + beta)))
        """
        from .chinchilla_symbols import frontier

        return Frontier(*frontier())

    # -- published -------------------------------------------------------------------------------------------------

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names of the published sets of constants.

        Examples
        --------
        >>> Chinchilla.papers()
        ('hoffmann_rounded', 'hoffmann_tex', 'besiroglu2024')
        """
        return tuple(published(_SYSTEM)["sets"])

    @classmethod
    def from_paper(cls, name: str) -> Chinchilla:
        """A published set of constants, as the decimal numbers that were printed.

        Raises
        ------
        ParameterError
            If no set has this name; the message lists those there are.
        """
        given = constants(_SYSTEM, name)["constants"]
        return cls(**{key: Fraction(str(value)) for key, value in given.items()})

    @staticmethod
    def table(approach: int, *, corrected: bool = True) -> tuple[Row, ...]:
        """The published table of optimal sizes by one of the paper's three approaches: data, not the closed form.

        Parameters
        ----------
        approach:
            1 (least loss over training curves), 2 (IsoFLOP profiles) or 3 (the parametric law, fitted).
        corrected:
            Whether a misprint is replaced by what it should be.

        Examples
        --------
        >>> row = Chinchilla.table(3)[4]
        >>> row.N, row.C, dict(row.printed)
        (175000000000.0, 1.26e+25, {'C': 1.26e+24})
        """
        return table(approach, corrected)

    @staticmethod
    def published_exponents() -> Mapping[str, Any]:
        """The paper's Table 2: ``a``, ``b`` and their 10–90% intervals by approach, and Kaplan's for comparison."""
        return MappingProxyType(published(_SYSTEM)["exponents"]["rows"])

    @classmethod
    def fit(
        cls,
        N: Reals,
        D: Reals,
        loss: Reals,
        *,
        delta: float = 1e-3,
        starts: int | None = 50,
        bootstrap: int = 0,
        seed: int = 0,
        C_0: Exact = 6,
    ) -> Fit:
        """Find the constants from losses that were seen: :func:`scalesym.laws.chinchilla_fit.fit`."""
        from .chinchilla_fit import fit

        return fit(N, D, loss, delta=delta, starts=starts, bootstrap=bootstrap, seed=seed, C_0=C_0)

    # -- within ----------------------------------------------------------------------------------------------------

    def _powers(self) -> Law:
        """The reducible loss, over ``f = N D``."""
        size = Term("parameters", 0, Fraction(self.alpha), float(self.A))
        data = Term("data", Fraction(self.beta), 0, float(self.B))
        return Law((size, data), Budget())

    def _frontier(self) -> tuple[float, float]:
        try:
            G, K = (float(each) for each in frontier_constants(self._powers(), _TRADEOFF))
        except ArithmeticError:
            G = K = math.nan
        if not (0 < G < math.inf and 0 < K < math.inf):
            reason = "the constants of the optimum leave the range of double precision"
            shown = float(self.alpha), float(self.beta)
            raise ParameterError("alpha, beta", shown, reason, "use less extreme exponents")
        return G, K

    @_quiet
    def _reducible(self, sizes: Floats, tokens: Floats) -> Floats:
        value = float(self.A) * sizes ** -float(self.alpha) + float(self.B) * tokens ** -float(self.beta)
        return np.asarray(value)

    @_quiet
    def _left(self, loss: Floats, term: Floats, reason: str) -> Floats:
        """``L − E − term``, positive beyond its rounding."""
        losses, terms = np.broadcast_arrays(loss, term)
        left = (losses - float(self.E)) - terms
        if not np.all(left > 4 * np.finfo(float).eps * losses):
            at = np.argmin(left / losses)
            floor = float(self.E) + float(terms.flat[at])
            raise ParameterError("loss", float(losses.flat[at]), reason, f"use loss > {floor!r}")
        return np.asarray(left)

    @_quiet
    def _from_power(self, base: Floats, exponent: Exact, what: str, given: object, cost: float | None = None) -> Values:
        return _out((float(self.C_0) if cost is None else cost) * base ** (1 / float(exponent)), what, given)


def _positive(values: Reals, name: str) -> Floats:
    """Positive doubles, in an array of the shape given."""
    found = floats(values, name)
    within(found, name, ~(found > 0), "it is a positive number", f"use {name} > 0")
    return found


def _positives(**given: Reals) -> list[Floats]:
    """Several at once, whose shapes go together."""
    arrays = [_positive(values, name) for name, values in given.items()]
    shapes = [array.shape for array in arrays]
    names = ", ".join(given)
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        remedy = "give numbers, or arrays of one shape"
        raise ParameterError(names, shapes, "their shapes do not go together", remedy) from None
    if (count := math.prod(shape)) > 10**6:
        require_memory(names, shapes, 64 * count, "ask for fewer at a time")
    return arrays


def _inside(values: Floats, what: str, given: object, zero: bool = False) -> Floats:
    values = np.asarray(values)
    if not np.all(np.isfinite(values) & ((values >= 0) if zero else (values > 0))):
        raise ParameterError(what, given, "it leaves the range of double precision", "use less extreme arguments")
    return values


def _plain(values: Floats) -> Values:
    return float(values) if np.ndim(values) == 0 else values


def _out(values: Floats, what: str, given: object, zero: bool = False) -> Values:
    return _plain(_inside(values, what, given, zero))


def _beyond_linear(u: Floats) -> Floats:
    """``e^u − 1 − u``, which near 0 is a difference of nearly equal numbers, to full precision."""
    small = np.abs(u) < 0.3
    near = np.where(small, u, 0.0)
    series = np.zeros_like(near)
    for n in range(14, 1, -1):  # u²/2 (1 + u/3 (1 + u/4 (…)))
        series = near / n * (1 + series) if n > 2 else near**2 / 2 * (1 + series)
    return np.asarray(np.where(small, series, np.expm1(u) - u))
