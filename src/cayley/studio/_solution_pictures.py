"""Pictures of a solution as SVG, the kinds that apply."""

import io
from typing import Any

from cayley.completion import Solution
from cayley.report.figures._figure_kinds import FIGURES

__all__ = ["picture_of", "pictures_for"]

_TITLES = {
    "table": "Table",
    "before-after": "Before and after",
    "provenance": "Provenance",
    "characters": "Characters",
    "cayley-graph": "Cayley graph",
    "normal-subgroups": "Normal subgroups",
    "matrices": "Matrices",
    "curves": "Curves",
}
"""What the tabs are called; another kind is called by its name."""


def pictures_for(solution: Solution) -> list[dict[str, str]]:
    """Return the kinds of pictures that may apply: their names, titles and what they show."""
    has_group = solution.isotopism is not None
    learned = solution.factors is not None
    needs = {
        "characters": has_group,
        "cayley-graph": has_group,
        "normal-subgroups": has_group,
        "matrices": has_group or learned,
        "curves": bool(solution.history),
    }
    return [
        {"kind": name, "title": _TITLES.get(name, _title(name)), "about": kind.about}
        for name, kind in FIGURES.items()
        if needs.get(name, True)
    ]


def _title(name: str) -> str:
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def picture_of(solution: Solution, kind: str) -> dict[str, Any]:
    """Return one picture: its SVG, and whether it may stand in the page itself.

    Raises:
        ValueError: If there is no such kind, or it has nothing to show.
    """
    if kind not in FIGURES:
        raise ValueError(f"There is no picture {kind!r}; there are {', '.join(FIGURES)}.")
    figure = FIGURES[kind].draw(solution)
    stream = io.StringIO()
    # Without a date, so that equal pictures are equal files.
    figure.savefig(stream, format="svg", metadata={"Date": None})
    return {"kind": kind, "svg": stream.getvalue(), "inline": False}
