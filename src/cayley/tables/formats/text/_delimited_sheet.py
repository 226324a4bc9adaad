"""The sheet in a CSV or TSV text, and what it may be, told from its first lines."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from cayley._errors import TableFormatError
from cayley.tables.formats._context import Delimiter, ReadContext
from cayley.tables.formats._raw import Products, Sniffed
from cayley.tables.formats.rectangles._arrangement import Arrangement, arrangements
from cayley.tables.formats.rectangles._sheet import Sheet, sheet_from_records
from cayley.tables.formats.text._csv_records import find_delimiter, read_records

__all__ = ["plain_products", "sheet_from_text", "sniff_arrangement", "sniff_delimiter"]

# A table of order 40 with short labels is seen whole; of larger ones, the shape of the first lines
# tells what the whole is.
_LOOKED_AT = 1 << 14

_PIECE = 1 << 20  # characters that are cut at once: the labels of all lines would fill the memory
# Lines of three fields without white space, the last of which may be blank.
_PLAIN: dict[Delimiter, re.Pattern[str]] = {
    d: re.compile(rf"(?:{line}\n)*+(?:{line})?+")
    for d in (",", ";", "\t")
    for line in [rf"[^\s{d}]++{d}[^\s{d}]++{d}[^\s{d}]*+"]
}

_NOBODY = ReadContext(
    name="",
    markers=frozenset(),
    json_markers=frozenset(),
    allow_conflicts=True,
    max_order=1 << 40,
)


def sheet_from_text(text: str, context: ReadContext) -> tuple[Sheet, Delimiter]:
    """Return the sheet in a text, and the delimiter of its fields.

    Raises:
        TableFormatError: If quotes do not close, lines have different numbers of fields, or there
            are more fields or lines than a table within the limit has.
    """
    delimiter = find_delimiter(
        text, preferred=context.delimiters, allowed=context.allowed_delimiters
    )
    _check_first_line(text, delimiter, context)
    records = _not_too_many(read_records(text, context, delimiter), context)
    return sheet_from_records(records, context), delimiter


def plain_products(text: str, delimiter: Delimiter) -> Products | None:
    """Return the columns of a text that has three bare fields in every line, or None.

    The general way looks at every record several times, which takes ten seconds for a million
    lines. Here nothing is quoted, indented, commented or blank, but the results of some lines, so
    that nothing is to be left out and no label has blanks around it.
    """
    if '"' in text or "#" in text or not _PLAIN[delimiter].fullmatch(text):
        return None
    columns: tuple[list[str], list[str], list[str]] = [], [], []
    same: dict[str, str] = {}  # equal labels as one string: they are few, and lines many
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        piece = text[start:end].removesuffix("\n").replace("\n", delimiter).split(delimiter)
        labels = list(map(same.setdefault, piece, piece))
        for place, column in enumerate(columns):
            column.extend(labels[place::3])
        start = end
    # Fewer lines may be a table of order 2 or 3, and without a result the third column is blank.
    if len(columns[2]) < 5 or not any(islice(columns[2], 1, None)):
        return None
    return Products(*columns)


def _not_too_many(
    records: Iterator[tuple[int, list[str]]], context: ReadContext
) -> Iterator[tuple[int, list[str]]]:
    """Yield records, and refuse more rows than a table has; lists of triples may be longer."""
    # Besides the rows there are a header, titles and notes, hardly more than rows.
    most = 2 * context.max_order + 100
    rows = 0
    for line, record in records:
        rows += len(record) != 3 and any(record)
        if rows > most:
            context.check_sizes(rows, len(record), 1)
        yield line, record


def _check_first_line(text: str, delimiter: Delimiter, context: ReadContext) -> None:
    """Refuse a first line of too many fields before it is cut: its fields would fill the memory."""
    end = text.find("\n")
    end = len(text) if end < 0 else end
    # Delimiters inside quotes are part of labels; such a line is cut, and refused afterwards.
    if end > context.max_order and text.find('"', 0, end) < 0:
        count = text.count(delimiter, 0, end)
        # Twice the limit, as trailing delimiters are left out later.
        if count > 2 * context.max_order:
            context.check_sizes(1, count, 1)


def sniff_arrangement(text: str, arrangement: Arrangement) -> Sniffed:
    """Return how sure it is that a text holds a sheet of this kind, and why."""
    return _beginning(text)[1].get(arrangement, (0.0, ""))


def sniff_delimiter(text: str) -> Delimiter:
    """Return the delimiter of a text."""
    return _beginning(text)[0]


def _beginning(text: str) -> tuple[Delimiter, dict[Arrangement, Sniffed]]:
    return _told_by(text[:_LOOKED_AT], len(text) <= _LOOKED_AT)


# Four formats ask about the same text one after another.
@lru_cache(maxsize=1)
def _told_by(beginning: str, is_whole: bool) -> tuple[Delimiter, dict[Arrangement, Sniffed]]:
    delimiter = find_delimiter(beginning)
    try:
        records = list(_whole_records(beginning, delimiter, is_whole))
        sheet = sheet_from_records(records, _NOBODY)
    except TableFormatError:
        # What is wrong is said when the text is read; it is no table of another kind.
        return delimiter, {"labeled": (0.2, "a table with labels")}
    return delimiter, arrangements(sheet, is_whole=is_whole)


def _whole_records(
    beginning: str, delimiter: Delimiter, is_whole: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a beginning, without the last one if it may be cut."""
    before: tuple[int, list[str]] | None = None
    try:
        for record in read_records(beginning, _NOBODY, delimiter):
            if before is not None:
                yield before
            before = record
    except TableFormatError:
        if is_whole:
            raise
    if is_whole and before is not None:
        yield before
