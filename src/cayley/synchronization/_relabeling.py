"""Relabeling of a Latin square so that more observations agree: one assignment at a time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.wrong_entries._plausibility import label_tallies

__all__ = ["relabeled"]

_ROUNDS = 10
"""Bound on the rounds, each of which costs three assignments for every proposal. What has not
settled by then is handed on as it is: it agrees with no fewer observations than before."""


def relabeled(
    table: Int[NDArray[Any], "n n"], triples: Int[NDArray[Any], "m 3"]
) -> Int[NDArray[Any], "n n"]:
    """Permute rows, columns and symbols of a Latin square so that more observations agree.

    One kind of labels at a time is assigned to the places at which most of its observations agree,
    until nothing changes. The result is an isotope of the table and agrees with no fewer
    observations.

    Args:
        table: A Latin square.
        triples: Observations as rows ``(a, b, c)``.

    Example:
        >>> cyclic = np.add.outer(np.arange(5), np.arange(5)) % 5
        >>> a, b = np.indices((5, 5)).reshape(2, -1)
        >>> exchanged = cyclic[[1, 0, 2, 3, 4]]
        >>> bool((relabeled(exchanged, np.stack([a, b, cyclic[a, b]], axis=1)) == cyclic).all())
        True
    """
    from scipy.optimize import linear_sum_assignment  # half a second to load, often not needed

    for _ in range(_ROUNDS):
        before = table
        for kind in range(3):
            tally = label_tallies(table, triples)[kind]
            # Half an observation spread over the diagonal: in a tie a label stays where it is.
            _, place = linear_sum_assignment(-tally - 0.5 * np.eye(len(tally)) / len(tally))
            if kind == 0:
                table = table[place]
            elif kind == 1:
                table = table[:, place]
            else:
                table = np.argsort(place)[table]
        if np.array_equal(before, table):
            break
    return table
