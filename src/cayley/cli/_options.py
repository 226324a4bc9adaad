"""Options that several commands share, and the table that they describe."""

from typing import Annotated, Literal

import typer

from cayley.tables import Table, read_table

__all__ = ["AllowConflicts", "File", "Format", "MaxOrder", "Unknown", "read"]

File = Annotated[str, typer.Argument(help="The table; - reads standard input.", show_default=False)]
Format = Annotated[
    Literal["csv", "tsv", "triples", "json", "npz", "npy"] | None,
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
    file: str,
    format: Literal["csv", "tsv", "triples", "json", "npz", "npy"] | None,
    unknown: list[str] | None,
    allow_conflicts: bool,
    max_order: int,
) -> Table:
    """Read the table that the options describe."""
    return read_table(
        file,
        format=format,
        unknown=unknown,
        allow_conflicts=allow_conflicts,
        max_order=max_order,
    )
