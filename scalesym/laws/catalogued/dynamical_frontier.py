r"""How to spend compute ``C = Nt`` in the dynamical model of arXiv:2402.01092: exponents, derived and as published.

A term that falls with time, ``t^{-(a-1)/b}``, stands against one that falls with features. For hard tasks, ``a - 1 < b``, that
is the plateau ``N^{-(a-1)}``. For easy ones the plateau ``N^{-b}`` comes later than what few features cost before it,
``t^{-(1-1/b)}/N``: these two are balanced. The paper balances with a plateau ``N^{-min(a-1, 2b)}``, which is the bias alone;
its exponents are assumed here as published, and are the derived ones for hard tasks only.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, Outcome
from ...formulas.statement import Remark, Statement, when
from .algebra import log_slope, solved, stationary
from .dynamical import DYNAMICAL_MEANINGS
from .roads import CTX, Numbers, inserted, least, least_at, number, places, rooted, valued
from .wording import entries

__all__ = ["statements"]

_Expr = Any
a, b, t, N, C, p, q, m, A_t, A_N = (
    ALPHABET[name]
    for name in [
        *("task_power", "spectrum_power", "time", "N", "C", "size_power", "late_power", "plateau_power"),
        *("time_scale", "size_scale"),
    ]
)
_Q = QUANTITIES
_state = entries(
    "arXiv:2402.01092",
    {
        **DYNAMICAL_MEANINGS,
        "size_power": "the power of the features in the second term",
        "late_power": "the power of the time in the second term",
        "plateau_power": "the exponent of the plateau, published as the smaller of a - 1 and 2b",
        "time_scale": "the constant of the first term",
        "size_scale": "the constant of the second term",
    },
)
_SECTIONS = "golden sections at two budgets"
_LETTERS = "task_power spectrum_power size_power late_power time_scale size_scale C"


def _falling(at: Numbers) -> bool:
    """Both terms fall, and the second falls faster with features than with time: it is worth having more of them."""
    return bool(at["task_power"] > 1.1 and at["size_power"] > at["late_power"] + 0.1)


_POINTS = places(_LETTERS, 3, _falling)


def _terms() -> Derivation:
    start = A_t * t ** (-(a - 1) / b) + A_N * N**-p * t**-q
    prose = (
        r"What time leaves, dynamical.time, and what few features leave: their plateau, dynamical.model.hard, with $p=a-1$ and "
        r"$q=0$, or for easy tasks what they cost before it, dynamical.early.easy, with $p=1$ and $q=1-1/b$."
    )
    return Derivation(_Q["L"](N, t), start, "asymptotic", prose)


def _best(at: Numbers, budget: Any) -> dict[str, Any]:
    def loss(size: Any) -> Any:
        return number(_terms().expression, {**at, "N": size, "time": budget / size})

    size = least(loss)
    return {"N": size, "t": budget / size, "L": loss(size)}


def _slope(at: Numbers, pick: str) -> Any:
    one, other = (_best(at, budget)[pick] for budget in (CTX.one, CTX.mpf(4)))
    return CTX.log(other / one) / CTX.log(4)


@lru_cache(maxsize=1)
def _size() -> Derivation:
    points = tuple({**at, "N": at["C"]} for at in _POINTS)
    ahead = Condition(sp.Gt(p, q, evaluate=False), "more features are worth less time")
    finite = Condition(sp.Gt(a, 1, evaluate=False), "the loss falls with time")

    def solve(e: _Expr) -> Outcome:
        powers = {sp.Symbol("apart", positive=True): p - q, sp.Symbol("fall", positive=True): (a - 1) / b}
        apart, fall = powers
        sides = [side.subs({p: apart + q, a: fall * b + 1}) for side in (e.lhs, e.rhs)]
        left, right = (sp.powsimp(sp.simplify(side), force=True) for side in sides)
        found = solved(left, right, N)
        return Outcome(found.subs(powers), (ahead, finite))

    return (
        _terms()
        .then(
            "on the budget",
            lambda e: Outcome(e.subs(t, C / N)),
            inserted(points, time=lambda at: at["C"] / at["N"]),
            prose=r"Compute is $C=Nt$, which leaves $t=C/N$.",
        )
        .then(
            "stationary",
            lambda e: Outcome(_balance(e)),
            least_at(points, "N"),
            relation="",
            prose="The loss is least where what more features gain is what less time loses.",
        )
        .then(
            "solved for the features",
            solve,
            rooted(points, "N"),
            relation="",
            prose="In logarithms this is a linear equation.",
        )
    )


def _balance(e: _Expr) -> _Expr:
    """With names for the two powers, whose signs SymPy cannot see."""
    apart, fall = sp.symbols("apart fall", positive=True)
    found = stationary(sp.expand(sp.powsimp(e.subs({p: apart + q, a: fall * b + 1}), force=True)), N)
    return sp.Eq(*(side.subs({apart: p - q, fall: (a - 1) / b}) for side in found.args), evaluate=False)


@lru_cache(maxsize=4)
def _exponent(pick: str) -> Derivation:
    def slope(e: _Expr) -> Outcome:
        size = log_slope(e, C)
        found = {"N": size, "t": 1 - size, "L": -(a - 1) / b * (1 - size)}[pick]
        return Outcome(_upright(found))

    words = {
        "N": r"The slope $d\log N^*/d\log C$.",
        "t": r"Time is $t^*=C/N^*$.",
        "L": r"Both terms fall with the same power, that of the first in the best time.",
    }
    return _size().then(
        f"the exponent of {dict(N='the features', t='the time', L='the loss')[pick]}",
        slope,
        valued(_POINTS, lambda at: _slope(at, pick), _SECTIONS),
        relation="",
        prose=words[pick],
    )


def _upright(e: _Expr) -> _Expr:
    """A fraction whose numerator and denominator are written with the task's exponent first and positive."""
    sign, parts = sp.S.One, []
    for part in sp.Mul.make_args(sp.factor(sp.simplify(e))):
        base, power = part.as_base_exp()
        backwards = base.is_Add and base.coeff(a).is_negative
        sign *= (-1) ** power if backwards else part if part.is_number else 1
        if not part.is_number:
            parts.append(sp.Add(*(-term for term in base.args)) ** power if backwards else part)
    return sign * sp.Mul(*parts)


def _task(pick: str, easy: bool) -> Derivation:
    found = []
    for at in places("task_power spectrum_power time_scale size_scale", 2):
        spectrum = 1 + at["spectrum_power"] / 2
        share = at["task_power"] / 4
        power = 1 + spectrum * (1 + share if easy else share)
        late = {"size_power": CTX.one, "late_power": 1 - 1 / spectrum}
        plateau = {"size_power": power - 1, "late_power": CTX.zero}
        found.append({**at, "task_power": power, "spectrum_power": spectrum, **(late if easy else plateau)})
    bound = sp.Gt(a - 1, b, evaluate=False) if easy else sp.Lt(a - 1, b, evaluate=False)
    why = "what few features cost before their plateau decides" if easy else "the plateau decides"
    values = {p: sp.S.One, q: 1 - 1 / b} if easy else {p: a - 1, q: sp.S.Zero}

    def insert(e: _Expr) -> Outcome:
        conditions = (Condition(bound, why), Condition(sp.Gt(b, 1, evaluate=False), "the variances have a finite sum"))
        return Outcome(_upright(e.subs(values)), conditions)

    prose = (
        r"With $p=1$ and $q=1-1/b$: the plateau $N^{-b}$ is reached after the frontier has left $N$ behind."
        if easy
        else r"With $p=a-1$ and $q=0$."
    )
    return _exponent(pick).then(
        "an easy task" if easy else "a hard task",
        insert,
        valued(tuple(found), lambda at: _slope(at, pick), _SECTIONS),
        relation="",
        prose=prose,
    )


def _published(pick: str) -> Derivation:
    under = a - 1 + b * m
    start = {"N": (a - 1) / under, "t": b * m / under, "L": -((a - 1) * m / under)}[pick]
    prose = r"As published: $t^{-(a-1)/b}$ balanced with a plateau $N^{-m}$, $m=\min(a-1,2b)$."
    return Derivation(_Q[f"{pick}_best_slope"](C), start, "asymptotic", prose)


_WHERE_IT_FAILS = Remark(
    "wrong for a - 1 > b, where the plateau is N^(-b) and not what is balanced: see dynamical.frontier.easy",
    r"\text{wrong for }a-1>b\text{, where the plateau is }N^{-b}\text{ and not what is balanced}",
    "model",
)


_HARD = Remark("a hard task, a - 1 < b", r"\text{a hard task, }a-1<b", "model")
_EASY = Remark("an easy task, a - 1 > b", r"\text{an easy task, }a-1>b", "model")


def statements() -> tuple[Statement, ...]:
    """The two terms, the best size, and the exponents of size, time and loss: in general, of both kinds, as published."""
    found = [
        _state(
            "dynamical.balance", _Q["L"](N, t), _terms(), status="assumed", where="the balance of time and features"
        ),
        _state("dynamical.balance.N", _Q["N_best"](C), _size(), where="derived here"),
    ]
    here = {"where": "derived here"}
    for pick in "NtL":
        left = _Q[f"{pick}_best_slope"]()
        found += [
            _state(f"dynamical.balance.exponent.{pick}", left, _exponent(pick), **here),
            _state(f"dynamical.frontier.hard.{pick}", left, _task(pick, False), _HARD, **here),
            _state(f"dynamical.frontier.easy.{pick}", left, _task(pick, True), _EASY, **here),
            _state(
                f"dynamical.frontier.published.{pick}",
                left,
                _published(pick),
                when(sp.Gt(a, 1, evaluate=False)),
                _WHERE_IT_FAILS,
                status="assumed",
                where="the compute-optimal frontier",
            ),
        ]
    return tuple(found)
