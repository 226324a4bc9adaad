"""``as_table``: the one converter from whatever holds a table to a :class:`Table`."""

import os
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley.tables._bare_grid import labeled_grid
from cayley.tables._frames import is_dataframe
from cayley.tables._read_table import read_table
from cayley.tables._table import Table
from cayley.tables.families._permutations import permutation_group_table

__all__ = ["HasProducts", "TableLike", "as_table"]


@runtime_checkable
class HasProducts(Protocol):
    """What carries the array of its products, such as a :class:`~cayley.algebra.Group`."""

    @property
    def table(self) -> NDArray[np.integer[Any]]:
        """Products, shape ``(n, n)``, integers in ``0..n-1``."""


TableLike: TypeAlias = Table | HasProducts | ArrayLike | os.PathLike[str]
"""A table in any form: a ``Table``, a ``Group``, an array, nested lists of numbers or labels, a
DataFrame, a permutation group of SymPy, or the path of a file. The last three are told when the
function runs, as their libraries are imported only by those who use them."""


def as_table(
    source: TableLike, *, name: str = "table", read: Callable[[Any], Table] = read_table
) -> Table:
    """Return a table from whatever holds one.

    Args:
        source: A ``Table``, which is returned as it is; a path or an open stream; a DataFrame of
            pandas or polars, with labels as index and columns or in its first column; an array of
            numbers from 0 or 1, negative where unknown; nested lists of numbers or labels with
            None or NaN where unknown, with labels in the first row and column or without; a
            ``Group``; or a permutation group of SymPy, whose points are counted from 1 in the
            labels.
        name: What to call the argument in a message.
        read: What reads a path or a stream.

    Raises:
        TypeError: If it is nothing of that kind.
        ValueError: If it is no table, or can be read in two ways; the message says what decides.
        OSError: If the file cannot be opened.

    Example:
        >>> as_table([[1, 2], [2, None]])
        Table(2 x 2 over 2 symbols, 3 of 4 cells known)
        >>> as_table([["e", "a"], ["a", "e"]])["a", "a"]
        'e'
    """
    if isinstance(source, Table):
        return source
    if isinstance(source, str | os.PathLike) or hasattr(source, "read"):
        return read(_path(source, name))
    if is_dataframe(source):
        return Table.from_dataframe(source)
    # Only an array counts: a Solution has a `table` too, which is a Table and may not be full.
    if isinstance(source, HasProducts) and isinstance(source.table, np.ndarray):
        return Table.from_array(source.table)
    if _is_sympy_group(source):
        generators = [list(each.array_form) for each in source.generators]  # type: ignore[union-attr]
        return permutation_group_table(generators)
    if callable(source):
        raise TypeError(
            f"`{name}` is a function, which needs labels: use `Table.from_operation(f, labels)`."
        )
    if source is None or isinstance(source, dict | set | frozenset | bytes):
        raise TypeError(
            f"`{name}` must be a Table, a path, a DataFrame, an array or nested lists; got "
            f"{type(source).__name__}."
        )
    rows, columns, symbols, array = labeled_grid(source, name=name)
    return Table(rows=rows, columns=columns, symbols=symbols, array=array)


def _path(source: Any, name: str) -> Any:
    """Return a path or a stream, unless it is the text of a table or the name of a group."""
    if not isinstance(source, str | os.PathLike):
        return source
    if isinstance(source, str) and "\n" in source:
        raise ValueError(
            f"`{name}` is text of several lines, where a path is expected. Read it with "
            "`read_table(io.StringIO(text))`."
        )
    if source != "-" and not os.path.exists(source):
        raise FileNotFoundError(
            f"{os.fspath(source)}: there is no such file. `cayley.generate` makes a table from "
            "the name of a group."
        )
    return source


def _is_sympy_group(source: object) -> bool:
    """Return whether something is a permutation group of SymPy, without importing it."""
    return any(
        each.__name__ == "PermutationGroup" and each.__module__.startswith("sympy.")
        for each in type(source).__mro__
    )
