"""What a rectangle of fields may be: a table with labels, a grid without, or a list of triples.

One rectangle can be read in several ways. Each way gets a number from 0 to 1; ways whose numbers
lie within ``TIE`` are a tie, which the reader refuses if they give different tables.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from cayley.tables.formats._raw import Sniffed
from cayley.tables.formats.rectangles._sheet import INDEX_NAMES, Sheet, is_blank, is_sign
from cayley.tables.labels._markers import UNKNOWN_MARKERS, is_marker, zero_is_unknown
from cayley.tables.labels._spellings import plain_number
from cayley.tables.labels._unlabeled_grid import labels_of_grid

__all__ = [
    "TIE",
    "TRIPLE_HEADERS",
    "Arrangement",
    "arrangements",
    "column_names",
    "header_and_body",
    "one_margin",
]

TIE = 0.05
"""Two readings whose numbers differ by no more are equally good."""

Arrangement = Literal["labeled", "grid", "triples"]

# The first names are the ones that are written.
TRIPLE_HEADERS = (
    ("left", "right", "result"),
    ("row", "column", "symbol"),
    ("a", "b", "c"),
    ("state", "action", "next"),
)
"""The header lines that announce triples, in any case."""

# What people call the operands and the result; a first line of three such names is a header.
_COLUMN_NAMES = frozenset(
    {
        "left", "right", "result", "row", "column", "col", "symbol", "value", "state", "action",
        "next", "first", "second", "third", "product", "from", "to", "by", "via", "before", "after",
        "lhs", "rhs", "arg1", "arg2", "operand", "operand1", "operand2", "input", "input1",
        "input2", "output", "out", "op", "op1", "op2", "factor1", "factor2", "element1", "element2",
        "x", "y", "z", "a", "b", "c", "g", "h", "gh", "i", "j", "k", "p", "q", "r", "s", "t", "u",
        "v", "w", "x*y", "a*b", "xy", "ab",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labeled:
    """What speaks for a sheet with labels in its first row and column.

    Attributes:
        margins: Whether there are labels, none of them blank or twice.
        closed: Whether rows, columns and values are one set of labels, unknown values aside.
        by_zero: Whether they are only if 0 means unknown.
        corner: What stands in the corner: nothing, a sign of an operation, a word, or what may be
            a label as well.
    """

    margins: bool
    closed: bool
    by_zero: bool
    corner: Literal["blank", "sign", "word", "label"]


_Fit = Literal["no", "unordered", "weak", "full"]
"""How a sheet fits as a grid of cells only: not; with as many values as rows, in no order; with
numbers of rows, of which some occur; with numbers or letters for all rows."""


def arrangements(
    sheet: Sheet, *, is_whole: bool = True, three_by_three: bool = False
) -> dict[Arrangement, Sniffed]:
    """Return how sure it is that a sheet is a labeled table, a grid without labels, or triples.

    Args:
        sheet: The rectangle.
        is_whole: Whether it is all of the file; the first rows otherwise.
        three_by_three: Whether three rows of three are a table and no triples, as in JSON.
    """
    fields = sheet.fields
    if not fields or len(fields[0]) < 2:
        return {}
    height, width = len(fields), len(fields[0])
    square = height == width or not is_whole
    found: dict[Arrangement, Sniffed] = {}
    table = _labeled(fields)
    grid = _grid_fit(fields) if square else "no"
    sure = _sure_labeled(fields, table, grid, square=square)
    found["labeled"] = sure, "a table with labels"
    if square:
        found["grid"] = _sure_grid(fields, table, grid), "a table without labels"
    if width == 3:
        sure = _sure_triples(fields, table, grid, is_whole=is_whole, table_of_three=three_by_three)
        found["triples"] = sure, "a list of products"
    return found


def _labeled(fields: Sequence[Sequence[str | None]]) -> _Labeled:
    corner, head = fields[0][0], fields[0][1:]
    side = [row[0] for row in fields[1:]]
    margins = (
        all(head) and all(side) and len(set(head)) == len(head) and len(set(side)) == len(side)
    )
    labels = {label for label in (*side, *head) if label}
    values = set(filter(None, chain.from_iterable(row[1:] for row in fields[1:])))
    outside = {value for value in values - labels if not _is_unknown(value)}
    by_zero = outside == {"0"} and zero_is_unknown([label for label in side if label])
    one = set(side) == set(head)
    kind: Literal["blank", "sign", "word", "label"]
    if is_blank(corner) or (corner or "").lower() in INDEX_NAMES:
        kind = "blank"
    elif is_sign(corner) and corner not in labels:
        kind = "sign"
    else:
        kind = "label" if _resembles(corner or "", [label for label in head if label]) else "word"
    closed = one and (not outside or by_zero)
    return _Labeled(margins=margins, closed=closed, by_zero=by_zero, corner=kind)


def _is_unknown(value: str) -> bool:
    return is_marker(value, UNKNOWN_MARKERS, are_declared=False)


def _resembles(corner: str, labels: Sequence[str]) -> bool:
    """Return whether a corner looks as the labels do, so that it may be one of them."""
    if corner in labels:
        return True

    def shape(label: str) -> str:
        return "".join(
            "0" if c.isdigit() else "a" if c.islower() else "A" if c.isupper() else c for c in label
        )

    if _is_number(corner):
        return all(map(_is_number, labels))
    return any(shape(corner) == shape(label) for label in labels)


def _is_number(field: str | None) -> bool:
    return plain_number(field or "").isdigit()


def _grid_fit(fields: Sequence[Sequence[str | None]]) -> _Fit:
    order = len(fields[0])
    # Of a million cells only the distinct ones are looked at.
    written = set(chain.from_iterable(fields))
    values = {field for field in written if field and not _is_unknown(field)}
    known: dict[str | None, str] = {value: value for value in values}
    first_column = [known.get(row[0]) for row in fields[:order]]
    found = labels_of_grid(values, list(map(known.get, fields[0])), first_column)
    if found.labels is not None:
        return "full" if found.is_full else "weak"
    return "unordered" if found.is_ambiguous or len(values) == order else "no"


def _sure_labeled(  # noqa: PLR0911 (one return a case)
    fields: Sequence[Sequence[str | None]], table: _Labeled, grid: _Fit, *, square: bool
) -> float:
    conventional = table.corner in ("blank", "sign")
    if not square:
        return 0.7 if one_margin(fields) else 0.4 if conventional and len(fields) > 1 else 0.2
    if not table.margins:
        return 0.3 if grid in ("weak", "full") else 0.6 if conventional else 0.4
    if conventional:
        return 0.6 if grid == "full" and _hides_a_grid(fields, table) else 0.9
    # Two lines of two are hardly a table of order 1 under a word.
    if not table.closed or len(fields) == 2:
        if grid in ("weak", "full"):
            return 0.3
        return 0.4 if len(fields) == 2 or (grid != "no" and table.corner == "label") else 0.5
    if grid in ("no", "unordered"):
        return 0.85
    if grid == "weak":
        return 0.8
    # The corner is the only cell that tells whether it is a label of its own. Numbers that begin in
    # the corner go on as a row of products would; with letters, both are as likely.
    if table.corner == "word":
        return 0.85
    return 0.4 if _is_number(fields[0][0]) else 0.6


def _sure_grid(  # noqa: PLR0911 (one return a case)
    fields: Sequence[Sequence[str | None]], table: _Labeled, grid: _Fit
) -> float:
    if grid in ("no", "unordered"):
        return 0.1 if grid == "no" else 0.45
    if not table.margins:
        return 0.8 if grid == "full" else 0.65
    if table.corner in ("blank", "sign"):
        if grid == "weak" or not _hides_a_grid(fields, table):
            return 0.1
        # An operation sign is no product, while a blank or a question mark may be an unknown one.
        unknown = is_blank(fields[0][0]) or fields[0][0] == "?"
        return 0.8 if unknown and not table.by_zero else 0.6
    if not table.closed or len(fields) == 2:
        return 0.8 if grid == "full" else 0.65
    if grid == "weak" or table.corner == "word":
        return 0.2
    return 0.7 if _is_number(fields[0][0]) else 0.6


def _hides_a_grid(fields: Sequence[Sequence[str | None]], table: _Labeled) -> bool:
    """Return whether a sheet with a conventional corner may be a grid with an unknown first cell.

    With labels 1..n and zeros, the zeros are unknown cells if two of them share a row or a column,
    which they do not in the table of a quasigroup on 0..n.
    """
    if not table.by_zero:
        return not table.closed
    lines = [*fields, *zip(*fields, strict=True)]
    return all(sum(field == "0" for field in line) <= 1 for line in lines)


def _sure_triples(  # noqa: PLR0911 (one return a case)
    fields: Sequence[Sequence[str | None]],
    table: _Labeled,
    grid: _Fit,
    *,
    is_whole: bool,
    table_of_three: bool,
) -> float:
    header, body = header_and_body(fields)
    if header is not None and header in TRIPLE_HEADERS and header != ("a", "b", "c"):
        return 0.95
    if any(is_blank(field) for row in body for field in row[:2]):
        return 0.1
    if len(fields) != 3 or not is_whole:
        if header is not None:
            return 0.95 if header in TRIPLE_HEADERS else 0.8
        # One line alone is a product as little as it is a header.
        return 0.75 if len(fields) > 3 else 0.6 if len(fields) > 1 else 0.1
    # From here on there are three lines of three fields, which may be anything.
    is_table = table.margins and table.closed
    if table.margins and table.corner in ("blank", "sign"):
        return 0.1
    if table_of_three:
        return 0.7 if grid == "no" and not is_table else 0.2
    if header is not None:
        if is_table and grid == "full":
            return 0.6
        return 0.83 if is_table or grid == "full" else 0.9
    if is_table:
        return 0.3 if table.corner == "word" or grid != "full" else 0.6
    if grid in ("no", "unordered"):
        return 0.6
    # Numbers that fill three rows of three are how programs write a table; three lines of letters
    # are as often three products, as in i,j,k / j,k,i / k,i,j.
    if grid == "full":
        known = [field for row in fields for field in row if field and not _is_unknown(field)]
        numbers = all(map(_is_number, known))
        return 0.4 if numbers else 0.8
    return 0.65


def header_and_body(
    fields: Sequence[Sequence[str | None]],
) -> tuple[tuple[str, ...] | None, Sequence[Sequence[str | None]]]:
    """Return the first line if it names the columns of triples, else None, and the lines after it.

    A line is a header if it is one of ``TRIPLE_HEADERS``, or if none of its fields is a label of
    the other lines and they are words for operands, or longer than every label.
    """
    below = {field for row in fields[1:] for field in row if field}
    header = column_names(fields[0], below)
    return header, fields if header is None else fields[1:]


def column_names(line: Sequence[str | None], below: Collection[str]) -> tuple[str, ...] | None:
    """Return the names in a first line if it names the columns of triples, else None.

    Args:
        line: The first line.
        below: The labels in the other lines.
    """
    first = tuple((field or "").lower() for field in line)
    if first in TRIPLE_HEADERS:
        return first
    if not below or not all(line) or any(field in below for field in line):
        return None
    longest = max(map(len, below))
    words = all(name in _COLUMN_NAMES for name in first)
    longer = any(len(name) > longest for name in first) and not any(map(str.isdigit, first))
    numbers = all(field.isdigit() for field in below) and not any(map(str.isdigit, first))
    return first if words or longer or numbers else None


def one_margin(fields: Sequence[Sequence[str | None]]) -> Literal["head", "side"] | None:
    """Return which labels a square table has that has only those of its columns or of its rows."""
    height, width = len(fields), len(fields[0])
    if min(height, width) < 3:
        # Two lines of three fields are a table of order 2, or two triples; no rule decides.
        return None
    head, side = fields[0], [row[0] for row in fields]
    if height == width + 1 and width != 3 and all(head) and len(set(head)) == width:
        values = {field for row in fields[1:] for field in row if field and not _is_unknown(field)}
        return "head" if values and values <= set(head) else None
    if width == height + 1 and all(side) and len(set(side)) == height:
        values = {field for row in fields for field in row[1:] if field and not _is_unknown(field)}
        return "side" if values and values <= set(side) else None
    return None
