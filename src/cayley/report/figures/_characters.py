"""The character table as a figure."""

from typing import TYPE_CHECKING

import numpy as np

from cayley.algebra import CharacterTable, character_table, conjugacy_classes
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures._style import SIGNED, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["characters_of", "draw_characters"]

LARGEST_TABLE = 60
"""Tables with more classes are not typeset: their columns would be narrower than any text."""

_LARGEST_WRITTEN = 20  # values are written up to so many classes; beyond, shades alone are shown


def characters_of(solution: Solution) -> CharacterTable:
    """Return the character table of the group found.

    Raises:
        ValueError: If there is no group, or it has more than 60 classes.
    """
    if solution.isotopism is None:
        raise ValueError("there are no characters: no group was found.")
    group = solution.isotopism.group
    if (count := len(conjugacy_classes(group))) > LARGEST_TABLE:
        raise ValueError(f"the group has {count} classes; the limit of a table is {LARGEST_TABLE}.")
    return character_table(group)


def draw_characters(solution: SolutionLike) -> "Figure":
    """Draw the character table: exact values, shaded by their real part over the degree.

    Args:
        solution: One with a group of at most 60 classes; a table is completed first.

    Raises:
        ValueError: If there is no group, or it has more classes.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> texts = draw_characters(solve(generate_family("S3"))).axes[0].texts
        >>> [text.get_text() for text in texts[-3:]]
        ['$2$', '$0$', '$-1$']
    """
    solution = as_solution(solution)
    table = characters_of(solution)
    k = len(table)
    with style():
        side = max(2.2, min(7.5, 0.55 * k + 0.9))
        figure = new_figure(side, side)
        axes = figure.add_subplot()
        shares = table.to_complex().real / table.degrees[:, None]
        # The shares are between -1 and 1. A wider range leaves out the dark ends of the color map,
        # on which black text could not be read.
        axes.imshow(shares, cmap=SIGNED, vmin=-1.6, vmax=1.6, interpolation="none")
        axes.spines[:].set_visible(False)
        small = 8 if k <= 12 else 5.5  # points; the figure stops growing at 7.5 inches, k = 12
        heads = [
            f"{name}\n{size}"
            for name, size in zip(table.classes.names, table.classes.sizes, strict=True)
        ]
        axes.set_xticks(range(k), heads, fontsize=small)
        axes.set_yticks(range(k), [f"χ{i}" for i in range(1, k + 1)], fontsize=small)
        axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
        name = solution.identification and solution.identification.name
        axes.set_xlabel(f"Characters of {name}" if name else "Characters")
        if k <= _LARGEST_WRITTEN:
            _write(axes, table, small)
        return figure


def _write(axes: "Axes", table: CharacterTable, size: float) -> None:
    """Write the exact values into the cells, long ones in smaller letters."""
    texts = [f"${value.to_latex()}$" for value in table.values]
    for place, code in np.ndenumerate(table.codes):
        text = texts[int(code)]
        # LaTeX code is longer than what it shows, so the plain text is measured. Up to 8 letters
        # fit a cell; below 3.5 points nothing can be read.
        length = len(str(table.values[int(code)]))
        size_here = size if length < 9 else max(3.5, size * 9 / length)
        axes.text(
            place[1],
            place[0],
            text,
            ha="center",
            va="center",
            fontsize=size_here,
            color="black",
            parse_math=True,  # off in the common style, where texts are labels
        )
