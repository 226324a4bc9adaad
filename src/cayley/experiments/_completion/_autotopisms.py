r"""Autotopisms of a partly known table, found by search, and the cells that they carry over.

An autotopism is a permutation of the rows, one of the columns and one of the symbols that map a
table to itself: :math:`\gamma(f(a, b)) = f(\alpha(a), \beta(b))`. In :math:`a^2 + ab + b^2` mod p
scaling by :math:`t, t, t^2` is one, in :math:`a^3 + ab` by :math:`t, t^2, t^3`, in
:math:`a^3 + ab^2 + b` by :math:`t, t^3, t^3` if :math:`t^4 = 1`. A known cell whose image is
unknown gives the image its symbol. The names of rows, columns and symbols are not used.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["Autotopism", "complete_by_autotopisms", "find_autotopism", "spread"]

Domains: TypeAlias = list[list[int]]
"""Possible images of every row, column and symbol, as sets of bits."""

_CHANCE = -6.0
"""Logarithm of the probability that any maps agree with a random table as well: an autotopism is
believed below it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Autotopism:
    """Maps of rows, columns and symbols that no pair of known cells contradicts.

    Attributes:
        rows: Image of every row, shape ``(n,)``.
        columns: Image of every column.
        symbols: Image of every symbol, -1 where no cell tells.
        agreements: Known cells whose images are known too, all of them rightly.
        nodes: Nodes of the search that it took.
    """

    rows: Int[NDArray[Any], " n"]
    columns: Int[NDArray[Any], " n"]
    symbols: Int[NDArray[Any], " n"]
    agreements: int
    nodes: int

    @property
    def log10_chance(self) -> float:
        """Bound on the probability that random symbols agree with any three maps as well."""
        n = len(self.rows)
        log_maps = 3 * math.lgamma(n + 1) / math.log(10)
        return log_maps - self.agreements * math.log10(n)


class _Contradiction(Exception):
    """A row, column or symbol has no possible image."""


class _OutOfNodes(Exception):
    """The search has used up its nodes."""


class _Search:
    """Backtracking over the images of rows and columns.

    An image that is fixed is taken from the others. Where two of the three images of a known cell
    are fixed, the third is what the table has there, or anything where it is unknown.
    """

    def __init__(self, table: Int[NDArray[Any], "n n"], most_nodes: int) -> None:
        self.table, self.left = table.tolist(), most_nodes
        n = self.n = len(table)
        a, b = np.nonzero(table >= 0)
        self.cells = [(i, j, self.table[i][j]) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
        # For each kind, the known cells of each of its labels, as labels of all three kinds.
        self.of: list[list[list[tuple[int, ...]]]] = [[[] for _ in range(n)] for _ in range(3)]
        for cell in self.cells:
            for kind in range(3):
                self.of[kind][cell[kind]].append(cell)
        # Columns by row and symbol, rows by column and symbol; and where nothing is known.
        self.at = [[[0] * n for _ in range(n)] for _ in range(2)]
        self.unknown = [[(1 << n) - 1] * n for _ in range(2)]
        for i, j, c in self.cells:
            for line, (label, other) in enumerate(((i, j), (j, i))):
                self.at[line][label][c] |= 1 << other
                self.unknown[line][label] &= ~(1 << other)

    def narrow(
        self, domains: Domains, queue: list[tuple[int, int]], at: tuple[int, int, int]
    ) -> None:
        """Leave a label only some images."""
        kind, label, images = at
        kept = domains[kind][label] & images
        if kept == domains[kind][label]:
            return
        if not kept:
            raise _Contradiction
        domains[kind][label] = kept
        if _is_fixed(kept):
            queue.append((kind, label))

    def propagate(self, domains: Domains, queue: list[tuple[int, int]]) -> None:
        """Draw the conclusions from every image that was fixed."""
        while queue:
            kind, label = queue.pop()
            image = domains[kind][label]
            for other in range(self.n):
                if other != label and domains[kind][other] & image:
                    self.narrow(domains, queue, (kind, other, ~image))
            for cell in self.of[kind][label]:
                images = [domains[k][cell[k]] for k in range(3)]
                row, column, symbol = (_is_fixed(m) for m in images)
                u, v, w = (m.bit_length() - 1 for m in images)
                if row and column and self.table[u][v] >= 0:
                    self.narrow(domains, queue, (2, cell[2], 1 << self.table[u][v]))
                if row and symbol:
                    there = self.at[0][u][w] | self.unknown[0][u]
                    self.narrow(domains, queue, (1, cell[1], there))
                if column and symbol:
                    there = self.at[1][v][w] | self.unknown[1][v]
                    self.narrow(domains, queue, (0, cell[0], there))

    def fixed(self, domains: Domains, at: tuple[int, int, int]) -> Domains | None:
        """Return the domains with one more image fixed, None if that contradicts."""
        domains = [list(each) for each in domains]
        queue: list[tuple[int, int]] = []
        try:
            self.narrow(domains, queue, at)
            self.propagate(domains, queue)
        except _Contradiction:
            return None
        return domains

    def run(self, domains: Domains) -> Domains | None:
        """Return domains with all rows and columns fixed, None if there are none.

        Raises:
            _OutOfNodes: If the nodes are used up before.
        """
        if self.left <= 0:
            raise _OutOfNodes
        self.left -= 1
        chosen = self._most_limited(domains)
        if chosen is None:
            return domains
        kind, label = chosen
        for image in _bits(domains[kind][label]):
            further = self.fixed(domains, (kind, label, image))
            found = None if further is None else self.run(further)
            if found is not None:
                return found
        return None

    def _most_limited(self, domains: Domains) -> tuple[int, int] | None:
        """Return a row or column of few images and many cells with a fixed one."""
        best, chosen = math.inf, None
        for kind in range(2):
            for label, images in enumerate(domains[kind]):
                if not _is_fixed(images):
                    tied = sum(
                        _is_fixed(domains[1 - kind][c[1 - kind]]) for c in self.of[kind][label]
                    )
                    if images.bit_count() / (1 + tied) < best:
                        best, chosen = images.bit_count() / (1 + tied), (kind, label)
        return chosen


def _is_fixed(images: int) -> bool:
    return not images & (images - 1)


def _bits(images: int) -> Iterator[int]:
    while images:
        lowest = images & -images
        yield lowest
        images ^= lowest


def find_autotopism(
    table: Int[NDArray[Any], "n n"], *, row: int, image: int, most_nodes: int = 20_000
) -> Autotopism | None:
    """Return an autotopism that takes one row to another, None if none was found.

    Args:
        table: Products, -1 where unknown.
        row: A row.
        image: What it is mapped to.
        most_nodes: Nodes after which the search gives up.

    Example:
        >>> a = np.arange(7)
        >>> table = (a[:, None] ** 2 + a[:, None] * a + a**2) % 7
        >>> table[2, 3] = -1
        >>> found = find_autotopism(table, row=1, image=2)
        >>> found.agreements, bool(found.log10_chance < -6)
        (47, True)
    """
    search = _Search(table, most_nodes)
    every = (1 << search.n) - 1
    start = search.fixed([[every] * search.n for _ in range(3)], (0, row, 1 << image))
    try:
        found = None if start is None else search.run(start)
    except _OutOfNodes:
        return None
    if found is None:
        return None
    rows, columns, symbols = (
        np.array([m.bit_length() - 1 if _is_fixed(m) else -1 for m in images]) for images in found
    )
    there = table[rows][:, columns]
    return Autotopism(
        rows=rows,
        columns=columns,
        symbols=symbols,
        agreements=int(((table >= 0) & (there >= 0) & (symbols[table] == there)).sum()),
        nodes=most_nodes - search.left,
    )


def spread(table: Int[NDArray[Any], "n n"], by: Autotopism) -> Int[NDArray[Any], "n n"]:
    """Return the table with the symbols that its known cells give their images, and these theirs.

    Example:
        >>> turn = np.array([1, 2, 0])  # adding 1 to the row and to the symbol
        >>> by = Autotopism(rows=turn, columns=np.arange(3), symbols=turn, agreements=0, nodes=1)
        >>> spread(np.array([[0, 1, 2], [-1, -1, -1], [-1, -1, 1]]), by).tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    """
    table = table.copy()
    while True:
        there = table[np.ix_(by.rows, by.columns)]
        images = np.where(table >= 0, by.symbols[table], -1)
        new = (there < 0) & (images >= 0)
        if not new.any():
            return table
        there[new] = images[new]
        table[np.ix_(by.rows, by.columns)] = there


def complete_by_autotopisms(
    table: Int[NDArray[Any], "n n"], *, tries: int, most_nodes: int, seed: int = 0
) -> tuple[Int[NDArray[Any], "n n"], tuple[Autotopism, ...]]:
    """Return the table completed by autotopisms between random rows, and those that were used.

    Args:
        table: Products, -1 where unknown.
        tries: Most pairs of a row and its image that are tried.
        most_nodes: Nodes for each.
        seed: Seed of the pairs.
    """
    random, used = np.random.default_rng(seed), []
    for _ in range(tries):
        if (table >= 0).all():
            break
        row, image = random.choice(len(table), size=2, replace=False).tolist()
        found = find_autotopism(table, row=row, image=image, most_nodes=most_nodes)
        if found is not None and found.log10_chance < _CHANCE:
            table = spread(table, found)
            used.append(found)
    return table, tuple(used)
