"""A subgroup: a group of its own with its embedding and its cosets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group, generated_submagma
from cayley.algebra.groups._group import as_group
from cayley.tables._as_table import TableLike

__all__ = ["Subgroup"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subgroup:
    r"""A subgroup :math:`H \le G` with its embedding and its left cosets :math:`tH`.

    Make one with :meth:`generated_by`; the constructor trusts its caller that the elements are
    closed under multiplication.

    Attributes:
        ambient: :math:`G`, of order ``n``.
        elements: The elements of :math:`H` in :math:`G`, ascending, shape ``(m,)``, int64.
        group: :math:`H` as a group; its element ``i`` is ``elements[i]``.
        coset_of: The number of the left coset of every element of :math:`G`, shape ``(n,)``; coset
            0 is :math:`H`.
        transversal: The least element of every left coset, shape ``(n / m,)``; the identity for
            :math:`H` itself.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> turns = Subgroup.generated_by(s3, [3])
        >>> turns.elements.tolist(), turns.group.order, turns.index, turns.coset_of.tolist()
        ([0, 3, 4], 3, 2, [0, 1, 1, 0, 0, 1])
    """

    ambient: Group
    elements: Int[NDArray[Any], " m"]
    group: Group = field(init=False)
    coset_of: Int[NDArray[Any], " n"] = field(init=False)
    transversal: Int[NDArray[Any], " k"] = field(init=False)

    def __post_init__(self) -> None:
        table = self.ambient.table
        elements = np.unique(np.asarray(self.elements, np.int64))
        place = np.full(len(table), -1)
        place[elements] = np.arange(len(elements))
        group = Group(
            table=place[table[np.ix_(elements, elements)]],
            identity=int(place[self.ambient.identity]),
        )
        coset_of = np.full(len(table), -1)
        transversal: list[int] = []
        # The identity first, so that coset 0 is the subgroup itself.
        for t in (self.ambient.identity, *range(len(table))):
            if coset_of[t] < 0:
                coset_of[table[t, elements]] = len(transversal)
                transversal.append(t)
        values = {
            "elements": elements,
            "coset_of": coset_of,
            "transversal": np.array(transversal, np.int64),
        }
        for name, array in values.items():
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        object.__setattr__(self, "group", group)

    @classmethod
    def generated_by(cls, group: TableLike, elements: Sequence[int]) -> "Subgroup":
        """Return the subgroup that some elements generate; none give the trivial one.

        Raises:
            ValueError: If an element is not in ``0..n-1``.
        """
        group = as_group(group)
        chosen = [group.identity, *(int(x) for x in elements)]
        if min(chosen) < 0 or max(chosen) >= group.order:
            raise ValueError(
                f"`elements` must be in 0..{group.order - 1}; got {sorted(set(chosen))}."
            )
        return cls(ambient=group, elements=np.asarray(generated_submagma(group.table, chosen)))

    @property
    def index(self) -> int:
        """The number of cosets."""
        return len(self.transversal)

    def __repr__(self) -> str:
        return f"Subgroup(order={self.group.order}, index={self.index})"
