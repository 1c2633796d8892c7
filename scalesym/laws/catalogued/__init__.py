"""The empirical laws as formulas of the catalogue: each law is assumed from its paper, and what follows is derived.

One module for each paper. Operations are in :mod:`~scalesym.laws.catalogued.algebra`; every step is checked by the numeric
roads of :mod:`~scalesym.laws.catalogued.roads`, which share nothing with them: searches by sections, bisections,
differences and quadrature.
"""

from __future__ import annotations
