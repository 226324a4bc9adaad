"""Oracles by brute force, which share no code with the library: every small table of a kind."""

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


def _group_tables(n: int) -> list[IntArray]:
    """Give every group of order n up to 5 once: the cyclic one, and for n = 4 Klein's."""
    i, j = np.indices((n, n))
    return [(i + j) % n, i ^ j] if n == 4 else [(i + j) % n]


@cache
def labeled_groups(n: int) -> IntArray:
    """Return all tables of groups on the labels 0..n-1 for n up to 5, shape ``(k, n, n)``."""
    found = set()
    for table in _group_tables(n):
        for p in map(np.array, itertools.permutations(range(n))):
            inverse = np.argsort(p)
            found.add(p[table[np.ix_(inverse, inverse)]].tobytes())
    return _stacked(found, n)


@cache
def labeled_isotopes(n: int) -> IntArray:
    """Return all isotopes of groups for n up to 5: rows and columns of all groups permuted."""
    orders = list(map(list, itertools.permutations(range(n))))
    rows = {table[p].tobytes() for table in labeled_groups(n) for p in orders}
    found = {table[:, p].tobytes() for table in _stacked(rows, n) for p in orders}
    return _stacked(found, n)


def _stacked(found: set[bytes], n: int) -> IntArray:
    return np.array([np.frombuffer(each, np.int64).reshape(n, n) for each in sorted(found)])


def with_cells(tables: IntArray, cells: list[tuple[int, int, int]]) -> IntArray:
    """Return those tables that have all the cells ``a o b = c``."""
    for a, b, c in cells:
        tables = tables[tables[:, a, b] == c]
    return tables
