"""What some of the given cells force or contradict, if the operation has a theory."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.deduction.wrong_entries._fewest_suspects import Look
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.propagation._cells import KnownCells
from cayley.theories.propagation._propagation import Propagation
from cayley.theories.propagation._reasons import refutation_of
from cayley.theories.propagation._search import Budget, OutOfNodes, Search

__all__ = ["TheoryOracle"]

_MOST_SHOWN = 4
"""Completions of some cells that are kept. Two prove already that the cells force none; with more,
those that accuse other cells are met sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoryOracle:
    """An `Oracle` for given cells, the items; tables are the operations with a theory.

    Attributes:
        items: Rows ``(a, b, c)`` for each given product, shape ``(m, 3)``.
        order: The number of elements.
        propagation: What the theory forces.
        max_nodes: How many guesses each look may try.
        max_bytes: How much memory the states of each search may take.
        deadline: When to stop, on the monotonic clock.
    """

    items: Int[NDArray[Any], "m 3"]
    order: int
    propagation: Propagation
    max_nodes: int
    max_bytes: int
    deadline: float

    def array(self, kept: Bool[NDArray[Any], " m"]) -> Int[NDArray[Any], "n n"]:
        """Return the table of some items, -1 elsewhere."""
        table = np.full((self.order, self.order), -1)
        a, b, c = self.items[kept].T
        table[a, b] = c
        return table

    def look(self, kept: Bool[NDArray[Any], " m"]) -> Look:
        """Decide what the items allow, by propagation and an exhaustive search."""
        clash = self._clash(kept)
        if clash:
            return Look(core=clash)
        found: list[NDArray[Any]] = []
        try:
            state, core = self._propagated(kept)
            if state is None:
                return Look(core=core)
            budget = Budget(self.max_nodes, self.deadline, self.max_bytes)
            for table in Search(self.propagation, state, budget).completions():
                # One more than may be shown proves that there are others.
                if len(found) == _MOST_SHOWN:
                    return Look(tables=tuple(found))
                found.append(table)
        except (OutOfNodes, OutOfTime):
            return Look(tables=tuple(found))
        if found:
            return Look(tables=tuple(found), is_all=True)
        return Look(core=self._searched_core(kept))

    def core(self, kept: Bool[NDArray[Any], " m"]) -> tuple[int, ...]:
        """Return contradictory items, if propagation sees the contradiction."""
        clash = self._clash(kept)
        if clash:
            return clash
        try:
            return self._propagated(kept)[1]
        except OutOfTime:
            return ()

    def forces(self, kept: Bool[NDArray[Any], " m"]) -> bool:
        """Return whether propagation alone fills in every cell."""
        try:
            state, _ = self._propagated(kept)
        except OutOfTime:
            return False
        return state is not None and state.is_full

    def suspects(self, table: Int[NDArray[Any], "n n"]) -> tuple[int, ...]:
        """Return the places of the items that a table disagrees with."""
        a, b, c = self.items.T
        return tuple(np.flatnonzero(table[a, b] != c).tolist())

    def _clash(self, kept: Bool[NDArray[Any], " m"]) -> tuple[int, ...]:
        """Return two items that state different products for one cell."""
        places = np.flatnonzero(kept)
        cells = self.items[places, 0] * self.order + self.items[places, 1]
        order = np.argsort(cells, kind="stable")
        same = np.flatnonzero(np.diff(cells[order]) == 0)
        for at in same.tolist():
            one, other = places[order[at]], places[order[at + 1]]
            if self.items[one, 2] != self.items[other, 2]:
                return int(one), int(other)
        return ()

    def _propagated(
        self, kept: Bool[NDArray[Any], " m"]
    ) -> tuple[KnownCells | None, tuple[int, ...]]:
        """Return the state after propagation, or None with items that are contradictory."""
        state = self.propagation.start(self.array(kept))
        if self.propagation.run(state, deadline=self.deadline):
            return state, ()
        assert state.conflict is not None
        refutation = refutation_of(state, self.propagation.laws, state.conflict)
        return None, self._items_of(refutation.evidence, kept)

    def _items_of(
        self, cells: tuple[tuple[int, int], ...], kept: Bool[NDArray[Any], " m"]
    ) -> tuple[int, ...]:
        wanted = {a * self.order + b for a, b in cells}
        flat = self.items[:, 0] * self.order + self.items[:, 1]
        places = {int(flat[i]): int(i) for i in np.flatnonzero(kept)}
        return tuple(sorted(places[cell] for cell in wanted))

    def _searched_core(self, kept: Bool[NDArray[Any], " m"]) -> tuple[int, ...]:
        """Return fewer of the items that an exhaustive search refutes: halves are tried away."""
        core = np.flatnonzero(kept)
        size = len(core)
        while size > 1 and time.monotonic() < self.deadline:
            size = (size + 1) // 2
            for first in range(0, len(core), size):
                part = np.zeros(len(kept), bool)
                part[np.delete(core, slice(first, first + size))] = True
                if self._is_refuted(part):
                    core = np.flatnonzero(part)
                    break
        return tuple(core.tolist())

    def _is_refuted(self, kept: Bool[NDArray[Any], " m"]) -> bool:
        try:
            state, _ = self._propagated(kept)
            if state is None:
                return True
            budget = Budget(self.max_nodes, self.deadline, self.max_bytes)
            return next(Search(self.propagation, state, budget).completions(), None) is None
        except (OutOfNodes, OutOfTime):
            return False
