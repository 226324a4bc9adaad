"""From what generators do to the elements of a group to its table and to words for the elements."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["reached_in_order", "shortest_words", "spelled_out"]


def spelled_out(columns: Int[NDArray[Any], "n g"]) -> Int[NDArray[Any], "n n"]:
    """Return the table of a group from its products with generators.

    Args:
        columns: Element ``x`` times generator ``s`` at ``[x, s]``; element 0 is the identity, and
            the generators reach every element from it.

    Example:
        >>> spelled_out(np.array([[1], [2], [0]])).tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    """
    size = len(columns)
    products = np.empty((size, size), columns.dtype)  # products[w, v] = v w, row by row
    products[0] = np.arange(size)
    known = np.zeros(size, bool)
    known[0] = True
    words = [0]
    for w in words:
        for s, image in enumerate(columns[w].tolist()):
            if not known[image]:
                known[image] = True
                products[image] = columns[products[w], s]
                words.append(image)
    return np.ascontiguousarray(products.T)


def shortest_words(columns: Int[NDArray[Any], "n g"], names: Sequence[str]) -> list[str]:
    """Return a shortest word in the generators for each element, the first in their order.

    Args:
        columns: As for `spelled_out`.
        names: Names of the generators. Words of single letters are written without signs between
            them, others with ``*``.

    Example:
        >>> shortest_words(np.array([[1], [2], [3], [0]]), ["r"])
        ['1', 'r', 'r^2', 'r^3']
    """
    words: list[tuple[int, ...] | None] = [None] * len(columns)
    words[0] = ()
    reached = [0]
    for x in reached:
        so_far = words[x]
        assert so_far is not None
        for s, image in enumerate(columns[x].tolist()):
            if words[image] is None:
                words[image] = (*so_far, s)
                reached.append(image)
    times = "" if all(len(name) == 1 for name in names) else "*"
    return [_text(word or (), names, times) for word in words]


def reached_in_order(columns: Int[NDArray[Any], "n g"]) -> list[int]:
    """Return the elements by their shortest words, in the order of these.

    Example:
        >>> reached_in_order(np.array([[2, 1], [0, 2], [1, 0]]))
        [0, 2, 1]
    """
    reached, found = [0], {0}
    for x in reached:
        for image in columns[x].tolist():
            if image not in found:
                found.add(image)
                reached.append(image)
    return reached


def _text(word: tuple[int, ...], names: Sequence[str], times: str) -> str:
    powers = ((names[s], len(list(run))) for s, run in groupby(word))
    return times.join(name if k == 1 else f"{name}^{k}" for name, k in powers) or "1"
