"""The JSON of a solution, schema ``cayley.solution/1``."""

from dataclasses import asdict
from typing import Any

from jaxtyping import Int
from numpy.typing import NDArray

from cayley.completion._history import history_to_document
from cayley.completion._solution import Provenance, Solution
from cayley.tables import Table

__all__ = ["to_document"]

_NAMES = {int(kind): kind.name.lower() for kind in Provenance}


def _labels(table: Table) -> list[list[str | None]]:
    symbols = [*table.symbols, None]  # -1, unknown, is the last
    return [[symbols[c] for c in row] for row in table.array.tolist()]


def _elements(indices: Int[NDArray[Any], " n"]) -> list[int]:
    return [int(i) for i in indices]


def to_document(solution: Solution) -> dict[str, Any]:
    """Return the document; ``isotopism`` lists the group element of each row, column and symbol."""
    table, found, maps = solution.table, solution.identification, solution.isotopism
    group = None
    if found is not None and found.invariants is not None:
        group = {
            "name": found.name,
            "gap_id": None if found.gap_id is None else list(found.gap_id),
        }
    return {
        "schema": "cayley.solution/1",
        "order": max(table.array.shape),
        "rows": list(table.rows),
        "columns": list(table.columns),
        "symbols": list(table.symbols),
        "table": _labels(table),
        "status": solution.status,
        "structure": solution.structure,
        "proved": solution.proved,
        "group": group,
        "isotopism": None
        if maps is None
        else {
            "rows": _elements(maps.rows),
            "columns": _elements(maps.columns),
            "symbols": _elements(maps.symbols),
        },
        "assumption": solution.assumption,
        "unique": solution.unique,
        "unique_among": solution.unique_among,
        "certificate": solution.certificate,
        "cells": dict(solution.counts),
        "provenance": [[_NAMES[p] for p in row] for row in solution.provenance.tolist()],
        "suspects": [asdict(suspect) for suspect in solution.suspects],
        "evidence_against_suspects": solution.evidence_against_suspects,
        "evidence": [list(triple) for triple in solution.evidence],
        "complexity": solution.complexity,
        "solver": solution.solver,
        "seed": solution.seed,
        "steps": solution.steps,
        "seconds": solution.seconds,
        "verdict": solution.verdict,
        "notes": list(solution.notes),
        "options": dict(solution.options),
        "history": history_to_document(solution.history),
        "version": solution.version,
    }
