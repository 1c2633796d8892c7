"""The numeric road to the empirical laws' entries: the methods of :mod:`scalesym.laws`, or arithmetic.

For every entry, values of its letters and a function of them that gives the value, and letters that it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from formulas.model_references import MODEL_REFERENCES
from mpmath import MPContext

from scalesym.laws import BNSL, Adaptive, Chinchilla, Henighan, Kaplan, ShapeLaw
from scalesym.laws.henighan import SizeTrend, TwoTerm
from scalesym.laws.kaplan import PF_DAY
from scalesym.laws.kaplan_frontier import Frontier
from scalesym.laws.kaplan_joint import JointLaw
from scalesym.laws.kaplan_steps import CriticalBatch, StepsLaw

Letters = dict[str, Any]
Known = tuple[Any, Letters]
Reference = tuple[Sequence[Letters], Callable[[Letters], Known]]
CTX = MPContext()
CTX.dps = 40


def _number(at: Letters, name: str) -> Any:
    given = Fraction(at[name])
    return CTX.mpf(given.numerator) / given.denominator


def _each(points: Sequence[Letters], road: Callable[[Letters], Any]) -> Reference:
    return points, lambda at: (road({name: float(Fraction(x)) for name, x in at.items()}), {})


# -- Chinchilla --------------------------------------------------------------------------------------------------------

_SETS = (
    dict(E="1.69", A="406.4", B_data="410.7", alpha_size="0.34", beta_data="0.28", C_0=6),
    dict(E="1.8172", A="482.01", B_data="2085.43", alpha_size="0.3478", beta_data="0.3658", C_0=6),
    dict(E=0, A=3, B_data="1/7", alpha_size="1/2", beta_data="1/2", C_0=2),
    dict(E=2, A="1/5", B_data=90, alpha_size=2, beta_data="1/10", C_0=1),
)


def _chinchilla(at: Letters) -> Chinchilla:
    names = {"E": "E", "A": "A", "B_data": "B", "alpha_size": "alpha", "beta_data": "beta"}
    return Chinchilla(**{name: at[letter] for letter, name in names.items()}, C_0=at.get("C_0", 6))


def _with(sets: Sequence[Letters], *others: Letters) -> list[Letters]:
    return [{**constants, **more} for constants in sets for more in others]


_RUNS = _with(_SETS, dict(N="7e10", D="1.4e12", C="5.76e23", rho_size=2), dict(N=50, D=3000, C=10**9, rho_size="3/7"))
_TO_LOSS = [{**at, "L": Fraction(at["E"]) + extra} for at in _SETS for extra in (Fraction(1, 3), 40)]
_FOR_DATA = [
    {**at, "L": Fraction(at["E"]) + Fraction(at["A"]) * Fraction(above), "N": n}
    for at, n, above in zip(_SETS, ("1e9", "1e9", 16, 10), ("1/100", "1/100", "1/2", "1/50"), strict=True)
]


def _share(at: Letters) -> Any:
    """The parameters' term at the best size, over what is above ``E`` there."""
    best = _chinchilla({**at, "E": 0}).optimum(at["C"])
    return at["A"] * best.N ** -at["alpha_size"] / best.loss


_CHINCHILLA: dict[str, Reference] = {
    "chinchilla.law": _each(_RUNS, lambda at: _chinchilla(at)(at["N"], at["D"])),
    "chinchilla.optimum.N": _each(_RUNS, lambda at: _chinchilla(at).optimum(at["C"]).N),
    "chinchilla.optimum.D": _each(_RUNS, lambda at: _chinchilla(at).optimum(at["C"]).D),
    "chinchilla.optimum.L": _each(_RUNS, lambda at: _chinchilla(at).optimum(at["C"]).loss),
    "chinchilla.optimum.ratio": _each(_RUNS, lambda at: (best := _chinchilla(at).optimum(at["C"])).D / best.N),
    "chinchilla.optimum.share": _each(_RUNS, _share),
    "chinchilla.compute-for-size": _each(_RUNS, lambda at: _chinchilla(at).compute_for_params(at["N"])),
    "chinchilla.compute-for-loss": _each(_TO_LOSS, lambda at: _chinchilla(at).compute_for_loss(at["L"])),
    "chinchilla.data-for-loss": _each(_FOR_DATA, lambda at: _chinchilla(at).tokens_for(at["N"], at["L"])),
    "chinchilla.excess": _each(_RUNS, lambda at: _chinchilla(at).excess_loss(at["rho_size"])),
    "chinchilla.substitution": _each(_RUNS, lambda at: _chinchilla(at).elasticities(at["N"], at["D"]).substitution),
    "chinchilla.substitution.frontier": _each(
        _RUNS,
        lambda at: _chinchilla(at).elasticities((best := _chinchilla(at).optimum(at["C"])).N, best.D).substitution,
    ),
}

# -- Kaplan ------------------------------------------------------------------------------------------------------------

_JOINT = (
    dict(N_c="6.4e13", alpha_N="0.076", D_c="1.8e13", alpha_D="0.103"),
    dict(N_c=3, alpha_N="1/2", D_c="1/5", alpha_D="1/3"),
)
_STEPS = (
    dict(N_c="6.5e13", alpha_N="0.077", S_c="2.1e3", alpha_S="0.76", B_star="2e8", alpha_B="0.21"),
    dict(N_c=40, alpha_N="1/3", S_c=7, alpha_S="1/2", B_star=3, alpha_B="2/3"),
)
_SPENT = _with(_JOINT, dict(N=10**9, D="2.2e10", C="1e20", delta_L="0.02"), dict(N=5, D=3, C=100, delta_L="1/2"))
_TRAINED = _with(_STEPS, dict(N=10**9, S_min=10**5, C_min="1e21"), dict(N=10**6, S_min=700, C_min="1e15"))


def _joint(at: Letters) -> JointLaw:
    return JointLaw(**{name: at[name] for name in ("N_c", "alpha_N", "D_c", "alpha_D")})


def _steps(at: Letters) -> StepsLaw:
    return StepsLaw(**{name: at[name] for name in ("N_c", "alpha_N", "S_c", "alpha_S")})


def _critical(at: Letters) -> CriticalBatch:
    return CriticalBatch(B_star=at["B_star"], alpha_B=at["alpha_B"])


def _frontier(at: Letters) -> Frontier:
    return Frontier(_steps(at), _critical(at))


def _spent(at: Letters) -> Any:
    """The best run at a compute, in FLOP."""
    return _frontier(at).optimum(at["C_min"] / PF_DAY)


def _decided(points: Sequence[Letters], road: Callable[[Letters], Known]) -> Reference:
    return points, lambda at: road({name: float(Fraction(x)) for name, x in at.items()})


def _named(pick: str) -> Reference:
    """With the exponent and the scale of compute, which the numeric road gives."""

    def road(at: Letters) -> Known:
        law = _frontier(at).law
        return getattr(_spent(at), pick), {"alpha_C": law.alpha, "C_c": law.x0 * PF_DAY}

    return _decided(_TRAINED, road)


def _at_stop(at: Letters) -> Known:
    best = _spent(at)
    return best.L, {"N": best.N}


def _implicit(at: Letters) -> Known:
    loss = _steps(at).with_compute(at["N"], at["C_min"], _critical(at))
    return loss, {"L": loss}


def _back(at: Letters) -> Known:
    """From the loss that a compute gives, back to the compute."""
    return at["C_min"], {"L": _implicit(at)[0]}


@cache
def _paper() -> Kaplan:
    return Kaplan.from_paper("kaplan2020")


def _batches(at: Letters) -> Known:
    return _paper().S_min(at["S"], at["batch_tokens"], at["L"]), {"B_crit": _paper().critical_batch(at["L"])}


def _compute(at: Letters) -> Known:
    return _paper().C_min(at["C"], at["batch_tokens"], at["L"]), {"B_crit": _paper().critical_batch(at["L"])}


_BATCHES = [dict(S=9000, C="1e19", batch_tokens=b, L=loss) for b, loss in ((2**19, 3), (10**8, "5/2"), (1000, 2))]

_KAPLAN: dict[str, Reference] = {
    "kaplan.size": _each([dict(N_c="8.8e13", alpha_N="0.076", N=10**9)], lambda at: _paper().L_N(at["N"])),
    "kaplan.data": _each([dict(D_c="5.4e13", alpha_D="0.095", D=10**10)], lambda at: _paper().L_D(at["D"])),
    "kaplan.compute": _each([dict(C_c="3.1e8", alpha_C="0.05", C_min=10)], lambda at: _paper().L_C(at["C_min"])),
    "kaplan.joint": _each(_SPENT, lambda at: _joint(at)(at["N"], at["D"])),
    "kaplan.steps": _each(_TRAINED, lambda at: _steps(at)(at["N"], at["S_min"])),
    "kaplan.batch": _each(_with(_STEPS, dict(L=3), dict(L="1/2")), lambda at: _critical(at)(at["L"])),
    "kaplan.batch.hyperbola": _decided(
        _BATCHES,
        lambda at: (
            at["batch_tokens"] * at["S"] / _paper().E_min(at["batch_tokens"] * at["S"], at["batch_tokens"], at["L"])
            - 1,
            {"S_min": _paper().S_min(at["S"], at["batch_tokens"], at["L"])},
        ),
    ),
    "kaplan.batch.steps": _decided(_BATCHES, _batches),
    "kaplan.batch.compute": _decided(_BATCHES, _compute),
    "kaplan.overfitting": _each(_SPENT, lambda at: _joint(at).overfitting(at["N"], at["D"])),
    "kaplan.overfitting.data": _each(_SPENT, lambda at: _joint(at).data_for(at["N"], at["delta_L"])),
    **{
        f"kaplan.joint.optimum.{name}": _each(_SPENT, lambda at, place=place: _joint(at).optimum(at["C"])[place])
        for place, name in enumerate("NDL")
    },
    "kaplan.steps.at-critical-batch": _decided(_TRAINED, _implicit),
    "kaplan.steps.compute-for-loss": _decided(_TRAINED, _back),
    "kaplan.optimum.stop": _decided(_TRAINED, _at_stop),
    "kaplan.optimum.exponent": _each(_STEPS, lambda at: _frontier(at).law.alpha),
    "kaplan.optimum.scale": _each(_STEPS, lambda at: _frontier(at).law.x0 * PF_DAY),
    **{f"kaplan.optimum.{name}": _named(name) for name in "LNBS"},
    "kaplan.optimum.other-size": _each(
        _with(_STEPS, dict(ratio="2.2"), dict(ratio="0.9")), lambda at: _frontier(at).excess_compute(at["ratio"])
    ),
}

# -- Henighan ----------------------------------------------------------------------------------------------------------


@cache
def _image() -> Henighan:
    return Henighan.from_paper("image-16x16")


_ROW = dict(x_0="1.6e-8", alpha_x="0.16", L_inf="2.64")
_TWO = (
    dict(L_inf="2.64", N_0=280, alpha_size="0.22", D_0=10**4, delta_data="0.4"),
    dict(L_inf=0, N_0=3, alpha_size=1, D_0="1/2", delta_data="1/3"),
)


def _fitted_data_exponent(at: Letters) -> Any:
    from scalesym.laws._power import Power

    size = Power(x0=280, alpha=at["alpha_size"], L_inf=2.64)
    return Henighan(domain="any", size=size, allocation=SizeTrend(c0=1e-12, p=at["p_size"])).two_term().delta


_HENIGHAN: dict[str, Reference] = {
    "henighan.law": _each(_with([_ROW], dict(scarce=1), dict(scarce="1e-5")), lambda at: _image()(C=at["scarce"])),
    "henighan.inverse": _each(_with([_ROW], dict(L=3), dict(L="5.25")), lambda at: _image().inverse(at["L"])),
    "henighan.near-entropy": _each(
        _with([_ROW], dict(epsilon="1/100"), dict(epsilon=2)), lambda at: _image().x_for(at["epsilon"])
    ),
    "henighan.optimum.N": _each(
        [dict(compute_unit="3.3e-13", p_size="0.73", C=c) for c in (1, "1/1000")],
        lambda at: SizeTrend(c0=at["compute_unit"], p=at["p_size"])(at["C"]),
    ),
    "henighan.two-term": (
        _with(_TWO, dict(N=10**6, D=10**8), dict(N=7, D=2)),
        lambda at: (
            _number(at, "L_inf")
            + CTX.exp(_number(at, "alpha_size") * CTX.log(_number(at, "N_0") / _number(at, "N")))
            + CTX.exp(_number(at, "delta_data") * CTX.log(_number(at, "D_0") / _number(at, "D"))),
            {},
        ),
    ),
    "henighan.two-term.exponent": _each(
        _TWO,
        lambda at: (
            TwoTerm(
                L_inf=at["L_inf"], N_0=at["N_0"], alpha=at["alpha_size"], D_0=at["D_0"], delta=at["delta_data"]
            ).allocation.p
        ),
    ),
    "henighan.two-term.data-exponent": _each(
        [dict(alpha_size=a, p_size=p) for a, p in (("0.24", "0.71"), (1, "1/3"), ("0.07", "0.99"))],
        _fitted_data_exponent,
    ),
}

# -- one shape and several ---------------------------------------------------------------------------------------------

_SHAPES = (
    dict(scale="0.26", exponent="0.35", floor="0.09", shift="0.01"),
    dict(scale="0.63", exponent="0.32", floor="0.12", shift="0.52"),
    dict(scale=3, exponent=2, floor="-1/2", shift=1),
)
_ERRORS = [
    *_with(_SHAPES[:2], dict(error="0.14", C=5), dict(error="0.13", C=10**4)),
    {**_SHAPES[2], "error": 2, "C": 1},
]


def _one(at: Letters, index: str = "") -> ShapeLaw:
    end = f"_{index}" if index else ""
    names = ("scale", "exponent", "floor", "shift")
    return ShapeLaw(*(at.get(f"{name}{end}", at.get(name, 0)) for name in names))


def _as_p(points: Sequence[Letters]) -> list[Letters]:
    shape = ("scale", "exponent", "floor", "shift")
    return [{f"{name}_P" if name in shape else name: x for name, x in at.items()} for at in points]


def _transition(at: Letters) -> Any:
    found = Adaptive({"1": _one(at, "1"), "2": _one(at, "2")}).transitions()
    assert len(found) == 1
    return found[0].error


_SEGMENTS = _as_p(_with(_SHAPES, dict(error_0="1/2", error_T="1/5"), dict(error_0="1/6", error_T="0.1201")))
_SHAPE_ENTRIES: dict[str, Reference] = {
    "vit.law": _each(_ERRORS, lambda at: _one(at)(at["C"])),
    "vit.inverse": _each(_ERRORS, lambda at: _one(at).inverse(at["error"])),
    "vit.slope": _each(_ERRORS, lambda at: _one(at).slope(at["C"])),
    "vit.floor": _each(_SHAPES, lambda at: _one({**at, "exponent": 4})(1e30)),
    "vit.ceiling": _each(_SHAPES, lambda at: _one(at).ceiling),
    "vit.marginal-cost": _each(_ERRORS, lambda at: _one(at).marginal_cost(at["error"])),
    "adaptive.law": _each(_as_p(_ERRORS), lambda at: _one(at, "P")(at["C"])),
    "adaptive.inverse": _each(_as_p(_ERRORS), lambda at: _one(at, "P").inverse(at["error"])),
    "adaptive.marginal-cost": _each(_as_p(_ERRORS), lambda at: _one(at, "P").marginal_cost(at["error"])),
    "adaptive.segment": _each(_SEGMENTS, lambda at: _one(at, "P").compute_between(at["error_0"], at["error_T"])),
    "adaptive.transition.equal-exponents": _each(
        [
            dict(scale_1=1, scale_2=2, exponent="1/2", floor_1="3/10", floor_2="1/10"),
            dict(scale_1=2, scale_2=6, exponent="1/2", floor_1="1/10", floor_2=0),
            dict(scale_1=5, scale_2=1, exponent=3, floor_1=-1, floor_2=2),
        ],
        _transition,
    ),
    "adaptive.transition.equal-floors": _each(
        [
            dict(scale_1=1, scale_2=3, exponent_1="3/5", exponent_2="3/10", floor=0),
            dict(scale_1="1/2", scale_2=4, exponent_1=2, exponent_2=1, floor=-3),
        ],
        _transition,
    ),
}

# -- broken laws -------------------------------------------------------------------------------------------------------

_ONE = dict(limit="1/3", offset=2, c_0="1/5", c_1="-3/4", d_1=40, f_1="1/2")
_BROKEN = (
    dict(limit="0.41388", offset="2.27727", c_0="0.055077", c_1="5.6629", d_1="612.58", f_1="0.059193", c_2="-1/2", d_2=5000, f_2=2),
    {**_ONE, "c_2": 2, "d_2": 900, "f_2": "1/10"},
    dict(limit=0, offset=-3, c_0=-1, c_1=3, d_1="1/50", f_1=3, c_2=0, d_2=1, f_2=1),
)  # fmt: skip


def _broken(at: Letters, breaks: int) -> BNSL:
    c, d, f = ([at[f"{letter}_{i}"] for i in range(letter != "c", breaks + 1)] for letter in "cdf")
    return BNSL(a=at.get("limit", 0), b=at.get("offset", 1), c=tuple(c), d=tuple(d), f=tuple(f))


_POINTS = _with(_BROKEN, dict(scarce="1/10"), dict(scarce=300), dict(scarce=20000))
_TURNING = (_ONE, {**_ONE, "c_0": -2, "c_1": "5/2", "f_1": 3})
_BNSL: dict[str, Reference] = {
    **{
        f"bnsl.law.{name}": _each(_POINTS, lambda at, n=n: _broken(at, n)(at["scarce"]))
        for n, name in enumerate(("unbroken", "one-break", "two-breaks"))
    },
    **{
        f"bnsl.slope.{name}": _each(_POINTS, lambda at, n=n: _broken(at, n).slope(at["scarce"]))
        for n, name in ((1, "one-break"), (2, "two-breaks"))
    },
    "bnsl.turning-point": _each(_TURNING, lambda at: _broken(at, 1).turning_points()[0].x),
    "bnsl.amplitude": _each(
        [{**at, "limit": 0} for at in (_ONE, *_BROKEN[:1])], lambda at: _broken(at, 1).to_astropy()["amplitude"]
    ),
}

#: Every entry of level empirical, and of other models.
REFERENCES: dict[str, Reference] = {
    **_CHINCHILLA,
    **_KAPLAN,
    **_HENIGHAN,
    **_SHAPE_ENTRIES,
    **_BNSL,
    **MODEL_REFERENCES,
}
