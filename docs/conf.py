"""Sphinx configuration: MyST pages and the API from docstrings; warnings are errors."""

import sys
from pathlib import Path

from cayley import __version__

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "cayley"
author = "The cayley authors"
project_copyright = "2026, the cayley authors"
release = __version__
extensions = [
    "api_pages",
    "attribute_types",
    "command_reference",
    "long_lines",
    "myst_parser",
    "reader_view",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_gallery.gen_gallery",
    "sphinxcontrib.bibtex",
]
myst_enable_extensions = ["deflist", "dollarmath", "colon_fence"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
html_theme = "furo"
html_title = "cayley"
html_static_path = ["_static"]
html_css_files = ["gallery.css", "front.css"]
exclude_patterns = ["_build", "_extensions"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True  # as written, not as values with addresses and private modules
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "within_subsection_order": "sphinx_gallery.sorting.FileNameSortKey",
    "abort_on_example_error": True,
    "capture_repr": (),  # show what is printed, not the value of the last line
    "download_all_examples": False,
    "ignore_pattern": r"__init__|pictures|train_across_processes",
    "show_signature": False,
    "write_computation_times": False,
}


def setup(app):
    """Take only ``.rst`` for headers of galleries: the README of examples/tables is none."""

    def keep_tables_out(app):
        app.config.sphinx_gallery_conf["source_suffix"] = {".rst": "restructuredtext"}

    app.connect("builder-inited", keep_tables_out, priority=100)
