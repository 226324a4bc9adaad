"""What the page's script is told: labels, cells, reasons, colors, as compact JSON."""

import base64
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.completion import Provenance, Solution
from cayley.completion.solution._notebook import MARKS, meanings
from cayley.report._page_partitions import Partition, SubgroupChoice, stands_for
from cayley.report._typeset import cleaned
from cayley.report.figures.drawing._palette import structured_colors
from cayley.report.figures.element_order._arrangement import Arrangement

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["as_script_text", "coded", "page_data", "symbol_colors"]

_MOST_VALUES = 4000
"""Values of open cells that the page is told; the others are in ``solution.json``."""

_MOST_MARGINS = 4096
"""Margins of predicted cells that the page is told: a whole table of order 64."""


def page_data(
    solution: Solution,
    placed: Arrangement,
    *,
    parts: Sequence[Partition] = (),
    subgroups: Sequence[SubgroupChoice] = (),
    matrices: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the script needs, as values of JSON.

    Cells are numbers: 0 for an unknown cell, else 1 and more for the symbols in their order.

    Args:
        solution: What is shown.
        placed: The order that shows the structure.
        parts: Partitions of the symbols to color by.
        subgroups: The subgroups whose cosets the page can color.
        matrices: The matrices of its elements.
    """
    table, given = solution.table, solution.given
    stands = stands_for(solution)
    words = meanings(solution)
    colors = symbol_colors(placed)
    n = len(table.symbols)
    return {
        "rows": list(map(cleaned, table.rows)),
        "columns": list(map(cleaned, table.columns)),
        "symbols": list(map(cleaned, table.symbols)),
        "cells": coded(table.array + 1),
        "given": _differing(given.array, table.array),
        "provenance": "".join(map(str, solution.provenance.ravel().tolist())),
        "kinds": [
            {"name": kind.name.lower(), "mark": MARKS[kind], "meaning": cleaned(words[kind])}
            for kind in Provenance
        ],
        "laws": _laws(solution),
        "margins": _margins(solution),
        "possible": _possible(solution),
        "rowOrder": placed.rows.tolist(),
        "columnOrder": placed.columns.tolist(),
        "symbolOrder": placed.symbols.tolist(),
        "cuts": list(placed.cuts),
        "rowElement": None if stands is None else stands[0],
        "columnElement": None if stands is None else stands[1],
        "group": solution.isotopism is not None,
        "colors": colors,
        "partitions": [
            {
                "name": part.name,
                "blocks": [list(block) for block in part.blocks],
                "names": list(part.names),
                "colors": structured_colors(part.blocks),
            }
            for part in parts
        ],
        "subgroups": [
            {"name": each.name, "elements": list(each.elements), "conjugates": each.conjugates}
            for each in subgroups
        ],
        # Colors of cosets, one list for each order of a subgroup: block by block.
        "cosetColors": {
            str(size): structured_colors(
                [range(start, start + size) for start in range(0, n, size)]
            )
            for size in sorted({len(each.elements) for each in subgroups})
        },
        "matrices": matrices,
    }


def symbol_colors(placed: Arrangement) -> list[str]:
    """Return the color of each symbol: those of one block share a hue."""
    return structured_colors(placed.symbol_blocks)


def as_script_text(data: Any) -> "Markup":
    r"""Return JSON that is safe inside a script element.

    HTML ends such an element at the first "</script", and "<!--" changes how it is read: no "<"
    is left in the text. What JSON escapes the script reads as it was.

    Example:
        >>> str(as_script_text(["</script>", "&"]))
        '["\\u003c/script\\u003e","\\u0026"]'
    """
    from markupsafe import Markup

    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def coded(values: Int[NDArray[Any], "..."]) -> str:
    """Return whole numbers from 0 on as text: two bytes each, the low one first, in base 64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<u2").tobytes()).decode()


def _laws(solution: Solution) -> dict[str, bool]:
    """Return which laws the theory has by which the page explains a cell in one step."""
    laws = {fact.law for fact in solution.facts}
    group = solution.assumption is Structure.GROUP
    return {
        "associative": group or "x*(y*z) = (x*y)*z" in laws,
        "commutative": "x*y = y*x" in laws,
    }


def _differing(given: Int[NDArray[Any], "r c"], found: Int[NDArray[Any], "r c"]) -> list[list[int]]:
    """Return the cells that were given otherwise: row, column, symbol."""
    places = np.argwhere((given >= 0) & (given != found))
    return [[a, b, int(given[a, b])] for a, b in places.tolist()]


def _margins(solution: Solution) -> list[list[Any]]:
    """Return the margins of predicted cells: row, column, and the number as text."""
    if solution.margin is None:
        return []
    places = np.argwhere(solution.provenance == Provenance.PREDICTED)[:_MOST_MARGINS]
    return [[a, b, f"{solution.margin[a, b]:.2g}"] for a, b in places.tolist()]


def _possible(solution: Solution) -> list[list[Any]]:
    """Return what open cells can be: row, column, symbols."""
    result: list[list[Any]] = []
    left = _MOST_VALUES
    for (a, b), values in sorted(solution.possible.items()):
        left -= len(values)
        if left < 0:
            break
        result.append([int(a), int(b), [int(value) for value in values]])
    return result
