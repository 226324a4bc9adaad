"""From a solution to its certificate, the document of schema ``cayley.certificate/1``.

Every claim comes with what `cayley._checker` needs to check it alone. A claim for which no proof is
found within the limits is left out, and said to be.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley import _checker
from cayley._shapes import Int
from cayley.algebra import Isotopism, Structure, identify
from cayley.completion._findings import Findings, Hypothesis
from cayley.deduction._partial_table import PartialTable
from cayley.deduction._trace import cells_trace, forced_trace, refuted_trace
from cayley.tables import Table
from cayley.theories import Theory, parse_theory
from cayley.theories._propagation import Propagation
from cayley.theories._trace import NoTrace, TracedSearch

__all__ = ["LARGEST_CERTIFIED_ORDER", "certificate_of", "document_of_cells"]

LARGEST_CERTIFIED_ORDER = 256
"""The table of a larger order alone takes a megabyte, and a proof in plain Python minutes."""

_NODES = 5000
"""Guesses in the search for one proof: each takes milliseconds."""

_MAX_BATCH = 1_000_000
"""Instances of a law in memory at once, as in `SearchLimits`."""

_MOST_POSSIBLE = 16
"""Open cells whose possible values are proved: each value that is refuted takes a proof."""


@dataclass(frozen=True, slots=True)
class _Given:
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


def certificate_of(
    solution: Findings, *, time_limit: float = 60.0
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the certificate of a solution, and sentences on what it does not prove.

    Args:
        solution: The solution.
        time_limit: Seconds for all proofs together.

    Returns:
        The document, or None if there is nothing in it; and what was claimed but is not proved in
        it.
    """
    rows, columns = solution.given.array.shape
    if rows != columns or len(solution.given.symbols) != rows:
        return None, ("Certificates are written for square tables only.",)
    if rows > LARGEST_CERTIFIED_ORDER:
        return None, (f"Certificates are written up to order {LARGEST_CERTIFIED_ORDER}.",)
    work, full = solution.given, solution.table
    if work.has_one_alphabet:
        work, full = work.aligned(), full.aligned()
    cells = sorted(set(map(tuple, work.observations.tolist())))
    given = _Given(work, tuple(cells), time.monotonic() + time_limit)
    claims: list[dict[str, Any]] = []
    lacking: list[str] = []
    for name, make in _claims(solution, given, full):
        claim = make() if given.seconds else None
        if claim is None:
            lacking.append(f"No proof was found within the limits for this claim: {name}.")
        else:
            claims.append(claim)
    table = full.array.tolist() if (full.array >= 0).all() else None
    accepted = []
    for claim in claims:
        try:
            _checker.check(document_of_cells(work, cells, table, [claim]))
            accepted.append(claim)
        except _checker.Refused as refused:
            lacking.append(f"The checker refuses a proof, which is an error of cayley: {refused}.")
    document = document_of_cells(work, cells, table, accepted) if accepted else None
    return document, tuple(lacking)


def document_of_cells(
    table: Table,
    cells: list[tuple[int, int, int]],
    completed: list[list[int]] | None,
    claims: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return the document that makes some claims about given cells and a completed table."""
    rows, columns, symbols = (list(each) for each in (table.rows, table.columns, table.symbols))
    named = sorted([rows[a], columns[b], symbols[c]] for a, b, c in cells)
    text = json.dumps([*map(sorted, (rows, columns, symbols)), named])
    return {
        "schema": _checker.SCHEMA,
        "rows": rows,
        "columns": columns,
        "symbols": symbols,
        "cells": [list(cell) for cell in cells],
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "table": completed,
        "claims": claims,
    }


_Claim = tuple[str, Callable[[], dict[str, Any] | None]]


def _claims(solution: Findings, given: _Given, full: Table) -> Iterator[_Claim]:
    """Yield what a solution claims, in words, with what makes the claim and its proof."""
    theory = solution.assumption
    complete = bool((full.array >= 0).all())
    if complete and solution.structure is not None and solution.status != "inconsistent":
        yield from _claims_of_table(solution, full)
    if solution.status == "inconsistent" and solution.refuted:
        refuted = solution.refuted[-1]
        yield (
            f"no {refuted.structure} has the cells",
            lambda: _inconsistent(given, refuted.structure, refuted.cells),
        )
        return
    if theory is None or not _is_known(theory):
        return
    wrong = _places_of_suspects(given, full) if solution.suspects else []
    if complete and solution.unique == "yes":
        yield (
            f"the cells force the table, if it is {theory}",
            lambda: _forced(given, full, theory, wrong),
        )
    elif solution.unique == "no" and len(solution.completions) >= 2:
        yield (
            f"several tables with the cells are {theory}",
            lambda: _not_unique(given, solution.completions, theory),
        )
        yield from _claims_of_cells(solution, given, theory)


def _is_known(theory: Hypothesis) -> bool:
    if isinstance(theory, Structure):
        return theory in (Structure.GROUP, Structure.GROUP_ISOTOPE)
    return bool(theory.laws or theory.conditions)


def _claims_of_table(solution: Findings, full: Table) -> Iterator[_Claim]:
    """Yield what is claimed of a completed table."""
    structure, array = solution.structure, full.array
    if structure is Structure.GROUP:
        yield "the table is a group", lambda: {"claim": "group"}
    elif structure is Structure.GROUP_ISOTOPE:
        yield (
            "the table is an isotope of a group",
            lambda: {
                "claim": "isotope",
                "maps": _maps(array),
            },
        )
    elif structure is not None and array.shape[0] == array.shape[1]:
        quadrangles = _quadrangles(array)
        if quadrangles is not None:
            yield "the table is no isotope of a group", lambda: {"claim": "isotope", **quadrangles}
    if isinstance(solution.assumption, Theory) and full.has_one_alphabet:
        for law in solution.assumption.laws:
            terms = [_nested(law.left), _nested(law.right)]
            yield f"the table satisfies {law}", partial(dict, claim="law", law=terms)


def _claims_of_cells(solution: Findings, given: _Given, theory: Hypothesis) -> Iterator[_Claim]:
    """Yield what is claimed of single cells where several tables are left."""
    seen = {(a, b) for a, b, _ in given.cells}
    table = solution.completions[0]
    first = table.aligned() if table.has_one_alphabet else table
    tables = [each.aligned() if each.has_one_alphabet else each for each in solution.completions]
    arrays = np.stack([each.array for each in tables])
    # Solution.possible is over the given order of labels; here the aligned one counts.
    open_ = {
        (given.table.rows.index(solution.table.rows[a]), given.table.columns.index(
            solution.table.columns[b]
        ))
        for a, b in solution.possible
    }  # fmt: skip
    same = (arrays == arrays[0]).all(axis=0)
    forced = [
        (int(a), int(b))
        for a, b in np.argwhere(same)
        if (int(a), int(b)) not in seen and (int(a), int(b)) not in open_
    ]
    if forced and (solution.possible or solution.num_completions is not None):
        known = _known_cells(solution, given)
        forced = [cell for cell in forced if cell in known]
        if forced:
            yield (
                f"{len(forced)} cells are forced, if it is {theory}",
                lambda: _cells(given, first, theory, forced),
            )
    if isinstance(theory, Theory) and solution.completions_exact:
        for a, b in sorted(open_)[:_MOST_POSSIBLE]:
            yield (
                f"the values of row {a}, column {b}",
                partial(_possible, given, arrays, theory, a, b),
            )


def _known_cells(solution: Findings, given: _Given) -> set[tuple[int, int]]:
    """Return the cells that are filled in and proved, in the order of the certificate."""
    table = solution.table.with_array(
        np.where(np.isin(solution.provenance, [0, 1]), solution.table.array, -1)
    )
    array = (table.aligned() if table.has_one_alphabet else table).array
    return {(int(a), int(b)) for a, b in np.argwhere(array >= 0)}


def _nested(term: Any) -> Any:
    return term if isinstance(term, int) else [_nested(term[0]), _nested(term[1])]


def _maps(array: Int[NDArray[Any], "n n"]) -> dict[str, Any]:
    """Return the maps of a table to a group as the checker reads them."""
    found = identify(array).isotopism
    assert isinstance(found, Isotopism)
    names = ("rows", "columns", "symbols")
    return {name: getattr(found, name).tolist() for name in names} | {
        "group": found.group.table.tolist()
    }


def _quadrangles(array: Int[NDArray[Any], "n n"]) -> dict[str, list[int]] | None:
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


def _places_of_suspects(given: _Given, full: Table) -> list[int]:
    return [i for i, (a, b, c) in enumerate(given.cells) if full.array[a, b] != c]


def _without(given: _Given, wrong: list[int]) -> _Given:
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
        "laws": [[_nested(law.left), _nested(law.right)] for law in theory.laws],
        "conditions": sorted(map(str, theory.conditions)),
    }


def _partial(given: _Given, theory: Hypothesis) -> PartialTable:
    assert isinstance(theory, Structure)
    return PartialTable.of(list(map(list, given.cells)), given.order, theory)


def _gauge(cells: PartialTable) -> dict[str, Any]:
    return {"gauge": list(cells.gauge)} if cells.assume is Structure.GROUP_ISOTOPE else {}


def _searched(
    given: _Given, theory: Hypothesis, prove: Callable[[TracedSearch], list[list[Any]]]
) -> tuple[dict[str, Any], list[list[Any]]] | None:
    """Return a theory of laws with a proof, None if none is found."""
    laws = parse_theory("group") if theory is Structure.GROUP else theory
    if not isinstance(laws, Theory):
        return None
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


def _forced(
    given: _Given, full: Table, theory: Hypothesis, wrong: list[int]
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
                claim["maps"] = _maps(full.array)
            return claim
    everywhere = [(a, b) for a in range(given.order) for b in range(given.order)]
    found = _searched(kept, theory, lambda search: search.forced(full.array, everywhere))
    return None if found is None else claim | {"theory": found[0], "proof": found[1]}


def _cells(
    given: _Given, table: Table, theory: Hypothesis, cells: list[tuple[int, int]]
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


def _inconsistent(
    given: _Given, theory: Hypothesis, evidence: tuple[tuple[str, str, str], ...]
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


def _twice(given: _Given) -> tuple[int, int] | None:
    """Return the places of two cells that state different products of the same factors."""
    for i, (one, other) in enumerate(zip(given.cells, given.cells[1:], strict=False)):
        if one[:2] == other[:2]:
            return i, i + 1
    return None


def _first_free(given: _Given, theory: Hypothesis) -> int:
    return len(given.cells) + (2 if theory is Structure.GROUP_ISOTOPE else 0)


def _not_unique(
    given: _Given, completions: tuple[Table, ...], theory: Hypothesis
) -> dict[str, Any]:
    """Return the claim that two tables of a theory have the given cells."""
    tables = [each.aligned() if each.has_one_alphabet else each for each in completions[:2]]
    claim: dict[str, Any] = {
        "claim": "not unique",
        "theory": _stated(theory),
        "tables": [each.array.tolist() for each in tables],
    }
    if theory is Structure.GROUP_ISOTOPE:
        claim["maps"] = [_maps(each.array) for each in tables]
    return claim


def _possible(
    given: _Given, arrays: Int[NDArray[Any], "k n n"], theory: Theory, a: int, b: int
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
