"""The letters of the paper, with what is assumed of each.

Notation of arXiv:2405.15074 ("the paper"): data variances ``λ_j = j^{-2α}``, target ``b_j = j^{-β}``, parameter count
``d``, latent dimension ``v``, learning rate ``γ``, batch ``B`` (gradients are *summed* over it), step ``r``. ``β`` is
real and never declared positive: the theory only needs ``α + β > 1/2``. ``r`` is a positive real, because the pieces
of the loss are functions of the effective time ``2γBr``; ``B`` counts samples and is a positive integer. Given ``W``,
where the dynamics is exact, ``r`` and ``d`` count too, and sequences such as the eigenvalues ``x_i`` of ``WᵀDW`` are
written as functions of their index.

Importing this module loads SymPy.
"""

from __future__ import annotations

from sympy import Eq, Function, Ge, Gt, Sum, Symbol

__all__ = [
    "ALPHABET",
    "DEFINITIONS",
    "DOMAIN",
    "GIVEN_W",
    "QUANTITIES",
    "B",
    "P",
    "P_inf",
    "alpha",
    "beta",
    "c_beta",
    "d",
    "gamma",
    "i",
    "j",
    "k",
    "phi",
    "r",
    "s",
    "u",
    "v",
    "x",
    "y",
]

alpha = Symbol("alpha", positive=True)  # λ_j = j^{-2α}
beta = Symbol("beta", real=True)  # b_j = j^{-β}
gamma = Symbol("gamma", positive=True)  # learning rate
B = Symbol("B", integer=True, positive=True)  # batch, summed over
r = Symbol("r", positive=True)  # step of SGD, continued to real values
d = Symbol("d", positive=True)  # parameters
v = Symbol("v", positive=True)  # latent dimension
j = Symbol("j", positive=True)  # mode
u = Symbol("u", positive=True)  # eigenvalue as a variable of integration
y = Symbol("y", positive=True)  # eigenvalue times 2γBr
c_beta = Symbol("c_beta", positive=True)  # Σ_j j^{-2β}, for 2β > 1
x = Symbol("x", nonnegative=True)  # an eigenvalue of WᵀDW
phi = Symbol("phi", real=True)  # coordinate of the error in its eigenvector, scaled so that the loss is P_∞ + Σ φ²
P = Symbol("P", nonnegative=True)  # loss of one set of parameters
P_inf = Symbol("P_inf", nonnegative=True)  # loss of the best parameters, given W
i = Symbol("i", integer=True, positive=True)  # eigenvector of WᵀDW
k = Symbol("k", integer=True, positive=True)  # sample of a batch
s = Symbol("s", integer=True, nonnegative=True)  # an earlier step

#: Every symbol a catalogue may contain, by name. A name outside it is refused when the JSON is read.
ALPHABET: dict[str, Symbol] = {
    letter.name: letter for letter in (alpha, beta, gamma, B, r, d, v, j, u, y, c_beta, x, phi, P, P_inf, i, k, s)
}

#: The quantities that statements are about, by name; ``E(f, φ)`` is the mean of ``f`` given ``φ``.
QUANTITIES: dict[str, type[Function]] = {
    name: Function(name)
    for name in (
        *("F_pp", "F_ac", "K_pp"),
        *("F_W", "K_W", "P_W", "q", "E"),
        *("x", "c", "rho", "g", "delta"),  # sequences
    )
}

#: What every formula assumes of its letters; ``β`` may be any real number.
DOMAIN = {
    letter.name: relation(letter, bound, evaluate=False)
    for letter, relation, bound in (
        (alpha, Gt, 0),
        (gamma, Gt, 0),
        (B, Ge, 1),
        (r, Gt, 0),
        (d, Gt, 1),
        (v, Gt, 1),
        (c_beta, Gt, 0),
        (x, Ge, 0),
        (P_inf, Ge, 0),
    )
}

#: What is assumed instead where ``W`` is given and nothing is continued to real values: these letters count.
GIVEN_W = {letter.name: Ge(letter, least, evaluate=False) for letter, least in ((d, 1), (i, 1), (r, 0))}

#: Letters that stand for something.
DEFINITIONS = {"c_beta": Eq(c_beta, Sum(j ** (-2 * beta), (j, 1, v)), evaluate=False)}
