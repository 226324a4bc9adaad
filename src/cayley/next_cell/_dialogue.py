"""A dialogue: a question at a time, its answer, and the way back. Nothing here reads or prints."""

import math
from typing import TYPE_CHECKING

import numpy as np

from cayley._errors import UnknownLabelError
from cayley.next_cell._costs import Cost, costs_of
from cayley.next_cell._next_cells import Advice, advise
from cayley.next_cell._noisy import believed
from cayley.tables import Table
from cayley.tables.labels._strays import by_likeness

if TYPE_CHECKING:
    from cayley.algebra import Structure
    from cayley.theories import Theory

__all__ = ["Dialogue"]


class Dialogue:
    """The table so far, and the question that waits for an answer.

    Args:
        table: The table to begin with.
        assume: What the operation is taken to be, as for `next_cells`.
        cost: What each observation costs.
        seed: Seed of every random choice.
        wrong_rate: Probability that an answer is wrong.
        delta: How improbable a wrong table has to be in the end, if answers may be wrong.
    """

    def __init__(
        self,
        table: Table,
        *,
        assume: "Structure | Theory | str" = "auto",
        cost: Cost | None = None,
        seed: int = 0,
        wrong_rate: float = 0.0,
        delta: float = 0.02,
    ) -> None:
        self.table = table
        self._costs = costs_of(table, cost)
        self._options = {"assume": assume, "seed": seed, "wrong_rate": wrong_rate, "delta": delta}
        # What `undo` goes back to: the table and the costs before each step.
        self._before: list[tuple[Table, np.ndarray]] = []
        self._advice: Advice | None = None

    @property
    def num_answers(self) -> int:
        """How many steps there were, skipped cells included."""
        return len(self._before)

    @property
    def advice(self) -> Advice:
        """The question to ask now, or why there is none."""
        if self._advice is None:
            self._advice = advise(self.table, cost=self._costs, **self._options)  # type: ignore[arg-type]
        return self._advice

    @property
    def believed(self) -> Table:
        """The table so far; where answers may be wrong, with the most probable symbols."""
        wrong_rate = self._options["wrong_rate"]
        return believed(self.table, wrong_rate).table if wrong_rate else self.table  # type: ignore[arg-type]

    def answer(self, label: str) -> None:
        """Record the answer to the question.

        Raises:
            UnknownLabelError: If it is no symbol of the table; the nearest ones are named.
        """
        table = self.table
        if label not in table.symbols:
            near = ", ".join(map(repr, by_likeness(label, table.symbols)))
            raise UnknownLabelError(f"{label!r} is no symbol of the table; near it: {near}.")
        row, column, symbol = *self._cell(), table.symbols.index(label)
        array, repeats = table.array.copy(), table.repeats
        if array[row, column] < 0:
            array[row, column] = symbol
        else:
            repeats = np.concatenate([repeats, [[row, column, symbol]]])
        after = Table(
            rows=table.rows,
            columns=table.columns,
            symbols=table.symbols,
            array=array,
            repeats=repeats,
        )
        self._step(after, self._costs)

    def skip(self) -> None:
        """Take the cell of the question for one that cannot be observed."""
        costs = self._costs.copy()
        costs[self._cell()] = math.inf
        self._step(self.table, costs)

    def undo(self) -> bool:
        """Take the last answer back; return whether there was one."""
        if not self._before:
            return False
        self.table, self._costs = self._before.pop()
        self._advice = None
        return True

    def _step(self, table: Table, costs: np.ndarray) -> None:
        self._before.append((self.table, self._costs))
        self.table, self._costs, self._advice = table, costs, None

    def _cell(self) -> tuple[int, int]:
        question = self.advice.questions[0]
        return self.table.rows.index(question.row), self.table.columns.index(question.column)
