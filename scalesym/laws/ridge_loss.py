r"""Ridge regression on random features: ``Δ``, the loss and its plateaus, for numbers and arrays.

The functions are methods of :class:`scalesym.laws.ridge.RandomFeatureRidge`. Level: deterministic equivalent, or continuum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..errors import ParameterError
from ._quantities import Values, quiet
from .ridge_closed import rests_at
from .ridge_point import Convention, Level, each, equation, is_continuum, is_sum, loss_at, mean_ridge, point

if TYPE_CHECKING:
    from .ridge import RandomFeatureRidge

__all__ = ["delta", "delta_of_ridge", "loss", "plateau", "ridge_of_delta", "ridgeless", "train_loss"]


@quiet
def delta(law: RandomFeatureRidge, n: object, level: Level = "equivalent") -> Values:
    r"""``Δ`` without ridge, ``f(Δ) = n`` for ``n = min(N, T)``; 0 from ``n = M`` on.

    At level ``"continuum"`` ``λ_+ (c/n)^{1+α}`` with ``c = πs/\sin πs``, ``s = 1/(1+α)``, for ``1 ≪ n ≪ M``.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> law = RandomFeatureRidge(1, M="inf")
    >>> print(f"{law.delta(100):.4e} {law.delta(100, 'continuum'):.4e}")
    2.4429e-04 2.4674e-04
    """
    continuum = is_continuum(law, level)
    return each(lambda n: float(law.scale) * point(law, n, math.inf, 0.0, continuum).delta, n=n)


@quiet
def delta_of_ridge(
    law: RandomFeatureRidge,
    ridge: object,
    N: object,
    T: object,
    level: Level = "equivalent",
    convention: Convention = "sum",
) -> Values:
    """``Δ`` of a ridge, the root of the ridge equation with ``0 < f ≤ min(N, T)``.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> print(f"{RandomFeatureRidge('3/5', M=600).delta_of_ridge(0.3, 40, 120):.8f}")
    0.01254742
    """
    continuum, of_sum = is_continuum(law, level), is_sum(convention)

    def one(ridge: float, N: float, T: float) -> float:
        return float(law.scale) * point(law, N, T, mean_ridge(law, ridge, T, of_sum), continuum).delta

    return each(one, ridge=ridge, N=N, T=T)


@quiet
def ridge_of_delta(
    law: RandomFeatureRidge, delta: object, N: object, T: object, convention: Convention = "sum"
) -> Values:
    """The ridge equation, ``δ = Δ(T−f)(N−f)/N``, or ``s = δ/T``.

    Raises
    ------
    ParameterError
        If ``Δ`` is below that of no ridge, or for the ridge of a sum of infinitely many squares.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> print(f"{RandomFeatureRidge('3/5', M=600).ridge_of_delta(0.0125474202, 40, 120):.6f}")
    0.300000
    """
    of_sum = is_sum(convention)

    def one(delta: float, N: float, T: float) -> float:
        kappa = delta / float(law.scale)
        model = equation(law, N, T, kappa)
        if kappa < model.ridgeless * (1 - 1e-12):
            least = float(law.scale) * model.ridgeless
            raise ParameterError("delta", delta, "the ridge would be negative", f"use delta >= {least:.9g}")
        rest = rests_at(model.nodes, kappa, N, T, model.size)
        s = max(0.0, delta * float(rest[0]) * float(rest[1]))
        if of_sum and s > 0 and math.isinf(T):
            reason = "a sum over infinitely many samples has an infinite ridge"
            raise ParameterError("convention", convention, reason, "use convention='mean'")
        return s * T if of_sum and s else s

    return each(one, delta=delta, N=N, T=T)


@quiet
def loss(
    law: RandomFeatureRidge,
    N: object,
    T: object,
    ridge: object = 0,
    level: Level = "equivalent",
    convention: Convention = "sum",
) -> Values:
    """The test loss, with the noise of the test labels.

    Parameters
    ----------
    N, T:
        Features and samples, real, from 1 on, or ``inf``; arrays are broadcast.
    ridge:
        Not negative; without one the solution of least norm.
    level:
        ``"equivalent"``: the sums over ``M`` latents. ``"continuum"``: ``f`` and ``g`` as powers of ``Δ``, for ``1 ≪ N, T ≪ M`` and
        ``beta = 0``.
    convention:
        Whether the ridge is that of the ``"sum"`` or of the ``"mean"`` of squares.

    Returns
    -------
    float or numpy.ndarray
        ``inf`` where ``N = T < M`` without ridge.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> law = RandomFeatureRidge("3/5", M=1500)
    >>> law.loss([200, 600, 300], [600, 200, 300], ridge=0.05).round(6)
    array([0.139238, 0.13568 , 0.14009 ])
    """
    continuum, of_sum = is_continuum(law, level), is_sum(convention)

    def one(N: float, T: float, ridge: float) -> float:
        return loss_at(law, point(law, N, T, mean_ridge(law, ridge, T, of_sum), continuum), N, T)

    return each(one, N=N, T=T, ridge=ridge)


@quiet
def train_loss(
    law: RandomFeatureRidge,
    N: object,
    T: object,
    ridge: object = 0,
    level: Level = "equivalent",
    convention: Convention = "sum",
) -> Values:
    """The mean square on the training data, ``(1 − f/T)²`` of the test loss; 0 where the student interpolates.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> law = RandomFeatureRidge("3/5", M=600)
    >>> law.train_loss(80, [40, 160]).round(6)
    array([0.      , 0.089256])
    """
    continuum, of_sum = is_continuum(law, level), is_sum(convention)

    def one(N: float, T: float, ridge: float) -> float:
        at = point(law, N, T, mean_ridge(law, ridge, T, of_sum), continuum)
        return at.rest[1] ** 2 * loss_at(law, at, N, T) if at.rest[1] > 0 else 0.0

    return each(one, N=N, T=T, ridge=ridge)


def ridgeless(law: RandomFeatureRidge, N: object, T: object, level: Level = "equivalent") -> Values:
    """The test loss of the solution of least norm: :meth:`loss` at ridge 0.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> law = RandomFeatureRidge("3/5", M=600)
    >>> round(law.ridgeless(40, 120) / (law.delta(40) * 40 * 120 / 80), 12)
    1.0
    """
    return loss(law, N, T, 0, level)


def plateau(law: RandomFeatureRidge, *, N: object = None, T: object = None, level: Level = "equivalent") -> Values:
    """What remains without ridge with ``N`` features and all data, or with ``T`` samples and all features.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> law = RandomFeatureRidge("3/5", M=600)
    >>> [round(value / (40 * law.delta(40)), 12) for value in (law.plateau(N=40), law.plateau(T=40))]
    [1.0, 1.0]
    """
    if (N is None) == (T is None):
        raise ParameterError("N, T", (N, T), "a plateau has one of them", "give N, or T")
    return loss(law, math.inf if N is None else N, math.inf if T is None else T, 0, level)
