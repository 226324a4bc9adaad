"""The subgroup and the generators that a person chose for a picture, as elements of the group."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool
from cayley.algebra import generated_submagma
from cayley.completion import Solution
from cayley.report.figures.element_order._normal_subgroups import normal_subgroups

__all__ = ["SubgroupChoice", "chosen_elements", "chosen_subgroup", "labels_in", "subgroup_in"]

SubgroupChoice: TypeAlias = int | Sequence[str] | None
"""The index of a normal subgroup, labels that generate a subgroup, or None for a good one."""


def labels_in(text: str, symbols: Sequence[str]) -> list[str]:
    """Return the labels that a text lists by commas; labels may have commas of their own.

    Example:
        >>> labels_in("r, s", ["e", "r", "s"]), labels_in("(1,2),e", ["e", "(1,2)"])
        (['r', 's'], ['(1,2)', 'e'])
        >>> labels_in("x,e", ["e"])
        ['x', 'e']
    """
    known = set(symbols)
    parts = text.split(",")
    found: list[str] = []
    at = 0
    while at < len(parts):
        # The longest label that begins here; a part that begins none is returned as it is, and
        # refused by whoever looks it up.
        for end in range(len(parts), at, -1):
            label = ",".join(parts[at:end]).strip()
            if label in known or end == at + 1:
                found.append(label)
                at = end
                break
    return found


def subgroup_in(text: str, symbols: Sequence[str]) -> int | list[str]:
    """Return labels that generate a subgroup, or an index if the text is a number and no label.

    Example:
        >>> subgroup_in("2", ["e", "a"]), subgroup_in("2", ["1", "2"]), subgroup_in("a", ["e", "a"])
        (2, ['2'], ['a'])
    """
    labels = labels_in(text, symbols)
    if len(labels) == 1 and labels[0] not in symbols and labels[0].isascii():
        return int(labels[0]) if labels[0].isdigit() else labels
    return labels


def chosen_elements(solution: Solution, labels: Sequence[str], *, name: str) -> list[int]:
    """Return labels as elements of the group found.

    Raises:
        ValueError: If one is no symbol of the table; the message names the argument.
    """
    assert solution.isotopism is not None
    symbols = solution.table.symbols
    unknown = [label for label in labels if label not in symbols]
    if unknown:
        raise ValueError(f"`{name}` names {unknown[0]!r}, which is no symbol of the table.")
    maps = solution.isotopism.symbols
    return [int(maps[symbols.index(label)]) for label in labels]


def chosen_subgroup(
    solution: Solution, subgroup: SubgroupChoice
) -> Bool[NDArray[Any], " n"] | None:
    """Return the members of the subgroup that was chosen, or None if none was.

    Args:
        solution: One with a group, if a subgroup is chosen.
        subgroup: An index, of which the first normal subgroup is taken, or generators.

    Raises:
        ValueError: If there is no group, no normal subgroup of this index, or a label is unknown.
    """
    if subgroup is None:
        return None
    if solution.isotopism is None:
        raise ValueError("there are no subgroups: no group was found.")
    group = solution.isotopism.group
    if isinstance(subgroup, int):
        masks = normal_subgroups(group)
        orders = masks.sum(axis=1)
        fitting = np.flatnonzero(orders * subgroup == group.order)
        if not len(fitting):
            known = ", ".join(str(k) for k in sorted({group.order // int(o) for o in orders}))
            raise ValueError(
                f"there is no normal subgroup of index {subgroup}; there are some of index {known}."
            )
        chosen: Bool[NDArray[Any], " n"] = masks[fitting[0]]
        return chosen
    elements = chosen_elements(solution, subgroup, name="subgroup")
    mask = np.zeros(group.order, bool)
    mask[generated_submagma(group.table, [group.identity, *elements])] = True
    return mask
