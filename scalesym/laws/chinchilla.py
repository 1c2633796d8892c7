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

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ..parameters import Exact, nonnegative, real
from . import chinchilla_frontier, chinchilla_inverses
from ._quantities import Floats, Values, answer, quiet, together
from .chinchilla_frontier import factors, powers
from .chinchilla_results import Allocation, Elasticities, Exponents, Frontier, Row, table
from .fitting import Fit
from .published import constants, published

__all__ = ["Allocation", "Chinchilla", "Elasticities", "Exponents", "Frontier", "Row"]

_SYSTEM = "chinchilla"


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

    @quiet
    def __call__(self, N: object, D: object) -> Values:
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
        return answer(float(self.E) + sum(self.terms(*together(N=N, D=D))), "loss")

    def terms(self, N: Floats, D: Floats) -> tuple[Floats, Floats]:
        """``A N^{-α}`` and ``B D^{-β}``, of arrays that have been checked."""
        return float(self.A) * N ** -float(self.alpha), float(self.B) * D ** -float(self.beta)

    def loss(self, N: object, D: object) -> Values:
        """The same as calling the law."""
        return self(N, D)

    @quiet
    def compute(self, N: object, D: object) -> Values:
        """``C = C_0 N D``, in FLOPs."""
        sizes, tokens = together(N=N, D=D)
        return answer(float(self.C_0) * sizes * tokens, "compute")

    @quiet
    def isoflop(self, C: object, N: object) -> Values:
        """The loss of models of ``N`` parameters that are trained with ``C`` FLOPs: a valley in ``ln N``.

        Examples
        --------
        >>> law = Chinchilla.from_paper("hoffmann_rounded")
        >>> law.isoflop(1e21, [1e8, 1e9, 1e10]).round(3)
        array([2.62 , 2.34 , 2.416])
        """
        budgets, sizes = together(C=C, N=N)
        return self(sizes, budgets / float(self.C_0) / sizes)

    # -- the optimum -----------------------------------------------------------------------------------------------

    def exponents(self) -> Exponents:
        """The exponents of the compute-optimal frontier, exact if ``alpha`` and ``beta`` are."""
        best = powers(self).optimum()
        found = (best.xi, 1 - best.xi, best.eta)
        exact = isinstance(self.alpha, Fraction) and isinstance(self.beta, Fraction)
        return Exponents(*found) if exact else Exponents(*map(float, found))

    @property
    def G(self) -> float:
        """``N_opt`` at ``C = C_0``."""
        return factors(self)[0]

    @property
    def K(self) -> float:
        """``L_opt − E`` at ``C = C_0``."""
        return factors(self)[1]

    optimum = chinchilla_frontier.optimum
    excess_loss = chinchilla_frontier.excess_loss
    overtraining_cost = chinchilla_frontier.overtraining_cost

    # -- backwards -------------------------------------------------------------------------------------------------

    compute_for_loss = chinchilla_inverses.compute_for_loss
    compute_for_params = chinchilla_inverses.compute_for_params
    compute_for_tokens = chinchilla_inverses.compute_for_tokens
    tokens_for = chinchilla_inverses.tokens_for
    params_for = chinchilla_inverses.params_for

    def inverse(self, loss: object) -> Values:
        """The least compute that reaches a loss: :meth:`compute_for_loss`."""
        return self.compute_for_loss(loss)

    # -- elasticities ----------------------------------------------------------------------------------------------

    @quiet
    def elasticities(self, N: object, D: object) -> Elasticities:
        r"""By how many per cent the loss changes with one per cent more, and the elasticity of substitution.

        With ``u = αAN^{-α}`` and ``w = βBD^{-β}`` these are ``-u/L``, ``-w/L`` and

        .. math:: \sigma = \frac{d\ln(D/N)}{d\ln(L_N/L_D)}\Big|_L = \frac{u + w}{(1+\alpha)w + (1+\beta)u}.
        """
        alpha, beta = float(self.alpha), float(self.beta)
        first, second = self.terms(*together(N=N, D=D))
        loss = answer(float(self.E) + first + second, "loss")
        u, w = answer(alpha * first, "u"), answer(beta * second, "w")
        share = 1 / (1 + u / w)
        sigma = 1 / ((1 + alpha) * share + (1 + beta) * (1 - share))
        return Elasticities(
            -answer(u / loss, "elasticity"), -answer(w / loss, "elasticity"), answer(sigma, "substitution")
        )

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
        N: object,
        D: object,
        loss: object,
        *,
        delta: object = 1e-3,
        starts: int | None = 50,
        bootstrap: object = 0,
        seed: object = 0,
        C_0: Exact = 6,
    ) -> Fit:
        """Find the constants from losses that were seen: :func:`scalesym.laws.chinchilla_fit.fit`."""
        from .chinchilla_fit import fit

        return fit(N, D, loss, delta=delta, starts=starts, bootstrap=bootstrap, seed=seed, C_0=C_0)
