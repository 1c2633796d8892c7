"""One random draw of ``W``: the exact law of the loss given it, and SGD itself."""

from .sample import Sample, SampleSpectrum
from .simulation import Simulation

__all__ = ["Sample", "SampleSpectrum", "Simulation"]
