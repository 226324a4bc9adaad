"""What a person looks at: the HTML report, and the folder with everything about a solution.

``write_report`` writes one self-contained page; ``write_solution`` a folder with the table, the
cells with their provenance, the JSON document, the matrices and the report, whole or not at all;
``write_discovery`` one with a group that was discovered, its matrices and a network on it.
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
from cayley.report._discovery import write_discovery
from cayley.report._html import render_report, write_report

__all__ = ["check_output", "render_report", "write_discovery", "write_report", "write_solution"]
