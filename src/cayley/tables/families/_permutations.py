r"""Groups of permutations: all elements that some permutations generate, and their table.

Permutations are rows of images: ``images[i]`` is where point ``i`` goes, points counted from 0.
As in GAP, permutations act from the right: :math:`a \circ b` means first ``a``, then ``b``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables._limits import MAX_ORDER, check_order
from cayley.tables._table import Table

__all__ = [
    "cycle_notation",
    "multiplication_table",
    "permutation_group_elements",
    "permutation_group_table",
    "table_of_elements",
]

# Rows of products made at once. Each block needs a few arrays of 256 n numbers (10 MB each at
# order 5000); all rows at once would double the memory of the table, and single rows are slow.
_ROWS_AT_A_TIME = 256


def permutation_group_table(
    generators: Iterable[Sequence[int] | NDArray[np.int64]], *, max_order: int = MAX_ORDER
) -> Table:
    r"""Return the table of the permutation group that some permutations generate.

    Elements are in lexicographic order of their images, so the identity comes first; their labels
    are cycles of points counted from 1, as GAP writes them. :math:`a \circ b` is first a, then b.

    Args:
        generators: Permutations of one set ``0..k-1`` as lists of images; none gives the trivial
            group.
        max_order: The limit on the order of the group.

    Raises:
        ValueError: If a generator is not a permutation, they differ in length, or the group has
            more than ``max_order`` elements.

    Example:
        >>> permutation_group_table([[1, 2, 0]]).rows
        ('()', '(1 2 3)', '(1 3 2)')
    """
    return table_of_elements(permutation_group_elements(generators, max_order=max_order))


def permutation_group_elements(
    generators: Iterable[Sequence[int] | NDArray[np.int64]], *, max_order: int = MAX_ORDER
) -> Int[NDArray[Any], "n k"]:
    """Return all elements of the generated group as images, in lexicographic order.

    Raises:
        ValueError: As ``permutation_group_table``.

    Example:
        >>> permutation_group_elements([[1, 2, 0]]).tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    """
    # No generator: the trivial group on one point, as there is no degree to take.
    steps = [_permutation(images) for images in generators] or [np.zeros(1, np.int64)]
    degree = len(steps[0])
    if any(len(step) != degree for step in steps):
        raise ValueError(f"`generators` must have one length; got {sorted({*map(len, steps)})}.")
    frontier = np.arange(degree)[None]
    found = {frontier[0].tobytes()}
    layers = [frontier]
    while len(frontier):
        fresh = []
        for step in steps:
            # step[frontier] applies the frontier first, then the generator, for all at once.
            for product in step[frontier]:
                key = product.tobytes()
                if key not in found:
                    found.add(key)
                    fresh.append(product)
        # Per layer, not at the end: the symmetric group of 50 points must be refused before it
        # fills the memory. A layer is at most the number of generators times the last one.
        if len(found) > max_order:
            check_order(
                len(found), max_order=max_order, what="the generated group, as far as seen,"
            )
        frontier = np.array(fresh, np.int64).reshape(-1, degree)
        layers.append(frontier)
    elements = np.concatenate(layers)
    return elements[np.lexsort(elements.T[::-1])]


def _permutation(images: Sequence[int] | NDArray[np.int64]) -> Int[NDArray[Any], "k"]:
    array = np.asarray(images)
    if array.ndim != 1 or array.dtype.kind not in "iu" or not len(array):
        raise ValueError("`generators` must be lists of integers, the images of 0..k-1.")
    if not np.array_equal(np.sort(array), np.arange(len(array))):
        raise ValueError(f"{array.tolist()} is not a permutation of 0..{len(array) - 1}.")
    return array.astype(np.int64)


def table_of_elements(elements: Int[NDArray[Any], "n k"]) -> Table:
    """Return the table of a group whose elements are given, labeled by their cycles."""
    labels = [cycle_notation(images) for images in elements.tolist()]
    return Table.from_array(multiplication_table(elements), labels=labels)


def multiplication_table(elements: Int[NDArray[Any], "n k"]) -> Int[NDArray[Any], "n n"]:
    r"""Return the products of the elements of a permutation group as indices.

    An element is known from the images of a few points (a base). One point after the other splits
    the elements into finer classes, so that no product is compared as a whole.

    Args:
        elements: Distinct permutations, closed under composition, shape ``(n, k)``.

    Example:
        >>> multiplication_table(np.array([[0, 1], [1, 0]])).tolist()
        [[0, 1], [1, 0]]
    """
    order, degree = elements.shape
    classes = np.zeros(order, np.int64)
    stages: list[tuple[int, NDArray[np.int64]]] = []
    num_classes = 1
    for point in range(degree):
        # The points so far tell all elements apart: they are a base.
        if num_classes == order:
            break
        keys = classes * degree + elements[:, point]
        distinct, finer = np.unique(keys, return_inverse=True)
        if len(distinct) > num_classes:
            class_of_key = np.zeros(num_classes * degree, np.int64)
            class_of_key[distinct] = np.arange(len(distinct))
            stages.append((point, class_of_key))
            classes, num_classes = finer.reshape(-1), len(distinct)
    # In the end every class is one element; argsort inverts the numbering.
    element_of_class = np.argsort(classes)
    images = np.ascontiguousarray(elements.T)
    table = np.empty((order, order), np.int64)
    for start in range(0, order, _ROWS_AT_A_TIME):
        rows = slice(start, start + _ROWS_AT_A_TIME)
        product = np.zeros((len(elements[rows]), order), np.int64)
        for point, class_of_key in stages:
            # First a, then b: the point goes to b's image of a's image of it.
            product = class_of_key[product * degree + images[elements[rows, point]]]
        table[rows] = element_of_class[product]
    return table


def cycle_notation(images: Sequence[int]) -> str:
    """Return a permutation as disjoint cycles of points counted from 1.

    Example:
        >>> cycle_notation([1, 0, 2, 4, 3]), cycle_notation([0, 1])
        ('(1 2)(4 5)', '()')
    """
    seen = [False] * len(images)
    cycles = []
    for start in range(len(images)):
        cycle = []
        point = start
        while not seen[point]:
            seen[point] = True
            cycle.append(str(point + 1))
            point = images[point]
        if len(cycle) > 1:
            cycles.append(f"({' '.join(cycle)})")
    return "".join(cycles) or "()"
