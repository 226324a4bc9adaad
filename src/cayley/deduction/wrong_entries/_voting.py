"""Assigns labels to the elements of a known group by the votes of observed products."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.universal_group._partial_table import PartialTable

__all__ = ["place"]

_SWEEPS = 40
"""Most rounds of votes. They settle after a few; a cycle of two assignments would never end."""


def place(
    partial: PartialTable, group: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], "kinds n"]
) -> Int[NDArray[Any], "kinds n"]:
    """Give each label the element that most observations ask for, starting from some labels.

    A cell with two labels placed votes for the element of the third. Elements are taken by the
    labels with most votes first, each once; this is repeated until nothing changes.

    Args:
        partial: The observations, some of them wrong.
        group: The group table.
        elements: The element of each label, -1 where not known yet.

    Returns:
        The elements in the end, -1 for labels without a vote.
    """
    for _ in range(_SWEEPS):
        tally = _votes(partial, group, elements)
        placed = np.stack([_matched(each) for each in tally])
        placed = np.where((placed < 0) & (tally.max(axis=2) == 0), elements, placed)
        placed = np.stack([_without_repeats(row) for row in placed])
        if np.array_equal(placed, elements):
            break
        elements = placed
    return elements


def _votes(
    partial: PartialTable, group: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], "kinds n"]
) -> Int[NDArray[Any], "kinds n n"]:
    """Count, for each label and element, the cells that ask for it given their other labels."""
    order = partial.order
    kinds = partial.kinds
    tally = np.zeros((len(elements), order, order), np.int64)
    inverse = np.argmax(group == 0, axis=1)
    a, b, c = (elements[kind][partial.cells[:, i]] for i, kind in enumerate(kinds))
    wanted = (group[c, inverse[b]], group[inverse[a], c], group[a, b])
    known = ((b >= 0) & (c >= 0), (a >= 0) & (c >= 0), (a >= 0) & (b >= 0))
    for i, kind in enumerate(kinds):
        cells = partial.cells[known[i], i]
        np.add.at(tally[kind], (cells, wanted[i][known[i]]), 1)
    return tally


def _matched(tally: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], " n"]:
    """Match labels to elements, most votes first; -1 for labels that get none."""
    label, element = np.nonzero(tally)
    by_votes = np.argsort(-tally[label, element], kind="stable")
    placed = np.full(len(tally), -1)
    taken = np.zeros(len(tally), bool)
    for i, e in zip(label[by_votes].tolist(), element[by_votes].tolist(), strict=True):
        if placed[i] < 0 and not taken[e]:
            placed[i] = e
            taken[e] = True
    return placed


def _without_repeats(row: Int[NDArray[Any], " n"]) -> Int[NDArray[Any], " n"]:
    kept = np.full(len(row), -1)
    values, first = np.unique(row, return_index=True)
    kept[first[values >= 0]] = values[values >= 0]
    return kept
