"""A solution as a notebook shows it: verdict, table with provenance, legend."""

from typing import TYPE_CHECKING

from cayley.completion._findings import Provenance
from cayley.completion.solution._wording import a_kind
from cayley.tables._html_grid import html_grid
from cayley.tables._text_grid import shortened

if TYPE_CHECKING:
    from cayley.completion._findings import Findings

__all__ = ["MARKS", "is_conditional", "meanings", "notebook_html"]

MARKS = {
    Provenance.OBSERVED: "",
    Provenance.FORCED: "•",
    Provenance.PREDICTED: "~",
    Provenance.SUSPECT: "!",
    Provenance.UNKNOWN: "?",
}
"""The mark that tells a provenance apart without color."""

_MEANINGS = {
    Provenance.OBSERVED: "given",
    Provenance.FORCED: "proved from the given cells",
    Provenance.PREDICTED: "learned, or implied by a structure that was learned",
    Provenance.SUSPECT: "given otherwise; the structure contradicts what was given",
    Provenance.UNKNOWN: "not found",
}
"""What each provenance means, in a few words."""


def is_conditional(found: "Findings") -> bool:
    """Return whether what is forced holds only if a hypothesis does that may be wrong.

    So it is where the hypothesis is only supposed, and where a rival could not be set aside.
    """
    return found.assumption is not None and (found.standing == "supposed" or bool(found.rivals))


def meanings(found: "Findings") -> dict[Provenance, str]:
    """Return what each provenance means in a solution, in a few words.

    What is forced is called proved only under a hypothesis that was given or earned and that no
    rival disputes.

    Example:
        >>> from cayley.completion import solve
        >>> meanings(solve([[0, 1], [1, -1]]))[Provenance.FORCED]
        'forced by the given cells if this is a group, which is not proved'
    """
    words = dict(_MEANINGS)
    if is_conditional(found):
        kind = a_kind(found.assumption)
        words[Provenance.FORCED] = (
            f"forced by the given cells if this is {kind}, which is not proved"
        )
    return words


def notebook_html(found: "Findings", *, verdict: str) -> str:
    """Return the verdict, the completed table with a mark for each provenance, and the legend."""
    table, codes, words = found.table, found.provenance, meanings(found)
    # Cut once: a long label would else stand whole in each of n cells.
    rows, columns = (list(map(shortened, names)) for names in (table.rows, table.columns))

    def mark(a: int, b: int) -> tuple[str, str]:
        kind = Provenance(int(codes[a, b]))
        # An unknown cell shows a question mark in place of a label already.
        sign = "" if kind is Provenance.UNKNOWN else MARKS[kind]
        return sign, f"{rows[a]} o {columns[b]}: {words[kind]}"

    seen = [kind for kind in Provenance if found.counts[kind.name.lower()]]
    legend = "; ".join(f"{MARKS[kind] or 'no mark'} {words[kind]}" for kind in seen)
    return html_grid(
        table.rows,
        table.columns,
        table.symbols,
        table.array,
        caption=verdict,
        legend=legend,
        mark=mark,
    )
