"""The graph of a quandle or rack as a picture: how its elements move each other."""

from collections.abc import Mapping, Sequence
from math import cos, hypot, pi, sin
from typing import TypeAlias

import numpy as np

from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._completed_operation import full_operation
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Path,
    Style,
    arrow_head,
    isolated,
)
from cayley.report.figures.drawing._nodes import NodeText, node_marks, node_texts
from cayley.report.figures.drawing._style import COLORS
from cayley.report.figures.element_graphs._cycle_layout import least_scale
from cayley.report.figures.element_graphs._rack_action import (
    RackAction,
    circular_order,
    rack_action,
)

__all__ = ["quandle_graph_picture"]

_LARGEST = 120

_MARGIN = 18.0

_WIDEST_PAGE = 900.0
"""Orbits that would reach beyond it begin another row."""

_STILL = "#ececec"
"""The color of elements that are not shown acting: a quiet one."""

_DASHES = (None, "7 4", "2 4")
"""With six colors that makes 18 kinds of arrows; further ones repeat."""

_APART = 15.0
"""The distance between the middles of two arrows that join the same elements."""

Point: TypeAlias = tuple[float, float]

Moved: TypeAlias = tuple[int, int, int]
"""The place of an element among those that act, an element, and where it is moved."""


def quandle_graph_picture(solution: SolutionLike) -> Drawing:
    """Draw the action of a quandle, or rack, on itself.

    An arrow leads from y to ``x*y``, in the color of x, of a right quandle to ``y*x``; an element
    without an arrow of some color stays where it is. Orbits stand apart. If every element acts
    twice as the identity (involutory quandles), lines take the place of pairs of arrows. If that
    would be more than 48 arrows, only some elements that generate the quandle are shown acting.

    Args:
        solution: One with a complete table over one alphabet, at most 120 elements; a table is
            completed first.

    Raises:
        ValueError: If cells are open, the operation is no rack, or it is too large.

    Example:
        >>> quandle_graph_picture([[0, 2, 1], [2, 1, 0], [1, 0, 2]]).title
        'quandle graph'
    """
    action, _, names = full_operation(
        solution, nothing="there is no quandle graph", examine=rack_action
    )
    if len(names) > _LARGEST:
        raise ValueError(
            f"a quandle graph of {len(names)} elements is too large to draw; the limit is "
            f"{_LARGEST}."
        )
    small = len(names) > 24
    nodes = node_texts(names, size=10.0 if small else 12.0, widest=56.0 if small else 72.0)
    joined = _joined(action)
    at, captions, width, height = _places(action, nodes, joined)
    marks: list[Mark] = []
    for x, y, text in captions:
        marks.append(Label(x=x, y=y, text=text, size=11, style=Style(fill=INK, opacity=0.75)))
    marks += _arrows(action, nodes, joined, at, names)
    color_of = {x: COLORS[i % len(COLORS)] for i, those in enumerate(action.same) for x in those}
    for x, node in enumerate(nodes):
        moved = int((action.moves[x] != np.arange(len(names))).sum())
        acts = f"moves {moved} of {len(names)} elements" if moved else "moves nothing"
        marks += node_marks(
            node, *at[x], fill=color_of.get(x, _STILL), data={"element": x},
            hint=f"{isolated(names[x])} {acts}",
        )  # fmt: skip
    kind = "quandle" if action.is_quandle else "rack"
    return Drawing(
        width=width,
        height=height,
        marks=tuple(marks),
        title=f"{kind} graph",
        description=_description(action, names, kind),
        key=((_STILL, "not shown acting"),) if not action.all_act else (),
    )


def _places(
    action: RackAction, nodes: Sequence[NodeText], joined: Mapping[tuple[int, int], list[Moved]]
) -> tuple[list[Point], list[tuple[float, float, str]], float, float]:
    """Return the places of elements, captions of orbits, and the size of the picture."""
    at: list[Point] = [(0.0, 0.0)] * len(nodes)
    captions: list[tuple[float, float, str]] = []
    # Large orbits first; a row takes as many as there is room for.
    orbits = sorted(action.orbits, key=lambda orbit: (-len(orbit), orbit))
    several = len(orbits) > 1
    left, top, bottom, right = _MARGIN, _MARGIN, _MARGIN, 0.0
    for orbit in orbits:
        order = circular_order(action, orbit)
        n = len(order)
        # The first element above, the others clockwise.
        unit = np.array([(sin(2 * pi * i / n), -cos(2 * pi * i / n)) for i in range(n)])
        sizes = np.array([(nodes[x].width, nodes[x].height) for x in order])
        most = max((len(those) for pair, those in joined.items() if pair[0] in orbit), default=0)
        bulge = max(0.0, (most - 1) / 2 * _APART)
        # Two elements need less room than many, as all arrows between them are side by side.
        pair = n == 2
        least = 44.0 + 0.7 * bulge if pair else 34.0 + 5.0 * n + 1.6 * bulge
        radius = max(least, least_scale(unit, sizes, 16.0 if pair else 16.0 + bulge / 2))
        places = unit * radius if n > 1 else np.zeros((1, 2))
        # Arrows between neighbors bulge out of the circle.
        room = np.maximum(sizes / 2, [bulge, 0.0 if pair else bulge])
        low, high = (places - room).min(axis=0), (places + room).max(axis=0)
        wide, tall = (high - low).tolist()
        wide = max(wide, 52.0 if several else wide)
        if left > _MARGIN and left + wide > _WIDEST_PAGE:
            left, top = _MARGIN, bottom + 26.0
        middle = left + wide / 2 - float(low[0] + high[0]) / 2
        for x, (u, v) in zip(order, places.tolist(), strict=True):
            at[x] = (round(middle + u, 2), round(top + v - float(low[1]), 2))
        end = top + tall
        if several:
            captions.append((round(left + wide / 2, 2), round(end + 14, 2), f"orbit of {n}"))
            end += 22.0
        left += wide + 34.0
        bottom, right = max(bottom, end), max(right, left - 34.0)
    return at, captions, round(right + _MARGIN, 1), round(bottom + _MARGIN, 1)


def _joined(action: RackAction) -> dict[tuple[int, int], list[Moved]]:
    """Return the moves between each two elements."""
    joined: dict[tuple[int, int], list[Moved]] = {}
    for i, x in enumerate(action.acting):
        for y, z in enumerate(action.moves[x].tolist()):
            if y == z or (action.is_involutory and z < y):
                continue
            joined.setdefault((min(y, z), max(y, z)), []).append((i, y, z))
    return joined


def _arrows(
    action: RackAction,
    nodes: Sequence[NodeText],
    joined: Mapping[tuple[int, int], list[Moved]],
    at: Sequence[Point],
    names: tuple[str, ...],
) -> list[Mark]:
    """Return the arrows; those that join the same two elements bulge by different amounts."""
    marks: list[Mark] = []
    for (low, high), those in joined.items():
        for k, (i, y, z) in enumerate(those):
            bulge = (k - (len(those) - 1) / 2) * _APART
            middle = _control(at[low], at[high], bulge)
            piece = _between(at[y], middle, at[z], nodes[y], nodes[z])
            color, dash = COLORS[i % len(COLORS)], _DASHES[i // len(COLORS) % len(_DASHES)]
            data = {"from": y, "to": z, "generator": action.acting[i]}
            actors = ", ".join(isolated(names[x]) for x in action.same[i])
            sign = "and" if action.is_involutory else "to"
            hint = f"{actors}: {isolated(names[y])} {sign} {isolated(names[z])}"
            marks += _arrow(piece, color, dash, data, hint, headless=action.is_involutory)
    return marks


def _control(a: Point, b: Point, bulge: float) -> Point:
    """Return the control point of a curve whose middle is beside the middle of a line."""
    length = hypot(b[0] - a[0], b[1] - a[1])
    across = (-(b[1] - a[1]) / length, (b[0] - a[0]) / length)
    # A quadratic curve reaches half as far as its control point.
    return (
        (a[0] + b[0]) / 2 + 2 * bulge * across[0],
        (a[1] + b[1]) / 2 + 2 * bulge * across[1],
    )


def _between(a: Point, c: Point, b: Point, first: NodeText, last: NodeText) -> list[Point]:
    """Return the part of a quadratic curve from a to b that lies outside of both nodes."""

    def inside(t: float, center: Point, node: NodeText) -> bool:
        x, y = _on_curve(a, c, b, t)
        # Nodes are rounded boxes: an ellipse a little larger than the box's inner one.
        u, v = (x - center[0]) / (node.width / 2 + 3), (y - center[1]) / (node.height / 2 + 3)
        return bool(abs(u) ** 2.6 + abs(v) ** 2.6 < 1)

    steps = [i / 60 for i in range(61)]
    start = next((t for t in steps if not inside(t, a, first)), 0.0)
    end = next((t for t in reversed(steps) if not inside(t, b, last)), 1.0)
    if end <= start:
        start, end = 0.0, 1.0
    p, q = _on_curve(a, c, b, start), _on_curve(a, c, b, end)
    # The control point of the part is its polar form at the two ends.
    control = tuple(
        (1 - start) * (1 - end) * u + (start * (1 - end) + end * (1 - start)) * w + start * end * v
        for u, w, v in zip(a, c, b, strict=True)
    )
    return [p, (control[0], control[1]), q]


def _on_curve(a: Point, c: Point, b: Point, t: float) -> Point:
    s = 1 - t
    return (
        s * s * a[0] + 2 * s * t * c[0] + t * t * b[0],
        s * s * a[1] + 2 * s * t * c[1] + t * t * b[1],
    )


def _arrow(
    piece: list[Point],
    color: str,
    dash: str | None,
    data: dict[str, int],
    hint: str,
    *,
    headless: bool,
) -> list[Mark]:
    """Return a curve with a head, or without."""
    (ax, ay), (cx, cy), (bx, by) = piece
    dx, dy = bx - cx, by - cy
    length = hypot(dx, dy) or 1.0
    # The line ends inside the head, which would else have a blunt tip.
    ex, ey = (bx, by) if headless else (bx - 5 * dx / length, by - 5 * dy / length)
    curve = f"M{ax:.1f} {ay:.1f}Q{cx:.1f} {cy:.1f} {ex:.1f} {ey:.1f}"
    marks: list[Mark] = [
        Path(d=curve, style=Style(stroke=color, width=1.8, dash=dash), data=data, hint=hint)
    ]
    if not headless:
        head = arrow_head(round(bx, 1), round(by, 1), dx, dy, size=9)
        marks.append(Path(d=head, style=Style(fill=color), data=data, hint=hint))
    return marks


def _description(action: RackAction, names: tuple[str, ...], kind: str) -> str:
    """Return what a person who does not see the picture is told."""
    product = "x*y" if action.side == "left" else "y*x"
    sizes = sorted(map(len, action.orbits), reverse=True)
    orbits = (
        f"{len(sizes)} orbits of {', '.join(map(str, sizes))}" if len(sizes) > 1 else "one orbit"
    )
    if len(sizes) > 12:
        orbits = f"{len(sizes)} orbits"
    involutory = "involutory " if action.is_involutory else ""
    line = (
        f"A line of the color of x joins y and {product}; an element without one stays."
        if action.is_involutory
        else f"An arrow of the color of x leads from y to {product}; an element without one stays."
    )
    text = f"The {action.side} {involutory}{kind} of {len(names)} elements, with {orbits}. {line}"
    if not action.acting:
        return text + " No element moves anything."
    if not action.all_act:
        listed = ", ".join(isolated(names[x]) for x in action.acting)
        text += f" Shown acting are elements that generate it: {listed}."
    shared = [those for those in action.same if len(those) > 1]
    if shared:
        text += " Elements of one color act in the same way."
    return text
