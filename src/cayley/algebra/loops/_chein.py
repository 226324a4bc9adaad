r"""Chein's construction: loops that are a group and a copy of it.

For a group :math:`G`, with :math:`g^*` its inverses and a central :math:`z` of order at most 2, the
set :math:`G \cup Gu` with

.. math:: g(hu) = (hg)u, \quad (gu)h = (gh^*)u, \quad (gu)(hu) = z h^* g

is a Moufang loop: :math:`M(G, 2)` if :math:`z = 1`, and associative only if :math:`G` is abelian.
With the quaternions and :math:`z = -1` it is the loop of the octonions :math:`\pm 1, \pm e_1,
\dots`
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._lights_test import is_associative

__all__ = ["Doubling", "find_doubling", "halves"]

_MOST_HALVES = 255
"""Subgroups of index 2 that are looked at: all, if the loop has up to 8 independent ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubling:
    """How a loop arises from a group by Chein's construction.

    Attributes:
        group: The elements of the group, ascending.
        unit: The element ``u`` outside it.
        square: ``uu``, the central element ``z``.
    """

    group: tuple[int, ...]
    unit: int
    square: int


def find_doubling(products: Int[NDArray[Any], "n n"], identity: int) -> Doubling | None:
    """Return how a loop arises by Chein's construction, or None if it does not.

    The formulas are compared in all cells. Of several ways one with ``uu = 1`` comes first.

    References:
        O. Chein, "Moufang loops of small order I", Trans. AMS 188 (1974), 31-51.
    """
    second = None
    for half in halves(products):
        inside = np.flatnonzero(half)
        group = np.searchsorted(inside, products[np.ix_(inside, inside)])
        if not is_associative(group):
            continue
        for unit in np.flatnonzero(~half).tolist():
            square = int(products[unit, unit])
            if (second is None or square == identity) and _is_doubling(
                products, identity, inside, group, unit
            ):
                found = Doubling(group=tuple(inside.tolist()), unit=unit, square=square)
                if square == identity:
                    return found
                second = found
    return second


def halves(products: Int[NDArray[Any], "n n"]) -> Iterator[NDArray[np.bool_]]:
    """Yield the subloops of index 2, as marks on the elements.

    They are the kernels of the homomorphisms to the group of order 2: solutions of
    ``f(x) + f(y) + f(xy) = 0`` over the field of two elements.
    """
    n = len(products)
    # Equations as integers whose bits are the unknowns; elimination keeps one pivot a row.
    pivots: dict[int, int] = {}
    equations = {
        (1 << x) ^ (1 << y) ^ (1 << int(products[x, y])) for x in range(n) for y in range(n)
    }
    for equation in equations:
        rest = equation
        while rest:
            top = rest.bit_length() - 1
            if top not in pivots:
                pivots[top] = rest
                break
            rest ^= pivots[top]
    free = [x for x in range(n) if x not in pivots]
    count = 0
    for values in product((0, 1), repeat=len(free)):
        if not any(values):
            continue
        count += 1
        if count > _MOST_HALVES:
            return
        solution = sum(1 << x for x, value in zip(free, values, strict=True) if value)
        for top in sorted(pivots):
            # Lower unknowns are known already.
            lower = pivots[top] ^ (1 << top)
            if (lower & solution).bit_count() % 2:
                solution |= 1 << top
        yield np.array([not solution >> x & 1 for x in range(n)])


def _is_doubling(
    products: Int[NDArray[Any], "n n"],
    identity: int,
    inside: Int[NDArray[Any], " m"],
    group: Int[NDArray[Any], "m m"],
    unit: int,
) -> bool:
    neutral = int(np.searchsorted(inside, identity))
    inverse = (group == neutral).argmax(axis=1)
    copy = products[inside, unit]  # gu
    square = int(np.searchsorted(inside, products[unit, unit]))
    both = np.arange(len(inside))
    gh = group[both[:, None], inverse[None, :]]  # g h*
    hg = group[inverse[None, :], both[:, None]]  # h* g
    return (
        np.array_equal(products[np.ix_(inside, copy)], copy[group.T])
        and np.array_equal(products[np.ix_(copy, inside)], copy[gh])
        and np.array_equal(products[np.ix_(copy, copy)], inside[group[square, hg]])
    )
