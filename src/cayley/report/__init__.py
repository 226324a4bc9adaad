"""What a person looks at: the HTML report, and the folder with everything about a solution.

``write_report`` writes one self-contained page; ``write_solution`` a folder with the table, the
cells with their provenance, the JSON document, the matrices and the report, whole or not at all.
``write_benchmark`` and ``write_reproduction`` do so for measurements: tables, figures, summaries.
Labels are data: they are escaped everywhere.

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

from cayley.report._artefacts import check_output, write_solution
from cayley.report._html import render_report, write_report

if TYPE_CHECKING:
    from cayley.report._benchmark import summarise_results, write_benchmark
    from cayley.report._reproduction import (
        reproduction_document,
        reproduction_text,
        write_reproduction,
    )

__all__ = [
    "check_output",
    "render_report",
    "reproduction_document",
    "reproduction_text",
    "summarise_results",
    "write_benchmark",
    "write_report",
    "write_reproduction",
    "write_solution",
]

_MEASUREMENTS = {
    "reproduction_document": "cayley.report._reproduction",
    "reproduction_text": "cayley.report._reproduction",
    "summarise_results": "cayley.report._benchmark",
    "write_benchmark": "cayley.report._benchmark",
    "write_reproduction": "cayley.report._reproduction",
}
"""What is about measurements imports the benchmarks, and those torch: loaded when asked for."""


def __getattr__(name: str) -> Any:
    if name not in _MEASUREMENTS:
        raise AttributeError(f"module 'cayley.report' has no attribute {name!r}")
    return getattr(import_module(_MEASUREMENTS[name]), name)
