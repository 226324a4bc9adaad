r"""How likely each seen cell is by chance, given those before it in an order.

Evidence for a theory is collected by prediction. The seen cells are uncovered one by one, in an
order that does not look at the symbols. Before a cell is uncovered, the theory and the cells before
it may say which symbols it can hold: a set :math:`S`. If the table has no laws, and given how often
each symbol is seen, every arrangement of the symbols is equally likely; so the cell holds a symbol
of :math:`S` with the chance

.. math:: P(S) = \sum_{v \in S} c_v / (m - t),

where :math:`t` of :math:`m` cells are uncovered and :math:`c_v` of the others hold :math:`v`. The
product of :math:`1 / P(S)` over all cells, or 0 once a prediction fails, is a martingale: its
expectation is 1, so by Markov's inequality it reaches :math:`10^d` with a chance of :math:`10^{-d}`
at most, whatever the frequencies of the symbols are.

Rows (columns) in which no symbol is seen twice may be permutations by chance. Then a cell holds a
symbol that its row lacks with a chance of one over the number of those. Wherever rows or columns
look like that, laws are credited with the larger of the chances.

References:
    Shafer and Vovk (2019), "Game-Theoretic Foundations for Probability and Finance", chapter 2.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.theories.laws._conditions import Condition

__all__ = ["CANCELLATIONS", "SeenCells"]

_LEFT, _RIGHT = Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION
CANCELLATIONS = (_LEFT, _RIGHT)

# Entries of an array over cells and symbols that are held at once: some 8 million bytes each.
_BLOCK = 1_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class SeenCells:
    """The seen cells of a table in the order in which they are uncovered.

    Attributes:
        table: Products, shape ``(n, n)``, int64, -1 where unknown.
        cells: The seen cells, ``a*n + b``, in their order, shape ``(m,)``.
        ranks: The place of each cell in that order, shape ``(n, n)``; ``n*n`` where unknown.
    """

    table: Int[NDArray[Any], "n n"]
    cells: Int[NDArray[Any], " m"]
    ranks: Int[NDArray[Any], "n n"]
    _without: dict[frozenset[Condition], Float[NDArray[Any], " m"]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Int[NDArray[Any], "n n"], *, seed: int = 0) -> Self:
        """Return the seen cells in a random order, drawn for all cells whether seen or not."""
        return cls.ordered(table, np.random.default_rng(seed).permutation(table.size))

    @classmethod
    def ordered(cls, table: Int[NDArray[Any], "n n"], order: Int[NDArray[Any], " nn"]) -> Self:
        """Return the seen cells in the order in which they are among all cells."""
        table = np.asarray(table, np.int64)
        cells = order[table.reshape(-1)[order] >= 0]
        ranks = np.full(table.size, table.size)
        ranks[cells] = np.arange(len(cells))
        return cls(table=table, cells=cells, ranks=ranks.reshape(table.shape))

    @property
    def order(self) -> int:
        """The number n of elements."""
        return len(self.table)

    @cached_property
    def symbols(self) -> Int[NDArray[Any], " m"]:
        """The symbols of the cells in their order."""
        symbols: NDArray[Any] = self.table.reshape(-1)[self.cells]
        return symbols

    @cached_property
    def repeat_free(self) -> frozenset[Condition]:
        """The cancellations that no two seen cells contradict."""
        return frozenset(each for each in CANCELLATIONS if self.repeat(each) is None)

    def repeat(self, condition: Condition) -> tuple[int, int] | None:
        """Return two cells of one row (column, for right cancellation) that hold the same."""
        n = self.order
        lines = self.cells // n if condition is _LEFT else self.cells % n
        keys = lines * n + self.symbols
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        if not len(same):
            return None
        one, other = sorted(self.cells[order[same[0] : same[0] + 2]].tolist())
        return one, other

    def log10_new(self, conditions: frozenset[Condition]) -> Float[NDArray[Any], " m"]:
        """Return the logarithm of the chance that a cell repeats no symbol of its row (column).

        Args:
            conditions: For which of the cancellations.
        """
        if conditions not in self._without:
            self._without[conditions] = self._chances(conditions)[0]
        return self._without[conditions]

    @cached_property
    def log10_symbol(self) -> Float[NDArray[Any], " m"]:
        """The logarithm of the chance that a cell holds the symbol that it does.

        The largest of those under the assumptions that nothing rules out: symbols in any order,
        rows, columns or both without repeats.
        """
        best = self._chances(frozenset())[1]
        free = self.repeat_free
        for conditions in [frozenset({each}) for each in free] + ([free] if len(free) == 2 else []):
            new, symbol = self._chances(conditions)
            self._without.setdefault(conditions, new)
            best = np.maximum(best, symbol)
        return best

    def _chances(
        self, conditions: frozenset[Condition]
    ) -> tuple[Float[NDArray[Any], " m"], Float[NDArray[Any], " m"]]:
        """Return the chances of a new symbol, and of the symbol among the new ones."""
        n, m = self.order, len(self.cells)
        rows, columns = np.divmod(self.cells, n)
        new, symbol = np.zeros(m), np.zeros(m)
        remaining = np.bincount(self.symbols, minlength=n)
        first = self._first_ranks(conditions)
        step = max(1, _BLOCK // n)
        for start in range(0, m, step):
            here = slice(start, start + step)
            symbols = self.symbols[here]
            times = np.arange(m)[here]
            uncovered = np.zeros((len(symbols) + 1, n), np.int64)
            uncovered[np.arange(len(symbols)) + 1, symbols] = 1
            # How often each symbol is among the cells that are still covered.
            left = remaining - np.cumsum(uncovered, axis=0)
            remaining, left = left[-1], left[:-1]
            used = np.zeros(left.shape, bool)
            if _LEFT in first:
                used |= first[_LEFT][rows[here]] < times[:, None]
            if _RIGHT in first:
                used |= first[_RIGHT][columns[here]] < times[:, None]
            fresh = np.where(used, 0, left).sum(axis=1)
            new[here] = fresh / (m - times)
            own = left[np.arange(len(symbols)), symbols]
            # A repeat of a condition that the table does not meet leaves nothing to ask for.
            symbol[here] = own / np.maximum(fresh, own)
            if conditions:
                choices = n - used.sum(axis=1)
                symbol[here] = np.maximum(symbol[here], 1 / np.maximum(1, choices))
            if len(conditions) == 2:
                places = self._places(rows[here], columns[here], symbols, times, first)
                symbol[here] = np.maximum(symbol[here], 1 / places)
        with np.errstate(divide="ignore"):
            return np.log10(new), np.log10(symbol)

    def _first_ranks(
        self, conditions: frozenset[Condition]
    ) -> dict[Condition, Int[NDArray[Any], "n n"]]:
        """Return when each row (column) first shows each symbol."""
        n = self.order
        found = {}
        for condition in conditions:
            ranks = np.full((n, n), n * n)
            lines = self.cells // n if condition is _LEFT else self.cells % n
            np.minimum.at(ranks, (lines, self.symbols), np.arange(len(self.cells)))
            found[condition] = ranks
        return found

    def _places(
        self,
        rows: Int[NDArray[Any], " k"],
        columns: Int[NDArray[Any], " k"],
        symbols: Int[NDArray[Any], " k"],
        times: Int[NDArray[Any], " k"],
        first: dict[Condition, Int[NDArray[Any], "n n"]],
    ) -> Int[NDArray[Any], " k"]:
        """Return in how few places of its row or column a Latin table can have the symbol."""
        now = times[:, None]
        in_row = (self.ranks[rows] >= now) & (now <= first[_RIGHT][:, symbols].T)
        in_column = (now <= self.ranks[:, columns].T) & (now <= first[_LEFT][:, symbols].T)
        places: NDArray[Any] = np.minimum(in_row.sum(axis=1), in_column.sum(axis=1)).clip(1)
        return places
