"""From a solution to its certificate, the document of schema ``cayley.certificate/1``.

Every claim comes with what `cayley._checker` needs to check it alone. A claim for which no proof is
found within the limits is left out, and said to be.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley import _checker
from cayley.algebra import Structure
from cayley.completion._findings import Findings, Hypothesis
from cayley.completion.certificates._group_claims import (
    characters_claim,
    has_few_characters,
    has_permutations,
    named_claim,
)
from cayley.completion.certificates._polynomial_claim import polynomial_claim
from cayley.completion.certificates._proved_claims import (
    GivenCells,
    answers_claim,
    cells_claim,
    forced_claim,
    inconsistent_claim,
    is_homotope,
    maps_of,
    nested_term,
    not_unique_claim,
    places_of_suspects,
    possible_claim,
    quadrangles_of,
    without,
)
from cayley.completion.certificates._wrong_cells_claim import wrong_cells_claim
from cayley.tables import Table
from cayley.theories import Theory

__all__ = [
    "LARGEST_CERTIFIED_ORDER",
    "certificate_of",
    "certificate_of_answers",
    "document_of_cells",
]

LARGEST_CERTIFIED_ORDER = 256
"""The table of a larger order alone takes a megabyte, and a proof in plain Python minutes."""

_LARGEST_NAMED_ORDER = 130
"""Order up to which the group is named with proof: generators that fit are looked for, and the
table of the group is written once more for each claim about an isotope."""

_MOST_POSSIBLE = 16
"""Open cells whose possible values are proved: each value that is refuted takes a proof."""


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
    full = solution.table.aligned() if solution.table.has_one_alphabet else solution.table
    given = _given(solution.given, time_limit)
    work, cells = given.table, list(given.cells)
    claims: list[dict[str, Any]] = []
    lacking: list[str] = []
    # What the group is comes last: it takes most time, and matters less than what is forced.
    wrong = places_of_suspects(given, full) if solution.suspects else []
    for name, make in chain(_claims(solution, given, full), _claims_of_group(solution, full.array)):
        claim = make() if given.seconds else None
        if claim is not None and wrong and claim["claim"] in ("not unique", "possible", "forced"):
            claim = claim | {"without": wrong}
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


def certificate_of_answers(
    table: Table,
    theory: Hypothesis,
    places: Sequence[tuple[str, str]],
    *,
    time_limit: float = 60.0,
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Return the certificate of what each answer for some cells would settle.

    Args:
        table: The table so far.
        theory: What it is taken to be.
        places: The cells that are asked for, as labels of rows and columns.
        time_limit: Seconds for all proofs together.

    Returns:
        The document, or None if there is nothing in it; and what is not proved in it.
    """
    given = _given(table, time_limit)
    work, cells = given.table, list(given.cells)
    claims, lacking = [], []
    for row, column in places:
        a, b = work.rows.index(row), work.columns.index(column)
        claim = answers_claim(given, theory, a, b) if given.seconds else None
        if claim is None:
            lacking.append(f"No proof was found within the limits for {row} o {column}.")
            continue
        _checker.check(document_of_cells(work, cells, None, [claim]))
        claims.append(claim)
    return document_of_cells(work, cells, None, claims) if claims else None, tuple(lacking)


def _given(table: Table, time_limit: float) -> GivenCells:
    """Return the given cells, over one order of labels if there is one alphabet."""
    work = table.aligned() if table.has_one_alphabet else table
    cells = sorted(set(map(tuple, work.observations.tolist())))
    return GivenCells(work, tuple(cells), time.monotonic() + time_limit)


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


def _claims(solution: Findings, given: GivenCells, full: Table) -> Iterator[_Claim]:
    """Yield what a solution claims, in words, with what makes the claim and its proof."""
    theory = solution.assumption
    complete = bool((full.array >= 0).all())
    if complete and solution.structure is not None and solution.status != "inconsistent":
        yield from _claims_of_table(solution, full)
    if solution.status == "inconsistent" and solution.refuted:
        refuted = solution.refuted[-1]
        yield (
            f"no {refuted.structure} has the cells",
            lambda: inconsistent_claim(given, refuted.structure, refuted.cells),
        )
        return
    if theory is not None and str(theory).startswith("polynomial") and solution.unique == "yes":
        yield (
            f"the cells force the table, if it is a {theory}",
            lambda: polynomial_claim(given.table, full),
        )
    if theory is None or not _is_known(theory):
        return
    wrong = places_of_suspects(given, full) if solution.suspects else []
    if complete and solution.unique == "yes":
        yield (
            f"the cells force the table, if it is {theory}",
            lambda: forced_claim(given, full, theory, wrong),
        )
        if wrong:
            yield (
                f"no fewer than {len(wrong)} given cells are wrong, if it is {theory}",
                lambda: wrong_cells_claim(given, theory, wrong),
            )
    elif solution.unique == "no" and len(solution.completions) >= 2:
        kept = without(given, wrong)
        yield (
            f"several tables with the cells are {theory}",
            lambda: not_unique_claim(kept, solution.completions, theory),
        )
        yield from _claims_of_cells(solution, kept, theory)


def _is_known(theory: Hypothesis) -> bool:
    if isinstance(theory, Structure):
        return theory in (Structure.GROUP, Structure.GROUP_ISOTOPE)
    return bool(theory.laws or theory.conditions) or is_homotope(theory)


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
                "maps": maps_of(array),
            },
        )
    elif structure is not None and array.shape[0] == array.shape[1]:
        quadrangles = quadrangles_of(array)
        if quadrangles is not None:
            yield "the table is no isotope of a group", lambda: {"claim": "isotope", **quadrangles}
    if isinstance(solution.assumption, Theory) and full.has_one_alphabet:
        for law in solution.assumption.laws:
            terms = [nested_term(law.left), nested_term(law.right)]
            yield f"the table satisfies {law}", partial(dict, claim="law", law=terms)


def _claims_of_group(solution: Findings, array: NDArray[Any]) -> Iterator[_Claim]:
    """Yield what is claimed of the group behind a full table: its name and its characters."""
    found, n = solution.identification, len(array)
    if solution.structure not in (Structure.GROUP, Structure.GROUP_ISOTOPE):
        return
    if found is None or found.name is None or n > _LARGEST_NAMED_ORDER:
        return
    if solution.status == "inconsistent" or (array < 0).any():
        return
    maps = None if solution.structure is Structure.GROUP else maps_of(array)
    name, gap_id = found.name, found.gap_id
    if has_permutations(name, n, gap_id):
        yield f"the group is {name}", lambda: named_claim(array, maps, name, gap_id)
    if has_few_characters(array, maps):
        yield "the group has these characters", lambda: characters_claim(array, maps)


def _claims_of_cells(solution: Findings, given: GivenCells, theory: Hypothesis) -> Iterator[_Claim]:
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
                lambda: cells_claim(given, first, theory, forced),
            )
    if isinstance(theory, Theory) and solution.completions_exact:
        for a, b in sorted(open_)[:_MOST_POSSIBLE]:
            yield (
                f"the values of row {a}, column {b}",
                partial(possible_claim, given, arrays, theory, a, b),
            )


def _known_cells(solution: Findings, given: GivenCells) -> set[tuple[int, int]]:
    """Return the cells that are filled in and proved, in the order of the certificate."""
    table = solution.table.with_array(
        np.where(np.isin(solution.provenance, [0, 1]), solution.table.array, -1)
    )
    array = (table.aligned() if table.has_one_alphabet else table).array
    return {(int(a), int(b)) for a, b in np.argwhere(array >= 0)}
