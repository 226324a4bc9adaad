"""Options that several commands share, and the table that they describe."""

from typing import IO, Annotated, Literal

import typer

from cayley._errors import TableFormatError
from cayley.cli._console import note
from cayley.deduction._read_source import read_source
from cayley.tables import Table

__all__ = ["AllowConflicts", "File", "Format", "InputFormat", "MaxOrder", "Unknown", "read"]

File = Annotated[str, typer.Argument(help="The table; - reads standard input.", show_default=False)]
InputFormat = Literal[
    "csv", "tsv", "triples", "json", "npz", "npy", "generators", "operations", "presentation"
]
"""The formats of tables, and what stands for a group."""

Format = Annotated[
    InputFormat | None,
    typer.Option(
        "--input-format", help="Format of the input; told by content and suffix if not given."
    ),
]
Unknown = Annotated[
    list[str] | None,
    typer.Option(
        help="What marks an unknown cell, instead of ? . - NA (blank always does). Repeatable."
    ),
]
AllowConflicts = Annotated[
    bool,
    typer.Option("--allow-conflicts", help="Take contradicting triples as noisy observations."),
]
# A limit and not the memory decides, so that a wrong file is refused at once: the table of order n
# takes 8 n^2 bytes, 200 MB at the default of 5000.
MaxOrder = Annotated[int, typer.Option(min=1, help="Largest order to read.")]


def read(
    file: str | IO[bytes],
    format: InputFormat | None,
    unknown: list[str] | None,
    allow_conflicts: bool,
    max_order: int,
) -> Table:
    """Read the table that the options describe, or that of a group; a note says how it was read."""
    try:
        return read_source(
            file,
            format=format,
            unknown=unknown,
            allow_conflicts=allow_conflicts,
            max_order=max_order,
            note=lambda sentence: note(f"cayley: {sentence}"),
        )
    except TableFormatError as error:
        # What the library calls `format` is the format of the output in some commands.
        raise ValueError(str(error).replace("`format`", "--input-format")) from None
