"""The layout of a cycle graph: the identity in the middle, cycles around it as petals.

Cycles that share elements other than the identity are a *bundle*: petals of different width inside
each other, which touch in what they share, since it has the same phase on all of them.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import Group
from cayley.report.figures._isotonic_regression import place_in_order
from cayley.report.figures.element_graphs._cycle_bundles import cycle_bundles, phases_of
from cayley.report.figures.element_graphs._petal import NARROWEST, QUARTER, Petal

__all__ = ["Cycle", "CycleLayout", "cycle_layout", "least_scale"]

_SHORTEST = (0.62, 0.45, 0.3)
"""Lengths of the innermost petal of a bundle, as a part of the outermost one. The first is the
roundest; with many wide labels a shorter one needs less room."""

_SMALLER = 0.8
"""A shorter innermost petal is taken if that makes the area smaller by this factor."""

_WIDEST = 1.25
"""The largest half angle of a petal, in radians, if there are others: 72 degrees. A quarter turn
would leave no space between two neighbors."""

_FILLED = 0.86
"""The part of its sector that a petal fills: between neighbors some paper shows."""

_SAMPLES = 24
"""Points on a curve at which it is checked that no mark of another bundle covers it."""

_STEP = 1.04
"""The factor by which bundles that are in each other's way grow in a round."""

_MOST_ROUNDS = 80
"""More than 20 times as long as at first: wider labels are shortened before."""


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


def cycle_layout(
    group: Group, sizes: Float[NDArray[Any], "n 2"], *, gap: float = 7.0, least: float = 64.0
) -> CycleLayout:
    """Place the elements of a group so that no two marks overlap, and no curve passes a mark.

    Bundles of one kind, with as many and as long cycles, are equally large.

    Args:
        group: A group of order ``n``.
        sizes: Width and height of each element's mark, shape ``(n, 2)``.
        gap: The least distance between marks.
        least: The least length of a petal.
    """
    if group.order == 1:
        return CycleLayout(places=np.zeros((1, 2)), cycles=())
    bundles = cycle_bundles(group)
    best = None
    # If no two cycles share anything, there are no inner petals, and one layout is enough.
    for shortest in _SHORTEST if max(map(len, bundles)) > 1 else _SHORTEST[:1]:
        found = _laid_out(group, bundles, shortest, sizes, gap=gap, least=least)
        if best is None or _area(found, sizes) < _SMALLER * _area(best, sizes):
            best = found
    assert best is not None
    return best


def _area(layout: CycleLayout, sizes: Float[NDArray[Any], "n 2"]) -> float:
    low = (layout.places - sizes / 2).min(axis=0)
    return float(np.prod((layout.places + sizes / 2).max(axis=0) - low))


def _laid_out(
    group: Group,
    found: list[list[tuple[int, ...]]],
    shortest: float,
    sizes: Float[NDArray[Any], "n 2"],
    *,
    gap: float,
    least: float,
) -> CycleLayout:
    """Return the layout for one length of the innermost petals."""
    bundles = _placed_bundles(found, shortest)
    one = sizes[group.identity]
    lengths: dict[tuple[int, int], float] = {}
    for bundle in bundles:
        middle = np.vstack([bundle.places, np.zeros(2)])
        around = np.vstack([sizes[list(bundle.elements)], one])
        own = max(least if len(bundles) > 1 else least / 2, least_scale(middle, around, gap))
        lengths[bundle.kind] = max(lengths.get(bundle.kind, 0.0), own)
    _grow(bundles, lengths, sizes, gap)
    places = np.zeros((group.order, 2))
    cycles = []
    for number, bundle in enumerate(bundles):
        length = lengths[bundle.kind]
        places[list(bundle.elements)] = bundle.places * length
        cycles += [
            Cycle(elements=cycle, bundle=number, tangents=tangents * length)
            for cycle, tangents in zip(bundle.cycles, bundle.tangents, strict=True)
        ]
    return CycleLayout(places=places, cycles=tuple(cycles))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bundle:
    """A bundle whose longest petal has length 1.

    Attributes:
        kind: The length of its longest cycle, and how many cycles it has.
        cycles: The cycles, the outermost first.
        elements: All its elements but the identity.
        places: Their centers, shape ``(m, 2)``.
        tangents: Those of each cycle at its phases.
        curves: Points on its curves, shape ``(s, 2)``.
    """

    kind: tuple[int, int]
    cycles: list[tuple[int, ...]]
    elements: tuple[int, ...]
    places: Float[NDArray[Any], "m 2"]
    tangents: list[Float[NDArray[Any], "k 2"]]
    curves: Float[NDArray[Any], "s 2"]


def _placed_bundles(found: list[list[tuple[int, ...]]], shortest: float) -> list[_Bundle]:
    """Place the bundles around the identity."""
    bundles = []
    for cycles, (axis, half) in zip(found, _sectors(found), strict=True):
        petal = Petal(axis=axis, half=half, shortest=shortest)
        layers = _layers(len(cycles))
        at = _coordinates(cycles, layers)
        tangents = []
        for cycle, layer in zip(cycles, layers, strict=True):
            k = len(cycle)
            tangents.append(np.array([petal.tangent(j / k, layer) for j in range(k + 1)]) / k)
        samples = [petal.point(j / _SAMPLES, t) for t in layers for j in range(_SAMPLES + 1)]
        bundles.append(
            _Bundle(
                kind=(max(map(len, cycles)), len(cycles)),
                cycles=cycles,
                elements=tuple(at),
                places=np.array([petal.point(float(p), t) for p, t in at.values()]),
                tangents=tangents,
                curves=np.array(samples),
            )
        )
    return bundles


def _grow(
    bundles: list[_Bundle],
    lengths: dict[tuple[int, int], float],
    sizes: Float[NDArray[Any], "n 2"],
    gap: float,
) -> None:
    """Make kinds of bundles longer, in place, until none is in the way of another one.

    Two bundles in different directions get ever farther from each other as both grow, except close
    to the identity; the number of rounds is bounded all the same.
    """
    kinds = sorted(lengths)
    of_mark = np.concatenate([np.full(len(b.elements), i) for i, b in enumerate(bundles)])
    of_point = np.concatenate([np.full(len(b.curves), i) for i, b in enumerate(bundles)])
    kind_of = np.array([kinds.index(bundle.kind) for bundle in bundles])
    marks = np.concatenate([bundle.places for bundle in bundles])
    points = np.concatenate([bundle.curves for bundle in bundles])
    half = np.concatenate([sizes[list(bundle.elements)] for bundle in bundles]) / 2
    others = of_mark[:, None] != of_mark
    beside = of_mark[:, None] != of_point
    for _ in range(_MOST_ROUNDS):
        scale = np.array([lengths[kind] for kind in kinds])[kind_of]
        at, along = marks * scale[of_mark, None], points * scale[of_point, None]
        near = np.abs(at[:, None] - at) < half[:, None] + half + gap
        under = np.abs(at[:, None] - along) < half[:, None] + gap / 2
        first, second = np.nonzero(near.all(axis=2) & others)
        third, fourth = np.nonzero(under.all(axis=2) & beside)
        in_the_way = {*kind_of[of_mark[first]].tolist(), *kind_of[of_mark[third]].tolist()}
        in_the_way |= {*kind_of[of_mark[second]].tolist()}
        if not in_the_way and not len(fourth):
            return
        for kind in in_the_way:
            lengths[kinds[kind]] *= _STEP


def _sectors(bundles: list[list[tuple[int, ...]]]) -> list[tuple[float, float]]:
    """Return the direction and the half angle of each bundle; the first one points upwards."""
    if len(bundles) == 1:
        return [(QUARTER, QUARTER)]
    weights = []
    for cycles in bundles:
        k = max(map(len, cycles))
        # A spoke needs the place of one element, a triangle of nearly two; each further cycle of a
        # bundle widens it on both sides.
        alone = {2: 1.0, 3: 1.7, 4: 2.0}.get(k, 2.0 + 0.5 * (k - 4))
        weights.append(alone + 0.9 * (len(cycles) - 1))
    share = 2 * pi / sum(weights)
    found = []
    start = pi / 2 + weights[0] * share / 2
    for weight in weights:
        width = weight * share
        # Where a sector is wider than the widest petal, the rest of it stays empty.
        found.append((start - width / 2, min(_FILLED * width / 2, _WIDEST)))
        start -= width
    return found


def _layers(count: int) -> list[float]:
    """Return the widths of the petals of a bundle, the outermost one first."""
    if count == 1:
        return [1.0]
    return [1.0 - (1.0 - NARROWEST) * i / (count - 1) for i in range(count)]


def _coordinates(
    cycles: list[tuple[int, ...]], layers: list[float]
) -> dict[int, tuple[Fraction, float]]:
    """Return phase and layer of each element of a bundle, so that no two have both in common."""
    on: dict[int, list[tuple[int, Fraction, float]]] = {}
    for cycle, layer in zip(cycles, layers, strict=True):
        for x, phase in phases_of(cycle).items():
            on.setdefault(x, []).append((len(cycle), phase, layer))
    found = {}
    for x, cycles_on in on.items():
        # In the middle of the longest cycles it is on: a short one may bend, a long one is round.
        longest = max(cycles_on)[0]
        of_longest = [(phase, layer) for k, phase, layer in cycles_on if k == longest]
        found[x] = (
            sum((phase for phase, _ in of_longest), Fraction(0)) / len(of_longest),
            sum(layer for _, layer in of_longest) / len(of_longest),
        )
    # Of several elements with one phase no two have the same layer.
    by_phase: dict[Fraction, list[int]] = {}
    for x, (phase, _) in found.items():
        by_phase.setdefault(phase, []).append(x)
    for phase, members in by_phase.items():
        members.sort(key=lambda x: (found[x][1], -x))
        apart = (1.0 - NARROWEST) / max(1, len(members) - 1)
        apart = min(apart, (1.0 - NARROWEST) / max(1, len(cycles) - 1))
        wanted = [found[x][1] for x in members]
        placed = place_in_order(wanted, [1.0] * len(members), [apart] * (len(members) - 1))
        for x, layer in zip(members, placed, strict=True):
            found[x] = (phase, layer)
    return found


def least_scale(
    places: Float[NDArray[Any], "n 2"], sizes: Float[NDArray[Any], "n 2"], gap: float
) -> float:
    """Return the least factor at which no two marks are nearer to each other than the gap."""
    i, j = np.triu_indices(len(places), 1)
    between = np.abs(places[i] - places[j])
    needed = (sizes[i] + sizes[j]) / 2 + gap
    # Apart in one of the two directions is enough.
    return float((needed / np.maximum(between, 1e-9)).min(axis=1).max(initial=0.0))
