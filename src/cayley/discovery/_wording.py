"""Sentences of a discovery's verdict and members of its JSON document, from plain values."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group, Identification
from cayley.completion._findings import Status
from cayley.representations._defects import Defects

__all__ = [
    "contradictions_sentence",
    "defects_member",
    "fit_sentence",
    "group_member",
    "inconsistent_sentence",
    "structure_sentence",
    "table_member",
    "unresolved_sentence",
]

_LARGEST_TABLE = 200
"""Largest order of a group whose table is in the document: 40,000 numbers, some 150 kB of text."""

_SHOWN_PLACES = 6
"""Most contradicting observations that a sentence lists; the document has all of them."""


def inconsistent_sentence(evidence: tuple[int, ...]) -> str:
    """Return what is said where no permutations have the transitions."""
    places = ", ".join(str(i + 1) for i in evidence[:_SHOWN_PLACES])
    return "Inconsistent: no permutations have these transitions" + (
        f"; already observations {places} contradict each other." if places else "."
    )


def unresolved_sentence(unknown: int) -> str:
    """Return what is said where so many transitions, or else the group, were not found."""
    if unknown:
        return f"Unresolved: {_count(unknown, 'transition')} could not be filled."
    return "Unresolved: the fitted matrices generate no finite group that could be found."


def structure_sentence(
    status: Status, actions: int, order: int | None, identification: Identification | None
) -> str:
    """Return which group so many transformations generate.

    Args:
        status: Solved or predicted.
        actions: Number of transformations.
        order: Order of the group; None if not known.
        identification: Its name; None if the group has no table.
    """
    lead = "Predicted, not proved: the" if status == "predicted" else "The"
    what = f"{lead} {_count(actions, 'transformation')} generate{'s' if actions == 1 else ''}"
    if identification is None:
        size = "more elements than were asked for" if order is None else f"{order} elements"
        return f"{what} a group of {size}, too many for a table."
    if identification.name is None:
        return f"{what} a group of order {order}."
    return f"{what} the group {identification}."


def fit_sentence(residual: float | None, fitted: Defects | None, rounded: Defects | None) -> str:
    """Return how well vectors are fitted; nothing where there are none."""
    if residual is None:
        return ""
    text = f"The vectors fit to {residual:.1e}"
    if fitted is not None and rounded is not None:
        text += (
            f"; homomorphism defect {fitted.homomorphism:.1e} as fitted, "
            f"{rounded.homomorphism:.1e} after rounding"
        )
    return text + "."


def contradictions_sentence(wrong: int, total: int) -> str:
    """Return how many observations contradict what was found; nothing where none do."""
    return f"{_count(wrong, 'observation')} of {total} contradict it." if wrong else ""


def group_member(
    group: Group | None, identification: Identification | None
) -> dict[str, Any] | None:
    """Return name, number, order and, of a small group, the table."""
    if group is None or identification is None:
        return None
    number = identification.gap_id
    return {
        "name": identification.name,
        "gap_id": None if number is None else list(number),
        "order": group.order,
        "table": group.table.tolist() if group.order <= _LARGEST_TABLE else None,
    }


def defects_member(
    fitted: Defects | None, rounded: Defects | None, distance: float | None
) -> dict[str, Any] | None:
    """Return the defects of matrices before and after rounding, and how far rounding moved them."""
    if fitted is None or rounded is None:
        return None
    return {
        name: {"unitarity": defects.unitarity, "homomorphism": defects.homomorphism}
        for name, defects in (("fitted", fitted), ("rounded", rounded))
    } | {"distance": distance}


def table_member(
    values: Int[NDArray[Any], "k m"] | NDArray[np.int8] | None, names: dict[int, str | None]
) -> list[list[str | None]] | None:
    """Return a table of codes as lists of their names."""
    return None if values is None else [[names[x] for x in row] for row in values.tolist()]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
