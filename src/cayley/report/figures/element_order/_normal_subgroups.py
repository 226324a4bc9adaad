"""All normal subgroups of a group, as joins of what single conjugacy classes generate."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool
from cayley.algebra import Group, conjugacy_classes, generated_submagma

__all__ = ["normal_subgroups"]

# Larger lattices have rows that no page is wide enough for. It also bounds the search, which joins
# every pair.
_MOST = 80


def normal_subgroups(group: Group, *, most: int = _MOST) -> Bool[NDArray[Any], "s n"]:
    """Return the members of every normal subgroup, by rising order.

    They are the joins of those that a single conjugacy class generates.

    Args:
        group: A group of order ``n``.
        most: The largest number to return.

    Raises:
        ValueError: If there are more.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> normal_subgroups(s3).sum(axis=1).tolist()
        [1, 3, 6]
    """

    # A normal subgroup is a union of classes, hence the join of what its classes generate: closing
    # the list of these under joins finds all.
    def closure(members: NDArray[Any]) -> Bool[NDArray[Any], " n"]:
        mask = np.zeros(group.order, bool)
        mask[generated_submagma(group.table, members)] = True
        return mask

    classes = conjugacy_classes(group)
    found = {
        mask.tobytes(): mask for mask in (closure(classes.members(i)) for i in range(len(classes)))
    }
    simple = list(found.values())
    waiting = list(simple)
    while waiting:
        mask = waiting.pop()
        for other in simple:
            if not (other <= mask).all():
                joined = closure(np.flatnonzero(mask | other))
                if joined.tobytes() not in found:
                    found[joined.tobytes()] = joined
                    waiting.append(joined)
        if len(found) > most:  # C2^n has more than 2^(n^2/4); stop before memory ends
            raise ValueError(f"there are more than {most} normal subgroups, too many to draw.")
    # By order, and by members where orders are equal: the same picture every time.
    masks = sorted(found.values(), key=lambda m: (int(m.sum()), np.flatnonzero(m).tolist()))
    return np.array(masks)
