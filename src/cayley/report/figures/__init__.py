"""The figures: each a function that takes a solution and returns a matplotlib ``Figure``.

Most are values first: a ``Drawing`` becomes SVG for a page or a file without matplotlib, and a
``Figure`` where another format is asked for.

Read in this order: ``drawing`` (a room: pictures as values, and how they are shown),
``element_order`` (a room: the order in which structure shows); ``_characters``, ``_matrices`` and
``_curves`` (one figure each); ``_completed_operation`` (what a picture needs of a solution) and
``_isotonic_regression``; the rooms ``operation_tables``, ``cayley_diagrams``, ``hasse_diagrams``,
``element_graphs``, ``point_groups`` and ``networks``; ``_figure_kinds`` (the figures by the names
that ``cayley plot`` takes) and ``_picture`` (one of them, for notebooks); ``_measurements`` and
``_activity`` (records of experiments and spiking networks).
"""

from cayley.report.figures._characters import draw_characters
from cayley.report.figures._curves import draw_curves
from cayley.report.figures._matrices import draw_matrices
from cayley.report.figures._picture import Picture, draw_picture
from cayley.report.figures.cayley_diagrams._cayley_graph import draw_cayley_graph
from cayley.report.figures.drawing._style import save_figure
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
