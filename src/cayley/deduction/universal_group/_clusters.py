r"""Small sets of labels with many observed products among them.

Wrong entries spoil the universal group of a large random subset of cells. A small set of labels
whose cells all lie within it needs far fewer cells to determine a group: about
:math:`c\,G^{3/2}` relations on :math:`G` generators, the threshold of random triangular groups.
So it is free of wrong entries much more often.

References:
    Antoniuk, Łuczak, Świątkowski (2015), "Random triangular groups at density 1/3", for the
    threshold of collapse.
"""

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Structure
from cayley.deduction.universal_group._partial_table import PartialTable

__all__ = ["cluster_order", "growing_cluster"]


def growing_cluster(
    partial: PartialTable,
    random: np.random.Generator,
    *,
    ratio: float,
    growth: float,
    kept: float,
    start: int | None = None,
    deadline: float = math.inf,
) -> Iterator[Int[NDArray[Any], " k"]]:
    """Yield ever larger sets of observations that share few labels.

    Labels are added one by one, always the one that completes most cells, ties broken at random.

    Args:
        partial: The observations.
        random: Chooses the first label and breaks ties.
        ratio: Yield first when the cells are ``ratio * G ** 1.5`` for ``G`` labels.
        growth: The factor in the number of cells from one set to the next.
        kept: Which fraction of the cells to use at all, drawn at random. Some wrong entries attract
            clusters, such as ``a o b = a`` in a group, and have to be left out by chance.
        start: The place of an observation to begin with, which is always used.
        deadline: When to end, by ``time.monotonic()``: in a table of order 1000 a cluster takes
            seconds to grow.

    Yields:
        Places in the observations, ascending; at last all that are used, unless time is over.
    """
    is_used = random.random(len(partial.cells)) < kept
    labels, size = _distinct_labels(partial)
    due = 0.0
    preference = 1e-3 * random.random(size)  # breaks ties: a cell counts 1, an almost cell 0.01
    if start is not None:
        is_used[start] = True
        preference[labels[start]] += len(labels)
    used = np.flatnonzero(is_used)
    for count, complete in enumerate(_growth(labels[used], size, preference), start=1):
        if time.monotonic() > deadline:
            return
        due = max(due, ratio * count**1.5)
        if complete.sum() >= due and complete.sum() > count:
            yield used[complete]
            due = growth * complete.sum()
    yield used


def cluster_order(partial: PartialTable, start: int) -> list[int]:
    """Return all places, those first that share few labels with one observation.

    Args:
        partial: The observations.
        start: The place of the observation to begin with.
    """
    labels, size = _distinct_labels(partial)
    preference = np.zeros(size)
    preference[labels[start]] = size
    rank = np.zeros(len(labels), np.int64)
    for complete in _growth(labels, size, preference):
        rank += ~complete
    rank[start] = -1  # the observation itself is always first
    order: list[int] = np.argsort(rank, kind="stable").tolist()
    return order


def _distinct_labels(partial: PartialTable) -> tuple[Int[NDArray[Any], "m 3"], int]:
    """Number the labels of all kinds through; return those of each cell and how many there are."""
    if partial.assume is Structure.GROUP:
        return partial.cells, partial.order
    return partial.cells + partial.order * np.arange(3), 3 * partial.order


def _growth(
    labels: Int[NDArray[Any], "m 3"], size: int, preference: Float[NDArray[Any], " g"]
) -> Iterator[Bool[NDArray[Any], " m"]]:
    """Add label after label; yield each time which cells have all of theirs.

    A label counts the cells that lack only it, and a hundredth of those that lack another too.
    """
    inside = np.zeros(size, bool)
    for _ in range(size):
        missing = (~inside)[labels]
        left = _num_missing(labels, missing)
        score = preference.copy()
        for lacking, weight in ((1, 1.0), (2, 0.01)):
            rows = left == lacking
            score += weight * np.bincount(labels[rows][missing[rows]], minlength=size)
        score[inside] = -1
        inside[np.argmax(score)] = True
        yield inside[labels].all(axis=1)


def _num_missing(
    labels: Int[NDArray[Any], "m 3"], missing: Bool[NDArray[Any], "m 3"]
) -> Int[NDArray[Any], " m"]:
    """Count the different labels that each cell still lacks."""
    marked = np.sort(np.where(missing, labels, -1), axis=1)
    counts: NDArray[Any] = (np.diff(marked, axis=1, prepend=-1) > 0).sum(axis=1)
    return counts
