"""A quotient group as the table being folded: cosets in colors, and their own small table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Group, identify
from cayley.completion import Solution
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    arrow_head,
    isolated,
    label_box,
    written,
)
from cayley.report.figures.drawing._palette import element_colors, ink_on
from cayley.report.figures.drawing._style import shortened
from cayley.report.figures.drawing._text_width import fitted, longest_start, plain, text_width
from cayley.report.figures.element_order._arrangement import arrange
from cayley.report.figures.element_order._chosen import SubgroupChoice, chosen_subgroup
from cayley.report.figures.element_order._coset_order import (
    coset_order,
    is_normal,
    moderate_normal,
    subgroup_name,
)
from cayley.report.figures.operation_tables._table_cells import cells_of, product_hint
from cayley.report.figures.operation_tables._table_grid import (
    Grid,
    cell_size,
    cut,
    grid_of,
    headings,
)

__all__ = ["quotient_picture"]

_MARGIN, _BETWEEN = 10.0, 76.0
_LARGEST_SIDE, _SMALLEST_SIDE = 58.0, 16.0
"""Sides of cells of the small table, which is about as large as a third of the other."""

_LARGEST_QUOTIENT = 48
"""A quotient of a higher order would not be a small table."""

_KEY_LINES = 12
"""More cosets are not listed under the picture; hovering says the members of each."""


def quotient_picture(solution: Solution, *, subgroup: SubgroupChoice = None) -> Drawing:
    """Return the table in colors of the cosets of a normal subgroup, beside the quotient's table.

    Args:
        solution: One with a group of order at most 512.
        subgroup: The index of a normal subgroup, or labels that generate one; one of moderate
            order if None.

    Raises:
        ValueError: If there is no group, no such normal subgroup, or the picture would be too
            large.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> quotient_picture(solve(generate_family("S4")), subgroup=2).title
        'S4 / A4 is C2'
    """
    if solution.isotopism is None:
        raise ValueError("there is no quotient: no group was found.")
    group = solution.isotopism.group
    mask = _normal(solution, group, subgroup)
    order, _ = coset_order(group, mask)
    size, symbols = int(mask.sum()), np.argsort(solution.isotopism.symbols)
    cosets = order.reshape(-1, size)
    count = len(cosets)
    if count > _LARGEST_QUOTIENT:
        raise ValueError(
            f"a quotient of order {count} is too large to draw; the limit is {_LARGEST_QUOTIENT}."
        )
    palette = element_colors(count)
    colors = [""] * group.order
    for coset, color in zip(cosets.tolist(), palette, strict=True):
        for g in coset:
            colors[int(symbols[g])] = color
    names = _names(solution, symbols[cosets[:, 0]])
    members = [_members(solution, symbols[coset].tolist()) for coset in cosets]
    placed = arrange(solution, subgroup=mask)
    side = max(2.0, round(0.8 * cell_size(group.order)))
    grid = grid_of(solution.table, placed, side=side, x=_MARGIN, y=_MARGIN)
    marks: list[Mark] = headings(solution.table, placed, grid)
    marks += cells_of(
        solution.table, placed, grid, colors, hint=lambda a, b: product_hint(solution.table, a, b)
    )
    products = _products(group, cosets)
    small, right, low = _small_table(products, names, palette, members, grid)
    quotient = identify(Group(table=products, identity=0)).name or f"a group of order {count}"
    inner = subgroup_name(group, mask)
    whole = solution.identification.name if solution.identification is not None else None
    title = f"{whole or 'G'} / {inner} is {quotient}"
    marks += _fold((grid.right + 10, grid.right + _BETWEEN - 30), (grid.top[0] + grid.bottom) / 2)
    marks += small
    # Over the small table, clear of its headings.
    above = min(label_box(mark)[1] for mark in small if isinstance(mark, Label))
    heading = Label(
        x=grid.right + _BETWEEN, y=above - 16, text=title, size=13, bold=True, anchor="start"
    )
    marks.append(heading)
    right = max(right, label_box(heading)[2])
    top = max(grid.bottom, low) + 18
    key, bottom, wide = _key(names, palette, members, top, right)
    return Drawing(
        width=max(right, wide) + _MARGIN, height=bottom, marks=(*marks, *key), title=title,
        description=f"The table listed by the {count} cosets of a normal subgroup N = {inner} of "
        f"order {size}, one color for each; beside it the table of the quotient, in the same "
        f"colors, which is {quotient}. Cosets: {', '.join(names[:_KEY_LINES])}.",
    )  # fmt: skip


def _normal(solution: Solution, group: Group, subgroup: SubgroupChoice) -> Bool[NDArray[Any], " n"]:
    """Return the normal subgroup that was chosen, or one of moderate order.

    Raises:
        ValueError: If there is none, or the one that was chosen is not normal.
    """
    mask = chosen_subgroup(solution, subgroup)
    if mask is None:
        _, mask = coset_order(group)
        if not is_normal(group, mask) or mask.all() or mask.sum() == 1:
            mask = moderate_normal(group)
        if mask is None:
            raise ValueError("there is no quotient to show: the group has no normal subgroups.")
        return mask
    if not is_normal(group, mask):
        raise ValueError(
            f"`subgroup` generates a subgroup of order {int(mask.sum())} that is not normal, so "
            "there is no quotient; name a normal one, or its index."
        )
    return mask


def _names(solution: Solution, firsts: Int[NDArray[Any], " c"]) -> list[str]:
    """Return the names of the cosets: N, and aN for the first element a of each other."""
    labels = [plain(solution.table.symbols[i]) for i in firsts.tolist()]
    # A label of one letter stands before the N as it is, others with a blank that parts them.
    return ["N", *(f"{isolated(label)} N" for label in labels[1:])]


def _members(solution: Solution, symbols: list[int]) -> tuple[str, str]:
    """Return the members of a coset in braces, and their indices for the page."""
    listed = ", ".join(isolated(shortened(solution.table.symbols[i], 40)) for i in symbols)
    return f"{{{listed}}}", " ".join(map(str, symbols))


def _small_table(
    products: Int[NDArray[Any], "c c"],
    names: list[str],
    palette: list[str],
    members: list[tuple[str, str]],
    grid: Grid,
) -> tuple[list[Mark], float, float]:
    """Return the table of the quotient, its right edge and its lower edge."""
    count, x = len(names), grid.right + _BETWEEN
    tall = grid.bottom - grid.top[0]
    side = float(np.clip(0.5 * tall / count, _SMALLEST_SIDE, _LARGEST_SIDE))
    head = min(70.0, max(text_width(name, 11, bold=True) for name in names)) + 8
    left, top = x + head, max(grid.top[0], (grid.top[0] + grid.bottom - count * side) / 2)
    upright = head > side
    marks: list[Mark] = []
    texts: list[Mark] = []
    for i, name in enumerate(names):
        short, hint = cut(name, 70.0, 11)
        data: dict[str, str | int] = {"elements": members[i][1]}
        says = hint or f"{name} = {members[i][0]}"
        middle = (i + 0.5) * side
        marks.append(
            Label(x=left - 7, y=top + middle, text=short, size=11, anchor="end", bold=True,
                  data=data, hint=says)
        )  # fmt: skip
        marks.append(
            Label(
                x=left + middle, y=top - (7 if upright else 12), text=short, size=11, bold=True,
                anchor="start" if upright else "middle", turn=-90 if upright else 0,
                data=data, hint=says,
            )
        )  # fmt: skip
        for j in range(count):
            k = int(products[i, j])
            u, v = left + j * side, top + i * side
            marks.append(
                Rectangle(
                    x=u, y=v, width=side - 1, height=side - 1, corner=2,
                    style=Style(fill=palette[k]), data={"elements": members[k][1]},
                    hint=f"{name} ∘ {names[j]} = {names[k]}",
                )
            )  # fmt: skip
            fits = fitted(names[k], width=side - 4, height=side - 3, largest=13, smallest=6.5)
            if fits is not None:
                ink = Style(fill=ink_on(palette[k]))
                texts += written(fits, u + (side - 1) / 2, v + (side - 1) / 2, style=ink)
    marks.sort(key=lambda mark: isinstance(mark, Label))
    return [*marks, *texts], left + count * side, top + count * side


def _fold(ends: tuple[float, float], y: float) -> list[Mark]:
    """Return the arrow from the table to its quotient."""
    line = Style(stroke=INK, width=2, opacity=0.6)
    return [
        Path(d=f"M{ends[0]:g} {y:g}L{ends[1] - 8:g} {y:g}", style=line),
        Path(d=arrow_head(ends[1], y, 1, 0, size=11), style=Style(fill=INK, opacity=0.6)),
    ]


def _products(group: Group, cosets: Int[NDArray[Any], "c h"]) -> Int[NDArray[Any], "c c"]:
    """Return the table of the quotient: the coset of the product of two representatives."""
    which = np.empty(group.order, np.int64)
    which[cosets] = np.arange(len(cosets))[:, None]
    products: Int[NDArray[Any], "c c"] = which[group.table[np.ix_(cosets[:, 0], cosets[:, 0])]]
    return products


def _key(
    names: list[str],
    palette: list[str],
    members: list[tuple[str, str]],
    top: float,
    right: float,
) -> tuple[list[Mark], float, float]:
    """Return the members of each coset in lines, where they end, and how wide they are."""
    if len(names) > _KEY_LINES:
        return [], top, right
    marks: list[Mark] = []
    widest = right
    for i, (name, color, (listed, indices)) in enumerate(zip(names, palette, members, strict=True)):
        y = top + 18 * i
        swatch = Style(fill=color, stroke=INK, width=0.5)
        data: dict[str, str | int] = {"elements": indices}
        marks.append(
            Rectangle(x=_MARGIN, y=y - 5, width=10, height=10, corner=2, style=swatch, data=data)
        )
        text = f"{name} = {listed}"
        longest = max(right - 40, 260.0)
        short = text
        if text_width(text, 11) > longest:
            short = longest_start(text, longest, 11) + "…"
        label = Label(
            x=_MARGIN + 16, y=y, text=short, size=11, anchor="start", data=data,
            hint=text if short != text else None,
        )  # fmt: skip
        widest = max(widest, label_box(label)[2])
        marks.append(label)
    return marks, top + 18 * len(names), widest
