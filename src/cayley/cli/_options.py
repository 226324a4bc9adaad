"""Options that several commands share, and the table that they describe."""

from typing import IO, Annotated, Literal

import typer

from cayley._errors import TableFormatError
from cayley.cli._console import note
from cayley.cli._memory import limit_memory
from cayley.deduction.presentations._read_source import GROUP_FORMATS, read_source
from cayley.tables import Table
from cayley.tables.formats import FORMATS
from cayley.tables.labels._formulas import formulas_among
from cayley.tables.labels._shown import listed

__all__ = [
    "AllowConflicts",
    "Device",
    "File",
    "Format",
    "InputFormat",
    "MaxOrder",
    "MemoryLimit",
    "Open",
    "Spreadsheet",
    "Unknown",
    "checked_format",
    "note_formulas",
    "read",
    "say_how_read",
]

_NAMES = ", ".join((*FORMATS, *GROUP_FORMATS))

File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="The table; - reads standard input.", show_default=False),
]


def checked_format(name: str | None) -> str | None:
    """Return the name of a format as it was given.

    Raises:
        typer.BadParameter: If there is no such format.
    """
    if name is not None and name not in FORMATS and name not in GROUP_FORMATS:
        raise typer.BadParameter(f"{name!r} is not one of {_NAMES}.")
    return name


FORMAT_HELP = f"Format of the input; told by content and suffix if not given. One of {_NAMES}."
Format = Annotated[
    str | None,
    # The second name is the first one of earlier versions.
    typer.Option(
        "--format", "--input-format", metavar="NAME", callback=checked_format, help=FORMAT_HELP
    ),
]
# For commands whose --format is that of the output.
InputFormat = Annotated[
    str | None,
    typer.Option("--input-format", metavar="NAME", callback=checked_format, help=FORMAT_HELP),
]
Unknown = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TEXT",
        help="What marks an unknown cell, instead of ? . - _ * NA NaN None null #N/A, and 0 under "
        "labels 1..n (blank always does). Repeatable.",
    ),
]
Open = Annotated[
    bool,
    typer.Option("--open", help="Results may lie outside the labels of rows and columns."),
]
AllowConflicts = Annotated[
    bool,
    typer.Option("--allow-conflicts", help="Take contradicting triples as noisy observations."),
]
Spreadsheet = Annotated[
    bool,
    typer.Option(
        "--spreadsheet",
        help="Put an apostrophe before labels in CSV files that a spreadsheet program would take "
        "for formulas; they are other labels then.",
    ),
]
# A limit and not the memory decides, so that a wrong file is refused at once: the table of order n
# takes 8 n^2 bytes, 200 MB at the default of 5000.
MaxOrder = Annotated[int, typer.Option(metavar="N", min=1, help="Largest order to read.")]

MemoryLimit = Annotated[
    str,
    typer.Option(
        metavar="SIZE",
        callback=limit_memory,
        help="Most memory, such as 4G or 500M; auto is three quarters of what there is, none no "
        "limit.",
    ),
]


Device = Annotated[
    Literal["cpu", "cuda", "auto"],
    typer.Option(
        help="Where learned solvers compute; cuda is a GPU, auto a GPU where there is one."
    ),
]


def read(
    file: str | IO[bytes],
    format: str | None,
    unknown: list[str] | None,
    allow_conflicts: bool = False,
    max_order: int = 5000,
    *,
    open: bool = False,
) -> Table:
    """Read the table that the options describe, or that of a group; a note says how it was read.

    Nothing is said of a table that everybody would read so.
    """
    try:
        table = read_source(
            file,
            format=format,
            unknown=unknown,
            open=open,
            allow_conflicts=allow_conflicts,
            max_order=max_order,
            note=lambda sentence: note(f"cayley: {sentence}"),
        )
    except TableFormatError as error:
        # What the library calls `format` is the format of the output in some commands.
        raise ValueError(str(error).replace("`format`", "--input-format")) from None
    say_how_read(table)
    return table


def note_formulas(table: Table, *, where: str) -> None:
    """Say which labels a spreadsheet program would take for formulas, if there are any."""
    found = formulas_among((*table.rows, *table.columns, *table.symbols))
    if found:
        note(
            f"cayley: spreadsheet programs calculate with labels that begin with = + - or @; in "
            f"{where} these are {listed(found)}. --spreadsheet makes them text."
        )


def say_how_read(table: Table) -> None:
    """Write one line to standard error on how a table was read, if it is not obvious."""
    if table.reading is not None and not table.reading.is_obvious:
        note(f"cayley: {table.reading}.")
