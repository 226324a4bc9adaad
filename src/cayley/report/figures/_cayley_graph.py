"""The Cayley graph as a figure: a point for each element, a kind of arrow for each generator."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Group, generated_submagma, short_presentation
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures._arrangement import powers
from cayley.report.figures._style import COLORS, INK, LINES, PAPER, new_figure, shortened, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["cayley_graph_layout", "draw_cayley_graph"]

LARGEST_GRAPH = 200
"""Larger graphs are not drawn: arrows hide each other, and the layout takes n^2 steps a round."""

_LARGEST_LABELED = 30  # labels of more points would overlap; dots take their place

# Each round lowers the stress. A fixed number of rounds and no tolerance: a difference of rounding
# between two machines then cannot change how many there are.
_ROUNDS = 200


def draw_cayley_graph(
    solution: SolutionLike, *, generators: Sequence[str] | None = None
) -> "Figure":
    r"""Draw the Cayley graph of the group found: arrows :math:`g \to g s`.

    Args:
        solution: One with a group of order at most 200; a table is completed first.
        generators: Symbols that generate the group; those of a short presentation if None.

    Raises:
        ValueError: If there is no group, it is too large, or the symbols do not generate it.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> figure = draw_cayley_graph(solve(generate_family("D8")), generators=["r", "s"])
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['r', 's']
    """
    solution = as_solution(solution)
    if solution.isotopism is None:
        raise ValueError("there is no Cayley graph: no group was found.")
    group, symbols = solution.isotopism.group, solution.isotopism.symbols
    if group.order > LARGEST_GRAPH:
        raise ValueError(f"order {group.order} is too large to draw; the limit is {LARGEST_GRAPH}.")
    chosen = _chosen(solution, generators)
    at = cayley_graph_layout(group, chosen)
    names = [solution.table.symbols[i] for i in np.argsort(symbols).tolist()]
    with style():
        side = 3.2 if group.order <= 12 else 4.8
        figure = new_figure(side, side + 0.4)
        axes = figure.add_subplot(aspect="equal")
        axes.axis("off")
        for i, s in enumerate(chosen):
            _draw_arrows(axes, group, s, at, i, small=group.order > _LARGEST_LABELED)
        if group.order <= _LARGEST_LABELED:
            _name_points(axes, names, at, group.identity)
        else:
            _mark_points(axes, at, group.identity)
        span = np.ptp(at, axis=0).max() or 1.0  # the trivial group has a single point
        # Labels stand around the points and are wider than high: more margin at the sides.
        axes.set_xlim(at[:, 0].min() - 0.09 * span, at[:, 0].max() + 0.09 * span)
        axes.set_ylim(at[:, 1].min() - 0.06 * span, at[:, 1].max() + 0.06 * span)
        _legend(figure, [names[s] for s in chosen])
        return figure


def cayley_graph_layout(group: Group, generators: Sequence[int]) -> Float[NDArray[Any], "n 2"]:
    r"""Place the elements so that distances in the plane are like distances in the graph.

    Starts from the cosets of the first generator, as polygons around a circle, and lowers the
    stress :math:`\sum (|x_i - x_j| - d_{ij})^2 / d_{ij}^2` by majorization; no random numbers.

    Args:
        group: A group of order ``n``.
        generators: Elements that generate it.

    References:
        Gansner, Koren, North (2004), Graph drawing by stress majorization.
    """
    n = group.order
    x = _polygons(group, generators)
    if not generators or group.element_orders[generators[0]] >= n / 2:
        return x  # one circle, or two in each other
    distance = _distances(group, generators).astype(float)
    np.fill_diagonal(distance, 1.0)  # avoids 0**-2; these weights become 0 below
    weight = distance**-2.0
    np.fill_diagonal(weight, 0.0)
    laplacian = np.diag(weight.sum(1)) - weight
    # The Laplacian is singular, since shifting all points changes no distance; the pseudo-inverse
    # keeps the picture centered at the origin.
    solve = np.linalg.pinv(laplacian)
    for _ in range(_ROUNDS):
        gap = np.linalg.norm(x[:, None] - x[None], axis=-1)
        np.fill_diagonal(gap, 1.0)
        pull = weight * distance / np.maximum(gap, 1e-9)  # two points may have met
        x = solve @ ((np.diag(pull.sum(1)) - pull) @ x)
    return x


def _chosen(solution: Solution, generators: Sequence[str] | None) -> tuple[int, ...]:
    """Return the generators as elements of the group.

    Raises:
        ValueError: If a label is no symbol, or they generate a smaller group.
    """
    assert solution.isotopism is not None
    group, table = solution.isotopism.group, solution.table
    if generators is None:
        chosen = short_presentation(group).generators
        # The layout draws the cosets of the first generator as polygons: the fewer the better.
        return tuple(sorted(chosen, key=lambda x: -int(group.element_orders[x])))
    unknown = [label for label in generators if label not in table.symbols]
    if unknown:
        raise ValueError(f"`generators` names {unknown[0]!r}, which is no symbol of the table.")
    maps = solution.isotopism.symbols
    elements = tuple(int(maps[table.symbols.index(label)]) for label in generators)
    size = len(generated_submagma(group.table, [group.identity, *elements]))
    if size < group.order:
        raise ValueError(
            f"`generators` generate {size} of {group.order} elements; name more of them."
        )
    return elements


def _polygons(group: Group, generators: Sequence[int]) -> Float[NDArray[Any], "n 2"]:
    """Place the cosets of the first generator: one circle, two in each other, or a ring."""
    n = group.order
    cycle = powers(group, generators[0]) if generators else np.array([group.identity])
    size, count = len(cycle), n // len(cycle)
    seen = np.zeros(n, bool)
    x = np.zeros((n, 2))
    ring = 0
    for g in range(n):
        if seen[g]:
            continue
        members = group.table[g, cycle]
        seen[members] = True
        # Each ring is turned a little further, a seventh of a turn in all, so that points of
        # different rings do not fall on one line, where arrows would hide each other.
        turn = 2 * np.pi * (np.arange(size) / size + ring / count / 7)
        circle = np.stack([np.cos(turn), np.sin(turn)], 1)
        if count <= 2 and not ring:
            x[members] = circle
        elif count == 2:  # each outside its neighbor inside
            x[group.table[cycle, generators[1]]] = 2 * x[cycle]
        else:
            # Circles of radius 0.45 around a ring of radius 2 touch only where there are many;
            # the stress decides about the final places.
            middle = 2 * np.pi * ring / count
            x[members] = 0.45 * circle + 2 * np.array([np.cos(middle), np.sin(middle)])
        ring += 1
    return x


def _distances(group: Group, generators: Sequence[int]) -> Int[NDArray[Any], "n n"]:
    """Return the number of arrows between any two elements, followed in either direction."""
    steps = [*generators, *group.inverses[list(generators)].tolist()]
    length = np.full(group.order, -1)
    length[group.identity] = 0
    front, k = [group.identity], 0
    while front:
        k += 1
        new = {int(y) for x in front for y in group.table[x, steps] if length[y] < 0}
        length[list(new)] = k
        front = sorted(new)
    distances: Int[NDArray[Any], "n n"] = length[group.table[group.inverses]]  # from x to y: x^-1 y
    return distances


def _draw_arrows(
    axes: "Axes", group: Group, s: int, at: Float[NDArray[Any], "n 2"], index: int, *, small: bool
) -> None:
    """Draw the arrows of one generator, with a color and dashes of its own."""
    from matplotlib.patches import FancyArrowPatch

    # An involution leads back: both arrows are drawn as one line without a head.
    involution = group.element_orders[s] == 2
    for g, h in enumerate(group.table[:, s].tolist()):
        if g == h or (involution and h < g):
            continue
        axes.add_patch(
            FancyArrowPatch(
                tuple(at[g]),
                tuple(at[h]),
                arrowstyle="-" if involution else "-|>",
                mutation_scale=5 if small else 9,
                color=COLORS[index % len(COLORS)],
                linestyle=LINES[index % len(LINES)],
                linewidth=0.8 if small else 1.4,
                shrinkA=2 if small else 8,  # points; the line ends at the box of the label
                shrinkB=2 if small else 8,
            )
        )


def _name_points(
    axes: "Axes", names: Sequence[str], at: Float[NDArray[Any], "n 2"], identity: int
) -> None:
    """Write each element's label into a box; that of the identity has a thick edge."""
    for x, (label, (u, v)) in enumerate(zip(names, at.tolist(), strict=True)):
        box = {"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": INK, "lw": 0.7}
        if x == identity:
            box |= {"lw": 1.9}
        text = shortened(label, 11)
        size = 8 if len(text) < 4 else 6
        axes.text(u, v, text, ha="center", va="center", fontsize=size, bbox=box, zorder=4)


def _mark_points(axes: "Axes", at: Float[NDArray[Any], "n 2"], identity: int) -> None:
    """Draw each element as a circle, and the identity as a disc."""
    axes.scatter(at[:, 0], at[:, 1], s=22, color=PAPER, edgecolors=INK, linewidths=0.8, zorder=3)
    axes.scatter(at[identity, 0], at[identity, 1], s=40, color=INK, zorder=4)


def _legend(figure: "Figure", names: Sequence[str]) -> None:
    """Draw what each kind of arrow multiplies by."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=COLORS[i % len(COLORS)], linestyle=LINES[i % len(LINES)])
        for i in range(len(names))
    ]
    texts = [shortened(name, 14) for name in names]
    if handles:
        figure.legend(handles, texts, loc="outside lower center", ncols=len(handles))
