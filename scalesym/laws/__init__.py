"""The field's empirical scaling laws, on the engine of :mod:`scalesym.powerlaw`, and its other solvable models.

Every law is a frozen dataclass of its constants. ``law(x)`` is its value, on numbers or arrays; ``law.inverse(y)`` goes back;
``law.optimum(C)`` spends a compute budget best; ``law.formula`` is the law as a SymPy equation; ``Law.fit(data)`` finds the
constants; ``Law.from_paper(name)`` takes published ones, which are data with a source (:mod:`scalesym.laws.published`).

Three are not fitted but solved: :class:`DynamicalModel`, :class:`FourRegimes` and :class:`RandomFeatureRidge` are linear models on
the spectrum of the phases, at the level of the deterministic equivalent, and have simulations to answer to.

>>> from scalesym.laws import Chinchilla
>>> law = Chinchilla.from_paper("besiroglu2024")
>>> print(f"{law.optimum(5.76e23).N:.3g} parameters")
7.22e+10 parameters
"""

from __future__ import annotations

from .adaptive import Adaptive
from .bnsl import BNSL
from .chinchilla import Chinchilla
from .comparison import Exponents, compared
from .dynamical import DynamicalModel
from .fitting import Fit
from .henighan import Henighan
from .kaplan import Kaplan
from .regimes import FourRegimes
from .ridge import RandomFeatureRidge
from .shape import ShapeLaw
from .vit import ViT

__all__ = [
    "BNSL",
    "Adaptive",
    "Chinchilla",
    "DynamicalModel",
    "Exponents",
    "Fit",
    "FourRegimes",
    "Henighan",
    "Kaplan",
    "RandomFeatureRidge",
    "ShapeLaw",
    "ViT",
    "compared",
]
