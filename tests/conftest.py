"""Every run of the suite draws the same examples, so that what passes once passes again."""

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")
