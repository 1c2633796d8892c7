r"""What is cited and not checked here.

Everything the package computes is about the deterministic equivalent, an explicit function of ``(α, β, d, v, γ, B)``.
Three steps lie outside of what a computation on that function can show: that it is the limit of the random resolvent;
that the mean loss of SGD follows it; and that two-sided bounds hold at *every* point of the region and not only at those
that were computed. A fourth is a theorem on sequences from probability. A claim that presupposes one of them names it,
so that the report can say so.
"""

from __future__ import annotations

from ..ledger import Claim

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="theory.sgd-follows",
        statement="The mean loss of SGD given W follows the deterministic equivalent P(r), uniformly in r, as d → ∞",
        latex=r"\mathbb E[\mathscr P(\theta_r)\mid W] = (1+o(1))\,\mathscr P(r) \text{ uniformly in } r",
        tier="assumed",
        source="arXiv:2405.15074, section on the deterministic equivalent, where it is a conjecture",
    ),
    Claim(
        id="theory.deterministic-equivalent",
        statement="As d → ∞ the resolvent of D^{1/2}WWᵀD^{1/2} is equivalent to diag(1/(λ_j m − z)), m + (1/d)Σ λ_j m/(λ_j m − z) = 1",
        latex=r"(\hat K-z)^{-1} \leftrightarrow \mathrm{diag}\frac{1}{\lambda_jm(z)-z}, "
        r"\quad m+\frac1d\sum_j\frac{\lambda_jm}{\lambda_jm-z}=1",
        tier="assumed",
        about=("m.fixed-point",),
        source="arXiv:2405.15074, section on the deterministic equivalent",
    ),
    Claim(
        id="theory.loss-order",
        statement="P ≍ F + K/(γB) and F ≍ F_0 + F_pp + F_ac, K ≍ K_pp for γ at most half the critical rate, "
        "α > 1/4, β < 1+2α, off the critical lines",
        latex=r"\mathscr P \asymp \mathscr F + \tfrac1{\gamma B}\mathscr K, \quad "
        r"\mathscr F \asymp \mathscr F_0+\mathscr F_{pp}+\mathscr F_{ac}, \quad \mathscr K \asymp \mathscr K_{pp}",
        tier="assumed",
        source="arXiv:2405.15074, main theorem on the loss and its four pieces",
    ),
    Claim(
        id="theory.renewal",
        statement="If K is subexponential with sum below 1, the coefficients of 1/(1 − K̂) are asymptotic to K(r)/(1 − ‖K‖)²",
        latex=r"[w^r]\,\frac{1}{1-\hat K(w)} \sim \frac{K(r)}{(1-\|K\|)^2}",
        tier="assumed",
        source="J. Chover, P. Ney, S. Wainger, Functions of probability measures, J. Analyse Math. 26 (1973) 255–302",
    ),
)
