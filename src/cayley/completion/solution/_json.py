"""The JSON of a solution, schema ``cayley.solution/1``."""

import math
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.completion._findings import Findings, Hypothesis, Provenance
from cayley.completion._progress import CURVES, Progress
from cayley.tables import Table

__all__ = ["ASSUMED", "history_from_document", "history_to_document", "to_document", "word_for"]

ASSUMED: dict[Structure | str | None, str] = {
    Structure.GROUP: "group",
    Structure.GROUP_ISOTOPE: "isotope",
    None: "none",
}
"""Words of the schema for what was assumed; a theory is called by its own name."""


def word_for(assumption: Hypothesis | str | None) -> str:
    """Return the word of the schema for what was asked or assumed."""
    known = assumption if assumption is None or isinstance(assumption, str) else None
    if assumption is not None and known is None:
        return str(assumption)
    return ASSUMED.get(known, str(known))


_NAMES = {int(kind): kind.name.lower() for kind in Provenance}


def _labels(table: Table) -> list[list[str | None]]:
    symbols = [*table.symbols, None]  # -1, unknown, is the last
    return [[symbols[c] for c in row] for row in table.array.tolist()]


def _elements(indices: Int[NDArray[Any], " n"]) -> list[int]:
    return [int(i) for i in indices]


def _options(solution: Findings) -> dict[str, Any]:
    if not solution.options:
        return {}
    asked = solution.assume
    return {"assume": word_for(asked), **solution.options}


def _theory(solution: Findings) -> dict[str, Any] | None:
    if solution.assumption is None:
        return None
    return {
        "name": str(solution.assumption),
        "standing": solution.standing,
        "log10_chance": _rounded(solution.log10_chance),
        "earned": None if solution.earned is None else str(solution.earned),
        "laws": [asdict(fact) for fact in solution.facts],
    }


def _rivals(solution: Findings) -> list[dict[str, Any]]:
    return [
        {
            "theory": str(rival.theory),
            "standing": rival.standing,
            "suspects": rival.suspects,
            "differs": [
                {"row": row, "column": column, "value": value}
                for row, column, value in rival.differs
            ],
        }
        for rival in solution.rivals
    ]


def _completions(solution: Findings) -> dict[str, Any] | None:
    if solution.num_completions is None:
        return None
    return {"count": solution.num_completions, "exact": solution.completions_exact}


def _possible(solution: Findings) -> list[dict[str, Any]]:
    table = solution.table
    return [
        {
            "row": table.rows[a],
            "column": table.columns[b],
            "values": [table.symbols[value] for value in values],
        }
        for (a, b), values in sorted(solution.possible.items())
    ]


def _refuted(solution: Findings) -> list[dict[str, Any]]:
    return [
        {
            "theory": str(each.structure),
            "reason": each.reason,
            "cells": [list(cell) for cell in each.cells],
        }
        for each in solution.refuted
    ]


def to_document(solution: Findings, *, verdict: str) -> dict[str, Any]:
    """Return the document; ``isotopism`` lists the group element of each row, column and symbol.

    Args:
        solution: What was found.
        verdict: The same in words.
    """
    table, found, maps = solution.table, solution.identification, solution.isotopism
    group = None
    if found is not None and found.invariants is not None:
        group = {
            "name": found.name,
            "gap_id": None if found.gap_id is None else list(found.gap_id),
        }
    elif solution.homotope_of is not None:
        name, number = solution.homotope_of
        group = {"name": name, "gap_id": None if number is None else list(number)}
    return {
        "schema": "cayley.solution/1",
        "order": max(table.array.shape),
        "rows": list(table.rows),
        "columns": list(table.columns),
        "symbols": list(table.symbols),
        "table": _labels(table),
        "status": solution.status,
        "structure": None if found is None else str(found.structure),
        "proved": solution.proved,
        "group": group,
        "isotopism": None
        if maps is None
        else {
            "rows": _elements(maps.rows),
            "columns": _elements(maps.columns),
            "symbols": _elements(maps.symbols),
        },
        "assumption": word_for(solution.assumption),
        "theory": _theory(solution),
        "rivals": _rivals(solution),
        "completions": _completions(solution),
        "possible": _possible(solution),
        "refuted": _refuted(solution),
        "unique": solution.unique,
        "unique_among": solution.unique_among,
        "method": solution.method,
        "certificate": "",
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
        "verdict": verdict,
        "premise": solution.premise,
        "notes": list(solution.notes),
        "options": _options(solution),
        "history": history_to_document(solution.history),
        "version": solution.version,
    }


def history_to_document(history: tuple[Progress, ...]) -> dict[str, list[Any]]:
    """Return a history column by column; numbers to six digits, null where there is none."""
    names = {name: [getattr(p, name) for p in history] for name in ("solver", "stage", "step")}
    return names | {name: [_rounded(getattr(p, name)) for p in history] for name in CURVES}


def history_from_document(columns: Any) -> tuple[Progress, ...]:
    """Return the history of a document; empty where there is none.

    Raises:
        ValueError: If the columns are no lists of one length with numbers in them.
    """
    if columns is None:
        return ()
    try:
        steps = [int(step) for step in columns["step"]]
        texts = {name: [str(value) for value in columns[name]] for name in ("solver", "stage")}
        numbers = {
            name: [
                math.nan if v is None else float(v) for v in columns.get(name, [None] * len(steps))
            ]
            for name in CURVES
        }
        rows = zip(steps, *texts.values(), *numbers.values(), strict=True)
        keys = ("step", *texts, *numbers)
        return tuple(Progress(**dict(zip(keys, row, strict=True))) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError(
            "`history` must hold lists of one length, `solver`, `stage`, `step` and the curves."
        ) from None


def _rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")
