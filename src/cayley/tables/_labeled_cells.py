"""From values as Python programs hold them to labels and indices: what a cell means."""

import difflib
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["indices_of", "is_missing", "label_of", "nearest", "results_among"]

# What people and programs write where they know nothing. Only in cells, and only where the word is
# no label of a row: a group may have an element called "-".
_MARKERS = frozenset({"", "?", ".", "-", "_", "NA", "NaN", "nan", "None", "null", "#N/A", "*"})

_MOST_NAMED = 8  # labels that a message lists: more say no more


def is_missing(value: Any) -> bool:
    """Return whether a value stands for an unknown product: None, NaN, or what pandas has for it.

    Example:
        >>> [is_missing(value) for value in (None, float("nan"), 0, "")]
        [True, True, False, False]
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)


def label_of(value: Any) -> str:
    """Return the label that a value stands for; ``1.0``, which spreadsheets make of 1, is ``1``.

    Example:
        >>> label_of(1.0), label_of(" e "), label_of(2)
        ('1', 'e', '2')
    """
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def nearest(label: str, labels: Iterable[str], *, most: int = _MOST_NAMED) -> list[str]:
    """Return labels by how much they resemble one that is none of them, most alike first.

    Example:
        >>> nearest("R2", ["e", "r", "r2", "s"])[0]
        'r2'
    """
    listed = list(labels)
    if len(listed) > 2000:  # a thousand comparisons take a second: look at those that may be meant
        listed = [each for each in listed if each[:1].lower() == label[:1].lower()][:2000] or (
            listed[:most]
        )

    def unlikeness(other: str) -> tuple[bool, float]:
        alike = difflib.SequenceMatcher(None, label.casefold(), other.casefold()).ratio()
        return (label.casefold() != other.casefold(), -alike)

    return sorted(listed, key=unlikeness)[:most]


def indices_of(
    cells: Sequence[Sequence[Any]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    symbols: Sequence[str] | None = None,
    name: str,
) -> tuple[tuple[str, ...], Int[NDArray[Any], "r c"]]:
    """Return the symbols and the indices of labeled cells.

    Without ``symbols`` they are the row labels if every value is one; the values in order of
    appearance, topped up with placeholders to the number of rows, if none is; and otherwise the
    first value that is none is refused as a typing error.

    Args:
        cells: Values, one sequence a row: labels, None, NaN or a marker where unknown.
        rows: Row labels.
        columns: Column labels.
        symbols: The alphabet of the results, where it is given.
        name: What a message calls the table.

    Raises:
        ValueError: If a value is no label; the message names its place and the nearest label.
    """
    known = frozenset(rows if symbols is None else symbols)
    texts = [
        [
            None
            if is_missing(value) or (label_of(value) in _MARKERS and label_of(value) not in known)
            else label_of(value)
            for value in row
        ]
        for row in cells
    ]
    values = dict.fromkeys(text for row in texts for text in row if text is not None)
    if symbols is None and values and known.isdisjoint(values):
        symbols = results_among(list(values), size=len(rows), taken={*rows, *columns})
    alphabet = tuple(rows if symbols is None else symbols)
    index: dict[str | None, int] = {label: i for i, label in enumerate(alphabet)} | {None: -1}
    for label in values:
        if label not in index:
            a, b = next((a, row.index(label)) for a, row in enumerate(texts) if label in row)
            meant = nearest(label, alphabet)[0]
            raise ValueError(
                f"`{name}` has {label!r} in row {rows[a]!r}, column {columns[b]!r}, which is no "
                f"label; did you mean {meant!r}? Where results have an alphabet of their own, "
                "make the table with `Table(rows=, columns=, symbols=, array=)`."
            )
    array = np.array([[index[text] for text in row] for row in texts], np.int64)
    return alphabet, array.reshape(len(rows), len(columns))


def results_among(values: list[str], *, size: int, taken: set[str]) -> tuple[str, ...]:
    """Return values topped up with placeholders ``?1``, ``?2``, ... that are no other label."""
    numbers = (f"?{i}" for i in range(1, size + len(taken) + len(values) + 1))
    free = (label for label in numbers if label not in taken and label not in values)
    return (*values, *(next(free) for _ in range(size - len(values))))
