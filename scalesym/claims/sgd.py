r"""SGD itself: its mean given ``W`` is that of the recursion, and over ``W`` it approaches the deterministic equivalent.

The first claims compare the simulators, step by step, with the exact mean and variance of the next loss given the present
state, by a test whose false-alarm probability is proved (:mod:`scalesym.claims._martingale`). Steps whose means follow a
linear recursion give runs whose means do.

The last one averages the *exact* mean loss over draws of ``W``, so that nothing but ``W`` is random. At ``v = 4d``, a fifth of the
critical ``γ`` and ``(α, β) = (7/10, 3/10)`` the mean over ``W`` exceeds ``P(r)`` by a relative ``0.5/d`` (d = 8, 16) to ``0.9/d``
(d = 32, 64; standard error 0.2 and 0.4), and the standard deviation over ``W`` falls like ``d^{-1/2}``, so that a single draw lies
``1.3/√d`` off. That is what concentration looks like where it can be seen; it is no proof that the loss follows ``P(r)``
uniformly in ``r`` as ``d → ∞``, which stays an assumption (``theory.sgd-follows``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

from ..ledger import Claim, Verdict
from ._martingale import FALSE_ALARM, catoni_score, standardised

__all__ = ["CLAIMS"]

#: alpha, beta, d, v, batch, noise_variance; few coordinates, so that the last one matters
_MODELS = (
    ("2/5", "1/5", 3, 6, 4, "1/20"),
    ("1", "7/10", 4, 9, 1, 0),
    ("7/10", "3/10", 2, 5, 40, 0),
)
_RUNS, _STEPS = 4000, 8
_SIZES, _DRAWS = (8, 16, 32), 1000
_CONCENTRATION = ("7/10", "3/10", (8, 64, 512))


@lru_cache(maxsize=8)
def _sample(index: int) -> Any:
    from ..model import PLRF

    alpha, beta, d, v, batch, noise = _MODELS[index]
    sample = PLRF(alpha, beta, d, v, batch=batch, noise_variance=noise).sample(seed=7 + index)
    return replace(sample, gamma=0.4 * sample.critical_gamma())


def _right(sample: Any) -> Any:
    return sample


def _as_recursion(law: Any, square: Any) -> Any:
    """The next loss less its floor, by the recursion."""
    return law.advance(square).sum(axis=-1)


def _two_b(law: Any, square: Any) -> Any:
    excess = 2 * law.batch - law.batch * (law.batch + 1)
    return _as_recursion(law, square) + excess * law.gamma**2 * (square @ law.eigenvalues**2)


def _steps(
    method: Literal["literal", "eigenbasis"], theory: Callable[[Any], Any], mean: Callable[[Any, Any], Any]
) -> Verdict:
    """The innovations of runs of SGD, standardised by the recursion's mean and the exact variance."""
    import numpy as np

    from ..sampled.conditional import ConditionalLaw

    scores = {}
    for index, model in enumerate(_MODELS):
        sample = _sample(index)
        believed = theory(sample)
        features = believed._features
        floor = features.residual + believed.noise_variance

        class Law(ConditionalLaw):
            def innovation(self, error: Any, weights: Any = 1.0) -> Any:
                return mean(self, error**2), super().innovation(error, weights)[1]

        law = Law(features.eigenvalues, features.target**2, floor, believed.gamma, believed.batch)
        z = standardised(sample, law, features, method, _RUNS, _STEPS, seed=20 + index)
        scores[f"alpha={model[0]} d={model[2]} B={model[4]}"] = catoni_score(z)
    worst = max(scores.values())
    figures = {**scores, "z of the mean": float(np.mean(z) * np.sqrt(z.size)), "chance of a false alarm": FALSE_ALARM}
    return Verdict.at_most(f"Catoni score of {len(_MODELS)} × {_RUNS * _STEPS} steps", worst, 1.0, **figures)


@lru_cache(maxsize=4)
def _draws(d: int) -> tuple[Any, Any]:
    """The model, and the conditional losses of its draws."""
    import numpy as np

    from ..model import PLRF

    alpha, beta, r = _CONCENTRATION
    model = PLRF(alpha, beta, d, 4 * d, gamma=PLRF(alpha, beta, d, 4 * d).critical_gamma() / 5)
    return model, np.array([model.sample(seed).conditional_loss(r) for seed in range(_DRAWS)])


def _ratios(curve: str) -> tuple[Any, Any]:
    """For each ``d``: mean over the draws, and deviation, of the conditional loss over the theory's curve, less 1."""
    import numpy as np

    rows = []
    for d in _SIZES:
        model, loss = _draws(d)
        ratio = loss / getattr(model, curve)(_CONCENTRATION[2])
        rows.append((ratio.mean(axis=0) - 1, ratio.std(axis=0)))
    means, deviations = zip(*rows, strict=True)
    return np.array(means), np.array(deviations)


def _concentration(curve: str, rate: float) -> Verdict:
    import numpy as np

    means, deviations = _ratios(curve)
    sizes = np.array(_SIZES, dtype=float)
    x = np.log(sizes) - np.log(sizes).mean()
    slopes = x @ np.log(deviations) / (x @ x)
    errors = deviations / _DRAWS**0.5
    reach = float(np.max(sizes[:, None] * (np.abs(means) + 4 * errors)))
    off = float(np.max(np.abs(slopes - rate)))
    figures = {
        f"d·bias at r={_CONCENTRATION[2][-1]}, d={d}": float(d * m) for d, m in zip(_SIZES, means[:, -1], strict=True)
    }
    figures["its standard error at the largest d"] = float(_SIZES[-1] * errors[-1, -1])
    figures["slope of the deviation, r=512"] = float(slopes[-1])
    figures["largest d·(|bias| + 4 standard errors)"] = reach
    figures["distance of the slopes from the rate"] = off
    return Verdict.at_most(
        "larger of d·(|bias| + 4 s.e.)/3 and |slope − rate|/0.15", max(reach / 3, off / 0.15), 1.0, **figures
    )


_MISTAKES: dict[str, dict[str, object]] = {
    "2B for B(B+1)": {"mean": _two_b},
    "j = v dropped": {"theory": lambda s: replace(s, covariance=s.covariance[:-1], target=s.target[:-1])},
    "γ doubled": {"theory": lambda s: replace(s, gamma=2 * s.gamma)},
    "batch mean for sum": {"theory": lambda s: replace(s, gamma=s.gamma / s.batch)},
    "noise left out": {"theory": lambda s: replace(s, noise_variance=0.0)},
}

CLAIMS: tuple[Claim, ...] = (
    *(
        Claim(
            id=f"conditional.sgd-{method}",
            statement=f"Simulated SGD ({method}) has the exact conditional mean loss, step by step, for B = 1, 4 and 40",
            latex=r"\mathbb E[\mathscr P(\theta_{r+1})\mid\theta_r, W] = P_\infty+\sum_i\big(q(x_i)\varphi_i^2"
            r"+\gamma^2Bx_i^2\,\mathscr P(\theta_r)\big)",
            tier="sampled",
            check=_steps,
            true={"method": method, "theory": _right, "mean": _as_recursion},
            false=_MISTAKES,
            rests_on=("conditional.second-moment",),
            about=("q", "second_moment"),
            source="derived here",
            quick=method == "eigenbasis",
        )
        for method in ("literal", "eigenbasis")
    ),
    Claim(
        id="conditional.concentration",
        statement="For d = 8, 16, 32 the mean over W of the conditional loss lies within P(r)(1 ± 3/d), its deviation falls "
        "like d^{-1/2}",
        latex=r"\Big|\frac{\mathbb E_W\,\mathbb E[\mathscr P(\theta_r)\mid W]}{\mathscr P(r)}-1\Big| \le \frac3d, \qquad "
        r"\operatorname{sd}_W \sim s\,d^{-1/2}",
        tier="sampled",
        check=_concentration,
        true={"curve": "loss", "rate": -0.5},
        false={"forcing for loss": {"curve": "forcing"}, "deviation like 1/d": {"rate": -1.0}},
        rests_on=("conditional.volterra",),
        source="derived here",
    ),
)
