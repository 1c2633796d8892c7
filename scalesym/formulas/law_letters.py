r"""The letters of the field's empirical laws: how they are written, and which values they take.

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
}

_LATIN = {"α": "alpha", "β": "beta", "ρ": "rho", "σ": "sigma", "δ": "delta", "ε": "epsilon", "*": "star", "∞": "inf"}


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
