"""Near groups: a list of symmetry operations that is no group, and the groups around it.

Programs that look for symmetry in crystals compare positions within a tolerance. Their lists may
lack operations of a group, or have some more. The smallest group that contains the list and the
largest that the list contains say what may have been meant.
"""

from dataclasses import dataclass, replace

import numpy as np

from cayley.algebra import Identification, identify
from cayley.deduction.presentations._largest_subgroup import largest_subgroup
from cayley.tables import MAX_ORDER, Table
from cayley.tables.families._point_groups import point_group_symbol
from cayley.tables.families._symmetry_operations import (
    Operations,
    closure,
    distinct,
    operation_table,
    product_table,
)

__all__ = ["NamedOperations", "NearGroups", "near_groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOperations:
    """A group of symmetry operations modulo the lattice, with its names.

    Attributes:
        operations: The operations, modulo the lattice of the cell.
        table: Their table, centrings factored out where that was asked for.
        identification: The name of that table's group.
        point_group: The Hermann-Mauguin symbol of its rotation parts, in three dimensions.
    """

    operations: Operations
    table: Table
    identification: Identification
    point_group: str | None

    def __str__(self) -> str:
        symbol = "" if self.point_group is None else f"point group {self.point_group}, "
        return f"{len(self.operations)} operations: {symbol}{self.identification}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGroups:
    """A list of symmetry operations, and the groups around it.

    Attributes:
        given: The operations without repetitions.
        smallest: The smallest group that contains them; None if there is no finite one.
        infinite: Why there is none.
        largest: The largest group among them, the identity counted as given.
        proved: Whether the search for the largest one looked at everything.
    """

    given: Operations
    smallest: NamedOperations | None
    infinite: str
    largest: NamedOperations
    proved: bool

    @property
    def is_group(self) -> bool:
        """Whether the list is a group, modulo the lattice."""
        return self.smallest is not None and len(self.smallest.operations) == len(self.given)

    @property
    def missing(self) -> tuple[str, ...]:
        """The operations that make the list a group, if there are finitely many."""
        if self.smallest is None:
            return ()
        return tuple(self.smallest.operations.texts()[len(self.given) :])

    @property
    def outside(self) -> tuple[str, ...]:
        """The operations of the list that are not in the largest group among them."""
        inside = set(self.largest.operations.texts())
        return tuple(text for text in self.given.texts() if text not in inside)

    def __str__(self) -> str:
        if self.is_group:
            return f"The list is a group of {self.smallest}."
        if self.smallest is None:
            around = f"No finite group contains the {len(self.given)} operations: {self.infinite}"
        else:
            around = (
                f"The {len(self.given)} operations are no group. The smallest group that contains "
                f"them has {self.smallest}."
            )
        found = "largest group" if self.proved else "largest group found"
        return f"{around} The {found} among them has {self.largest}."


def near_groups(
    operations: Operations, *, centrings: bool = True, max_order: int = MAX_ORDER
) -> NearGroups:
    """Return the smallest group that contains some operations and the largest among them.

    Args:
        operations: Symmetry operations, in any order, with repetitions.
        centrings: Whether the tables leave pure translations out, as they leave out the lattice.
        max_order: The limit on the order of the smallest group.

    Raises:
        ValueError: If the tolerance does not tell operations apart.

    Example:
        >>> from cayley.tables.families._operation_lists import read_operations
        >>> found = near_groups(read_operations("x,y,z; -x,-y,z; -y,x,z"))
        >>> print(found)
        The 3 operations are no group. The smallest group that contains them has 4 operations:
        point group 4, C4 (GAP 4:1). The largest group among them has 2 operations: point group 2,
        C2 (GAP 2:1).
        >>> found.missing, found.outside
        (('y,-x,z',), ('-y,x,z',))
    """
    given = _with_identity_first(operations.taken(distinct(operations)))
    try:
        whole = closure(given, max_order=max_order)
        around, infinite = _named(whole, centrings), ""
    except ValueError as error:
        if "within the tolerance" in str(error):
            raise
        around, infinite = None, str(error)
    places, proved = largest_subgroup(product_table(given), 0)
    return NearGroups(
        given=given,
        smallest=around,
        infinite=infinite,
        largest=_named(given.taken(places), centrings),
        proved=proved,
    )


def _with_identity_first(given: Operations) -> Operations:
    dimension = given.rotations.shape[1]
    identity = replace(
        given,
        rotations=np.concatenate([np.eye(dimension, dtype=np.int64)[None], given.rotations]),
        translations=np.concatenate([np.zeros((1, dimension)), given.translations]),
    )
    return identity.taken(distinct(identity))


def _named(group: Operations, centrings: bool) -> NamedOperations:
    table = operation_table(group, centrings=centrings)
    return NamedOperations(
        operations=group,
        table=table,
        identification=identify(table),
        point_group=point_group_symbol(np.unique(group.rotations, axis=0)),
    )
