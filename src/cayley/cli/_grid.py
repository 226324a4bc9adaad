"""The table of a solution as lines of text, with brackets that tell the provenance."""

from cayley.completion import Provenance, Solution
from cayley.completion.solution._wording import a_kind
from cayley.tables._text_grid import LARGEST_PRINTED, grid, shortened, width

__all__ = [
    "BRACKETS",
    "LARGEST_PRINTED_ORDER",
    "MEANINGS",
    "grid",
    "legend",
    "shortened",
    "solution_lines",
    "width",
]

LARGEST_PRINTED_ORDER = LARGEST_PRINTED
"""Larger tables are not printed; files and JSON hold them."""

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
