"""Sphinx's own modules are examined where Sphinx is: tests need ``.[dev]``, the documentation ``.[docs]``."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("sphinxcontrib") and find_spec("sphinxcontrib.katex") else ["additions.py", "conf.py"]
