"""The records of a CSV or TSV text, each with the line it starts on, and their writer."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import cast

from cayley.tables.formats._context import Delimiter, ReadContext, shown

__all__ = [
    "check_writable",
    "declared_delimiter",
    "find_delimiter",
    "needs_quotes",
    "read_records",
    "write_records",
]

# The order decides a tie between delimiters that make equally many fields.
_DELIMITERS: tuple[Delimiter, ...] = (",", "\t", ";")

# Excel writes and reads this first line; the delimiter of a country's settings is meant.
_DECLARED = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)

# Some hundred lines of a small table, or ten of a large one: enough to see which delimiter splits
# them alike, and read in less than a millisecond.
_LOOKED_AT = 1 << 16


def find_delimiter(
    text: str, *, preferred: Sequence[Delimiter] = (), allowed: Sequence[Delimiter] = ()
) -> Delimiter:
    r"""Return the delimiter that splits a text into a table.

    The one that splits most of the first lines into equally many fields comes first; then one that
    leaves the corner of the table blank, one that gives as many rows as columns, the preferred ones
    in their order, and what makes most fields. Labels are quoted strictly, so that a delimiter
    inside quotes does not count and one that would cut a quoted label in two is ruled out.

    Example:
        >>> find_delimiter('"";"a,b";c'), find_delimiter("\ta,b\tc,d\te")
        (';', '\t')
    """
    declared = declared_delimiter(text)
    if declared is not None:
        return declared
    beginning = text[:_LOOKED_AT]
    is_whole = len(beginning) == len(text)
    order = (*preferred, *(d for d in _DELIMITERS if d not in preferred))
    order = tuple(d for d in order if not allowed or d in allowed)
    splits = {delimiter: _first_records(beginning, delimiter, is_whole) for delimiter in order}
    splitting = [d for d in order if any(len(record) > 1 for record in splits[d])]
    if not splitting:
        return order[0]

    def merits(delimiter: Delimiter) -> tuple[float, bool, bool, int, int]:
        records = splits[delimiter]
        counts = Counter(map(len, records))
        width, agreeing = counts.most_common(1)[0]
        if width == 1:
            return (-1.0, False, False, 0, 0)
        # A title and a note have other lengths; that a wrong delimiter cuts equally often is rare.
        regular = round(agreeing / len(records), 1)
        square = is_whole and len(records) == width
        rank = -order.index(delimiter) if delimiter in preferred else -len(order)
        return (regular, not records[0][0], square, rank, width)

    return max(splitting, key=merits)


def declared_delimiter(text: str) -> Delimiter | None:
    """Return the delimiter that the first line declares as Excel does (``sep=;``), or None."""
    found = _DECLARED.match(text)
    return cast(Delimiter, found[1]) if found else None


def read_records(
    text: str, context: ReadContext, delimiter: Delimiter
) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with the number of the line it starts on; a blank line is one field.

    Raises:
        TableFormatError: If quotes do not close or something follows a closing quote.
    """
    skipped = _DECLARED.match(text)
    start = skipped.end() if skipped else 0
    before = 1 if skipped else 0
    reader = csv.reader(
        io.StringIO(text[start:] if start else text, newline=""),
        delimiter=delimiter,
        skipinitialspace=True,
        strict=True,
    )
    while True:
        # Taken before reading: a quoted label may hold line feeds, and a message names the line
        # where its record starts.
        line = before + reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            hint = "Quotes inside a quoted label are doubled."
            raise context.error(
                f"malformed {_name(delimiter)}: {error}. {hint}", line=line
            ) from None
        if record is None:
            return
        yield line, record or [""]  # the csv module gives a blank line as []


def write_records(records: Iterable[Sequence[str]], delimiter: Delimiter, *, quote: bool) -> str:
    """Return records as text, with every field in quotes if ``quote``."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writerows(records)
    return text.getvalue()


def needs_quotes(labels: Iterable[str], delimiter: Delimiter) -> bool:
    """Return whether some label would be misread unless every field is in quotes.

    The csv module quotes the delimiter and line feeds by itself, but neither the spaces it skips
    nor what would make another delimiter look right.
    """
    # Not every version of the csv module puts quotes around a lone carriage return, which ends a
    # line for the reader.
    special = {"\r", *_DELIMITERS} - {delimiter}
    return any(label[:1].isspace() or not special.isdisjoint(label) for label in labels)


def check_writable(labels: Iterable[str], markers: Collection[str]) -> None:
    """Refuse labels that a CSV or TSV file would not give back.

    Raises:
        ValueError: If a label is empty, marks unknown products, is longer than the csv module
            reads, or differs from another only by spaces around it.
    """
    labels = sorted(labels)
    for label in labels:
        if not label:
            raise ValueError("an empty label would be read as unknown. Use `json` or `npz`.")
        if label in markers:
            raise ValueError(
                f"the label {shown(label)} would be read as unknown. Use `json` or `npz`, or "
                "declare other markers with `unknown` here and when reading."
            )
        # The csv module reads fields up to this length only: a longer label could be written but
        # not read.
        if len(label) >= csv.field_size_limit():
            raise ValueError(f"a label has {len(label)} characters. Use `json` or `npz`.")
        if label != label.strip(" \t") or label.isspace():
            raise ValueError(
                f"the label {shown(label)} would lose the spaces around it. Use `json` or `npz`."
            )


def _first_records(text: str, delimiter: Delimiter, is_whole: bool) -> list[list[str]]:
    """Return the records of a beginning that are not blank, or one empty one if they are none."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    records: list[list[str]] = []
    try:
        records.extend(record for record in reader if any(record))
    except csv.Error:
        # Where the beginning was cut, quotes may be open; elsewhere the delimiter is wrong.
        if is_whole:
            return [[""]]
    return (records if is_whole else records[:-1]) or [[""]]


def _name(delimiter: Delimiter) -> str:
    return "TSV" if delimiter == "\t" else "CSV"
