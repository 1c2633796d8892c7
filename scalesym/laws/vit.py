r"""The scaling law of vision transformers: error rate against compute, saturating at both ends.

.. math:: E(C) = a\,(C+d)^{-b} + c ,

the least error over sizes and amounts of data at compute ``C``. Level: empirical.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact
from ._quantities import finite, floats, within
from ._saturating import fit_saturating
from .fitting import Fit
from .published import constants, published
from .shape import ShapeLaw

__all__ = ["ViT"]

Beyond = Literal["refuse", "clip", "keep"]


@dataclass(frozen=True, kw_only=True)
class ViT:
    r"""``E(C) = scale · (C + shift)^{-exponent} + floor``, an error rate.

    The constants go by their roles, because public copies of the law disagree on the letters: in those of the paper (and of
    :attr:`formula`) ``scale`` is ``a``, ``exponent`` is ``b``, ``floor`` is ``c``, ``shift`` is ``d``.

    Parameters
    ----------
    scale, exponent:
        Positive.
    floor:
        The error that no compute removes, ``0 ≤ floor < 1``.
    shift:
        Not negative, in the units of the compute (TPUv3 core-days in the paper). At 0 the law is that of Henighan et al.

    Raises
    ------
    ParameterError
        If a constant lies outside its domain.

    Examples
    --------
    >>> law = ViT.from_paper("finetune")
    >>> print(f"{law(100):.6f} {law.inverse(0.12):.4f} {law.ceiling:.5f}")
    0.141875 478.1546 1.39309

    The last is above 1, and no error rate; the law refuses compute as small as that:

    >>> law(0)
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: C = 0.0: the law gives more than 1, which is no error rate; use C >= 0.017894583, or beyond='clip'

    References
    ----------
    Zhai, Kolesnikov, Houlsby, Beyer, arXiv:2106.04560.
    """

    scale: Exact
    exponent: Exact
    floor: Exact = 0
    shift: Exact = 0

    def __post_init__(self) -> None:
        law = ShapeLaw(self.scale, self.exponent, self.floor, self.shift)
        for name in ("scale", "exponent", "floor", "shift"):
            object.__setattr__(self, name, getattr(law, name))
        if not 0 <= self.floor < 1:
            raise ParameterError("floor", self.floor, "it is an error rate", "use 0 <= floor < 1")

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names that :meth:`from_paper` takes."""
        return tuple(published("vit")["sets"])

    @classmethod
    def from_paper(cls, name: str) -> ViT:
        """Published constants: ``"finetune"`` or ``"tenshot"``, both for ImageNet."""
        return cls(**constants("vit", name)["constants"])

    @classmethod
    def fit(cls, compute: object, error: object, *, bootstrap: object = 0, seed: object = 0) -> Fit:
        """The constants that minimise the mean square of ``ln Ê − ln E``; see :meth:`ShapeLaw.fit`.

        Raises
        ------
        ParameterError
            If an error is not in ``(0, 1]``, or for what :meth:`ShapeLaw.fit` refuses.
        """
        E = floats(error, "error")
        within(E, "error", (E <= 0) | (E > 1), "it is an error rate", "use 0 < E <= 1")
        return fit_saturating(cls, compute, E, bootstrap, seed)

    @property
    def law(self) -> ShapeLaw:
        """The same law without the requirement that its values are error rates."""
        return ShapeLaw(self.scale, self.exponent, self.floor, self.shift)

    def __call__(self, compute: object, beyond: Beyond = "refuse") -> Any:
        """The error rate.

        Parameters
        ----------
        compute:
            Not negative.
        beyond:
            What happens where the law exceeds 1: ``"refuse"`` it, ``"clip"`` to 1, or ``"keep"`` the value.

        Raises
        ------
        ParameterError
            Below :attr:`least_compute`, unless ``beyond`` says otherwise.
        """
        if beyond not in get_args(Beyond):
            raise ParameterError("beyond", beyond, "no such way", f"use one of {', '.join(get_args(Beyond))}")
        C = floats(compute, "C")
        E = np.asarray(self.law(C))
        if beyond == "refuse":
            remedy = f"use C >= {self.least_compute:.9g}, or beyond='clip'"
            within(C, "C", E > 1 + 1e-14, "the law gives more than 1, which is no error rate", remedy)
        return finite(E if beyond == "keep" else np.minimum(E, 1.0), "E")

    def inverse(self, error: object) -> Any:
        """The compute that reaches an error rate, ``floor < E ≤ min(1, ceiling)``."""
        E = floats(error, "E")
        within(E, "E", E > 1, "it is no error rate", "use E <= 1")
        return self.law.inverse(E)

    def slope(self, compute: object) -> Any:
        """``d ln(E-c)/d ln C = -bC/(C+d)``; it means the same where the law exceeds 1."""
        return self.law.slope(compute)

    def derivative(self, compute: object) -> Any:
        """``dE/dC = -ab (C+d)^{-b-1}``."""
        return self.law.derivative(compute)

    def marginal_cost(self, error: object) -> Any:
        """The compute for a unit of error, ``-dC/dE = ((E-c)/a)^{-1/b-1}/(ab)``; it does not depend on the shift."""
        E = floats(error, "E")
        within(E, "E", E > 1, "it is no error rate", "use E <= 1")
        return self.law.marginal_cost(E)

    @property
    def ceiling(self) -> float:
        """The value of the formula at no compute, ``a d^{-b} + c``, which may exceed 1; infinite if ``d = 0``."""
        return self.law.ceiling

    @property
    def least_compute(self) -> float:
        """Where the law is 1. Below it is no error rate; 0 if it never exceeds 1."""
        return 0.0 if self.ceiling <= 1 else float(self.law.inverse(1))

    @property
    def formula(self) -> Any:
        """``E = a (C+d)^{-b} + c``, a SymPy equation, in the letters of the paper."""
        return self.law.formula

    @property
    def latex(self) -> str:
        """:attr:`formula` in LaTeX."""
        return self.law.latex

    @property
    def inverse_formula(self) -> Any:
        """The formula solved for the compute, by SymPy."""
        return self.law.inverse_formula

    @property
    def marginal_cost_formula(self) -> Any:
        """Minus the derivative of the inverse, by SymPy."""
        return self.law.marginal_cost_formula
