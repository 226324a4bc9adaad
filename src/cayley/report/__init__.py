"""What a person looks at: the HTML report, and the folder with everything about a solution.

``write_report`` writes one self-contained page; ``write_solution`` a folder with the table, the
cells with their provenance, the JSON document, the matrices and the report, whole or not at all.
Labels are data: they are escaped everywhere. ``draw_activity`` shows a spiking network at work.

Example:
    >>> from cayley.completion import solve
    >>> from cayley.report import render_report
    >>> from cayley.tables import Table
    >>> page = render_report(solve(Table.from_array([[0, 1], [1, -1]], labels=["<b>", "&"])))
    >>> "&lt;b&gt;" in page, "<b>" in page
    (True, False)
"""

from cayley.report._activity import draw_activity, has_activity
from cayley.report._artefacts import check_output, write_solution
from cayley.report._html import render_report, write_report

__all__ = [
    "check_output",
    "draw_activity",
    "has_activity",
    "render_report",
    "write_report",
    "write_solution",
]
