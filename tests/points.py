"""Points at which formulas of the catalogue can be evaluated: moderate, and on the critical lines too."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from scalesym.formulas import Formula
from scalesym.formulas.law_letters import LAW_LETTERS

_EXPONENTS = [
    ("1", "7/10"),
    ("4/5", "6/5"),
    ("3/4", "3/10"),
    ("2/5", "4/5"),
    ("1/5", "7/10"),
    ("1/2", "7/10"),
    ("1", "1/2"),
    ("1/2", "1/2"),
    ("1/4", "4/5"),
    ("1", "5/2"),
    ("4/5", "-1/10"),
    ("2/5", "3/10"),
    ("3/10", "9/20"),
    ("7/25", "4/5"),
]
_SIZES = [("5", "16"), ("30", "90")]
#: Tasks that are hard, easy, and easy for the bias too, at a spectrum of power 3/2; more samples than features, and fewer.
_OTHERS = [("9/5", "7"), ("9/5", "3"), ("3", "7"), ("6", "7")]
_LETTERS = {
    **{"gamma": "1/10", "B": "2", "r": "40", "x": "1/2", "phi": "1/2", "P": "1", "P_inf": "1/4"},
    **{"w": "9/10", "t": "3/2", "rho": "3", "p": "1/20", "zeta": "1/3", "z": "-1/3", "zeta_tilde": "1/2", "tau": "3"},
    **{"g": "1/5", "n": "2", "s": "1", "f": "1000", "u": "1/3", "y": "1/2", "j": "3"},
}
#: Of the empirical laws: an error and a loss above every floor, below every ceiling.
_LAWS = {
    **dict.fromkeys(LAW_LETTERS, "3/2"),
    **{"E": "1/2", "L": "9/4", "L_inf": "1/3", "N": "5", "p_size": "2/5", "epsilon": "1/10", "delta_L": "1/20"},
    **{"N_c": "2", "alpha_N": "1/4", "S": "7", "S_min": "3", "ratio": "2", "alpha_size": "1/3", "B_crit": "5"},
    **{
        "error": "1",
        "error_0": "4/5",
        "error_T": "3/5",
        "floor": "1/10",
        "floor_P": "1/7",
        "shift": "1/9",
        "shift_P": "0",
    },
    **{"N": "5", "resource_P": "4", "samples_T": "7", "freedom": "2", "freedom_2": "1", "overlap": "1", "D": "9"},
    **{"teacher_2": "1/2", "gamma_B": "1/3", "task_power": "9/5", "alpha_latent": "3/5", "alpha_K": "3/5"},
    **{"late_power": "1/3", "size_power": "1", "Delta": "1/10", "threshold": "1/10", "trace_x": "1/5"},
    **{"scale_1": "1", "scale_2": "2", "exponent_1": "1/2", "exponent_2": "1/3", "floor_1": "3/10", "floor_2": "1/10"},
    **{"c_0": "1/4", "c_1": "-3/4", "c_2": "2", "d_1": "4", "d_2": "50", "f_1": "1/2", "f_2": "1/3"},
}


def points(formula: Formula) -> Iterator[dict[str, Fraction]]:
    """Values of the letters that a formula cannot do without, as its assumptions allow."""
    letters = formula._lacking({})
    others = _OTHERS if {"task_power", "samples_T"} & set(letters) else _OTHERS[:1]
    for (d, v), (task, samples), (alpha, beta) in product(_SIZES, others, _EXPONENTS):
        given = {**_LAWS, **_LETTERS, "task_power": task, "samples_T": samples}
        given |= {"alpha": alpha, "beta": beta, "d": d, "v": v}
        whole = {name: Fraction(value) for name, value in given.items()}
        values = {name: whole[name] for name in letters}
        if all(assumption.allows(values) for assumption in formula.assumptions):
            yield values
