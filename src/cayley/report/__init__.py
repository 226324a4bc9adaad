"""Reports and figures: the HTML report, and the folder with everything about a solution.

``write_report`` writes one self-contained page; ``write_solution`` a folder with the table, the
cells with their provenance, the JSON document, the matrices and the report, whole or not at all;
``write_discovery`` one for a group that was discovered, its matrices and a network on it.
Labels are data: they are escaped everywhere.

:func:`draw_picture` draws any picture by the name of its kind; a notebook shows it. Some have a
function of their own that returns a matplotlib ``Figure`` (:func:`draw_table`,
:func:`draw_matrices`, ...); :func:`save_figure` writes one, :func:`read_solution` reads what was
written before. They share colors that the color-blind tell apart, and touch no global state of
matplotlib.

Example:
    >>> from cayley.completion import solve
    >>> from cayley.report import render_report
    >>> from cayley.tables import Table
    >>> page = render_report(solve(Table.from_array([[0, 1], [1, -1]], labels=["<b>", "&"])))
    >>> "&lt;b&gt;" in page, "<b>" in page
    (True, False)

Read in this order: ``figures`` (a room of its own); what a page says: ``_heading`` (name, one
sentence, command, versions), ``_certificate_sentences``, ``_explanations`` (laws, rivals, open
cells, refutations), ``_inspected`` (what ``inspect`` says) and ``_typeset``; what it shows:
``_svg``, ``_page_pictures`` (which pictures, and where) and ``_grid_image`` (a large table as one
pixel a cell); what its script is told: ``_page_partitions`` (subgroups and classes to color by),
``_page_matrices`` and ``_page_data``; ``_html`` (the page, made of ``templates``);
``_write_solution`` and ``_read_solution`` (the folder), ``_write_discovery``,
``_write_explanation`` (of a trained network); then what is about measurements:
``_write_benchmark`` and ``_write_reproduction``.
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.report._html import render_report, write_report
from cayley.report._read_solution import read_solution
from cayley.report._write_solution import write_solution
from cayley.report.figures import (
    Picture,
    draw_cayley_graph,
    draw_characters,
    draw_curves,
    draw_matrices,
    draw_normal_subgroups,
    draw_picture,
    draw_provenance,
    draw_table,
    save_figure,
)

if TYPE_CHECKING:
    from cayley.report._write_discovery import write_discovery

__all__ = [
    "Picture",
    "draw_cayley_graph",
    "draw_characters",
    "draw_curves",
    "draw_matrices",
    "draw_normal_subgroups",
    "draw_picture",
    "draw_provenance",
    "draw_table",
    "read_solution",
    "render_report",
    "save_figure",
    "write_discovery",
    "write_report",
    "write_solution",
]

# Discovery loads torch, which a folder about a small table is written without.
__getattr__ = lazy_names(__name__, {"write_discovery": "cayley.report._write_discovery"})
