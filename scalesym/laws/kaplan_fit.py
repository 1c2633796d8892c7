"""The laws of Kaplan et al. fitted to data, each by itself as in the paper: least squares of logarithms, by ``scipy.optimize``.

Level: empirical.
"""

from __future__ import annotations

from typing import Any

from ..errors import ParameterError
from ._power import Power, pf_days
from .fitting import Fit
from .kaplan_joint import JointLaw
from .kaplan_steps import CriticalBatch, StepsLaw

__all__ = ["NAMES", "fit"]

#: Of the quantity, its scale and its exponent, in each law of one quantity.
NAMES = {
    "size": ("N", "N_c", "alpha_N"),
    "data": ("D", "D_c", "alpha_D"),
    "compute": ("C_min", "C_c^min", "alpha_C^min"),
    "naive": ("C", "C_c", "alpha_C"),
}


def fit(
    L: object,
    *,
    N: object = None,
    D: object = None,
    C: object = None,
    S: object = None,
    B: object = None,
    unit: str = "PF-days",
    bootstrap: object = 0,
    seed: object = 0,
) -> Fit:
    r"""Fit one of the laws to losses that were seen; which one, what is given beside them says, as in a call of the law.

    .. math:: \min \sum_i \big(\ln \hat L_i - \ln L_i\big)^2

    Parameters
    ----------
    L:
        The losses, in nats per token; positive, one-dimensional.
    N, D, C, S, B:
        Positive, of the same length. ``N``: the law of size, ``L(N)``. ``D``: ``L(D)``. ``C``: ``L(C_min)``. ``N, D``: the joint law.
        ``N, S``: that of steps, with ``S`` steps at a batch far above the critical one. ``B``: the critical batch at those losses,
        in tokens; here the residuals are those of ``ln B``.
    unit:
        Of ``C``: ``"PF-days"`` or ``"FLOP"``.
    bootstrap, seed:
        Refits to resampled rows, and the seed of the resampling.

    Returns
    -------
    Fit
        Its ``law`` is the part that was fitted: ``dataclasses.replace(kaplan, joint=found.law)`` puts it into a :class:`Kaplan`. With a
        bootstrap, ``found.interval()`` and ``found.errors()`` say how well the constants are known.

    Raises
    ------
    ParameterError
        If no law has these quantities, or the data are not positive columns of one length, do not vary or are fewer than constants.

    Examples
    --------
    >>> import numpy as np
    >>> from scalesym.laws import Kaplan
    >>> law = Kaplan.from_paper()
    >>> N, D = (each.ravel() for each in np.meshgrid(10.0 ** np.arange(5, 10), 10.0 ** np.arange(7, 11)))
    >>> found = Kaplan.fit(law(N=N, D=D), N=N, D=D)
    >>> {name: f"{value:.4g}" for name, value in found.parameters.items()}
    {'N_c': '6.4e+13', 'alpha_N': '0.076', 'D_c': '1.8e+13', 'alpha_D': '0.103'}

    References
    ----------
    Kaplan et al., arXiv:2001.08361, equations 1.1 to 1.6.
    """
    given = {name: each for name, each in zip("NDCSB", (N, D, C, S, B), strict=True) if each is not None}
    how: dict[str, Any] = {"bootstrap": bootstrap, "seed": seed}
    match "".join(given):
        case "N":
            return Power.fit(N, L, names=NAMES["size"], **how)
        case "D":
            return Power.fit(D, L, names=NAMES["data"], **how)
        case "C":
            return Power.fit(pf_days(C, unit), L, names=NAMES["compute"], **how)
        case "ND":
            return JointLaw.fit(N, D, L, **how)
        case "NS":
            return StepsLaw.fit(N, S, L, **how)
        case "B":
            return CriticalBatch.fit(L, B, **how)
    remedy = "use N; D; C; N, D; N, S; or B"
    raise ParameterError("arguments", ", ".join(given) or None, "no law has these", remedy)
