"""A table of a theory chosen by preferences: what somebody guessed, as far as the theory allows.

Cells are filled in the order of how much their best value is preferred, many at a time while that
goes well. What follows from them under the theory is filled in with them, and where they contradict
it, fewer are tried, in the end one by one and with the next best value. A cell for which no listed
value is possible stays open: nobody has preferred anything there that the theory allows.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._theory import Theory
from cayley.theories.propagation._cells import KnownCells
from cayley.theories.propagation._propagation import Propagation

__all__ = ["preferred_completion"]

# As many as the guesses of a search for a theory that a user names: some ten seconds at order 24.
_MOST_LOOKS = 2000
# Instances of a law in memory at once: some ten arrays of eight bytes each, 80 million bytes.
_BATCH = 1_000_000


def preferred_completion(
    array: Int[NDArray[Any], "n n"],
    theory: Theory,
    values: Int[NDArray[Any], "n n k"],
    weights: Float[NDArray[Any], "n n"],
    *,
    deadline: float = math.inf,
) -> Int[NDArray[Any], "n n"]:
    """Return known cells, what they force, and preferred values that do not contradict the theory.

    No instance of a law and no condition that can be decided on the result is violated. A full
    result has been verified in all instances.

    Args:
        array: Products, shape ``(n, n)``, -1 where unknown.
        theory: The theory.
        values: The values of each cell, the preferred one first; as many as are to be tried.
        weights: How much the first value of a cell is preferred; large ones are filled in first.
        deadline: When to leave the rest open, on the monotonic clock.

    Returns:
        A new array, shape ``(n, n)``, -1 where nothing preferred was possible; the array as it was
        if it contradicts the theory.

    Example:
        >>> from cayley.theories import parse_theory
        >>> table = np.array([[0, 1, -1], [-1, -1, -1], [-1, -1, -1]])
        >>> guess = np.array([[0, 1, 2], [1, 0, 0], [2, 0, 1]])[:, :, None]
        >>> weights = np.array([[0, 0, 0], [3, 1, 2], [3, 3, 3]])
        >>> preferred_completion(table, parse_theory("quasigroup"), guess, weights).tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    """
    n = len(array)
    propagation = Propagation(theory, n, max_batch=_BATCH)
    state = propagation.start(array)
    try:
        if not propagation.run(state, deadline=deadline):
            return array.copy()
    except OutOfTime:
        return state.square.astype(np.int64)
    state = _filled(state, propagation, values.reshape(n * n, -1), weights.ravel(), deadline)
    return state.square.astype(np.int64)


def _filled(
    state: KnownCells,
    propagation: Propagation,
    values: Int[NDArray[Any], "cells k"],
    weights: Float[NDArray[Any], " cells"],
    deadline: float,
) -> KnownCells:
    """Fill in preferred values as long as looks are left."""
    waiting: list[int] = np.argsort(-weights, kind="stable").tolist()
    step, looks = 1, 0

    def after(cells: list[int], place: int) -> KnownCells | None:
        child = state.copy()
        for cell in cells:
            # one before it may have filled it together with its class
            if child.table[cell] < 0:
                child.guess(cell, int(values[cell, place]))
        return child if propagation.run(child, deadline=deadline) else None

    while looks < _MOST_LOOKS:
        waiting = [cell for cell in waiting if state.table[cell] < 0]
        if not waiting:
            break
        chosen, places = waiting[:step], values.shape[1] if step == 1 else 1
        child = None
        try:
            for place in range(places):
                looks += 1
                child = after(chosen, place)
                if child is not None or looks == _MOST_LOOKS:
                    break
        except OutOfTime:
            break
        if child is not None:
            state, step = child, 2 * step
        elif step > 1:
            step //= 2
        else:
            waiting = waiting[1:]  # no value was possible
    return state
