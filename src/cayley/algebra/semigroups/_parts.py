"""``SemigroupParts``: the parts of a finite semigroup, and which classes of semigroups it is in."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._hasse_diagram import covers
from cayley.algebra.axioms._identity_element import has_absorbing_element, has_identity
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._property import Property
from cayley.algebra.semigroups._green import GreenRelations, green_relations
from cayley.algebra.semigroups._lattice import MeetSemilattice, meet_semilattice
from cayley.algebra.semigroups._regular import is_inverse_semigroup, is_regular, is_semilattice
from cayley.tables._full_square import TableLike, full_square

__all__ = ["SemigroupParts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SemigroupParts:
    """The parts of a finite semigroup.

    Elements are places in the table, ascending in every tuple.

    Attributes:
        identity: The identity, or None.
        zero: The element with ``0a = 0 = a0``, or None.
        units: Elements with an inverse; empty if there is no identity. They are a group.
        idempotents: Elements with ``ee = e``.
        idempotent_order: Edges ``(e, f)`` of the Hasse diagram of ``e <= f`` if ``ef = e = fe``.
        green: Green's relations, with an egg-box for each class of D.
        minimal_ideal: The elements of the smallest ideal.
        lattice: The order, if the semigroup is a semilattice, else None.
        classes: The classes of semigroups that it is in, in the order of the list below.

    ``classes`` has those of these words that are true: ``group``; ``trivial`` (one element);
    ``null`` (all products are zero); ``left zero`` (``ab = a``), ``right zero``; ``rectangular
    band`` (``aba = a`` and ``aa = a``); ``semilattice``; ``band`` (``aa = a``); ``Clifford``
    (regular, and idempotents commute with everything); ``inverse`` (each element has one inverse);
    ``completely simple`` (one class of D, so no ideal but the whole); ``completely regular`` (each
    class of H is a group); ``regular`` (``axa = a`` for some ``x``); ``Brandt`` (inverse, one class
    of D beside the zero); ``nilpotent`` (long products are zero); ``commutative``; ``aperiodic``
    (classes of H have one element), ``J-trivial``, ``R-trivial``, ``L-trivial`` (likewise).

    Example:
        >>> found = SemigroupParts.of([[0, 0, 0], [0, 1, 1], [0, 2, 2]])
        >>> found.zero, found.idempotents, found.idempotent_order
        (0, (0, 1, 2), ((0, 1), (0, 2)))
        >>> found.classes
        ('band', 'completely regular', 'regular', 'aperiodic', 'R-trivial')

    References:
        J. M. Howie, *Fundamentals of Semigroup Theory*, 1995.
    """

    identity: int | None
    zero: int | None
    units: tuple[int, ...]
    idempotents: tuple[int, ...]
    idempotent_order: tuple[tuple[int, int], ...]
    green: GreenRelations
    minimal_ideal: tuple[int, ...]
    lattice: MeetSemilattice | None
    classes: tuple[str, ...]

    @classmethod
    def of(cls, table: TableLike, *, associative: Property | None = None) -> "SemigroupParts":
        """Return the parts of a semigroup.

        Args:
            table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers
                in ``0..n-1``.
            associative: What `is_associative` returned for it, if that is known already.

        Raises:
            ValueError: If it is not associative.
        """
        products = full_square(table)
        associative = is_associative(products) if associative is None else associative
        if not associative:
            raise ValueError(
                "`table` must be associative; it is not at the elements "
                f"{associative.counterexample}."
            )
        identity, zero = has_identity(products).witness, has_absorbing_element(products).witness
        green = green_relations(products)
        idempotents = np.flatnonzero(products.diagonal() == np.arange(len(products)))
        block = products[np.ix_(idempotents, idempotents)]
        order = covers((block == idempotents[:, None]) & (idempotents[:, None] == block.T))
        # The smallest ideal is the class of D above no other; there is only one.
        covering = {above for _, above in green.order}
        least = next(k for k in range(len(green.boxes)) if k not in covering)
        units: tuple[int, ...] = ()
        if identity is not None:
            units = tuple(np.flatnonzero(green.h == green.h[identity]).tolist())
        return cls(
            identity=identity,
            zero=zero,
            units=units,
            idempotents=tuple(idempotents.tolist()),
            idempotent_order=tuple((int(idempotents[e]), int(idempotents[f])) for e, f in order),
            green=green,
            minimal_ideal=green.boxes[least].elements,
            lattice=meet_semilattice(products)
            if is_semilattice(products, associative=associative)
            else None,
            classes=_classes(products, green, zero, associative),
        )


def _classes(
    products: Int[NDArray[Any], "n n"],
    green: GreenRelations,
    zero: int | None,
    associative: Property,
) -> tuple[str, ...]:
    n = len(products)
    each = np.arange(n)
    idempotent = products.diagonal() == each
    band, commutative = bool(idempotent.all()), bool((products == products.T).all())
    regular = bool(is_regular(products, associative=associative))
    inverse = bool(is_inverse_semigroup(products, associative=associative))
    num_boxes, num_h = len(green.boxes), int(green.h.max()) + 1
    # Each class of H holds at most one idempotent.
    is_union_of_groups = int(idempotent.sum()) == num_h
    middle = products[idempotent]
    central = bool((middle == products[:, idempotent].T).all())
    group = num_h == 1
    others = [box for box in green.boxes if box.elements != (zero,)]
    found = {
        "group": group,
        "trivial": n == 1,
        "null": zero is not None and bool((products == zero).all()),
        "left zero": bool((products == each[:, None]).all()),
        "right zero": bool((products == each).all()),
        "rectangular band": band and num_boxes == 1,
        "semilattice": band and commutative,
        "band": band,
        "Clifford": regular and central,
        "inverse": inverse,
        "completely simple": num_boxes == 1,  # a finite simple semigroup is completely simple
        "completely regular": is_union_of_groups,
        "regular": regular,
        "Brandt": inverse and zero is not None and len(others) == 1,
        # A power of every element is idempotent, and zero is the only idempotent.
        "nilpotent": zero is not None and int(idempotent.sum()) == 1,
        "commutative": commutative,
        "aperiodic": num_h == n,
        "J-trivial": num_boxes == n,
        "R-trivial": int(green.r.max()) + 1 == n,
        "L-trivial": int(green.l.max()) + 1 == n,
    }
    return tuple(name for name, holds in found.items() if holds)
