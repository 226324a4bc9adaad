"""The order of a permutation group too large for a table: Schreier and Sims."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

__all__ = ["permutation_group_order"]

Permutation = NDArray[np.int64]


@dataclass(slots=True)
class _Level:
    """The subgroup that fixes the earlier base points: its orbit of the next one."""

    base: int
    generators: list[Permutation] = field(default_factory=list)
    transversal: dict[int, Permutation] = field(default_factory=dict)


def permutation_group_order(generators: Sequence[Sequence[int]]) -> int:
    """Return the order of the group that permutations generate, exactly, however large.

    Args:
        generators: Images of ``0..k-1`` under each permutation; none for the trivial group.

    Raises:
        ValueError: If an entry is no permutation, or degrees differ.

    Example:
        >>> permutation_group_order([[1, 2, 3, 4, 5, 6, 7, 8, 9, 0], [1, 0, *range(2, 10)]])
        3628800

    References:
        Holt, Eick, O'Brien (2005), "Handbook of Computational Group Theory", section 4.4.
    """
    arrays = [np.asarray(p, np.int64) for p in generators]
    for p in arrays:
        if not np.array_equal(np.sort(p), np.arange(len(arrays[0]))):
            raise ValueError(f"{p.tolist()} is not a permutation of 0..{len(arrays[0]) - 1}.")
    levels: list[_Level] = []
    for p in arrays:
        _add(levels, 0, p)
    return prod(len(level.transversal) for level in levels)


def _add(levels: list[_Level], depth: int, element: Permutation) -> None:
    """Make an element that fixes the base points above a depth a member there and below."""
    if _is_identity(_sifted(levels, depth, element)):
        return
    if depth == len(levels):
        base = int(np.flatnonzero(element != np.arange(len(element)))[0])
        levels.append(_Level(base, [], {base: np.arange(len(element))}))
    level = levels[depth]
    level.generators.append(element)
    done = {(p, i) for p in level.transversal for i in range(len(level.generators) - 1)}
    frontier = list(level.transversal)
    while frontier:  # each pair of an orbit point and a generator gives one Schreier generator
        point = frontier.pop()
        for i, s in enumerate(level.generators):
            if (point, i) in done:
                continue
            done.add((point, i))
            moved = s[level.transversal[point]]
            image = int(s[point])
            if image not in level.transversal:
                level.transversal[image] = moved
                frontier.append(image)
            else:
                _add(levels, depth + 1, _inverse(level.transversal[image])[moved])


def _sifted(levels: list[_Level], depth: int, element: Permutation) -> Permutation:
    """Divide by members of the transversals as far as possible."""
    for level in levels[depth:]:
        image = int(element[level.base])
        if image not in level.transversal:
            break
        element = _inverse(level.transversal[image])[element]
    return element


def _inverse(element: Permutation) -> Permutation:
    inverse = np.empty_like(element)
    inverse[element] = np.arange(len(element))
    return inverse


def _is_identity(element: Permutation) -> bool:
    return bool((element == np.arange(len(element))).all())
