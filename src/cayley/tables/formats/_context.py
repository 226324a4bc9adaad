"""The value :class:`Format`, and what readers and writers are told besides the data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cayley._errors import TableFormatError
from cayley.tables._limits import too_large
from cayley.tables._table import Table
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.labels._markers import UNKNOWN_MARKERS, markers_from
from cayley.tables.labels._shown import shown

__all__ = [
    "UNKNOWN_MARKERS",
    "Delimiter",
    "Format",
    "ReadContext",
    "WriteContext",
    "markers_from",
    "shown",
]

Delimiter = Literal[",", "\t", ";"]
"""What separates the fields of a CSV or TSV file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """The settings of one reading, and the way its errors name their place.

    Attributes:
        name: The file's name, for messages.
        markers: What stands for an unknown product, besides a blank.
        json_markers: The same where a file says everything exactly: none unless the user declared
            some.
        allow_conflicts: Whether a cell may be observed several times.
        max_order: The limit on the number of rows, columns or symbols.
        delimiters: What to try first as the delimiter of a CSV or TSV file, in this order.
        allowed_delimiters: What alone may be the delimiter, if the user gave the format.
        are_declared: Whether the user declared the markers; only these count then.
        is_open: Whether results that are no labels are meant.
    """

    name: str
    markers: frozenset[str]
    json_markers: frozenset[str]
    allow_conflicts: bool
    max_order: int
    delimiters: tuple[Delimiter, ...] = ()
    allowed_delimiters: tuple[Delimiter, ...] = ()
    are_declared: bool = False
    is_open: bool = False

    def error(
        self, message: str, *, line: int | None = None, column: int | None = None
    ) -> TableFormatError:
        """Return the error to raise, with the place it concerns."""
        return TableFormatError(message, source=self.name, line=line, column=column)

    def check_sizes(self, rows: int, columns: int, symbols: int) -> None:
        """Refuse a table beyond the limit before it is allocated."""
        if max(rows, columns, symbols) > self.max_order:
            refusal = too_large(rows, columns, max_order=self.max_order)
            raise self.error(f"{rows} rows, {columns} columns and {symbols} symbols are {refusal}")

    def check_distinct(self, labels: Sequence[str], what: str) -> None:
        """Refuse labels of which two are equal."""
        # The set decides for all tables that are well formed; the loop only finds which label to
        # name in the message.
        if len(set(labels)) < len(labels):
            seen: set[str] = set()
            for label in labels:
                if label in seen:
                    raise self.error(f"{what} must be distinct; {shown(label)} occurs twice.")
                seen.add(label)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteContext:
    """The settings of one writing.

    Attributes:
        markers: The markers that the reader will be told; no label may be one of them.
        reorder: Whether the reader may list the labels in another order than the table does.
        delimiter: What separates the fields of a CSV or TSV file.
    """

    markers: frozenset[str]
    reorder: bool
    delimiter: Delimiter


def _never(content: Any) -> Sniffed:
    """Sniff nothing: the format is read only where it is asked for by its name or suffix."""
    return 0.0, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One file format: its name, its suffixes, how it is told from others, read and written.

    Attributes:
        name: What ``format=`` calls it.
        suffixes: The suffixes of paths, in lower case, that tell the writer this format.
        is_binary: Whether ``parse`` takes and ``write`` returns bytes; otherwise both handle text.
        sniff: Takes the whole content, looks at no more of it than it needs, never raises, and
            returns how sure the format is that the content is its own, and why.
        parse: Takes the whole content and a :class:`ReadContext`, and returns what is written; or
            the table itself, where the file says everything and nothing is left to interpret.
        write: Takes a table that knows a product and a :class:`WriteContext`, and returns the
            whole content; None if the format is only read.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    is_binary: bool = False
    # Any: the content is str or bytes, as `is_binary` says, which the type checker cannot follow
    sniff: Callable[[Any], Sniffed] = _never
    parse: Callable[[Any, ReadContext], RawGrid | RawTriples | Table]
    write: Callable[[Table, WriteContext], str | bytes] | None = None
