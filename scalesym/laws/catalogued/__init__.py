"""Empirical laws and other models as formulas of the catalogue: each is assumed from its paper, and what follows is derived.

One module for each paper. Operations are in :mod:`~scalesym.laws.catalogued.algebra`; every step is checked by the numeric
roads of :mod:`~scalesym.laws.catalogued.roads`, which share nothing with them: searches by sections, bisections,
differences and quadrature. Models of features and samples (``two_resolvents`` and what follows from it) have roads of their
own in :mod:`~scalesym.laws.catalogued.spectra`: their equations iterated for a few modes, and sums over power laws.
"""

from __future__ import annotations
