r"""On the scale ``d^{-2α}`` of the spectral gap: ``ζ_0``, ``κ``, and the limit ``F_0`` of the forcing function.

With ``ζ = ζ̃ d^{-2α}`` and ``v = ρd`` sums over modes become integrals over ``u = j/d``,

.. math::
    D_1 \sim d\,\tilde D_1(\tilde\zeta), \qquad \tilde D_1 = \int_0^\rho\frac{du}{1+\tilde\zeta u^{2\alpha}},
    \qquad J \sim \zeta_{\mathrm R}(2\beta) + d^{1-2\beta}\int_0^\rho\frac{u^{-2\beta}\,du}{1+\tilde\zeta u^{2\alpha}},

with the integral's finite part where ``2β > 1``. ``ζ_0`` solves ``D_1 = d``, hence ``ζ_0 ~ d^{-2α}/κ`` with ``∫_0^ρ κ du/(κ+u^{2α})
= 1``; and ``F_0 = ζ_0 J(ζ_0)``. Next orders come from the half mode at ``j = 0`` that the integral has too many.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, alpha, beta, d, j, kappa, rho, u, v, zeta, zeta_0, zeta_tilde
from .comparisons import Path, Point, agreement, along, at, literally
from .derivation import Condition, Derivation, DerivationError, Outcome
from .expansions import mode_sum, modes_on_the_gap_scale
from .operations import hypergeometric, positivity, tidy, tidy_exponent
from .statement import Remark, Statement

__all__ = [
    "counts",
    "energy",
    "forcing_limit",
    "kappa_infinite",
    "kappa_wide",
    "statements",
    "zeta_at_zero",
    "zeta_next",
]

_Expr = Any  # SymPy ships no types
_HALF = sp.Rational(1, 2)
_SIZES = (10**2, 10**3, 10**4)
_LARGE = (10**2, 10**4, 10**6)


def _path(ratio: str, **values: str) -> Path:
    """Models of growing ``d`` at fixed ``v/d``, and at fixed ``ζ d^{2α} = ζ̃``."""

    def point(size: int) -> Point:
        return at(d=size, v=sp.Rational(ratio) * size, rho=ratio, **values)

    return point


_COUNTED = (
    _path("4", alpha="1", zeta_tilde="2/3"),
    _path("10", alpha="2/5", zeta_tilde="5"),
    _path("3/2", alpha="1/2", zeta_tilde="1/4"),
)
_WEIGHED = (
    _path("4", alpha="1", beta="7/10", zeta_tilde="2/3"),
    _path("10", alpha="2/5", beta="3/10", zeta_tilde="5"),
    _path("3", alpha="3/4", beta="-1/10", zeta_tilde="1/4"),
)


@lru_cache(maxsize=4)
def counts(order: int = 0) -> Derivation:
    r"""``D_1`` on the scale of the gap, to leading order or with the first correction.

    .. math::
        D_1 \sim d\,\rho\;{}_2F_1\Big(1,\frac1{2\alpha};1+\frac1{2\alpha};-\tilde\zeta\rho^{2\alpha}\Big)
        - \frac12 + \frac{1}{2(1+\tilde\zeta\rho^{2\alpha})}

    Examples
    --------
    >>> from scalesym.formulas.gap import counts
    >>> counts().expression
    d*rho*hyper((1, 1/(2*alpha)), (1 + 1/(2*alpha),), -rho**(2*alpha)*zeta_tilde)
    """
    start = sp.Sum(1 / (1 + zeta * j ** (2 * alpha)), (j, 1, v)).subs(zeta, zeta_tilde * d ** (-2 * alpha))
    prose = "On the scale of the gap, $\\zeta=\\tilde\\zeta d^{-2\\alpha}$ and $v=\\rho d$."
    return (
        Derivation(QUANTITIES["D_1"](zeta), start, "equivalent", prose)
        .then(
            "continuum of modes",
            _on_the_gap_scale(order),
            along(_COUNTED, _SIZES, 1e-7 if order else 1e-3),
            prose="All modes with $j$ of the order of $d$ count: the sum becomes an integral over $u=j/d$, by the "
            "Euler–Maclaurin formula."
            + (
                " The half modes at both ends, $\\zeta_{\\mathrm R}(0)=-\\frac12$ at $j=0$, come next." if order else ""
            ),
            relation="~",
            level="asymptotic",
        )
        .then("closed form", _each_integral, agreement([path(10) for path in _COUNTED]), prose=_SERIES)
    )


@lru_cache(maxsize=4)
def energy(order: int = 0) -> Derivation:
    r"""``J`` on the scale of the gap: the continuum's part; with ``ζ_R(2β)`` and half of the last mode; with ``ζ_R(2β-2α)ζ``.

    Examples
    --------
    >>> from scalesym.formulas.gap import energy
    >>> energy().conditions[0].relation
    beta < 1/2
    """
    start = sp.Sum(j ** (-2 * beta) / (1 + zeta * j ** (2 * alpha)), (j, 1, v)).subs(
        zeta, zeta_tilde * d ** (-2 * alpha)
    )
    prose = "On the scale of the gap, $\\zeta=\\tilde\\zeta d^{-2\\alpha}$ and $v=\\rho d$."
    first = Derivation(QUANTITIES["J"](zeta), start, "equivalent", prose)
    operation = _on_the_gap_scale(order, -2 * beta)
    if order:
        return first.then(
            "first modes and continuum",
            lambda before: Outcome(_each_integral(operation(before).expression).expression),
            along(_WEIGHED, _SIZES, 1e-4 if order == 1 else 1e-6),
            prose="The modes with $j$ of the order of $d$ make up an integral over $u=j/d$, whose finite part "
            "${}_2F_1$ continues to $2\\beta>1$; the first modes make up $\\zeta_{\\mathrm R}(2\\beta)$. Half of the last "
            "mode comes next." + (" So does what the first modes have learnt." if order == 2 else ""),
            relation="~",
            level="asymptotic",
        )
    return first.then(
        "continuum of modes",
        operation,
        along(_WEIGHED[1:], _SIZES, 0.1),
        prose="The modes with $j$ of the order of $d$ make up an integral over $u=j/d$.",
        relation="~",
        level="asymptotic",
    ).then("closed form", _each_integral, agreement([path(10) for path in _WEIGHED[1:]]), prose=_SERIES)


def _on_the_gap_scale(order: int, power: _Expr = sp.S.Zero) -> Any:
    """The operation on a sum whose ``ζ`` has been replaced already."""
    operation = modes_on_the_gap_scale(zeta, zeta_tilde, d, rho, u, order)
    return lambda before: operation(before.subs(zeta_tilde * d ** (-2 * alpha), zeta))


def _each_integral(before: _Expr) -> Outcome:
    """The hypergeometric form of every integral."""
    conditions: list[Condition] = []
    found = before
    for integral in before.atoms(sp.Integral):
        closed = hypergeometric(integral)
        conditions += closed.conditions
        found = found.xreplace({integral: closed.expression})
    return Outcome(found, tuple(conditions))


@lru_cache(maxsize=4)
def zeta_at_zero() -> Derivation:
    r"""``ζ_0 ~ d^{-2α}/κ``.

    Examples
    --------
    >>> from scalesym.formulas.gap import zeta_at_zero
    >>> zeta_at_zero().expression
    1/(d**(2*alpha)*kappa)
    """

    def operation(before: _Expr) -> Outcome:
        """``D_1 = d`` on the scale of the gap is the equation of κ at ``ζ̃ = 1/κ``."""
        integral = counts().steps[0].outcome.expression / d
        limit = sp.Integral(kappa / (kappa + u ** (2 * alpha)), (u, 0, rho))
        (inside,) = integral.atoms(sp.Integral)
        if sp.cancel(inside.function.subs(zeta_tilde, 1 / kappa) - limit.function) != 0:
            raise DerivationError("the two equations are not the same")
        return Outcome(d ** (-2 * alpha) / kappa)

    start = "$\\zeta_0$ solves $D_1(\\zeta_0)=d$: as many modes are learnt as there are parameters."
    return Derivation(zeta_0, zeta_0, "equivalent", start).then(
        "scale of the gap",
        operation,
        _root_of_literal(1e-5),
        prose="On the scale of the gap the equation reads $\\int_0^\\rho\\frac{du}{1+\\tilde\\zeta u^{2\\alpha}}=1$, that of "
        "$\\kappa=1/\\tilde\\zeta$.",
        relation="~",
        level="asymptotic",
    )


@lru_cache(maxsize=1)
def zeta_next() -> Derivation:
    r"""``ζ_0`` with its first correction, of relative order ``1/d``.

    Examples
    --------
    >>> from scalesym.formulas.gap import zeta_next
    >>> zeta_next().level
    'asymptotic'
    """

    def operation(before: _Expr) -> Outcome:
        """One Newton step on the corrected equation, from ``1/κ``: ``D̃' = ∂D̃/∂ζ̃`` by parts from the integrand."""
        corrected = counts(1).steps[0].outcome.expression
        (integral,) = corrected.atoms(sp.Integral)
        # ζ̃ ∂/∂ζ̃ acts on f(ζ̃u^{2α}) as (u/2α) ∂/∂u, so that ∫_0^ρ ζ̃ ∂f/∂ζ̃ du = (ρ f(ρ) - ∫_0^ρ f du)/2α
        slope = (rho * integral.function.subs(u, rho) - 1) / (2 * alpha)  # at ∫ f du = 1
        excess = sp.expand((corrected - d * integral) / d).subs(zeta_tilde, 1 / kappa)
        relative = -excess / slope.subs(zeta_tilde, 1 / kappa)
        return Outcome(before * (1 + sp.factor(sp.together(relative))))

    return zeta_at_zero().then(
        "half modes",
        operation,
        _root_of_literal(1e-9),
        prose="The half modes at both ends change $D_1$ by $-\\frac12+\\frac1{2(1+\\tilde\\zeta\\rho^{2\\alpha})}$, and "
        "$\\tilde\\zeta_0$ by one step of Newton's method.",
        relation="~",
    )


def _root_of_literal(within: float) -> Any:
    """Against the root of ``D_1 = d`` by bisection; the target plays no part."""
    paths = [_path("4", alpha="1", beta="0"), _path("10", alpha="2/5", beta="0"), _path("3/2", alpha="1/2", beta="0")]
    return literally(lambda model: model.zeta_0, paths, _LARGE, within, "the zero of m")


@lru_cache(maxsize=1)
def kappa_infinite() -> Derivation:
    r"""``κ`` at ``v/d = ∞``.

    .. math:: \kappa = \Big(\frac{2\alpha}{\pi}\sin\frac{\pi}{2\alpha}\Big)^{2\alpha}, \qquad 2\alpha > 1

    Examples
    --------
    >>> from scalesym.formulas.gap import kappa_infinite
    >>> kappa_infinite().expression
    (2*alpha*sin(pi/(2*alpha))/pi)**(2*alpha)
    """

    def solved(before: _Expr) -> Outcome:
        """``∫_0^∞ du/(1+ζ̃u^{2α})`` is the leading term of the sum over modes; set to 1 and solved for ``1/ζ̃``."""
        total = mode_sum(zeta_tilde, left=-1)(sp.Sum(1 / (1 + zeta_tilde * j ** (2 * alpha)), (j, 1, sp.oo)))
        constant, power = total.expression.as_independent(zeta_tilde, as_Add=False)
        (exponent,) = {power.as_base_exp()[1]}
        return Outcome((1 / constant) ** tidy_exponent(-1 / exponent), total.conditions)

    prose = "At $v/d=\\infty$ the integral for $\\kappa$ extends to infinity."
    return Derivation(kappa, kappa, "asymptotic", prose).then(
        "closed form",
        solved,
        along([_wide], (10**4, 10**8, 10**12), 1e-5),
        prose="The integral is the residue of $\\pi/\\sin\\pi s$ times a power of $\\kappa$, set to $1$ and solved.",
        relation="~",
    )


def _wide(size: int) -> Point:
    return at(alpha="1", d=1, v=size, rho=size)


@lru_cache(maxsize=1)
def kappa_wide() -> Derivation:
    r"""``κ`` at large ``v/d``, ``2α > 1``: the part of the integral beyond ``ρ``, to first order.

    Examples
    --------
    >>> from scalesym.formulas.gap import kappa_wide
    >>> kappa_wide().conditions[0].relation
    alpha > 1/2
    """
    infinite = kappa_infinite().expression

    def operation(before: _Expr) -> Outcome:
        """The pole of the end, at ``s = 1``, perturbs ``C ζ̃^{-x} = 1``."""
        finite = sp.Sum(1 / (1 + zeta_tilde * j ** (2 * alpha)), (j, 1, v))
        whole = mode_sum(zeta_tilde, left=-1)(finite).expression.subs(v, rho)
        beyond_end = sp.Add(*(term for term in sp.Add.make_args(whole) if term.has(rho)))
        main = whole - beyond_end
        slope = sp.simplify(zeta_tilde * sp.diff(main, zeta_tilde) / main)  # of log main in log ζ̃
        relative = (beyond_end / slope).subs(zeta_tilde, 1 / infinite)  # log κ = -log ζ̃
        return Outcome(infinite * (1 + relative.subs(1 / (1 - 2 * alpha), -1 / (2 * alpha - 1))))

    return kappa_infinite().then(
        "beyond the end",
        operation,
        _wide_checked,
        prose="For large but finite $v/d$ what is missing beyond $u=\\rho$ is $\\int_\\rho^\\infty\\kappa u^{-2\\alpha}du$ to "
        "first order.",
        relation="~",
    )


def _wide_checked(before: _Expr, outcome: Outcome) -> Any:
    return along([_wide, lambda size: {**_wide(size), "alpha": sp.Rational(4, 5)}], (10**2, 10**4, 10**6), 1e-4)(
        kappa, outcome
    )


@lru_cache(maxsize=8)
def forcing_limit(case: str = "2β > 1") -> Derivation:
    r"""``F_0 = ζ_0 J(ζ_0)``, to leading order.

    .. math::
        F_0 \sim \frac{d^{-2\alpha}}{\kappa}\sum_{j\le v} j^{-2\beta}\ (2\beta>1), \qquad
        F_0 \sim d^{1-2\alpha-2\beta}\int_0^{\rho}\frac{u^{-2\beta}\,du}{\kappa+u^{2\alpha}}\ (2\beta<1)

    Parameters
    ----------
    case:
        ``"2β > 1"``, ``"2β < 1"``, ``"both"`` (with both contributions), ``"v/d = ∞"`` (for ``2β < 1``), or the critical
        lines ``"2β = 1"`` and ``"α + β = 1/2"``.

    Examples
    --------
    >>> from scalesym.formulas.gap import forcing_limit
    >>> forcing_limit("2β < 1").conditions[0].relation
    beta < 1/2
    """
    start = Derivation(
        QUANTITIES["F_0"](),
        zeta_0 * QUANTITIES["J"](zeta_0),
        "equivalent",
        "The residue of $S=J/m$ at $z=0$, where $m=-z/\\zeta_0$.",
    )
    operation, paths, within, prose = _CASES[case]
    return start.then(
        "scale of the gap",
        operation,
        literally(
            lambda model: model.zeta_0 * float(model.target(model.zeta_0)),
            paths,
            _LARGE,
            within,
            "the limit of the forcing function",
        ),
        prose=prose,
        relation="~",
        level="asymptotic",
    )


def _first_modes(before: _Expr) -> Outcome:
    """``ζ_0 → 0``: the target's energy is that of its first modes."""
    total = QUANTITIES["J"](zeta)
    summand = sp.Sum(j ** (-2 * beta) / (1 + zeta * j ** (2 * alpha)), (j, 1, v))
    shares = before / QUANTITIES["J"](zeta_0)
    if shares != zeta_0 or not total.has(zeta):
        raise DerivationError(f"{before} is not ζ_0 J(ζ_0)")
    condition = positivity(2 * beta - 1, "the sum over the first modes converges")
    return Outcome(zeta_at_zero().expression * summand.subs(zeta, 0), (condition,))


def _all_modes(before: _Expr) -> Outcome:
    """The continuum's part of ``J`` at ``ζ̃ = 1/κ``."""
    found = energy()
    whole = zeta_at_zero().expression * found.expression.subs(zeta_tilde, 1 / kappa)
    return Outcome(tidy(sp.powsimp(whole)), found.conditions)


def _both_parts(before: _Expr) -> Outcome:
    """``J`` without the half of its last mode, a factor ``1/d`` smaller than the continuum."""
    terms = sp.Add.make_args(energy(1).expression)
    kept = [term for term in terms if term.has(sp.hyper) or term.has(sp.zeta)]
    return Outcome(zeta_at_zero().expression * sp.Add(*kept).subs(zeta_tilde, 1 / kappa))


def _meeting_poles(before: _Expr) -> Outcome:
    """``2β → 1``: the poles of ``ζ_R(2β)`` and of the continuum cancel and leave a logarithm."""
    e, sigma = sp.Dummy("e"), sp.Dummy("sigma")
    both = _both_parts(before).expression / zeta_at_zero().expression
    (series,) = both.atoms(sp.hyper)
    (one, upper), (lower,) = series.ap, series.bq
    if one != 1 or sp.expand(lower - upper - 1) != 0:
        raise DerivationError(f"{series} is not 2F1(1, σ; 1+σ; y)")
    # 2F1(1, σ; 1+σ; y) = σ ∫_0^1 t^{σ-1}/(1 - yt) dt = 1 - σ log(1 - y) + O(σ²)
    linear = 1 - sigma * sp.log(1 - series.argument)
    small = linear.subs(sigma, upper).subs(beta, (1 - e) / 2)
    near = both.replace(sp.zeta, lambda s: 1 / (s - 1) + sp.EulerGamma).xreplace({series: small})
    expanded = sp.expand_log(sp.expand(sp.series(near.subs(beta, (1 - e) / 2), e, 0, 1).removeO()), force=True)
    if sp.expand(expanded).coeff(e, -1) != 0:
        raise DerivationError("the poles do not cancel")
    merged = sp.expand(expanded).coeff(e, 0).subs(sp.log(rho), sp.log(v) - sp.log(d))
    return Outcome(zeta_at_zero().expression * sp.expand(merged))


def _elementary(before: _Expr) -> Outcome:
    """On ``α + β = 1/2`` the hypergeometric function is a logarithm."""
    whole = _all_modes(before).expression.subs(beta, _HALF - alpha)
    (series,) = whole.atoms(sp.hyper)
    closed = whole.xreplace({series: sp.hyperexpand(series)})
    return Outcome(sp.powsimp(sp.expand_power_base(closed, force=True)))


def _without_end(before: _Expr) -> Outcome:
    """The continuum's part as a residue, with ``κ`` in closed form."""
    total = mode_sum(zeta)(sp.Sum(j ** (-2 * beta) / (1 + zeta * j ** (2 * alpha)), (j, 1, sp.oo)))
    power = sp.Add(*(term for term in sp.Add.make_args(total.expression) if term.has(zeta)))
    root = d ** (-2 * alpha) / kappa
    whole = root * power.subs(zeta, root)
    conditions = (*energy().conditions, *total.conditions)
    return Outcome(tidy(sp.powsimp(sp.expand_power_base(whole, force=True))), conditions)


_CASES: dict[str, tuple[Any, tuple[Path, ...], float, str]] = {
    "2β > 1": (
        _first_modes,
        (_path("4", alpha="1", beta="9/10"), _path("10", alpha="2/5", beta="6/5"), _path("3/2", alpha="3/2", beta="1")),
        0.02,
        "The first modes carry the energy, and of each a share $\\zeta_0/\\lambda_j$ is never learnt.",
    ),
    "2β < 1": (
        _all_modes,
        (
            _path("4", alpha="1", beta="1/10"),
            _path("10", alpha="2/5", beta="1/5"),
            _path("3/2", alpha="3/2", beta="-1/2"),
        ),
        0.02,
        "The energy sits in all modes up to $j$ of the order of $d$.",
    ),
    "both": (
        _both_parts,
        (
            _path("4", alpha="1", beta="7/10"),
            _path("10", alpha="2/5", beta="3/10"),
            _path("3/2", alpha="3/2", beta="2/5"),
        ),
        5e-4,
        "Both the first modes, $\\zeta_{\\mathrm R}(2\\beta)$, and all modes, with the finite part of their integral.",
    ),
    "2β = 1": (
        _meeting_poles,
        (_path("4", alpha="1", beta="1/2"), _path("10", alpha="2/5", beta="1/2")),
        5e-4,
        "As $2\\beta\\to1$ the pole of $\\zeta_{\\mathrm R}(2\\beta)$ meets that of the integral; their sum is finite.",
    ),
    "α + β = 1/2": (
        _elementary,
        (_path("4", alpha="1", beta="-1/2"), _path("10", alpha="2/5", beta="1/10")),
        5e-3,
        "Here the integral is elementary, and no power of $d$ is left.",
    ),
    "v/d = ∞": (
        _without_end,
        (
            lambda size: {**_path("10000", alpha="1", beta="1/5")(size)},
            lambda size: {**_path("100000", alpha="3/2", beta="-1/5")(size)},
        ),
        0.02,
        "At $v/d=\\infty$ the integral is a residue.",
    ),
}


def _line_counts(before: _Expr) -> Outcome:
    """``D̃_1`` at ``2α = 1`` and ``ζ̃ = 1/κ``, elementary."""
    found = (counts().expression / d).subs(alpha, _HALF).subs(zeta_tilde, 1 / kappa)
    return Outcome(sp.hyperexpand(found))


@lru_cache(maxsize=1)
def kappa_line() -> Derivation:
    r"""The equation of ``κ`` at ``2α = 1``: ``κ log(1+ρ/κ) = 1``.

    Examples
    --------
    >>> from scalesym.formulas.gap import kappa_line
    >>> kappa_line().expression
    kappa*log(1 + rho/kappa)
    """
    start = sp.Integral(kappa / (kappa + u), (u, 0, rho))
    points = [at(alpha="1/2", kappa=k, rho=ratio) for k, ratio in (("1/3", 4), (2, "3/2"), ("7/5", 100))]
    return Derivation(sp.Integer(1), start, "asymptotic", "The equation of $\\kappa$ at $2\\alpha=1$.").then(
        "closed form", _line_counts, agreement(points), prose="The integral is elementary."
    )


_PAPER = "arXiv:2405.15074, asymptotics of F_0 and definition of κ"
_HERE = "derived here"


def statements() -> tuple[Statement, ...]:
    """The entries of the catalogue about the scale of the gap."""
    D, J, F_0 = QUANTITIES["D_1"](zeta), QUANTITIES["J"](zeta), QUANTITIES["F_0"]()
    to_infinity = ((d, sp.oo),)
    fixed = Remark("ζ = ζ̃ d^(-2α), v = ρd", r"\zeta=\tilde\zeta d^{-2\alpha},\ v=\rho d", "definition")
    constant_ratio = Remark("v/d fixed", r"v/d\text{ fixed}", "limit")
    target, high, energy_line = (
        Remark(text, latex, "line")
        for text, latex in (("2β = 1", r"2\beta=1"), ("2α = 1", r"2\alpha=1"), ("α + β = 1/2", r"\alpha+\beta=\frac12"))
    )
    finite = positivity(2 * alpha + 2 * beta - 1, "the target's energy is finite").relation
    energetic = Remark("α + β > 1/2", r"\alpha+\beta>\frac12", "domain", finite)
    infinite = Remark("v/d = ∞", r"v/d=\infty", "limit")
    below = sp.Lt(beta, alpha + _HALF, evaluate=False)
    second = Remark("for the smaller term: 0 < β < 1", r"\text{for the smaller term: }0<\beta<1", "range")
    half_mode = Remark("for the last mode: β < α", r"\text{for the last mode: }\beta<\alpha", "range")
    analytic = Remark("β < α + 1/2", r"\beta<\alpha+\frac12", "range", below)
    return (
        Statement("D_1.gap", D, counts().expression, counts(), _HERE, to_infinity, (fixed,)),
        Statement("D_1.gap.next", D, counts(1).expression, counts(1), _HERE, to_infinity, (fixed,)),
        Statement("J.gap", J, energy().expression, energy(), _HERE, to_infinity, (fixed,)),
        Statement("J.gap.next", J, energy(1).expression, energy(1), _HERE, to_infinity, (fixed, analytic, half_mode)),
        Statement(
            "zeta_0.asymptotic",
            zeta_0,
            zeta_at_zero().expression,
            zeta_at_zero(),
            _PAPER,
            to_infinity,
            (constant_ratio,),
        ),
        Statement("zeta_0.next", zeta_0, zeta_next().expression, zeta_next(), _HERE, to_infinity, (constant_ratio,)),
        Statement("kappa", d ** (-2 * alpha) / zeta_0, kappa, zeta_at_zero(), _PAPER, to_infinity, (constant_ratio,)),
        Statement("kappa.infinite", kappa, kappa_infinite().expression, kappa_infinite(), _PAPER, ((rho, sp.oo),)),
        Statement("kappa.wide", kappa, kappa_wide().expression, kappa_wide(), _HERE, ((rho, sp.oo),)),
        Statement("kappa.line", sp.Integer(1), kappa_line().expression, kappa_line(), _HERE, (), (high,)),
        *(
            Statement(f"F_0.{id}", F_0, chain.expression, chain, source, to_infinity, (*remarks, constant_ratio))
            for id, chain, source, remarks in (
                ("asymptotic", forcing_limit("2β > 1"), _PAPER, ()),
                ("asymptotic.slow", forcing_limit("2β < 1"), _PAPER, (energetic,)),
                ("next", forcing_limit("both"), _HERE, (energetic, analytic, second)),
                ("line", forcing_limit("2β = 1"), _HERE, (target,)),
                ("energy-line", forcing_limit("α + β = 1/2"), _HERE, (energy_line,)),
            )
        ),
        Statement(
            "F_0.infinite",
            F_0,
            sp.powdenest(forcing_limit("v/d = ∞").expression.subs(kappa, kappa_infinite().expression), force=True),
            forcing_limit("v/d = ∞"),
            _PAPER,
            to_infinity,
            (infinite,),
        ),
    )


_SERIES = (
    "With $y=\\tilde\\zeta u^{2\\alpha}$ the integral is Euler's for ${}_2F_1$; explicit in the whole plane cut along the "
    "negative axis."
)
