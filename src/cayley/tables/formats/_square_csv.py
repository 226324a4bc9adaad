"""Square tables as CSV or TSV: a header row of column labels, a first column of row labels."""

from collections.abc import Collection, Iterator

import numpy as np

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._alphabets import infer_table_symbols
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._csv_records import (
    check_spacing,
    check_writable,
    find_delimiter,
    needs_quotes,
    read_records,
    write_records,
)

__all__ = ["CSV", "TSV", "read_square", "write_square"]


class _Codes(dict[str, int]):
    """A dictionary that numbers labels by first appearance; every marker has the number -1."""

    def __init__(self, markers: Collection[str]) -> None:
        super().__init__(dict.fromkeys(("", *markers), UNKNOWN))
        self.num_markers = len(self)

    def __missing__(self, label: str) -> int:
        code = self[label] = len(self) - self.num_markers
        return code

    @property
    def labels(self) -> list[str]:
        return list(self)[self.num_markers :]


def read_square(text: str, context: ReadContext) -> Table:
    """Read a square table from text.

    Raises:
        TableFormatError: If the text is empty, ragged, not square, repeats a label or knows no
            product.
    """
    delimiter = find_delimiter(text, preferred=context.delimiters)
    records = read_records(text, context, delimiter)
    line, header = next(records, (1, []))
    columns = _read_header(header, line, context)
    rows, codes, array = _read_body(records, columns, context)
    if len(rows) != len(columns):
        raise context.error(
            f"a square table has as many rows as columns; got {len(rows)} rows and "
            f"{len(columns)} columns. Use triples or JSON for a rectangular one."
        )
    seen = codes.labels
    if not seen:
        raise context.error("no product is known; at least one cell must have a label.")
    try:
        # After all rows: which label is the odd one shows only when all are known.
        check_spacing([*rows, *columns, *seen], context.markers)
    except ValueError as error:
        raise context.error(str(error)) from None
    symbols = infer_table_symbols(rows, columns, seen)
    context.check_sizes(len(rows), len(columns), len(symbols))
    place = {label: i for i, label in enumerate(symbols)}
    # The last entry serves the cells with UNKNOWN = -1.
    renumber = np.array([place[label] for label in seen] + [UNKNOWN])
    return Table(rows=tuple(rows), columns=tuple(columns), symbols=symbols, array=renumber[array])


def _read_header(header: list[str], line: int, context: ReadContext) -> list[str]:
    # The corner may hold anything: a blank, a `*`, the name of the group.
    columns = header[1:]
    if not columns:
        what = "has a single field" if header else "is empty"
        raise context.error(
            f"the table {what}; a square table starts with a row of column labels and has a "
            "first column of row labels.",
            line=line if header else None,
        )
    # Refused at the header, before any row is read: a file of 100 million columns ends here.
    context.check_sizes(1, len(columns), 1)
    first: dict[str, int] = {}
    for number, label in enumerate(columns, start=2):
        _check_margin(label, "column", context, line, number)
        if label in first:
            raise context.error(
                f"the column label {shown(label)} stands in column {first[label]} already.",
                line=line,
                column=number,
            )
        first[label] = number
    return columns


def _read_body(
    records: Iterator[tuple[int, list[str]]], columns: list[str], context: ReadContext
) -> tuple[list[str], _Codes, np.ndarray]:
    codes = _Codes(context.markers)
    first: dict[str, int] = {}
    coded: list[np.ndarray] = []
    for line, (label, *cells) in records:
        _check_margin(label, "row", context, line, 1)
        if label in first:
            raise context.error(
                f"the row label {shown(label)} stands in line {first[label]} already.",
                line=line,
                column=1,
            )
        if len(cells) != len(columns):
            raise context.error(
                f"expected {len(columns) + 1} fields (a row label and one for each column); "
                f"got {len(cells) + 1}.",
                line=line,
                column=min(len(cells), len(columns)) + 2,
            )
        first[label] = line
        # Checked row by row, so that a file with too many rows is refused while it is read.
        if len(first) > context.max_order:
            context.check_sizes(len(first), len(columns), 1)
        # One number a cell in place of a string; the strings of a line can then be freed.
        coded.append(np.array([codes[cell] for cell in cells], np.int64))
    return list(first), codes, np.array(coded, np.int64).reshape(-1, len(columns))


def _check_margin(label: str, kind: str, context: ReadContext, line: int, column: int) -> None:
    if not label:
        raise context.error(f"the {kind} label is empty.", line=line, column=column)
    if label in context.markers:
        raise context.error(
            f"the {kind} label {shown(label)} also marks unknown cells. Declare the markers that "
            "mean unknown with `unknown` (`--unknown`), or use JSON.",
            line=line,
            column=column,
        )


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
    check_writable({*table.rows, *table.columns, *table.symbols}, context.markers)
    known = table.array[table.array != UNKNOWN]
    seen = [table.symbols[c] for c in dict.fromkeys(known.tolist())]
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


# Which of the two a square table was written as is told by its delimiter, not by its name: both
# are read alike, and a .csv file with tabs is one with tabs.
CSV = Format(name="csv", suffixes=(".csv",), read=read_square, write=write_square)
TSV = Format(name="tsv", suffixes=(".tsv", ".tab"), read=read_square, write=write_square)
