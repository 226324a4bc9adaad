"""The records of a CSV or TSV text, each with the line it starts on, and their writer."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence

from cayley.tables.formats._context import Delimiter, ReadContext, shown

__all__ = [
    "check_spacing",
    "check_writable",
    "find_delimiter",
    "needs_quotes",
    "read_records",
    "write_records",
]

# The order decides a tie between delimiters that make equally many fields.
_DELIMITERS: tuple[Delimiter, ...] = (",", "\t", ";")


def find_delimiter(text: str, *, preferred: Sequence[Delimiter] = ()) -> Delimiter:
    r"""Return the delimiter that splits the first record.

    One that leaves the corner of the table blank comes first, then the preferred ones in their
    order, then what makes most fields. Labels are quoted strictly, so that a delimiter inside
    quotes does not count and one that would cut a quoted label in two is ruled out.

    Example:
        >>> find_delimiter('"";"a,b";c'), find_delimiter("\ta,b\tc,d\te")
        (';', '\t')
    """
    order = (*preferred, *(d for d in _DELIMITERS if d not in preferred))
    records = {delimiter: _first_record(text, delimiter) for delimiter in order}
    splitting = [delimiter for delimiter in order if len(records[delimiter]) > 1]
    if not splitting:
        return order[0]
    # The corner of a square table is usually blank, and a label rarely is. Without this, decimal
    # commas as in `;1,5;2,5` would pass for delimiters.
    blank = [delimiter for delimiter in splitting if not records[delimiter][0]]
    # With a suffix the preferred order decides, as the user said what the file is; without one,
    # what makes the most fields.
    found = blank or splitting
    return found[0] if preferred else max(found, key=lambda delimiter: len(records[delimiter]))


def read_records(
    text: str, context: ReadContext, delimiter: Delimiter
) -> Iterator[tuple[int, list[str]]]:
    """Yield every record that is not blank with the number of the line it starts on.

    Raises:
        TableFormatError: If quotes do not close or something follows a closing quote.
    """
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    while True:
        # Taken before reading: a quoted label may hold line feeds, and a message names the line
        # where its record starts.
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            hint = "Quotes inside a quoted label are doubled."
            raise context.error(
                f"malformed {_name(delimiter)}: {error}. {hint}", line=line
            ) from None
        if record is None:
            return
        # Blank lines, which editors and spreadsheets leave at the end, come as [] or [''].
        if record and record != [""]:
            yield line, record


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


def check_spacing(labels: Iterable[str], markers: Collection[str]) -> None:
    """Refuse labels that only surrounding spaces keep apart from another label or a marker.

    Raises:
        ValueError: If two labels differ in nothing but surrounding spaces.
    """
    bare: dict[str, str] = {}
    # Shorter labels first, so that the message blames the label with the spaces.
    for label in ("", *sorted({*markers, *labels} - {""}, key=lambda label: (len(label), label))):
        other = bare.setdefault(label.strip(), label)
        if other != label:
            what = shown(other) if other else "a blank"
            raise ValueError(
                f"{shown(label)} differs from {what} only by spaces around it. "
                "Remove them, or use JSON if they are meant."
            )


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
    check_spacing(labels, markers)


def _first_record(text: str, delimiter: Delimiter) -> list[str]:
    """Return the first record that is not blank, or nothing if this delimiter cannot be."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    try:
        return next((record for record in reader if record and record != [""]), [])
    except csv.Error:
        return []


def _name(delimiter: Delimiter) -> str:
    return "TSV" if delimiter == "\t" else "CSV"
