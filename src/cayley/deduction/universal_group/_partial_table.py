"""Observed products together with what is assumed of the operation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.todd_coxeter._relations import busiest, present
from cayley.deduction.todd_coxeter._todd_coxeter import ROUNDS, Enumeration, Limits, enumerate_group

__all__ = ["PartialTable"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartialTable:
    """Observations ``a o b = c`` of a table, and whether it is a group or an isotope of one.

    Attributes:
        cells: Rows ``(a, b, c)``, shape ``(m, 3)``, int64.
        order: The order of the table.
        assume: ``GROUP``: the three alphabets are one. ``GROUP_ISOTOPE``: they are independent.
        gauge: The row and the column that stand for the identity of an isotope.
    """

    cells: Int[NDArray[Any], "m 3"]
    order: int
    assume: Structure
    gauge: tuple[int, int]

    @classmethod
    def of(cls, observations: ArrayLike, order: int, assume: Structure | str) -> Self:
        """Make a partial from a user's arguments.

        Raises:
            TypeError: If the observations are not integers.
            ValueError: If their shape or range is wrong, or ``order`` or ``assume`` is.
        """
        if isinstance(order, bool) or not isinstance(order, int | np.integer) or order < 1:
            raise ValueError(f"`order` must be an integer >= 1; got {order!r}.")
        structure = Structure(assume)
        if structure not in (Structure.GROUP, Structure.GROUP_ISOTOPE):
            raise ValueError(f'`assume` must be "group" or "isotope"; got {assume!r}.')
        cells = np.asarray(observations)
        if cells.size == 0:
            cells = np.empty((0, 3), np.int64)
        if cells.dtype.kind not in "iu":
            raise TypeError(f"`observations` must hold integers; got dtype {cells.dtype}.")
        if cells.ndim != 2 or cells.shape[1] != 3:
            raise ValueError(f"`observations` must have shape (m, 3); got {cells.shape}.")
        cells = cells.astype(np.int64)
        if len(cells) and (cells.min() < 0 or cells.max() >= order):
            raise ValueError(
                f"`observations` must hold integers in 0..{order - 1}; "
                f"got values from {cells.min()} to {cells.max()}."
            )
        # The row and column with most cells shorten most relations to two generators.
        gauge = busiest(cells, int(order))
        return cls(cells=cells, order=int(order), assume=structure, gauge=gauge)

    @property
    def kinds(self) -> tuple[int, int, int]:
        """Which alphabet the rows, the columns and the symbols belong to, counted from 0."""
        return (0, 0, 0) if self.assume is Structure.GROUP else (0, 1, 2)

    def subset(self, chosen: Sequence[int] | NDArray[Any]) -> Self:
        """Return the partial with only some of the observations, by their places."""
        cells = self.cells[np.asarray(chosen, np.int64)]
        return type(self)(cells=cells, order=self.order, assume=self.assume, gauge=self.gauge)

    def enumerated(
        self, limits: Limits, *, deadline: float = math.inf, rounds: int = ROUNDS
    ) -> Enumeration:
        """Enumerate the universal group; see `enumerate_group`."""
        presentation = present(self.cells, self.order, assume=self.assume, gauge=self.gauge)
        return enumerate_group(presentation, self.order, limits, deadline=deadline, rounds=rounds)
