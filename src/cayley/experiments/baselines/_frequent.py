"""The least that anything should beat: the most frequent symbol."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._meter import Meter
from cayley.tables import Table

__all__ = ["MostFrequent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MostFrequent:
    """Answers the symbol that was seen most often, the first of them if several were.

    Example:
        >>> table = Table.from_array([[0, 1], [1, -1]])
        >>> MostFrequent().complete(table, seed=0, budget=Budget()).table.tolist()
        [[1, 1], [1, 1]]
    """

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Count symbols; the seed changes nothing."""
        counts = np.bincount(table.observations[:, 2], minlength=len(table.symbols))
        answer: Int[NDArray[Any], "r c"] = np.full(table.array.shape, counts.argmax())
        meter = Meter(budget, callback)
        meter.count(predict=lambda: answer)
        return Prediction(table=answer, steps=meter.steps, reason="finished")
