"""Sphinx configuration: MyST pages and the API from docstrings; warnings are errors."""

import sys
from pathlib import Path

from cayley import __version__

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "cayley"
author = "The cayley authors"
release = __version__
extensions = [
    "command_reference",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
]
myst_enable_extensions = ["deflist", "dollarmath", "colon_fence"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
html_theme = "furo"
html_title = "cayley"
exclude_patterns = ["_build", "_extensions"]
autodoc_typehints = "none"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
