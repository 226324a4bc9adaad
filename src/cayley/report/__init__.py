"""What a person looks at: the HTML report, and the folder with everything about a solution.

``write_report`` writes one self-contained page; ``write_solution`` a folder with the table, the
cells with their provenance, the JSON document, the matrices and the report, whole or not at all.
Labels are data: they are escaped everywhere.

Example:
    >>> from cayley.completion import solve
    >>> from cayley.report import render_report
    >>> from cayley.tables import Table
    >>> page = render_report(solve(Table.from_array([[0, 1], [1, -1]], labels=["<b>", "&"])))
    >>> "&lt;b&gt;" in page, "<b>" in page
    (True, False)
"""

from cayley.report._artefacts import check_output, write_solution
from cayley.report._cayley_graph import draw_cayley_graph
from cayley.report._characters import draw_characters
from cayley.report._curves import draw_curves
from cayley.report._figures import FIGURES, FigureKind
from cayley.report._html import render_report, write_report
from cayley.report._matrices import draw_matrices
from cayley.report._normal_subgroups import draw_normal_subgroups
from cayley.report._ordering import Arrangement, arrange
from cayley.report._reading import read_solution
from cayley.report._style import FIGURE_FORMATS, figure_bytes, save_figure
from cayley.report._tables import draw_before_after, draw_provenance, draw_table

__all__ = [
    "FIGURES",
    "FIGURE_FORMATS",
    "Arrangement",
    "FigureKind",
    "arrange",
    "check_output",
    "draw_before_after",
    "draw_cayley_graph",
    "draw_characters",
    "draw_curves",
    "draw_matrices",
    "draw_normal_subgroups",
    "draw_provenance",
    "draw_table",
    "figure_bytes",
    "read_solution",
    "render_report",
    "save_figure",
    "write_report",
    "write_solution",
]
