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


@cache
def latin_squares(n: int) -> IntArray:
    """Return all Latin squares on the symbols 0..n-1, shape ``(k, n, n)``; 161,280 for n = 5."""
    rows = np.array(list(itertools.permutations(range(n))))
    squares = rows[:, None, :]
    while squares.shape[1] < n:
        # Every square so far with every row that repeats no symbol in any column.
        fits = (squares[:, None] != rows[None, :, None]).all(axis=(2, 3))
        first, second = np.nonzero(fits)
        squares = np.concatenate([squares[first], rows[second][:, None]], axis=1)
    return squares


@cache
def semigroups(n: int) -> IntArray:
    """Return all associative tables on the symbols 0..n-1 for n up to 4 (3,492 for n = 4)."""
    tables = np.full((1, n, n), -1)
    for a, b in itertools.product(range(n), repeat=2):
        count = len(tables)
        tables = np.repeat(tables, n, axis=0)
        tables[:, a, b] = np.tile(np.arange(n), count)
        every = np.arange(len(tables))
        for x, y, z in itertools.product(range(n), repeat=3):
            # An unknown operand, -1, reads some cell; what it holds does not count.
            xy, yz = tables[:, x, y], tables[:, y, z]
            left, right = tables[every, xy, z], tables[every, x, yz]
            known = (xy >= 0) & (yz >= 0) & (left >= 0) & (right >= 0)
            tables = tables[~known | (left == right)]
            every = every[: len(tables)]
    return tables


@cache
def left_quandles(n: int) -> IntArray:
    """Return all left quandles on 0..n-1 for n up to 5: x(yz) = (xy)(xz), xx = x, rows onto."""
    rows = [[list(p) for p in itertools.permutations(range(n)) if p[a] == a] for a in range(n)]
    found: list[list[list[int]]] = []

    def fill(table: list[list[int]]) -> None:
        k = len(table)
        # Row x y is known among the first k rows: x(yz) = (xy)(xz) for all z.
        for x, y in itertools.product(range(k), repeat=2):
            if table[x][y] < k and any(
                table[x][table[y][z]] != table[table[x][y]][table[x][z]] for z in range(n)
            ):
                return
        if k == n:
            found.append([list(row) for row in table])
            return
        for row in rows[k]:
            fill([*table, row])

    fill([])
    return np.array(found)


@cache
def operations(n: int) -> IntArray:
    """All operations on 0..n-1: 16 for n = 2, 19,683 for n = 3."""
    return np.array(list(itertools.product(range(n), repeat=n * n))).reshape(-1, n, n)


def value(term, tables: IntArray, env) -> IntArray:
    """Return the value of a term in each table."""
    if isinstance(term, int):
        return env[term]
    left, right = (value(operand, tables, env) for operand in term)
    return tables[np.arange(len(tables)), left, right]


def obeying(tables: IntArray, law) -> IntArray:
    """Return the tables that obey a law, instance by instance."""
    for env in itertools.product(range(tables.shape[1]), repeat=law.num_variables):
        same = value(law.left, tables, env) == value(law.right, tables, env)
        tables = tables[np.broadcast_to(same, len(tables))]
    return tables


def has_condition(t: list[list[int]], condition) -> bool:
    """Whether a table, as lists, has a condition: by its definition."""
    everyone = range(len(t))
    units = [e for e in everyone if all(t[e][x] == x == t[x][e] for x in everyone)]
    match condition.value:
        case "left cancellation":
            return all(len(set(row)) == len(t) for row in t)
        case "right cancellation":
            return all(len({row[b] for row in t}) == len(t) for b in everyone)
        case "unit":
            return bool(units)
        case "zero":
            return any(all(t[z][x] == z == t[x][z] for x in everyone) for z in everyone)
        case "inverses":
            return bool(units) and all(
                any(t[x][y] == units[0] == t[y][x] for y in everyone) for x in everyone
            )
        case "inverses of a semigroup":
            return all(
                sum(t[t[x][y]][x] == x and t[t[y][x]][y] == y for y in everyone) == 1
                for x in everyone
            )
    raise AssertionError(condition)


@cache
def models(theory, n: int) -> IntArray:
    """All operations on 0..n-1 with a theory; those that are associative or Latin up to n = 4."""
    names = {str(law) for law in theory.laws}
    conditions = {str(condition) for condition in theory.conditions}
    if "x*(y*z) = (x*y)*z" in names:
        tables = semigroups(n)
    elif {"left cancellation", "right cancellation"} <= conditions:
        tables = latin_squares(n)
    elif "x*(y*z) = (x*y)*(x*z)" in names and {"x*x = x"} <= names and n > 3:
        assert "left cancellation" in conditions
        tables = left_quandles(n)
    else:
        tables = operations(n)
    for law in theory.laws:
        tables = obeying(tables, law)
    for condition in theory.conditions:
        chosen = [has_condition(table.tolist(), condition) for table in tables]
        tables = tables[np.array(chosen, bool)]
    return tables


def agreeing(tables: IntArray, cells: IntArray) -> IntArray:
    """The tables that have the known cells of a partial one."""
    known = cells >= 0
    return tables[(tables[:, known] == cells[known]).all(axis=1)]
