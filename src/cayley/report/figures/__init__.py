"""The figures: each a function that takes a solution and returns a matplotlib ``Figure``.

Read in this order: ``_style`` (what matplotlib figures share); ``_text_width``, ``_marks``,
``_arcs`` and ``_drawing`` (pictures as values, and how they become SVG); ``_palette`` (colors of
elements); ``_element_classes`` and ``_arrangement`` (the order of elements in which structure
shows); ``_table_grid`` and ``_multiplication_table``, ``_cayley_graph``, ``_normal_subgroups``,
``_characters``, ``_matrices`` and ``_curves`` (one figure each); ``diagrams`` (a room of its own:
cycle graphs, lattices, egg-boxes, quandles, symmetries); ``_figure_kinds`` (the figures by the
names that ``cayley plot`` takes); ``_measurements`` and ``_activity`` (records of experiments and
spiking networks).
"""

from cayley.report.figures._cayley_graph import draw_cayley_graph
from cayley.report.figures._characters import draw_characters
from cayley.report.figures._curves import draw_curves
from cayley.report.figures._matrices import draw_matrices
from cayley.report.figures._multiplication_table import draw_provenance, draw_table
from cayley.report.figures._normal_subgroups import draw_normal_subgroups
from cayley.report.figures._style import save_figure

__all__ = [
    "draw_cayley_graph",
    "draw_characters",
    "draw_curves",
    "draw_matrices",
    "draw_normal_subgroups",
    "draw_provenance",
    "draw_table",
    "save_figure",
]
