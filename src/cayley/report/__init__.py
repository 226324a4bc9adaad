"""What a person looks at: the HTML report, and the folder with everything about a solution.

``write_report`` writes one self-contained page; ``write_solution`` a folder with the table, the
cells with their provenance, the JSON document, the matrices and the report, whole or not at all;
``write_benchmark`` and ``write_reproduction`` do so for measurements,
``write_discovery`` for a group that was discovered, its matrices and a network on it.
Labels are data: they are escaped everywhere. ``draw_activity`` shows a spiking network at work.

Each figure of the report is a function of its own that returns a matplotlib ``Figure``
(:func:`draw_table`, :func:`draw_matrices`, ...), all of them by name in ``FIGURES``;
:func:`save_figure` writes one, :func:`read_solution` reads what was written before. They share
colors that the color-blind tell apart, and touch no global state of matplotlib.

Example:
    >>> from cayley.completion import solve
    >>> from cayley.report import render_report
    >>> from cayley.tables import Table
    >>> page = render_report(solve(Table.from_array([[0, 1], [1, -1]], labels=["<b>", "&"])))
    >>> "&lt;b&gt;" in page, "<b>" in page
    (True, False)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cayley.report._activity import draw_activity, has_activity
from cayley.report._artifacts import check_output, write_solution
from cayley.report._cayley_graph import draw_cayley_graph
from cayley.report._characters import draw_characters
from cayley.report._curves import PANELS, curve, draw_curves, steps_of
from cayley.report._discovery import write_discovery
from cayley.report._figures import FIGURES, FigureKind
from cayley.report._html import LEGEND, MARKS, render_report, write_report
from cayley.report._matrices import Stage, draw_matrices, matrix_stages
from cayley.report._normal_subgroups import draw_normal_subgroups
from cayley.report._ordering import Arrangement, arrange
from cayley.report._reading import read_solution
from cayley.report._style import COLORS, FIGURE_FORMATS, figure_bytes, save_figure
from cayley.report._tables import draw_before_after, draw_provenance, draw_table, places

if TYPE_CHECKING:
    from cayley.report._benchmark import summarize_results, write_benchmark
    from cayley.report._reproduction import (
        reproduction_document,
        reproduction_text,
        write_reproduction,
    )

__all__ = [
    "COLORS",
    "FIGURES",
    "FIGURE_FORMATS",
    "LEGEND",
    "MARKS",
    "PANELS",
    "Arrangement",
    "FigureKind",
    "Stage",
    "arrange",
    "check_output",
    "curve",
    "draw_activity",
    "draw_before_after",
    "draw_cayley_graph",
    "draw_characters",
    "draw_curves",
    "draw_matrices",
    "draw_normal_subgroups",
    "draw_provenance",
    "draw_table",
    "figure_bytes",
    "has_activity",
    "matrix_stages",
    "places",
    "read_solution",
    "render_report",
    "reproduction_document",
    "reproduction_text",
    "save_figure",
    "steps_of",
    "summarize_results",
    "write_benchmark",
    "write_discovery",
    "write_report",
    "write_reproduction",
    "write_solution",
]

_MEASUREMENTS = {
    "reproduction_document": "cayley.report._reproduction",
    "reproduction_text": "cayley.report._reproduction",
    "summarize_results": "cayley.report._benchmark",
    "write_benchmark": "cayley.report._benchmark",
    "write_reproduction": "cayley.report._reproduction",
}
"""What is about measurements imports the benchmarks, and those torch: loaded when asked for."""


def __getattr__(name: str) -> Any:
    if name not in _MEASUREMENTS:
        raise AttributeError(f"module 'cayley.report' has no attribute {name!r}")
    return getattr(import_module(_MEASUREMENTS[name]), name)
