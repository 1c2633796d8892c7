"""Sphinx, for the pages that ``docs/build.py`` assembles beside this file; run that, it needs more than this."""

from __future__ import annotations

import sys
from pathlib import Path

import scalesym

sys.path.insert(0, str(Path(__file__).parent))  # for additions.py

project = "scalesym"
author = "The scalesym developers"
copyright = "The scalesym developers, MIT licence"
version = release = scalesym.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxcontrib.katex",
    "additions",
]
exclude_patterns = ["**.ipynb_checkpoints"]
root_doc = "index"
language = "en"
templates_path: list[str] = []
suppress_warnings = ["config.cache"]

myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # the notebooks are stored with what they print, and are run by .ci/run

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Attributes", "params_style")]
maximum_signature_line_length = 92
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
add_module_names = False

# KaTeX runs while the pages are built, with fonts and style from the same package: pages need neither a network nor JavaScript
_katex = Path(__file__).parent / "katex"
katex_prerender = True
katex_js_path = str((_katex / "katex.min.js").resolve())
katex_css_path = "katex/katex.min.css"

copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"  # what is printed is not copied
copybutton_exclude = ".linenos, .gp, .go"
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"scalesym {version}"
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_extra_path = ["generated/extra"]
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00567d", "color-brand-content": "#00567d"},
    "dark_css_variables": {"color-brand-primary": "#7cc4ea", "color-brand-content": "#7cc4ea"},
}
