"""The figures: each a function that takes a solution and returns a matplotlib ``Figure``.

Most are values first: a :class:`~cayley.report.figures._marks.Drawing` becomes SVG for a page or a
file without matplotlib, and a ``Figure`` where another format is asked for.

Read in this order: ``_style`` (what matplotlib figures share); ``_text_width``, ``_marks``,
``_arcs``, ``_drawing_as_figure`` and ``_drawing`` (pictures as values, and how they are shown);
``_palette`` (colors of elements); ``_element_classes``, ``_coset_order`` and ``_arrangement`` (the
order of elements in which structure shows); ``_normal_subgroups``, ``_characters``, ``_matrices``
and ``_curves`` (one figure each); ``_chosen`` (subgroups and generators that a person names);
``_completed_operation`` (what a picture needs of a solution), ``_nodes`` and
``_isotonic_regression``; the rooms ``operation_tables``, ``cayley_diagrams``, ``hasse_diagrams``,
``element_graphs``, ``point_groups`` and ``networks`` (trained ones); ``_figure_kinds`` (the figures
by the names that ``cayley plot`` takes) and ``_picture`` (one of them, for notebooks);
``_measurements`` and ``_activity`` (records of experiments and spiking networks).
"""

from cayley.report.figures._characters import draw_characters
from cayley.report.figures._curves import draw_curves
from cayley.report.figures._matrices import draw_matrices
from cayley.report.figures._picture import Picture, draw_picture
from cayley.report.figures._style import save_figure
from cayley.report.figures.cayley_diagrams._cayley_graph import draw_cayley_graph
from cayley.report.figures.hasse_diagrams._subgroup_lattice import draw_normal_subgroups
from cayley.report.figures.operation_tables._multiplication_table import draw_provenance, draw_table

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
    "save_figure",
]
