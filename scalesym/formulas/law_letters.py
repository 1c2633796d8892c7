r"""The letters of the field's empirical laws and of other models: how they are written, and which values they take.

The catalogue has one name for every letter, so that a formula can be read without knowing where it stands. The papers do
not: ``B`` is the batch of the model and a constant of Chinchilla's law, ``α`` an exponent of the spectrum and one of the
loss, ``E`` a loss that nothing reduces and an error rate. Here each has a name that says what it is, and is shown as its
paper shows it. A formula takes either: ``evaluate(B_data=410.7)`` or ``evaluate(B=410.7)``.

No notation and no convention of the model touches these letters. Importing this module does not load SymPy.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LAW_LETTERS", "LAW_QUANTITIES", "LawLetter", "shown", "spelled"]


class LawLetter(NamedTuple):
    """``positive``, ``nonnegative`` or ``real``; as LaTeX and as text, where these are not made from the name."""

    domain: str
    latex: str = ""
    text: str = ""


_POSITIVE, _REAL = LawLetter("positive"), LawLetter("real")


def _shape(index: str) -> dict[str, LawLetter]:
    """The constants of a saturating power law, ``a(C+d)^{-b} + c``, of one shape; where shapes change no shift matters."""
    end = f"_{index}" if index else ""
    found = {
        f"scale{end}": LawLetter("positive", f"a{end}", f"a{end}"),
        f"exponent{end}": LawLetter("positive", f"b{end}", f"b{end}"),
        f"floor{end}": LawLetter("real", f"c{end}", f"c{end}"),
    }
    shift = {f"shift{end}": LawLetter("nonnegative", f"d{end}", f"d{end}")}
    return found if index in ("1", "2") else found | shift


#: Every letter by the name it has in trees and as a keyword.
LAW_LETTERS: dict[str, LawLetter] = {
    # Chinchilla's law
    **dict.fromkeys(("N", "D", "C", "C_0", "L", "A"), _POSITIVE),
    "E": LawLetter("nonnegative"),
    "B_data": LawLetter("positive", "B", "B"),
    "alpha_size": LawLetter("positive", r"\alpha", "α"),
    "beta_data": LawLetter("positive", r"\beta", "β"),
    "rho_size": LawLetter("positive", r"\rho", "ρ"),
    "sigma": LawLetter("positive", r"\sigma", "σ"),
    # Kaplan's
    **dict.fromkeys(("N_c", "D_c", "C_c", "S_c", "S", "S_min", "C_min"), _POSITIVE),
    **dict.fromkeys(("alpha_N", "alpha_D", "alpha_C", "alpha_S", "alpha_B"), _POSITIVE),
    "batch_tokens": LawLetter("positive", "B", "B"),
    "B_crit": LawLetter("positive", r"B_{\mathrm{crit}}", "B_crit"),
    "B_star": LawLetter("positive", "B_*", "B_*"),
    "delta_L": LawLetter("positive", r"\delta L", "δL"),
    "examples": LawLetter("positive", "E", "E"),
    "examples_min": LawLetter("positive", r"E_{\min}", "E_min"),
    "ratio": LawLetter("positive", "r", "r"),
    # Henighan's
    "scarce": LawLetter("positive", "x", "x"),
    "x_0": _POSITIVE,
    "alpha_x": _POSITIVE,
    "L_inf": LawLetter("nonnegative", r"L_\infty", "L_∞"),
    "epsilon": LawLetter("positive", r"\varepsilon", "ε"),
    "compute_unit": LawLetter("positive", "c_0", "c_0"),
    "p_size": LawLetter("positive", "p", "p"),
    "delta_data": LawLetter("positive", r"\delta", "δ"),
    "N_0": _POSITIVE,
    "D_0": _POSITIVE,
    # the saturating power law, of one shape and of several
    "error": LawLetter("real", "E", "E"),
    "error_0": LawLetter("real", "E_0", "E_0"),
    "error_T": LawLetter("real", "E_T", "E_T"),
    **_shape(""),
    **_shape("P"),
    **_shape("1"),
    **_shape("2"),
    # the broken one
    "limit": LawLetter("real", "a", "a"),
    "offset": LawLetter("real", "b", "b"),
    **dict.fromkeys(("c_0", "c_1", "c_2"), _REAL),
    **dict.fromkeys(("d_1", "d_2", "f_1", "f_2"), _POSITIVE),
    # other solvable models: two resolvents of the same features and samples
    "threshold": LawLetter("positive", r"\kappa", "κ"),
    "threshold_2": LawLetter("positive", r"\kappa'", "κ'"),
    "laplace": LawLetter("positive", "s", "s"),
    "laplace_2": LawLetter("positive", "s'", "s'"),
    "resource_P": LawLetter("positive", "P", "P"),
    "freedom": LawLetter("positive", "f", "f"),
    "freedom_2": LawLetter("positive", "f'", "f'"),
    "overlap": LawLetter("positive", "g", "g"),
    "trace_x": LawLetter("positive", "x", "x"),
    "trace_u": LawLetter("positive", "u", "u"),
    "trace_v": LawLetter("positive", "v", "v"),
    "noise": LawLetter("nonnegative", r"\sigma", "σ"),
    **dict.fromkeys(("R_1", "R_3", "C_1", "C_2", "C_3"), _POSITIVE),
    "R_1_2": LawLetter("positive", "R_1'", "R_1'"),
    "R_3_2": LawLetter("positive", "R_3'", "R_3'"),
    # ridge regression on random features
    "Delta": LawLetter("positive", r"\Delta", "Δ"),
    "samples_T": LawLetter("positive", "T", "T"),
    "teacher": LawLetter("positive", r"\sigma_w", "σ_w"),
    "noise_label": LawLetter("nonnegative", r"\sigma_\varepsilon", "σ_ε"),
    "teacher_1": LawLetter("positive", "U_1", "U_1"),
    "teacher_2": LawLetter("positive", "U_2", "U_2"),
    "alpha_latent": LawLetter("positive", r"\alpha", "α"),
    "lambda_plus": LawLetter("positive", r"\lambda_+", "λ_+"),
    "mode": LawLetter("positive", "I", "I"),
    # the four regimes
    "kappa_B": LawLetter("positive", r"\kappa_B", "κ_B"),
    "gamma_B": LawLetter("positive", r"\gamma", "γ"),
    "omega": LawLetter("positive", r"\bar\omega", "ω̄"),
    "weighted": LawLetter("positive", r"\Omega", "Ω"),
    "alpha_K": _POSITIVE,
    "distance": LawLetter("positive", "r", "r"),
    "distance_power": LawLetter("positive", "p", "p"),
    "loss_power": LawLetter("positive", "q", "q"),
    "dimension": LawLetter("positive", "d", "d"),
    "ball": LawLetter("positive", "V_d", "V_d"),
    # the dynamical model
    "task_power": LawLetter("positive", "a", "a"),
    "spectrum_power": LawLetter("positive", "b", "b"),
    "time": LawLetter("positive", "t", "t"),
    "size_power": LawLetter("positive", "p", "p"),
    "late_power": LawLetter("nonnegative", "q", "q"),
    "variance": LawLetter("positive", r"\lambda", "λ"),
    "plateau_power": LawLetter("positive", "m", "m"),
    "time_scale": LawLetter("positive", "A_t", "A_t"),
    "size_scale": LawLetter("positive", "A_N", "A_N"),
}

#: Quantities that the laws state, as LaTeX and as text; they are written with their arguments.
LAW_QUANTITIES: dict[str, tuple[str, str]] = {
    "L": ("L", "L"),
    **{f"{letter}_opt": (rf"{letter}_{{\mathrm{{opt}}}}", f"{letter}_opt") for letter in "NDLCBS"},
    "D_least": (r"D_{\min}", "D_min"),
    "B_crit": (r"B_{\mathrm{crit}}", "B_crit"),
    "overfitting": (r"\delta L", "δL"),
    "substitution": (r"\sigma", "σ"),
    "loss_slope": ("s", "s"),
    "error": ("E", "E"),
    "error_P": ("E_P", "E_P"),
    "compute": ("C", "C"),
    "compute_P": ("C_P", "C_P"),
    "cost": ("g", "g"),
    "cost_P": ("g_P", "g_P"),
    "data": ("D", "D"),
    "scarce": ("x", "x"),
    "measured": ("y", "y"),
    "risk": ("E", "E"),
    "train_risk": (r"\hat E", "Ê"),
    "threshold": (r"\kappa", "κ"),
    "freedom": ("f", "f"),
    "overlap": ("g", "g"),
    "ridge": (r"\delta", "δ"),
    "Delta": (r"\Delta", "Δ"),
    "teacher_trace": ("U", "U"),
    "bias": (r"L_{\mathrm{bias}}", "L_bias"),
    "share": (r"L_{\varepsilon}", "L_ε"),
    "early": (r"\delta L", "δL"),
    "early_response": (r"\delta H", "δH"),
    "response": ("H", "H"),
    "f_best": ("f^*", "f*"),
    "L_best": ("L^*", "L*"),
    "N_best": ("N^*", "N*"),
    "kappa_B": (r"\kappa_B", "κ_B"),
    "tail": (r"L_{\mathrm{best}}", "L_best"),
    "mean_distance": (r"\langle r^p\rangle", "⟨r^p⟩"),
    **{
        f"{name}_slope": (rf"\frac{{d\log {letter}^*}}{{d\log C}}", f"d log {letter}*/d log C")
        for name, letter in (("L_best", "L"), ("N_best", "N"), ("t_best", "t"))
    },
}

_LATIN = {"α": "alpha", "β": "beta", "ρ": "rho", "σ": "sigma", "δ": "delta", "ε": "epsilon", "*": "star", "∞": "inf"}
_LATIN |= {
    "κ": "kappa",
    "γ": "gamma",
    "λ": "lambda",
    "Δ": "Delta",
    "Ω": "Omega",
    "ω": "omega",
    "+": "plus",
    "'": "_prime",
}
_LATIN |= {"\u0304": "_bar"}


def shown(name: str) -> tuple[str, str] | None:
    """A letter as LaTeX and as text, where its name does not say it."""
    letter = LAW_LETTERS.get(name)
    return (letter.latex, letter.text) if letter is not None and letter.latex else None


def spelled(name: str) -> str:
    """The letter as its paper has it, in ASCII: the other keyword under which its value may be given.

    Examples
    --------
    >>> spelled("B_data"), spelled("alpha_size"), spelled("alpha_N")
    ('B', 'alpha', 'alpha_N')
    """
    written = (shown(name) or ("", name))[1]
    return "".join(_LATIN.get(character, character) for character in written)
