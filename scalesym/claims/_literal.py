r"""The algorithm as it is written, averaged over every draw: no eigenvalues, no moments, no floating point.

One step is ``θ' = θ - γ Σ Wᵀx(⟨Wᵀx, θ⟩ - y)`` with ``x = D^{1/2}z`` and ``y = ⟨x, b⟩`` plus label noise. Instead of a Gaussian
number each ``z_j`` is drawn from a law on ``{-2, …, 2}`` with the same moments up to the fifth: for what is of degree at most 5 in
every coordinate of every sample, such as the loss after any number of steps, this is a tensor quadrature without error. All
numbers are fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product

__all__ = ["LAW", "Model", "Vector", "dot", "laws", "mean_losses"]

Vector = tuple[Fraction, ...]

#: Values and probabilities, with the moments 1, 0, 1, 0, 3, 0 of a standard Gaussian number.
LAW = {Fraction(n): Fraction(weight, 12) for n, weight in zip(range(-2, 3), (1, 2, 6, 2, 1), strict=True)}


@dataclass(frozen=True)
class Model:
    """A fixed rational ``W``, with ``D^{1/2} = diag(1, 1/2, …)``, ``b_j = (j+1)/(j+2)``, and label noise."""

    rows: tuple[tuple[int, ...], ...]  # of W, in thirds
    batch: int
    gamma: Fraction
    start: Vector
    noise: Fraction = Fraction(0)  # standard deviation

    @property
    def name(self) -> str:
        return f"v={len(self.rows)} d={len(self.start)} B={self.batch}" + (" noise" if self.noise else "")

    def embedding(self) -> list[Vector]:
        return [tuple(Fraction(entry, 3) for entry in row) for row in self.rows]

    def target(self) -> Vector:
        return tuple(Fraction(j + 1, j + 2) for j in range(1, len(self.rows) + 1))


@lru_cache(maxsize=8)
def _samples(model: Model) -> list[tuple[Fraction, Vector, Fraction]]:
    """Probability, features ``a = Wᵀx`` and target ``y`` of every draw; a draw and its opposite give one gradient."""
    rows, target = model.embedding(), model.target()
    law: defaultdict[tuple[Fraction, ...], Fraction] = defaultdict(Fraction)
    for z in product(LAW, repeat=len(rows) + bool(model.noise)):
        x = [value / (j + 1) for j, value in enumerate(z[: len(rows)])]
        features = [dot(x, column) for column in zip(*rows, strict=True)]
        drawn = (*features, dot(x, target) + model.noise * z[-1])
        probability = Fraction(1)
        for value in z:
            probability *= LAW[value]
        law[max(drawn, tuple(-value for value in drawn))] += probability
    return [(probability, drawn[:-1], drawn[-1]) for drawn, probability in law.items()]


def _after_step(thetas: dict[Vector, Fraction], model: Model) -> dict[Vector, Fraction]:
    """The law of ``θ - γ Σ a(⟨a, θ⟩ - y)``, from the law of ``θ`` and all batches."""
    after: defaultdict[Vector, Fraction] = defaultdict(Fraction)
    for theta, probability in thetas.items():
        steps = [(p, [model.gamma * each * (dot(a, theta) - y) for each in a]) for p, a, y in _samples(model)]
        for batch in product(steps, repeat=model.batch):
            weight = probability
            for p, _ in batch:
                weight *= p
            after[tuple(value - sum(step[n] for _, step in batch) for n, value in enumerate(theta))] += weight
    return after


@lru_cache(maxsize=8)
def laws(model: Model, steps: int) -> tuple[dict[Vector, Fraction], ...]:
    """The law of ``θ_0, θ_1, …``."""
    found = [{model.start: Fraction(1)}]
    for _ in range(steps):
        found.append(_after_step(found[-1], model))
    return tuple(found)


@lru_cache(maxsize=8)
def mean_losses(model: Model, steps: int) -> tuple[Fraction, ...]:
    """``E ‖D^{1/2}(Wθ_r - b)‖²`` and the variance of the labels, ``r = 0, …, steps``."""
    rows, target = model.embedding(), model.target()
    losses = []
    for thetas in laws(model, steps):
        total = model.noise**2
        for theta, probability in thetas.items():
            gaps = [(dot(row, theta) - b) / (j + 1) for j, (row, b) in enumerate(zip(rows, target, strict=True))]
            total += probability * dot(gaps, gaps)
        losses.append(total)
    return tuple(losses)


def dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    """The scalar product.

    Examples
    --------
    >>> dot([Fraction(1, 2), Fraction(2)], [Fraction(4), Fraction(3)])
    Fraction(8, 1)
    """
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))
