"""Lists of triples: one observed product (left, right, result) per line or item."""

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np

from cayley.tables._table import Table
from cayley.tables.formats._alphabets import Appearances, infer_triple_alphabets, record_appearance
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._csv_records import (
    check_spacing,
    check_writable,
    find_delimiter,
    needs_quotes,
    read_records,
    write_records,
)

__all__ = [
    "TRIPLES",
    "TRIPLE_HEADERS",
    "NumberedTriple",
    "read_triples",
    "starts_with_triple_header",
    "table_from_numbered_triples",
    "write_triples",
]

# A header is required. Without one, a list of three-field lines would be a square table with two
# columns, and there would be two readings of one file. The first names are the ones written.
TRIPLE_HEADERS = (
    ("left", "right", "result"),
    ("row", "column", "symbol"),
    ("a", "b", "c"),
    ("state", "action", "next"),
)
"""The header lines that announce triples, in any case."""

NumberedTriple = tuple[int, str, str, str | None]
"""One triple: the line or item it comes from, left, right, and the result or None if unknown."""


def read_triples(text: str, context: ReadContext) -> Table:
    """Read triples from text with a header line.

    Raises:
        TableFormatError: If there is no header, a line has not three fields, a label is empty or
            two lines contradict each other.
    """
    delimiter = find_delimiter(text, preferred=context.delimiters)
    records = read_records(text, context, delimiter)
    line, header = next(records, (1, []))
    if not _is_triple_header(header):
        known = "; ".join(",".join(names) for names in TRIPLE_HEADERS)
        raise context.error(f"triples start with a header line, one of: {known}.", line=line)
    return table_from_numbered_triples(_read_lines(records, context), context, unit="line")


def _read_lines(
    records: Iterator[tuple[int, list[str]]], context: ReadContext
) -> Iterator[NumberedTriple]:
    labels: set[str] = set()
    for line, record in records:
        if len(record) != 3:
            column = min(len(record), 3) + 1
            raise context.error(
                f"expected 3 fields (left, right, result); got {len(record)}.",
                line=line,
                column=column,
            )
        left, right, result = record
        for column, label in ((1, left), (2, right)):
            if not label or label in context.markers:
                what = "is empty" if not label else f"{shown(label)} also marks unknown results"
                raise context.error(
                    f"the {'left' if column == 1 else 'right'} label {what}. Declare the markers "
                    "that mean unknown with `unknown` (`--unknown`), or use JSON.",
                    line=line,
                    column=column,
                )
        labels.update(record)
        known = result and result not in context.markers
        yield line, left, right, result if known else None
    try:
        # After the last line, as the spaces of two labels can only be compared when both are known.
        check_spacing(labels - context.markers - {""}, context.markers)
    except ValueError as error:
        raise context.error(str(error)) from None


def table_from_numbered_triples(
    triples: Iterable[NumberedTriple], context: ReadContext, *, unit: Literal["line", "item"]
) -> Table:
    """Return the table of some triples, its alphabets inferred from them.

    The first observation of a cell counts. A further one that contradicts it is refused, or kept
    among the repeats if the context allows conflicts; one that agrees is dropped, or kept likewise.

    Raises:
        TableFormatError: If triples contradict each other, none is known or they are too many.
    """
    appearances: Appearances = ({}, {}, {})
    lefts, rights, results = appearances
    cells: dict[tuple[str, str], tuple[str, int]] = {}
    repeats: list[tuple[str, str, str]] = []
    for number, left, right, result in triples:
        if left not in lefts:
            record_appearance(appearances, 0, left)
        if right not in rights:
            record_appearance(appearances, 1, right)
        if result is None:
            continue
        if result not in results:
            record_appearance(appearances, 2, result)
        # The first observation stays in the table, whether or not later ones agree: which of them
        # is wrong is a question for the solver.
        given, earlier = cells.setdefault((left, right), (result, number))
        if earlier == number:
            continue
        if context.allow_conflicts:
            repeats.append((left, right, result))
        elif given != result:
            where = f"{unit} {number} " if unit == "item" else ""
            raise context.error(
                f"{where}contradicts {unit} {earlier}: {shown(left)} and {shown(right)} give "
                f"{shown(given)} there and {shown(result)} here. Allow conflicting observations "
                "with `allow_conflicts` (`--allow-conflicts`).",
                line=number if unit == "line" else None,
            )
    if not cells:
        raise context.error("no product is known; at least one triple must have a result.")
    rows, columns, symbols = infer_triple_alphabets(appearances)
    context.check_sizes(len(rows), len(columns), len(symbols))
    observed = [(left, right, result) for (left, right), (result, _) in cells.items()]
    return Table.from_triples([*observed, *repeats], rows=rows, columns=columns, symbols=symbols)


def write_triples(table: Table, context: WriteContext) -> str:
    """Return triples as text: the known cells row by row, then the repeats.

    Where the order of the labels would be lost, lines without a result come first and list them.

    Raises:
        ValueError: If the reader would not give the same table back.
    """
    check_writable({*table.rows, *table.columns, *table.symbols}, context.markers)
    plain = list(table.triples())
    alphabets = (table.rows, table.columns, table.symbols)
    # The plain list first: it is the file that a person would write. Declarations are added only if
    # the order of the labels would be lost without them.
    for records in (plain, [*_declarations(table), *_by_symbol(table)]):
        inferred = _inferred(records)
        if inferred == alphabets or (context.reorder and _as_sets(inferred) == _as_sets(alphabets)):
            labels = (*table.rows, *table.columns, *table.symbols)
            quote = needs_quotes(labels, context.delimiter)
            return write_records([TRIPLE_HEADERS[0], *records], context.delimiter, quote=quote)
    raise ValueError(
        "triples cannot say what the labels of this table are; they would be read differently. "
        "Use `json` or `npz`, or `reorder` if only the order differs."
    )


def _declarations(table: Table) -> list[tuple[str, str, str]]:
    """Return triples without results that list rows and columns in their order."""
    last_row, last_column = len(table.rows) - 1, len(table.columns) - 1
    return [
        (table.rows[min(i, last_row)], table.columns[min(i, last_column)], "")
        for i in range(max(last_row, last_column) + 1)
    ]


def _by_symbol(table: Table) -> list[tuple[str, str, str]]:
    """Return the triples so that results first appear in the order of the symbols."""
    plain = list(table.triples())
    results = table.observations[: table.num_observed, 2]
    # Stable: within one symbol the triples stay row by row, so that equal tables give equal files.
    order = np.argsort(results, kind="stable").tolist()
    return [plain[i] for i in order] + plain[table.num_observed :]


def _as_sets(alphabets: Iterable[tuple[str, ...]]) -> list[set[str]]:
    return [set(labels) for labels in alphabets]


def _inferred(records: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, ...], ...]:
    appearances: Appearances = ({}, {}, {})
    for record in records:
        for place, label in enumerate(record):
            if label and label not in appearances[place]:
                record_appearance(appearances, place, label)
    return infer_triple_alphabets(appearances)


def starts_with_triple_header(text: str, context: ReadContext) -> bool:
    """Return whether the first record announces triples.

    Raises:
        TableFormatError: If the first record cannot be read at all.
    """
    delimiter = find_delimiter(text, preferred=context.delimiters)
    _, header = next(read_records(text, context, delimiter), (1, []))
    return _is_triple_header(header)


def _is_triple_header(record: Iterable[str]) -> bool:
    return tuple(field.strip().lower() for field in record) in TRIPLE_HEADERS


# No suffix of its own: triples are CSV or TSV files, and only their header tells them apart.
TRIPLES = Format(name="triples", read=read_triples, write=write_triples)
