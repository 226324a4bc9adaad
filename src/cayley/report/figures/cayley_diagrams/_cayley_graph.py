"""The Cayley diagram: a node for each element, a kind of arrow for each generator."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import generated_submagma
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures.cayley_diagrams._arrows import (
    clipped_curve,
    curve_points,
)
from cayley.report.figures.cayley_diagrams._coset_layout import cayley_graph_layout
from cayley.report.figures.cayley_diagrams._diagram import LARGEST_GRAPH, Diagram, diagram_of, moved
from cayley.report.figures.cayley_diagrams._node_labels import label_boxes, node_labels
from cayley.report.figures.cayley_diagrams._plain_generators import plain_generators
from cayley.report.figures.drawing._drawing import drawing_figure
from cayley.report.figures.drawing._marks import (
    INK,
    Circle,
    Drawing,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    arrow_head,
    isolated,
)
from cayley.report.figures.drawing._style import COLORS, shortened
from cayley.report.figures.drawing._text_width import plain, text_width
from cayley.report.figures.element_order._chosen import chosen_elements

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LARGEST_GRAPH", "cayley_graph_layout", "cayley_picture", "draw_cayley_graph"]

_DASHES = (None, "6 3", "2 3", "8 3 2 3")
"""Dashes that tell generators apart without color."""

_MARGIN = 12.0


def draw_cayley_graph(
    solution: SolutionLike, *, generators: Sequence[str] | None = None
) -> "Figure":
    r"""Draw the Cayley graph of the group found: arrows :math:`g \to g s`.

    Args:
        solution: One with a group of order at most 200; a table is completed first.
        generators: Symbols that generate the group; one or two that make a plain picture if None.

    Raises:
        ValueError: If there is no group, it is too large, or the symbols do not generate it.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> figure = draw_cayley_graph(solve(generate_family("D8")), generators=["r", "s"])
        >>> [text.get_text() for text in figure.axes[0].texts[-2:]]
        ['r', 's']
    """
    return drawing_figure(cayley_picture(as_solution(solution), generators=generators))


def cayley_picture(solution: Solution, *, generators: Sequence[str] | None = None) -> Drawing:
    r"""Return the Cayley diagram of the group found: arrows :math:`g \to g s`.

    Nodes have the colors of the table. Generators of order 2 are lines without heads.

    Args:
        solution: One with a group of order at most 200.
        generators: Symbols that generate the group; one or two that make a plain picture if None.

    Raises:
        ValueError: If there is no group, it is too large, or the symbols do not generate it.
    """
    if solution.isotopism is None:
        raise ValueError("there is no Cayley graph: no group was found.")
    group = solution.isotopism.group
    if group.order > LARGEST_GRAPH:
        raise ValueError(f"order {group.order} is too large to draw; the limit is {LARGEST_GRAPH}.")
    diagram = diagram_of(solution, group, _chosen(solution, generators))
    labels = node_labels(
        diagram.names, diagram.places, diagram.radius, colors=diagram.colors,
        lines=[curve_points(curve) for curve in diagram.curves], symbols=diagram.symbol,
    )  # fmt: skip
    x, y, right, bottom = _bounds(diagram, labels)
    diagram, labels = (
        moved(diagram, _MARGIN - x, _MARGIN - y),
        _moved_labels(labels, _MARGIN - x, _MARGIN - y),
    )
    marks = [mark for i in range(len(diagram.arrows)) for mark in _arrow_marks(diagram, i)]
    # Lines before heads, by generator: marks of one style share a group.
    marks.sort(key=lambda mark: (mark.style.fill != "none", mark.style.stroke, mark.style.fill))
    key, height, width = _key(diagram, bottom - y + 2 * _MARGIN, right - x + 2 * _MARGIN)
    return Drawing(
        width=width, height=height, marks=(*marks, *_nodes(diagram), *labels, *key),
        title=f"Cayley diagram, {group.order} elements", description=_description(diagram),
    )  # fmt: skip


def _chosen(solution: Solution, generators: Sequence[str] | None) -> tuple[int, ...]:
    """Return the generators as elements of the group.

    Raises:
        ValueError: If a label is no symbol, or they generate a smaller group.
    """
    assert solution.isotopism is not None
    group = solution.isotopism.group
    if generators is None:
        return plain_generators(group)
    elements = tuple(dict.fromkeys(chosen_elements(solution, generators, name="generators")))
    size = len(generated_submagma(group.table, [group.identity, *elements]))
    if size < group.order:
        raise ValueError(
            f"`generators` generate {size} of {group.order} elements; name more of them."
        )
    return elements


def _bounds(diagram: Diagram, labels: Sequence[Mark]) -> tuple[float, float, float, float]:
    """Return the box around all nodes, arrows and labels."""
    r = diagram.radius + 1.5
    corners = [diagram.places - r, diagram.places + r, *map(curve_points, diagram.curves)]
    corners += [np.array([box[:2], box[2:]]) for box in label_boxes(labels)]
    points = np.concatenate(corners)
    x, y = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return x, y, right, bottom


def _moved_labels(labels: Sequence[Mark], x: float, y: float) -> list[Mark]:
    """Return labels, and what lies behind them, shifted."""
    return [
        replace(mark, x=mark.x + x, y=mark.y + y)
        for mark in labels
        if isinstance(mark, Label | Rectangle)
    ]


def _arrow_marks(diagram: Diagram, index: int) -> list[Mark]:
    """Return the line of an arrow and its head."""
    arrow, curve, radius = diagram.arrows[index], diagram.curves[index], diagram.radius
    step = diagram.generators[arrow.kind]
    color = COLORS[arrow.kind % len(COLORS)]
    width = 2.0 if radius >= 9 else 1.4 if radius >= 5 else 1.0
    line = Style(stroke=color, width=width, dash=_DASHES[arrow.kind % len(_DASHES)])
    symbol = diagram.symbol
    data: dict[str, str | int] = {
        "from": symbol[arrow.tail], "to": symbol[arrow.head], "generator": symbol[step],
    }  # fmt: skip
    left, by, right = (
        isolated(shortened(diagram.names[x], 40)) for x in (arrow.tail, step, arrow.head)
    )
    hint = f"{left} ∘ {by} = {right}"
    if arrow.plain:
        path = clipped_curve(curve, start=radius, end=radius)
        return [Path(d=_path(path), style=line, data=data, hint=hint)]
    length = float(np.linalg.norm(curve[2] - curve[0]))
    size = min(3.2 + 2.6 * width, 0.45 * max(length - 2 * radius, 4.0))
    tip = clipped_curve(curve, start=radius, end=radius + 1.2)
    # The line ends inside the head, so that its wide end does not show beyond the tip.
    path = clipped_curve(curve, start=radius, end=radius + 1.2 + 0.8 * size)
    dx, dy = tip[2] - path[2]
    head = arrow_head(float(tip[2][0]), float(tip[2][1]), float(dx), float(dy), size=size)
    return [
        Path(d=_path(path), style=line, data=data, hint=hint),
        Path(d=head, style=Style(fill=color), data=data),
    ]


def _path(curve: Float[NDArray[Any], "3 2"]) -> str:
    """Return a curve as a path; a line if it is straight."""
    a, b, c = curve.round(2).tolist()
    straight = abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) < 0.5
    middle = f"L{c[0]:g} {c[1]:g}" if straight else f"Q{b[0]:g} {b[1]:g} {c[0]:g} {c[1]:g}"
    return f"M{a[0]:g} {a[1]:g}{middle}"


def _nodes(diagram: Diagram) -> list[Mark]:
    """Return a circle for each element in its color; that of the identity has a thick rim."""
    wide = 2.4 if diagram.radius > 6 else 1.8
    return [
        Circle(
            x=x, y=y, radius=diagram.radius,
            style=Style(
                fill=color, stroke=INK, width=wide if g == diagram.group.identity else 0.9
            ),
            data={"element": diagram.symbol[g]}, hint=plain(diagram.names[g]),
        )
        for g, ((x, y), color) in enumerate(
            zip(diagram.places.tolist(), diagram.colors, strict=True)
        )
    ]  # fmt: skip


def _key(diagram: Diagram, top: float, side: float) -> tuple[list[Mark], float, float]:
    """Return what each kind of arrow multiplies by, where it ends, and how wide all is."""
    marks: list[Mark] = []
    x, y, widest = _MARGIN, top + 4, side
    for kind, element in enumerate(diagram.generators):
        color = COLORS[kind % len(COLORS)]
        name = plain(diagram.names[element])
        text = shortened(name, 24)
        wide = 46 + text_width(text, 12)
        if x > _MARGIN and x + wide > side - _MARGIN:
            x, y = _MARGIN, y + 20
        widest = max(widest, x + wide + _MARGIN)
        line = Style(stroke=color, width=2.0, dash=_DASHES[kind % len(_DASHES)])
        data: dict[str, str | int] = {"generator": diagram.symbol[element]}
        marks.append(Path(d=f"M{x:g} {y:g}L{x + 32:g} {y:g}", style=line, data=data))
        if diagram.group.element_orders[element] != 2:
            head = arrow_head(x + 38, y, 1, 0, size=8)
            marks.append(Path(d=head, style=Style(fill=color), data=data))
        marks.append(Label(x=x + 44, y=y, text=text, size=12, anchor="start", data=data, hint=name))
        x += wide + 18
    return marks, (y + 16 if marks else top), widest


def _description(diagram: Diagram) -> str:
    """Return what a person who does not see the diagram is told."""
    names, group = diagram.names, diagram.group
    listed = ", ".join(isolated(plain(names[s])) for s in diagram.generators) or "none"
    return (
        f"A node for each of the {group.order} elements, an arrow from g to g s for each generator "
        f"s: {listed}. The identity is {isolated(plain(names[group.identity]))}; its node has a "
        "thick rim. Generators of order 2 are lines without heads."
    )
