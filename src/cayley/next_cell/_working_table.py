"""The table that is asked about, in one order of labels, and the questions under one theory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Structure
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._for_groups import Refuted, group_questions
from cayley.next_cell._from_theories import theory_questions
from cayley.next_cell._question import Proposal
from cayley.tables import Table

__all__ = ["WorkingTable"]

_MOST_SPELLED = 6
"""Cells written out in a message; more make it longer than the screen and say no more."""


class WorkingTable:
    """A table with rows, columns and symbols in one order, if they are one alphabet.

    Args:
        table: The table as it was given.
        costs: The cost of each of its cells.
        count: How many cells to ask for.
        seed: Seed of every random choice.
    """

    def __init__(
        self, table: Table, costs: Float[NDArray[Any], "r c"], *, count: int, seed: int
    ) -> None:
        self.table, self.count = table, count
        self._order = list(range(len(table.columns)))
        if table.has_one_alphabet:
            self.table = table.aligned()
            place = {label: i for i, label in enumerate(table.columns)}
            self._order = [place[label] for label in self.table.columns]
        self.costs = self.in_working_order(costs)
        self.random = np.random.default_rng(seed)
        # What the questions were asked under, for the message that there are none.
        self.theory = ""

    def in_working_order(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values of cells of the given table with the columns in this table's order."""
        return values[:, self._order]

    @property
    def array(self) -> Int[NDArray[Any], "n n"]:
        """The products, -1 where unknown."""
        return self.table.array

    def under(self, hypothesis: Any) -> list[Proposal] | None:
        """Return the cells to ask for under a theory, or under groups or isotopes.

        Returns:
            The cells; empty if the theory forces all; None if none that is open can be observed.

        Raises:
            Refuted: If the cells contradict it; the places of the observations are named.
        """
        self.theory = str(hypothesis)
        if isinstance(hypothesis, Structure):
            partial = self.partial(hypothesis)
            try:
                return group_questions(
                    partial, count=self.count, costs=self.costs, random=self.random
                )
            except Refuted as refuted:
                raise Refuted(self.places(partial.cells[list(refuted.evidence)])) from None
        found = theory_questions(
            self.array, hypothesis, count=self.count, costs=self.costs, random=self.random
        )
        if found is None or isinstance(found, list):
            return found
        assert found.refutation is not None
        evidence = np.array(found.refutation.evidence, np.int64).reshape(-1, 2)
        cells = np.column_stack([evidence, self.array[evidence[:, 0], evidence[:, 1]]])
        raise Refuted(self.places(cells))

    def partial(self, structure: Structure) -> PartialTable:
        """Return the cells as observations of a group or an isotope."""
        cells = np.unique(self.table.observations, axis=0)
        return PartialTable.of(cells, self.table.order, structure)

    def places(self, cells: Int[NDArray[Any], "k 3"]) -> tuple[int, ...]:
        """Return the places of cells among the observations."""
        observations = list(enumerate(self.table.observations.tolist()))
        place = {tuple(cell): i for i, cell in reversed(observations)}
        return tuple(place[tuple(cell)] for cell in cells.tolist())

    def spelled(self, evidence: tuple[int, ...]) -> str:
        """Return observations, by their places, as equations."""
        cells = self.table.observations[list(evidence)].tolist()
        shown = [
            f"{self.table.rows[a]} o {self.table.columns[b]} = {self.table.symbols[c]}"
            for a, b, c in cells[:_MOST_SPELLED]
        ]
        more = len(cells) - _MOST_SPELLED
        return ", ".join(shown) + (f" and {more} more cells" if more > 0 else "")
