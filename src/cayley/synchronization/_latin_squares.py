"""Latin squares: cells with one symbol left, and the assignment of a whole square."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int

__all__ = ["assign_rows", "is_latin", "latin_singles"]

# Most candidates (unknown cells times symbols) to search, one byte each: 200 MB.
_LARGEST = 200_000_000
# Cost of a symbol that a column has already: far above scores, which are about 1, so that an
# assignment takes none unless it must, and small enough for sums of costs to be exact in float64.
_FORBIDDEN = 1e6
# Most columns for which an assignment goes through all sets of symbols, 512 of them: a table of
# order 9 takes some 20 ms so, and scipy's solver half a second to load.
_FEW = 9


def is_latin(table: Int[NDArray[Any], "n n"]) -> bool:
    """Whether every row and every column of a table holds every symbol once."""
    n = len(table)
    if len(np.unique(table[0])) < n:
        return False  # most tables fail here
    seen = np.zeros((n, n), bool)
    seen[np.arange(n)[:, None], table] = True
    if not seen.all():
        return False
    seen[:] = False
    seen[np.arange(n)[None, :], table] = True
    return bool(seen.all())


def latin_singles(partial: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], "n n"]:
    """Fill cells of a partial Latin square that have one symbol left, as in a number puzzle.

    A cell takes a symbol that no other can take there (naked single), and a symbol takes a place
    in a row or column where no other place is left for it (hidden single).

    Args:
        partial: Products, shape ``(n, n)``, -1 where unknown.

    Returns:
        The same with more cells filled; those that contradict each other stay as they are.

    Example:
        >>> latin_singles(np.array([[0, 1, 2], [1, -1, -1], [2, -1, -1]])).tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    """
    table = np.array(partial, np.int64)
    n = len(table)
    free_in_row, free_in_column = np.ones((n, n), bool), np.ones((n, n), bool)
    a, b = np.nonzero(table >= 0)
    free_in_row[a, table[a, b]] = False
    free_in_column[b, table[a, b]] = False
    while True:
        a, b = np.nonzero(table < 0)
        if not len(a) or len(a) * n > _LARGEST:
            return table
        candidates = free_in_row[a] & free_in_column[b]
        filled = 0
        for i, c in _singles(candidates, a, b):
            x, y = a[i], b[i]
            if table[x, y] < 0 and free_in_row[x, c] and free_in_column[y, c]:
                table[x, y] = c
                free_in_row[x, c] = free_in_column[y, c] = False
                filled += 1
        if not filled:
            return table


def _singles(
    candidates: Bool[NDArray[Any], "u n"], a: Int[NDArray[Any], " u"], b: Int[NDArray[Any], " u"]
) -> list[tuple[int, int]]:
    """Return (place among the unknown cells, symbol) of naked and hidden singles."""
    naked = np.flatnonzero(candidates.sum(1) == 1)
    found = [(int(i), int(candidates[i].argmax())) for i in naked]
    for line in (a, b):
        order = np.argsort(line, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(line[order]) > 0])
        sums = np.add.reduceat(candidates[order].astype(np.int32), starts)
        for group, c in zip(*np.nonzero(sums == 1), strict=True):
            stop = starts[group + 1] if group + 1 < len(starts) else len(order)
            members = order[starts[group] : stop]
            found.append((int(members[candidates[members, c].argmax()]), int(c)))
    return found


def assign_rows(
    scores: Callable[[int], Float[NDArray[Any], "b b"]],
    order: Int[NDArray[Any], " a"],
    *,
    latin: bool = True,
) -> Int[NDArray[Any], "a b"]:
    r"""Assign a table row by row, each row the best permutation that the columns still allow.

    A row is a linear sum assignment of symbols to columns that maximizes the sum of scores; in a
    Latin square without symbols that a column has already. A Latin rectangle can always be
    continued (Hall), so that every row succeeds.

    Args:
        scores: Gives the scores of a row, shape ``(columns, symbols)``, equally many.
        order: The rows, surest first.
        latin: Whether a column may hold a symbol only once, or as often as it comes.

    Example:
        >>> likely = np.array([[[3.0, 1.0], [2.0, 1.0]], [[2.0, 1.0], [2.0, 1.5]]])
        >>> assign_rows(likely.__getitem__, np.array([0, 1])).tolist()
        [[0, 1], [1, 0]]

    References:
        M. Hall, "An existence theorem for Latin squares", Bull. AMS 51 (1945).
        Crouse, "On implementing 2D rectangular assignment algorithms", 2016 (scipy's solver).
    """
    rows: dict[int, NDArray[Any]] = {}
    taken: NDArray[Any] | None = None  # column, symbol
    for a in order.tolist():
        cost = -scores(a)
        if taken is None:
            taken = np.zeros(cost.shape, bool)
        rows[a] = symbols = _assigned(np.where(taken, _FORBIDDEN, cost))
        if latin:
            taken[np.arange(len(symbols)), symbols] = True
    return np.stack([rows[a] for a in range(len(order))]).astype(np.int64)


def _assigned(cost: Float[NDArray[Any], "n n"]) -> Int[NDArray[Any], " n"]:
    """Return the symbol of each column in a linear sum assignment of least cost."""
    if len(cost) > _FEW:
        from scipy.optimize import linear_sum_assignment  # loaded only where it is needed

        return np.asarray(linear_sum_assignment(cost)[1], np.int64)
    # Bellman's recursion: the least cost of giving a set of symbols to the first columns.
    steps, all_symbols = cost.tolist(), (1 << len(cost)) - 1
    least, last = [0.0] * (all_symbols + 1), [0] * (all_symbols + 1)
    for used in range(1, all_symbols + 1):
        row = steps[used.bit_count() - 1]
        least[used], last[used] = min(
            (least[used ^ (1 << symbol)] + row[symbol], symbol)
            for symbol in range(len(cost))
            if used >> symbol & 1
        )
    symbols, used = np.zeros(len(cost), np.int64), all_symbols
    for column in reversed(range(len(cost))):
        symbols[column] = last[used]
        used ^= 1 << last[used]
    return symbols
