"""Tables of a group whose elements carry labels, some of which may be free."""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["labeled_tables"]


def labeled_tables(
    group: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], "kinds n"], *, most: int
) -> list[tuple[Int[NDArray[Any], "kinds n"], Int[NDArray[Any], "n n"]]]:
    """Give the free labels elements in every way and return the tables, up to ``most`` (1 or 2).

    One transposition of free labels decides whether there is a second table: if none changes the
    first one, no permutation of them does.

    Args:
        group: A group table.
        elements: The element of each label, -1 for a free label; distinct within a kind.
        most: Stop after so many different tables.

    Returns:
        Pairs of a full assignment and its table.
    """
    # The first table gives free labels the free elements in ascending order.
    full = elements.copy()
    free = [np.flatnonzero(row < 0) for row in elements]
    for row, places in zip(full, free, strict=True):
        row[places] = np.setdiff1d(np.arange(len(group)), row)
    found = [(full, table_of(group, full))]
    for kind, places in enumerate(free):
        for i, j in combinations(places.tolist(), 2):
            if len(found) == most:
                return found
            other = full.copy()
            other[kind, [i, j]] = full[kind, [j, i]]
            table = table_of(group, other)
            if not np.array_equal(table, found[0][1]):
                found.append((other, table))
    return found


def table_of(
    group: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], "kinds n"]
) -> Int[NDArray[Any], "n n"]:
    """Return the table over labels: ``group[rows[a], columns[b]] == symbols[table[a, b]]``."""
    rows, columns, symbols = elements if len(elements) == 3 else np.repeat(elements, 3, axis=0)
    table: NDArray[Any] = np.argsort(symbols)[group[np.ix_(rows, columns)]]
    return table
