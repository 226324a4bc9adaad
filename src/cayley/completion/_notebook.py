"""A solution as a notebook shows it: verdict, table with provenance, legend."""

from typing import TYPE_CHECKING

from cayley.completion._findings import Provenance
from cayley.tables._html_grid import html_grid
from cayley.tables._text_grid import shortened

if TYPE_CHECKING:
    from cayley.completion._findings import Findings

__all__ = ["LEGEND", "MARKS", "notebook_html"]

MARKS = {
    Provenance.OBSERVED: "",
    Provenance.FORCED: "•",
    Provenance.PREDICTED: "~",
    Provenance.SUSPECT: "!",
    Provenance.UNKNOWN: "?",
}
"""The mark that tells a provenance apart without color."""

LEGEND = {
    Provenance.OBSERVED: "given",
    Provenance.FORCED: "proved from the given cells",
    Provenance.PREDICTED: "learned, or implied by a structure that was learned",
    Provenance.SUSPECT: "given otherwise; the structure contradicts what was given",
    Provenance.UNKNOWN: "not found",
}
"""What each provenance means, in a few words."""


def notebook_html(found: "Findings", *, verdict: str) -> str:
    """Return the verdict, the completed table with a mark for each provenance, and the legend."""
    table, codes = found.table, found.provenance
    # Cut once: a long label would else stand whole in each of n cells.
    rows, columns = (list(map(shortened, names)) for names in (table.rows, table.columns))

    def mark(a: int, b: int) -> tuple[str, str]:
        kind = Provenance(int(codes[a, b]))
        # An unknown cell shows a question mark in place of a label already.
        sign = "" if kind is Provenance.UNKNOWN else MARKS[kind]
        return sign, f"{rows[a]} o {columns[b]}: {LEGEND[kind]}"

    seen = [kind for kind in Provenance if found.counts[kind.name.lower()]]
    legend = "; ".join(f"{MARKS[kind] or 'no mark'} {LEGEND[kind]}" for kind in seen)
    return html_grid(
        table.rows,
        table.columns,
        table.symbols,
        table.array,
        caption=verdict,
        legend=legend,
        mark=mark,
    )
