"""``cayley convert``: read a table in any format, say how it was read, write it in another."""

from pathlib import PurePath
from typing import Annotated, cast

import typer

from cayley.cli._console import note, usage_errors
from cayley.cli._options import (
    AllowConflicts,
    File,
    Format,
    MaxOrder,
    MemoryLimit,
    Open,
    Spreadsheet,
    Unknown,
    note_formulas,
)
from cayley.deduction.presentations._read_source import read_source
from cayley.tables import write_table
from cayley.tables._formulas_as_text import with_formulas_as_text
from cayley.tables._read_table import TableFormat
from cayley.tables.formats import FORMATS, READ_ONLY

__all__ = ["convert"]

_DELIMITED = ("csv", "tsv", "tab", "triples")
"""What spreadsheet programs open as CSV; workbooks say themselves that labels are text."""

_WRITTEN = [name for name in FORMATS if name not in READ_ONLY]


def _checked_target(name: str | None) -> str | None:
    """Return the name of a format that is written, as it was given."""
    if name is not None and name not in _WRITTEN:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(_WRITTEN)}.")
    return name


def convert(
    file: File,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE", help="File to write; - is standard output, with --to."
        ),
    ],
    to: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            callback=_checked_target,
            help=f"Format to write; told by the file's suffix if not given. One of "
            f"{', '.join(_WRITTEN)}.",
        ),
    ] = None,
    input_format: Format = None,
    unknown: Unknown = None,
    open_results: Open = False,
    allow_conflicts: AllowConflicts = False,
    max_order: MaxOrder = 5000,
    memory_limit: MemoryLimit = "auto",
    spreadsheet: Spreadsheet = False,
) -> None:
    """Write a table in another format, and say how it was read.

    What the format cannot hold is refused, and nothing is written. Labels may be listed in another
    order where a format has no place for theirs; the operation is the same. Of generators, symmetry
    operations and relations, the table of their group is written.

    \b
    Example: cayley convert table.xlsx -o table.csv
    Example: cayley convert table.txt -o - --to json
    Example: cayley convert numbers.csv -o table.json --format grid --unknown x
    Example: cayley convert operations.cif -o group.g
    """  # noqa: D301
    with usage_errors():
        if output == "-" and to is None:
            raise ValueError("standard output needs a format; give it with --to.")
        table = read_source(
            file,
            format=input_format,
            unknown=unknown,
            open=open_results,
            allow_conflicts=allow_conflicts,
            max_order=max_order,
            note=lambda sentence: note(f"cayley: {sentence}"),
        )
        if table.reading is not None:
            note(f"cayley: {table.reading}.")
        if (to or PurePath(output).suffix.lower().removeprefix(".")) in _DELIMITED:
            if spreadsheet:
                table = with_formulas_as_text(table)
            else:
                note_formulas(table, where=_shown_name(output))
        write_table(table, output, format=cast(TableFormat | None, to), reorder=True)
        rows, columns, symbols = (len(t) for t in (table.rows, table.columns, table.symbols))
        of = f" over {symbols} symbols" if len({rows, columns, symbols}) > 1 else ""
        cells = f"{table.num_observed} of {table.array.size} cells known"
        note(f"cayley: {rows} x {columns}{of}, {cells}; written to {_shown_name(output)}.")


def _shown_name(output: str) -> str:
    return "standard output" if output == "-" else output
