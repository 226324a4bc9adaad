"""From a solution to its certificate, the document of schema ``cayley.certificate/1``.

Every claim comes with what `cayley._checker` needs to check it alone. A claim for which no proof is
found within the limits is left out, and said to be.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from cayley import _checker
from cayley.completion._findings import Findings, Hypothesis
from cayley.completion.certificates._claims import Claim, claims_of_verdict, further_claims
from cayley.completion.certificates._proved_claims import (
    GivenCells,
    answers_claim,
    places_of_suspects,
)
from cayley.tables import Table

__all__ = [
    "LARGEST_CERTIFIED_ORDER",
    "cells_and_table",
    "certificate_of",
    "certificate_of_answers",
    "document_about",
    "document_of_cells",
    "proved",
    "why_not_certified",
]

LARGEST_CERTIFIED_ORDER = 256
"""The table of a larger order alone takes a megabyte, and a proof in plain Python minutes."""


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
    reason = why_not_certified(solution)
    if reason:
        return None, (reason,)
    given, full = cells_and_table(solution, time_limit)
    every = further_claims(solution, given, full)
    if solution._proofs is None:
        every = chain(claims_of_verdict(solution, given, full), every)
    claims, lacking = proved(every, solution, given, full)
    accepted = []
    for claim in [*(solution._proofs or ()), *claims]:
        try:
            _checker.check(document_about(given, full, [claim]))
            accepted.append(claim)
        except _checker.Refused as refused:
            lacking.append(f"The checker refuses a proof, which is an error of cayley: {refused}.")
    return document_about(given, full, accepted) if accepted else None, tuple(lacking)


def why_not_certified(solution: Findings) -> str:
    """Return in a sentence why no certificate is written for a table of some shape, or nothing."""
    rows, columns = solution.given.array.shape
    if rows != columns or len(solution.given.symbols) != rows:
        return "Certificates are written for square tables only."
    if rows > LARGEST_CERTIFIED_ORDER:
        return f"Certificates are written up to order {LARGEST_CERTIFIED_ORDER}."
    return ""


def cells_and_table(solution: Findings, time_limit: float) -> tuple[GivenCells, Table]:
    """Return the given cells and the completed table of a solution, over one order of labels."""
    full = solution.table.aligned() if solution.table.has_one_alphabet else solution.table
    return _given(solution.given, time_limit), full


def proved(
    claims: Iterable[Claim], solution: Findings, given: GivenCells, full: Table
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return claims with their proofs, and sentences on those for which none was found."""
    wrong = places_of_suspects(given, full) if solution.suspects else []
    made, lacking = [], []
    for name, make in claims:
        claim = make() if given.seconds else None
        if claim is not None and wrong and claim["claim"] in ("not unique", "possible", "forced"):
            claim = claim | {"without": wrong}
        if claim is None:
            lacking.append(f"No proof was found within the limits for this claim: {name}.")
        else:
            made.append(claim)
    return made, lacking


def document_about(given: GivenCells, full: Table, claims: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the document of some claims about given cells and a table, which may lack cells."""
    completed = full.array.tolist() if (full.array >= 0).all() else None
    return document_of_cells(given.table, list(given.cells), completed, claims)


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
