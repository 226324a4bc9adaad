"""What every reader needs to know besides the data: the name, the markers and the limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cayley._errors import TableFormatError
from cayley.tables._limits import too_large

__all__ = ["UNKNOWN_MARKERS", "ReadContext", "markers_from", "shown"]

UNKNOWN_MARKERS = ("?", ".", "-", "NA")
"""What stands for an unknown product in CSV and TSV, besides a blank, unless declared otherwise."""

_SHOWN_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContext:
    """The settings of one reading, and the way its errors name their place.

    Attributes:
        name: The file's name, for messages.
        markers: What stands for an unknown product in CSV and TSV, besides a blank.
        json_markers: The same in JSON, besides ``null``: none unless the user declared some.
        allow_conflicts: Whether a cell may be observed several times.
        max_order: The limit on the number of rows, columns or symbols.
    """

    name: str
    markers: frozenset[str]
    json_markers: frozenset[str]
    allow_conflicts: bool
    max_order: int

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
        if len(set(labels)) < len(labels):
            seen: set[str] = set()
            for label in labels:
                if label in seen:
                    raise self.error(f"{what} must be distinct; {shown(label)} occurs twice.")
                seen.add(label)


def markers_from(unknown: str | Iterable[str] | None) -> frozenset[str]:
    """Return the markers the user declared, or the default ones; a single string is one marker.

    Example:
        >>> sorted(markers_from("?")), sorted(markers_from(None))
        (['?'], ['-', '.', '?', 'NA'])
    """
    if unknown is None:
        return frozenset(UNKNOWN_MARKERS)
    return frozenset([unknown] if isinstance(unknown, str) else unknown)


def shown(label: str) -> str:
    """Return a label as a message shows it: quoted, escaped and of bounded length."""
    return repr(label if len(label) <= _SHOWN_LENGTH else label[: _SHOWN_LENGTH - 3] + "...")
