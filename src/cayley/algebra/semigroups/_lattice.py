"""Semilattices as partial orders, and the lattices among them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._hasse_diagram import covers
from cayley.algebra.axioms._identity_element import has_identity
from cayley.algebra.axioms._property import Property, first_difference

__all__ = ["MeetSemilattice", "meet_semilattice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetSemilattice:
    """The order of a semilattice in which products are meets: ``a <= b`` if ``ab = a``.

    Attributes:
        covers: The edges of its Hasse diagram, pairs ``(a, b)`` with ``a`` right below ``b``.
        join: Joins, shape ``(n, n)``, if all exist: the order is then a lattice. That is so exactly
            if there is a largest element, which is the identity. Else None.
        distributive: Whether ``a(b v c) = ab v ac``, with a counterexample ``(a, b, c)``; None if
            it is no lattice.
        modular: Whether ``a v bc = (a v b)c`` for all ``a <= c``, likewise.
    """

    covers: tuple[tuple[int, int], ...]
    join: Int[NDArray[Any], "n n"] | None
    distributive: Property | None
    modular: Property | None


def meet_semilattice(products: Int[NDArray[Any], "n n"]) -> MeetSemilattice:
    """Return the order of a semilattice; the caller knows that it is one.

    Args:
        products: Products, shape ``(n, n)``, associative, commutative and idempotent.

    Example:
        >>> meet_semilattice(np.minimum(*np.indices((3, 3)))).covers
        ((0, 1), (1, 2))

    References:
        G. Birkhoff, *Lattice Theory*, third edition 1967, chapters I and II.
    """
    each = np.arange(len(products))
    below = products == each[:, None]
    edges = covers(below)
    top = has_identity(products).witness
    if top is None:
        return MeetSemilattice(covers=edges, join=None, distributive=None, modular=None)
    # The join is the meet of all common upper bounds. Of these the one with fewest elements below
    # it is the smallest, as their meet is one of them.
    sizes = below.sum(axis=0)
    join = np.empty_like(products)
    for a in each.tolist():
        common = below[a] & below  # row b marks the upper bounds of a and b
        join[a] = np.where(common, sizes, len(products) + 1).argmin(axis=1)
    distributive = _distributive(join, below, edges)
    # Every distributive lattice is modular.
    modular = (
        Property(name="modular", holds=True) if distributive else _modular(products, join, below)
    )
    return MeetSemilattice(covers=edges, join=join, distributive=distributive, modular=modular)


def _distributive(
    join: Int[NDArray[Any], "n n"],
    below: NDArray[np.bool_],
    edges: tuple[tuple[int, int], ...],
) -> Property:
    """Decide by elements with one lower cover, which are no joins of smaller ones.

    The law holds exactly if each such p lies below a or b where it lies below a v b (Birkhoff). If
    it does not, pa and pb are smaller than p, and so is their join, but p(a v b) = p.
    """
    lower_covers = np.bincount([b for _, b in edges], minlength=len(join))
    found = None
    for p in np.flatnonzero(lower_covers == 1).tolist():
        above = below[p]
        place = first_difference(above[join], above[:, None] | above)
        if place is not None:
            found = (p, *place)
            break
    return Property(name="distributive", holds=found is None, counterexample=found)


def _modular(
    meet: Int[NDArray[Any], "n n"], join: Int[NDArray[Any], "n n"], below: NDArray[np.bool_]
) -> Property:
    found = None
    for a in range(len(meet)):
        above = np.flatnonzero(below[a])
        place = first_difference(join[a][meet[:, above]], meet[np.ix_(join[a], above)])
        if place is not None:
            found = (a, place[0], int(above[place[1]]))
            break
    return Property(name="modular", holds=found is None, counterexample=found)
