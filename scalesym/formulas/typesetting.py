r"""Trees as LaTeX, and as one line of text, in the order a person would write them.

SymPy's printers order terms by their own rules and by a global setting; here the order is that of
:mod:`scalesym.formulas.ordering`. The lower incomplete gamma function is written ``\gamma_{\mathrm{inc}}``, because
``\gamma`` is the learning rate. A notation other than the paper's gives letters other names; their order stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from .law_letters import LAW_LETTERS, LAW_QUANTITIES, shown
from .ordering import fraction, is_number, minus_in_front, signed, summands, value_of
from .trees import RELATIONS, Tree

__all__ = ["Names", "latex", "readable", "terms", "text"]

#: Other names of letters, and of quantities (with parentheses), as LaTeX and as text.
Names = Mapping[str, tuple[str, str]]

_SYMBOLS = {
    "c_beta": (r"c_\beta", "c_β"),
    "phi": (r"\varphi", "φ"),
    "P": (r"\mathscr{P}", "P"),
    "P_inf": (r"\mathscr{P}_\infty", "P_∞"),
    "zeta_tilde": (r"\tilde\zeta", "ζ̃"),
    "zeta_0": (r"\zeta_0", "ζ_0"),
    "zeta_edge": (r"\tilde\zeta_{\mathrm{edge}}", "ζ̃_edge"),
    "zeta_plus": (r"\zeta_+", "ζ_+"),
    "zeta_minus": (r"\zeta_-", "ζ_-"),
    "x_plus": ("x_+", "x_+"),
    "x_minus": ("x_-", "x_-"),
    "sigma_plus": (r"\sigma_+", "σ_+"),
    "norm_K": (r"\lVert\mathscr{K}\rVert", "‖K‖"),
    "norm_F": (r"\lVert\mathscr{F}\rVert_1", "‖F‖_1"),
}
_SYMBOLS |= {name: pair for name in LAW_LETTERS if (pair := shown(name)) is not None}
_QUANTITIES = {  # LaTeX, and text where it is not the name
    "F": r"\mathscr{F}",
    "K": r"\mathscr{K}",
    "P_r": r"\mathscr{P}",
    "F_0": r"\mathscr{F}_0",
    "F_hat": r"\hat{\mathscr{F}}",
    "K_hat": r"\hat{\mathscr{K}}",
    "P_hat": r"\hat{\mathscr{P}}",
    "Re_m": r"\mathrm{Re}\,m",
    "Im_m": r"\mathrm{Im}\,m",
    "density_ac": r"\mu_{ac}",
    "density_pp": r"\mu_{pp}",
    "density_kernel": r"\mu_{\mathscr{K}}",
    "D_w": r"\tilde D_1",
    "m_w": r"\tilde m",
    "m_z": "m",
    "J_w": r"\tilde J",
    "N_w": r"\tilde N",
    "k_w": r"\tilde k",
    "S_w": r"\tilde S",
    "F_pp": r"\mathscr{F}_{pp}",
    "F_ac": r"\mathscr{F}_{ac}",
    "K_pp": r"\mathscr{K}_{pp}",
    "F_W": r"\mathscr{F}_W",
    "K_W": r"\mathscr{K}_W",
    "P_W": r"\mathscr{P}_W",
}
_PLAIN = {"P_r": "P", "D_w": "D̃_1", "m_w": "m̃", "J_w": "J̃", "N_w": "Ñ", "k_w": "k̃", "S_w": "S̃"}
_PLAIN |= {
    "Re_m": "Re m",
    "Im_m": "Im m",
    "density_ac": "μ_ac",
    "density_pp": "μ_pp",
    "density_kernel": "μ_K",
    "m_z": "m",
    "F_hat": "F̂",
    "K_hat": "K̂",
    "P_hat": "P̂",
}
_QUANTITIES |= {name: pair[0] for name, pair in LAW_QUANTITIES.items()}
_PLAIN |= {name: pair[1] for name, pair in LAW_QUANTITIES.items()}
_SEQUENCES = {"x": "x", "c": "c", "g": "g", "rho": r"\rho", "delta": r"\delta"}  # their first argument is an index
_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "kappa": "κ", "lambda": "λ", "tau": "τ", "zeta": "ζ"}
_GREEK |= {"rho": "ρ", "theta": "θ", "eta": "η", "xi": "ξ"}
_FUNCTIONS = {
    "gamma": (r"\Gamma", "Γ"),
    "lowergamma": (r"\gamma_{\mathrm{inc}}", "γ_inc"),
    "uppergamma": (r"\Gamma", "Γ"),
    "log": (r"\log", "log"),
    "sin": (r"\sin", "sin"),
    "cot": (r"\cot", "cot"),
    "zeta": (r"\zeta_{\mathrm R}", "ζ_R"),
    "digamma": (r"\psi", "ψ"),
}
_WORDS = {"to": "→", "infty": "∞", "int": "∫", "sum": "Σ", "nu": "ν", "Gamma": "Γ", ",": " ", "le": "≤", **_GREEK}
_WORDS |= {"ge": "≥", "top": "ᵀ", "ast": "*", "varphi": "φ", "langle": "⟨", "rangle": "⟩", "pi": "π", "psi": "ψ"}
_WORDS |= {
    "ll": "≪",
    "gg": "≫",
    "sim": " ~ ",
    "lVert": "‖",
    "rVert": "‖",
    "in": "∈",
    "cdot": "·",
    "mid": "|",
    "pm": "±",
}
_WORDS |= {"left": "", "right": "", "quad": " ", "qquad": " ", "sin": "sin ", "log": "log ", "varepsilon": "ε"}
_JOINT = "\u200b"  # keeps a control word from running into what follows
_ACCENTS = {"tilde": "\u0303", "hat": "\u0302"}
# how tightly a piece holds together, from a sum to an atom
_SUM, _PRODUCT, _FRACTION, _POWER, _ATOM = range(5)

_Piece = tuple[str, int]


def latex(tree: Tree, inline: bool = False, names: Names | None = None) -> str:
    r"""The LaTeX of a tree, without delimiters; ``inline`` for fractions with a slash.

    Examples
    --------
    >>> print(latex(["Mul", ["Rational", 1, 2], ["Pow", "alpha", -1], ["gamma", ["Add", -1, ["Mul", 2, "beta"]]]]))
    \frac{\Gamma(2\beta-1)}{2\alpha}
    """
    return _Writer(False, inline, names).write(tree)[0]


def text(tree: Tree, names: Names | None = None) -> str:
    """The tree on one line of plain text.

    Examples
    --------
    >>> text(["Gt", ["Add", "beta", "alpha"], ["Rational", 1, 2]])
    'α + β > 1/2'
    """
    return _Writer(True, names=names).write(tree)[0]


def terms(tree: Tree, names: Names | None = None) -> list[str]:
    r"""The LaTeX of a tree in the pieces between which a line may be broken: the terms of a sum, each with its sign.

    The terms of a sum under a summation sign are pieces too.

    Examples
    --------
    >>> terms(["Add", ["Mul", -1, ["exp", "u"]], ["gamma", "alpha"]])
    ['\\Gamma(\\alpha)', '-e^u']
    """
    if isinstance(tree, list) and tree[0] in RELATIONS:
        return [latex(tree, names=names)]
    whole = tree[1:] if isinstance(tree, list) and tree[0] == "Add" else [tree]
    return _Writer(False, names=names).signed_terms(whole, open_sums=True)


def readable(prose: str) -> str:
    r"""Prose with inline LaTeX, as plain text for a terminal.

    Examples
    --------
    >>> readable(r"where $\log q(x)=-2\gamma Bx$ as $r\to\infty$.")
    'where log q(x)=-2γBx as r→∞.'
    """
    return re.sub(r"\$([^$]*)\$", lambda found: _unmarked(found[1]), prose)


def _unmarked(mathematics: str) -> str:
    """Inline mathematics without its marks; what is not known stays as the word it is."""
    part = r"\{((?:[^{}]|\{[^{}]*\})*)\}|\\([A-Za-z]+) ?|([A-Za-z0-9])"
    mathematics = mathematics.replace("{}_2F_1", "₂F₁")
    mathematics = re.sub(r"\\(?:operatorname|text|math[a-z]+)(?:\{([^{}]*)\}| ?(\w))", rf"{_JOINT}\1\2", mathematics)
    mathematics = mathematics.replace("{" + _JOINT, "{")
    mathematics = re.sub(rf"\\frac ?(?:{part})(?:{part})", _slashed, mathematics)
    mathematics = re.sub(rf"\\(tilde|hat) ?(?:{part})", _accented, mathematics)
    mathematics = re.sub(r"\\([A-Za-z]+|,) ?", lambda found: _WORDS.get(found[1], f"{found[1]} "), mathematics)
    mathematics = re.sub(r"\{(\w)\}|_\{(\w+)\}", lambda found: found[1] or f"_{found[2]}", mathematics)
    return mathematics.replace(_JOINT, "").replace("^ᵀ", "ᵀ").replace("{", "(").replace("}", ")")


def _slashed(found: re.Match[str]) -> str:
    """A fraction on one line."""
    over, under = (_unmarked(next(filter(None, half), "")) for half in (_words(found, 1), _words(found, 4)))
    return (
        _JOINT
        + f"{over if over.isalnum() else f'({over})'}/{under if len(under) == 1 or under.isdigit() else f'({under})'}"
    )


def _accented(found: re.Match[str]) -> str:
    return _JOINT + _unmarked(next(filter(None, _words(found, 2)), "")) + _ACCENTS[found[1]]


def _words(found: re.Match[str], first: int) -> tuple[str, str, str]:
    """What stands in braces, or one control word, or one character."""
    inside, word, letter = (found[first + k] or "" for k in range(3))
    return inside, f"\\{word}" if word else "", letter


class _Writer:
    """One walk over a tree; ``plain`` chooses text, ``inline`` is set inside exponents, where fractions are slashed."""

    def __init__(self, plain: bool, inline: bool = False, names: Names | None = None) -> None:
        self.plain, self.inline, self.names = plain, plain or inline, names or {}

    def write(self, tree: Tree) -> _Piece:
        if isinstance(tree, int):
            return str(tree), _ATOM if tree >= 0 else _SUM
        if isinstance(tree, str):
            return self._symbol(tree), _ATOM
        head, *rest = tree
        writers: dict[str, Callable[..., _Piece]] = {
            "Rational": lambda *parts: self._product(tree),
            "Add": self._sum,
            "Mul": lambda *factors: self._product(tree),
            "Pow": self._power,
            "exp": lambda exponent: (self._raised("e", exponent), _POWER),
            "expint": lambda order, x: (f"{self._lowered('E', order)}{self._arguments([x])}", _ATOM),
            "Infinity": lambda: ("∞" if self.plain else r"\infty", _ATOM),
            "Pi": lambda: ("π" if self.plain else r"\pi", _ATOM),
            "EulerGamma": lambda: ("γ_E" if self.plain else r"\gamma_{\mathrm E}", _ATOM),
            "I": lambda: ("i" if self.plain else r"\mathrm i", _ATOM),
            "hyp2f1": self._hypergeometric,
            "Hankel": self._hankel,
            "Loop": self._loop,
            "Integral": self._integral,
            "Sum": self._series,
            "Limit": self._limit,
            "Quantity": self._quantity,
        }
        if head in writers:
            return writers[head](*rest)
        if head in _FUNCTIONS:
            return _FUNCTIONS[head][self.plain] + self._arguments(rest), _ATOM
        return self._relation(head, *rest), _SUM

    def _symbol(self, name: str) -> str:
        if name in self.names:
            return self.names[name][self.plain]
        if name in _SYMBOLS:
            return _SYMBOLS[name][self.plain]
        stem, _, index = name.partition("_")
        index = rf"\{index}" if index in ("min", "max") and not self.plain else index
        letter = stem if stem not in _GREEK else _GREEK[stem] if self.plain else f"\\{stem}"
        return f"{letter}_{{{index}}}" if len(index) > 1 and not self.plain else letter + (f"_{index}" if index else "")

    def _relation(self, head: str, left: Tree, right: Tree) -> str:
        sign = RELATIONS[head]
        if self.plain:
            return f"{self.write(left)[0]} {sign} {self.write(right)[0]}"
        sign = {"≥": r"\ge ", "≤": r"\le "}.get(sign, sign)
        return f"{self.write(left)[0]}{sign}{self.write(right)[0]}"

    def _quantity(self, name: str, *arguments: Tree) -> _Piece:
        if name == "E":
            return self._mean(*arguments), _ATOM
        if name in _SEQUENCES:
            head = self._lowered(_GREEK.get(name, name) if self.plain else _SEQUENCES[name], arguments[0])
            return head + (self._arguments(list(arguments[1:])) if arguments[1:] else ""), _ATOM
        shown = _PLAIN.get(name, name) if self.plain else _QUANTITIES.get(name) or _upright(name)
        shown = self.names[f"{name}()"][self.plain] if f"{name}()" in self.names else shown
        return shown + (self._arguments(list(arguments)) if arguments else ""), _ATOM

    def _mean(self, of: Tree, given: Tree) -> str:
        variable, condition = self.write(of)[0], self.write(given)[0]
        if self.plain:
            return f"E[{variable} | {condition}]"
        return rf"\mathbb{{E}}\left[{variable}\mid {condition}\right]"

    def _arguments(self, arguments: list[Tree]) -> str:
        inside = (", " if self.plain else r",\,").join(self.write(a)[0] for a in arguments)
        return rf"\!\left({inside}\right)" if self._is_tall(inside) else f"({inside})"

    def _grouped(self, piece: _Piece, at_least: int) -> str:
        """The piece, in parentheses if it holds together less tightly than asked."""
        body, tightness = piece
        if tightness >= at_least:
            return body
        return rf"\left({body}\right)" if self._is_tall(body) else f"({body})"

    def _is_tall(self, body: str) -> bool:
        """Whether parentheses around it must grow; inside an exponent nothing does."""
        return not self.inline and any(mark in body for mark in (r"\frac", r"\sum", r"\int", r"\oint"))

    def _sum(self, *addends: Tree) -> _Piece:
        return "".join(self.signed_terms(addends)), _SUM

    def signed_terms(self, addends: Sequence[Tree], open_sums: bool = False) -> list[str]:
        """The terms of a sum in reading order, each with its sign, a plus in front left out.

        ``open_sums`` makes the terms of a sum under a summation sign pieces of their own, in LaTeX.
        """
        gap = " " if self.plain else ""
        result: list[str] = []
        for sign, term in summands(addends):
            mark = "-" if sign < 0 else "+" if result else ""
            before = f"{gap}{mark}{gap}" if result else mark
            if open_sums and isinstance(term, list) and term[0] == "Sum" and term[1][0] == "Add":
                first, *middle, last = self.signed_terms(term[1][1:])
                sign_and_limits = self._series(1, *term[2:])[0].removesuffix("1")
                result += [rf"{before}{sign_and_limits}\biggl({first}", *middle, rf"{last}\biggr)"]
            else:
                result.append(before + self._grouped(self.write(term), _PRODUCT))
        return result

    def _product(self, tree: Tree) -> _Piece:
        sign, tree = signed(tree)
        over, under, trailing = fraction(tree)
        if not under:
            body = self._row(over)
        elif self.inline:
            bottom = self._row(under)
            body = f"{self._row(over) or '1'}/{f'({bottom})' if len(under) > 1 else bottom}"
        else:
            body = rf"\frac{{{self._row(over, alone=True) or '1'}}}{{{self._row(under, alone=True)}}}"
        row = self._row(trailing)
        joint = " · " if self.plain else r"\,"
        if not (body and row) or self._is_large(trailing[0]) or row.startswith(r"\left"):
            joint = ""
        elif body.isdigit() and (row[0].isalpha() or row[0].isdigit()):
            joint = "" if row[0].isalpha() else " · " if self.plain else r"\cdot "
        tight = _FRACTION if under else _PRODUCT if len(over) + len(trailing) > 1 else _POWER
        return ("-" if sign < 0 else "") + (body + joint + row or "1"), _SUM if sign < 0 else tight

    def _row(self, factors: list[Tree], alone: bool = False) -> str:
        """Factors side by side; ``alone`` when a single sum needs no parentheses, as in a numerator."""
        if alone and len(factors) == 1:
            return self.write(factors[0])[0]
        result = ""
        for factor in factors:
            part = self._grouped(self.write(factor), _PRODUCT)
            if not result or self._is_large(factor):
                gap = ""
            elif _has_a_name(factor):
                gap = " " if self.plain else r"\,"
            elif part[0].isdigit():
                gap = " · " if self.plain else r"\cdot "
            else:  # \gamma B needs its space, 2\gamma does not
                gap = " " if part[0].isalpha() and _ends_in_control_word(result) else ""
            result += gap + part
        return result

    def _is_large(self, tree: Tree) -> bool:
        """Integral and summation signs bring their own space in LaTeX."""
        return not self.plain and isinstance(tree, list) and tree[0] in ("Integral", "Sum", "Hankel", "Loop")

    def _power(self, base: Tree, exponent: Tree) -> _Piece:
        if is_number(exponent) and (value_of(exponent) < 0 or exponent == 1):
            return self._product(["Mul", ["Pow", base, exponent]])
        if exponent == ["Rational", 1, 2]:
            body = self.write(base)[0]
            return (f"√{body}" if len(body) == 1 else f"√({body})") if self.plain else rf"\sqrt{{{body}}}", _ATOM
        return self._raised(self._grouped(self.write(base), _ATOM), exponent), _POWER

    def _raised(self, base: str, exponent: Tree) -> str:
        simple = isinstance(exponent, int | str)
        body = self._inline(minus_in_front(exponent))
        if self.plain:
            return f"{base}^{body}" if simple and not body.startswith("-") else f"{base}^({body})"
        return f"{base}^{body}" if len(body) == 1 else f"{base}^{{{body}}}"

    def _lowered(self, base: str, index: Tree) -> str:
        body = self._inline(index)
        if len(body) == 1:
            return f"{base}_{body}"
        return f"{base}_({body})" if self.plain else f"{base}_{{{body}}}"

    def _integral(self, integrand: Tree, variable: Tree, lower: Tree, upper: Tree) -> _Piece:
        sign, end = ("∫", " d") if self.plain else (r"\int", r"\,d")
        limits = self._with_limits(sign, self._inline(lower), self._inline(upper))
        return limits + self._grouped(self.write(integrand), _PRODUCT) + end + self._symbol(variable), _PRODUCT

    def _series(self, summand: Tree, variable: Tree, lower: Tree, upper: Tree) -> _Piece:
        start = f"{self._symbol(variable)}={self._inline(lower)}"
        body = self._grouped(self.write(summand), _PRODUCT)
        return self._with_limits("Σ" if self.plain else r"\sum", start, self._inline(upper)) + body, _PRODUCT

    def _limit(self, expression: Tree, variable: Tree, target: Tree) -> _Piece:
        arrow = "→" if self.plain else r"\to "
        where = f"{self._symbol(variable)}{arrow}{self.write(target)[0]}"
        body = self._grouped(self.write(expression), _PRODUCT)
        return (f"lim_({where}) {body}" if self.plain else rf"\lim_{{{where}}}{body}"), _PRODUCT

    def _hypergeometric(self, a: Tree, b: Tree, c: Tree, x: Tree) -> _Piece:
        parts = [self._inline(part) for part in (a, b, c, x)]
        if self.plain:
            return "₂F₁({}, {}; {}; {})".format(*parts), _ATOM
        return r"{{}}_2F_1\!\left({},\,{};\,{};\,{}\right)".format(*parts), _ATOM

    def _hankel(self, integrand: Tree, variable: Tree, vertex: Tree, time: Tree) -> _Piece:
        return self._contour(r"\int_{\mathcal H}", "∫_H", integrand, variable)

    def _loop(self, integrand: Tree, variable: Tree, radius: Tree) -> _Piece:
        return self._contour(r"\oint ", "∮", integrand, variable)

    def _contour(self, in_latex: str, in_text: str, integrand: Tree, variable: Tree) -> _Piece:
        end = f" d{self._symbol(variable)}" if self.plain else rf"\,d{self._symbol(variable)}"
        sign = f"1/(2πi) {in_text} " if self.plain else rf"\frac{{1}}{{2\pi\mathrm i}}{in_latex}"
        return sign + self._grouped(self.write(integrand), _PRODUCT) + end, _PRODUCT

    def _inline(self, tree: Tree) -> str:
        return _Writer(self.plain, inline=True, names=self.names).write(tree)[0]

    def _with_limits(self, sign: str, lower: str, upper: str) -> str:
        if self.plain:
            return f"{sign}_{_enclosed(lower)}^{_enclosed(upper)} "
        return f"{sign}_{{{lower}}}^{{{upper}}}"


def _upright(name: str) -> str:
    """A name that is a word, and its index, in LaTeX."""
    stem, _, index = name.partition("_")
    stem = stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    return stem + (f"_{index}" if len(index) == 1 else f"_{{{index}}}" if index else "")


def _enclosed(body: str) -> str:
    """In parentheses, if it is longer than a letter."""
    return body if len(body) == 1 else f"({body})"


def _has_a_name(tree: Tree) -> bool:
    """Whether a factor, or what it is a power of, is a function or a quantity; terms of sequences are like letters."""
    if not isinstance(tree, list):
        return False
    if tree[0] == "Pow":
        return _has_a_name(tree[1])
    return tree[0] in ("expint", "hyp2f1", *_FUNCTIONS) or (tree[0] == "Quantity" and tree[1] not in _SEQUENCES)


def _ends_in_control_word(body: str) -> bool:
    """Whether a letter after ``body`` would be read as part of its last control word, as in ``\\gammaB``."""
    stem = body.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return stem.endswith("\\") and stem != body
