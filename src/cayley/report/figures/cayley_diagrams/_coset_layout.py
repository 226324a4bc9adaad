r"""Places of the elements of a group in its Cayley diagram: circles of circles of cosets.

The generators :math:`s_1, s_2, \ldots` generate a chain of subgroups
:math:`1 < K_1 < K_2 < \ldots = G`. The left cosets of :math:`K_1` are cycles of :math:`s_1`, drawn
as polygons; those of :math:`K_1` in a coset of :math:`K_2` stand around a circle, and so on. Where
:math:`K_1` is normal of index 2 the two cycles are rings in each other. Nothing is random.
"""

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Group, generated_submagma
from cayley.report.figures.cayley_diagrams._polyhedral_layout import polyhedral_layout
from cayley.report.figures.element_order._coset_order import powers

__all__ = ["cayley_graph_layout"]

_INNER = 0.5
"""The radius of the inner of two rings in units of the outer: arrows between them are as long as
those of rings of ten."""

_WIDEST = 0.85
"""The radius of the innermost ring at most: lines between rings have to be seen."""

_MOST_RINGS, _INNERMOST = 4, 0.36
"""Up to so many cosets of a cycle are rings in each other, and the radius of the innermost."""

_APART = 1.3
"""Distance of two neighboring circles in units of their diameters: room for labels between them."""

_SWEEPS = 8
"""Rounds in which cosets change places: each lowers a sum of whole numbers, and few are needed."""


def cayley_graph_layout(group: Group, generators: Sequence[int]) -> Float[NDArray[Any], "n 2"]:
    """Return places of the elements inside the unit circle.

    Args:
        group: A group of order ``n``.
        generators: Elements that generate it, the first of them drawn as polygons.

    Example:
        >>> places = cayley_graph_layout(Group.from_permutations([[1, 2, 3, 0]]), [1])
        >>> np.linalg.norm(places, axis=1).round(6).tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    useful = _chain(group, [s for s in generators if s != group.identity])
    places = np.zeros((group.order, 2))
    if useful:
        members, found = _layout(group, useful)
        places[members] = found
    return _centered(places)


def _chain(group: Group, generators: Sequence[int]) -> list[int]:
    """Return the generators that extend what those before them generate."""
    chosen: list[int] = []
    size = 1
    for s in generators:
        grown = len(generated_submagma(group.table, [group.identity, *chosen, s]))
        if grown > size:
            chosen.append(s)
            size = grown
    return chosen


def _layout(
    group: Group, generators: Sequence[int]
) -> tuple[Int[NDArray[Any], " k"], Float[NDArray[Any], "k 2"]]:
    """Return the members of the subgroup that generators generate, and their places."""
    last = generators[-1]
    if len(generators) == 1:
        cycle = powers(group, last)
        return cycle, _circle(len(cycle))
    members = np.sort(np.array(generated_submagma(group.table, [group.identity, *generators])))
    inside, polyhedron = _as_polyhedron(group, members, generators)
    if polyhedron is not None:
        return inside, _centered(polyhedron)
    kernel, places = _layout(group, generators[:-1])
    mask = np.zeros(group.order, bool)
    mask[kernel] = True
    if all(mask[_conjugate(group, kernel, g)].all() for g in generators):
        copies = [kernel]
        for _ in range(len(members) // len(kernel) - 1):
            copies.append(group.table[copies[-1], last])
        # The power of the last generator that is in the subgroup again.
        back = int(np.flatnonzero(kernel == group.table[copies[-1][0], last])[0])
        found = _copies(places, len(copies), back, cycle=len(generators) == 2)
        return np.concatenate(copies), found
    return _around_cosets(group, members, kernel, places, last)


def _as_polyhedron(
    group: Group, members: Int[NDArray[Any], " k"], generators: Sequence[int]
) -> tuple[Int[NDArray[Any], " k"], Float[NDArray[Any], "k 2"] | None]:
    """Return the members, and their places if their diagram is that of a polyhedron."""
    place = np.full(group.order, -1)
    place[members] = np.arange(len(members))
    alone = Group(
        table=place[group.table[np.ix_(members, members)]], identity=int(place[group.identity])
    )
    return members, polyhedral_layout(alone, place[list(generators)].tolist())


def _conjugate(group: Group, members: Int[NDArray[Any], " k"], g: int) -> Int[NDArray[Any], " k"]:
    """Return the conjugates of elements by another."""
    moved: Int[NDArray[Any], " k"] = group.table[group.table[group.inverses[g], members], g]
    return moved


def _copies(
    places: Float[NDArray[Any], "k 2"], count: int, back: int, *, cycle: bool
) -> Float[NDArray[Any], "m 2"]:
    """Return the places of the cosets ``K, K t, K t t, ...`` of a normal subgroup.

    Each looks like the subgroup, so that arrows of t join like places.

    Args:
        places: Of the subgroup.
        count: The number of cosets.
        back: The place in the subgroup to which the arrow from the first place of the last leads.
        cycle: Whether the subgroup is a single cycle.
    """
    size = len(places)
    if cycle and (count == 2 or (count <= _MOST_RINGS and size >= 2 * count)):
        # Rings in each other. Each is turned by its share of the angle by which the arrows from the
        # last to the first turn, so that all arrows are alike.
        angle = 2 * pi * back / size
        angle = angle - 2 * pi if angle > pi else angle
        inner = _INNER if count == 2 else _INNERMOST
        # A ring of many needs a longer way around: its arrows would be shorter than its nodes.
        rings = np.linspace(1, max(inner, min(_WIDEST, 1 - 8 * (count - 1) / size)), count)
        return np.concatenate(
            [ring * _turned(places, i * angle / count) for i, ring in enumerate(rings)]
        )
    if count == 2:
        return _beside(places)
    ring, radius = _ring(count)
    # Each copy is turned with the ring, so that the picture is the same from every coset; and by a
    # little more, since points of two copies on one line would hide each other's arrows.
    slant = _slant(size) if cycle else 0.0
    return np.concatenate(
        [
            middle + radius * _turned(places, 2 * pi * i / count + slant)
            for i, middle in enumerate(ring)
        ]
    )


def _beside(places: Float[NDArray[Any], "k 2"]) -> Float[NDArray[Any], "m 2"]:
    """Return places and a copy beside them, shifted so that lines between like places pass none.

    All these lines are parallel; the slope is taken at which they stay farthest from other places.
    """
    wide = float(np.ptp(places[:, 0])) + 0.45
    best: tuple[float, Float[NDArray[Any], "m 2"]] | None = None
    for slope in np.arange(2, 26) * 0.02:
        both = np.concatenate([places, places + wide * np.array([1.0, slope])])
        normal = np.array([-slope, 1.0]) / np.hypot(1.0, slope)
        height = places @ normal
        # Two places of one copy on nearly the same line: one line would pass the other place.
        gaps = np.abs(height[:, None] - height)
        np.fill_diagonal(gaps, np.inf)
        nearest = round(float(gaps.min()), 9)
        if best is None or nearest > best[0]:
            best = (nearest, both)
    assert best is not None
    return best[1]


def _around_cosets(
    group: Group,
    members: Int[NDArray[Any], " m"],
    kernel: Int[NDArray[Any], " k"],
    places: Float[NDArray[Any], "k 2"],
    t: int,
) -> tuple[Int[NDArray[Any], " m"], Float[NDArray[Any], "m 2"]]:
    """Place the left cosets of a subgroup around a circle, joined ones near each other."""
    # Walk from coset to coset by arrows of t, so that each is known by the element first reached.
    coset = np.full(group.order, -1)
    representatives = [group.identity]
    coset[group.table[group.identity, kernel]] = 0
    for k, g in enumerate(representatives):  # grows while it is walked
        for h in group.table[group.table[g, kernel], t].tolist():
            if coset[h] < 0:
                coset[group.table[h, kernel]] = len(representatives)
                representatives.append(int(h))
        assert k < group.order
    count = len(representatives)
    joined = np.zeros((count, count), np.int64)
    heads = group.table[members, t]
    np.add.at(joined, (coset[members], coset[heads]), 1)
    order = _ring_order(joined + joined.T)
    ring, radius = _ring(count)
    middles = np.empty((count, 2))
    middles[order] = ring
    at = np.zeros((group.order, 2))
    blocks = [group.table[g, kernel] for g in representatives]
    for block, middle in zip(blocks, middles, strict=True):
        at[block] = middle + radius * places
    _turn_blocks(group.table[:, [t, int(group.inverses[t])]], blocks, middles, radius * places, at)
    return np.concatenate(blocks), np.concatenate([at[block] for block in blocks])


def _ring_order(joined: Int[NDArray[Any], "c c"]) -> list[int]:
    """Return an order around a circle in which joined blocks are near, by exchanges."""
    count = len(joined)
    steps = np.arange(count)
    apart = np.minimum((steps[:, None] - steps) % count, (steps - steps[:, None]) % count)
    order = np.arange(count)

    def cost(candidate: Int[NDArray[Any], " c"]) -> int:
        return int((joined[np.ix_(candidate, candidate)] * apart).sum())

    best = cost(order)
    for _ in range(_SWEEPS):
        before = best
        for i in range(1, count):
            for j in range(i + 1, count):
                for candidate in (_exchanged(order, i, j), _reversed(order, i, j)):
                    value = cost(candidate)
                    if value < best:
                        best, order = value, candidate
        if best == before:
            break
    chosen: list[int] = order.tolist()
    return chosen


def _exchanged(order: Int[NDArray[Any], " c"], i: int, j: int) -> Int[NDArray[Any], " c"]:
    """Return an order with two places exchanged."""
    other = order.copy()
    other[[i, j]] = order[[j, i]]
    return other


def _reversed(order: Int[NDArray[Any], " c"], i: int, j: int) -> Int[NDArray[Any], " c"]:
    """Return an order with a part of it reversed."""
    other = order.copy()
    other[i : j + 1] = order[i : j + 1][::-1]
    return other


def _turn_blocks(
    joined: Int[NDArray[Any], "n 2"],
    blocks: Sequence[Int[NDArray[Any], " k"]],
    middles: Float[NDArray[Any], "c 2"],
    places: Float[NDArray[Any], "k 2"],
    at: Float[NDArray[Any], "n 2"],
) -> None:
    """Turn each block so that the arrows to its neighbors are short; the others stay meanwhile."""
    angles = 2 * pi * (np.arange(48) + 0.37) / 48  # no angle of symmetry: no lines on each other
    turned = np.stack([_turned(places, angle) for angle in angles])
    for _ in range(4):
        for block, middle in zip(blocks, middles, strict=True):
            inside = set(block.tolist())
            total = np.zeros(len(angles))
            for i, ends in enumerate(joined[block].tolist()):
                for h in ends:
                    if h not in inside:
                        total += np.linalg.norm(middle + turned[:, i] - at[h], axis=1)
            # Rounded, so that equally good angles are equal on every machine.
            at[block] = middle + turned[int(np.argmin(np.round(total, 6)))]


def _ring(count: int) -> tuple[Float[NDArray[Any], "c 2"], float]:
    """Return the middles of circles around a ring in the unit circle, and their radius."""
    half = np.sin(pi / count)
    radius = float(half / (half + _APART))
    return (1 - radius) * _circle(count), radius


def _circle(count: int) -> Float[NDArray[Any], "c 2"]:
    """Return points around the unit circle, clockwise on the screen from the top."""
    angle = 2 * pi * np.arange(count) / count
    return np.stack([np.sin(angle), -np.cos(angle)], axis=1)


def _slant(size: int) -> float:
    """Return a small angle that is no symmetry of a polygon."""
    return 2 * pi / size * 0.1


def _turned(places: Float[NDArray[Any], "k 2"], angle: float) -> Float[NDArray[Any], "k 2"]:
    """Return places turned clockwise about the origin."""
    c, s = np.cos(angle), np.sin(angle)
    turned: Float[NDArray[Any], "k 2"] = places @ np.array([[c, s], [-s, c]])
    return turned


def _centered(places: Float[NDArray[Any], "n 2"]) -> Float[NDArray[Any], "n 2"]:
    """Return places moved and scaled into the unit circle."""
    low, high = places.min(axis=0), places.max(axis=0)
    moved = places - (low + high) / 2
    reach = np.linalg.norm(moved, axis=1).max()
    scaled: Float[NDArray[Any], "n 2"] = moved / reach if reach > 0 else moved
    return scaled
