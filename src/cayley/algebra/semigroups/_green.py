r"""Green's relations: which elements generate the same ideals.

In a semigroup :math:`S`, :math:`a R b` if :math:`aS^1 = bS^1`, :math:`a L b` if :math:`S^1a =
S^1b`, :math:`a J b` if :math:`S^1aS^1 = S^1bS^1`; :math:`H` is :math:`R \cap L`, and :math:`D`, the
relation that R and L generate, is J in a finite semigroup. A class of D is drawn as an *egg-box*: a
row for each class of R in it, a column for each class of L, and a class of H in each cell.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra.axioms._hasse_diagram import covers

__all__ = ["EggBox", "GreenRelations", "green_relations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EggBox:
    """A class of D, as rows of classes of R and columns of classes of L.

    Attributes:
        cells: The class of H in each row and column, its elements ascending; all are equally large.
        groups: For each cell its idempotent, if it has one: the class of H is then a maximal
            subgroup, and the idempotent its identity. Else None.
    """

    cells: tuple[tuple[tuple[int, ...], ...], ...]
    groups: tuple[tuple[int | None, ...], ...]

    @property
    def is_regular(self) -> bool:
        """Whether all elements are regular: one is exactly if some cell has an idempotent."""
        return any(e is not None for row in self.groups for e in row)

    @property
    def elements(self) -> tuple[int, ...]:
        """All elements, ascending."""
        return tuple(sorted(a for row in self.cells for cell in row for a in cell))


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenRelations:
    """The classes of Green's relations on a finite semigroup.

    Attributes:
        r: Number of the class of R of each element, shape ``(n,)``.
        l: The same for L.
        h: The same for H.
        d: The same for D, which is J; the place of its egg-box in ``boxes``.
        boxes: The classes of D, in the order of their smallest elements.
        order: Cover relations ``(i, j)`` of the classes of D, by their places: the ideal that the
            elements of ``boxes[i]`` generate lies in that of ``boxes[j]``, and none between.
    """

    r: Int[NDArray[Any], " n"]
    l: Int[NDArray[Any], " n"]  # noqa: E741  Green's name
    h: Int[NDArray[Any], " n"]
    d: Int[NDArray[Any], " n"]
    boxes: tuple[EggBox, ...]
    order: tuple[tuple[int, int], ...]


def green_relations(products: Int[NDArray[Any], "n n"]) -> GreenRelations:
    """Return Green's relations of a semigroup; the caller knows that it is one.

    Args:
        products: Products, shape ``(n, n)``, associative.

    Example:
        >>> found = green_relations(np.array([[0, 0, 0], [0, 1, 1], [0, 2, 2]]))
        >>> [box.cells for box in found.boxes]
        [(((0,),),), (((1,),), ((2,),))]

    References:
        J. A. Green, "On the structure of semigroups", Ann. of Math. 54 (1951), 163-172.
    """
    n = len(products)
    each = np.arange(n)
    # Row a marks the principal right ideal of a, and the principal left ideal, with a itself.
    right, left = np.eye(n, dtype=bool), np.eye(n, dtype=bool)
    right[each[:, None], products] = True
    left[each[None, :], products] = True
    # S^1 a S^1 is the union of the S^1 x over the x in a S^1.
    both = right.astype(np.float32) @ left.astype(np.float32) > 0
    r, l, d = _numbered(right), _numbered(left), _numbered(both)  # noqa: E741
    h = _numbered(np.stack([r, l], axis=1))
    idempotent = products.diagonal() == each
    boxes = tuple(_egg_box(np.flatnonzero(d == k), r, l, idempotent) for k in range(d.max() + 1))
    first = [box.elements[0] for box in boxes]
    # J(a) lies in J(b) exactly if a does.
    return GreenRelations(
        r=r, l=l, h=h, d=d, boxes=boxes, order=covers(both[np.ix_(first, first)].T)
    )


def _numbered(rows: NDArray[Any]) -> Int[NDArray[Any], " n"]:
    """Number equal rows alike, in the order in which they occur first."""
    _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    numbers: Int[NDArray[Any], " n"] = number[which.reshape(-1)]
    return numbers


def _egg_box(
    elements: Int[NDArray[Any], " k"],
    r: Int[NDArray[Any], " n"],
    l: Int[NDArray[Any], " n"],  # noqa: E741
    idempotent: Bool[NDArray[Any], " n"],
) -> EggBox:
    rows, columns = dict.fromkeys(r[elements].tolist()), dict.fromkeys(l[elements].tolist())
    cells: dict[tuple[int, int], list[int]] = {}
    for a in elements.tolist():
        cells.setdefault((int(r[a]), int(l[a])), []).append(a)
    return EggBox(
        cells=tuple(tuple(tuple(cells[i, j]) for j in columns) for i in rows),
        groups=tuple(
            tuple(next((a for a in cells[i, j] if idempotent[a]), None) for j in columns)
            for i in rows
        ),
    )
