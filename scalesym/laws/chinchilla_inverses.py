r"""Chinchilla's law backwards: the compute, the tokens or the parameters that a loss or an optimum takes.

.. math:: C = C_0\Big(\frac K{L-E}\Big)^{1/\gamma}, \qquad C_0\Big(\frac NG\Big)^{1/a}, \qquad C_0\,(GD)^{1/b}, \qquad
          D = \Big(\frac B{L-E-AN^{-\alpha}}\Big)^{1/\beta}.

The functions are methods of :class:`scalesym.laws.chinchilla.Chinchilla`. Level: empirical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ParameterError
from ._quantities import Floats, Values, answer, positive, quiet, together

if TYPE_CHECKING:
    from .chinchilla import Chinchilla

__all__ = ["compute_for_loss", "compute_for_params", "compute_for_tokens", "params_for", "tokens_for"]


@quiet
def compute_for_loss(law: Chinchilla, loss: object) -> Values:
    """The least compute that reaches a loss, ``C_0 (K/(L − E))^{1/γ}``.

    Parameters
    ----------
    loss:
        In nats for each token, above ``E``.

    Returns
    -------
    float or ndarray
        In FLOPs.

    Raises
    ------
    ParameterError
        If ``L ≤ E``, which no budget reaches.

    Examples
    --------
    >>> from scalesym.laws import Chinchilla
    >>> law = Chinchilla.from_paper("hoffmann_rounded")
    >>> print(f"{law.compute_for_loss(law.optimum(5.76e23).loss):.4g}")
    5.76e+23
    >>> law.compute_for_loss(1.69)
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: loss = 1.69: no budget reaches it, the loss stays above E; use loss > 1.69
    """
    left = _left(law, positive(loss, "loss"), np.asarray(0.0), "no budget reaches it, the loss stays above E")
    return answer(float(law.C_0) * (law.K / left) ** (1 / float(law.exponents().gamma)), "compute")


@quiet
def compute_for_params(law: Chinchilla, N: object) -> Values:
    """The compute at which ``N`` parameters are optimal, ``C_0 (N/G)^{1/a}``, in FLOPs."""
    return answer(float(law.C_0) * (positive(N, "N") / law.G) ** (1 / float(law.exponents().a)), "compute")


@quiet
def compute_for_tokens(law: Chinchilla, D: object) -> Values:
    """The compute at which ``D`` tokens are optimal, ``C_0 (G D)^{1/b}``, in FLOPs."""
    return answer(float(law.C_0) * (positive(D, "D") * law.G) ** (1 / float(law.exponents().b)), "compute")


@quiet
def tokens_for(law: Chinchilla, N: object, loss: object) -> Values:
    """The fewest tokens on which ``N`` parameters reach a loss, ``(B/(L − E − A N^{-α}))^{1/β}``.

    Parameters
    ----------
    N, loss:
        Positive; broadcast. The loss is in nats for each token.

    Raises
    ------
    ParameterError
        If a model of this size does not reach it on any number of tokens.

    Examples
    --------
    >>> from scalesym.laws import Chinchilla
    >>> law = Chinchilla.from_paper("hoffmann_rounded")
    >>> print(f"{law.tokens_for(70e9, law(70e9, 1.4e12)):.4g}")
    1.4e+12
    """
    sizes, losses = together(N=N, loss=loss)
    term = float(law.A) * sizes ** -float(law.alpha)
    left = _left(law, losses, term, "this size does not reach it on any number of tokens")
    return answer((float(law.B) / left) ** (1 / float(law.beta)), "tokens")


@quiet
def params_for(law: Chinchilla, D: object, loss: object) -> Values:
    """The fewest parameters that reach a loss on ``D`` tokens, ``(A/(L − E − B D^{-β}))^{1/α}``.

    Parameters
    ----------
    D, loss:
        Positive; broadcast. The loss is in nats for each token.

    Raises
    ------
    ParameterError
        If no size reaches it on so few tokens.
    """
    tokens, losses = together(D=D, loss=loss)
    term = float(law.B) * tokens ** -float(law.beta)
    left = _left(law, losses, term, "no size reaches it on so few tokens")
    return answer((float(law.A) / left) ** (1 / float(law.alpha)), "parameters")


def _left(law: Chinchilla, losses: Floats, term: Floats, reason: str) -> Floats:
    """``L − E − term``, positive beyond its rounding."""
    losses, terms = np.broadcast_arrays(losses, term)
    left = (losses - float(law.E)) - terms
    if not np.all(left > 4 * np.finfo(np.float64).eps * losses):
        at = np.argmin(left / losses)
        floor = float(law.E) + float(terms.flat[at])
        raise ParameterError("loss", float(losses.flat[at]), reason, f"use loss > {floor!r}")
    return np.asarray(left)
