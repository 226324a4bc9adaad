"""From values as Python programs hold them to labels and indices: what a cell means."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables.labels._alphabets import infer_table_symbols
from cayley.tables.labels._markers import UNKNOWN_MARKERS, is_marker
from cayley.tables.labels._strays import by_likeness

__all__ = ["indices_of", "is_missing", "is_unknown", "label_of"]


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
    texts = [[None if is_missing(each) else label_of(each) for each in row] for row in cells]
    distinct = dict.fromkeys(text for row in texts for text in row if text is not None)
    unknown = [text for text in distinct if text not in known and is_unknown(text)]
    values = [text for text in distinct if text not in unknown]
    if symbols is None and values and known.isdisjoint(values):
        symbols = infer_table_symbols(rows, columns, values)
    alphabet = tuple(rows if symbols is None else symbols)
    index: dict[str | None, int] = {label: i for i, label in enumerate(alphabet)}
    index |= dict.fromkeys((None, *unknown), -1)
    for label in values:
        if label not in index:
            a, b = next((a, row.index(label)) for a, row in enumerate(texts) if label in row)
            meant = by_likeness(label, alphabet)[0]
            raise ValueError(
                f"`{name}` has {label!r} in row {rows[a]!r}, column {columns[b]!r}, which is no "
                f"label; did you mean {meant!r}? Where results have an alphabet of their own, "
                "make the table with `Table(rows=, columns=, symbols=, array=)`."
            )
    array = np.array([[index[text] for text in row] for row in texts], np.int64)
    return alphabet, array.reshape(len(rows), len(columns))


def is_unknown(label: str) -> bool:
    """Return whether a label that is none of the rows marks an unknown product.

    Example:
        >>> is_unknown("?"), is_unknown("a")
        (True, False)
    """
    return is_marker(label, UNKNOWN_MARKERS, are_declared=False)
