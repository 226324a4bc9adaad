r"""The order that an operation has: of semilattices, inverse semigroups and idempotents.

In a semilattice :math:`a \le b` if :math:`ab = a`. Idempotents of a semigroup have
:math:`e \le f` if :math:`ef = e = fe`, and the elements of an inverse semigroup
:math:`a \le b` if :math:`a = eb` for an idempotent e.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import is_associative
from cayley.algebra.semigroups._regular import is_inverse_semigroup, is_semilattice

__all__ = ["NaturalOrder", "heights", "natural_order"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NaturalOrder:
    """A partial order that an operation has.

    Attributes:
        kind: What it is the order of.
        elements: The elements that it orders, ascending.
        below: Whether ``elements[i] <= elements[j]``, shape ``(m, m)``.
        idempotent: Whether each of them is idempotent.
    """

    kind: Literal["semilattice", "inverse semigroup", "idempotents"]
    elements: tuple[int, ...]
    below: Bool[NDArray[Any], "m m"]
    idempotent: tuple[bool, ...]


def natural_order(products: Int[NDArray[Any], "n n"]) -> NaturalOrder:
    """Return the order of a semilattice, of an inverse semigroup, or of idempotents.

    Args:
        products: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Raises:
        ValueError: If the operation is not associative, or the order is equality.

    Example:
        >>> natural_order(np.minimum(*np.indices((3, 3)))).below.sum().item()
        6
    """
    associative = is_associative(products)
    if not associative:
        raise ValueError("there is no Hasse diagram: the operation is not associative.")
    n = len(products)
    each = np.arange(n)
    idempotent = products.diagonal() == each
    e = np.flatnonzero(idempotent)
    kind: Literal["semilattice", "inverse semigroup", "idempotents"] = "idempotents"
    elements = e
    if is_semilattice(products, associative=associative):
        kind = "semilattice"
        below = products == each[:, None]
    elif is_inverse_semigroup(products, associative=associative):
        kind, elements = "inverse semigroup", each
        below = np.zeros((n, n), bool)
        below[products[e], each] = True  # [eb, b] for each idempotent e and each b
    else:
        block = products[np.ix_(e, e)]
        below = (block == e[:, None]) & (e[:, None] == block.T)
    if len(elements) > 1 and below.sum() == len(elements):
        what = "elements" if len(elements) == n else "idempotents"
        raise ValueError(
            f"there is no Hasse diagram: no two {what} are comparable in the natural order"
            + (", as in every group." if kind == "inverse semigroup" else ".")
        )
    return NaturalOrder(
        kind=kind,
        elements=tuple(elements.tolist()),
        below=below,
        idempotent=tuple(idempotent[elements].tolist()),
    )


def heights(below: Bool[NDArray[Any], "m m"]) -> list[int]:
    """Return for each element the length of the longest chain that ends in it, from 0.

    Example:
        >>> heights(np.array([[1, 1, 1], [0, 1, 0], [0, 0, 1]], bool))
        [0, 1, 1]
    """
    height = [0] * len(below)
    # By the number of elements below: those below an element come before it.
    for b in np.argsort(below.sum(axis=0), kind="stable").tolist():
        under = [height[a] for a in np.flatnonzero(below[:, b]).tolist() if a != b]
        height[b] = max(under, default=-1) + 1
    return height
