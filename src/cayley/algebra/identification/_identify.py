"""``identify``: the name of the group that a table is an isotope of, with its proof."""

from dataclasses import dataclass, field

import numpy as np

from cayley.algebra.axioms._structure import Structure
from cayley.algebra.groups._group import Group
from cayley.algebra.identification._analyze import structure_of
from cayley.algebra.identification._group_name import recognize
from cayley.algebra.identification._invariants import Invariants
from cayley.algebra.identification._isotopism import Isotopism, NotIsotope, find_isotopism
from cayley.tables._full_square import TableLike, full_square, with_labels
from cayley.tables._table import Table

__all__ = ["Identification", "identify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """What a table turned out to be.

    Attributes:
        structure: What the table is; the other attributes are about the group behind it.
        name: GAP's structure description where the order is at most 200, else a name in its
            style; ``None`` if no group was identified.
        gap_id: Order and number in the list of small groups. Unlike ``name`` it determines the
            group on its own. ``None`` beyond order 200.
        proved: Whether the group is proved to be the one named. ``False`` where nothing is named.
        invariants: The invariants of the group, or ``None`` if there is no group.
        factors: Names and identifiers of the direct factors, if they were identified one by one.
        reason: Why there is no name; empty if there is one.
        isotopism: The proof: the maps to the group, or the counterexample to there being any.
            Of a group that was given as such, the three maps are the identity.
    """

    structure: Structure
    isotopism: Isotopism | NotIsotope = field(repr=False, compare=False)
    name: str | None = None
    gap_id: tuple[int, int] | None = None
    proved: bool = False
    invariants: Invariants | None = None
    factors: tuple[tuple[str, tuple[int, int] | None], ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        if self.invariants is None:
            return f"{self.structure}: {self.reason}"
        known = self.name or f"a group of order {self.invariants.order} ({self.reason})"
        number = "" if self.gap_id is None else f" (GAP {self.gap_id[0]}:{self.gap_id[1]})"
        return (
            f"{'isotope of ' if self.structure is Structure.GROUP_ISOTOPE else ''}{known}{number}"
        )


def identify(
    source: TableLike, *, isotopism: Isotopism | NotIsotope | None = None
) -> Identification:
    r"""Return the name of the group that a full table is an isotope of, with proof.

    The group is that of :func:`find_isotopism`. A table that is no isotope of a group is a result
    too: ``name`` is ``None``, ``reason`` holds the counterexample. A name comes with a proof:

    - Order at most 100: the :func:`fingerprint` is found in the list of all 1048 groups. Each of
      them has a fingerprint of its own, and one of them is isomorphic to the group.
    - Order 101 to 200: likewise. Fourteen groups of orders 128, 147 and 189 share their
      fingerprints with others; a coloring of pairs of elements tells them apart.
    - Abelian groups: the :func:`abelian_invariants` determine the group (``C60 x C2``).
    - Dihedral, dicyclic, semidihedral and symmetric groups (``D1000``, ``Q1000``, ``QD256``,
      ``S6``), wreath products, linear and affine groups (``S4 wr C2``, ``GL(2,5)``, ``AGL(3,2)``):
      generators that satisfy a presentation of a group of the same order.
    - Alternating groups, :math:`PSL(2, q)` and the other simple groups of order below 10000: the
      group is simple, and its order determines it then. :math:`SL(2, q)` and :math:`PGL(2, p)` by
      their center and derived subgroup.
    - Extraspecial groups (``2+^(1+8)``): by their center, derived subgroup and squares.
    - Direct products: normal subgroups that meet in the identity, with orders whose product is
      the order of the group, all of them identified (``S4 x S4``).
    - Split extensions ``N : Q`` of identified groups: order and index of N have no common factor,
      or an element generates a complement. Other groups may have the same name.

    A group that none of these names has ``name`` ``None`` and its invariants.

    Args:
        source: A group, a full table, or its products of shape ``(n, n)``. A
            :class:`~cayley.tables.Table` with more than one alphabet is a group isotope at most:
            equal positions in different alphabets are different labels.
        isotopism: What :func:`find_isotopism` returned for the products, if that is known already;
            of a :class:`~cayley.tables.Table` over one alphabet, for those of ``aligned()``.

    Raises:
        TypeError: If the products are not integers.
        ValueError: If the table is not square or not full.

    Example:
        >>> found = identify([[(a - b) % 6 for b in range(6)] for a in range(6)])
        >>> str(found), str(found.structure), found.proved
        ('isotope of C6 (GAP 6:2)', 'group isotope', True)

    References:
        H. U. Besche, B. Eick, E. A. O'Brien, "A millennium project: constructing small groups",
        Int. J. Algebra Comput. 12 (2002), for the list.
    """
    if isinstance(source, Group):
        places = np.arange(source.order)
        itself = Isotopism(rows=places, columns=places, symbols=places, group=source)
        return _identified(itself, Structure.GROUP)
    source = with_labels(source)
    products = full_square(source)  # of a table over one alphabet: aligned
    found = find_isotopism(products) if isotopism is None else isotopism
    structure = structure_of(products, found)
    if isinstance(source, Table) and not source.has_one_alphabet:
        structure = _across_alphabets(structure)
    return _identified(found, structure)


def _across_alphabets(structure: Structure) -> Structure:
    """Return what is left where rows, columns and symbols are not the same labels."""
    if structure in (Structure.GROUP, Structure.GROUP_ISOTOPE):
        return Structure.GROUP_ISOTOPE
    is_latin = structure in (Structure.LOOP, Structure.QUASIGROUP)
    return Structure.QUASIGROUP if is_latin else Structure.MAGMA


def _identified(isotopism: Isotopism | NotIsotope, structure: Structure) -> Identification:
    if isinstance(isotopism, NotIsotope):
        return Identification(structure=structure, isotopism=isotopism, reason=str(isotopism))
    group = isotopism.group
    # Kept with the group, as several callers may ask about the same one.
    invariants = group.once("invariants", lambda: Invariants.of(group))
    found = group.once("name", lambda: recognize(group))
    if found is None:
        return Identification(
            structure=structure, isotopism=isotopism, invariants=invariants, reason="not identified"
        )
    return Identification(
        structure=structure,
        isotopism=isotopism,
        name=found.name,
        gap_id=found.gap_id,
        proved=True,
        invariants=invariants,
        factors=tuple((factor.name, factor.gap_id) for factor in found.factors),
    )
