r"""Before the gap is felt: forcing function, kernel and densities for ``1 ≪ γBr ≪ d^{2α}``, critical lines included.

In ``p = -z`` the forcing function is the inverse Laplace transform of ``S = J(ζ)/m(ζ)``, ``ζ = p/m``, at the effective
time ``τ = 2γBr``, and the kernel is that of ``-γ²Bp D_1(ζ)``. For ``d^{-2α} ≪ p ≪ 1`` the sums are expanded by their
poles and ``m = 1 - D_1/d`` to first order in ``1/d``: order zero is the pure point part of the spectrum, first order the
absolutely continuous part and the next corrections. Where ``2β = 1``, ``2α = 1``, ``α = 1/4`` or ``α + β = 1/2``, two
poles coincide and the same chain leaves a logarithm with its constant.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, B, alpha, beta, d, gamma, j, p, r, tau, u, v, zeta
from .comparisons import Path, against_literal, along, at, by_parabola, number
from .derivation import Check, Derivation, DerivationError, Evidence, Operation, Outcome
from .expansions import PowerLog, discontinuity, inverse_laplace, mode_sum, perturbed, terms_of
from .literal import Literal
from .operations import positivity
from .statement import Remark, Statement, when

__all__ = ["LINES", "Line", "counts", "density", "energy", "forcing_early", "kernel_early", "statements", "transformed"]

_Expr = Any  # SymPy ships no types
_HALF, _QUARTER = sp.Rational(1, 2), sp.Rational(1, 4)
_SIZES = (10**4, 10**8)


@dataclass(frozen=True)
class Line:
    """A part of the plane of ``α`` and ``β``: what replaces the letters, where sums end, and points at which to check.

    Parameters
    ----------
    name:
        As the functions of this module take it.
    fixed:
        Pairs of a letter and its value on a critical line.
    counted, weighed:
        Where the sums ``D_1`` and ``J`` end: infinity where they converge, else ``v``.
    points:
        Rational values of ``α``, ``β``, and of ``γ`` and ``B`` unless 1/5 and 1.
    carried:
        Which terms of ``J`` are carried to first order in ``1/d``: those with ``p`` to the power 0, others, or none.
    sizes:
        The values of ``d`` of the checks.
    within:
        How closely the literal forcing function must be met at the last of them.
    """

    name: str
    fixed: tuple[tuple[_Expr, _Expr], ...]
    counted: _Expr
    weighed: _Expr
    points: tuple[Mapping[str, Fraction], ...]
    carried: Callable[[_Expr], bool]
    sizes: tuple[int, ...]
    within: float

    def paths(self) -> list[Path]:
        """For every point, models of growing ``d`` at the time ``τ = d^reach``."""

        def path(known: Mapping[str, Fraction]) -> Path:
            def point(size: int) -> Mapping[str, Fraction]:
                time = Fraction(round(size ** float(known["reach"])))
                whole = {name: value for name, value in known.items() if name != "reach"}
                ratio = 100 if self.counted is sp.oo else 4
                sizes = {"d": Fraction(size), "v": Fraction(ratio * size), "tau": time, "p": 1 / time}
                return whole | sizes | {"r": time / (2 * whole["gamma"] * whole["B"])}

            return point

        return [path(known) for known in self.points]

    def put(self, expression: _Expr) -> _Expr:
        """The expression on this line."""
        return expression.subs(dict(self.fixed))


def _line(name: str, points: str, **kept: Any) -> Line:
    """``points``: α, β, γ, B and the reach of each."""
    read = [
        at(**dict(zip(("alpha", "beta", "gamma", "B", "reach"), p.split(), strict=True))) for p in points.split(",")
    ]
    manner = {
        "fixed": {},
        "counted": sp.oo,
        "weighed": sp.oo,
        "carried": _constant,
        "sizes": _SIZES,
        "within": 3e-3,
        **kept,
    }
    return Line(name, points=tuple(read), **{**manner, "fixed": tuple(manner["fixed"].items())})


def _constant(power: _Expr) -> bool:
    return bool(power == 0)


#: Parts of the plane, by name: above and below the high-dimensional line ``2α = 1``, and the critical lines.
LINES = {
    line.name: line
    for line in (
        _line("2β > 1", "1 7/10 1/5 1 6/5, 4/5 6/5 1/5 3 7/10"),
        _line("2β < 1", "1 3/10 1/5 1 7/5, 3/2 1/5 1/10 2 2", carried=lambda power: power != 0, within=1e-4),
        _line("2α < 1", "2/5 4/5 1/5 1 2/5, 9/20 9/10 1/5 1 2/5", counted=v, sizes=(10**4, 10**12)),
        _line("2β = 1", "1 1/2 1/5 1 1, 3/2 1/2 1/10 2 3/2", fixed={beta: _HALF}, within=1e-5),
        _line("2α = 1", "1/2 7/10 1/5 1 1/2, 1/2 9/10 1/10 1 1/2", fixed={alpha: _HALF}, counted=v),
        _line(
            "α = 1/4",
            "1/4 7/10 1/200 1 1/4, 1/4 9/10 1/200 1 1/5",
            fixed={alpha: _QUARTER},
            counted=v,
            sizes=(10**6, 10**14),
        ),
        _line(
            "α + β = 1/2",
            "1 -1/2 1/5 1 2/5, 2/5 1/10 1/5 1 2/5",
            fixed={beta: _HALF - alpha},
            counted=v,
            weighed=v,
            carried=lambda power: False,
        ),
    )
}


def _modes(power: _Expr, line: Line, end: _Expr) -> _Expr:
    return line.put(sp.Sum(j**power / (1 + p * j ** (2 * alpha)), (j, 1, end)))


@lru_cache(maxsize=16)
def counts(line: str = "2β > 1", poles: int | None = None) -> Derivation:
    r"""``D_1`` for ``d^{-2α} ≪ p ≪ 1``: the modes whose eigenvalue exceeds ``p``, and for ``2α < 1`` the crowd below.

    .. math::
        \sum_j\frac1{1+pj^{2\alpha}} \sim \frac{\pi}{2\alpha\sin(\pi/2\alpha)}\,p^{-1/(2\alpha)}
        + \frac{v^{1-2\alpha}}{(1-2\alpha)\,p},
        \qquad\text{at } 2\alpha=1:\quad \frac{\log pv}{p}

    Examples
    --------
    >>> from scalesym.formulas.early import counts
    >>> counts("2α = 1").expression
    log(p)/p + log(v)/p
    """
    where = LINES[line]
    prose = "The modes are counted, each by the share of it that is learnt at the scale $p$ of eigenvalues."
    return Derivation(QUANTITIES["D_1"](p), _modes(sp.S.Zero, where, where.counted), "equivalent", prose).then(
        "poles",
        mode_sum(p, left=-1, right=poles or _poles(line)),
        along([_static(path, where.counted is sp.oo) for path in where.paths()[:1]], (10**3, 10**6), 0.03),
        prose=_MELLIN,
        relation="~",
        level="asymptotic",
    )


def _poles(line: str) -> int:
    return 2 if line == "α = 1/4" else 1


@lru_cache(maxsize=16)
def energy(line: str = "2β > 1") -> Derivation:
    r"""``J`` for ``p ≪ 1``: the constant ``ζ_R(2β)`` and the power of the continuum, or at ``2β = 1`` a logarithm.

    Examples
    --------
    >>> from scalesym.formulas.early import energy
    >>> energy("2β = 1").expression
    EulerGamma - log(p)/(2*alpha)
    """
    where = LINES[line]
    prose = "The energy of the target in the modes that are not yet learnt at the scale $p$ of eigenvalues."
    return Derivation(QUANTITIES["J"](p), _modes(-2 * beta, where, where.weighed), "equivalent", prose).then(
        "poles",
        mode_sum(p),
        along([_static(path, where.weighed is sp.oo) for path in where.paths()[:1]], (10**3, 10**6), 0.03),
        prose=_MELLIN,
        relation="~",
        level="asymptotic",
    )


def _static(path: Path, infinite: bool) -> Path:
    """A sequence of sums alone: ``p = 1/size``, and ``pv^{2α} = size`` where the sum ends at ``v``."""

    def point(size: int) -> Mapping[str, Fraction]:
        known = {name: path(10**4)[name] for name in ("alpha", "beta")}
        end = {} if infinite else {"v": Fraction(round(size ** (1 / float(known["alpha"]))))}
        return {**known, "p": Fraction(1, size), **end}

    return point


@lru_cache(maxsize=16)
def transformed(line: str = "2β > 1") -> Derivation:
    """``S = J/m`` in ``p``, to first order in ``1/d``.

    Examples
    --------
    >>> from scalesym.formulas.early import transformed
    >>> transformed().steps[0].name
    'first order in 1/d'
    """
    start = Derivation(
        QUANTITIES["S"](zeta),
        QUANTITIES["J"](zeta) / QUANTITIES["m"](zeta),
        "equivalent",
        "In $p=-z=\\zeta\\,m(\\zeta)$ the forcing function is the inverse Laplace transform of $S$ at the time "
        "$\\tau=2\\gamma Br$: at late times $q(z)^r$ is $e^{-\\tau z}$.",
    )
    return start.then(
        "first order in 1/d",
        _joined(line),
        _first_order(LINES[line]),
        prose=_PERTURBED,
        relation="~",
        level="asymptotic",
    )


def _joined(line: str) -> Operation:
    """``perturbed`` with the expansions of ``J`` and ``D_1``, and with their conditions."""

    def operation(before: _Expr) -> Outcome:
        whole, modes = energy(line), counts(line)
        carried = sp.Add(*(t.at(p) for t in terms_of(whole.expression, p) if LINES[line].carried(t.power)))
        if carried == 0:
            return Outcome(whole.expression, whole.conditions)
        found = perturbed(whole.expression, modes.expression, d, p, carried=carried)(before).expression
        conditions = whole.conditions + modes.conditions
        return Outcome(found, tuple(dict.fromkeys(conditions)))

    return operation


@lru_cache(maxsize=16)
def forcing_early(line: str = "2β > 1") -> Derivation:
    r"""The forcing function before the gap is felt, with its first correction.

    .. math::
        \mathscr F \sim \frac{\Gamma(s)}{2\alpha}\tau^{-s} + \frac{c_\beta\Gamma(1-x)}{2\alpha d}\tau^{x-1}
        + \frac{\text{const}}{d}\,\tau^{x-s}, \qquad s = 1+\frac\beta\alpha-x, \quad x=\frac1{2\alpha}

    Parameters
    ----------
    line:
        A name in :data:`LINES`.

    Examples
    --------
    >>> from scalesym.formulas.early import forcing_early
    >>> len(forcing_early().expression.args)
    2
    """
    return _to_time(transformed(line), "forcing", LINES[line], LINES[line].within)


@lru_cache(maxsize=16)
def kernel_early(line: str = "2β > 1") -> Derivation:
    r"""The kernel before the gap is felt: the leading term of ``K_pp`` where ``α > 1/4``.

    .. math:: \mathscr K \sim \frac{\gamma^2B\,\Gamma(2-x)}{2\alpha}\,\tau^{x-2}, \qquad x=\frac1{2\alpha}

    At ``α = 1/4`` the ends of the spectrum count as much as the modes at ``p``, and so does first order in ``1/d``.

    Examples
    --------
    >>> from scalesym.formulas.early import kernel_early
    >>> kernel_early("2α = 1").expression
    gamma/(2*r)
    """
    where, quarter = LINES[line], line == "α = 1/4"
    found = counts(line)

    def operation(before: _Expr) -> Outcome:
        whole = perturbed(found.expression, found.expression, d, p, over_m=False)(before).expression
        kept = (
            [t for t in terms_of(whole, p) if (t.power + 2).is_nonnegative]
            if quarter
            else terms_of(found.expression, p)
        )
        weighed = [PowerLog(-(gamma**2) * B * t.coefficient, t.power + 1, t.logs).at(p) for t in kept]
        return Outcome(sp.Add(*weighed), found.conditions)

    start = Derivation(
        QUANTITIES["K"](r),
        -(gamma**2) * B * p * QUANTITIES["D_1"](zeta),
        "equivalent",
        "In $p=-z=\\zeta\\,m(\\zeta)$ the kernel is the inverse Laplace transform of $-\\gamma^2Bp\\,D_1(\\zeta)$ at the "
        "time $\\tau=2\\gamma Br$.",
    )
    expanded = start.then(
        "first order in 1/d" if quarter else "leading order",
        operation,
        _first_order(where, whole=True),
        prose=_PERTURBED if quarter else "To leading order $\\zeta=p$.",
        relation="~",
        level="asymptotic",
    )
    return _to_time(expanded, "kernel", where, 1e-2)


@lru_cache(maxsize=1)
def density() -> Derivation:
    r"""The density of the absolutely continuous spectrum, from the jump of ``S`` across the axis.

    .. math::
        \frac1\pi\operatorname{Im}\frac{c_\beta}{m(u+\mathrm i0)} \sim \frac{c_\beta}{2\alpha d}\,u^{-1/(2\alpha)},
        \qquad d^{-2\alpha} \ll u \ll 1

    Examples
    --------
    >>> from scalesym.formulas.early import density
    >>> density().expression
    zeta(2*beta)/(2*alpha*d*u**(1/(2*alpha)))
    """
    found = transformed("2β > 1")
    energies = [term for term in terms_of(energy("2β > 1").expression, p) if term.power == 0]
    constant = energies[0].coefficient  # of the target: what first order multiplies

    def kept(before: _Expr) -> Outcome:
        """What is of first order in ``1/d`` and carries the target's whole energy."""
        terms = [t for t in sp.Add.make_args(sp.expand(before)) if t.has(d) and t.has(constant)]
        if len(terms) != 1:
            raise DerivationError(f"{len(terms)} terms of first order carry {constant}, not one")
        return Outcome(terms[0], (positivity(2 * beta - 1, "the target's energy sits in the first modes"),))

    def share(before: _Expr, outcome: Outcome) -> Evidence:
        """The first order is ``J D_1/d`` with ``J`` at its value at 0."""
        point = at(alpha="4/5", beta="6/5", d=50, p="1/9")
        left = number(outcome.expression, point)
        right = number(constant * counts("2β > 1").expression / d, point)
        if abs(left / right - 1) > 1e-15:
            raise DerivationError(f"{left} is not J(0) D_1/d = {right}")
        return Evidence("the term kept is J(0) D_1/d to 15 digits", ())

    return found.then(
        "the target's whole energy",
        kept,
        share,
        prose="Where $2\\beta>1$ the target's energy sits in the first modes, and its whole, $\\zeta_{\\mathrm R}(2\\beta)$, "
        "is smeared by $1/m$ over the small eigenvalues; the other term of first order is smaller there.",
        relation="~",
    ).then(
        "jump across the axis",
        discontinuity(p, u),
        _stieltjes,
        prose="At $z=u+\\mathrm i0$, $p=ue^{-\\mathrm i\\pi}$. The density is $\\operatorname{Im}/\\pi$.",
    )


def _to_time(expanded: Derivation, quantity: str, line: Line, within: float) -> Derivation:
    return expanded.then(
        "back to time",
        inverse_laplace(p, tau),
        by_parabola(line.paths(), 15),
        prose="Term by term, $p^{-s}$ becomes $\\tau^{s-1}/\\Gamma(s)$ and a logarithm a derivative in $s$; what is "
        "analytic at $p=0$ leaves nothing.",
    ).then(
        "effective time",
        _renamed(tau, 2 * gamma * B * r),
        against_literal(quantity, line.paths(), line.sizes, within),
        prose="The time in steps of SGD.",
    )


def _renamed(old: _Expr, new: _Expr) -> Operation:
    return lambda before: Outcome(sp.powsimp(before.subs(old, new)) if before.is_Mul else before.subs(old, new))


def _first_order(line: Line, whole: bool = False) -> Check:
    """What the outcome has of first order in ``1/d`` (or the whole) is what the literal fixed point has beyond ``ζ = p``."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        first = sp.Add(*(t for t in sp.Add.make_args(outcome.expression) if whole or t.has(d)))
        if first == 0 and any(line.carried(t.power) for t in terms_of(outcome.expression, p)):
            raise DerivationError("there is no term of first order in 1/d")
        for path in line.paths() if first != 0 else ():
            gaps = []
            for size in line.sizes:
                point = path(size)
                model, at_p = Literal(point), float(point["p"])
                root = model._zeta(-at_p).real
                if whole:
                    exact = -(model.gamma**2) * model.batch * at_p * model.d1(root)
                else:
                    exact = model.target(root) * root / at_p - model.target(at_p)  # 1/m = ζ/p
                gaps.append(abs(float(exact) / float(number(first, point, 15)) - 1))
            if not (gaps[-1] < 0.1 and gaps[-1] < gaps[0]):
                raise DerivationError(f"the first order is not that of the fixed point: {gaps}")
            figures.append(", ".join(f"{gap:.1e}" for gap in gaps))
        claim = "the transform" if whole else "the first order"
        return Evidence(f"{claim} is approached by that of the fixed point solved by Newton's method", tuple(figures))

    return check


def _stieltjes(before: _Expr, outcome: Outcome) -> Evidence:
    """The imaginary part over ``π``, by complex arithmetic just above the axis."""
    import cmath

    for alpha_value, u_value in ((0.8, 0.01), (1.3, 0.2)):
        values = {"alpha": Fraction(alpha_value), "beta": Fraction(1), "d": Fraction(50), "u": Fraction(u_value)}
        above = u_value * cmath.exp(-1j * (cmath.pi - 1e-9))
        function = sp.lambdify((p, alpha, beta, d), before, "mpmath")
        left = complex(function(above, alpha_value, 1, 50)).imag / cmath.pi
        right = float(number(outcome.expression, values))
        if abs(left / right - 1) > 1e-6:
            raise DerivationError(f"the jump is {left}, not {right}")
    return Evidence("the imaginary part 1e-9 above the axis agrees to 6 digits at 2 points", ())


def statements() -> tuple[Statement, ...]:
    """The entries of the catalogue about forcing function, kernel and densities before the gap is felt."""
    D, J, F, K = (QUANTITIES[name](arg) for name, arg in (("D_1", zeta), ("J", zeta), ("F", r), ("K", r)))
    small = ((zeta, sp.S.Zero),)
    in_time = ((d, sp.oo), (r, sp.oo))
    early = Remark("2γBr ≪ d^(2α)", r"2\gamma Br\ll d^{2\alpha}", "range")
    infinite = Remark("v = ∞", r"v=\infty", "range")
    target, high, low, energy_line = (
        Remark(plain_text, in_latex, "line")
        for plain_text, in_latex in (
            ("2β = 1", r"2\beta=1"),
            ("2α = 1", r"2\alpha=1"),
            ("α = 1/4", r"\alpha=\frac14"),
            ("α + β = 1/2", r"\alpha+\beta=\frac12"),
        )
    )
    crowd = Remark("ζ ≫ v^(-2α)", r"\zeta\gg v^{-2\alpha}", "range")
    order = Remark("for the last term: α > 1/4", r"\text{for the last term: }\alpha>\frac14", "range")
    plain, heavy, slow = when(_above), when(_below), when(_slow)
    over = {p: zeta}
    found = [
        Statement("D_1.early", D, counts().expression.subs(over), counts(), _HERE, small, (infinite,)),
        Statement(
            "D_1.early.slow",
            D,
            counts("2α < 1").expression.subs(over),
            counts("2α < 1"),
            _HERE,
            small,
            (crowd, slow, order),
        ),
        Statement(
            "D_1.early.line", D, counts("2α = 1").expression.subs(over), counts("2α = 1"), _HERE, small, (crowd, high)
        ),
        Statement("J.early", J, energy().expression.subs(over), energy(), _HERE, small, (infinite,)),
        Statement(
            "J.early.line",
            J,
            energy("2β = 1").expression.subs(over),
            energy("2β = 1"),
            _HERE,
            small,
            (infinite, target),
        ),
        Statement(
            "density.ac",
            QUANTITIES["density_ac"](u),
            density().expression,
            density(),
            "arXiv:2405.15074, absolutely continuous part of the spectrum",
        ),
    ]
    forcings: dict[str, tuple[str, tuple[Remark, ...]]] = {
        "F.early": ("2β > 1", (plain, early)),
        "F.early.slow-target": ("2β < 1", (heavy, early)),
        "F.early.slow-spectrum": ("2α < 1", (plain, slow, order, early)),
        "F.early.target-line": ("2β = 1", (target, early)),
        "F.early.high-line": ("2α = 1", (plain, high, early)),
        "F.early.energy-line": ("α + β = 1/2", (energy_line, early)),
    }
    kernels: dict[str, tuple[str, tuple[Remark, ...]]] = {
        "K.early": ("2β > 1", (early,)),
        "K.early.slow-spectrum": (
            "2α < 1",
            (Remark("α > 1/4", r"\alpha>\frac14", "range", sp.Gt(alpha, _QUARTER, evaluate=False)), slow, early),
        ),
        "K.early.high-line": ("2α = 1", (high, early)),
        "K.early.low-line": ("α = 1/4", (low, early)),
    }
    for left, chain, table in ((F, forcing_early, forcings), (K, kernel_early, kernels)):
        for id, (line, remarks) in table.items():
            found.append(Statement(id, left, chain(line).expression, chain(line), _HERE, in_time, remarks))
    return tuple(found)


_HERE = "derived here"
_above, _below = sp.Gt(beta, _HALF, evaluate=False), sp.Lt(beta, _HALF, evaluate=False)
_slow = sp.Lt(alpha, _HALF, evaluate=False)
_MELLIN = (
    "As a Mellin–Barnes integral the sum is a sum of residues: of $\\zeta_{\\mathrm R}$ at its pole, where the modes are a "
    "continuum, of $\\pi/\\sin\\pi s$ on the left, and on the right of the end of the spectrum. Two poles in one place make "
    "a logarithm."
)
_PERTURBED = (
    "For $d^{-2\\alpha}\\ll p\\ll 1$ the density of modes is small against $d$: $m=1-D_1/d$ is expanded to first order, and "
    "with it $\\zeta=p/m$."
)
