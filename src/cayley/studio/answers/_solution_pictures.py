"""Pictures of a solution as SVG, the kinds that apply."""

import io
from typing import Any

from cayley.completion import Solution
from cayley.report.figures._figure_kinds import FIGURES
from cayley.report.figures._figure_kinds import picture_of as drawing_of
from cayley.report.figures.drawing._drawing import drawing_svg

__all__ = ["picture_of", "pictures_for"]

_NEED_A_GROUP = frozenset({"characters", "normal-subgroups"})
"""Kinds that only matplotlib draws and that have nothing to show without a group."""


def pictures_for(solution: Solution) -> list[dict[str, str]]:
    """Return the kinds of pictures that apply: their names, titles and what they show.

    Example:
        >>> from cayley.completion import solve
        >>> [each["title"] for each in pictures_for(solve([[0, 1], [1, 0]]))][:1]
        ['Table']
    """
    return [
        {"kind": name, "title": _title(name), "about": kind.about}
        for name, kind in FIGURES.items()
        if (_applies(name, solution) if kind.picture is None else drawing_of(name, solution))
    ]


def _applies(name: str, solution: Solution) -> bool:
    """Whether a kind that only matplotlib draws has something to show: cheaper than to draw it."""
    if name == "curves":
        return bool(solution.history)
    if name in _NEED_A_GROUP:
        return solution.isotopism is not None
    return solution.isotopism is not None or solution.learned is not None


def _title(name: str) -> str:
    words = name.replace("-", " ").replace("cayley", "Cayley")
    return words[:1].upper() + words[1:]


def picture_of(solution: Solution, kind: str) -> dict[str, Any]:
    """Return one picture: its SVG, and whether it may stand in the page itself.

    A drawing of ours does, so that it can be linked with the table. What matplotlib draws has
    styles of its own, which the page's policy forbids; it is shown as an image.

    Raises:
        ValueError: If there is no such kind, or it has nothing to show.
    """
    if kind not in FIGURES:
        raise ValueError(f"There is no picture {kind!r}; there are {', '.join(FIGURES)}.")
    draw = FIGURES[kind].picture
    if draw is not None:
        drawing = draw(solution)
        return {
            "kind": kind,
            "svg": drawing_svg(drawing, name=f"picture-{kind}"),
            "file": drawing_svg(drawing, name=f"picture-{kind}", standalone=True),
            "key": [list(entry) for entry in drawing.key],
            "inline": True,
        }
    stream = io.StringIO()
    # Without a date, so that equal pictures are equal files.
    FIGURES[kind].draw(solution).savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    return {"kind": kind, "svg": text, "file": text, "key": [], "inline": False}
