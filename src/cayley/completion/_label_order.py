"""How the labels of one table are placed in another with the same labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.completion._matrices import Matrices
from cayley.tables import UNKNOWN, Table

__all__ = ["LabelOrder"]


@dataclass(frozen=True, slots=True)
class LabelOrder:
    """How the labels of one table are placed in another with the same labels."""

    columns: Int[NDArray[Any], " n"]
    symbols: Int[NDArray[Any], " n"]

    @classmethod
    def between(cls, work: Table, given: Table) -> "LabelOrder":
        """Rows are never moved; columns and symbols may be."""
        place = {label: i for i, label in enumerate(work.columns)}
        symbols = {label: i for i, label in enumerate(given.symbols)}
        return cls(
            np.array([place[label] for label in given.columns]),
            np.array([symbols[label] for label in work.symbols]),
        )

    def of_products(self, array: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], "n n"]:
        lookup = np.append(self.symbols, UNKNOWN)
        placed: Int[NDArray[Any], "n n"] = lookup[array[:, self.columns]]
        return placed

    def of_values(
        self, possible: Mapping[tuple[int, int], tuple[int, ...]]
    ) -> dict[tuple[int, int], tuple[int, ...]]:
        """Place the values of cells, and number them as the symbols are listed."""
        place = {int(column): j for j, column in enumerate(self.columns)}
        return {
            (a, place[b]): tuple(int(self.symbols[value]) for value in values)
            for (a, b), values in sorted(possible.items())
        }

    def of_cells(self, array: NDArray[Any]) -> NDArray[Any]:
        cells: NDArray[Any] = array[:, self.columns]
        return cells

    def of_factors(self, factors: Matrices) -> Matrices:
        columns, symbols = self.columns.tolist(), np.argsort(self.symbols).tolist()
        A, B, C = factors
        return cast("Matrices", (A, B[columns], C[symbols]))  # all arrays, or all tensors
