"""A table as HTML for a notebook: colored by symbol, every label escaped."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["LARGEST_SHOWN", "html_grid"]

LARGEST_SHOWN = 40
"""Most rows and columns shown: the page grows with the square, and 1600 cells take 200 KB."""

_LONGEST_LABEL = 40  # longer ones are cut: one label may not fill the page
# Steps of the golden angle keep hues of neighboring symbols apart, however many there are.
_GOLDEN_ANGLE = 137.508

_CELL = "padding:2px 6px;text-align:center;border:1px solid #9995"
_HEAD = f"{_CELL};font-weight:600"


def html_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    symbols: Sequence[str],
    array: Int[NDArray[Any], "r c"],
    *,
    caption: str,
    legend: str = "",
    mark: Callable[[int, int], tuple[str, str]] | None = None,
    most: int = LARGEST_SHOWN,
) -> str:
    """Return a table as one piece of HTML without scripts, classes or links.

    Args:
        rows: Labels of the rows.
        columns: Labels of the columns.
        symbols: Labels of the results.
        array: Indices into ``symbols``, -1 where unknown.
        caption: What stands above; escaped here.
        legend: What stands below; escaped here.
        mark: For a cell, what follows its label and what a pointer over it says.
        most: How many rows and columns are shown.
    """
    # The color is of the symbol and a mark tells the provenance: nothing is told by color alone.
    # Half transparent, it leaves dark and light pages legible.
    fill = [f"hsla({i * _GOLDEN_ANGLE % 360:.0f},70%,55%,.35)" for i in range(len(symbols))]
    names = [*map(_text, symbols), "?"]
    head = "".join(f'<th style="{_HEAD}">{_text(label)}</th>' for label in columns[:most])
    lines = [f'<tr><th style="{_HEAD}"></th>{head}</tr>']
    for a, products in enumerate(array[:most, :most].tolist()):
        cells = []
        for b, c in enumerate(products):
            sign, why = mark(a, b) if mark is not None else ("", "")
            color = f";background:{fill[c]}" if c >= 0 else ";opacity:.5"
            title = f' title="{escape(why)}"' if why else ""
            cells.append(f'<td style="{_CELL}{color}"{title}>{names[c]}{escape(sign)}</td>')
        lines.append(f'<tr><th style="{_HEAD}">{_text(rows[a])}</th>{"".join(cells)}</tr>')
    below = [legend] if legend else []
    if max(len(rows), len(columns)) > most:
        below.append(f"{len(rows)} rows and {len(columns)} columns; the first {most} are shown.")
    notes = "".join(f"<div>{escape(each)}</div>" for each in below)
    return (
        f"<div><div>{escape(caption)}</div>"
        f'<table style="border-collapse:collapse;margin:4px 0">{"".join(lines)}</table>'
        f"{notes}</div>"
    )


def _text(label: str) -> str:
    """Return a label as HTML text, cut where it is long."""
    cut = label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
    # Isolated, so that a label written from right to left does not turn the mark that follows it.
    return f"<bdi>{escape(plain)}</bdi>"
