"""What was learned, as far as a theory allows that was given or earned.

A learned solver knows no laws. Where a theory stands that leaves cells open, what it forces is
taken first, and then the symbols with the largest scores that do not contradict it.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.completion._matrices import as_arrays
from cayley.completion._outcome import Deduced, Outcome, Proposed
from cayley.completion._theories import deduce_theory
from cayley.theories import Theory
from cayley.theories.propagation._preference import preferred_completion

__all__ = ["constrained", "demands"]

_MOST_OPERATIONS = 5e9
"""Floating-point operations for all scores, up to order 66: a second or two. Above, only the best
symbol of each cell is tried."""


def demands(
    outcome: Outcome, given: tuple[Theory, ...], *, time_limit: float | None
) -> Deduced | None:
    """Return what the cells force under a theory that was given, or else under one that is earned.

    Args:
        outcome: What was deduced before.
        given: The theories that the user named; what they force is deduced here, if a solver by
            itself was asked for and nothing was deduced.
        time_limit: Seconds, or None.

    Returns:
        None if no theory of laws and conditions stands.
    """
    found = list(outcome.deduced)
    if not outcome.deduced and not outcome.refuted:
        results = (deduce_theory(outcome.work, each, time_limit=time_limit) for each in given)
        found = [each for each in results if isinstance(each, Deduced)]
    for standing in ("given", "earned"):
        for each in found:
            theory = each.structure
            # homotopes and polynomials have neither
            has_laws = isinstance(theory, Theory) and (theory.laws or theory.conditions)
            if each.standing == standing and has_laws:
                return each
    return None


def constrained(found: Proposed, under: Deduced, *, deadline: float | None = None) -> Proposed:
    """Return a rejected proposal together with what of it a theory allows.

    Args:
        found: The proposal.
        under: What the theory forces.
        deadline: When to leave the rest open, on the monotonic clock.
    """
    assert isinstance(under.structure, Theory)
    allowed = under.table
    # matrices that do not even fit the observed cells say nothing about the others
    if found.fit == 1 and found.margin is not None:
        # the table holds what a search has forced too, which propagation may not find
        allowed = preferred_completion(
            under.table,
            under.structure,
            _ranked(found),
            found.margin,
            deadline=math.inf if deadline is None else deadline,
        )
    return replace(found, under=under, allowed=allowed)


def _ranked(found: Proposed) -> Int[NDArray[Any], "n n k"]:
    """Return the symbols of each cell by falling score, the proposed one first."""
    proposed = found.candidate.table
    n = len(proposed)
    assert found.factors is not None
    A, B, C = as_arrays(found.factors)
    if 4 * float(n) ** 2 * A.shape[-1] ** 3 > _MOST_OPERATIONS:
        return proposed[:, :, None]
    scores = np.empty((n, n, n))
    backward = C.swapaxes(-1, -2).reshape(n, -1)
    for a in range(n):  # one row at a time, since all products take n^2 matrices
        scores[a] = ((A[a] @ B).reshape(n, -1) @ backward.T).real
    i, j = np.indices((n, n))
    scores[i, j, proposed] = np.inf
    return np.argsort(-scores, axis=2, kind="stable")
