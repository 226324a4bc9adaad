"""Which labels the rows and columns of a grid have that shows its cells only."""

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cayley.tables.labels._shown import listed
from cayley.tables.labels._spellings import plain_number

__all__ = ["GridLabels", "labels_of_grid"]

_WHOLE = re.compile(r"[+-]?\d{1,9}")  # more digits are no index, and int() of them would be slow


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLabels:
    """The labels of rows and columns of a grid without them, or why there are none.

    Attributes:
        labels: The labels, in the order of the rows; None if the values do not tell them.
        why: What they were told by, or what is wrong; in words.
        base: The number of the first row, if the values are numbers in a row.
        is_full: Whether every label stands in some cell, so that the grid is hardly anything else.
        zero_is_unknown: Whether 0 marks an unknown product.
        is_ambiguous: Whether there are no labels because there are two ways to give them.
    """

    labels: tuple[str, ...] | None
    why: str
    base: int | None = None
    is_full: bool = False
    zero_is_unknown: bool = False
    is_ambiguous: bool = False


def labels_of_grid(
    values: Collection[str],
    first_row: Sequence[str | None],
    first_column: Sequence[str | None],
    base: int | None = None,
) -> GridLabels:
    """Return the labels of a square grid whose cells have some values.

    Whole numbers from 0 to n - 1, or from 1 to n, are the numbers of the rows; with the latter, 0
    marks an unknown product. Other values must be as many as there are rows, and their order must
    be told: by a first row that is the first column too, or as letters of the alphabet in sequence.

    Args:
        values: The known values.
        first_row: The n cells of the first row, None where unknown.
        first_column: The n cells of the first column.
        base: The number of the first row, if the format fixes it.

    Example:
        >>> labels_of_grid({"0", "1"}, ["0", "1"], ["0", None]).labels
        ('0', '1')
        >>> labels_of_grid({"e", "a"}, ["e", "a"], ["e", "a"]).labels
        ('e', 'a')
    """
    order = len(first_row)
    plain = {value: plain_number(value) for value in values}
    if all(_WHOLE.fullmatch(number) for number in plain.values()):
        found = _numbered({int(number) for number in plain.values()}, order, base)
        if found is not None:
            return found
    return _lettered(values, first_row, first_column)


def _numbered(numbers: set[int], order: int, base: int | None) -> GridLabels | None:
    """Return the labels of a grid of whole numbers, or None if they do not number its rows."""
    if not numbers:
        return None
    low, high = min(numbers), max(numbers)
    if base is None:
        if low == 0 and high < order:
            base = 0
        elif low >= 0 and high == order:
            base = 1
        elif low > 0 and high < order:
            why = (
                f"the numbers may count from 0 or from 1, as neither 0 nor {order} occurs. Add a "
                "first line and a first column with the labels"
            )
            return GridLabels(labels=None, why=why, is_ambiguous=True)
        else:
            return None
    if low < min(base, 0) or high >= base + order or (low < 0):
        return None
    known = numbers - ({0} if base == 1 else set())
    return GridLabels(
        labels=tuple(str(i + base) for i in range(order)),
        why=f"numbers from {base}",
        base=base,
        is_full=len(known) == order,
        zero_is_unknown=base == 1 and 0 in numbers,
    )


def _lettered(
    values: Collection[str], first_row: Sequence[str | None], first_column: Sequence[str | None]
) -> GridLabels:
    """Return the labels of a grid whose values are names."""
    order = len(first_row)
    if len(values) != order:
        why = (
            f"a grid of {order} rows without labels has {order} different values; these are "
            f"{len(values)}: {listed(values)}. Add a first line and a first column with the labels"
        )
        return GridLabels(labels=None, why=why)
    orders: dict[tuple[str, ...], str] = {}
    row, column = tuple(first_row), tuple(first_column)
    if row == column and None not in row and len(set(row)) == order:
        orders[tuple(map(str, row))] = "labels in the order of the first row and column"
    in_sequence = tuple(sorted(values))
    if _is_sequence(in_sequence):
        orders[in_sequence] = "labels in the order of the alphabet"
    if len(orders) != 1:
        what = (
            "may have the order of the alphabet or of the first row"
            if orders
            else "have no order that would tell which row is which"
        )
        why = (
            f"the values {listed(values)} {what}. Add a first line and a first column with the "
            "labels"
        )
        return GridLabels(labels=None, why=why, is_ambiguous=bool(orders))
    labels, why = next(iter(orders.items()))
    return GridLabels(labels=labels, why=why, is_full=True)


def _is_sequence(values: Sequence[str]) -> bool:
    """Return whether values are single letters that follow each other, as a, b, c do."""
    if any(len(value) != 1 or not value.isalpha() for value in values):
        return False
    return all(ord(b) - ord(a) == 1 for a, b in itertools.pairwise(values))
