"""Each claim of a certificate with its proof, as the checker reads it; None where none is found."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cayley import _checker
from cayley._shapes import Int
from cayley.algebra import Identification, Isotopism, Structure, identify
from cayley.completion._findings import Hypothesis
from cayley.deduction.homotopes._homotopes import Homotope, complete_homotope
from cayley.deduction.proofs._trace import (
    cells_trace,
    consequences_trace,
    forced_trace,
    refuted_trace,
)
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.tables import Table
from cayley.theories import Theory, parse_theory
from cayley.theories.laws._conditions import Condition
from cayley.theories.mining._weighing import theory_of
from cayley.theories.proofs._condition_trace import NoTrace
from cayley.theories.proofs._trace import TracedSearch
from cayley.theories.propagation._propagation import Propagation

__all__ = [
    "GivenCells",
    "answers_claim",
    "cells_claim",
    "forced_claim",
    "gauge_of",
    "homotope_maps",
    "inconsistent_claim",
    "is_homotope",
    "maps_of",
    "nested_term",
    "not_unique_claim",
    "partial_of",
    "places_of_suspects",
    "possible_claim",
    "quadrangles_of",
    "refutation",
    "stated",
    "without",
]

_NODES = 5000
"""Guesses in the search for one proof: each takes milliseconds."""

_LARGEST_GROUP = 256
"""Order of a group whose table is written out for a homotope."""

_DEFINED = 10
"""Elements defined for each label in the proof of what a homotope's cells force."""

_MAX_BATCH = 1_000_000
"""Instances of a law in memory at once, as in `SearchLimits`."""


_Proof = TypeVar("_Proof")


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


def maps_of(array: Int[NDArray[Any], "n n"], known: Identification | None = None) -> dict[str, Any]:
    """Return the maps of a table to a group as the checker reads them.

    Args:
        array: The table.
        known: What it is, if that is decided already.
    """
    found = (identify(array) if known is None else known).isotopism
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


def without(given: GivenCells, wrong: list[int]) -> GivenCells:
    """Return the given cells but some that are taken to be wrong."""
    left = tuple(cell for i, cell in enumerate(given.cells) if i not in set(wrong))
    return replace(given, cells=left)


def stated(theory: Hypothesis) -> dict[str, Any]:
    """Return a theory as the document states it."""
    if theory is Structure.GROUP_ISOTOPE:
        return {"name": _checker.ISOTOPE}
    if theory is Structure.GROUP or str(theory) == "group":
        return {"name": "group"}
    assert isinstance(theory, Theory)
    if is_homotope(theory):
        return {"name": _checker.HOMOTOPE}
    return {
        "name": str(theory),
        "laws": [[nested_term(law.left), nested_term(law.right)] for law in theory.laws],
        "conditions": sorted(map(str, theory.conditions)),
    }


def partial_of(given: GivenCells, theory: Hypothesis) -> PartialTable:
    """Return the cells as the enumeration takes them; a homotope has alphabets as an isotope."""
    structure = Structure.GROUP_ISOTOPE if is_homotope(theory) else theory
    assert isinstance(structure, Structure)
    return PartialTable.of(list(map(list, given.cells)), given.order, structure)


def gauge_of(given: GivenCells, theory: Hypothesis) -> dict[str, Any]:
    """Return the gauge as a claim states it; nothing for a theory that has none."""
    if not (theory is Structure.GROUP_ISOTOPE or is_homotope(theory)):
        return {}
    return {"gauge": list(partial_of(given, theory).gauge)}


def is_homotope(theory: Hypothesis) -> bool:
    """Whether a theory is that of the homotopes of groups, which no laws state."""
    return str(theory) == _checker.HOMOTOPE


def _is_traced(theory: Hypothesis) -> bool:
    """Whether proofs are made by the enumeration of a group."""
    return isinstance(theory, Structure) or is_homotope(theory)


def homotope_maps(given: GivenCells, full: Table) -> dict[str, Any] | None:
    """Return the maps of a full table to a group that it is a homotope of; None if none is found.

    The universal group of all cells has them.
    """
    found = complete_homotope(full, time_limit=given.seconds, minimal=False)
    if not isinstance(found, Homotope) or found.group is None:
        return None
    if len(found.group) > _LARGEST_GROUP:
        return None
    names = ("rows", "columns", "symbols")
    # A symbol that does not occur is an element of its own beyond the group, or any.
    return {name: np.maximum(getattr(found, name), 0).tolist() for name in names} | {
        "group": found.group.tolist()
    }


def _searched(
    given: GivenCells, theory: Hypothesis, prove: Callable[[TracedSearch], _Proof]
) -> tuple[dict[str, Any], _Proof] | None:
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
        return stated(theory), prove(search)
    except NoTrace:
        return None


def forced_claim(
    given: GivenCells,
    full: Table,
    theory: Hypothesis,
    wrong: list[int],
    known: Identification | None = None,
) -> dict[str, Any] | None:
    """Return the claim that the given cells, but some wrong ones, force the whole table.

    Args:
        given: All given cells.
        full: The table.
        theory: What it is taken to be.
        wrong: The places of the cells that are taken to be wrong.
        known: What the table is, if that is decided already.
    """
    kept = without(given, wrong)
    claim: dict[str, Any] = {"claim": "forced", "cells": "all"}
    if wrong:
        claim["without"] = wrong
    if is_homotope(theory):
        everything = [(int(a), int(b), int(c)) for (a, b), c in np.ndenumerate(full.array)]
        traced = _homotope_trace(kept, theory, everything)
        maps = None if traced is None else homotope_maps(given, full)
        return None if traced is None or maps is None else claim | traced | {"maps": maps}
    if isinstance(theory, Structure):
        observed = partial_of(kept, theory)
        lines = forced_trace(observed, full.array, time_limit=given.seconds / 2)
        if lines is not None:
            claim |= {"theory": stated(theory), **gauge_of(kept, theory), "proof": lines}
            if theory is Structure.GROUP_ISOTOPE:
                claim["maps"] = maps_of(full.array, known)
            return claim
    everywhere = [(a, b) for a in range(given.order) for b in range(given.order)]
    found = _searched(kept, theory, lambda search: search.forced(full.array, everywhere))
    return None if found is None else claim | {"theory": found[0], "proof": found[1]}


def _homotope_trace(
    given: GivenCells, theory: Hypothesis, wanted: Sequence[Sequence[int]]
) -> dict[str, Any] | None:
    """Return the theory, the gauge and the lines by which some cells follow."""
    lines = cells_trace(
        partial_of(given, theory),
        wanted,
        time_limit=given.seconds / 2,
        max_defined=_DEFINED * given.order,
        homotope=True,
    )
    if lines is None:
        return None
    return {"theory": stated(theory), **gauge_of(given, theory), "proof": lines}


def cells_claim(
    given: GivenCells, table: Table, theory: Hypothesis, cells: list[tuple[int, int]]
) -> dict[str, Any] | None:
    """Return the claim that the given cells force some more."""
    wanted = [[a, b, int(table.array[a, b])] for a, b in cells]
    claim: dict[str, Any] = {"claim": "forced", "cells": wanted}
    if is_homotope(theory):
        traced = _homotope_trace(given, theory, wanted)
        return None if traced is None else claim | traced
    if isinstance(theory, Structure):
        lines = cells_trace(partial_of(given, theory), wanted, time_limit=given.seconds)
        if lines is not None:
            return claim | {"theory": stated(theory), **gauge_of(given, theory), "proof": lines}
    found = _searched(given, theory, lambda search: search.forced(table.array, cells))
    return None if found is None else claim | {"theory": found[0], "proof": found[1]}


def inconsistent_claim(
    given: GivenCells, theory: Hypothesis, evidence: tuple[tuple[str, str, str], ...]
) -> dict[str, Any] | None:
    """Return the claim that no table of a theory has the given cells."""
    claim: dict[str, Any] = {
        "claim": "inconsistent",
        "theory": stated(theory),
        **gauge_of(given, theory),
    }
    table, known = given.table, set(evidence)
    chosen = [
        i
        for i, (a, b, c) in enumerate(given.cells)
        if (table.rows[a], table.columns[b], table.symbols[c]) in known
    ]
    lines = refutation(given, theory, chosen or None)
    return None if lines is None else claim | {"proof": lines}


def refutation(
    given: GivenCells, theory: Hypothesis, chosen: Sequence[int] | None = None
) -> list[list[Any]] | None:
    """Return lines by which the given cells contradict each other; None if none are found.

    Args:
        given: The cells.
        theory: What the table is taken to be.
        chosen: The places of cells that are known to be inconsistent; all by default.
    """
    twice = _twice(given)
    if twice is not None:
        return [["same", *twice, 2], ["clash", _first_free(given, theory)]]
    if _is_traced(theory):
        homotope = is_homotope(theory)
        part = partial_of(given, theory)
        lines = refuted_trace(part, chosen, time_limit=given.seconds / 2, homotope=homotope)
        if lines is not None or homotope:
            return lines
    found = _searched(given, theory, TracedSearch.refuted)
    return None if found is None else found[1]


def answers_claim(given: GivenCells, theory: Hypothesis, a: int, b: int) -> dict[str, Any] | None:
    """Return the claim what each answer for a cell settles; None if no proofs are written for it.

    Args:
        given: The given cells.
        theory: What the table is taken to be.
        a: The row that is asked for.
        b: The column that is asked for.
    """
    gauge = gauge_of(given, theory)
    answers = []
    for value in range(given.order):
        more = replace(given, cells=(*given.cells, (a, b, value)))
        if _twice(more) is not None:
            return None
        cells: list[list[int]] | None
        if isinstance(theory, Structure):
            part = partial_of(more, theory)
            if gauge:
                part = replace(part, gauge=tuple(gauge["gauge"]))
            share = given.seconds / (given.order - value)
            cells, lines = consequences_trace(part, time_limit=share)
        else:
            found = _searched(more, theory, lambda search: search.consequences())
            if found is None:
                return None
            cells, lines = found[1]
        answers.append([value, cells or [], lines])
    return {
        "claim": "next",
        "theory": stated(theory),
        "cell": [a, b],
        "answers": answers,
        **gauge,
    }


def _twice(given: GivenCells) -> tuple[int, int] | None:
    """Return the places of two cells that state different products of the same factors."""
    for i, (one, other) in enumerate(zip(given.cells, given.cells[1:], strict=False)):
        if one[:2] == other[:2]:
            return i, i + 1
    return None


def _first_free(given: GivenCells, theory: Hypothesis) -> int:
    return len(given.cells) + len(gauge_of(given, theory).get("gauge", ()))


def not_unique_claim(
    given: GivenCells, completions: tuple[Table, ...], theory: Hypothesis
) -> dict[str, Any] | None:
    """Return the claim that two tables of a theory have the given cells."""
    tables = [each.aligned() if each.has_one_alphabet else each for each in completions[:2]]
    claim: dict[str, Any] = {
        "claim": "not unique",
        "theory": stated(theory),
        "tables": [each.array.tolist() for each in tables],
    }
    if theory is Structure.GROUP_ISOTOPE:
        claim["maps"] = [maps_of(each.array) for each in tables]
    if is_homotope(theory):
        maps = [homotope_maps(given, each) for each in tables]
        return None if None in maps else claim | {"maps": maps}
    return claim


def possible_claim(
    given: GivenCells, arrays: Int[NDArray[Any], "k n n"], theory: Theory, a: int, b: int
) -> dict[str, Any] | None:
    """Return the claim which values a cell can have."""
    values = arrays[:, a, b]
    shown = [arrays[int(np.argmax(values == v))].tolist() for v in np.unique(values).tolist()]
    refuted = []
    name: dict[str, Any] | None = None
    for v in sorted(set(range(given.order)) - set(values.tolist())):
        more = replace(given, cells=(*given.cells, (a, b, v)))
        found = _searched(more, theory, TracedSearch.refuted)
        if found is None or (name is not None and found[0] != name):
            return None
        name = found[0]
        refuted.append([v, found[1]])
    return {
        "claim": "possible",
        "theory": name or stated(theory),
        "cell": [a, b],
        "tables": shown,
        "refuted": refuted,
    }
