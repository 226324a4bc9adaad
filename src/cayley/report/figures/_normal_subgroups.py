"""The lattice of normal subgroups as a figure."""

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool
from cayley.algebra import Group, conjugacy_classes, generated_submagma
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures._coset_order import subgroup_name
from cayley.report.figures._style import INK, PAPER, SKY, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_normal_subgroups", "normal_subgroups"]

# The figure is at most 9 inches wide and a name takes 0.95: lattices of more subgroups tend to have
# rows in which names overlap. It also bounds the search, which joins every pair.
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


def draw_normal_subgroups(solution: SolutionLike) -> "Figure":
    """Draw the normal subgroups, each joined to the next larger ones, orders on the left.

    Args:
        solution: One with a group that has at most 80 normal subgroups; a table is completed first.

    Raises:
        ValueError: If there is no group, or it has more.
    """
    solution = as_solution(solution)
    if solution.isotopism is None:
        raise ValueError("there are no subgroups: no group was found.")
    group = solution.isotopism.group
    masks = normal_subgroups(group)
    orders = masks.sum(axis=1)
    levels = np.unique(orders)
    at: dict[int, tuple[float, int]] = {}
    for height, order in enumerate(levels.tolist()):
        members = np.flatnonzero(orders == order).tolist()
        for i, s in enumerate(members):
            at[s] = (i - (len(members) - 1) / 2, height)  # each row is centered at 0
    widest = max(int((orders == order).sum()) for order in levels)
    with style():
        figure = new_figure(max(2.4, min(9.0, 0.95 * widest + 0.8)), 0.75 * len(levels) + 0.5)
        axes = figure.add_subplot()
        for s, t in _covers(masks):  # below the names, which hide where the lines meet
            axes.plot(*zip(at[s], at[t], strict=True), color=INK, linewidth=0.8, zorder=1)
        for s, (x, y) in at.items():
            name = "1" if orders[s] == 1 else subgroup_name(group, masks[s])
            box = {"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": SKY}
            axes.text(x, y, name, ha="center", va="center", fontsize=7.5, bbox=box, zorder=2)
        axes.set_yticks(range(len(levels)), [str(order) for order in levels.tolist()])
        axes.set_ylabel("order")
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set_xlim(-widest / 2 - 0.2, widest / 2 + 0.2)
        axes.set_ylim(-0.5, len(levels) - 0.5)
        return figure


def _covers(masks: Bool[NDArray[Any], "s n"]) -> list[tuple[int, int]]:
    """Return the pairs of a subgroup and a larger one that have no third between them."""
    below = {(s, t) for s, t in combinations(range(len(masks)), 2) if (masks[s] <= masks[t]).all()}
    between = {(s, u) for s, t in below for t2, u in below if t == t2}
    return sorted(below - between)
