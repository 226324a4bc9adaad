"""Which known cells stand in instances of laws that fail, and which cells to drop first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._terms import Law, Term

__all__ = ["Instances", "instances_of", "least_trusted"]

_MOST_INSTANCES = 2_000_000
"""Instances of a law looked at, 4 bytes for each product: all of associativity up to order 125, of
laws in four variables up to order 37; beyond, so many at random."""
_BLOCK = 1 << 18
"""Instances evaluated at once: some ten arrays of 2 million bytes."""
_DOUBT = 1e-9
"""Keeps the share of a cell without instances defined."""
_TIED = 1e-12
"""Shares that differ by less are equal: they are quotients of counts below ten million."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instances:
    """Instances that can be evaluated on both sides, and pairs of cells that may not be equal.

    Attributes:
        cells: The cells that each evaluates, shape ``(m, k)``, int32; repeated where there are
            fewer than k.
        fails: Which of them fail.
    """

    cells: Int[NDArray[Any], "m k"]
    fails: Bool[NDArray[Any], " m"]

    def failing(self) -> list[frozenset[int]]:
        """Return the sets of cells of the instances that fail, each once."""
        if not self.fails.any():
            return []
        rows = np.unique(np.sort(self.cells[self.fails], axis=1), axis=0)
        return list(dict.fromkeys(map(frozenset, rows.tolist())))


def instances_of(
    table: Int[NDArray[Any], "n n"], laws: Iterable[Law], conditions: Iterable[Condition]
) -> Instances:
    """Evaluate all instances of laws on the known cells, and compare the cells of each line.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        laws: The laws. Of one with too many instances a random part is looked at, the same each
            time: enough to see which cells fail, and no less true.
        conditions: Of these the cancellations count: two equal cells of a row, or a column, fail.
    """
    parts = [
        part for law in laws if not law.is_trivial for part in _of_law(table, law)
    ]  # fmt: skip
    demanded = frozenset(conditions)
    if Condition.LEFT_CANCELLATION in demanded:
        parts.append(_pairs(table, np.arange(table.size).reshape(table.shape)))
    if Condition.RIGHT_CANCELLATION in demanded:
        parts.append(_pairs(table.T, np.arange(table.size).reshape(table.shape).T))
    width = max((part.cells.shape[1] for part in parts), default=1)
    return Instances(
        cells=np.concatenate(
            [np.empty((0, width), np.int32)]
            + [np.pad(x.cells, ((0, 0), (0, width - x.cells.shape[1])), "edge") for x in parts]
        ),
        fails=np.concatenate([np.empty(0, bool), *(part.fails for part in parts)]),
    )


def least_trusted(instances: Instances, num_cells: int) -> Iterator[Int[NDArray[Any], " k"]]:
    """Yield cells to drop until no instance fails: those that fail most often, relative to all.

    Cells that are equal in this are dropped together, so that no order of labels decides.

    Args:
        instances: The instances; those with a dropped cell do not count any more.
        num_cells: How many cells there are.
    """
    alive = np.ones(len(instances.fails), bool)
    while (alive & instances.fails).any():
        bad = _counts(instances.cells[alive & instances.fails], num_cells)
        good = _counts(instances.cells[alive & ~instances.fails], num_cells)
        # The share of failing instances; of two cells with the same share the one with more.
        score = bad / (bad + good + _DOUBT) * np.log1p(bad)
        dropped = np.flatnonzero(score >= score.max() - _TIED)
        yield dropped
        alive &= ~np.isin(instances.cells, dropped).any(axis=1)


def _counts(cells: Int[NDArray[Any], "m k"], num_cells: int) -> Float[NDArray[Any], " cells"]:
    return np.bincount(cells.ravel(), minlength=num_cells).astype(float)


def _of_law(table: Int[NDArray[Any], "n n"], law: Law) -> Iterator[Instances]:
    n = len(table)
    total = n**law.num_variables
    padded = np.pad(table, (0, 1), constant_values=-1)
    few = min(total, _MOST_INSTANCES)
    chosen = np.arange(few) if few == total else np.random.default_rng(0).integers(total, size=few)
    for first in range(0, few, _BLOCK):
        block = chosen[first : first + _BLOCK]
        values = np.unravel_index(block, (n,) * law.num_variables)
        cells: list[NDArray[Any]] = []
        left = _evaluated(law.left, padded, values, cells)
        right = _evaluated(law.right, padded, values, cells)
        known = (left >= 0) & (right >= 0)
        if not known.any() or not cells:
            continue
        looked = np.stack(cells, axis=1)[known]
        fails = (left != right)[known]
        # An instance whose two sides are one cell says nothing about it.
        telling = fails | (looked.min(axis=1) != looked.max(axis=1))
        yield Instances(cells=looked[telling].astype(np.int32), fails=fails[telling])


def _evaluated(
    term: Term, padded: NDArray[Any], values: tuple[NDArray[Any], ...], cells: list[NDArray[Any]]
) -> NDArray[Any]:
    """Return the values of a term, -1 where a cell is unknown, and collect the cells."""
    if isinstance(term, int):
        return values[term]
    left = _evaluated(term[0], padded, values, cells)
    right = _evaluated(term[1], padded, values, cells)
    # The last row and column are unknown: there an operand of -1 leads.
    cells.append(left * (len(padded) - 1) + right)
    found: NDArray[Any] = padded[left, right]
    return found


def _pairs(table: NDArray[Any], cells: NDArray[Any]) -> Instances:
    """Return all pairs of known cells in a row; those that are equal fail."""
    n = len(table)
    first, second = np.triu_indices(n, 1)
    one, other = table[:, first], table[:, second]
    known = (one >= 0) & (other >= 0)
    pairs = np.stack([cells[:, first][known], cells[:, second][known]], axis=1)
    return Instances(cells=pairs.astype(np.int32), fails=(one == other)[known])
