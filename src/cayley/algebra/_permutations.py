"""From permutations to the table of the group that they generate."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

__all__ = ["permutation_group_table"]


def permutation_group_table(
    generators: Sequence[Sequence[int]], *, max_order: int
) -> Int[NDArray[Any], "n n"]:
    """Return the table of a permutation group, elements in lexicographic order of their images.

    Each element ``p s`` is found once from an earlier ``p`` and a generator ``s``; then column
    ``p s`` of the table is column ``p`` followed by right multiplication with ``s``, because
    ``x (p s) = (x p) s``. That is ``n`` look-ups of ``n`` entries.

    Args:
        generators: Images of ``0..k-1`` under each permutation.
        max_order: The largest order to accept.

    Raises:
        ValueError: If an entry is no permutation, degrees differ, or the group is too large.
    """
    steps = _checked(generators)
    elements, parents = _enumerate(steps, max_order)
    images = np.array(elements, np.int64).reshape(len(elements), -1)
    place = {element: i for i, element in enumerate(elements)}
    moves = [  # moves[s][i] is the index of element i times generator s
        np.array([place[tuple(row)] for row in step[images].tolist()], np.int64) for step in steps
    ]
    columns = np.empty((len(elements), len(elements)), np.int64)
    columns[0] = np.arange(len(elements))
    for i, (parent, s) in enumerate(parents, start=1):
        columns[i] = moves[s][columns[parent]]
    by_images = sorted(range(len(elements)), key=elements.__getitem__)
    rank = np.argsort(by_images)
    return np.ascontiguousarray(rank[columns.T[np.ix_(by_images, by_images)]])


def _checked(generators: Sequence[Sequence[int]]) -> list[Int[NDArray[Any], " k"]]:
    steps = [np.asarray(generator) for generator in generators]
    for step in steps:
        if step.shape != steps[0].shape:
            raise ValueError(f"`generators` must have one degree; got {step} and {steps[0]}.")
        if step.ndim != 1 or not np.array_equal(np.sort(step), np.arange(len(step))):
            raise ValueError(f"`generators` must hold permutations of 0..k-1; got {step}.")
    return [step.astype(np.int64) for step in steps]


def _enumerate(
    steps: list[Int[NDArray[Any], " k"]], max_order: int
) -> tuple[list[tuple[int, ...]], list[tuple[int, int]]]:
    """Return all elements, the identity first, and how each later one was reached."""
    identity = tuple(range(len(steps[0]))) if steps else ()
    elements, parents, seen = [identity], list[tuple[int, int]](), {identity}
    images = [step.tolist() for step in steps]
    for i, element in enumerate(elements):  # grows while it is read: breadth first
        for s, image in enumerate(images):
            new = tuple(image[x] for x in element)
            if new not in seen:
                if len(elements) == max_order:
                    raise ValueError(
                        f"the group has more than {max_order} elements; raise `max_order`, "
                        f"bearing in mind that its table has order ** 2 entries."
                    )
                seen.add(new)
                elements.append(new)
                parents.append((i, s))
    return elements, parents
