"""A discovery in words and as JSON."""

from typing import Any

from cayley.completion import Provenance
from cayley.discovery._result import Discovery

__all__ = ["to_document", "verdict"]


def verdict(found: Discovery) -> str:
    """Return the verdict in a few sentences."""
    parts = [_group(found), _evidence(found), _fit(found)]
    if found.wrong:
        parts.append(
            f"{_count(len(found.wrong), 'observation')} of {found.num_observations} contradict it."
        )
    return " ".join(part for part in parts if part)


def _group(found: Discovery) -> str:
    if found.status == "inconsistent":
        places = ", ".join(str(i + 1) for i in found.evidence[:6])
        return "Inconsistent: no permutations have these transitions" + (
            f"; already observations {places} contradict each other." if places else "."
        )
    if found.status == "unresolved":
        unknown = found.counts["unknown"]
        if unknown:
            return f"Unresolved: {_count(unknown, 'transition')} could not be filled."
        return "Unresolved: the fitted matrices generate no finite group that could be found."
    lead = "Predicted, not proved: the" if found.status == "predicted" else "The"
    what = f"{lead} {_count(len(found.actions), 'transformation')} generate"
    if len(found.actions) == 1:
        what += "s"
    if found.group is None:
        size = "more elements than were asked for" if found.order is None else (
            f"{found.order} elements")  # fmt: skip
        return f"{what} a group of {size}, too many for a table."
    assert found.identification is not None
    if found.identification.name is None:
        return f"{what} a group of order {found.group.order}."
    return f"{what} the group {found.identification}."


def _evidence(found: Discovery) -> str:
    return "" if found.status in ("inconsistent", "unresolved") else f"{found.proof}."


def _fit(found: Discovery) -> str:
    if found.residual is None:
        return ""
    text = f"The vectors fit to {found.residual:.1e}"
    if found.fitted is not None and found.rounded is not None:
        text += (
            f"; homomorphism defect {found.fitted.homomorphism:.1e} as fitted, "
            f"{found.rounded.homomorphism:.1e} after rounding"
        )
    return text + "."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def to_document(found: Discovery) -> dict[str, Any]:
    """Return the document; transitions list for each point the point after each transformation."""
    labels = [*found.points, None]
    names = {int(kind): kind.name.lower() for kind in Provenance}
    group = None
    if found.group is not None and found.identification is not None:
        number = found.identification.gap_id
        group = {
            "name": found.identification.name,
            "gap_id": None if number is None else list(number),
            "order": found.group.order,
            "table": found.group.table.tolist() if found.group.order <= 200 else None,
        }
    defects = None
    if found.fitted is not None and found.rounded is not None:
        defects = {
            "fitted": {
                "unitarity": found.fitted.unitarity,
                "homomorphism": found.fitted.homomorphism,
            },
            "rounded": {
                "unitarity": found.rounded.unitarity,
                "homomorphism": found.rounded.homomorphism,
            },
            "distance": found.distance,
        }
    matrices = None
    if found.kind == "linear" and found.representation is not None and found.elements is not None:
        chosen = found.representation.matrices[found.elements.tolist()]
        matrices = dict(zip(found.actions, chosen.tolist(), strict=True))
    return {
        "schema": "cayley.discovery/1",
        "kind": found.kind,
        "status": found.status,
        "proof": found.proof,
        "actions": list(found.actions),
        "points": list(found.points),
        "transitions": None
        if found.transitions is None
        else [[labels[y] for y in row] for row in found.transitions.tolist()],
        "provenance": None
        if found.provenance is None
        else [[names[p] for p in row] for row in found.provenance.tolist()],
        "cells": found.counts,
        "order": found.order,
        "group": group,
        "elements": None if found.elements is None else found.elements.tolist(),
        "degree": None if found.representation is None else found.representation.degree,
        "matrices": matrices,
        "residual": found.residual,
        "defects": defects,
        "observations": found.num_observations,
        "wrong": [
            {
                "observation": w.place + 1,
                "action": w.action,
                "state": w.state,
                "given": w.given,
                "expected": w.expected,
            }
            for w in found.wrong
        ],
        "evidence": [i + 1 for i in found.evidence],
        "verdict": found.verdict,
        "notes": list(found.notes),
        "seconds": found.seconds,
        "version": found.version,
    }
