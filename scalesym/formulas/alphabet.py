"""The letters of the paper, with what is assumed of each.

Notation of arXiv:2405.15074 ("the paper"): data variances ``λ_j = j^{-2α}``, target ``b_j = j^{-β}``, parameter count
``d``, latent dimension ``v``, learning rate ``γ``, batch ``B`` (gradients are *summed* over it), step ``r``. ``β`` is
real and never declared positive: the theory only needs ``α + β > 1/2``. ``r`` is a positive real, because the pieces
of the loss are functions of the effective time ``2γBr``; ``B`` counts samples and is a positive integer. Given ``W``,
where the dynamics is exact, ``r`` and ``d`` count too, and sequences such as the eigenvalues ``x_i`` of ``WᵀDW`` are
written as functions of their index.

The deterministic equivalent adds the spectral parameter ``z`` and ``ζ = -z/m(z)``, by which everything is explicit. On
the scale ``d^{-2α}`` of the spectral gap, ``ζ̃ = ζ d^{2α}`` and ``t = 2γBr/d^{2α}``. Letters that stand for something
(``c_β``, ``ζ₀``, ``κ``, …) are defined in :mod:`scalesym.formulas.definitions`; those of the field's empirical laws come
from :mod:`scalesym.formulas.law_letters`.

Importing this module loads SymPy.
"""

from __future__ import annotations

from sympy import Function, Ge, Gt, Symbol

from .law_letters import LAW_LETTERS, LAW_QUANTITIES

__all__ = [
    "ALPHABET",
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
    "eta",
    "f",
    "g",
    "gamma",
    "gamma_K",
    "gamma_q",
    "i",
    "j",
    "k",
    "kappa",
    "lambda_max",
    "lambda_min",
    "n",
    "norm_F",
    "norm_K",
    "p",
    "phi",
    "r",
    "rho",
    "s",
    "sigma_plus",
    "t",
    "tau",
    "u",
    "v",
    "w",
    "x",
    "x_minus",
    "x_plus",
    "xi",
    "y",
    "y_c",
    "z",
    "zeta",
    "zeta_0",
    "zeta_1",
    "zeta_c",
    "zeta_edge",
    "zeta_max",
    "zeta_min",
    "zeta_minus",
    "zeta_plus",
    "zeta_tilde",
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
n = Symbol("n", integer=True, nonnegative=True)  # a power
tau = Symbol("tau", positive=True)  # effective time 2γBr
t = Symbol("t", positive=True)  # effective time on the scale of the gap, 2γBr/d^{2α}
rho = Symbol("rho", positive=True)  # v/d
f = Symbol("f", positive=True)  # compute, rBd
g = Symbol("g", positive=True)  # γ d^{1-2α}
kappa = Symbol("kappa", positive=True)  # lim 1/(ζ₀ d^{2α})
zeta = Symbol("zeta")  # -z/m(z)
z = Symbol("z")  # spectral parameter
w = Symbol("w", positive=True)  # argument of generating functions
p = Symbol("p", positive=True)  # -z, argument of Laplace transforms in the time 2γBr
zeta_tilde = Symbol("zeta_tilde")  # ζ d^{2α}
zeta_0 = Symbol("zeta_0", positive=True)  # ζ at z = 0
zeta_edge = Symbol("zeta_edge", positive=True)  # ζ̃ at the left edge of the spectrum
zeta_plus = Symbol("zeta_plus", negative=True)  # ζ(x_+)
zeta_minus = Symbol("zeta_minus", positive=True)  # ζ(x_-)
zeta_1 = Symbol("zeta_1", negative=True)  # ζ_+ at w = 1
zeta_min = Symbol("zeta_min", positive=True)  # ζ at the left edge of the spectrum
zeta_max = Symbol("zeta_max", negative=True)  # ζ at its right edge
zeta_c = Symbol("zeta_c", negative=True)  # ζ_1 where the kernel sums to 1
y_c = Symbol("y_c", positive=True)  # x_+ - λ_1 where the kernel sums to 1, as d → ∞
lambda_min = Symbol("lambda_min", positive=True)  # left edge of the spectrum
lambda_max = Symbol("lambda_max", positive=True)  # right edge of the spectrum
gamma_q = Symbol("gamma_q", positive=True)  # learning rate below which |q| < 1 on the spectrum
gamma_K = Symbol("gamma_K", positive=True)  # learning rate at which the kernel sums to 1
x_plus = Symbol("x_plus", positive=True)  # the larger root of w q(x) = 1
x_minus = Symbol("x_minus", nonpositive=True)  # the smaller one, for w ≤ 1
sigma_plus = Symbol("sigma_plus", positive=True)  # -S(ζ(x_+)) at w = 1, as d → ∞
norm_K = Symbol("norm_K", positive=True)  # Σ_r K(r)
eta = Symbol("eta", positive=True)  # P* ≍ f^{-η}
xi = Symbol("xi", positive=True)  # d* ≍ f^ξ
norm_F = Symbol("norm_F", positive=True)  # Σ_r F(r) - F_0 as d → ∞

#: Every symbol a catalogue may contain, by name. A name outside it is refused when the JSON is read.
ALPHABET: dict[str, Symbol] = {
    letter.name: letter
    for letter in (
        *(alpha, beta, gamma, B, r, d, v, j, u, y, c_beta, x, phi, P, P_inf, i, k, s, n, tau, t, rho, f, g, kappa),
        *(
            zeta,
            z,
            w,
            p,
            zeta_tilde,
            zeta_0,
            zeta_edge,
            zeta_plus,
            zeta_minus,
            x_plus,
            x_minus,
            sigma_plus,
            norm_K,
            norm_F,
        ),
        *(zeta_1, zeta_min, zeta_max, zeta_c, y_c, lambda_min, lambda_max, gamma_q, gamma_K, eta, xi),
        *(Symbol(name, **{letter.domain: True}) for name, letter in LAW_LETTERS.items()),
    )
}

#: The quantities that statements are about, by name; ``E(f, φ)`` is the mean of ``f`` given ``φ``.
QUANTITIES: dict[str, type[Function]] = {
    name: Function(name)
    for name in (
        *("F_pp", "F_ac", "K_pp"),
        *("F_W", "K_W", "P_W", "q", "E"),
        *("x", "c", "rho", "g", "delta"),  # sequences
        *("F", "K", "P_r", "F_0", "F_hat", "K_hat", "P_hat"),  # of the deterministic equivalent
        *("D_1", "m", "J", "S", "N", "density_ac", "density_pp", "density_kernel", "Re_m", "Im_m"),  # of ζ
        "m_z",  # of z
        *("D_w", "m_w", "J_w", "N_w", "k_w", "S_w"),  # on the scale of the gap
        *LAW_QUANTITIES,
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
        (tau, Gt, 0),
        (t, Gt, 0),
        (rho, Gt, 1),
        (f, Gt, 0),
        (g, Gt, 0),
        (w, Gt, 0),
        (p, Gt, 0),
    )
}
DOMAIN |= {
    name: {"positive": Gt, "nonnegative": Ge}[letter.domain](ALPHABET[name], 0, evaluate=False)
    for name, letter in LAW_LETTERS.items()
    if letter.domain != "real"
}

#: What is assumed instead where ``W`` is given and nothing is continued to real values: these letters count.
GIVEN_W = {letter.name: Ge(letter, least, evaluate=False) for letter, least in ((d, 1), (i, 1), (r, 0))}
