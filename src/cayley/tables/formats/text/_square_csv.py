"""Square tables as CSV or TSV: with labels in the first row and column, or without any."""

from dataclasses import replace

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._alphabets import infer_table_symbols
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._raw import RawGrid, Sniffed
from cayley.tables.formats.rectangles._raw_from_sheet import raw_grid, raw_labeled
from cayley.tables.formats.text._csv_records import check_writable, needs_quotes, write_records
from cayley.tables.formats.text._delimited_sheet import (
    sheet_from_text,
    sniff_arrangement,
    sniff_delimiter,
)

__all__ = ["CSV", "GRID", "TSV", "parse_grid", "parse_square", "write_square"]


def parse_square(text: str, context: ReadContext) -> RawGrid:
    """Return labels and cells of a text whose first row and first column are labels.

    Raises:
        TableFormatError: If the text is empty, ragged, not square or repeats a label.
    """
    sheet, delimiter = sheet_from_text(text, context)
    return replace(raw_labeled(sheet, context), delimiter=delimiter)


def parse_grid(text: str, context: ReadContext) -> RawGrid:
    """Return the cells of a text without labels.

    Raises:
        TableFormatError: If the text is empty, ragged or not square.
    """
    sheet, delimiter = sheet_from_text(text, context)
    return replace(raw_grid(sheet, context), delimiter=delimiter)


def write_square(table: Table, context: WriteContext) -> str:
    """Return a square table as text, with unknown cells blank.

    Raises:
        ValueError: If the reader would not give the same table back; the message names a format
            that can hold it.
    """
    if len(table.rows) != len(table.columns):
        raise ValueError(
            f"a square table needs as many rows as columns; got {table.array.shape}. "
            "Use `triples`, `json` or `npz`."
        )
    if len(table.repeats):
        raise ValueError("a square table cannot hold repeats. Use `triples`, `json` or `npz`.")
    known = table.array[table.array != UNKNOWN]
    seen = [table.symbols[c] for c in dict.fromkeys(known.tolist())]
    # Row labels win over markers, so that only the other symbols could be taken for unknown.
    check_writable(
        {*table.rows, *table.columns, *table.symbols}, set(context.markers) - set(table.rows)
    )
    inferred = infer_table_symbols(table.rows, table.columns, seen)
    if inferred != table.symbols and not (context.reorder and set(inferred) == set(table.symbols)):
        what = "in what order" if set(inferred) == set(table.symbols) else "what"
        raise ValueError(
            f"a square table cannot say {what} its symbols are; they would be read differently. "
            "Use `json` or `npz`, or `reorder` if only the order differs."
        )
    # The last entry serves the cells with UNKNOWN = -1: they are written blank.
    names = (*table.symbols, "")
    records = [["", *table.columns]]
    for label, cells in zip(table.rows, table.array.tolist(), strict=True):
        records.append([label, *(names[c] for c in cells)])
    labels = (*table.rows, *table.columns, *table.symbols)
    quote = needs_quotes(labels, context.delimiter)
    return write_records(records, context.delimiter, quote=quote)


def sniff_csv(text: str) -> Sniffed:
    """Return how sure it is that a text is a labeled table, unless tabs separate its fields."""
    if sniff_delimiter(text) == "\t":
        return 0.0, ""
    sure, why = sniff_arrangement(text, "labeled")
    return sure, f"{why} (CSV)"


def sniff_tsv(text: str) -> Sniffed:
    """Return how sure it is that a text is a labeled table whose fields are separated by tabs."""
    if sniff_delimiter(text) != "\t":
        return 0.0, ""
    sure, why = sniff_arrangement(text, "labeled")
    return sure, f"{why} (TSV)"


def sniff_grid(text: str) -> Sniffed:
    """Return how sure it is that a text is a table without labels."""
    return sniff_arrangement(text, "grid")


# Which of the two a square table was written as is told by its delimiter, not by its name: both
# are read alike, and a .csv file with tabs is one with tabs.
CSV = Format(
    name="csv", suffixes=(".csv",), sniff=sniff_csv, parse=parse_square, write=write_square
)
TSV = Format(
    name="tsv", suffixes=(".tsv", ".tab"), sniff=sniff_tsv, parse=parse_square, write=write_square
)
# Not written: a table with labels says more, and is read without a doubt.
GRID = Format(name="grid", sniff=sniff_grid, parse=parse_grid)
