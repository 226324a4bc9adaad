r"""Cells that make the universal group finite soon: cycles of short words in the Cayley graph.

A few labels :math:`S` are taken as generators, and products :math:`x \circ s` are asked for: edges
of the Cayley graph. An edge to a new element costs a cell that had to be observed anyway, since
every label but one has to be seen. An edge that closes a cycle is a relator of the group. So the
edges go around the powers of short words in :math:`S` until they come back: each word costs one
closing cell and gives one short relator, and few short relators make the universal group that of
the table. Where the labels in :math:`S` turn out to generate less, one is added. Then every label
left is named by one cell.

Of an isotope, the row and the column with most cells stand for the identity (`cayley.deduction`);
the column of the identity ties rows and symbols.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction import Limits
from cayley.deduction.todd_coxeter._todd_coxeter import PLAIN_ORDER, Enumeration
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._short_words import short_words

__all__ = ["Generated", "Walk", "generated", "walk"]

_LONGEST_WORD, _MOST_WORDS = 7, 400
"""Groups of order up to 168 needed words of length 4 at most; with three generators and more there
are too many words of length 7."""


def enumeration_limits(order: int) -> Limits:
    """Return how far the universal group is enumerated for one question.

    It is infinite before the relators suffice, so that every question pays for the limit: 20 ms in
    plain Python and 50 ms compiled. Groups of order 168 were found within 200 definitions.
    """
    return Limits(max_cosets=400 if order <= PLAIN_ORDER else 4000)


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """Part of the cells: those whose labels are words in a few columns.

    Attributes:
        generators: The columns.
        known: Generators of the universal group, as numbered by `number`, that are words in them.
        enumeration: The universal group of the cells between those.
    """

    generators: tuple[int, ...]
    known: frozenset[int]
    enumeration: Enumeration
    row_of: dict[int, int] = field(default_factory=dict)
    symbol_of: dict[int, int] = field(default_factory=dict)
    column: Int[NDArray[Any], " n"] = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def images(self) -> Int[NDArray[Any], "v g"]:
        """Known products of elements with generators."""
        return self.enumeration.images


@dataclass(frozen=True, slots=True)
class Walk:
    """The next edge to ask for.

    Attributes:
        cell: Row and column; None if no edge of the Cayley graph is left.
        is_tie: Whether it only finds the row of a symbol, or the symbol of a column.
    """

    cell: tuple[int, int] | None
    is_tie: bool = False


def generated(partial: PartialTable) -> Generated | None:
    """Return the cells that columns generate, the busiest first, until they generate enough.

    Returns:
        The first part whose universal group is not finite of a smaller order than the table, or
        that of all columns in use; None if no column is in use.
    """
    relations = _Relations(partial)
    uses = np.bincount(partial.cells[:, 1], minlength=partial.order)
    # The busiest columns are those that earlier questions took as generators.
    order = np.argsort(-uses, kind="stable")
    columns: list[int] = []
    known = relations.closure(columns)
    found: Generated | None = None
    for column in order[uses[order] > 0].tolist():
        if relations.column(column) in known:
            continue
        columns.append(column)
        known = relations.closure(columns)
        part = partial.subset(relations.within(known))
        result = part.enumerated(enumeration_limits(partial.order))
        found = _generated(partial, tuple(columns), known, result)
        is_small = result.table is not None and len(result.table) < partial.order
        if not is_small:
            break
    return found


class _Relations:
    """The relations ``p q = r`` of the cells, one generator for each label and 0 the identity."""

    def __init__(self, partial: PartialTable) -> None:
        n = partial.order
        isotope = partial.assume is Structure.GROUP_ISOTOPE
        self._shift = np.array([1, 1 + n, 1 + 2 * n]) if isotope else np.ones(3, np.int64)
        self._size = 1 + (3 * n if isotope else n)
        self._relations = partial.cells + self._shift
        self._identity = {0}
        if isotope:
            row, column = partial.gauge
            self._identity |= {1 + row, 1 + n + column}
        else:
            p, q, r = self._relations.T
            self._identity |= {*q[p == r].tolist(), *p[q == r].tolist()}

    def column(self, label: int) -> int:
        """Return the generator of a column."""
        return label + int(self._shift[1])

    def closure(self, columns: list[int]) -> frozenset[int]:
        """Return the generators that are words in columns, by the relations as they are."""
        known = np.zeros(self._size, bool)
        known[[*self._identity, *(self.column(each) for each in columns)]] = True
        while True:
            # Two places of a relation determine the third.
            ready = known[self._relations].sum(axis=1) == 2
            if not ready.any():
                return frozenset(np.flatnonzero(known).tolist())
            known[self._relations[ready]] = True

    def within(self, known: frozenset[int]) -> Int[NDArray[Any], " k"]:
        """Return the places of the cells all of whose labels are known."""
        places: NDArray[Any] = np.flatnonzero(
            np.isin(self._relations, np.array(sorted(known))).all(axis=1)
        )
        return places


def _generated(
    partial: PartialTable, columns: tuple[int, ...], known: frozenset[int], result: Enumeration
) -> Generated:
    if result.status == "collapsed":
        return Generated(columns, known, result)
    elements = elements_of(result)
    generators = result.presentation.labels[1 if len(result.presentation.labels) == 3 else 0]
    return Generated(
        columns,
        known,
        result,
        row_of={int(v): a for a, v in enumerate(elements[0].tolist()) if v >= 0},
        symbol_of={int(v): c for c, v in enumerate(elements[2].tolist()) if v >= 0},
        column=generators,
    )


def elements_of(result: Enumeration) -> Int[NDArray[Any], "3 n"]:
    """Return the element of each row, column and symbol, -1 for labels that are not used."""
    labels = result.presentation.labels
    labels = labels if len(labels) == 3 else np.repeat(labels, 3, axis=0)
    elements: NDArray[Any] = np.where(labels >= 0, result.images[0][labels], -1)
    return elements


class _Missing(Exception):
    """The walk comes to an edge that is not known."""

    def __init__(self, element: int, column: int) -> None:
        super().__init__()
        self.element, self.column = element, column


def walk(partial: PartialTable, part: Generated) -> Walk:
    """Return the first edge that is not known, along products of generators and short words."""
    try:
        for element, column in _path(part, partial):
            _step(part, element, column)
    except _Missing as missing:
        row = part.row_of.get(missing.element)
        if row is not None:
            return Walk((row, missing.column))
        return Walk(_tie(partial), is_tie=True)
    return Walk(None)


def _path(part: Generated, partial: PartialTable) -> Iterator[tuple[int, int]]:
    """Yield the edges in the order in which they are worth knowing."""
    images, columns = part.images, part.generators
    starts = [int(images[0][part.column[each]]) for each in columns]
    for start, column in zip(starts, columns, strict=True):
        # The symbol of a column of an isotope: its product with the row of the identity.
        if start not in part.symbol_of:
            yield 0, column
    # Products of two generators in both orders: where they commute, that is the shortest relator.
    for start in starts:
        for column in columns:
            yield start, column
    words = short_words(len(columns), longest=_LONGEST_WORD)
    for word in itertools.islice(words, _MOST_WORDS):
        start = element = starts[word[0]]
        # No element has an order above that of the group.
        for k in range(1, partial.order * len(word) + 1):
            column = columns[word[k % len(word)]]
            yield element, column
            element = _step(part, element, column)
            if element == start and k % len(word) == 0:
                break
    for element in part.symbol_of:
        for column in columns:
            yield element, column


def _step(part: Generated, element: int, column: int) -> int:
    """Return the product of an element with a column, if it has a symbol.

    Raises:
        _Missing: If it is not known.
    """
    product = int(part.images[element][part.column[column]])
    if product < 0 or product not in part.symbol_of:
        raise _Missing(element, column)
    return product


def _tie(partial: PartialTable) -> tuple[int, int] | None:
    """Return a cell of the column of the identity that is not known: it ties a row to a symbol."""
    column = partial.gauge[1]
    known = partial.cells[partial.cells[:, 1] == column, 0]
    rest = np.setdiff1d(np.arange(partial.order), known)
    return (int(rest[0]), column) if len(rest) else None
