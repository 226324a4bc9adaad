"""``Invariants``: a summary of a group that isomorphic groups share."""

from collections import Counter
from dataclasses import dataclass

from cayley.algebra.groups._conjugacy_classes import (
    abelian_invariants,
    center,
    conjugacy_classes,
    derived_subgroup,
)
from cayley.algebra.groups._group import as_group
from cayley.tables._full_square import TableLike

__all__ = ["Invariants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariants:
    """What isomorphic groups have in common; it describes a group that has no name.

    Attributes:
        order: The number of elements.
        classes: The conjugacy classes as ``(element order, size, how many)``, ascending.
        center_order: The number of elements of the center.
        derived_order: The number of elements of the derived subgroup.
        abelian_invariants: The prime powers of :math:`G / G'`.

    Example:
        >>> from cayley.algebra import Group
        >>> Invariants.of(Group.from_permutations([[1, 2, 0], [1, 0, 2]])).classes
        ((1, 1, 1), (2, 3, 1), (3, 2, 1))
    """

    order: int
    classes: tuple[tuple[int, int, int], ...]
    center_order: int
    derived_order: int
    abelian_invariants: tuple[int, ...]

    @classmethod
    def of(cls, group: TableLike) -> "Invariants":
        """Return the invariants of a group, or of its table."""
        group = as_group(group)
        found = conjugacy_classes(group)
        kinds = Counter(zip(found.orders.tolist(), found.sizes.tolist(), strict=True))
        return cls(
            order=group.order,
            classes=tuple((order, size, kinds[order, size]) for order, size in sorted(kinds)),
            center_order=len(center(group)),
            derived_order=len(derived_subgroup(group)),
            abelian_invariants=abelian_invariants(group),
        )
