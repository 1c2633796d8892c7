"""The field's empirical scaling laws, on the engine of :mod:`scalesym.powerlaw`.

Every law is a frozen dataclass of its constants. ``law(x)`` is its value, on numbers or arrays; ``law.inverse(y)`` goes back;
``law.optimum(C)`` spends a compute budget best; ``law.formula`` is the law as a SymPy equation; ``Law.fit(data)`` finds the
constants; ``Law.from_paper(name)`` takes published ones, which are data with a source (:mod:`scalesym.laws.published`).

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
from .fitting import Fit
from .henighan import Henighan
from .kaplan import Kaplan
from .shape import ShapeLaw
from .vit import ViT

__all__ = [
    "BNSL",
    "Adaptive",
    "Chinchilla",
    "Exponents",
    "Fit",
    "Henighan",
    "Kaplan",
    "ShapeLaw",
    "ViT",
    "compared",
]
