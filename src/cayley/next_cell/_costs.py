"""What an observation costs, and which of several proposals to take."""

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float
from cayley.next_cell._question import Proposal
from cayley.tables import Table
from cayley.tables.labels._strays import by_likeness

__all__ = ["Candidate", "Cost", "cheapest", "costs_of"]

Cost: TypeAlias = ArrayLike | Mapping[tuple[str | None, str | None], float]
"""A number for each cell, shape ``(rows, columns)``; or numbers by pairs of labels, None for any
one."""


class Candidate(NamedTuple):
    """A proposal, how good it is compared with others, and what it tells.

    Two with the same ``tells`` are not asked in one batch: one of them would be wasted.
    """

    proposal: Proposal
    worth: float
    tells: Hashable


def costs_of(table: Table, cost: Cost | None) -> Float[NDArray[Any], "r c"]:
    """Return the cost of each cell, infinite where it cannot be observed.

    Args:
        table: The table.
        cost: 1 for every cell by default. An array; or a mapping from ``(row, column)`` to the cost
            of that cell, ``(row, None)`` of a row, ``(None, column)`` of a column, ``(None, None)``
            of all. A cell has the most special of them; a row and a column add up.

    Raises:
        TypeError: If a cost is no number.
        ValueError: If a cost is not positive, the shape does not fit, or a label is not known.
    """
    shape = table.array.shape
    if cost is None:
        return np.ones(shape)
    if not isinstance(cost, Mapping):
        array: NDArray[Any] = np.asarray(cost, np.float64)
        if array.shape != shape:
            raise ValueError(
                f"`cost` must have shape {shape}, a cost for each cell; got {array.shape}."
            )
        if not (array > 0).all():
            a, b = np.argwhere(~(array > 0))[0]
            raise ValueError(
                f"`cost` must be positive, infinite for a cell that cannot be observed; got "
                f"{array[a, b]} for {table.rows[a]} o {table.columns[b]}."
            )
        return array
    rows, columns = np.full(shape[0], math.nan), np.full(shape[1], math.nan)
    base, special = 1.0, {}
    for (row, column), value in cost.items():
        number = float(value)
        if not number > 0:
            raise ValueError(
                f"`cost` must be positive, infinite for a cell that cannot be observed; got "
                f"{value} for ({row}, {column})."
            )
        a = None if row is None else _place(row, table.rows, "row")
        b = None if column is None else _place(column, table.columns, "column")
        if a is None and b is None:
            base = number
        elif b is None:
            rows[a] = number
        elif a is None:
            columns[b] = number
        else:
            special[a, b] = number
    either = np.isfinite(rows) | np.isinf(rows)
    other = np.isfinite(columns) | np.isinf(columns)
    array = np.nan_to_num(rows, nan=0.0, posinf=np.inf)[:, None] + np.nan_to_num(
        columns, nan=0.0, posinf=np.inf
    )
    array[~either[:, None] & ~other[None, :]] = base
    for cell, number in special.items():
        array[cell] = number
    return array


def cheapest(
    candidates: Iterable[Candidate], costs: Float[NDArray[Any], "r c"], count: int
) -> list[Proposal]:
    """Return the proposals that are worth most for what they cost, no two that tell the same."""
    ranked = sorted(
        (
            each
            for each in candidates
            if np.isfinite(costs[each.proposal.row, each.proposal.column])
        ),
        # Stable: of equal ones the first is taken.
        key=lambda each: -each.worth / costs[each.proposal.row, each.proposal.column],
    )
    found: list[Proposal] = []
    told: set[Hashable] = set()
    for each in ranked:
        cell = (each.proposal.row, each.proposal.column)
        if each.tells in told or cell in told:
            continue
        told |= {each.tells, cell}
        found.append(each.proposal)
        if len(found) == count:
            break
    return found


def _place(label: str, labels: tuple[str, ...], kind: str) -> int:
    if str(label) not in labels:
        raise ValueError(
            f"`cost` names {label!r}, which is no {kind} label; near it: "
            f"{', '.join(map(repr, by_likeness(str(label), labels)))}."
        )
    return labels.index(str(label))
