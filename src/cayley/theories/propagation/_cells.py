"""What is known of an operation while it is completed: values, equal cells, and a reason for each.

Cells are numbered ``a*n + b``. Unknown cells that are known to be equal form *classes*, a
union-find whose merges are also kept as the edges of a forest: when one cell of a class becomes
known, the value goes along the edges, and each cell's reason is the edge by which it came.
"""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._conditions import Cells, Condition

__all__ = ["GIVEN", "GUESSED", "Conflict", "KnownCells", "Note"]

GIVEN, GUESSED = -1, -2
"""Reasons that are no steps: the cell was in the input, or a search tried the value."""


@dataclass(frozen=True, slots=True)
class Note:
    """Conditions, and the cells that force something, or contradict each other, under them."""

    conditions: tuple[Condition, ...]
    cells: Cells


@dataclass(frozen=True, slots=True)
class Conflict:
    """An instance of a law that fails (its place, the values of its variables), or a note."""

    law: int = -1
    instance: tuple[int, ...] = ()
    note: Note | None = None


@dataclass(slots=True, kw_only=True)
class KnownCells:
    """The state of a propagation; `copy` gives a search a branch of its own.

    Attributes:
        order: The number n of elements.
        table: Products by cells, shape ``(n*n,)``, int32, -1 where unknown.
        seen: The products that the laws have been applied to, as `table`.
        parent: Union-find over cells.
        trail: The known cells in the order in which they became known.
        reason: The step by which a cell became known, or `GIVEN` or `GUESSED`.
        step_law: The law of each step; ``-1 - k`` for the note at place k.
        step_instance: The values of its variables.
        step_cells: The two cells that a merge made equal.
        first_edge, next_edge: The forest: ``2 s`` and ``2 s + 1`` are the two ends of step s.
        counters: How many steps, how many cells in the trail, how many of them are in `seen`, and
            whether the plans without a start have run.
        notes: What steps by conditions stand on.
    """

    order: int
    table: Int[NDArray[Any], " cells"]
    seen: Int[NDArray[Any], " cells"]
    parent: Int[NDArray[Any], " cells"]
    trail: Int[NDArray[Any], " cells"]
    reason: Int[NDArray[Any], " cells"]
    step_law: Int[NDArray[Any], " steps"]
    step_instance: Int[NDArray[Any], "steps v"]
    step_cells: Int[NDArray[Any], "steps 2"]
    first_edge: Int[NDArray[Any], " cells"]
    next_edge: Int[NDArray[Any], " ends"]
    counters: Int[NDArray[Any], " 4"]
    notes: list[Note] = field(default_factory=list)
    conflict: Conflict | None = None

    STEPS, KNOWN, SEEN, STARTED = range(4)

    @classmethod
    def of(cls, array: Int[NDArray[Any], "n n"], *, num_variables: int) -> Self:
        """Return the state in which the cells of an array are given."""
        n = len(array)
        size = n * n
        # Each step merges two classes or makes a cell known: fewer than n*n of either.
        steps = 2 * size
        cells = cls(
            order=n,
            table=np.full(size, -1, np.int32),
            seen=np.full(size, -1, np.int32),
            parent=np.arange(size, dtype=np.int32),
            trail=np.zeros(size, np.int32),
            reason=np.full(size, GIVEN, np.int32),
            step_law=np.zeros(steps, np.int32),
            step_instance=np.zeros((steps, max(1, num_variables)), np.int32),
            step_cells=np.zeros((steps, 2), np.int32),
            first_edge=np.full(size, -1, np.int32),
            next_edge=np.full(2 * steps, -1, np.int32),
            counters=np.zeros(4, np.int64),
        )
        given = np.flatnonzero(array.reshape(-1) >= 0)
        cells.table[given] = array.reshape(-1)[given]
        cells.trail[: len(given)] = given
        cells.counters[cls.KNOWN] = len(given)
        return cells

    def copy(self) -> Self:
        """Return a state of its own with the same content."""
        arrays = {
            name: getattr(self, name).copy()
            for name in (
                "table", "seen", "parent", "trail", "reason", "step_law", "step_instance",
                "step_cells", "first_edge", "next_edge", "counters",
            )
        }  # fmt: skip
        return type(self)(order=self.order, notes=list(self.notes), **arrays)

    @property
    def num_bytes(self) -> int:
        """The memory that the arrays take, in bytes; the steps take most of it."""
        steps = self.step_instance.nbytes + self.step_cells.nbytes + 2 * self.next_edge.nbytes
        return steps + 7 * self.table.nbytes

    @property
    def num_known(self) -> int:
        """The number of known cells."""
        return int(self.counters[self.KNOWN])

    @property
    def square(self) -> Int[NDArray[Any], "n n"]:
        """The table as a square; a view."""
        return self.table.reshape(self.order, self.order)

    @property
    def is_full(self) -> bool:
        """Whether every cell is known."""
        return self.num_known == len(self.table)

    def roots(self) -> Int[NDArray[Any], " cells"]:
        """Return a representative of the class of each cell."""
        root = self.parent
        while True:
            above = root[root]
            if np.array_equal(above, root):
                return root
            root = above

    def guess(self, cell: int, value: int) -> None:
        """Try a value for an unknown cell and all cells that are equal to it."""
        self._spread(cell, value, GUESSED)

    def assign(self, cell: int, value: int, law: int, instance: tuple[int, ...] = ()) -> bool:
        """Make a cell known by a step; return False, with `conflict` set, if it is another."""
        held = int(self.table[cell])
        if held >= 0:
            if held != value:
                self._contradict(law, instance)
            return held == value
        self._spread(cell, value, self._step(law, instance))
        return True

    def assign_by(self, cell: int, value: int, note: Note) -> bool:
        """Make a cell known for the reason in a note; a known cell is left as it is."""
        if self.table[cell] >= 0:
            return True
        self.notes.append(note)
        return self.assign(cell, value, -len(self.notes))

    def merge(self, one: int, other: int, law: int, instance: tuple[int, ...] = ()) -> bool:
        """Make two cells equal; return False, with `conflict` set, if their values differ."""
        values = int(self.table[one]), int(self.table[other])
        if values[0] >= 0:
            return self.assign(other, values[0], law, instance)
        if values[1] >= 0:
            return self.assign(one, values[1], law, instance)
        a, b = self._root(one), self._root(other)
        if a != b:
            self.parent[max(a, b)] = min(a, b)
            step = self._step(law, instance)
            self.step_cells[step] = one, other
            for end, cell in ((2 * step, one), (2 * step + 1, other)):
                self.next_edge[end] = self.first_edge[cell]
                self.first_edge[cell] = end
        return True

    def merge_by(self, one: int, other: int, note: Note) -> bool:
        """Make two cells equal for the reason in a note."""
        self.notes.append(note)
        return self.merge(one, other, -len(self.notes))

    def _root(self, cell: int) -> int:
        parent = self.parent
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = int(parent[cell])
        return cell

    def _step(self, law: int, instance: tuple[int, ...]) -> int:
        step = int(self.counters[self.STEPS])
        self.step_law[step] = law
        self.step_instance[step, : len(instance)] = instance
        self.counters[self.STEPS] += 1
        return step

    def _contradict(self, law: int, instance: tuple[int, ...]) -> None:
        note = self.notes[-1 - law] if law < 0 else None
        self.conflict = Conflict(law, tuple(map(int, instance)), note)

    def _spread(self, cell: int, value: int, reason: int) -> None:
        """Give an unknown cell a value, and then every cell of its class along the forest."""
        waiting = [(cell, reason)]
        while waiting:
            cell, reason = waiting.pop()
            if self.table[cell] >= 0:
                continue
            self.table[cell], self.reason[cell] = value, reason
            self.trail[self.counters[self.KNOWN]] = cell
            self.counters[self.KNOWN] += 1
            end = int(self.first_edge[cell])
            while end >= 0:
                waiting.append((int(self.step_cells[end // 2, 1 - end % 2]), end // 2))
                end = int(self.next_edge[end])
