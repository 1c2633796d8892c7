r"""The loss of SGD given ``W``: an exact Volterra equation, at every ``d``, ``v`` and ``B``.

Write ``ρ_i(r)`` for the mean over the samples of ``φ_i(r)²``, where ``φ_i`` is the coordinate of the error along the
``i``-th eigenvector of ``WᵀDW``. One step (:mod:`scalesym.formulas.moments`) is linear in ``φ_i²`` and in the loss, and
its samples are independent of those before, so that

.. math::
    \rho_i(r) = q(x_i)\,\rho_i(r-1)+\gamma^2Bx_i^2\,\mathscr P_W(r-1), \qquad
    \mathscr P_W(r) = \mathscr P_\infty+\sum_{i\le d}\rho_i(r), \qquad \rho_i(0)=c_i.

Unrolled and summed over the modes, this is

.. math::
    \mathscr P_W(r) = \mathscr F_W(r)+\sum_{s<r}\mathscr K_W(r-1-s)\,\mathscr P_W(s), \qquad
    \mathscr F_W(r) = \mathscr P_\infty+\sum_i c_i\,q(x_i)^r, \quad \mathscr K_W(r) = \gamma^2B\sum_i x_i^2\,q(x_i)^r.

The operations sum a telescope and exchange two sums; the checks are the induction over ``r``, for symbolic ``r``, and
the recursion itself, run in fractions. ``q`` and the weight of the loss come out of the derivation of the step.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, P, P_inf, d, i, phi, r, s, x
from .checks import both
from .derivation import Derivation, DerivationError, Evidence, Outcome
from .evaluation import rational
from .moments import second_moment
from .trees import encode

__all__ = ["forcing_given_w", "kernel_given_w", "loss", "mode"]

_Expr = Any  # SymPy ships no types

_x, _c, _rho, _loss, _F, _K = (QUANTITIES[name] for name in ("x", "c", "rho", "P_W", "F_W", "K_W"))


@lru_cache(maxsize=1)
def mode() -> Derivation:
    r"""Derive the mean square of one mode after ``r`` steps, in terms of the losses before.

    .. math::
        \rho_i(r) = c_i\,q(x_i)^r+\gamma^2Bx_i^2\sum_{s<r}q(x_i)^{r-1-s}\,\mathscr P_W(s)

    Returns
    -------
    Derivation
        Its only step is named ``unrolled``.

    Examples
    --------
    >>> from scalesym.formulas.volterra import mode
    >>> mode().steps[0].evidence.claim
    'holds at r = 0, and at r + 1 if at r, for symbolic r; the recursion run in fractions, 3 modes, r = 1, ..., 6'
    """
    prose = (
        "The mean over all samples, of which the last step's are independent of the others: a step is linear in "
        "$\\varphi_i^2$, whose mean is $\\rho_i$, and in the loss, whose mean is $\\mathscr{P}_W$. At the start "
        "$\\rho_i(0)=c_i$."
    )
    return Derivation(_rho(i, r), _one_step(), "conditional", prose).then(
        "unrolled",
        unrolled,
        both(induction, recursion),
        prose="Divided by the $r$-th power of the factor, the equation says what a step adds; the sum of these differences "
        "telescopes. That the result holds at every $r\\ge 0$ follows by induction, without division.",
    )


@lru_cache(maxsize=1)
def loss() -> Derivation:
    """Derive the Volterra equation for the mean loss given ``W``.

    Returns
    -------
    Derivation
        The steps are named ``modes unrolled``, ``sums exchanged`` and ``forcing and kernel``.

    Examples
    --------
    >>> from scalesym.formulas.volterra import loss
    >>> loss().expression
    F_W(r) + Sum(K_W(r - s - 1)*P_W(s), (s, 0, r - 1))
    """
    return (
        Derivation(
            _loss(r),
            P_inf + sp.Sum(_rho(i, r), (i, 1, d)),
            "conditional",
            "The mean loss given $W$ is the limit loss and the mean squares of all $d$ modes.",
        )
        .then(
            "modes unrolled",
            lambda before: Outcome(before.subs(_rho(i, r), mode().expression)),
            recursion,
            prose="Insert the mean square of every mode, in terms of the losses before.",
        )
        .then(
            "sums exchanged",
            sums_exchanged,
            recursion,
            prose="Sum over the modes first; the losses do not depend on the mode.",
        )
        .then(
            "forcing and kernel",
            forcing_and_kernel,
            both(recursion, responses),
            prose="What does not depend on earlier losses is the forcing function $\\mathscr{F}_W(r)$. The weight of the "
            "loss at step $s$ depends on $r-1-s$ only and is the kernel $\\mathscr{K}_W(r-1-s)$.",
        )
    )


def forcing_given_w() -> _Expr:
    """``F_W(r)``: the terms of the derived loss without earlier losses.

    Examples
    --------
    >>> from scalesym.formulas.volterra import forcing_given_w
    >>> forcing_given_w().args[0]
    P_inf
    """
    return _forcing(loss().upto("sums exchanged").expression)


def kernel_given_w() -> _Expr:
    """``K_W(r)``: the weight of the loss at step ``s``, as a function of ``r - 1 - s``.

    Examples
    --------
    >>> from scalesym.formulas.volterra import kernel_given_w
    >>> kernel_given_w().as_independent(sp.Sum)[0]
    B*gamma**2
    """
    return _kernel(loss().upto("sums exchanged").expression)


def unrolled(before: _Expr) -> Outcome:
    r"""Solve ``ρ(r) = a ρ(r-1) + f(r-1)`` with ``ρ(0) = c``: ``ρ(r)/a^r - c = Σ_{s<r} f(s)/a^{s+1}`` telescopes.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha
    >>> unrolled(alpha * _rho(i, r - 1) + _loss(r - 1)).expression
    alpha**r*c(i) + Sum(alpha**(r - s - 1)*P_W(s), (s, 0, r - 1))
    """
    factor, added = _recurrence(before)
    a = sp.Dummy("a", positive=True)  # kept whole while powers are collected
    differences = added.subs(r, s + 1) / a ** (s + 1)
    summand = sp.powsimp(a**r * differences)
    return Outcome((_c(i) * a**r + sp.Sum(summand, (s, 0, r - 1))).subs(a, factor))


def sums_exchanged(before: _Expr) -> Outcome:
    """``Σ_i [f_i + Σ_s g_{i,s} P(s)] = Σ_i f_i + Σ_s P(s) Σ_i g_{i,s}``, constants in front of the sums over ``i``."""
    outer = [term for term in sp.Add.make_args(before) if isinstance(term, sp.Sum)]
    if len(outer) != 1:
        raise DerivationError(f"expected one sum over modes, not {len(outer)}")
    (total,) = outer
    result, (modes,) = before - total, total.limits
    for term in sp.Add.make_args(total.function):
        inner = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
        for steps in inner:
            weight, past = steps.function.as_independent(_loss)
            result += sp.Sum(past * _over_modes(term / steps * weight, modes), *steps.limits)
        if not inner:
            result += _over_modes(term, modes)
    return Outcome(result)


def forcing_and_kernel(before: _Expr) -> Outcome:
    """Name the two functions in the derived loss: ``F_W`` at ``r``, ``K_W`` at ``r - 1 - s``."""
    _kernel(before)  # which refuses a weight that is no function of the lag
    return Outcome(_F(r) + sp.Sum(_K(r - 1 - s) * _loss(s), *_memory(before).limits))


def _one_step() -> _Expr:
    """The derived step for mode ``i``, from its mean square and the mean loss at ``r - 1``."""
    return second_moment().expression.subs({phi**2: _rho(i, r - 1), P: _loss(r - 1), x: _x(i)})


def _over_modes(summand: _Expr, limits: _Expr) -> _Expr:
    constant, dependent = summand.as_independent(limits[0], as_Add=False)
    return constant * sp.Sum(dependent, limits)


def _memory(expression: _Expr) -> _Expr:
    """The one sum over earlier steps."""
    found = [term for term in sp.Add.make_args(expression) if term.has(_loss)]
    if len(found) != 1 or not isinstance(found[0], sp.Sum):
        raise DerivationError(f"expected one sum over earlier losses, not {found}")
    return found[0]


def _forcing(expression: _Expr) -> _Expr:
    return expression - _memory(expression)


def _kernel(expression: _Expr) -> _Expr:
    memory, lag = _memory(expression), sp.Dummy("n", integer=True, nonnegative=True)
    weight = (memory.function / _loss(s)).subs(s, r - 1 - lag)
    if weight.has(r, _loss):
        raise DerivationError(f"the weight {weight} depends on more than the lag")
    return weight.subs(lag, r)


def _recurrence(before: _Expr) -> tuple[_Expr, _Expr]:
    """``a`` and ``f(r-1)`` of a right-hand side ``a ρ(r-1) + f(r-1)``."""
    previous = _rho(i, r - 1)
    factor = before.coeff(previous)
    added = before - factor * previous
    if factor == 0 or factor.has(r) or added.has(_rho):
        raise DerivationError(f"{before} is not a linear recurrence for {previous} with a constant factor")
    return factor, added


# -- checks ------------------------------------------------------------------------------------------------------------


def induction(before: _Expr, outcome: Outcome) -> Evidence:
    """The outcome is ``c`` at ``r = 0``, and satisfies the recurrence from ``r`` to ``r + 1``, for symbolic ``r``."""
    factor, added = _recurrence(before)
    found = outcome.expression.subs(factor, a := sp.Dummy("a"))
    sums = found.atoms(sp.Sum)
    if len(sums) != 1:
        raise DerivationError(f"expected one sum over earlier steps, not {len(sums)}")
    (total,) = sums
    rest, weight = found - total, total.function
    if (base := found.subs(r, 0).doit()) != _c(i):
        raise DerivationError(f"at r = 0 the result is {base}, not {_c(i)}")
    for name, gap in (
        ("the first term", rest.subs(r, r + 1) - a * rest),
        ("the terms before the last", weight.subs(r, r + 1) - a * weight),
        ("the last term", (weight.subs(r, r + 1) - added.subs(r, r + 1)).subs(s, r)),
    ):
        if sp.expand(sp.powsimp(sp.expand(gap))) != 0 or total.limits != ((s, 0, r - 1),):
            raise DerivationError(f"from r to r + 1, {name} is not as the recurrence says")
    return Evidence("holds at r = 0, and at r + 1 if at r, for symbolic r", (f"the differences with {found} vanish",))


def recursion(before: _Expr, outcome: Outcome) -> Evidence:
    """Both sides, and the quantities they stand for, agree exactly along a recursion run in fractions."""
    known = _along_the_recursion()
    for step in range(1, _STEPS + 1):
        for n in range(1, len(_MODES) + 1):
            letters = {**_LETTERS, "r": Fraction(step), "i": Fraction(n)}
            left, right = (rational(encode(e), letters, known) for e in (before, outcome.expression))
            if left != right:
                raise DerivationError(f"at r = {step}, i = {n}: {float(left):.12g} before, {float(right):.12g} after")
    return Evidence(
        f"the recursion run in fractions, {len(_MODES)} modes, r = 1, ..., {_STEPS}",
        tuple(f"P_W({n}) = {float(known['P_W'](n)):.12g}" for n in range(_STEPS + 1)),
    )


def responses(before: _Expr, outcome: Outcome) -> Evidence:
    """The functions named are what the recursion gives: the loss without feedback, and the answer to a unit of loss."""
    known, figures = _along_the_recursion(), []
    for step in range(1, _STEPS):
        for name, expression in (("F_W", _forcing(before)), ("K_W", _kernel(before))):
            found = rational(encode(expression), {**_LETTERS, "r": Fraction(step)}, known)
            if found != known[name](step):
                raise DerivationError(f"{name}({step}) = {float(found):.12g}, not {float(known[name](step)):.12g}")
            figures.append(f"{name}({step}) = {float(found):.12g}")
    return Evidence("forcing without feedback, kernel the answer to a unit of loss, as fractions", tuple(figures))


_STEPS = 6
_MODES = ((Fraction(1, 2), Fraction(2)), (Fraction(1, 3), Fraction(1, 5)), (Fraction(1, 7), Fraction(3)))  # x_i, c_i
_LETTERS = {"gamma": Fraction(1, 3), "B": Fraction(2), "P_inf": Fraction(1, 4), "d": Fraction(len(_MODES))}


@lru_cache(maxsize=1)
def _along_the_recursion() -> Mapping[str, Callable[..., Fraction]]:
    """Every quantity of this module from the one-step recursion alone.

    ``F_W`` is the loss without feedback, ``K_W`` the answer to a unit of loss at step 0.
    """
    start, limit = [c for _, c in _MODES], _LETTERS["P_inf"]
    squares = _squares(start, lambda row, step: limit + sum(row))
    forced = _squares(start, lambda row, step: Fraction(0))
    answer = _squares([Fraction(0)] * len(_MODES), lambda row, step: Fraction(int(step == 0)))
    return {
        "x": lambda n: _MODES[int(n) - 1][0],
        "c": lambda n: _MODES[int(n) - 1][1],
        "rho": lambda n, step: squares[int(step)][int(n) - 1],
        "P_W": lambda step: limit + sum(squares[int(step)]),
        "F_W": lambda step: limit + sum(forced[int(step)]),
        "K_W": lambda lag: sum(answer[int(lag) + 1], Fraction(0)),
    }


def _squares(start: list[Fraction], past: Callable[[list[Fraction], int], Fraction]) -> list[list[Fraction]]:
    """Mean squares of all modes, step by step; ``past`` gives the loss that a step feels."""
    rows, tree = [start], encode(_one_step())
    for step in range(_STEPS):
        row, felt = rows[-1], past(rows[-1], step)
        state: dict[str, Callable[..., Fraction]] = {
            "x": lambda n: _MODES[int(n) - 1][0],
            "rho": lambda n, _, row=row: row[int(n) - 1],
            "P_W": lambda _, felt=felt: felt,
        }
        modes = range(1, len(_MODES) + 1)
        rows.append([rational(tree, {**_LETTERS, "r": Fraction(step + 1), "i": Fraction(n)}, state) for n in modes])
    return rows
