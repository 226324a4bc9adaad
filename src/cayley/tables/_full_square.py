"""The one converter: what every public function on full tables accepts, as a checked array."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables._as_table import HasProducts, TableLike, as_table
from cayley.tables._table import UNKNOWN, Table

__all__ = ["HasProducts", "TableLike", "full_square", "with_labels"]


def full_square(table: TableLike, *, name: str = "table") -> Int[NDArray[Any], "n n"]:
    """Return the products of a full square table as a C-contiguous int64 array.

    A :class:`Table` whose rows, columns and symbols are the same labels is aligned first: index
    ``i`` is the label ``table.rows[i]`` everywhere, whatever the order of its columns and symbols.
    A table over several alphabets is taken position by position. Properties that compare rows
    with columns or symbols (commutative, associative, an identity, ...) then depend on the order of
    the labels and mean nothing; :func:`~cayley.algebra.identify` takes that into account. Further
    observations in ``Table.repeats`` are not used.

    Args:
        table: A full table in any form that `as_table` takes; as integers its shape is ``(n, n)``
            with ``n >= 1``, every entry in ``0..n-1``, or in ``1..n`` without a 0.
        name: What to call the argument in a message.

    Returns:
        Products, shape ``(n, n)``, int64, entries in ``0..n-1``. It may share memory with the
        argument.

    Raises:
        TypeError: If the entries are not integers.
        ValueError: If the shape is not square, or an entry is missing or out of range; the message
            names the first such cell, by its labels where there are any.

    Example:
        >>> shuffled = Table(rows="ea", columns="ae", symbols="ea", array=[[1, 0], [0, 1]])
        >>> full_square(shuffled).tolist()
        [[0, 1], [1, 0]]
        >>> full_square(Table.from_array([[0, 1], [1, -1]], labels="ea"))
        Traceback (most recent call last):
        ...
        ValueError: `table` must be full; the product of 'a' and 'a' is missing. \
`cayley.solve` completes a table.
    """
    if isinstance(table, HasProducts) and isinstance(table.table, np.ndarray):
        table = table.table
    array = _integers(table)
    if array is None:
        return _products(as_table(table, name=name), name)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.size == 0:
        raise ValueError(f"`{name}` must be square and not empty; got shape {array.shape}.")
    # Compared before the conversion: uint64 entries above 2^63 would come out negative, and be
    # reported as numbers that the caller never wrote.
    if array.min() == 1 and array.max() == len(array):
        array = array - 1
    elif array.min() < 0 or array.max() >= len(array):
        a, b = (int(i[0]) for i in np.nonzero((array < 0) | (array >= len(array))))
        raise ValueError(
            f"`{name}` must be full, with entries in 0..{len(array) - 1}; "
            f"got {array[a, b]} at ({a}, {b})."
        )
    return np.ascontiguousarray(array, dtype=np.int64)


def with_labels(table: TableLike) -> Table | TableLike:
    """Return what has labels, such as a DataFrame or a file, as a Table, and numbers as they are.

    Functions that treat alphabets apart, or name elements, call this before `full_square`.

    Example:
        >>> with_labels([[0]]), with_labels([["e", "a"], ["a", "e"]])
        ([[0]], Table(2 x 2 over 2 symbols, 4 of 4 cells known))
    """
    carries = isinstance(table, HasProducts) and isinstance(table.table, np.ndarray)
    return table if carries or _integers(table) is not None else as_table(table)


def _integers(table: TableLike) -> NDArray[Any] | None:
    """Return an array or nested lists of integers as an array, and None for everything else."""
    if isinstance(table, list | tuple):
        try:
            table = np.asarray(table)
        except ValueError:  # rows of different lengths: `as_table` says which
            return None
    return table if isinstance(table, np.ndarray) and table.dtype.kind in "iu" else None


def _products(table: Table, name: str) -> Int[NDArray[Any], "n n"]:
    if not table.is_square:
        raise ValueError(
            f"`{name}` must be square, with as many rows as columns and symbols; got "
            f"{len(table.rows)}, {len(table.columns)} and {len(table.symbols)}."
        )
    missing = np.argwhere(table.array == UNKNOWN)
    if len(missing):
        a, b = missing[0].tolist()
        raise ValueError(
            f"`{name}` must be full; the product of {table.rows[a]!r} and {table.columns[b]!r} is "
            "missing. `cayley.solve` completes a table."
        )
    # aligned() copies and checks the whole table, which the usual case can spare
    in_order = table.rows == table.columns == table.symbols
    return table.aligned().array if table.has_one_alphabet and not in_order else table.array
