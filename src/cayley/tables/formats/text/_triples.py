"""Lists of triples: one observed product (left, right, result) per line or item."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._raw import RawTriples, Sniffed
from cayley.tables.formats.rectangles._arrangement import TRIPLE_HEADERS
from cayley.tables.formats.rectangles._raw_from_sheet import raw_products, raw_triples
from cayley.tables.formats.text._csv_records import (
    check_writable,
    find_delimiter,
    needs_quotes,
    write_records,
)
from cayley.tables.formats.text._delimited_sheet import (
    plain_products,
    sheet_from_text,
    sniff_arrangement,
)
from cayley.tables.labels._alphabets import Appearances, infer_triple_alphabets, record_appearance

__all__ = [
    "TRIPLES",
    "TRIPLE_HEADERS",
    "parse_triples",
    "write_triples",
]


def parse_triples(text: str, context: ReadContext) -> RawTriples:
    """Return the products in a text of three columns, with a header line or without.

    Raises:
        TableFormatError: If a line has not three fields, or the first may be a header or not.
    """
    delimiter = find_delimiter(
        text, preferred=context.delimiters, allowed=context.allowed_delimiters
    )
    products = plain_products(text, delimiter)
    if products is not None:
        raw = raw_products(products, range(1, len(products.left) + 1), (), context)
        return replace(raw, delimiter=delimiter)
    sheet, delimiter = sheet_from_text(text, context)
    return replace(raw_triples(sheet, context), delimiter=delimiter)


def write_triples(table: Table, context: WriteContext) -> str:
    """Return triples as text: the known cells row by row, then the repeats.

    Where the order of the labels would be lost, lines without a result come first and list them.

    Raises:
        ValueError: If the reader would not give the same table back.
    """
    check_writable(
        {*table.rows, *table.columns, *table.symbols},
        set(context.markers) - {*table.rows, *table.columns},
    )
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


def sniff_triples(text: str) -> Sniffed:
    """Return how sure it is that a text is a list of triples."""
    return sniff_arrangement(text, "triples")


# No suffix of its own: triples are CSV or TSV files, and only their content tells them apart.
TRIPLES = Format(name="triples", sniff=sniff_triples, parse=parse_triples, write=write_triples)
