"""The character table as a picture: exact values, shaded by their real part over the degree."""

import re
from typing import TYPE_CHECKING

from cayley.algebra import CharacterTable, character_table, conjugacy_classes
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures.drawing._drawing import drawing_figure
from cayley.report.figures.drawing._marks import Drawing, Label, Mark, Rectangle, Style, written
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._text_width import fitted, text_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["characters_of", "characters_picture", "draw_characters"]

LARGEST_TABLE = 60
"""Tables with more classes are not typeset: their columns would be narrower than any text."""

_LARGEST_WRITTEN = 20
"""Values are written up to so many classes; beyond, shades alone are shown, and hovering says the
value."""

_MARGIN = 10.0
_WIDEST_CELL, _NARROWEST_CELL = 110.0, 46.0
_SHADED = 18.0  # the side of a cell without text
_ROW = 34.0  # two lines of small letters
_LOW, _MIDDLE, _HIGH = (0xE0, 0x9A, 0x6C), (0xF6, 0xF4, 0xEE), (0x7F, 0xB2, 0xE5)
"""The shades of -1, 0 and 1: warm and cold, told apart by the color-blind, so light that letters
are dark on all of them."""

_KEY = ((-1.0, "minus the degree"), (0.0, "0"), (1.0, "the degree"))
_RAISED, _LOWERED = (str.maketrans("0123456789", digits) for digits in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"))


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


def characters_picture(solution: SolutionLike) -> Drawing:
    """Draw the character table: a row for each irreducible character, a column for each class.

    Values are exact, and shaded by their real part over the degree of the character, which is
    between -1 and 1. Above each column stand the name of the class and its size.

    Args:
        solution: One with a group of at most 60 classes; a table is completed first.

    Raises:
        ValueError: If there is no group, or it has more classes.

    Example:
        >>> from cayley.tables import generate_family
        >>> drawing = characters_picture(generate_family("S3"))
        >>> [mark.text for mark in drawing.marks if isinstance(mark, Label)][-3:]
        ['2', '0', '-1']
    """
    solution = as_solution(solution)
    table = characters_of(solution)
    k = len(table)
    is_written = k <= _LARGEST_WRITTEN
    texts = [_typeset(str(value)) for value in table.values]
    shares = table.to_complex().real / table.degrees[:, None]
    wide = _SHADED
    if is_written:
        longest = max(text_width(text, 12.0) for text in (*texts, *table.classes.names))
        wide = min(_WIDEST_CELL, max(_NARROWEST_CELL, longest + 10))
    tall = _ROW if is_written else _SHADED
    names = [f"χ{i}" for i in range(1, k + 1)]
    left = _MARGIN + max(text_width(name, 12.0) for name in names) + 8
    top = _MARGIN + 38
    marks: list[Mark] = []
    columns = list(zip(table.classes.names, table.classes.sizes.tolist(), strict=True))
    for j, (name, size) in enumerate(columns):
        hint = f"class {name}, {size} element{'s' if size > 1 else ''}"
        x = left + (j + 0.5) * wide
        # A column of shades is narrower than its name, which then stands upright without its size.
        for text, y in ((name, 12.0), (f"×{size}", 27.0)) if is_written else ((name, 18.0),):
            marks.append(
                Label(x=x, y=_MARGIN + y, text=text, size=12.0 if y == 12.0 else 10.5,
                      turn=0.0 if is_written else -90.0, hint=hint, data={"class": j})
            )  # fmt: skip
    for i, name in enumerate(names):
        y = top + (i + 0.5) * tall
        marks.append(
            Label(x=left - 8, y=y, text=name, anchor="end", size=12.0 if is_written else 9.0)
        )
        for j, (of_class, _) in enumerate(columns):
            color = _shade(float(shares[i, j]))
            text = texts[int(table.codes[i, j])]
            hint = f"{name} on {of_class}: {text}"
            marks.append(
                Rectangle(
                    x=round(left + j * wide + 1, 2), y=round(top + i * tall + 1, 2), width=wide - 2,
                    height=tall - 2, corner=3, style=Style(fill=color), hint=hint,
                    data={"class": j},
                )
            )  # fmt: skip
            fits = is_written and fitted(text, width=wide - 8, height=tall - 4)
            if is_written:
                ink = Style(fill=ink_on(color))
                x = left + (j + 0.5) * wide
                marks += (
                    written(fits, x, y, style=ink, hint=hint, data={"class": j})
                    if fits
                    else [Label(x=x, y=y, text="…", style=ink, hint=hint, data={"class": j})]
                )
    bottom = top + k * tall
    if is_written and (roots := _roots(texts)):
        marks.append(Label(x=left, y=bottom + 14, text=roots, size=10.5, anchor="start"))
        bottom += 22.0
    found = solution.identification and solution.identification.name
    return Drawing(
        width=round(left + k * wide + _MARGIN, 1),
        height=round(bottom + _MARGIN, 1),
        marks=tuple(marks),
        title=f"Characters of {found}" if found else "Characters",
        description=_description(table, texts),
        key=tuple((_shade(share), text) for share, text in _KEY),
    )


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
        >>> {"2", "-1", "χ3"} <= {text.get_text() for text in texts}
        True
    """
    return drawing_figure(characters_picture(solution))


def _shade(share: float) -> str:
    """Return the color of a real part over the degree, from -1 to 1."""
    end = _HIGH if share > 0 else _LOW
    part = min(1.0, abs(share))
    mixed = (round(m + part * (e - m)) for m, e in zip(_MIDDLE, end, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def _typeset(value: str) -> str:
    """Return a value as a text, with roots of unity and exponents as they are printed.

    Example:
        >>> _typeset("-E(9)^4"), _typeset("2w^2")
        ('-ζ₉⁴', '2ω²')
    """
    value = re.sub(r"E\((\d+)\)", lambda found: "ζ" + found[1].translate(_LOWERED), value)
    value = re.sub(r"\^(\d+)", lambda found: found[1].translate(_RAISED), value)
    return value.replace("w", "ω")


def _roots(texts: list[str]) -> str:
    """Return which roots of unity the letters in some values stand for."""
    written = "".join(texts)
    said = [("ω", "ω = exp(2πi/3)"), ("ζ", "ζₙ = exp(2πi/n)")]
    return ", ".join(text for letter, text in said if letter in written)


def _description(table: CharacterTable, texts: list[str]) -> str:
    """Return what a person who does not see the picture is told: the rows of a small table."""
    k = len(table)
    text = f"The character table: {k} irreducible characters on {k} conjugacy classes."
    if k > _LARGEST_WRITTEN:
        return text
    rows = (", ".join(texts[int(code)] for code in row) for row in table.codes)
    said = " ".join(f"χ{i}: {row}." for i, row in enumerate(rows, 1))
    roots = _roots(texts)
    where = f" Here {roots}." if roots else ""
    return f"{text} The classes are {', '.join(table.classes.names)}. {said}{where}"
