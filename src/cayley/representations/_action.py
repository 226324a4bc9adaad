r"""Group actions on finite sets, exact.

Actions are from the right, as everywhere in this library: :math:`x \cdot (gh) = (x \cdot g) \cdot
h` is first :math:`g`, then :math:`h`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.algebra import Group
from cayley.algebra.groups._group import as_group
from cayley.representations._subgroup import Subgroup
from cayley.tables import permutation_group_elements
from cayley.tables._as_table import TableLike

__all__ = ["GroupAction", "as_images"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupAction:
    r"""A right action of a group on the points ``0..k-1``; the constructor proves that it is one.

    Attributes:
        group: The group, of order ``n``.
        images: Where every element takes every point, :math:`x \cdot g` at ``[g, x]``, shape
            ``(n, k)``, int64, read-only.

    Raises:
        ValueError: If the shape does not fit or :math:`x \cdot (gh) = (x \cdot g) \cdot h` fails.

    Example:
        >>> square = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
        >>> square.group.order, square.degree, square.stabilizer(0).group.order
        (8, 4, 2)
    """

    group: Group
    images: Int[NDArray[Any], "n k"]

    def __post_init__(self) -> None:
        images = np.array(self.images, dtype=np.int64, order="C")
        n = self.group.order
        if images.ndim != 2 or len(images) != n or not images.shape[1]:
            raise ValueError(f"`images` must have shape ({n}, k); got {images.shape}.")
        if images.min() < 0 or images.max() >= images.shape[1]:
            raise ValueError(f"`images` must hold points in 0..{images.shape[1] - 1}.")
        # It is enough to check h among generators: if the equation holds for h and k and all g, it
        # holds for hk. That is n k numbers a generator, not n^2 k.
        for h in (self.group.identity, *self.group.generators):
            wrong = np.argwhere(images[h][images] != images[self.group.table[:, h]])
            if len(wrong):
                g, x = wrong[0].tolist()
                raise ValueError(
                    f"`images` must be a right action; (x g) h != x (gh) for (x, g, h) = "
                    f"{(x, g, h)}. Use `images[group.inverses]` for an action from the left."
                )
        if not np.array_equal(images[self.group.identity], np.arange(images.shape[1])):
            raise ValueError("`images` must leave every point in place under the identity.")
        images.flags.writeable = False
        object.__setattr__(self, "images", images)

    @classmethod
    def from_permutations(
        cls, generators: Sequence[Sequence[int]], *, max_order: int = 10_000
    ) -> "GroupAction":
        """Return the action on its points of the group that permutations generate.

        Args:
            generators: Images of ``0..k-1`` under each permutation, at least one.
            max_order: The largest order to accept.

        Raises:
            ValueError: If an entry is no permutation, degrees differ, or the group is too large.
        """
        elements = permutation_group_elements(generators, max_order=max_order)
        return cls(group=Group.from_permutations(generators, max_order=max_order), images=elements)

    @classmethod
    def regular(cls, group: TableLike) -> "GroupAction":
        r"""Return the group acting on itself by :math:`y \cdot g = g^{-1} y`.

        Its permutation representation is :func:`~cayley.representations.regular_representation`.

        Example:
            >>> GroupAction.regular(Group.from_permutations([[1, 2, 0]])).is_regular
            True
        """
        group = as_group(group)
        return cls(group=group, images=group.table[group.inverses])

    @classmethod
    def on_cosets(cls, subgroup: Subgroup) -> "GroupAction":
        r"""Return the action :math:`tH \cdot g = g^{-1} t H` of a group on its left cosets.

        Every transitive action is one of these, up to the names of the points: a homogeneous space.

        Example:
            >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
            >>> GroupAction.on_cosets(Subgroup.generated_by(s3, [1])).character.tolist()
            [3, 1, 1, 0, 0, 1]
        """
        group = subgroup.ambient
        moved = group.table[group.inverses][:, subgroup.transversal]
        return cls(group=group, images=subgroup.coset_of[moved])

    @property
    def degree(self) -> int:
        """The number of points."""
        return int(self.images.shape[1])

    @property
    def character(self) -> Int[NDArray[Any], " n"]:
        """The number of fixed points of every element, shape ``(n,)``."""
        fixed: NDArray[Any] = (self.images == np.arange(self.degree)).sum(axis=1)
        return fixed

    @property
    def orbits(self) -> Int[NDArray[Any], " k"]:
        """The number of the orbit of every point, in order of their least points."""
        # The least image of a point is the least point of its orbit.
        labels: NDArray[Any] = np.unique(self.images.min(axis=0), return_inverse=True)[1]
        return labels.reshape(-1)

    @property
    def is_transitive(self) -> bool:
        """Whether every point can be taken to every other."""
        return not self.orbits.any()

    @property
    def is_faithful(self) -> bool:
        """Whether only the identity leaves all points in place."""
        return int((self.character == self.degree).sum()) == 1

    @property
    def is_regular(self) -> bool:
        """Whether exactly one element takes any point to any other."""
        return self.is_transitive and self.degree == self.group.order

    def stabilizer(self, point: int) -> Subgroup:
        """Return the subgroup of the elements that fix a point.

        Raises:
            ValueError: If there is no such point.
        """
        if not 0 <= point < self.degree:
            raise ValueError(f"`point` must be in 0..{self.degree - 1}; got {point}.")
        return Subgroup(ambient=self.group, elements=np.flatnonzero(self.images[:, point] == point))

    def __repr__(self) -> str:
        return f"GroupAction(order={self.group.order}, degree={self.degree})"


def as_images(matrices: ArrayLike) -> Int[NDArray[Any], "n k"] | None:
    """Return the permutations of permutation matrices, or None if the matrices are no such."""
    array = np.asarray(matrices)
    if not ((array == 0) | (array == 1)).all() or (array.sum(axis=2) != 1).any():
        return None
    images: NDArray[Any] = array.real.argmax(axis=2)
    is_bijective = (np.sort(images, axis=1) == np.arange(array.shape[1])).all()
    return images if is_bijective else None
