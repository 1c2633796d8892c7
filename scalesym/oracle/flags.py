"""Flags: each names a kind of mistake that implementers make, or a hazard that an input has."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FLAGS", "HAZARDS", "MISTAKES", "REFUSALS", "RULES"]

#: Mistakes whose answer is computed for every test that they change.
MISTAKES: Mapping[str, str] = {
    "dropped-last-index": "sums over j < v: the term j = v is left out",
    "half-risk": "the loss with a factor 1/2 where it has none, or without where it has one",
    "batch-mean": "the gradient averaged over the batch where it is summed, or summed where it is averaged",
    "two-b": "2B for B(B+1) in q(x) = 1 − 2γBx + γ²B(B+1)x²",
    "integral-for-sum": "an integral over j from 1 to v for the sum over j",
    "loose-fixed-point": "the fixed-point iteration for m(z) stopped too early",
    "truncated-tail": "an infinite sum cut off at a power of ten",
    "missing-atom": "the atom of the spectrum at 0 left out of the forcing function, and F_0 with it",
    "swapped-gamma-arguments": "γ(x, a) for γ(a, x): libraries order the arguments of incomplete gamma functions differently",
    "eigenvalue-exponent": "λ_j = j^(−α) for j^(−2α)",
    "target-exponent": "b_j² = j^(−β) for j^(−2β)",
    "kernel-without-batch": "γ² for γ²B in front of the kernel",
    "gradient-flow": "q(x) = 1 − 2γBx, without the noise of the gradient",
    "missing-kernel-sum": "F_0 for the limit F_0/(1 − ‖K‖) of the loss",
    "step-shift": "one step too many, or one too few",
    "continuum-kappa": "ζ₀ = d^(−2α)/κ with the κ of the integral, at a finite size",
    "wrong-branch": "m(z) with the wrong sign of its imaginary part",
    "infinite-c-beta": "c_β = ζ(2β) for the sum over j ≤ v",
    "no-lower-cutoff": "F_ac integrated from 0 instead of d^(−2α)",
    "halved-rate": "γBr for 2γBr",
    "phase-swap": "the two sides of a critical line exchanged",
    "edge-not-crossed": "the condition ‖K‖ < 1 alone, or γ(B+1)λ_max < 2 alone, where the other one decides",
    "largest-eigenvalue": "λ_max = 1, the largest eigenvalue of the data, for the edge of the features' spectrum",
}

#: Mistakes that are recognised by rule, because what they answer cannot be computed.
RULES: Mapping[str, str] = {
    "single-precision": "computed with 24 bits where more were declared",
    "too-few-digits": "the right answer, printed with fewer digits than the declared precision has",
}

#: What makes an input hard.
HAZARDS: Mapping[str, str] = {
    "alpha-one-half": "2α = 1: exponents 1 − 2α vanish",
    "beta-one-half": "2β = 1: exponents 1 − 2β vanish",
    "alpha-one-quarter": "4α = 1: the kernel piece has a logarithm",
    "infinite-v": "v = ∞",
    "beta-negative": "β < 0: the target's coefficients grow with j",
    "v-near-d": "v/d near 1: ζ₀ is far below d^(−2α)",
    "large-size": "too many terms to add one by one",
    "near-critical": "γ near the critical one",
    "past-cutoff": "γBr > d^(2α): the kernel is exponentially small",
    "many-steps": "r of a thousand or more",
    "large-batch": "a batch of 16 or more",
    "near-zero": "z near 0, where 1 − D₁/d cancels",
    "near-line": "within 1/1000 of a critical line",
}

#: Why there is no answer.
REFUSALS: Mapping[str, str] = {
    "v-at-most-d": "there are not more data directions than features",
    "alpha-not-positive": "the spectrum does not fall",
    "no-power-law": "α + β ≤ 1/2: the target has infinite energy",
    "infinite-trace": "v = ∞ with 2α ≤ 1: tr D diverges",
    "unstable-gamma": "the learning rate is above the critical one",
    "critical-line": "two phases meet there: a single name would pick a side, and a power alone would hide a logarithm",
    "kernel-diverges": "K_pp at α ≤ 1/4",
    "bad-steps": "r is negative or no integer",
    "bad-batch": "B is no positive integer",
    "not-a-number": "an input is not a finite number",
    "missing-input": "an input is missing",
}

FLAGS: Mapping[str, str] = {**MISTAKES, **RULES, **HAZARDS, **REFUSALS}
