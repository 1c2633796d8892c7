r"""The best ridge over a power law of latents: a quadratic for the number that is learned (arXiv:2210.16859).

At the best ridge nothing diverges where there are as many samples as features, and the loss falls as a power of both.

The numeric road takes the symmetric loss with sums over latents by quadrature, and finds its least value by golden sections.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Derivation, DerivationError, Outcome
from ...formulas.statement import Statement
from .latents import LATENTS, learned, overlap, power_law_gap
from .ridge import HERE, isotropic, state, symmetric
from .roads import CTX, Numbers, least, number, places, valued
from .spectra import secant, valley

__all__ = ["statements"]

_Expr = Any
Delta, N, T, sigma_w = (ALPHABET[name] for name in ["Delta", "N", "samples_T", "teacher"])
f, g, alpha, C = (ALPHABET[name] for name in ["freedom", "overlap", "alpha_latent", "C"])
_Q = QUANTITIES
_HARMONIC = r"For $\alpha=1$ it is half the harmonic mean of $N$ and $T$."


def _loss_of(at: Numbers, learned: Any, whole: Any) -> Any:
    """The symmetric loss over the power law as a function of ``f``, by arithmetic; infinite where there is no ridge."""
    n, t, a = at["N"], at["samples_T"], at["alpha_latent"]
    if learned >= min(n, t):
        return CTX.inf
    gap = at["lambda_plus"] * (whole / learned) ** (1 + a)
    squares = learned - learned / (1 + a)
    under = n * t - squares * (n + t) + 2 * learned * squares - learned**2
    return at["teacher"] ** 2 * gap * n * t * (learned - squares) / under


def _best(at: Numbers) -> tuple[Any, Any]:
    """``f`` and the loss at the best ridge, by golden sections."""
    whole = learned({**at, "Delta": CTX.one, "lambda_plus": CTX.one}, 1)
    found = least(lambda learned: _loss_of(at, learned, whole))
    return found, _loss_of(at, found, whole)


@lru_cache(maxsize=1)
def _over_power_law() -> Derivation:
    points = tuple({**at, "freedom": min(at["N"], at["samples_T"]) * 2 / 3} for at in LATENTS)

    def insert(e: _Expr) -> Outcome:
        over, under = sp.fraction(e.subs(g, overlap().expression))
        whole = sp.factor(over / N / T / Delta / sigma_w**2)
        denominator = symmetric(sp.expand(sp.cancel(under)))
        rest = sp.factor(denominator.subs({N: 0, T: 0}))
        share = -sp.factor(-sp.expand(under).coeff(N, 1).coeff(T, 0))
        return Outcome(sigma_w**2 * power_law_gap().expression * N * T * whole / (N * T + share * (N + T) + rest))

    def road(at: Numbers) -> Any:
        return _loss_of(at, at["freedom"], learned({**at, "Delta": at["lambda_plus"]}, 1))

    return isotropic().then(
        "over the power law",
        insert,
        valued(points, road, "quadrature over the latents"),
        relation="~",
        level="continuum",
        prose=r"With $g=\frac{\alpha}{1+\alpha}f$ and $\Delta(f)$, ridge.power-law.overlap and ridge.power-law.Delta, as a function "
        r"of $f$, which falls as the ridge grows.",
    )


@lru_cache(maxsize=1)
def _best_f() -> Derivation:
    def solve(e: _Expr) -> Outcome:
        slope = sp.numer(sp.together(sp.simplify(f * sp.diff(sp.expand_log(sp.log(e), force=True), f))))
        squares = sp.Poly(sp.expand(slope), f)
        if squares.degree() != 2:
            raise DerivationError("the loss is not stationary at the roots of a quadratic")
        unit = sp.factor(squares.nth(0) / (N * T))
        two, one, zero = (sp.factor(squares.nth(k) / unit) for k in (2, 1, 0))
        apart = sp.factor(sp.cancel(one**2 - 4 * two * zero - (N - T) ** 2))
        roots = [2 * zero / (-one + sign * sp.sqrt((N - T) ** 2 + apart)) for sign in (1, -1)]
        inside = [root for root in roots if all(_between(root, at) for at in LATENTS)]
        if len(inside) != 1:
            raise DerivationError(f"{len(inside)} stationary values of f lie between 0 and N and T")
        return Outcome(inside[0])

    return _over_power_law().then(
        "stationary in the ridge",
        solve,
        valued(LATENTS, lambda at: _best(at)[0], "golden sections of the line above"),
        relation="",
        prose=r"$\frac{d\log L}{d\log f}=0$ is a quadratic. Of its roots one lies between 0 and both $N$ and $T$; the other is "
        r"negative for $\alpha<1$, above both for $\alpha>1$, and at infinity for $\alpha=1$.",
    )


def _between(root: _Expr, at: Numbers) -> bool:
    found = number(root, at)
    return bool(0 < found < min(at["N"], at["samples_T"]))


def _best_loss() -> Derivation:
    points = tuple({**at, "freedom": _best(at)[0]} for at in LATENTS)

    def there(e: _Expr) -> Outcome:
        """With the denominator by the condition that its product with a power of f is stationary."""
        over, under = sp.fraction(_over_power_law().expression)
        power = sp.simplify(f * sp.diff(sp.expand_log(sp.log(over), force=True), f))
        moved, divided = sp.fraction(sp.cancel(sp.diff(under, f) / power))
        sign = 1 if sp.expand(moved).coeff(N, 1).is_positive else -1
        moved = sp.expand(sign * moved)
        whole = sp.factor(moved.coeff(N, 1)) * (N + T) + sp.factor(moved.subs({N: 0, T: 0}))
        if sp.expand(whole - moved) != 0:
            raise DerivationError("the derivative is not symmetric in features and samples")
        return Outcome(over / f * sign * divided / whole)

    return _best_f().then(
        "the loss there",
        there,
        valued(points, lambda at: _best(at)[1], "golden sections"),
        relation="",
        prose=r"Where the loss is stationary in $f$, its denominator is given by its derivative; $f$ stands for $f^*$, "
        r"ridge.optimal.f.",
    )


def _special(name: str, values: dict[_Expr, _Expr], prose: str) -> Derivation:
    def road(at: Numbers) -> Any:
        return _best({**at, **{letter.name: number(value, at) for letter, value in values.items()}})[0]

    def insert(e: _Expr) -> Outcome:
        found = e.subs(values).replace(_is_root, lambda root: sp.sqrt(sp.factor(root.base)))
        return Outcome(sp.cancel(found) if found.is_rational_function() else _reciprocal(found))

    return _best_f().then(name, insert, valued(LATENTS, road, "golden sections"), relation="", prose=prose)


def _is_root(e: _Expr) -> bool:
    return bool(e.is_Pow and e.exp == sp.Rational(1, 2))


def _times_few(root: _Expr) -> _Expr:
    few = sp.Symbol("few", positive=True)
    return sp.sqrt(sp.cancel(sp.together(few**2 * root.base.subs(T, 1 / few)))) / few


def _reciprocal(e: _Expr) -> _Expr:
    """A multiple of ``N`` as ``N/(1 + …)``, the root over one sum."""
    root = sp.simplify(N / e) - 1
    return N / (1 + sp.sqrt(sp.cancel(1 / sp.expand(1 / root**2))))


@lru_cache(maxsize=1)
def _equal() -> Derivation:
    prose = "As many samples as features; nothing diverges."
    return _special("as many features as samples", {T: N}, prose)


def _endless_samples() -> Derivation:
    def limit(e: _Expr) -> Outcome:
        few = sp.Symbol("few", positive=True)  # 1/T; the root grows as T
        over, under = (side.replace(_is_root, _times_few).subs(T, 1 / few) for side in sp.fraction(e))
        left = [sp.expand(sp.expand(few * side)).subs(few, 0) for side in (over, under)]
        return Outcome(sp.cancel(left[0] / left[1]))

    def road(at: Numbers) -> Any:
        return _best({**at, "samples_T": CTX.mpf(10) ** 25})[0]

    return _best_f().then(
        "samples without end",
        limit,
        valued(LATENTS, road, "golden sections with 10^25 samples"),
        relation="",
        prose="No ridge is best.",
    )


@lru_cache(maxsize=1)
def _equal_loss() -> Derivation:
    def insert(e: _Expr) -> Outcome:
        root = sp.Symbol("root", positive=True)
        found = e / N
        constant = power_law_gap().expression.subs(f, 1)
        bare = _best_loss().expression / power_law_gap().expression * f ** (-(1 + alpha))
        at_root = sp.powsimp(sp.expand_power_base(bare.subs(T, N).subs(f, N / (1 + root)), force=True), force=True)
        grown = (1 + root) ** (2 + alpha)
        shown = sp.simplify(sp.powsimp(at_root.subs(N, 1) / grown, force=True))
        return Outcome(constant * N**-alpha * (shown * grown).subs(root, sp.expand(1 / found - 1)))

    return _equal().then(
        "the loss there",
        insert,
        valued(LATENTS, lambda at: _best({**at, "samples_T": at["N"]})[1], "golden sections"),
        relation="",
        prose="The loss at the best ridge, ridge.optimal.loss, at this $f$.",
    )


def _compute() -> Derivation:
    points = places("alpha_latent lambda_plus teacher C", 2, lambda at: at["alpha_latent"] > 0.4)

    def road(at: Numbers) -> Any:
        whole = learned({**at, "Delta": CTX.one, "lambda_plus": CTX.one}, 1)

        def loss(middle: Any) -> Any:  # accurate to the square of where f is found
            here = {**at, "N": CTX.exp(middle), "samples_T": at["C"] / CTX.exp(middle)}
            most = CTX.log(min(here["N"], here["samples_T"]))
            place = valley(lambda w: _loss_of(here, CTX.exp(w), whole), most - 4, most, CTX.mpf(10) ** -13)
            return _loss_of(here, CTX.exp(place), whole)

        half = CTX.log(at["C"]) / 2
        return CTX.exp(secant(lambda w: loss(w + 1) - loss(w - 1), half - 0.7, half + 0.4))

    def split(e: _Expr) -> Outcome:
        total = N + C / N
        (found,) = [root for root in sp.solve(sp.diff(total, N), N) if root.is_positive]
        if not sp.diff(total, N, 2).is_positive:
            raise DerivationError("the sum of features and samples is not least there")
        return Outcome(found)

    return _over_power_law().then(
        "least at a given product",
        split,
        valued(points, road, "golden sections over the split, each with its best ridge by golden sections"),
        relation="",
        prose=r"At a given product $C=NT$ and a given $f$ the loss grows with $N+T$, which is least for $N=T$.",
    )


def _compute_loss() -> Derivation:
    points = places("alpha_latent lambda_plus teacher C", 2, lambda at: at["alpha_latent"] > 0.4)

    def road(at: Numbers) -> Any:
        return _best({**at, "N": CTX.sqrt(at["C"]), "samples_T": CTX.sqrt(at["C"])})[1]

    return _equal_loss().then(
        "at the best split",
        lambda e: Outcome(e.subs(N, _compute().expression)),
        valued(points, road, "golden sections"),
        relation="",
        prose=r"With $N=T=\sqrt C$, ridge.optimal.compute.N.",
    )


def statements() -> tuple[Statement, ...]:
    """The loss as a function of what is learned, where it is least, and the best split of a product."""
    best_f, best_l = _Q["f_best"](N, T), _Q["L_best"](N, T)
    best = {"freedom": "f at the best ridge, ridge.optimal.f"}
    harmonic = _special("a spectrum of inverse squares", {alpha: sp.S.One}, _HARMONIC)
    return (
        state(
            "ridge.power-law.loss",
            _Q["L"](f),
            _over_power_law(),
            **HERE,
            freedom="the number of latents learned",
        ),
        state("ridge.optimal.f", best_f, _best_f(), **HERE),
        state("ridge.optimal.loss", best_l, _best_loss(), **HERE, **best),
        state("ridge.optimal.f.harmonic", best_f, harmonic, **HERE),
        state("ridge.optimal.f.equal", _Q["f_best"](N, N), _equal(), **HERE),
        state("ridge.optimal.f.endless-samples", _Q["f_best"](N, sp.oo), _endless_samples(), **HERE),
        state("ridge.optimal.loss.equal", _Q["L_best"](N, N), _equal_loss(), **HERE),
        state("ridge.optimal.compute.N", _Q["N_best"](C), _compute(), **HERE),
        state("ridge.optimal.compute.L", _Q["L_best"](C), _compute_loss(), **HERE),
    )
