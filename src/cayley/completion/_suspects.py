"""Observations that a completed table contradicts, with what speaks against each."""

from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from cayley.completion._solution import Suspect
from cayley.tables import Table

__all__ = ["suspects_of"]


def suspects_of(
    given: Table,
    table: Table,
    *,
    margin: Float[NDArray[Any], "r c"] | None = None,
    agreements: dict[tuple[str, str, str], float] | None = None,
    certified: bool = False,
) -> tuple[Suspect, ...]:
    """Return the observations that a completed table contradicts, each once.

    Args:
        given: The table with the observations.
        table: The completed one, with the same labels in the same order.
        margin: Learned margin of every cell, in that order.
        agreements: Learned score of observations, by their labels.
        certified: Whether the other observations force the table.
    """
    triples = given.observations
    expected = table.array[triples[:, 0], triples[:, 1]]
    wrong = np.flatnonzero((expected >= 0) & (expected != triples[:, 2]))
    if not len(wrong):
        return ()
    support, opposed = _neighbors(given, triples, expected, wrong)
    seen: dict[tuple[int, ...], Suspect] = {}
    for i, agreeing, contradicting in zip(wrong.tolist(), support, opposed, strict=True):
        a, b, c = triples[i].tolist()
        labels = given.rows[a], given.columns[b], given.symbols[c]
        seen.setdefault(
            (a, b, c),
            Suspect(
                row=labels[0],
                column=labels[1],
                given=labels[2],
                expected=given.symbols[int(expected[i])],
                margin=None if margin is None else round(float(margin[a, b]), 4),
                agreement=None if agreements is None else agreements.get(labels),
                support=agreeing,
                opposed=contradicting,
                certified=certified,
            ),
        )
    return tuple(seen.values())


def _neighbors(
    given: Table,
    triples: Int[NDArray[Any], "m 3"],
    expected: Int[NDArray[Any], " m"],
    wrong: Int[NDArray[Any], " k"],
) -> tuple[list[int], list[int]]:
    """Count the observations that share a row, a column or a symbol with each wrong one."""
    agrees = triples[:, 2] == expected
    known = expected >= 0
    support, opposed = [], []
    for i in wrong.tolist():
        a, b, c = triples[i]
        near = (triples[:, 0] == a) | (triples[:, 1] == b)
        near |= (triples[:, 2] == c) | (triples[:, 2] == expected[i])
        near &= known
        near[i] = False
        support.append(int((near & agrees).sum()))
        opposed.append(int((near & ~agrees).sum()))
    return support, opposed
