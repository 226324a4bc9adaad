"""Tables as HTML grids with cells that can be pointed at and, in the input, edited."""

from collections.abc import Sequence
from html import escape
from typing import Any

from cayley.completion import Provenance
from cayley.completion._notebook import MARKS
from cayley.report._html import LARGEST_GRID
from cayley.report._typeset import cleaned
from cayley.report.figures._style import shortened
from cayley.studio._jobs import Finished
from cayley.tables import UNKNOWN, Table

__all__ = ["input_grid", "result_grid"]

_LONGEST = 16  # letters of a label that are shown; the whole label is in the tooltip


def _text(label: str, longest: int = _LONGEST) -> str:
    """Return a label as HTML, cleaned, cut and escaped."""
    # In this order: cutting after escaping could cut an entity in two. An empty cell would have no
    # height.
    return escape(shortened(cleaned(label), longest)) or "&nbsp;"


def input_grid(table: Table) -> str:
    """Return the grid in which a table is edited; unknown cells show a question mark.

    Labels are data and escaped.

    Example:
        >>> "&lt;b&gt;" in input_grid(Table.from_array([[0]], labels=["<b>"]))
        True
    """
    cells = [
        [("unknown", "?") if c == UNKNOWN else ("observed", table.symbols[c]) for c in row]
        for row in table.array.tolist()
    ]
    rows, columns = range(len(table.rows)), range(len(table.columns))
    body = _body(table.rows, cells, rows, columns, block=1, marked=False)
    options = "".join(f'<option value="{escape(cleaned(s))}"></option>' for s in table.symbols)
    return _grid(
        "input", "the table to complete, editable", _head(table.columns, columns), body
    ) + (f'<datalist id="symbols">{options}</datalist>')


def result_grid(finished: Finished, *, name: str) -> str:
    """Return the completed table, listed by cosets, with provenance by color and mark.

    Args:
        finished: What a run has found.
        name: The name of the grid in events.

    Returns:
        HTML; nothing above order 64, which only the group that a block generates can have.
    """
    document = finished.document
    if max(len(document["rows"]), len(document["columns"])) > LARGEST_GRID:
        return ""
    cells = [
        [(kind, "?" if label is None else label) for kind, label in zip(kinds, labels, strict=True)]
        for kinds, labels in zip(document["provenance"], document["table"], strict=True)
    ]
    body = _body(
        document["rows"], cells, finished.rows, finished.columns, finished.block, marked=True
    )
    head = _head(document["columns"], finished.columns, finished.block)
    return _grid(name, "the completed table", head, body)


def _grid(name: str, label: str, head: str, body: str) -> str:
    """Return a grid of a head and a body, whose name is what studio.js sends with its events."""
    return (
        f'<div class="scroll"><table class="grid" role="grid" data-grid="{escape(name)}" '
        f'aria-label="{escape(label)}"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )


def _head(columns: Sequence[str], order: Sequence[int], block: int = 1) -> str:
    """Return the row of column labels."""
    cells = "".join(
        f'<th scope="col"{_edge(place, block, len(order))} title="{escape(cleaned(columns[b]))}">'
        f"{_text(columns[b])}</th>"
        for place, b in enumerate(order, 1)
    )
    return f'<tr><th scope="col" title="operation">∘</th>{cells}</tr>'


def _edge(place: int, block: int, count: int) -> str:
    """Return the attribute of a cell after which a coset ends; nothing at the table's own edge."""
    return ' class="edge"' if block > 1 and place % block == 0 and place < count else ""


def _body(
    rows: Sequence[str],
    cells: Sequence[Sequence[tuple[str, str]]],
    order: Sequence[int],
    across: Sequence[int],
    block: int,
    *,
    marked: bool,
) -> str:
    """Return the rows, listed in the given order, with lines between cosets.

    Args:
        rows: Labels of the rows.
        cells: Provenance and label of each cell, in the order of the table.
        order: The row at each place.
        across: The column at each place.
        block: Elements of a coset, 1 for no lines.
        marked: Whether to show the marks of provenance.
    """
    marks: dict[str, Any] = {kind.name.lower(): mark for kind, mark in MARKS.items()}
    assert set(marks) == {kind.name.lower() for kind in Provenance}
    lines = []
    first = True  # one cell of a grid is reached by Tab, the others by arrow keys
    for place, a in enumerate(order, 1):
        cut = ' class="cut"' if _edge(place, block, len(order)) else ""
        title = escape(cleaned(rows[a]))
        line = [f'<tr data-i="{a}"{cut}><th scope="row" title="{title}">{_text(rows[a])}</th>']
        for k, b in enumerate(across, 1):
            kind, label = cells[a][b]
            edge = " edge" if _edge(k, block, len(across)) else ""
            mark = f"<i>{marks[kind]}</i>" if marked and marks[kind] else ""
            focus = ' tabindex="0"' if first else ""
            first = False
            line.append(f'<td class="{kind}{edge}" data-j="{b}"{focus}>{_text(label)}{mark}</td>')
        lines.append("".join(line) + "</tr>")
    return "".join(lines)
