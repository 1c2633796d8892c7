"""Models that the tests of the certified values share."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from scalesym import PLRF
from scalesym.certified.dynamics import Dynamics
from scalesym.certified.fixed_point import FixedPoint
from scalesym.certified.sums import PowerSums


def sgd(alpha: Any, beta: Any, d: int, v: int | None, gamma: Any, batch: int = 1) -> Dynamics:
    """SGD on the power law with these exact parameters."""
    a, b = Fraction(alpha), Fraction(beta)
    return Dynamics.of_sgd(FixedPoint(PowerSums(2 * a, 2 * a + 2 * b, v), Fraction(d)), Fraction(gamma), batch)


def drawn(seed: str, largest: int) -> tuple[dict[str, Any], random.Random]:
    """A random model with ``v − d`` at most ``largest`` and a stable learning rate, exact, and the generator."""
    draw = random.Random(seed)
    alpha = Fraction(draw.randint(2, 40), 20)
    beta = Fraction(1, 2) - alpha + Fraction(draw.randint(1, 30), 20)
    d, batch = draw.randint(1, 9), draw.choice((1, 2, 8, 64))
    v = d + draw.randint(1, largest)
    rate = PLRF(alpha, beta, d, v, batch=batch).critical_gamma()
    gamma = Fraction(rate * draw.uniform(0.1, 0.95)).limit_denominator(10**5)
    return {"alpha": alpha, "beta": beta, "d": d, "v": v, "gamma": gamma, "batch": batch}, draw


#: The point of the reference values of MATH.md, section 4.
REFERENCE = sgd(1, "7/10", 20, 60, "3/10")

#: Its values there, from two independent codes, to the digits printed.
PRINTED = {
    "F(80)": "0.021270925536332591331",
    "P(80)": "0.032635432978572923395",
    "K(80)": "1.06313334449441824e-4",
}


def printed(name: str) -> Any:
    """The ball of the numbers that print like the reference value, in the current precision."""
    from flint import arb

    text = PRINTED[name]
    mantissa, _, exponent = text.partition("e")
    unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return arb(text, arb(float(unit)))
