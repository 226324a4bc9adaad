"""Searches all completions of a partial table, with propagation after every guess."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.propagation._cells import KnownCells
from cayley.theories.propagation._demands import blocks, candidates
from cayley.theories.propagation._propagation import Propagation

__all__ = ["Budget", "OutOfNodes", "Search"]

_CANCELLATIONS = {Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION}


class OutOfNodes(Exception):
    """The budget is spent: the question that was being decided stays open."""


@dataclass(slots=True)
class Budget:
    """How many guesses there may be, until when (monotonic clock), and in how many bytes."""

    nodes: int
    deadline: float = math.inf
    max_bytes: int = 1 << 30
    used: int = 0

    def spend(self) -> None:
        """Count one guess.

        Raises:
            OutOfNodes: If none is left.
        """
        if self.used >= self.nodes:
            raise OutOfNodes
        self.used += 1


class Search:
    """The completions of a state that has been propagated without contradiction."""

    def __init__(self, propagation: Propagation, root: KnownCells, budget: Budget) -> None:
        self._propagation, self._root, self._budget = propagation, root, budget

    def completions(self) -> Iterator[Int[NDArray[Any], "n n"]]:
        """Yield every completion once; the end of the iteration proves that there are no more.

        Raises:
            OutOfNodes: If the budget is spent first.
            OutOfTime: If the deadline passes first.
        """
        yield from self._below(self._root)

    def possible(
        self, witnesses: list[Int[NDArray[Any], "n n"]]
    ) -> tuple[Bool[NDArray[Any], "n n n"], bool]:
        """Return which values each cell has in some completion, and whether that is exact.

        Args:
            witnesses: Completions that are known already.

        Where the budget ends first, values that were not refuted are kept, and the second result
        is False.
        """
        root, n = self._root, self._root.order
        a, b = np.indices((n, n))
        found = self.values(witnesses) if witnesses else np.zeros((n, n, n), bool)
        known = root.square >= 0
        found[known, root.square[known]] = True
        allowed = np.concatenate(
            [candidates(root.square, self._propagation.conditions, rows) for rows in blocks(n)]
        )
        refuted = np.zeros_like(found)
        roots = root.roots()
        for cell in np.flatnonzero((root.table < 0) & (roots == np.arange(n * n))).tolist():
            members = np.divmod(np.flatnonzero(roots == cell), n)
            for value in np.flatnonzero(allowed[members].all(axis=0)).tolist():
                if found[cell // n, cell % n, value]:
                    continue
                try:
                    witness = next(self._guessed(root, cell, value), None)
                except (OutOfNodes, OutOfTime):
                    return found | (allowed & ~refuted), False
                if witness is not None:
                    found[a, b, witness] = True
                else:
                    refuted[members[0], members[1], value] = True
        return found, True

    @staticmethod
    def values(tables: list[Int[NDArray[Any], "n n"]]) -> Bool[NDArray[Any], "n n n"]:
        """Return which values each cell has in some of the tables."""
        n = len(tables[0])
        a, b = np.indices((n, n))
        found = np.zeros((n, n, n), bool)
        for table in tables:
            found[a, b, table] = True
        return found

    def _below(self, state: KnownCells) -> Iterator[Int[NDArray[Any], "n n"]]:
        """Yield the completions of one state; guesses wait on a stack, since depth has no bound."""
        if state.is_full:
            yield _table(state)
            return
        waiting = [self._guesses(state)]
        most = self._budget.max_bytes // state.num_bytes
        while waiting:
            # Every level of the stack holds the state that its guesses start from.
            if len(waiting) > most:
                raise OutOfNodes
            guess = next(waiting[-1], None)
            if guess is None:
                waiting.pop()
                continue
            child = self._child(*guess)
            if child is None:
                continue
            if child.is_full:
                yield _table(child)
            else:
                waiting.append(self._guesses(child))

    def _guessed(
        self, state: KnownCells, cell: int, value: int
    ) -> Iterator[Int[NDArray[Any], "n n"]]:
        child = self._child(state, cell, value)
        if child is not None:
            yield from self._below(child)

    def _child(self, state: KnownCells, cell: int, value: int) -> KnownCells | None:
        """Return the state after a guess with what it forces, or None if it is refuted."""
        self._budget.spend()
        child = state.copy()
        child.guess(cell, value)
        good = self._propagation.run(child, deadline=self._budget.deadline)
        return child if good else None

    def _guesses(self, state: KnownCells) -> Iterator[tuple[KnownCells, int, int]]:
        """Yield the guesses for the cell with fewest candidates, then most known neighbors."""
        conditions = self._propagation.conditions
        n, square = state.order, state.square
        known = square >= 0
        neighbors = known.sum(axis=1)[:, None] + known.sum(axis=0)[None, :]
        if _CANCELLATIONS & conditions:
            parts = [candidates(square, conditions, rows).sum(axis=2) for rows in blocks(n)]
            count = np.concatenate(parts)
        else:
            count = np.full((n, n), n)
        # At most 2n neighbors, so one candidate less always weighs more.
        score = np.where(known, np.iinfo(np.int64).max, count * (2 * n + 1) - neighbors)
        cell = int(score.argmin())
        roots = state.roots()
        rows, columns = np.divmod(np.flatnonzero(roots == roots[cell]), n)
        allowed = np.ones(n, bool)
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
            allowed &= candidates(square, conditions, slice(a, a + 1))[0, b]
        for value in np.flatnonzero(allowed).tolist():
            yield state, cell, value


def _table(state: KnownCells) -> Int[NDArray[Any], "n n"]:
    table = state.square.astype(np.int64)
    table.flags.writeable = False
    return table
