"""Maximal cyclic subgroups, those that share more than the identity together, in phase.

The power ``x^j`` of a generator of order k has the *phase* j/k. Two cycles meet in a cyclic
subgroup, and generators can be chosen so that its elements have the same phase on both.
"""

from fractions import Fraction
from math import gcd

from cayley.algebra import Group
from cayley.algebra.groups._subgroup_classes import maximal_cycles

__all__ = ["cycle_bundles", "phases_of"]


def cycle_bundles(group: Group) -> list[list[tuple[int, ...]]]:
    """Return the maximal cyclic subgroups, those that share more than the identity together.

    In each bundle longer cycles come first, and generators are chosen so that shared elements have
    the same phase as far as that is possible.

    Example:
        >>> c2, c4 = [[0, 1], [1, 0]], [[(a + b) % 4 for b in range(4)] for a in range(4)]
        >>> [len(bundle) for bundle in cycle_bundles(Group.from_table(c4))]
        [1]
    """
    bundles: list[tuple[set[int], list[tuple[int, ...]]]] = []
    for cycle in maximal_cycles(group):  # by falling length
        members = set(cycle[:-1])
        touched = [bundle for bundle in bundles if bundle[0] & members]
        merged = [c for _, cycles in touched for c in cycles] + [cycle]
        together = members.union(*(m for m, _ in touched))
        bundles = [bundle for bundle in bundles if bundle not in touched]
        bundles.append((together, merged))
    # Long bundles first, equal ones side by side, and always in the same order.
    ordered = sorted(
        (cycles for _, cycles in bundles), key=lambda cs: (-len(cs[0]), -len(cs), cs[0])
    )
    return [_in_phase(cycles) for cycles in ordered]


def _in_phase(cycles: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Choose the generators so that shared elements have the same phase; neighbors share much."""
    waiting = sorted(cycles, key=lambda c: (-len(c), c))
    chosen = [waiting.pop(0)]
    phases = phases_of(chosen[0])
    while waiting:
        # The cycle that shares the most with the last one is next to it; longer ones first.
        last = set(chosen[-1])
        cycle = max(waiting, key=lambda c: (len(c), len(last & set(c)), [-x for x in c]))
        waiting.remove(cycle)
        k = len(cycle)
        powers = [
            tuple(cycle[(j * u - 1) % k] for j in range(1, k + 1))
            for u in range(k)
            if gcd(u, k) == 1
        ] or [cycle]
        best = min(powers, key=lambda c: _mismatch(phases_of(c), phases))
        chosen.append(best)
        phases = phases_of(best) | phases
    return chosen


def phases_of(cycle: tuple[int, ...]) -> dict[int, Fraction]:
    """Return the phase of each element but the identity.

    Example:
        >>> {x: str(phase) for x, phase in phases_of((2, 1, 0)).items()}
        {2: '1/3', 1: '2/3'}
    """
    k = len(cycle)
    return {x: Fraction(j, k) for j, x in enumerate(cycle[:-1], 1)}


def _mismatch(phases: dict[int, Fraction], others: dict[int, Fraction]) -> Fraction:
    return sum((abs(p - others[x]) for x, p in phases.items() if x in others), Fraction(0))
