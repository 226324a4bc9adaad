"""A table as lines of text, aligned also where letters are wide or combine."""

import unicodedata

from cayley.completion import Provenance, Solution
from cayley.completion._wording import a_kind

__all__ = ["BRACKETS", "LARGEST_PRINTED_ORDER", "MEANINGS", "grid", "legend", "solution_lines"]

LARGEST_PRINTED_ORDER = 40
"""Larger tables are not printed; files and JSON hold them."""

_WIDEST_LABEL = 12
BRACKETS = {
    Provenance.OBSERVED: ("", ""),
    Provenance.FORCED: ("[", "]"),
    Provenance.PREDICTED: ("<", ">"),
    Provenance.SUSPECT: ("!", "!"),
    Provenance.UNKNOWN: ("", ""),
}
MEANINGS = {
    Provenance.FORCED: "[x] proved",
    Provenance.PREDICTED: "<x> predicted",
    Provenance.SUSPECT: "!x! given otherwise",
    Provenance.UNKNOWN: "? unknown",
}


def width(text: str) -> int:
    """Return the number of columns that a terminal gives to a text."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def shortened(label: str) -> str:
    """Return a label on one line, without control characters, cut where it is long."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label)
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


def solution_lines(solution: Solution) -> list[str]:
    """Return the completed table as lines; brackets tell where each cell comes from."""
    table = solution.table
    symbols = [*(shortened(label) for label in table.symbols), "?"]
    rows = []
    for a, products in enumerate(table.array.tolist()):
        cells = []
        for b, c in enumerate(products):
            before, after = BRACKETS[Provenance(solution.provenance[a, b])]
            cells.append(f"{before}{symbols[c]}{after}")
        rows.append([shortened(table.rows[a]), *cells])
    return grid(["", *(shortened(label) for label in table.columns)], rows)


def legend(solution: Solution) -> str:
    """Return what the brackets mean, as far as they occur."""
    meanings = dict(MEANINGS)
    if solution.standing == "supposed" or solution.rivals:
        # what is forced under a theory that may be wrong is not proved
        meanings[Provenance.FORCED] = f"[x] forced, if this is {a_kind(solution.assumption)}"
    return ", ".join(
        meaning for kind, meaning in meanings.items() if solution.counts[kind.name.lower()]
    )
