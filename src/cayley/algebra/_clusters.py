r"""Small sets of labels with many observed products among them.

Wrong entries spoil the universal group of a large random subset of cells. A small set of labels
whose cells all lie within it needs far fewer cells to determine a group: about
:math:`c\,G^{3/2}` relations on :math:`G` generators, the threshold of random triangular groups.
So it is free of wrong entries much more often.

References:
    Antoniuk, Łuczak, Świątkowski (2015), "Random triangular groups at density 1/3", for the
    threshold of collapse.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from cayley.algebra._problem import Problem

__all__ = ["growing_cluster"]


def growing_cluster(
    problem: Problem, random: np.random.Generator, *, ratio: float, growth: float, kept: float
) -> Iterator[Int[NDArray[Any], " k"]]:
    """Yield ever larger sets of observations that share few labels.

    Labels are added one by one, always the one that completes most cells, ties broken at random.

    Args:
        problem: The observations.
        random: Chooses the first label and breaks ties.
        ratio: Yield first when the cells are ``ratio * G ** 1.5`` for ``G`` labels.
        growth: The factor in the number of cells from one set to the next.
        kept: Which fraction of the cells to use at all, drawn at random. Some wrong entries attract
            clusters, such as ``a o b = a`` in a group, and have to be left out by chance.

    Yields:
        Places in the observations, ascending; at last all that are used.
    """
    order = problem.order
    shift = np.array([0, order, 2 * order]) if problem.isotope else np.zeros(3, np.int64)
    used = np.flatnonzero(random.random(len(problem.cells)) < kept)
    labels = problem.cells[used] + shift
    size = 3 * order if problem.isotope else order
    inside = np.zeros(size, bool)
    due = 0.0
    for count in range(1, size + 1):
        missing = (~inside)[labels]
        left = _distinct_missing(labels, missing)
        # Cells that lack one label first, then those that lack two.
        score = np.zeros(size)
        for lacking, weight in ((1, 1.0), (2, 0.01)):
            rows = left == lacking
            np.add.at(score, labels[rows][missing[rows]], weight)
        score[inside] = -1
        inside[np.argmax(score + 1e-3 * random.random(size))] = True
        members = np.flatnonzero(inside[labels].all(axis=1))
        due = max(due, ratio * count**1.5)
        if len(members) >= due and len(members) > count:
            yield used[members]
            due = growth * len(members)
    yield used


def _distinct_missing(
    labels: Int[NDArray[Any], "m 3"], missing: NDArray[Any]
) -> Int[NDArray[Any], " m"]:
    """Count the different labels that each cell still lacks."""
    marked = np.sort(np.where(missing, labels, -1), axis=1)
    fresh = np.diff(marked, axis=1, prepend=-1) > 0
    counts: NDArray[Any] = fresh.sum(axis=1)
    return counts
