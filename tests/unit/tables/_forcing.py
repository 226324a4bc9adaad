"""Proofs, independent of the library, that observed cells force a whole table."""

import itertools

import numpy as np


def close_under_group_laws(array):
    """Deduce products by cancellation, one missing symbol per line, and associativity.

    Every deduction holds in each group that agrees with the known cells, so a full result is the
    only completion to a group. Entries are indices of one alphabet, -1 unknown.
    """
    table = array.copy()
    while True:
        before = (table >= 0).sum()
        fill_singles(table)
        fill_by_associativity(table)
        if (table >= 0).sum() == before:
            return table


def fill_singles(table):
    """Fill cells with one candidate left, and symbols with one place left in a line."""
    n = len(table)
    candidates = np.ones((n, n, n), bool)
    for a, b in zip(*np.nonzero(table >= 0), strict=True):
        _settle(candidates, a, b, table[a, b])
    while True:
        alone = (
            (candidates.sum(2, keepdims=True) == 1)
            | (candidates.sum(1, keepdims=True) == 1)
            | (candidates.sum(0, keepdims=True) == 1)
        ) & candidates
        found = [(a, b, c) for a, b, c in np.argwhere(alone) if table[a, b] < 0]
        if not found:
            return
        a, b, c = found[0]
        table[a, b] = c
        _settle(candidates, a, b, c)


def _settle(candidates, a, b, c):
    candidates[a, b, :] = candidates[a, :, c] = candidates[:, b, c] = False
    candidates[a, b, c] = True


def fill_by_associativity(table):
    """Use (xy)z = x(yz) wherever it leaves one product unknown."""
    n = len(table)
    for x, y, z in itertools.product(range(n), repeat=3):
        left, right = table[x, y], table[y, z]
        if left < 0 and right < 0:
            continue
        if left >= 0 and right >= 0:
            one, other = table[left, z], table[x, right]
            if one < 0 <= other:
                table[left, z] = other
            elif other < 0 <= one:
                table[x, right] = one
        elif left >= 0:
            place = np.flatnonzero(table[x] == table[left, z]) if table[left, z] >= 0 else ()
            if len(place) == 1:
                table[y, z] = place[0]
        else:
            place = np.flatnonzero(table[:, z] == table[x, right]) if table[x, right] >= 0 else ()
            if len(place) == 1:
                table[x, y] = place[0]


def latin_completions(table, limit=10_000):
    """Return every Latin square that agrees with the known cells (at most ``limit``)."""
    table = table.copy()
    fill_singles(table)
    holes = np.argwhere(table < 0)
    if not len(holes):
        return [table] if is_latin(table) else []
    options = [
        (
            [c for c in range(len(table)) if c not in table[a] and c not in table[:, b]],
            (a, b),
        )
        for a, b in holes
    ]
    symbols, (a, b) = min(options, key=lambda option: len(option[0]))
    found = []
    for c in symbols:
        trial = table.copy()
        trial[a, b] = c
        found += latin_completions(trial, limit - len(found))
        if len(found) >= limit:
            break
    return found


def is_latin(table):
    n = len(table)
    full = np.arange(n)
    lines = np.concatenate([table, table.T])
    return bool((np.sort(lines, axis=1) == full).all())


def is_group_isotope(table):
    """Whether the loop with row 0 and column 0 as identity is associative (Albert's theorem)."""
    row_of = np.argsort(table[:, 0])
    column_of = np.argsort(table[0])
    loop = table[row_of][:, column_of]
    return bool((loop[loop] == loop[:, loop]).all())


def solutions_modulo(table, prime):
    """Return the dimension of the solutions of f(a) + g(b) = h(a o b) over the known cells."""
    n = len(table)
    rows = []
    for a, b in np.argwhere(table >= 0):
        row = np.zeros(3 * n, int)
        row[a], row[n + b], row[2 * n + table[a, b]] = 1, 1, -1
        rows.append(row % prime)
    return 3 * n - rank_modulo(np.array(rows), prime)


def rank_modulo(matrix, prime):
    matrix, rank = matrix.copy(), 0
    for column in range(matrix.shape[1]):
        pivots = np.flatnonzero(matrix[rank:, column]) + rank
        if not len(pivots):
            continue
        matrix[[rank, pivots[0]]] = matrix[[pivots[0], rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, prime) % prime
        others = np.arange(len(matrix)) != rank
        matrix[others] -= np.outer(matrix[others, column], matrix[rank])
        matrix %= prime
        rank += 1
        if rank == len(matrix):
            break
    return rank
