"""Tables for experiments: with cells hidden, products replaced, or labels reordered or renamed.

Each function is pure and draws from a random stream of its own: adding noise does not change which
cells a seed hides. The results have no repeats.
"""

import dataclasses

import numpy as np

from cayley._random import generator
from cayley.tables._as_table import TableLike, as_table
from cayley.tables._table import UNKNOWN, Table

__all__ = ["add_noise", "isotope", "mask", "shuffle"]


def mask(table: TableLike, *, observe: float, seed: int) -> Table:
    """Return a table with a random fraction of the cells known, the others unknown.

    Args:
        table: The table to hide cells of, in any form.
        observe: The fraction of all cells to keep, in (0, 1]: exactly ``round(observe * size)``
            known cells, at least one.
        seed: Any integer >= 0.

    Raises:
        ValueError: If ``observe`` is out of range or more cells are asked for than are known.

    Example:
        >>> mask(Table.from_array([[0, 1], [1, 0]]), observe=0.5, seed=0).num_observed
        2
    """
    table = as_table(table)
    if not 0 < observe <= 1:
        raise ValueError(f"`observe` must be above 0 and at most 1; got {observe}.")
    # Counted from all cells, not from the known ones: `observe` means the same for every table.
    count = max(round(observe * table.array.size), 1)
    known = np.flatnonzero(table.array != UNKNOWN)
    if count > len(known):
        raise ValueError(
            f"`observe` asks for {count} cells of {table.array.size}; only {len(known)} are known."
        )
    kept = generator(seed, "mask").choice(known, size=count, replace=False)
    array = np.full_like(table.array, UNKNOWN)
    array.flat[kept] = table.array.flat[kept]
    return table.with_array(array)


def add_noise(table: TableLike, *, noise: float, seed: int) -> Table:
    """Return a table with the products of a random fraction of the known cells made wrong.

    Args:
        table: The table to disturb.
        noise: The fraction of the known cells, in [0, 1]: exactly ``round(noise * known)`` of
            them get another symbol, all other symbols being equally likely.
        seed: Any integer >= 0.

    Raises:
        ValueError: If ``noise`` is out of range or there is only one symbol.

    Example:
        >>> add_noise(Table.from_array([[0, 1], [1, 0]]), noise=1.0, seed=0).array.tolist()
        [[1, 0], [0, 1]]
    """
    table = as_table(table)
    if not 0 <= noise <= 1:
        raise ValueError(f"`noise` must be between 0 and 1; got {noise}.")
    known = np.flatnonzero(table.array != UNKNOWN)
    count = round(noise * len(known))
    if count and len(table.symbols) == 1:
        raise ValueError("`table` has one symbol; no product can be wrong.")
    random = generator(seed, "noise")
    chosen = random.choice(known, size=count, replace=False)
    array = table.array.copy()
    if count:
        # A step from 1 to k-1 around the circle of symbols never ends where it began.
        steps = random.integers(1, len(table.symbols), size=count)
        array.flat[chosen] = (array.flat[chosen] + steps) % len(table.symbols)
    return table.with_array(array)


def shuffle(table: TableLike, *, seed: int) -> Table:
    """Return the same table with its labels listed in a random order.

    It stays the same operation: every label keeps its name and its products. A table with one
    alphabet keeps one, in one new order; otherwise the three are shuffled independently.

    Example:
        >>> table = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
        >>> shuffled = shuffle(table, seed=0)
        >>> shuffled.rows == table.rows, set(shuffled.triples()) == set(table.triples())
        (False, True)
    """
    table = as_table(table)
    random = generator(seed, "shuffle")
    if table.has_one_alphabet:
        # Aligned first, so that one permutation moves equal labels alike.
        table = table.aligned()
        order = random.permutation(table.order)
        orders = (order, order, order)
    else:
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        orders = (
            random.permutation(sizes[0]),
            random.permutation(sizes[1]),
            random.permutation(sizes[2]),
        )
    rows, columns, symbols = (
        tuple(names[i] for i in order)
        for names, order in zip((table.rows, table.columns, table.symbols), orders, strict=True)
    )
    # The last entry serves the cells with UNKNOWN = -1.
    place = np.append(np.argsort(orders[2]), UNKNOWN)
    array = place[table.array[np.ix_(orders[0], orders[1])]]
    return Table(rows=rows, columns=columns, symbols=symbols, array=array)


def isotope(table: TableLike, *, seed: int) -> Table:
    r"""Return an isotope of a table: rows, columns and symbols renamed independently.

    The three alphabets have no label in common: :math:`h(a \circ b) = f(a) * g(b)` for three random
    bijections onto the labels ``r0, r1, ...``, ``c0, c1, ...`` and ``s0, s1, ...``.

    Example:
        >>> isotope(Table.from_array([[0, 1], [1, 0]]), seed=0).columns
        ('c0', 'c1')
    """
    table = as_table(table)
    random = generator(seed, "isotope")
    rows = random.permutation(len(table.rows))
    columns = random.permutation(len(table.columns))
    # The last entry serves the cells with UNKNOWN = -1. The order of the three draws is part of
    # what a seed means.
    symbols = np.append(random.permutation(len(table.symbols)), UNKNOWN)
    return dataclasses.replace(
        table,
        rows=tuple(f"r{i}" for i in range(len(rows))),
        columns=tuple(f"c{i}" for i in range(len(columns))),
        symbols=tuple(f"s{i}" for i in range(len(table.symbols))),
        array=symbols[table.array[np.ix_(rows, columns)]],
        repeats=np.empty((0, 3), np.int64),
    )
