"""The goals as Coq theorems over the reals, and what Coq's kernel says of them.

Every file is complete by itself: ``coqc III.v`` with Debian's ``coq`` is all it takes. It ends by printing the axioms that its
theorems rest on, which have to be those of the classical real numbers of Coq's library and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

from .coqc import BUNDLE, check
from .goals import goals
from .statements import And, Atom, Formula, Goal
from .tactics import proof, term

__all__ = ["check", "files", "name_of", "text", "theorem"]

#: What every file begins with, below its header.
PRELUDE = """\
Require Import Reals Psatz.
Open Scope R_scope.

(* Signs: linear arithmetic over the hypotheses, then over their products of degree two. *)
Ltac order := first [ lra | nra ].

(* A product of positive factors is positive; of nonnegative ones, nonnegative. *)
Ltac factors := first [ repeat apply Rmult_lt_0_compat; order | repeat apply Rmult_le_pos; order | nra ].

(* Every part of a conjunction. *)
Ltac every := repeat (split; [ order | ]); order.

Ltac nonzero := first [ apply Rgt_not_eq; order | apply Rlt_not_eq; order ].

(* If u a + v b is not negative, then not both of a, b are. *)
Lemma one_is_nonnegative :
  forall u v a b : R, u >= 0 -> v > 0 -> u * a + v * b >= 0 -> a >= 0 \\/ b >= 0.
Proof.
  intros u v a b hu hv sum.
  destruct (Rge_or_gt a 0) as [ha | ha]; [ left; exact ha | right ].
  destruct (Rge_or_gt b 0) as [hb | hb]; [ exact hb | exfalso ].
  assert (ua : 0 <= u * - a) by (apply Rmult_le_pos; lra).
  assert (vb : 0 < v * - b) by (apply Rmult_lt_0_compat; lra).
  lra.
Qed.

(* If u a + v b = 0 and a is not 0, then one of a, b is positive. *)
Lemma one_is_positive :
  forall u v a b : R, u > 0 -> v > 0 -> u * a + v * b = 0 -> a <> 0 -> a > 0 \\/ b > 0.
Proof.
  intros u v a b hu hv sum away.
  destruct (Rdichotomy a 0 away) as [ha | ha]; [ right | left; exact ha ].
  destruct (Rgt_or_ge b 0) as [hb | hb]; [ exact hb | exfalso ].
  assert (ua : 0 < u * - a) by (apply Rmult_lt_0_compat; lra).
  assert (vb : 0 <= v * - b) by (apply Rmult_le_pos; lra).
  lra.
Qed.
"""

_HEADER = "(* Written by python -m scalesym.theorems; see README.md in the folder above. *)"
_WIDTH = 118


# -- the texts -----------------------------------------------------------------------------------------------------------


def files(found: Iterable[Goal] | None = None) -> dict[str, str]:
    """The texts to be kept, by file name: the goals of one phase, of the plane, of the lines, in one file each.

    Examples
    --------
    >>> list(files())[:3]
    ['Ia.v', 'Ib.v', 'Ic.v']
    """
    groups: dict[str, list[Goal]] = {}
    for goal in goals() if found is None else found:
        groups.setdefault(goal.id.partition(".")[0], []).append(goal)
    return {f"{name}.v": text(group) for name, group in groups.items()}


def text(found: Sequence[Goal]) -> str:
    """One file: what the proofs use, a theorem for each goal, and the axioms they rest on."""
    names = [name_of(goal.id) for goal in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two goals have the same name in Coq: {', '.join(sorted(names))}")
    bundle = _wrapped(f"Definition {BUNDLE} := ({', '.join(names)}).", "  ")
    end = "\n".join([*bundle, f"Print Assumptions {BUNDLE}."])
    return "\n\n".join([f"{_HEADER}\n\n{PRELUDE.rstrip()}", *map(theorem, found), end]) + "\n"


def name_of(id: str) -> str:
    """The identifier of a goal's theorem.

    Examples
    --------
    >>> name_of("line.II-III.eta-on")
    'line_II_III_eta_on'
    """
    return re.sub(r"[^A-Za-z0-9]", "_", id)


def theorem(goal: Goal) -> str:
    """Statement and proof of one goal.

    Examples
    --------
    >>> from ..powerlaw.polynomials import Polynomial
    >>> x = Polynomial(("x",), ((1, (1,)), (-1, (0,))))
    >>> print(theorem(Goal("one", "x > 1 is x >= 1", ("x",), (Atom(x, ">"),), Atom(x, ">="))))
    (* x > 1 is x >= 1 *)
    Theorem one : forall x : R,
      x - 1 > 0 ->
      x - 1 >= 0.
    Proof.
      intros x h1.
      order.
    Qed.
    """
    statement = [f"Theorem {name_of(goal.id)} : forall {' '.join(goal.letters)} : R,"]
    for atom in goal.hypotheses:
        statement += _wrapped(f"  {_formula(atom)} ->", "    ")
    statement += _conclusion(goal.conclusion)
    lines = [line for each in proof(goal) for line in _wrapped(f"  {each}", "  " + _indent(each) + "  ")]
    comment = _wrapped(f"(* {goal.prose} *)", "   ")
    return "\n".join([*comment, *statement, "Proof.", *lines, "Qed."])


def _conclusion(formula: Formula) -> list[str]:
    """On one line, or a line for each part."""
    whole = _wrapped(f"  {_formula(formula)}.", "    ")
    if len(whole) == 1 or isinstance(formula, Atom):
        return whole
    word = " /\\" if isinstance(formula, And) else " \\/"
    ends = [word] * (len(formula.parts) - 1) + ["."]
    return [
        line
        for part, end in zip(formula.parts, ends, strict=True)
        for line in _wrapped(f"  {_formula(part) if isinstance(part, Atom) else f'({_formula(part)})'}{end}", "    ")
    ]


def _formula(formula: Formula) -> str:
    if isinstance(formula, Atom):
        relation = {"!=": "<>"}.get(formula.relation, formula.relation)
        return f"{term(formula.polynomial)} {relation}\N{NO-BREAK SPACE}0"
    word, empty = ("/\\", "True") if isinstance(formula, And) else ("\\/", "False")
    parts = [_formula(part) if isinstance(part, Atom) else f"({_formula(part)})" for part in formula.parts]
    return f" {word} ".join(parts) or empty


def _wrapped(line: str, hanging: str) -> list[str]:
    """A line, broken where a space may be."""
    found = wrap(line, _WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in found]


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()))
