"""Elements in classes, in the order in which a picture lists them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group, conjugacy_classes
from cayley.algebra.axioms import is_associative
from cayley.algebra.quandles import QuandleParts
from cayley.algebra.semigroups._green import green_relations

__all__ = ["Blocks", "conjugacy_blocks", "green_blocks", "orbits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Elements in blocks, and the order in words."""

    blocks: tuple[tuple[int, ...], ...]
    how: str


def conjugacy_blocks(group: Group) -> tuple[tuple[int, ...], ...]:
    """Return the conjugacy classes of a group, by rising order of their elements.

    Example:
        >>> conjugacy_blocks(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        ((0,), (1, 2, 5), (3, 4))
    """
    classes = conjugacy_classes(group)
    return tuple(tuple(classes.members(i).tolist()) for i in range(len(classes)))


def green_blocks(products: Int[NDArray[Any], "n n"]) -> Blocks | None:
    """Return the classes of D of a semigroup, from those that generate most down to the kernel.

    Elements of a class are listed as in its egg-box, row after row, so that those of a class of R
    and of a class of H stand together.

    Returns:
        The classes; None if the operation is not associative.

    Example:
        >>> green_blocks(np.array([[0, 0], [0, 1]])).blocks
        ((1,), (0,))
    """
    if not is_associative(products):
        return None
    found = green_relations(products)
    above: dict[int, list[int]] = {}
    for low, high in found.order:
        above.setdefault(low, []).append(high)
    depth: dict[int, int] = {}

    def deep(k: int) -> int:
        """Return the length of the longest chain of classes above a class."""
        if k not in depth:
            depth[k] = 1 + max(map(deep, above.get(k, [])), default=-1)
        return depth[k]

    order = sorted(range(len(found.boxes)), key=lambda k: (deep(k), k))
    blocks = tuple(
        tuple(a for row in found.boxes[k].cells for cell in row for a in cell) for k in order
    )
    return Blocks(blocks=blocks, how="by Green's classes, from the top down")


def orbits(products: Int[NDArray[Any], "n n"]) -> Blocks | None:
    """Return the orbits of the translations of a rack, left or right; None if it is none.

    Example:
        >>> orbits(np.array([[(2 * a - b) % 4 for b in range(4)] for a in range(4)])).blocks
        ((0, 2), (1, 3))
    """
    for table in (products, products.T):
        try:
            found = QuandleParts.of(np.ascontiguousarray(table)).orbits
        except ValueError:  # no rack of this side
            continue
        return Blocks(blocks=found, how="by orbits of the translations")
    return None
