r"""The scaling laws of Henighan et al. (2020) for images, video, text with images, and mathematics: a power above a floor.

``L_∞`` is read as the entropy of the data and the rest as the divergence of the model's distribution from it. Rows of text have no
floor: none could be resolved, which does not say that text has no entropy. ``L(N)`` and ``L(C)`` were fitted apart, and their
floors differ a little. Compute ``C`` is in PF-days (8.64e19 FLOP) unless ``unit="FLOP"``, ``N`` counts parameters without
embeddings, losses are in nats per token.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ..errors import ParameterError
from ._power import PF_DAY, Power, pf_days
from ._quantities import Values, answer
from .fitting import Fit
from .henighan_trends import COMPUTE_NAMES, SizeTrend, TwoTerm
from .published import constants as named
from .published import published

__all__ = ["Consistency", "Henighan", "HenighanOptimum", "SizeTrend", "TwoTerm"]

_NAMES = {"N": ("N", "N_0", "alpha_N"), "C": COMPUTE_NAMES}


class HenighanOptimum(NamedTuple):
    """Compute in PF-days, the best size, the tokens ``D = C/(6N)``, and the loss ``L(C)``."""

    C: Values
    N: Values
    D: Values
    L: Values


class Consistency(NamedTuple):
    """``α_C`` as fitted, ``p α_N`` as two other fits give it, and their ratio."""

    fitted: float
    from_size: float
    ratio: float


@dataclass(frozen=True, kw_only=True)
class Henighan:
    r"""The laws of one domain.

    .. math:: L(x) = L_\infty + (x_0/x)^{\alpha_x}, \quad x \in \{N, C\}, \qquad N_{\rm opt} = (C/c_0)^p

    Level: empirical.

    Parameters
    ----------
    domain:
        Its name.
    size, compute:
        ``L(N)`` and ``L(C)``, or ``None`` where there is none of its own.
    allocation:
        ``N_opt(C)``, or ``None``.

    Raises
    ------
    ParameterError
        If a part is of another kind.

    Examples
    --------
    >>> law = Henighan.from_paper("image-16x16")
    >>> round(law(C=1), 4), round(law.reducible(C=1), 4), law.entropy("C")
    (2.6966, 0.0566, 2.64)
    >>> print(f"{Henighan.from_paper('language').optimum(1.0).N:.3g}")
    1.29e+09
    """

    domain: str
    size: Power | None = None
    compute: Power | None = None
    allocation: SizeTrend | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.domain, str):
            raise ParameterError("domain", self.domain, "a domain has a name", "give text")
        for name, kind in (("size", Power), ("compute", Power), ("allocation", SizeTrend)):
            if not isinstance(getattr(self, name), kind | None):
                raise ParameterError(name, getattr(self, name), "it is no such law", f"give a {kind.__name__} or None")

    @classmethod
    def from_paper(cls, name: str = "language") -> Henighan:
        """A row of table 1; :meth:`papers` lists them."""
        found: Any = named("henighan", name)["constants"]
        return cls(
            domain=found["domain"],
            size=found["size"] and Power(**found["size"], names=_NAMES["N"]),
            compute=found["compute"] and Power(**found["compute"], names=_NAMES["C"]),
            allocation=found["allocation"] and SizeTrend(**found["allocation"]),
        )

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names of the rows."""
        return tuple(published("henighan")["sets"])

    def __call__(self, *, N: object = None, C: object = None, unit: str = "PF-days") -> Values:
        """The loss ``L(N)`` or ``L(C)`` in nats per token; ``unit`` is that of ``C``.

        Raises
        ------
        ParameterError
            Unless exactly one of ``N`` and ``C`` is given, and the domain has that law.
        """
        law, x = self._chosen(N, C, unit)
        return law(x)

    def reducible(self, *, N: object = None, C: object = None, unit: str = "PF-days") -> Values:
        """``L - L_∞``, without cancellation."""
        law, x = self._chosen(N, C, unit)
        return law.reducible(x)

    def entropy(self, variable: str = "C") -> float:
        """``L_∞`` of ``L(C)`` or of ``L(N)``; 0 where no floor was resolved."""
        return self.law(variable).entropy

    def x_for(self, eps: object, variable: str = "C") -> Values:
        """The compute (PF-days), or the size, at which the loss is ``eps`` nats above the floor: ``x_0 eps^{-1/α}``.

        Examples
        --------
        >>> print(f"{Henighan.from_paper('image-8x8').x_for(3 / 192, 'N'):.2g}")
        2.7e+09
        """
        return self.law(variable).x_for(eps)

    def inverse(self, L: object, variable: str = "C") -> Values:
        """The compute (PF-days), or the size, at which the loss is ``L``."""
        return self.law(variable).inverse(L)

    def law(self, variable: str) -> Power:
        """``L(N)`` or ``L(C)``.

        Raises
        ------
        ParameterError
            If the variable is another, or the domain has no such law.
        """
        if variable not in ("N", "C"):
            raise ParameterError("variable", variable, "no law is in it", "use 'N' or 'C'")
        found = self.size if variable == "N" else self.compute
        if found is None:
            remedy = "take the image row of the pair, which holds the combined loss"
            raise ParameterError("domain", self.domain, f"there is no L({variable}) of its own", remedy)
        return found

    def optimum(self, C: object, unit: str = "PF-days") -> HenighanOptimum:
        """The best size by its own fit, the tokens that ``C = 6ND`` leaves, and ``L(C)``."""
        c = pf_days(C, unit)
        size = self._allocation()(c)
        with np.errstate(all="ignore"):
            tokens = answer(c / np.asarray(size) * (PF_DAY / 6), "D")
        return HenighanOptimum(answer(c, "C"), size, tokens, self.law("C")(c))

    def consistency(self) -> Consistency:
        """Whether ``α_C ≈ p α_N``, as one law ``L_∞ + (N_0/N)^α + (D_0/D)^δ`` would have it; a diagnostic of three separate fits.

        Examples
        --------
        >>> "fitted {:.3f}, from the size {:.4f}, ratio {:.2f}".format(*Henighan.from_paper("language").consistency())
        'fitted 0.048, from the size 0.0511, ratio 0.94'
        """
        fitted, given = self.law("C").alpha, self._allocation().p * self.law("N").alpha
        return Consistency(fitted, given, fitted / given)

    def two_term(self) -> TwoTerm:
        r"""The law of two terms that has this ``L(N)`` at ``D = ∞`` and this ``N_opt`` at ``C = 6ND``.

        .. math:: \delta = \frac{\alpha p}{1-p}, \qquad D_0^{\delta} = \frac{\alpha N_0^{\alpha}}{\delta G^{\alpha+\delta}},
                  \quad N_{\rm opt} = G\,(C/6)^p

        Its ``L(C)`` can then be compared with the fitted one, which was not used.

        Examples
        --------
        >>> found = Henighan.from_paper("video-vq-16x16x16").two_term()
        >>> print(f"{found.delta:.4f} {found.compute.alpha:.4f}")
        0.5876 0.1704
        """
        return TwoTerm.of(self.law("N"), self._allocation())

    @property
    def formula(self) -> Any:
        """``L(C)`` as a SymPy equation, or ``L(N)`` where there is none."""
        return (self.compute or self.law("N")).formula

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        return (self.compute or self.law("N")).latex

    @classmethod
    def fit(cls, x: object, L: object, variable: str = "C", *, bootstrap: object = 0, seed: object = 0) -> Fit:
        """Least squares of ``log L`` with a floor; the law found is a :class:`Henighan` with that part alone.

        Parameters
        ----------
        x, L:
            The data; compute in PF-days.
        variable:
            ``"C"`` or ``"N"``.
        bootstrap, seed:
            Resamples of the rows, and the seed.

        Examples
        --------
        >>> C = 10.0 ** np.arange(-7, 2)
        >>> found = Henighan.fit(C, Henighan.from_paper("image-16x16")(C=C))
        >>> print(f"{found.law.entropy():.3f}")
        2.640
        """
        if variable not in ("N", "C"):
            raise ParameterError("variable", variable, "no law is in it", "use 'N' or 'C'")
        found = Power.fit(x, L, floor=True, names=_NAMES[variable], bootstrap=bootstrap, seed=seed)
        part = {"size" if variable == "N" else "compute": found.law}
        law = cls(domain="fitted", **part)
        return replace(found, law=law)

    def _chosen(self, N: object, C: object, unit: str) -> tuple[Power, Any]:
        if (N is None) == (C is None):
            raise ParameterError("N, C", (N, C), "each law has one argument", "give one of N and C by name")
        return (self.law("C"), pf_days(C, unit, infinite=True)) if N is None else (self.law("N"), N)

    def _allocation(self) -> SizeTrend:
        if self.allocation is None:
            remedy = "take the image row of the pair, which holds that of the combined loss"
            raise ParameterError("domain", self.domain, "there is no N_opt of its own", remedy)
        return self.allocation
