r"""Exponents that geometry gives: nearest neighbours on a manifold of dimension ``d``, and the kernel whose eigenfunctions live there.

Of ``D`` random points on a manifold of dimension ``d`` the nearest to a further point lies at a distance of order ``D^{-1/d}``. A
model that is right at the points and wrong by (distance)\ :sup:`p` between them has, for a loss that grows like (error)\ :sup:`q`,

.. math:: L \sim D^{-pq/d} .

What is proved there, what is argued and what is guessed are three things, and :func:`exponent_geometry` says which: ``1/d`` is a
bound that follows from Lipschitz continuity alone, ``2/d`` and ``4/d`` are not. ``d`` is the dimension of the manifold, not of
the space around it. Level: asymptotic; :mod:`scalesym.laws.neighbours` has the constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from ..errors import ParameterError
from ..parameters import real, whole_number

__all__ = [
    "GeometricExponent",
    "exponent_geometry",
    "kernel_exponent",
    "per_parameter",
]

Status = Literal["theorem", "heuristic", "estimate"]
Model = Literal["deep", "linear"]

_LARGEST_POWER = 100


@dataclass(frozen=True)
class GeometricExponent:
    """An exponent of the loss, with what is known about it.

    Parameters
    ----------
    exponent:
        Exact, for exact input.
    relation:
        ``"≥"`` if the loss is at most of this order, ``"≈"`` if it is said to be of this order.
    status:
        ``"theorem"``: a proved bound; ``"heuristic"``: the bound of a model of the error; ``"estimate"``: a value to expect.
    conditions:
        What it presupposes, in words.
    """

    exponent: Fraction
    relation: Literal["≥", "≈"]
    status: Status
    conditions: tuple[str, ...]


_NEIGHBOUR = "the data fill a manifold of dimension d, and the model is right at every training point"
_LIPSCHITZ = "the target, the model and the loss are Lipschitz"


def exponent_geometry(d: object, order: object = 1, loss_power: object = 1) -> GeometricExponent:
    """The resolution-limited exponent ``order·loss_power/d``, in the number of points or of parameters. Level: asymptotic.

    Parameters
    ----------
    d:
        Dimension of the data manifold, positive; a measured one need not be an integer.
    order:
        The error between training points is of this order in their distance: 1 for Lipschitz functions, 2 for piecewise linear
        interpolation of a function with a second derivative.
    loss_power:
        1 for a loss that is Lipschitz in the error, 2 for one quadratic in it, such as the square or the cross entropy near
        its minimum.

    Returns
    -------
    GeometricExponent
        A theorem for (1, 1) only. For (2, 2), that is ``4/d``, an estimate: as a bound it holds for piecewise linear models,
        and a smoother model can do better.

    Raises
    ------
    ParameterError
        If ``d`` is not positive and finite, ``order`` no count or ``loss_power`` not 1 or 2.

    References
    ----------
    Bahri, Dyer, Kaplan, Lee, Sharma, arXiv:2102.06701, the part on resolution-limited scaling.

    Examples
    --------
    >>> exponent_geometry(8).exponent, exponent_geometry(8).status
    (Fraction(1, 8), 'theorem')
    >>> found = exponent_geometry("15/2", order=2, loss_power=2)
    >>> print(f"alpha {found.relation} {found.exponent} ({found.status})")
    alpha ≈ 8/15 (estimate)
    """
    dimension = _dimension(d)
    p, q = whole_number(order, "order", least=1), whole_number(loss_power, "loss_power", least=1)
    if p > _LARGEST_POWER:
        raise ParameterError("order", order, "no interpolation is of that order", f"use order <= {_LARGEST_POWER}")
    if q > 2:
        remedy = "use 1 (Lipschitz loss) or 2 (quadratic loss)"
        raise ParameterError("loss_power", loss_power, "a smooth loss is quadratic at its minimum", remedy)
    exponent = Fraction(p * q) / dimension
    if (p, q) == (1, 1):
        return GeometricExponent(exponent, "≥", "theorem", (_NEIGHBOUR, _LIPSCHITZ))
    error = "the target and the model are Lipschitz" if p == 1 else f"the error is of order {p} in the distance"
    loss = "the loss is Lipschitz in the error" if q == 1 else "the loss is quadratic in the error"
    if (p, q) == (2, 2):
        linear = "the model interpolates linearly between neighbours, so the error is of order 2 in the distance"
        return GeometricExponent(exponent, "≈", "estimate", (_NEIGHBOUR, linear, loss, "nothing smoother is gained"))
    return GeometricExponent(exponent, "≥", "heuristic", (_NEIGHBOUR, error, loss))


def kernel_exponent(t: object, d: object) -> GeometricExponent:
    r"""The bound ``α_K ≥ t/d`` on the decay ``λ_i ∼ i^{-(1+α_K)}`` of a kernel's spectrum. Level: asymptotic.

    A kernel with ``t`` derivatives on a manifold of dimension ``d`` has :math:`\lambda_n \lesssim n^{-(1+t/d)}`, by Weyl's law:
    the ``n``-th eigenfunction varies over a length of order ``n^{-1/d}``.

    Parameters
    ----------
    t:
        Smoothness of the kernel, positive.
    d:
        Dimension, positive.

    Raises
    ------
    ParameterError
        If one is not positive and finite.

    References
    ----------
    Bahri et al., arXiv:2102.06701, where it is cited as classical.

    Examples
    --------
    >>> kernel_exponent(1, 4).exponent
    Fraction(1, 4)
    """
    smoothness = Fraction(real(t, "t", above=0, reason="the kernel would be no smoother than white noise"))
    conditions = (
        "the kernel has t derivatives on a compact manifold of dimension d",
        "the points have a bounded density",
    )
    return GeometricExponent(smoothness / _dimension(d), "≥", "theorem", conditions)


def per_parameter(exponent_per_width: object, model: Model = "deep") -> Fraction:
    """An exponent in the width as one in the number of parameters: halved for deep networks, kept for linear models.

    The variance-limited exponent "1 in model size" is one in the *width*: deep networks have as many parameters as the square
    of their width, so that it is 1/2 per parameter; a model linear in random features has one parameter for each.

    Parameters
    ----------
    exponent_per_width:
        Positive.
    model:
        ``"deep"`` or ``"linear"``.

    Raises
    ------
    ParameterError
        If the exponent is not positive, or there is no such model.

    Examples
    --------
    >>> per_parameter(1), per_parameter(1, "linear")
    (Fraction(1, 2), Fraction(1, 1))
    """
    if model not in get_args(Model):
        raise ParameterError("model", model, "no such kind of model", f"use one of {', '.join(get_args(Model))}")
    exponent = Fraction(real(exponent_per_width, "exponent_per_width", above=0, reason="the loss would not fall"))
    return exponent / 2 if model == "deep" else exponent


def _dimension(d: object) -> Fraction:
    return Fraction(real(d, "d", above=0, reason="a manifold has a positive dimension"))
