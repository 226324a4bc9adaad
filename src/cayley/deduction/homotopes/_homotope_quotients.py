"""All homotopes with some cells, from the quotients of their finite universal group."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._quotients import quotients

__all__ = ["QuotientHomotope", "homotopes_of_quotients"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuotientHomotope:
    """A homotope: all of its products, and the group elements that its labels stand for.

    Attributes:
        products: The symbols, shape ``(r, c)``, none missing.
        group: The table of a group.
        elements: The elements of rows, columns and symbols, -1 for a label that no seen cell has.
    """

    products: Int[NDArray[Any], "r c"]
    group: Int[NDArray[Any], "v v"]
    elements: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def homotopes_of_quotients(
    group: Int[NDArray[Any], "v v"],
    elements: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
    *,
    deadline: float,
) -> list[QuotientHomotope] | None:
    """Return the homotopes with given cells whose results all are symbols, two of them at most.

    Args:
        group: The universal group of the cells, element 0 the identity.
        elements: The elements of rows, columns and symbols in it, -1 for a label that no cell has.
        deadline: When to stop, on the monotonic clock.

    Returns:
        None if there are too many quotients or too little time. A row or a column without cells
        can be anything; it is filled in two ways if there are two, and where there is only one the
        answer is None as well.
    """
    used = elements[0] >= 0, elements[1] >= 0
    if not used[0].any():
        return None
    found: list[QuotientHomotope] = []
    for quotient, images in _quotient_maps(group, elements, deadline):
        if quotient is None:
            return None
        for inner in _products(quotient, images, used):
            for products in _filled(inner, used):
                if not any(np.array_equal(products, each.products) for each in found):
                    found.append(
                        QuotientHomotope(products=products, group=quotient, elements=images)
                    )
                if len(found) == 2:
                    return found
    everything_is_used = bool(used[0].all() and used[1].all())
    return found if everything_is_used or not found else None


def _quotient_maps(
    group: NDArray[Any], elements: tuple[NDArray[Any], NDArray[Any], NDArray[Any]], deadline: float
) -> Iterator[tuple[NDArray[Any] | None, Any]]:
    """Yield every quotient that keeps the symbols distinct; None where that is too much."""
    rows, columns, symbols = elements
    ends = np.cumsum([len(rows), len(columns)])
    # Only labels in one line have to stay distinct: each row and each column gets its own.
    lines = np.full((1 + ends[1], len(symbols)), -1)
    lines[0] = symbols
    lines[1:, 0] = np.concatenate([rows, columns])
    least = int((symbols >= 0).sum())
    for order in range(least, len(group) + 1):
        if len(group) % order:
            continue
        candidates = quotients(group, lines, order) if time.monotonic() <= deadline else None
        if candidates is None:
            yield None, None
            return
        for quotient, images in candidates:
            both = images[1:, 0]
            yield quotient, (both[: ends[0]], both[ends[0] :], images[0])


def _products(
    group: NDArray[Any],
    elements: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
    used: tuple[NDArray[Any], NDArray[Any]],
) -> Iterator[NDArray[Any]]:
    """Yield the products of used rows and columns as symbols, in two ways if there are two."""
    rows, columns, symbols = elements
    products = group[np.ix_(rows[used[0]], columns[used[1]])]
    symbol_of = np.full(len(group), -1)
    symbol_of[symbols[symbols >= 0]] = np.flatnonzero(symbols >= 0)
    further = np.unique(products[symbol_of[products] < 0])
    free = np.flatnonzero(symbols < 0)
    if len(further) > len(free):
        return
    symbol_of[further] = free[: len(further)]
    yield symbol_of[products]
    if len(further) and len(free) > 1:
        free[:2] = free[1::-1]
        symbol_of[further] = free[: len(further)]
        yield symbol_of[products]


def _filled(inner: NDArray[Any], used: tuple[NDArray[Any], NDArray[Any]]) -> Iterator[NDArray[Any]]:
    """Make rows and columns without cells equal to others, in two ways if that gives two tables."""
    different = [
        next((i for i, line in enumerate(each) if not np.array_equal(line, each[0])), 0)
        for each in (inner, inner.T)
    ]
    for row, column in ((0, 0), (different[0], 0), (0, different[1])):
        places = [
            np.full(len(mask), copied) for mask, copied in zip(used, (row, column), strict=True)
        ]
        for place, mask in zip(places, used, strict=True):
            place[mask] = np.arange(mask.sum())
        yield inner[np.ix_(*places)]
