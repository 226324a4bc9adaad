"""Files that a visitor takes along: a table in any format, or what is thought of it."""

import io
import json
from collections.abc import Callable

from cayley.completion import Solution
from cayley.report._html import render_report
from cayley.report._write_solution import _cells as cells_as_csv
from cayley.tables import Table, write_table
from cayley.tables._formulas_as_text import with_formulas_as_text
from cayley.tables.formats import BINARY, FORMATS, READ_ONLY

__all__ = ["MEDIA", "SOLUTION_FILES", "TABLE_FORMATS", "exported"]

TABLE_FORMATS = tuple(name for name in FORMATS if name not in READ_ONLY)
"""Formats that a table can be written in."""

SOLUTION_FILES = ("solution.json", "cells.csv", "report.html", "certificate.json")
"""Files that say what is thought of a table."""

MEDIA = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "html": "text/html",
    "md": "text/markdown",
    "tex": "text/x-tex",
    "svg": "image/svg+xml",
}
"""What browsers call the kinds of files by their endings; anything else is data."""


def exported(table: Table, what: str, solved: Callable[[], Solution]) -> tuple[str, str, bytes]:
    r"""Return the name, the kind and the content of a file.

    Args:
        table: The table.
        what: A format of tables, ``spreadsheet``, or one of :data:`SOLUTION_FILES`.
        solved: Returns what is thought of the table.

    Raises:
        ValueError: If there is no such file, or the format can't hold the table.

    Example:
        >>> exported(Table.from_array([[0]]), "csv", lambda: None)
        ('table.csv', 'text/csv', b',0\n0,0\n')
    """
    if what in SOLUTION_FILES:
        return what, _media(what), _of_solution(solved(), what)
    if what == "spreadsheet":  # a CSV file in which no label is taken for a formula
        table, what = with_formulas_as_text(table), "csv"
    if what not in TABLE_FORMATS:
        raise ValueError(f"There is no format {what!r}; there are {', '.join(TABLE_FORMATS)}.")
    suffixes = FORMATS[what].suffixes
    name = f"table{suffixes[0] if suffixes else f'-{what}.csv'}"
    if what in BINARY:
        binary = io.BytesIO()
        write_table(table, binary, format=what)  # type: ignore[arg-type]
        return name, _media(name), binary.getvalue()
    text = io.StringIO()
    write_table(table, text, format=what, reorder=True)  # type: ignore[arg-type]
    return name, _media(name), text.getvalue().encode()


def _media(name: str) -> str:
    return MEDIA.get(name.rpartition(".")[2], "application/octet-stream")


def _of_solution(solution: Solution, name: str) -> bytes:
    """Return one file of a solution."""
    if name == "solution.json":
        document = json.dumps(solution.to_document(), ensure_ascii=False, indent=1)
        return f"{document}\n".encode()
    if name == "certificate.json":
        if solution.certificate is None:
            raise ValueError("There is nothing to prove here, so there is no certificate.")
        return json.dumps(solution.certificate, ensure_ascii=False).encode() + b"\n"
    if name == "cells.csv":
        return cells_as_csv(solution, solution.table).encode()
    return render_report(solution).encode()
