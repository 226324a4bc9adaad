"""Each claim of a certificate with its proof, as the checker reads it; None where none is found."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Isotopism, Structure, identify
from cayley.completion._findings import Hypothesis
from cayley.deduction._partial_table import PartialTable
from cayley.deduction._trace import cells_trace, forced_trace, refuted_trace
from cayley.tables import Table
from cayley.theories import Theory, parse_theory
from cayley.theories._condition_trace import NoTrace
from cayley.theories._conditions import Condition
from cayley.theories._propagation import Propagation
from cayley.theories._trace import TracedSearch
from cayley.theories._weighing import theory_of

__all__ = [
    "GivenCells",
    "cells_claim",
    "forced_claim",
    "inconsistent_claim",
    "maps_of",
    "nested_term",
    "not_unique_claim",
    "places_of_suspects",
    "possible_claim",
    "quadrangles_of",
]

_NODES = 5000
"""Guesses in the search for one proof: each takes milliseconds."""

_MAX_BATCH = 1_000_000
"""Instances of a law in memory at once, as in `SearchLimits`."""


@dataclass(frozen=True, slots=True)
class GivenCells:
    """The given cells as the certificate states them: sorted, over labels in one order."""

    table: Table
    cells: tuple[tuple[int, int, int], ...]
    deadline: float

    @property
    def order(self) -> int:
        return self.table.order

    @property
    def seconds(self) -> float:
        return max(0.0, self.deadline - time.monotonic())


def nested_term(term: Any) -> Any:
    return term if isinstance(term, int) else [nested_term(term[0]), nested_term(term[1])]


def maps_of(array: Int[NDArray[Any], "n n"]) -> dict[str, Any]:
    """Return the maps of a table to a group as the checker reads them."""
    found = identify(array).isotopism
    assert isinstance(found, Isotopism)
    names = ("rows", "columns", "symbols")
    return {name: getattr(found, name).tolist() for name in names} | {
        "group": found.group.table.tolist()
    }


def quadrangles_of(array: Int[NDArray[Any], "n n"]) -> dict[str, list[int]] | None:
    """Return rows and columns at which the quadrangle criterion fails; empty if it is not Latin.

    None if it holds. In the loop with the row 0 and the column 0 as units, x(yz) and (xy)z are the
    fourth corners of two quadrangles that agree in y, yz and xy.
    """
    n = len(array)
    everyone = np.arange(n)
    if (np.sort(array, axis=0) != everyone[:, None]).any() or (np.sort(array) != everyone).any():
        return {}
    row_of, column_of = np.argsort(array[:, 0]), np.argsort(array[0])
    loop = array[np.ix_(row_of, column_of)]
    for x in range(n):
        wrong = loop[loop[x]] != loop[x][loop]  # (xy)z and x(yz) for all y, z
        if wrong.any():
            y, z = np.argwhere(wrong)[0]
            rows = [0, row_of[x], row_of[y], row_of[loop[x, y]]]
            columns = [column_of[y], column_of[loop[y, z]], 0, column_of[z]]
            return {"rows": [int(i) for i in rows], "columns": [int(i) for i in columns]}
    return None


def places_of_suspects(given: GivenCells, full: Table) -> list[int]:
    return [i for i, (a, b, c) in enumerate(given.cells) if full.array[a, b] != c]


def _without(given: GivenCells, wrong: list[int]) -> GivenCells:
    left = tuple(cell for i, cell in enumerate(given.cells) if i not in set(wrong))
    return replace(given, cells=left)


def _stated(theory: Hypothesis) -> dict[str, Any]:
    """Return a theory as the document states it."""
    if theory is Structure.GROUP_ISOTOPE:
        return {"name": "isotope of a group"}
    if theory is Structure.GROUP or str(theory) == "group":
        return {"name": "group"}
    assert isinstance(theory, Theory)
    return {
        "name": str(theory),
        "laws": [[nested_term(law.left), nested_term(law.right)] for law in theory.laws],
        "conditions": sorted(map(str, theory.conditions)),
    }


def _partial(given: GivenCells, theory: Hypothesis) -> PartialTable:
    assert isinstance(theory, Structure)
    return PartialTable.of(list(map(list, given.cells)), given.order, theory)


def _gauge(cells: PartialTable) -> dict[str, Any]:
    return {"gauge": list(cells.gauge)} if cells.assume is Structure.GROUP_ISOTOPE else {}


def _searched(
    given: GivenCells, theory: Hypothesis, prove: Callable[[TracedSearch], list[list[Any]]]
) -> tuple[dict[str, Any], list[list[Any]]] | None:
    """Return a theory of laws with a proof, None if none is found."""
    laws = parse_theory("group") if theory is Structure.GROUP else theory
    if not isinstance(laws, Theory):
        return None
    if Condition.SEMIGROUP_INVERSES in laws.conditions:
        # No line of a proof speaks of it. What the rest forces, the whole forces.
        rest = laws.conditions - {Condition.SEMIGROUP_INVERSES}
        theory = laws = theory_of((*laws.laws, *sorted(rest)))
    # The checker knows no theorems, so the proof uses only what the theory states.
    propagation = Propagation(laws, given.order, max_batch=_MAX_BATCH, by_theorems=False)
    deadline = time.monotonic() + given.seconds
    search = TracedSearch(
        given.cells, given.order, propagation, max_nodes=_NODES, deadline=deadline
    )
    try:
        return _stated(theory), prove(search)
    except NoTrace:
        return None


def forced_claim(
    given: GivenCells, full: Table, theory: Hypothesis, wrong: list[int]
) -> dict[str, Any] | None:
    """Return the claim that the given cells, but some wrong ones, force the whole table."""
    kept = _without(given, wrong)
    claim: dict[str, Any] = {"claim": "forced", "cells": "all"}
    if wrong:
        claim["without"] = wrong
    if isinstance(theory, Structure):
        observed = _partial(kept, theory)
        lines = forced_trace(observed, full.array, time_limit=given.seconds / 2)
        if lines is not None:
            claim |= {"theory": _stated(theory), **_gauge(observed), "proof": lines}
            if theory is Structure.GROUP_ISOTOPE:
                claim["maps"] = maps_of(full.array)
            return claim
    everywhere = [(a, b) for a in range(given.order) for b in range(given.order)]
    found = _searched(kept, theory, lambda search: search.forced(full.array, everywhere))
    return None if found is None else claim | {"theory": found[0], "proof": found[1]}


def cells_claim(
    given: GivenCells, table: Table, theory: Hypothesis, cells: list[tuple[int, int]]
) -> dict[str, Any] | None:
    """Return the claim that the given cells force some more."""
    wanted = [[a, b, int(table.array[a, b])] for a, b in cells]
    claim: dict[str, Any] = {"claim": "forced", "cells": wanted}
    if isinstance(theory, Structure):
        observed = _partial(given, theory)
        lines = cells_trace(observed, wanted, time_limit=given.seconds)
        if lines is not None:
            return claim | {"theory": _stated(theory), **_gauge(observed), "proof": lines}
    found = _searched(given, theory, lambda search: search.forced(table.array, cells))
    return None if found is None else claim | {"theory": found[0], "proof": found[1]}


def inconsistent_claim(
    given: GivenCells, theory: Hypothesis, evidence: tuple[tuple[str, str, str], ...]
) -> dict[str, Any] | None:
    """Return the claim that no table of a theory has the given cells."""
    claim: dict[str, Any] = {"claim": "inconsistent"}
    twice = _twice(given)
    if twice is not None:
        stated = _stated(theory)
        gauge = {"gauge": [0, 0]} if theory is Structure.GROUP_ISOTOPE else {}
        lines: list[list[Any]] | None = [["same", *twice, 2], ["clash", _first_free(given, theory)]]
        return claim | {"theory": stated, **gauge, "proof": lines}
    if isinstance(theory, Structure):
        observed = _partial(given, theory)
        table = given.table
        known = set(evidence)
        chosen = [
            i
            for i, (a, b, c) in enumerate(given.cells)
            if (table.rows[a], table.columns[b], table.symbols[c]) in known
        ]
        lines = refuted_trace(observed, chosen or None, time_limit=given.seconds / 2)
        if lines is not None:
            return claim | {"theory": _stated(theory), **_gauge(observed), "proof": lines}
    found = _searched(given, theory, TracedSearch.refuted)
    return None if found is None else claim | {"theory": found[0], "proof": found[1]}


def _twice(given: GivenCells) -> tuple[int, int] | None:
    """Return the places of two cells that state different products of the same factors."""
    for i, (one, other) in enumerate(zip(given.cells, given.cells[1:], strict=False)):
        if one[:2] == other[:2]:
            return i, i + 1
    return None


def _first_free(given: GivenCells, theory: Hypothesis) -> int:
    return len(given.cells) + (2 if theory is Structure.GROUP_ISOTOPE else 0)


def not_unique_claim(
    given: GivenCells, completions: tuple[Table, ...], theory: Hypothesis
) -> dict[str, Any]:
    """Return the claim that two tables of a theory have the given cells."""
    tables = [each.aligned() if each.has_one_alphabet else each for each in completions[:2]]
    claim: dict[str, Any] = {
        "claim": "not unique",
        "theory": _stated(theory),
        "tables": [each.array.tolist() for each in tables],
    }
    if theory is Structure.GROUP_ISOTOPE:
        claim["maps"] = [maps_of(each.array) for each in tables]
    return claim


def possible_claim(
    given: GivenCells, arrays: Int[NDArray[Any], "k n n"], theory: Theory, a: int, b: int
) -> dict[str, Any] | None:
    """Return the claim which values a cell can have."""
    values = arrays[:, a, b]
    shown = [arrays[int(np.argmax(values == v))].tolist() for v in np.unique(values).tolist()]
    refuted = []
    stated: dict[str, Any] | None = None
    for v in sorted(set(range(given.order)) - set(values.tolist())):
        more = replace(given, cells=(*given.cells, (a, b, v)))
        found = _searched(more, theory, TracedSearch.refuted)
        if found is None or (stated is not None and found[0] != stated):
            return None
        stated = found[0]
        refuted.append([v, found[1]])
    return {
        "claim": "possible",
        "theory": stated or _stated(theory),
        "cell": [a, b],
        "tables": shown,
        "refuted": refuted,
    }
