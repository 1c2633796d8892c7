r"""Adaptive training: change the shape of a network on the way, always to the one that is cheapest for the next bit of error.

Each shape ``P`` (patch size, width, length of context) has a law ``E = f_P(C)`` of the saturating kind. At the error ``E`` the
next bit costs ``g_P(E) = -df_P^{-1}/dE``, and

.. math:: C(E_0 \to E_T) = \int_{E_T}^{E_0}\min_P g_P(E)\,dE

is the least compute. **Assumed:** the state of a run is its error. A switch keeps it, and the run goes on along the law of the new
shape from the compute at which that law has this error. Transitions are where marginal costs cross, not where the laws do; they
do not depend on the shifts. Where a switch costs something, or the shapes may be used in one order only, the cheapest next step
may not belong to the cheapest run, and the schedule is found by dynamic programming. Level: empirical.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import nonnegative, real
from ._quantities import finite, floats, within
from ._schedules import TIE, Leg, Transition, covers, highest, log_costs, planned, transition, traversal
from .fitting import Fit
from .shape import ShapeLaw

__all__ = ["Adaptive", "Leg", "Transition"]


@dataclass(frozen=True)
class Adaptive:
    """Shapes between which a run may switch.

    Parameters
    ----------
    shapes:
        A :class:`ShapeLaw` for each name. Their order decides ties and, where that is asked for, the order of use.

    Raises
    ------
    ParameterError
        If there is no shape, or one is not a :class:`ShapeLaw`.

    Examples
    --------
    >>> law = Adaptive({"A": ShapeLaw(1, 0.5, 0.3), "B": ShapeLaw(2, 0.5, 0.1), "C": ShapeLaw(6, 0.5)})
    >>> for leg in law.schedule(1.0, 0.15):
    ...     print(f"{leg.shape} from {leg.high:.6f} to {leg.low:.6f} for {leg.compute:.4f}")
    A from 1.000000 to 0.640483 for 6.5852
    B from 0.640483 to 0.192585 for 452.9395
    C from 0.192585 to 0.150000 for 629.3654
    >>> print(f"{law.saving(1.0, 0.15):.3f}")
    0.304

    References
    ----------
    Anagnostidis, Bachmann, Schlag, Hofmann, arXiv:2311.03233. No fitted constants of theirs could be found; there is no set of them.
    """

    shapes: Mapping[str, ShapeLaw]

    def __post_init__(self) -> None:
        if not isinstance(self.shapes, Mapping) or not self.shapes:
            raise ParameterError("shapes", self.shapes, "there is no shape", "give a dict of names and ShapeLaws")
        for name, law in self.shapes.items():
            if not isinstance(name, str) or not isinstance(law, ShapeLaw):
                raise ParameterError(
                    "shapes", (name, law), "it is no name with a ShapeLaw", "use {'name': ShapeLaw(...)}"
                )
        object.__setattr__(self, "shapes", MappingProxyType(dict(self.shapes)))

    def __hash__(self) -> int:
        return hash(tuple(self.shapes.items()))

    def __reduce__(self) -> tuple[type[Adaptive], tuple[dict[str, ShapeLaw]]]:
        return Adaptive, (dict(self.shapes),)  # a read-only mapping cannot be pickled

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """None: no constants were published in what could be read."""
        return ()

    @classmethod
    def from_paper(cls, name: str) -> Adaptive:
        """Always refuses, for want of published constants."""
        raise ParameterError(
            "name", name, "no table of constants was found in the paper", "fit them: Adaptive.fit(data)"
        )

    @classmethod
    def fit(cls, data: Mapping[str, tuple[object, object]], *, bootstrap: int = 0, seed: int = 0) -> Fit:
        """A :meth:`ShapeLaw.fit` for each shape; the constants are named ``"shape.scale"`` and so on.

        Parameters
        ----------
        data:
            ``{shape: (compute, error)}``.
        """
        if not isinstance(data, Mapping) or not data:
            raise ParameterError("data", data, "there is no shape", "give a dict of names and pairs (compute, error)")
        fits: dict[str, Fit] = {}
        for name, pair in data.items():
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise ParameterError(f"data[{name!r}]", pair, "it is no pair", "give (compute, error)")
            fits[name] = ShapeLaw.fit(*pair, bootstrap=bootstrap, seed=seed)
        residuals = np.concatenate([each.residuals for each in fits.values()])
        return Fit(
            cls({name: each.law for name, each in fits.items()}),
            {f"{name}.{key}": value for name, each in fits.items() for key, value in each.parameters.items()},
            float(np.mean(residuals**2)),
            residuals,
            all(each.success for each in fits.values()),
            "; ".join(f"{name}: {each.message}" for name, each in fits.items()),
            {f"{name}.{key}": value for name, each in fits.items() for key, value in each.samples.items()},
        )

    # -- at one error ------------------------------------------------------------------------------------------------

    @property
    def floor(self) -> float:
        """The least error that any shape approaches."""
        return min(float(law.floor) for law in self.shapes.values())

    def best(self, error: object) -> str:
        """The shape with the least marginal cost at an error; the first of several.

        That is the one whose ``df_P^{-1}/dE``, which is negative, is the *largest*.

        Raises
        ------
        ParameterError
            If no shape has this error.
        """
        E = float(real(error, "E"))
        costs = log_costs(self.shapes, E)
        if not costs:
            remedy = f"use an error above {self.floor:.9g} and below a ceiling"
            raise ParameterError("E", error, "no shape has this error", remedy)
        least = min(costs.values())
        return next(name for name, cost in costs.items() if cost <= least + TIE)

    def marginal_cost(self, error: object) -> Any:
        """``min_P g_P(E)``, the compute for the next unit of error."""
        E = floats(error, "E")
        costs = [self.shapes[self.best(each)].marginal_cost(each) for each in E.ravel().tolist()]
        return finite(np.array(costs).reshape(E.shape), "marginal cost")

    def transitions(self, start: object = math.inf, target: object = None) -> tuple[Transition, ...]:
        """Where the best shape changes as the error falls from ``start`` to ``target``; by default over all errors.

        Raises
        ------
        ParameterError
            If the two are in the wrong order, or no shape has some error between them, whether they are given or not.
        """
        high = float(real(start, "E0", infinite=True))
        if high == math.inf:
            high = highest(self.shapes)
        low = self.floor if target is None else float(real(target, "ET"))
        legs = traversal(self.shapes, high, low)
        return tuple(transition(self.shapes, one[0], other[0], other[1]) for one, other in pairwise(legs))

    # -- along a run -------------------------------------------------------------------------------------------------

    def schedule(
        self, start: object, target: object, switch_cost: object = 0, ordered: bool = False
    ) -> tuple[Leg, ...]:
        """The cheapest schedule from one error to another.

        Parameters
        ----------
        start, target:
            ``E0 > ET``; the run may begin with any shape that has the error ``E0``.
        switch_cost:
            Compute for each switch, not negative. It is not part of the legs' compute.
        ordered:
            Whether a shape may only be followed by one that comes later in ``shapes``.

        Returns
        -------
        tuple[Leg, ...]

        Raises
        ------
        ParameterError
            If the target is at or below every floor, an error on the way belongs to no shape, or no order of shapes leads there.
        """
        high, low, cost = self._ends(start, target, switch_cost)
        plan = planned(self.shapes, high, low, cost, ordered) if cost or ordered else traversal(self.shapes, high, low)
        return tuple(Leg(name, top, end, self.shapes[name].compute_between(top, end)) for name, top, end in plan)

    def total_compute(self, start: object, target: object, switch_cost: object = 0, ordered: bool = False) -> float:
        """The compute of :meth:`schedule`, switches included."""
        legs = self.schedule(start, target, switch_cost, ordered)
        return float(
            finite(math.fsum(leg.compute for leg in legs) + float(real(switch_cost, "switch_cost")) * (len(legs) - 1))
        )

    def static_compute(self, start: object, target: object) -> dict[str, float]:
        """The compute of each shape by itself; infinite where its law does not have both errors."""
        high, low, _ = self._ends(start, target, 0)
        return {
            name: law.compute_between(high, low) if covers(law, high, low) else math.inf
            for name, law in self.shapes.items()
        }

    def saving(self, start: object, target: object, switch_cost: object = 0, ordered: bool = False) -> float:
        """``1 − C_adaptive / C_static``, against the best single shape.

        Raises
        ------
        ParameterError
            If no single shape goes all the way, so that there is nothing to compare with.
        """
        static = min(self.static_compute(start, target).values())
        if static == math.inf:
            raise ParameterError("ET", target, "no single shape goes from the start to it", "use total_compute")
        return 1 - self.total_compute(start, target, switch_cost, ordered) / static

    def __call__(self, compute: object, start: object) -> Any:
        """The error after ``compute ≥ 0`` along the cheapest run from the error ``start``, with switches free."""
        C = floats(compute, "C")
        within(C, "C", C < 0, "compute is not negative", "use C >= 0")
        high = float(real(start, "E0"))
        self._require(high, self.floor)
        legs = traversal(self.shapes, high, self.floor)
        ends = np.cumsum([self.shapes[name].compute_between(top, end) for name, top, end in legs[:-1]])
        out = []
        for spent in C.ravel().tolist():
            k = int(np.searchsorted(ends, spent, side="right"))
            name, top, _ = legs[k]
            law = self.shapes[name]
            here = spent - (float(ends[k - 1]) if k else 0.0)
            out.append(law(law.inverse(top) + here) if here else top)
        return finite(np.array(out).reshape(C.shape), "E")

    # -- in symbols --------------------------------------------------------------------------------------------------

    @property
    def formula(self) -> Any:
        """The least compute as a SymPy equation in ``a_P``, ``b_P``, ``c_P``, ``P = 1, 2, …`` in the order given."""
        from ._adaptive_symbols import total_formula

        return total_formula(len(self.shapes))

    @property
    def latex(self) -> str:
        """:attr:`formula` in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    @staticmethod
    def transition_formula(kind: str) -> Any:
        """The error at which two marginal costs cross, solved by SymPy: for ``"equal exponents"`` or ``"equal floors"``.

        Examples
        --------
        >>> Adaptive.transition_formula("equal exponents")
        Eq(E, (c_1 - c_2*(a_1/a_2)**(1/(b + 1)))/(1 - (a_1/a_2)**(1/(b + 1))))
        """
        from ._adaptive_symbols import transition_formula

        return transition_formula(kind)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _require(self, high: float, low: float) -> None:
        top = max(law.ceiling for law in self.shapes.values())
        if high > top:
            raise ParameterError("E0", high, "every law begins below it", f"use E0 <= {top:.9g}")
        if high <= low:
            raise ParameterError("E0", high, "training lowers the error", f"use E0 > {low:.9g}")

    def _ends(self, start: object, target: object, switch_cost: object) -> tuple[float, float, float]:
        high, low = float(real(start, "E0")), float(real(target, "ET"))
        cost = float(nonnegative(switch_cost, "switch_cost", "a switch gives no compute back"))
        if low <= self.floor:
            raise ParameterError("ET", target, "no shape reaches it", f"use ET > {self.floor:.9g}, the least floor")
        self._require(high, low)
        return high, low, cost
