"""One random draw of ``W``: the exact law of the loss given it, and SGD itself."""

from .sample import Sample, SampleSpectrum, Simulation

__all__ = ["Sample", "SampleSpectrum", "Simulation"]
