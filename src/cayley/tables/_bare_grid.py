"""Grids as Python programs write them: which labels the rows and columns of bare cells have."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.tables._labeled_cells import indices_of, is_missing, is_unknown, label_of

__all__ = ["Labeled", "labeled_grid"]

# What stands in the corner of a table with margins and is no element.
_CORNERS = frozenset({"", "*", "o", "∘", "·", ".", "+", "x", "×", "/", "-", "?", "op", "None"})


class Labeled(NamedTuple):
    """What makes a table: three alphabets and the indices of the products."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    symbols: tuple[str, ...]
    array: Int[NDArray[Any], "r c"]


def labeled_grid(source: ArrayLike, *, name: str = "table") -> Labeled:
    """Return the labels and indices of an array or of nested lists.

    Numbers are ``0..n-1``; or ``1..n``, if ``n`` occurs and 0 does not. Other labels have their
    margins, a first row and a first column, or are as many as there are rows; then they are listed
    in the order in which they appear, which has to be the order of their names too unless the first
    row and the first column are equal, as they are where the first element is an identity.

    Args:
        source: Integers, any negative one unknown; whole numbers with NaN or None; or labels with
            NaN, None or a marker such as ``?`` where unknown.
        name: What to call it in a message.

    Raises:
        TypeError: If an entry is neither a number nor a label.
        ValueError: If the shape is not square, an entry is out of range, or the grid can be read
            in two ways; the message says what decides.

    Example:
        >>> labeled_grid([[1, 2], [2, None]]).symbols, labeled_grid([["e", "a"], ["a", "e"]]).rows
        (('1', '2'), ('e', 'a'))
        >>> labeled_grid([["*", "e", "a"], ["a", "a", None], ["e", "e", "a"]]).rows
        ('a', 'e')
    """
    if isinstance(source, np.ndarray) and source.dtype.kind in "iu":
        return _numbered(source, source < 0, name, holes_are_negative=True)
    cells = _rectangle(source, name)
    values = [value for row in cells for value in row]
    known = [value for value in values if not is_missing(value)]
    if any(isinstance(value, bool | np.bool_) for value in known):
        raise TypeError(f"`{name}` must hold integers; got dtype bool.")
    if all(isinstance(value, int | float | np.integer | np.floating) for value in known):
        return _from_numbers(cells, name)
    if not all(isinstance(value, str | int | np.integer | float) for value in known):
        odd = next(value for value in known if not isinstance(value, str | int | float))
        raise TypeError(
            f"`{name}` must hold integers or labels; got an entry of type {type(odd).__name__}."
        )
    return _from_labels(cells, name)


def _rectangle(source: Any, name: str) -> list[list[Any]]:
    """Return the entries as lists of one length."""
    array = source if isinstance(source, np.ndarray) else None
    if array is None and not (
        isinstance(source, Sequence) and all(_is_row(row) for row in source) and len(source)
    ):
        array = np.asarray(source)
    if array is not None:
        if array.ndim == 0:
            raise TypeError(
                f"`{name}` must be a Table, a path, a DataFrame, an array or nested lists; got "
                f"{type(source).__name__}."
            )
        if array.ndim != 2 or not array.size:
            raise ValueError(f"`{name}` must be square and not empty; got shape {array.shape}.")
        rows: list[list[Any]] = array.tolist()
        return rows
    cells = [list(row) for row in source]
    for a, row in enumerate(cells):
        if len(row) != len(cells[0]):
            raise ValueError(
                f"`{name}` must have rows of one length; row {a} has {len(row)} entries, row 0 has "
                f"{len(cells[0])}."
            )
    if not cells[0]:
        raise ValueError(f"`{name}` must be square and not empty; got shape ({len(cells)}, 0).")
    return cells


def _is_row(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _from_numbers(cells: list[list[Any]], name: str) -> Labeled:
    missing = np.array([[is_missing(value) for value in row] for row in cells])
    for a, row in enumerate(cells):
        for b, value in enumerate(row):
            if not missing[a, b] and value != int(value):
                kind = np.asarray(value).dtype
                raise TypeError(f"`{name}` must hold integers; got dtype {kind} at ({a}, {b}).")
    array = np.array([[-1 if is_missing(v) else int(v) for v in row] for row in cells])
    # A list of plain integers is an array; where unknown cells are None or NaN nothing says that
    # counting begins with 0.
    return _numbered(array, missing | (array < 0), name, holes_are_negative=not missing.any())


def _numbered(
    array: NDArray[Any], unknown: NDArray[np.bool_], name: str, *, holes_are_negative: bool
) -> Labeled:
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.size == 0:
        raise ValueError(f"`{name}` must be square and not empty; got shape {array.shape}.")
    n = len(array)
    known = array[~unknown]
    most, least = (int(known.max()), int(known.min())) if len(known) else (n - 1, 0)
    if most > n or (most == n and least == 0):
        a, b = (int(i[0]) for i in np.nonzero(~unknown & (array >= n)))
        raise ValueError(
            f"`{name}` must have entries in 0..{n - 1}, or in 1..{n} without a 0; got "
            f"{array[a, b]} at ({a}, {b}). Unknown cells are -1, None or NaN."
        )
    if not holes_are_negative and least > 0 and most < n:
        raise ValueError(
            f"`{name}` may count from 0 or from 1: neither 0 nor {n} occurs. Say which with "
            f"`Table.from_array(cells, labels=range({n}))` or `labels=range(1, {n + 1})`."
        )
    first = 1 if most == n else 0
    labels = tuple(str(i + first) for i in range(n))
    return Labeled(labels, labels, labels, np.where(unknown, -1, array.astype(np.int64) - first))


def _from_labels(cells: list[list[Any]], name: str) -> Labeled:
    """Return what labels mean, with margins or without."""
    marked = _with_margins(cells)
    bare = _appearing(cells)
    corner = "" if is_missing(cells[0][0]) else label_of(cells[0][0])
    # o and x stand for an operation in a corner, and are letters as others where all are letters.
    if marked and bare and (corner not in _CORNERS or corner.isalnum()):
        # With the corner as an identity no label occurs twice in a row or column, in most tables;
        # as the title of margins it makes each label of a margin occur beside itself.
        if not _repeats(cells):
            marked = False
        else:
            raise ValueError(
                f"`{name}` may have labels in its first row and column, or none. Leave the "
                "corner blank if it has them; else use `Table.from_array(cells, labels=...)`."
            )
    if marked:
        rows, columns = ([label_of(v) for v in side] for side in _margins(cells))
        inner = [row[1:] for row in cells[1:]]
        symbols, array = indices_of(inner, rows=rows, columns=columns, name=name)
        return Labeled(tuple(rows), tuple(columns), symbols, array)
    if not bare:
        shape = (len(cells), len(cells[0]))
        raise ValueError(
            f"`{name}` of shape {shape} is no table with its labels in the first row and column, "
            "and has not as many labels as rows. Use `Table.from_array(cells, labels=...)`."
        )
    normalized = [label_of(v) for v in cells[0]] == [label_of(row[0]) for row in cells] == bare
    if not normalized and bare != sorted(bare) and not all(v.isdigit() for v in bare):
        raise ValueError(
            f"`{name}` does not say which label each row has: {', '.join(bare[:8])} as they "
            "appear, or in the order of their names? Use `Table.from_array(cells, labels=...)`."
        )
    # Numbers that are written as text are listed as numbers are.
    labels = sorted(bare, key=int) if all(v.isdigit() for v in bare) else bare
    symbols, array = indices_of(cells, rows=labels, columns=labels, symbols=labels, name=name)
    return Labeled(symbols, symbols, symbols, array)


def _margins(cells: list[list[Any]]) -> tuple[list[Any], list[Any]]:
    return [row[0] for row in cells[1:]], cells[0][1:]


def _with_margins(cells: list[list[Any]]) -> bool:
    """Return whether first row and first column can be labels of what is between them."""
    rows, columns = _margins(cells)
    sides = [
        [label_of(value) for value in side if not is_missing(value)] for side in (rows, columns)
    ]
    named = all(
        len(set(labels)) == len(labels) == len(side)
        for labels, side in zip(sides, (rows, columns), strict=True)
    )
    if not named or not rows or not columns:
        return False
    corner = cells[0][0]
    if is_missing(corner) or label_of(corner) in _CORNERS:
        return True
    inside = {label_of(v) for row in cells[1:] for v in row[1:] if not is_missing(v)}
    outside = inside - set(sides[0])
    return set(sides[0]) == set(sides[1]) and all(map(is_unknown, outside))


def _repeats(cells: list[list[Any]]) -> bool:
    """Return whether a label occurs twice in some row or column."""
    lines = [*cells, *zip(*cells, strict=True)]
    known = [[label_of(v) for v in line if not is_missing(v)] for line in lines]
    known = [[label for label in line if not is_unknown(label)] for line in known]
    return any(len(set(line)) < len(line) for line in known)


def _appearing(cells: list[list[Any]]) -> list[str]:
    """Return the labels of a square without margins, as they appear; empty if it is none."""
    values = dict.fromkeys(label_of(v) for row in cells for v in row if not is_missing(v))
    labels = [label for label in values if not is_unknown(label)]
    return labels if len(labels) == len(cells) == len(cells[0]) else []
