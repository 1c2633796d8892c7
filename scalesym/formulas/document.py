r"""The catalogue as a LaTeX document: statements with their conditions and levels, definitions, derivations, notations.

The document is written from the entries alone, grouped by what they are about; an entry that belongs to no group known
here stands in a section of its own. A derivation is told once, by the entry that goes furthest; the others refer to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .layout import PREAMBLE, escaped, laid_out, prose, signed_side, words
from .notation import NOTATIONS, Notation
from .typesetting import latex, terms

if TYPE_CHECKING:
    from .catalogue import Formula, Line

__all__ = ["LEVELS", "document", "sections", "tellers"]

_PAPERS = {
    "2405.15074": r"E.~Paquette, C.~Paquette, L.~Xiao, J.~Pennington, \emph{4+3 Phases of Compute-Optimal Neural "
    r"Scaling Laws}, arXiv:2405.15074 (2024)",
    "2402.01092": r"B.~Bordelon, A.~Atanasov, C.~Pehlevan, \emph{A Dynamical Model of Neural Scaling Laws}, "
    r"arXiv:2402.01092 (2024)",
    "2406.08466": r"L.~Lin, J.~Wu, S.~M. Kakade, P.~L. Bartlett, J.~D. Lee, \emph{Scaling Laws in Linear Regression: "
    r"Compute, Parameters, and Data}, arXiv:2406.08466 (2024)",
    "2203.15556": r"J.~Hoffmann et al., \emph{Training Compute-Optimal Large Language Models}, arXiv:2203.15556 (2022)",
    "2001.08361": r"J.~Kaplan et al., \emph{Scaling Laws for Neural Language Models}, arXiv:2001.08361 (2020)",
    "2010.14701": r"T.~Henighan et al., \emph{Scaling Laws for Autoregressive Generative Modeling}, arXiv:2010.14701 (2020)",
    "2106.04560": r"X.~Zhai, A.~Kolesnikov, N.~Houlsby, L.~Beyer, \emph{Scaling Vision Transformers}, arXiv:2106.04560 (2021)",
    "2210.14891": r"E.~Caballero, K.~Gupta, I.~Rish, D.~Krueger, \emph{Broken Neural Scaling Laws}, arXiv:2210.14891 (2022)",
    "2311.03233": r"S.~Anagnostidis, G.~Bachmann, I.~Schlag, T.~Hofmann, \emph{Navigating Scaling Laws: Compute "
    r"Optimality in Adaptive Model Training}, arXiv:2311.03233 (2023)",
    "2102.06701": r"Y.~Bahri, E.~Dyer, J.~Kaplan, J.~Lee, U.~Sharma, \emph{Explaining Neural Scaling Laws}, "
    r"arXiv:2102.06701 (2021)",
    "2210.16859": r"A.~Maloney, D.~A. Roberts, J.~Sully, \emph{A Solvable Model of Neural Scaling Laws}, "
    r"arXiv:2210.16859 (2022)",
}

#: Sections: a title, and patterns of the identifiers it holds, in order; an entry belongs to the first that matches.
_TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"One step of SGD, and all of them, given \texorpdfstring{$W$}{W}",
        ("second_moment", "q", "q.*", "rho", "F_W", "K_W", "volterra", "K_norm_W"),
    ),
    (
        "The deterministic equivalent",
        (
            *("m.fixed-point", "m", "z", "S", "resolvent.*", "moment.*", "F", "F.initial", "K", "K.initial"),
            *("F_hat", "K_hat", "P_hat", "F_0.exact", "P.limit"),
        ),
    ),
    ("The norm of the kernel, and critical learning rates", ("K_norm", "K_norm.*", "gamma.*", "trace.*")),
    ("The edges of the spectrum", ("edge.*",)),
    ("The scale of the spectral gap", ("D_1.gap*", "J.gap*", "zeta_0.*", "kappa", "kappa.*", "F_0", "F_0.*")),
    (
        "Before the gap is felt: spectrum, forcing function, kernel",
        ("m.*", "D_1.*", "J.*", "density.*", "F.early*", "K.early*"),
    ),
    ("Before the gap is felt: the loss with its constants", ("P.sharp*", "P.plateau*", "P.flat")),
    ("The scaling window", ("F.window*", "P.window*")),
    ("One law for all phases and lines", ("P.law",)),
    ("Compute-optimal exponents in the seven phases", ("eta.*", "xi.*")),
    ("The pieces of the paper", ("F_pp", "F_pp.*", "F_ac", "F_ac.*", "K_pp", "K_pp.*")),
    ("Empirical laws: Chinchilla", ("chinchilla.law", "chinchilla.optimum.?", "chinchilla.optimum.*", "chinchilla.*")),
    (
        "Empirical laws: Kaplan et al.",
        (
            *("kaplan.size", "kaplan.data", "kaplan.compute", "kaplan.joint", "kaplan.overfitting*", "kaplan.joint.*"),
            *("kaplan.batch", "kaplan.batch.hyperbola", "kaplan.batch.*", "kaplan.steps", "kaplan.steps.*", "kaplan.*"),
        ),
    ),
    ("Empirical laws: Henighan et al.", ("henighan.law", "henighan.*")),
    ("Empirical laws: vision transformers", ("vit.law", "vit.*")),
    ("Empirical laws: broken laws", ("bnsl.law.unbroken", "bnsl.law.one-break", "bnsl.law.*", "bnsl.*")),
    ("Empirical laws: adaptive training", ("adaptive.law", "adaptive.*")),
    (
        "Other models: features and samples at two resolvents",
        (
            *("two-resolvents.responses", "two-resolvents.fixed-point", "two-resolvents.C_*"),
            *("two-resolvents.risk.implicit", "two-resolvents.risk", "two-resolvents.risk.*", "two-resolvents.*"),
        ),
    ),
    (
        "Other models: ridge regression on random features",
        (
            *("ridge.fixed-point", "ridge.loss", "ridge.loss.*", "ridge.ridgeless.*", "ridge.noise.*"),
            *("ridge.power-law.sum", "ridge.power-law.freedom", "ridge.power-law.*", "ridge.optimal.f", "ridge.*"),
        ),
    ),
    ("Other models: four regimes", ("regimes.data.loss", "regimes.data.*", "regimes.best-modes*", "regimes.*")),
    (
        "Other models: the dynamics of random features",
        (
            *("dynamical.time.sum", "dynamical.time", "dynamical.data", "dynamical.model.bias*", "dynamical.model"),
            *(
                "dynamical.threshold",
                "dynamical.model.sum",
                "dynamical.model.*",
                "dynamical.bias.sum",
                "dynamical.bias.*",
            ),
            *("dynamical.data.*", "dynamical.response", "dynamical.early.*", "dynamical.balance*", "dynamical.*"),
        ),
    ),
)
#: Every level of approximation, and what it means.
LEVELS = {
    "sampled": "one run of SGD",
    "conditional": "the exact mean over all samples, given the random features $W$",
    "equivalent": "the deterministic equivalent at finite $d$ and $v$",
    "continuum": "sums over modes replaced by integrals",
    "asymptotic": "the leading term in the limit named",
    "sharp": "the leading term of the loss itself, with its constant",
    "empirical": "a law that was fitted to trained networks, or what follows from it",
}


def document(formulas: Iterable[Formula], version: str = "") -> str:
    r"""A complete LaTeX document of these formulas, for pdflatex with the packages of a basic installation.

    Parameters
    ----------
    formulas:
        Entries of the catalogue in the paper's notation and conventions.
    version:
        Of the package that writes it, for the title page.

    Examples
    --------
    >>> from scalesym.formulas import formula
    >>> written = document([formula("F_pp"), formula("F_pp.asymptotic")])
    >>> written.count(r"\label{eq:"), r"\end{document}" in written
    (2, True)
    """
    entries = list(formulas)
    found = sections(entries)
    in_order = [entry for _, held in found for entry in held]
    told = tellers(in_order)
    parts = [
        PREAMBLE,
        r"\title{Formulas of compute-optimal neural scaling laws,\\derived and checked}",
        rf"\author{{scalesym{f' {escaped(version)}' if version else ''}}}",
        r"\date{}",
        "\\begin{document}\n\\maketitle",
        _abstract(in_order),
        r"\tableofcontents",
        _reading(in_order),
        _definitions(in_order),
        *(_section(title, held, told, in_order) for title, held in found),
        _notations(),
        _bibliography(),
        "\\end{document}\n",
    ]
    return "\n\n".join(parts)


def sections(entries: Sequence[Formula]) -> list[tuple[str, list[Formula]]]:
    """Titles with their entries; what belongs to none comes last, by level."""
    patterns = [(pattern, title) for title, held in _TOPICS for pattern in held]
    found: dict[str, list[Formula]] = {title: [] for title, _ in _TOPICS}
    rest: dict[str, list[Formula]] = {}
    placed = {
        e.id: next((n for n, (p, _) in enumerate(patterns) if fnmatchcase(e.id, p)), len(patterns)) for e in entries
    }
    for entry in sorted(entries, key=lambda e: (placed[e.id], *_kind(e))):
        if placed[entry.id] < len(patterns):
            found[patterns[placed[entry.id]][1]].append(entry)
        else:
            rest.setdefault(entry.level, []).append(entry)
    further = {f"Further formulas: {LEVELS[level]}": rest[level] for level in LEVELS if level in rest}
    return [(title, held) for title, held in {**found, **further}.items() if held]


def _kind(entry: Formula) -> tuple[str, int, str]:
    """Within a quantity: the quantity itself, its definition, and so on to what its leading term leaves out."""
    stem, _, kind = entry.id.partition(".")
    kinds = ("", "initial", "integral", "closed", "asymptotic", "remainder")
    return stem, kinds.index(kind) if kind in kinds else len(kinds), kind


def tellers(entries: Sequence[Formula]) -> dict[str, Formula]:
    """By identifier, the entry that tells the derivation: the first of the longest that begin with its own."""
    chains = {entry.id: tuple((line.name, line.latex) for line in entry.derivation) for entry in entries}
    found = {}
    for entry in entries:
        own = chains[entry.id]
        longer = [other for other in entries if chains[other.id][: len(own)] == own]
        found[entry.id] = max(longer, key=lambda other: len(chains[other.id]), default=entry)
    return found


def _abstract(entries: Sequence[Formula]) -> str:
    assumed = sum(entry.status == "assumed" for entry in entries)
    laws = sum(entry.level == "empirical" for entry in entries)
    others = len(entries) - laws - len(_of_model(entries))
    more = f", and {laws} on empirical laws of trained networks" if laws else ""
    more += f", and {others} on other solvable models" if others else ""
    return rf"""\begin{{abstract}}
\noindent The {len(_of_model(entries))} formulas of the scalesym catalogue on the power-law random features model of Paquette,
Paquette, Xiao and Pennington~\cite{{2405.15074}}, trained by one-pass stochastic gradient descent{more}: what each states,
at which level of approximation and under which conditions, and how it was derived. This document is generated. No
derived formula in it was typed: every line of a derivation is the result of a computation applied to the line before, and was
kept only after the check named under it had passed. Such a check is evidence by another road, symbolic or numerical,
and not a formal proof. {_count(assumed, "formula is", "formulas are")} taken from the literature and
marked \emph{{assumed}}.
\end{{abstract}}"""


def _count(number: int, one: str, many: str) -> str:
    return {0: f"No {one}", 1: f"One {one}"}.get(number, f"{number} {many}")


def _reading(entries: Sequence[Formula]) -> str:
    levels = "\n".join(
        rf"\item[\textsf{{{level}}}] {said};" for level, said in LEVELS.items() if level in {e.level for e in entries}
    )
    return rf"""\section{{How to read it}}

\paragraph{{Model.}} Data $x_j=j^{{-\alpha}}z_j$, $j\le v$, with independent standard normal $z_j$, so that
$\lambda_j=j^{{-2\alpha}}$; a target $y=\sum_jb_jx_j$ with $b_j=j^{{-\beta}}$; features $W^\top x$ with $d<v$ columns of
independent normal entries of variance $1/d$. One-pass SGD starts from $\theta_0=0$ and takes $B$ fresh samples a step,
\[\theta_{{r+1}}=\theta_r-\gamma\sum_{{i=1}}^{{B}}W^\top x_i\,(\langle W^\top x_i,\theta_r\rangle-y_i).\]

\paragraph{{Conventions.}} The loss is $\mathscr{{P}}(\theta)=\mathbb{{E}}(\langle W^\top x,\theta\rangle-y)^2$, without a
factor $\tfrac12$, and gradients are summed over the batch. In other conventions the algorithm is the same and numbers
are called otherwise. With a factor $\tfrac12$, whatever is a loss is halved: $\mathscr{{P}}$, $\mathscr{{F}}$ and its
pieces, $\mathscr{{P}}_\infty$, $c_i$, $\rho_i$, $\lVert\mathscr{{F}}\rVert_1$. The kernel, its norm, $q$ and $m$ are
not, because the Volterra equation is homogeneous in the losses; where $\mathscr{{K}}_{{pp}}/(\gamma B)$ stands among
losses, $1/(\gamma B)$ does so for $\lVert\mathscr{{F}}\rVert_1$, and the term is halved. With gradients averaged over
the batch, $\gamma$ becomes $\gamma/B$ throughout.

\paragraph{{Levels.}} Each formula belongs to a level of approximation, named beside it:
\begin{{description}}\setlength\itemsep{{0pt}}
{levels}
\end{{description}}

\paragraph{{Status.}} \emph{{Derived}}: by the computations shown. \emph{{Assumed}}: taken from the source. A formula whose
derivation starts from an assumed one says so.

\paragraph{{Domain.}} Unless a formula says otherwise, {_listed(_common_domain(_of_model(entries)).values())}.{_of_laws(entries)}"""


def _of_model(entries: Sequence[Formula]) -> list[Formula]:
    return [entry for entry in entries if entry.conventions is not None]


def _of_laws(entries: Sequence[Formula]) -> str:
    """How the sections on empirical laws and other models are to be read, if there are any."""
    others = any(entry.conventions is None and entry.level != "empirical" for entry in entries)
    more = _OTHER_MODELS if others else ""
    if not any(entry.level == "empirical" for entry in entries):
        return more
    return (
        r"""

\paragraph{Empirical laws.} They have the letters of their own papers, each explained where it stands: $\alpha$, $B$ or $E$
are not those of the model, and none of its conventions and notations applies. Letters are positive there, unless a formula
says otherwise; $E$ in Chinchilla's law, $L_\infty$ and the shifts $d$ may vanish, and limits, floors, errors and the slopes
of broken laws are any real numbers. The laws are assumed as their papers fitted them, and what follows is derived."""
        + more
    )


_OTHER_MODELS = r"""

\paragraph{Other models.} Random features on a finite sample, ridge regression on them, the four regimes and gradient flow have
the letters of their own papers too, each explained where it stands, and none of the conventions above. Their mean-field
equations are assumed, at the level of a deterministic equivalent for many modes, features and samples."""


def _common_domain(entries: Sequence[Formula]) -> dict[str, str]:
    """For every letter the domain that most formulas give it, as LaTeX."""
    seen: dict[str, list[str]] = {}
    for entry in entries:
        for assumption in entry.assumptions:
            if assumption.because == "domain":
                seen.setdefault(_subject(assumption), []).append(_domain(assumption))
    ordered = sorted(seen, key=lambda letter: (letter[0].isupper(), letter))
    return {letter: max(seen[letter], key=seen[letter].count) for letter in ordered}


def _subject(assumption: Any) -> str:
    return str(assumption.relation[1])


def _domain(assumption: Any) -> str:
    return f"${assumption.latex}$" + (" is an integer" if assumption.integer else "")


def _listed(parts: Iterable[str]) -> str:
    *most, last = list(parts) or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


def _definitions(entries: Sequence[Formula]) -> str:
    """Every definition that an entry uses, once."""
    used: dict[str, dict[str, Any]] = {}
    for entry in entries:
        used |= entry.definitions
    if not used:
        return ""
    kinds = {
        "letter": ("Abbreviations.", ""),
        "function": ("Functions.", ""),
        "root": ("Roots.", "Each of these letters is the solution of its equation."),
    }
    parts = [r"\section{Letters and functions}"]
    for kind, (title, said) in kinds.items():
        held = {name: record for name, record in used.items() if record["kind"] == kind}
        if held:
            rows = [laid_out(f"def:{name}", _defining(name, record), "=") for name, record in held.items()]
            inside = "\\\\\n".join(rows)
            parts.append(rf"\paragraph{{{title}}} {said}" + f"\n\\begin{{gather}}\n{inside}\n\\end{{gather}}")
    return "\n".join(parts)


def _defining(name: str, record: dict[str, Any]) -> list[list[str]]:
    """Both sides of a definition; in front of an equation, the letter that it determines."""
    left, right = (terms(side) for side in record["statement"][1:])
    return [[rf"{latex(name)}:\quad ", *left] if record["kind"] == "root" else left, right]


def _section(title: str, held: Sequence[Formula], told: dict[str, Formula], entries: Sequence[Formula]) -> str:
    model = _of_model(entries)
    common = _common_domain(model) | _common_domain([entry for entry in entries if entry not in model])
    return "\n\n".join([rf"\section{{{title}}}", *(_entry(entry, told, common, held) for entry in held)])


def _entry(entry: Formula, told: dict[str, Formula], common: dict[str, str], entries: Sequence[Formula]) -> str:
    record = entry.to_dict()
    sides = record.get("sides") or record["statement"][1:]
    shown, teller = [terms(side) for side in sides], told[entry.id]
    said = [_status(entry, entries)]
    conditions = [words(a.latex) for a in entry.assumptions if a.because != "domain"]
    conditions += [_domain(a) for a in entry.assumptions if a.because == "domain" and common[_subject(a)] != _domain(a)]
    if conditions:
        said.append(f"Assumes {', '.join(conditions)}.")
    if record["where"]:
        named = [rf"{_definiendum(name)}~\eqref{{def:{name}}}" for name in record["where"]]
        said.append(f"With {_listed(named)}.")
    if teller.id != entry.id:
        count = len(entry.derivation) - 1
        steps = "the start" if count == 0 else "the first step" if count == 1 else f"the first {count} steps"
        whole = "as" if len(teller.derivation) == len(entry.derivation) else f"by {steps} of the derivation of"
        said.append(rf"Obtained {whole} \eqref{{eq:{teller.id}}}.")
    parts = [
        rf"\entry{{{escaped(entry.id)}}}{{{entry.level}, {entry.status}}}",
        rf"\begin{{equation}}{laid_out(f'eq:{entry.id}', shown, record.get('sign', '='))}\end{{equation}}",
        rf"\about{{{' '.join(said)}}}",
    ]
    return "\n".join(parts + ([_derivation(entry)] if teller.id == entry.id and len(entry.derivation) > 1 else []))


def _definiendum(name: str) -> str:
    return f"${latex(['Quantity', name.removesuffix('()')] if name.endswith('()') else name)}$"


def _status(entry: Formula, entries: Sequence[Formula]) -> str:
    """Where it is stated, and whether it rests on something that was assumed."""
    cited = re.sub(r"\bW\b", "$W$", escaped(entry.source))
    cited = re.sub(r"arXiv:(\d{4}\.\d{5})", lambda m: rf"\cite{{{m[1]}}}" if m[1] in _PAPERS else m[0], cited)
    if entry.status == "assumed":
        return f"Assumed, from {cited}."
    begun = [e for e in entries if e.status == "assumed" and _begins(e, entry)]
    assumed = "".join(rf" Derived from \eqref{{eq:{each.id}}}, which is assumed." for each in begun[:1])
    return f"Source: {cited}.{assumed}"


def _begins(first: Formula, second: Formula) -> bool:
    """Whether the second derivation goes on from where the first ends."""
    lines = [(line.name, line.latex) for line in first.derivation]
    return [(line.name, line.latex) for line in second.derivation][: len(lines)] == lines


def _derivation(entry: Formula) -> str:
    """Prose, the expression reached, and the check, line by line."""
    in_latex = {a.text: a.latex for a in entry.assumptions}
    first, *rest = entry.derivation
    parts = [rf"\step{{Start}}{prose(first.prose)}", _display(first)]
    last = first
    for line in rest:
        conditions = ", ".join(f"${in_latex[c]}$" if c in in_latex else escaped(c) for c in line.conditions)
        required = f" This requires {conditions}." if conditions else ""
        unchanged = line.latex == last.latex
        level = f" \\textsf{{[{line.level}]}}" if line.level != last.level else ""
        parts.append(rf"\step{{{_capital(escaped(line.name))}}}{prose(line.prose)}{required}{level}")
        parts += [] if unchanged else [_display(line)]
        parts += [rf"\checked{{{escaped(line.check)}}}"] if line.check else []
        last = line
    return "\n".join(parts)


def _display(line: Line) -> str:
    sign = {"": "", "=": "=", "~": r"\sim "}[line.relation]
    pieces = terms(line.tree) if line.tree is not None else [line.latex]
    return rf"\[{signed_side(sign, pieces)}\]"


def _notations() -> str:
    """All notations side by side, each line written by the notation itself."""
    spectrum = ["Pow", "j", ["Mul", -2, "alpha"]]
    target = ["Pow", "j", ["Add", ["Mul", -2, "alpha"], ["Mul", -2, "beta"]]]
    decay = ["Mul", ["Add", -1, ["Mul", 2, "alpha"], ["Mul", 2, "beta"]], ["Rational", 1, 2], ["Pow", "alpha", -1]]
    shown = {
        r"$\lambda_j$": spectrum,
        r"$\lambda_jb_j^2$": target,
        r"$\alpha$": "alpha",
        r"$\beta$": "beta",
        r"$\rho$": decay,
        "parameters": "d",
        "latent dimension": "v",
        "steps": "r",
    }
    rows = [[name, *(f"${each.latex(tree)}$" for each in NOTATIONS.values())] for name, tree in shown.items()]
    cited = [
        rf"\cite{{{each.source.removeprefix('arXiv:')}}}" if ":" in each.source else "" for each in NOTATIONS.values()
    ]
    heads = [["", *(rf"\texttt{{{name}}}" for name in NOTATIONS)], ["", *cited]]
    head, table = ("\n".join(" & ".join(row) + r" \\" for row in part) for part in (heads, rows))
    renamed = [rf"\texttt{{{each.name}}} has {_listed(_others(each))}" for each in NOTATIONS.values() if _others(each)]
    return rf"""\section{{Notations}}

The same two exponents have other names elsewhere, and so have the number of parameters, the latent dimension and the
number of steps. The formulas above are in the first of these notations, and scalesym writes each of them in any other;
$\rho$ stands here for $(2\alpha+2\beta-1)/(2\alpha)$, with which $\mathscr{{F}}_{{pp}}$ decays. The last notation is that of
capacity $a$ and source $s$ in kernel regression.
\begin{{center}}\renewcommand\arraystretch{{1.6}}\setlength\tabcolsep{{4.5pt}}\small
\begin{{tabular}}{{@{{}}l{"c" * len(NOTATIONS)}@{{}}}}\toprule
{head} \midrule
{table}
\bottomrule\end{{tabular}}\end{{center}}
A letter of the paper whose name is taken gets another: {"; ".join(renamed)}."""


def _others(each: Notation) -> list[str]:
    """What a notation renames because it needs the name, beside what the table shows."""
    found = [rf"${each.latex(name)}$ for ${latex(name)}$" for name in each.changed() if name in ("s", "t")]
    return found + ([rf"${each.names['N()'][0]}(\zeta)$ for $N(\zeta)$"] if "N()" in each.names else [])


def _bibliography() -> str:
    items = "\n".join(rf"\bibitem{{{key}}} {said}." for key, said in _PAPERS.items())
    return f"\\begin{{thebibliography}}{{9}}\n{items}\n\\end{{thebibliography}}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
