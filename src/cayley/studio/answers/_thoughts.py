"""What cayley thinks of a table, as the page shows it: a solution in numbers and sentences."""

from collections.abc import Iterable
from typing import Any

from cayley.algebra import Isotopism, Structure
from cayley.completion import Solution
from cayley.completion._findings import Hypothesis, Refutation, Rival
from cayley.completion.solution._notebook import meanings
from cayley.completion.solution._wording import a_kind
from cayley.report._certificate_sentences import standing_sentence
from cayley.report._typeset import cleaned
from cayley.tables import Table

__all__ = ["headline", "thought_of"]

_MOST_REFUTED = 12
"""Theories whose refutation is listed at once; the long list has all of them."""

_MOST_VALUES = 60
"""Values of one open cell that are sent: no more than the default studio has symbols."""


def thought_of(solution: Solution, *, settled: bool) -> dict[str, Any]:
    """Return a solution as the page shows it.

    Args:
        solution: What was found.
        settled: Whether nothing more will be found by thinking longer.

    Returns:
        A JSON object. Cells are pairs of places in the rows and columns of the table as given, and
        values are places of symbols.

    Example:
        >>> from cayley.completion import solve
        >>> found = thought_of(solve([[0, 1], [1, -1]]), settled=True)
        >>> found["headline"], found["kinds"][1], found["rivals"][0]["cells"]
        ('Perhaps the group C2', [0, 1], [[1, 1, 1]])
    """
    table = solution.table
    words = {kind.name.lower(): str(cleaned(text)) for kind, text in meanings(solution).items()}
    if not table.has_one_alphabet and table.array.shape[0] != table.array.shape[1]:
        words["forced"] = "follows from the given cells"
    places = _Places(table)
    refuted = solution.refuted[-1:] if solution.status == "inconsistent" else ()
    return {
        "settled": settled,
        "headline": str(cleaned(headline(solution))),
        "status": solution.status,
        "theory": None if solution.assumption is None else str(solution.assumption),
        "standing": solution.standing,
        "verdict": str(cleaned(solution.verdict)),
        "why": str(cleaned(standing_sentence(solution))),
        "cells": table.array.tolist(),
        "kinds": solution.provenance.tolist(),
        # a block whose results lead outside of it grows to the group that it generates
        "rows": list(table.rows),
        "columns": list(table.columns),
        "symbols": list(table.symbols),
        "counts": dict(solution.counts),
        "meanings": words,
        "method": str(cleaned(solution.method)),
        "suspects": [
            {
                "cell": places.cell(each.row, each.column),
                "given": places.value(each.given),
                "expected": places.value(each.expected),
                "why": f"{each.support} other observations agree with it, {each.opposed} do not"
                if each.support or each.opposed
                else "",
            }
            for each in solution.suspects
        ],
        "rivals": [_rival(rival, places) for rival in solution.rivals],
        "possible": [
            [a, b, list(values[:_MOST_VALUES])] for (a, b), values in solution.possible.items()
        ],
        "conflict": [places.cell(row, column) for each in refuted for row, column, _ in each.cells],
        "theories": list(_theories(solution, places)),
        "notes": [str(cleaned(note)) for note in solution.notes],
    }


class _Places:
    """The places of labels; results may lie outside the given symbols where a block grows."""

    def __init__(self, table: Table) -> None:
        self._rows = {label: i for i, label in enumerate(table.rows)}
        self._columns = {label: i for i, label in enumerate(table.columns)}
        self._symbols = {label: i for i, label in enumerate(table.symbols)}

    def cell(self, row: str, column: str) -> list[int]:
        return [self._rows[row], self._columns[column]]

    def value(self, symbol: str | None) -> int:
        return -1 if symbol is None else self._symbols[symbol]


def headline(solution: Solution) -> str:
    """Return what the table is, in a few words for the top of the page.

    Example:
        >>> from cayley.completion import solve
        >>> headline(solve([[0, 1], [1, 0]]))
        'The group C2'
    """
    if solution.status == "inconsistent":
        kinds = [a_kind(each.structure) for each in solution.refuted[-1:]]
        return f"These cells fit no {kinds[0].partition(' ')[2]}" if kinds else "A contradiction"
    what = _what(solution)
    if what is None:
        return "Not settled yet"
    return f"Perhaps {what}" if solution.standing == "supposed" else what[0].upper() + what[1:]


def _what(solution: Solution) -> str | None:
    """Return what the table is taken to be, or None if that is nothing."""
    found = solution.identification
    if found is not None and isinstance(found.isotopism, Isotopism):
        name = found.name or "without a short name"
        if solution.structure is Structure.GROUP:
            return f"the group {name}"
        return f"an isotope of {name}"
    if solution.homotope_of is not None and solution.homotope_of[0]:
        return f"a homotope of {solution.homotope_of[0]}"
    if solution.assumption is not None:
        return a_kind(solution.assumption)
    if solution.table.is_full and solution.structure is not None:
        return f"a {solution.structure}"
    return None


def _rival(rival: Rival, places: _Places) -> dict[str, Any]:
    return {
        "theory": str(rival.theory),
        "label": str(cleaned(a_kind(rival.theory))),
        "standing": rival.standing,
        "suspects": rival.suspects,
        "cells": [
            [*places.cell(row, column), places.value(value)] for row, column, value in rival.differs
        ],
    }


def _theories(solution: Solution, places: _Places) -> Iterable[dict[str, Any]]:
    """Yield the theories that the solution itself speaks of."""
    named: set[str] = set()

    def entry(theory: Hypothesis, standing: str, why: str, cells: list[Any]) -> dict[str, Any]:
        named.add(str(theory))
        return {
            "theory": str(theory),
            "label": str(cleaned(a_kind(theory))),
            "standing": standing,
            "why": str(cleaned(why)),
            "cells": cells,
        }

    stands = solution.standing is not None and solution.status != "inconsistent"
    if solution.assumption is not None and stands:
        yield entry(solution.assumption, str(solution.standing), standing_sentence(solution), [])
    for rival in solution.rivals:
        yield entry(rival.theory, rival.standing, _differs(rival), [])
    for each in solution.refuted[:_MOST_REFUTED]:
        if str(each.structure) not in named:
            cells = [places.cell(row, column) for row, column, _ in each.cells]
            yield entry(each.structure, "refuted", _refuted(each), cells)


def _differs(rival: Rival) -> str:
    count = len(rival.differs)
    return f"fills {count} {'cell' if count == 1 else 'cells'} otherwise"


def _refuted(each: Refutation) -> str:
    if each.reason:
        return each.reason
    shown = [f"{a} ∘ {b} = {c}" for a, b, c in each.cells[:6]]
    if not shown:
        return "the cells contradict it"
    more = f" and {len(each.cells) - 6} more" if len(each.cells) > 6 else ""
    return f"{', '.join(shown)}{more} contradict each other then"
