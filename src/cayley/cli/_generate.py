"""``cayley generate``: write a table from the name of a family, masked, noisy or relabeled."""

import io
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from cayley.cli._console import note, usage_errors
from cayley.tables import (
    MAX_ORDER,
    Table,
    add_noise,
    generate_family,
    isotope,
    mask,
    shuffle,
    write_table,
)

__all__ = ["generate"]


def generate(
    family: Annotated[
        str,
        typer.Argument(
            help="C12, S4, D8 (of order 8), A5, Q8, C3xS3, 12:3 (order:id), mod97:a^2+ab+b^2, "
            "S5:aba^-1 and the like.",
            show_default=False,
        ),
    ],
    observe: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Fraction of the cells to keep.")
    ] = 1.0,
    noise: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Fraction of the kept cells to falsify.")
    ] = 0.0,
    relabel: Annotated[
        bool, typer.Option("--shuffle", help="List the labels in a random order.")
    ] = False,
    scramble: Annotated[
        bool,
        typer.Option("--isotope", help="Relabel rows, columns and symbols independently."),
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of every random choice.")] = 0,
    truth: Annotated[
        Path | None, typer.Option(help="File for the full table, before noise and masking.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; else standard output.")
    ] = None,
    format: Annotated[
        Literal["csv", "tsv", "triples", "json", "npz", "npy"] | None,
        typer.Option(help="Format; told by the file's suffix, else csv (json where csv cannot)."),
    ] = None,
    max_order: Annotated[int, typer.Option(min=1, help="Largest order to make.")] = MAX_ORDER,
) -> None:
    """Make an operation table from the name of a family.

    Example: cayley generate S4 --observe 0.3 --seed 1 | cayley complete -
    """
    with usage_errors():
        table = generate_family(family, max_order=max_order)
        if relabel:
            table = shuffle(table, seed=seed)
        if scramble:
            table = isotope(table, seed=seed)
        # The order of the steps is part of what a seed means: noise falsifies kept cells only, and
        # --truth has the labels of the table that is written.
        full = table
        if observe < 1.0:
            table = mask(table, observe=observe, seed=seed)
        if noise:
            table = add_noise(table, noise=noise, seed=seed)
        if truth is not None:
            # CSV and triples do not hold the order of the symbols; reorder says that this is fine.
            write_table(full, truth, reorder=True)
        if out is not None:
            write_table(table, out, format=format, reorder=True)
        elif format in ("npz", "npy"):
            write_table(table, sys.stdout.buffer, format=format)  # these are bytes, no text
        elif format is None:
            sys.stdout.write(_csv_or_json(table))
        else:
            write_table(table, sys.stdout, format=format, reorder=True)


def _csv_or_json(table: Table) -> str:
    """Return a table as CSV, or as JSON if a symbol stands in no known cell.

    CSV has no place for such a symbol, and would be read back as a smaller alphabet.
    """
    text = io.StringIO()
    try:
        write_table(table, text, format="csv", reorder=True)
    except ValueError:
        note("cayley: some symbols are not seen in any known cell; writing JSON, which names them.")
        text = io.StringIO()  # a new one: the failed attempt may have written a part
        write_table(table, text, format="json")
    return text.getvalue()
