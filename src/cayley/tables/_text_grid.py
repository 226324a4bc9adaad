"""A table as lines of text, aligned also where letters are wide or combine."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from cayley._errors import shown_plainly
from cayley._shapes import Int

__all__ = ["LARGEST_PRINTED", "grid", "shortened", "table_lines", "width"]

LARGEST_PRINTED = 40
"""Most rows and columns that are printed: more do not fit a screen."""

_WIDEST_LABEL = 12  # two labels of this width tell apart what people call elements


def width(text: str) -> int:
    """Return the number of columns that a terminal gives to a text."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def shortened(label: str) -> str:
    """Return a label on one line, what would change the terminal escaped, cut where it is long."""
    plain = shown_plainly(label)
    if width(plain) <= _WIDEST_LABEL:
        return plain
    while width(plain) > _WIDEST_LABEL - 1:
        plain = plain[:-1]
    return plain + "…"


def grid(header: list[str], rows: list[list[str]]) -> list[str]:
    """Return aligned lines of a header and rows, columns padded to their widest entry."""
    widths = [max(width(row[k]) for row in (header, *rows)) for k in range(len(header))]

    def line(cells: list[str]) -> str:
        padded = (cell + " " * (w - width(cell)) for cell, w in zip(cells, widths, strict=True))
        return "  ".join(padded).rstrip()

    return [line(header), *(line(row) for row in rows)]


def table_lines(
    rows: Sequence[str],
    columns: Sequence[str],
    symbols: Sequence[str],
    array: Int[NDArray[Any], "r c"],
    *,
    most: int = LARGEST_PRINTED,
) -> list[str]:
    """Return a table as lines; ``?`` is unknown, and what is beyond ``most`` is left out and said.

    Example:
        >>> import numpy as np
        >>> print(*table_lines("ea", "ea", "ea", np.array([[0, 1], [1, -1]])), sep=chr(10))
           e  a
        e  e  a
        a  a  ?
    """
    # -1, unknown, reads the last entry.
    texts = [*(shortened(label) for label in symbols), "?"]
    cut = len(columns) > most
    header = ["", *(shortened(label) for label in columns[:most]), *["…"] * cut]
    body = [
        [shortened(label), *(texts[c] for c in products), *["…"] * cut]
        for label, products in zip(rows[:most], array[:most, :most].tolist(), strict=True)
    ]
    lines = grid(header, body)
    if cut or len(rows) > most:
        lines.append(f"({len(rows)} rows and {len(columns)} columns; the first {most} are shown)")
    return lines
