r"""The layout of a cycle graph: the identity in the middle, cycles around it as petals.

The powers :math:`x, x^2, ..., x^k = 1` of a generator of a maximal cyclic subgroup lie on a petal
of the rose :math:`r = L \sin \pi p`, :math:`\theta = \Phi (1 - 2p)`, at the *phases*
:math:`p = j/k`. With :math:`\Phi = 90°` the petal is a circle and the powers are a regular polygon.

Cycles that share elements other than the identity are one *bundle*: petals of different width
inside each other. Two cycles meet in a cyclic subgroup, and the generators are chosen so that
its elements have the same phase on both: there the petals touch.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import cos, gcd, pi, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import Group
from cayley.algebra.groups._subgroup_classes import maximal_cycles
from cayley.report.figures._layered_layout import place_in_order

__all__ = ["Cycle", "CycleLayout", "cycle_bundles", "cycle_layout"]

_NARROWEST = 0.3
"""Width of the innermost petal of a bundle, as a part of the outermost one: narrower ones would be
lines on which an element and its inverse meet."""

_SHORTEST = 0.62
"""Length of the innermost petal of a bundle, as a part of the outermost one."""

_WIDEST = 1.25
"""The largest half angle of a petal, in radians, if there are others: 72 degrees. A quarter turn
would leave no space between two neighbors."""

# Petals of few elements are shorter, so that the long ones stand out.
_LENGTHS = {2: 0.6, 3: 0.78, 4: 0.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A maximal cyclic subgroup as a closed curve.

    Attributes:
        elements: The powers ``x, xx, ...`` of a generator, the identity last.
        bundle: The number of the bundle it is in.
        tangents: The direction of the curve at each phase ``j / k`` for ``j = 0..k``, times the
            length of the step: shape ``(k + 1, 2)``.
    """

    elements: tuple[int, ...]
    bundle: int
    tangents: Float[NDArray[Any], "k 2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleLayout:
    """Where the elements are and the curves through them.

    Attributes:
        places: The center of each element, the identity at the origin, y downwards; ``(n, 2)``.
        cycles: The curves, bundle by bundle.
    """

    places: Float[NDArray[Any], "n 2"]
    cycles: tuple[Cycle, ...]


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
    phases = _phases(chosen[0])
    while waiting:
        # The cycle that shares the most with the last one is next to it; longer ones first.
        last = set(chosen[-1])
        cycle = max(waiting, key=lambda c: (len(c), len(last & set(c)), [-x for x in c]))
        waiting.remove(cycle)
        k = len(cycle)
        powers = [
            tuple(cycle[(j * u - 1) % k] for j in range(1, k + 1)) for u in range(k) if gcd(u, k) == 1
        ] or [cycle]
        best = min(powers, key=lambda c: _mismatch(_phases(c), phases))
        chosen.append(best)
        phases = _phases(best) | phases
    return chosen


def _phases(cycle: tuple[int, ...]) -> dict[int, Fraction]:
    k = len(cycle)
    return {x: Fraction(j, k) for j, x in enumerate(cycle[:-1], 1)}


def _mismatch(phases: dict[int, Fraction], others: dict[int, Fraction]) -> Fraction:
    return sum((abs(p - others[x]) for x, p in phases.items() if x in others), Fraction(0))


def cycle_layout(
    group: Group, sizes: Float[NDArray[Any], "n 2"], *, gap: float = 7.0, least: float = 70.0
) -> CycleLayout:
    """Place the elements of a group so that no two of them overlap.

    Args:
        group: A group of order ``n``.
        sizes: Width and height of each element's mark, shape ``(n, 2)``.
        gap: The least distance between marks.
        least: The least length of the longest petal.
    """
    bundles = cycle_bundles(group)
    angles = _sectors(bundles)
    places = np.zeros((group.order, 2))
    shapes: list[tuple[int, tuple[int, ...], float, float, float]] = []
    for number, (cycles, (axis, half)) in enumerate(zip(bundles, angles, strict=True)):
        longest = max(map(len, cycles))
        length = _LENGTHS.get(longest, 1.0) if len(bundles) > 1 else 1.0
        layers = _layers(len(cycles))
        for x, (phase, layer) in _coordinates(cycles, layers).items():
            places[x] = _point(float(phase), layer, axis, half, length)
        shapes += [
            (number, cycle, layer, axis, half * 1.0)
            for cycle, layer in zip(cycles, layers, strict=True)
        ]
    scale = max(least, _scale(places, sizes, gap))
    cycles_found = []
    for number, cycle, layer, axis, half in shapes:
        longest = max(map(len, bundles[number]))
        length = _LENGTHS.get(longest, 1.0) if len(bundles) > 1 else 1.0
        k = len(cycle)
        tangents = [_tangent(j / k, layer, axis, half, length * scale) / k for j in range(k + 1)]
        cycles_found.append(Cycle(elements=cycle, bundle=number, tangents=np.array(tangents)))
    return CycleLayout(places=places * scale, cycles=tuple(cycles_found))


def _sectors(bundles: list[list[tuple[int, ...]]]) -> list[tuple[float, float]]:
    """Return the direction and the half angle of each bundle; the first one points upwards."""
    if len(bundles) == 1:
        return [(pi / 2, pi / 2)]
    weights = []
    for cycles in bundles:
        k = max(map(len, cycles))
        # A spoke needs the place of one element, a triangle of nearly two; each further cycle of a
        # bundle widens it on both sides.
        alone = {2: 1.0, 3: 1.7, 4: 2.0}.get(k, 2.0 + 0.5 * (k - 4))
        weights.append(alone + 0.9 * (len(cycles) - 1))
    # Where sectors would be wider than the widest petal, they are made narrower; what is left over
    # lies between the petals.
    share = 2 * pi / sum(weights)
    found = []
    start = pi / 2 + weights[0] * share / 2
    for weight in weights:
        width = weight * share
        found.append((start - width / 2, min(0.86 * width / 2, _WIDEST)))
        start -= width
    return found


def _layers(count: int) -> list[float]:
    """Return the widths of the petals of a bundle, the outermost one first."""
    if count == 1:
        return [1.0]
    return [1.0 - (1.0 - _NARROWEST) * i / (count - 1) for i in range(count)]


def _coordinates(
    cycles: list[tuple[int, ...]], layers: list[float]
) -> dict[int, tuple[Fraction, float]]:
    """Return phase and layer of each element of a bundle, the means over the cycles it is on."""
    on: dict[int, list[tuple[Fraction, float]]] = {}
    for cycle, layer in zip(cycles, layers, strict=True):
        for x, phase in _phases(cycle).items():
            on.setdefault(x, []).append((phase, layer))
    found = {
        x: (
            sum((phase for phase, _ in all_of), Fraction(0)) / len(all_of),
            sum(layer for _, layer in all_of) / len(all_of),
        )
        for x, all_of in on.items()
    }
    # Of several elements with one phase no two have the same layer.
    by_phase: dict[Fraction, list[int]] = {}
    for x, (phase, _) in found.items():
        by_phase.setdefault(phase, []).append(x)
    for phase, members in by_phase.items():
        members.sort(key=lambda x: (found[x][1], -x))
        apart = (1.0 - _NARROWEST) / max(1, len(members) - 1)
        apart = min(apart, (1.0 - _NARROWEST) / max(1, len(cycles) - 1))
        wanted = [found[x][1] for x in members]
        placed = place_in_order(wanted, [1.0] * len(members), [apart] * (len(members) - 1))
        for x, layer in zip(members, placed, strict=True):
            found[x] = (phase, layer)
    return found


def _petal(phase: float, layer: float, axis: float, half: float, length: float) -> tuple[float, float]:
    """Return radius and angle of a point of a petal."""
    inner = _SHORTEST + (1 - _SHORTEST) * (layer - _NARROWEST) / (1 - _NARROWEST)
    return length * inner * sin(pi * phase), axis + half * layer * (1 - 2 * phase)


def _point(
    phase: float, layer: float, axis: float, half: float, length: float
) -> Float[NDArray[Any], " 2"]:
    r, angle = _petal(phase, layer, axis, half, length)
    return np.array([r * cos(angle), -r * sin(angle)])


def _tangent(
    phase: float, layer: float, axis: float, half: float, length: float
) -> Float[NDArray[Any], " 2"]:
    """Return the derivative by the phase."""
    r, angle = _petal(phase, layer, axis, half, length)
    inner = _SHORTEST + (1 - _SHORTEST) * (layer - _NARROWEST) / (1 - _NARROWEST)
    grow, turn = length * inner * pi * cos(pi * phase), -2 * half * layer
    outwards, across = np.array([cos(angle), -sin(angle)]), np.array([-sin(angle), -cos(angle)])
    result: Float[NDArray[Any], " 2"] = grow * outwards + r * turn * across
    return result


def _scale(places: Float[NDArray[Any], "n 2"], sizes: Float[NDArray[Any], "n 2"], gap: float) -> float:
    """Return the least factor at which no two marks are nearer to each other than the gap."""
    if len(places) < 2:
        return 0.0
    i, j = np.triu_indices(len(places), 1)
    between = np.abs(places[i] - places[j])
    needed = (sizes[i] + sizes[j]) / 2 + gap
    # Apart in one of the two directions is enough.
    return float((needed / np.maximum(between, 1e-9)).min(axis=1).max())
