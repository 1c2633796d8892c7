r"""Enclosures of roots in ball arithmetic: an approximation first, then a proof.

*By sign.* A continuous, strictly monotone ``f`` with ``f(a)`` and ``f(b)`` of proven opposite sign has exactly one root
between ``a`` and ``b``.

*By Newton's operator.* Let ``X`` be a ball (a real interval or a complex box) around ``x``, and let ``S`` be the ball
found for ``f'(X)``, with ``0 ∉ S``. If ``N = x − f(x)/S`` lies inside ``X``, then ``f`` has exactly one root in ``X``,
and it is in ``N``. For ``y`` in ``X`` put ``F(y) = ∫_0^1 f'(x + t(y−x)) dt``: an average of values of ``f'``, it lies in
the convex set ``S``, and ``f(y) = f(x) + F(y)(y−x)``. The continuous map ``y ↦ x − f(x)/F(y)`` sends ``X`` into
``N ⊂ X``, has a fixed point by Brouwer's theorem, and a fixed point is a root; any root is a fixed point, so it is in
``N``; and between two roots an average of ``f'`` would vanish. If coefficients of ``f`` are balls themselves, this
holds for each of their values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["approximate_root", "falling_root", "newton_root", "sign_change"]

#: The value and the derivative at an ``arb`` or ``acb``.
Pair = Callable[[Any], tuple[Any, Any]]

_OCTAVES = 2**16  # how far a positive root is looked for


def newton_root(function: Pair, start: Any, steps: int = 60) -> Any:
    """The ball of the root near ``start``, proven to exist and to be the only one in it; not finite without that proof.

    Parameters
    ----------
    function:
        Value and derivative, at exact points and on balls.
    start:
        An approximation, ``arb`` or ``acb``; only its midpoint counts.
    steps:
        Most steps of Newton's iteration before the proof.

    Examples
    --------
    >>> from flint import arb
    >>> newton_root(lambda x: (x**2 - 2, 2 * x), arb(1.4))
    [1.414213562373... +/- ...]
    >>> newton_root(lambda x: (x**2 + 1, 2 * x), arb(0.5)).is_finite()
    False
    """
    from flint import arb

    x = approximate_root(function, start, steps)
    value, slope = function(x)
    radius = 2 * (value / slope).abs_upper() + x.abs_upper() * arb(2) ** (-2 * _bits())
    for _ in range(6):
        if not radius.is_finite():
            break
        ball = x + _around_zero(radius, x)
        image = x - value / function(ball)[1]
        if image.is_finite() and ball.contains_interior(image):
            return image
        radius = 3 * radius
    return x * arb.nan()


def approximate_root(function: Pair, start: Any, steps: int = 60) -> Any:
    """Newton's iteration on midpoints until the values are lost in their radii; nothing is proven."""
    x, former = start.mid(), None
    for _ in range(steps):
        value, slope = function(x)
        step = value / slope.mid()
        if not step.is_finite():
            return x
        x, size = (x - step).mid(), step.abs_upper().mid()
        if step.contains(0) or (former is not None and former < x.abs_lower() / 2**20 and size > former / 2):
            return x
        former = size
    return x


def falling_root(function: Pair, guess: Any) -> Any:
    """The root of a strictly decreasing, convex function on ``(0, ∞)``, by its change of sign; not finite if none is proven.

    Parameters
    ----------
    function:
        Value and derivative; positive near 0, negative near ∞.
    guess:
        A positive start for the search, whatever its quality.

    Examples
    --------
    >>> from flint import arb
    >>> falling_root(lambda x: (1 / x - 5, -1 / x**2), arb(1000))
    [0.20000000000... +/- ...]
    >>> falling_root(lambda x: (1 / x + 5, -1 / x**2), arb(1)).is_finite()
    False
    """
    from flint import arb

    low, octaves = guess.mid(), 1
    rising = bool(function(low)[0] > 0)
    factor = arb(2) if rising else arb(0.5)
    high = low
    while octaves <= _OCTAVES:
        high = (low * factor**octaves).mid()
        if bool(function(high)[0] > 0) != rising:
            break
        low, octaves = high, 2 * octaves
    else:
        return arb.nan()
    if not rising:
        low, high = high, low
    while octaves > 1:
        octaves //= 2
        middle = (low * arb(2) ** octaves).mid()
        if function(middle)[0] > 0:
            low = middle
    return sign_change(function, approximate_root(function, low), falling=True)


def sign_change(function: Pair, start: Any, falling: bool = False) -> Any:
    """The root of a strictly monotone function near ``start``, between two proven signs; not finite if they are not there.

    A ``falling`` function lives on ``(0, ∞)`` and changes sign downwards there: across 0, or upwards, it is at a pole.

    Examples
    --------
    >>> from flint import arb
    >>> sign_change(lambda x: (x**3 - 8, 3 * x**2), arb(2))
    [2.00000000000... +/- ...]
    >>> sign_change(lambda x: (x**2, 2 * x), arb("1e-9")).is_finite()
    False
    >>> sign_change(lambda x: (1 / x - 5, -1 / x**2), arb("0.01"), falling=True).is_finite()  # 0.2 is too far, a pole near
    False
    """
    from flint import arb

    x = start.mid()
    value, slope = function(x)
    radius = 2 * (value / slope.mid()).abs_upper() + x.abs_upper() * arb(2) ** (-2 * _bits())
    for _ in range(6):
        if not radius.is_finite():
            break
        low, high = (x - radius).lower(), (x + radius).upper()
        left, right = function(low)[0], function(high)[0]
        downwards = left > 0 and right < 0
        if (downwards and low > 0) if falling else (downwards or (left < 0 and right > 0)):
            return low.union(high)
        radius = 3 * radius
    return arb.nan()


def _around_zero(radius: Any, like: Any) -> Any:
    from flint import acb, arb

    ball = arb(0, radius.upper())
    return ball if isinstance(like, arb) else acb(ball, ball)


def _bits() -> int:
    from flint import ctx

    return int(ctx.prec)
