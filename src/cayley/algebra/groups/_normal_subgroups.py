"""Normal subgroups as sets of conjugacy classes."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra.groups._conjugacy_classes import ConjugacyClasses, conjugacy_classes
from cayley.algebra.groups._group import Group

__all__ = ["ClassSet", "NormalClosures"]

ClassSet: TypeAlias = Bool[NDArray[Any], " k"]
"""Which conjugacy classes a normal subgroup consists of."""


class NormalClosures:
    """The normal closures of all single elements, and products of normal subgroups.

    Attributes:
        classes: The conjugacy classes of the group.
        closures: The different closures, by rising order, each a set of classes.
    """

    __slots__ = ("_reached", "classes", "closures")

    def __init__(self, classes: ConjugacyClasses, reached: Int[NDArray[Any], "k n"]) -> None:
        self.classes = classes
        self._reached = reached
        # Different elements often have the same closure; each is kept once.
        found = {mask.tobytes(): mask for mask in map(self._closure, range(len(classes)))}
        self.closures = sorted(found.values(), key=self.order)

    @classmethod
    def of(cls, group: Group) -> "NormalClosures":
        """Return the closures of a group; takes ``O(k n)`` products for ``k`` classes."""
        classes = conjugacy_classes(group)
        # reached[i, x] is the class of representative i times x
        return cls(classes, classes.labels[group.table[classes.representatives]])

    def order(self, subgroup: ClassSet) -> int:
        """Return the number of elements of a normal subgroup."""
        return int(self.classes.sizes[subgroup].sum())

    def elements(self, subgroup: ClassSet) -> Int[NDArray[Any], " m"]:
        """Return the elements of a normal subgroup, ascending."""
        return np.flatnonzero(subgroup[self.classes.labels])

    def product(self, left: ClassSet, right: ClassSet) -> ClassSet:
        """Return the product of two normal subgroups, which is one again."""
        joined = np.zeros_like(left)
        joined[self._reached[left][:, right[self.classes.labels]]] = True
        return joined

    def _closure(self, index: int) -> ClassSet:
        """Return the closure of one class: multiply by it until no new class is reached."""
        members = self.classes.members(index)
        mask: ClassSet = np.zeros(len(self.classes), bool)
        mask[0] = True
        waiting = [0]
        while waiting:
            # representative times member: as the set is a union of classes, one representative of
            # each class is enough.
            reached = np.unique(self._reached[waiting.pop(), members])
            new = reached[~mask[reached]]
            mask[new] = True
            waiting += new.tolist()
        return mask
