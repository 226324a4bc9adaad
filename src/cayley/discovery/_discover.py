"""Discovery of a group and its action on data: transitions and vectors, step by step."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley._version import __version__
from cayley.completion import Provenance
from cayley.completion._findings import Status
from cayley.discovery._completion import Completed, Proof, complete_transitions
from cayley.discovery._least_squares import (
    LinearFit,
    discretized,
    fit_linear,
    fit_permutations,
    matched_coordinates,
)
from cayley.discovery._observations import Transitions, VectorPairs
from cayley.discovery._result import Discovery, WrongObservation
from cayley.discovery._rounding import Rounded, round_to_group
from cayley.representations import GroupAction, permutation_representation

__all__ = ["VectorReading", "discover"]

VectorReading = Literal["auto", "coordinates", "linear", "states"]
Report = Callable[[str], None]

# Most points on which the order of a group too large for a table is computed: the time of Schreier
# and Sims grows with a high power of it.
_LARGEST_DEGREE = 40
# Most numbers in a permutation representation, 240 MB in float64; a larger one is left out.
_LARGEST_REPRESENTATION = 30_000_000

_PROOFS: dict[Proof, str] = {
    "given": "All transitions were observed",
    "permutations": "The missing transitions are forced: each transformation permutes the states",
    "simply transitive": "The observations force all transitions, if exactly one element takes any "
    "state to any other",
    "loops": "Transitions were chosen by counting closed loops; that is no proof",
    "none": "Nothing was decided",
}


def discover(
    observations: Transitions | VectorPairs,
    *,
    vectors: VectorReading = "auto",
    tolerance: float | None = None,
    max_order: int = 2000,
    callback: Report | None = None,
) -> Discovery:
    r"""Find the group that observed transformations generate.

    *Transitions* of labeled states are completed and corrected; each transformation must permute
    the states. Exact steps come first: permutations with one image left, then the universal group
    of a simply transitive action. Where these do not decide, or observations contradict each other,
    missing and wrong transitions are found by closed loops, and what agrees goes through the exact
    steps again.

    *Vectors* before and after are matched coordinate by coordinate (the group permutes
    coordinates), fitted by matrices (it acts linearly), or told apart as states. Fitted matrices
    are closed to a finite group whose table is checked in whole numbers, and rounded to its nearest
    representation.

    Args:
        observations: :class:`Transitions` or :class:`VectorPairs`.
        vectors: How to read vectors; ``auto`` matches coordinates where that fits and else fits
            matrices.
        tolerance: Distance up to which vectors are one state, or (relative) products of matrices
            one element; found from the data if not given.
        max_order: The largest group to make a table of.
        callback: Called with a few words as the search goes on.

    Returns:
        What was found. Not finding a group is a result, no error.

    Raises:
        ValueError: If an option is out of range, or the states are too many.

    Example:
        >>> seen = Transitions.from_labels(
        ...     [("N", "right", "E"), ("E", "right", "S"), ("S", "right", "W"), ("W", "right", "N"),
        ...      ("N", "mirror", "N"), ("E", "mirror", "W"), ("S", "mirror", "S")])
        >>> found = discover(seen)
        >>> found.identification.name, found.status, found.counts["forced"]
        ('D8', 'solved', 1)
    """
    if vectors not in ("auto", "coordinates", "linear", "states"):
        raise ValueError(f"`vectors` must be auto, coordinates, linear or states; got {vectors!r}.")
    if tolerance is not None and not tolerance > 0:
        raise ValueError(f"`tolerance` must be positive; got {tolerance!r}.")
    if max_order < 1:
        raise ValueError(f"`max_order` must be at least 1; got {max_order}.")
    start = time.monotonic()
    report = callback or (lambda text: None)
    if isinstance(observations, Transitions):
        found = _from_transitions(observations, max_order, report)
    else:
        found = _from_vectors(observations, vectors, tolerance, max_order, report)
    return replace(found, seconds=time.monotonic() - start, version=__version__)


def _from_transitions(seen: Transitions, max_order: int, report: Report) -> Discovery:
    k, m = len(seen.states), len(seen.actions)
    # The counts of all transitions are a dense array of int64: 4 GB.
    if m * k * k > 500_000_000:
        raise ValueError(f"{k} states under {m} transformations are too many for this method.")
    completed = complete_transitions(seen, report=report)
    maps = completed.maps
    # A group of which every element takes any state to any other in one way is forced by what its
    # seen moves do only if they generate it; moves that connect few states do not show that.
    supposed = completed.proof == "simply transitive" and not _connects(seen)
    found = Discovery(
        kind="states",
        actions=seen.actions,
        points=seen.states,
        transitions=maps.T,
        provenance=_provenance(seen, completed),
        status="predicted" if supposed else _status(completed),
        notes=(_NOT_CONNECTED,) if supposed else (),
        proof=_proof(completed),
        num_observations=len(seen),
        wrong=_wrong_transitions(seen, maps),
        evidence=completed.evidence,
    )
    return found if completed.proof == "none" else _with_group(found, maps, max_order, report)


_NOT_CONNECTED = (
    "It is supposed that the seen moves generate the group: they do not connect more than half of "
    "the states, and other groups may have these moves."
)


def _connects(seen: Transitions) -> bool:
    """Return whether the seen moves show that they generate a group that moves all states.

    The group that they generate is part of one of which exactly one element takes any state to any
    other, so that its orbits are equally large. States that seen moves connect are in one orbit;
    if they are more than half of all, there is no second orbit.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    x, _, y = seen.triples.T
    k = len(seen.states)
    moves = coo_array((np.ones(len(x)), (x, y)), shape=(k, k))
    _, component = connected_components(moves, directed=False)
    return 2 * int(np.bincount(component).max()) > k


def _status(completed: Completed) -> Status:
    if completed.proof == "none":
        return "inconsistent" if completed.evidence else "unresolved"
    return "predicted" if completed.proof == "loops" else "solved"


def _proof(completed: Completed) -> str:
    text = _PROOFS[completed.proof]
    if completed.num_wrong and completed.proof != "loops":
        return f"Without the observations that contradict: {text[0].lower()}{text[1:]}"
    return text


def _provenance(seen: Transitions, completed: Completed) -> NDArray[np.int8]:
    filled = Provenance.PREDICTED if completed.proof == "loops" else Provenance.FORCED
    table = completed.maps.T
    result = np.where(table >= 0, filled, Provenance.UNKNOWN).astype(np.int8)
    x, a, y = seen.triples.T
    result[x, a] = np.where(table[x, a] >= 0, Provenance.OBSERVED, Provenance.UNKNOWN)
    wrong = (table[x, a] != y) & (table[x, a] >= 0)
    result[x[wrong], a[wrong]] = Provenance.SUSPECT
    return result


def _wrong_transitions(
    seen: Transitions, maps: Int[NDArray[Any], "m k"]
) -> tuple[WrongObservation, ...]:
    return tuple(
        WrongObservation(
            place=i,
            action=seen.actions[a],
            state=seen.states[x],
            given=seen.states[y],
            expected=seen.states[maps[a, x]],
        )
        for i, (x, a, y) in enumerate(seen.triples.tolist())
        if maps[a, x] not in (-1, y)
    )


def _with_group(
    found: Discovery, maps: Int[NDArray[Any], "m k"], max_order: int, report: Report
) -> Discovery:
    """Add the group that full permutations generate, and its permutation representation."""
    report("closing the group")
    try:
        action = GroupAction.from_permutations(maps.tolist(), max_order=max_order)
    except ValueError:  # too large for a table, but perhaps not for its order
        order = None
        if maps.shape[1] <= _LARGEST_DEGREE:
            order = _permutation_group_order(maps)
        note = (
            f"The group is larger than max_order = {max_order}. "
            "`transition_symmetries` finds the symmetries of the transitions themselves."
        )
        return replace(found, order=order, notes=(*found.notes, note))
    elements = [int((action.images == row).all(axis=1).argmax()) for row in maps]
    room = action.group.order * action.degree**2
    return replace(
        found,
        order=action.group.order,
        group=action.group,
        elements=np.array(elements),
        action=action,
        representation=None
        if room > _LARGEST_REPRESENTATION
        else permutation_representation(action),
    )


def _permutation_group_order(maps: Int[NDArray[Any], "m k"]) -> int:
    """Return the order of a group of permutations, exactly, however large: Schreier and Sims."""
    # SymPy is heavy to import, and only groups too large for a table need it.
    from sympy.combinatorics import Permutation, PermutationGroup

    return int(PermutationGroup([Permutation(row) for row in maps.tolist()]).order())


def _from_vectors(
    pairs: VectorPairs,
    reading: VectorReading,
    tolerance: float | None,
    max_order: int,
    report: Report,
) -> Discovery:
    if reading == "states":
        return _from_states(pairs, tolerance, max_order, report)
    report("matching coordinates")
    if reading == "coordinates" or (reading == "auto" and matched_coordinates(pairs)):
        return _from_coordinates(pairs, max_order, report)
    report("fitting matrices")
    return _from_matrices(pairs, tolerance, max_order, report)


def _from_coordinates(pairs: VectorPairs, max_order: int, report: Report) -> Discovery:
    fit, maps, second = fit_permutations(pairs)
    found = Discovery(
        kind="coordinates",
        actions=pairs.actions,
        points=tuple(f"x{i + 1}" for i in range(pairs.dimension)),
        transitions=maps.T,
        provenance=np.full(maps.T.shape, Provenance.PREDICTED, np.int8),
        status="predicted",
        proof="Coordinates were matched by the smallest differences; the group is exact for them",
        num_observations=len(pairs),
        residual=fit.residual,
        wrong=_wrong_pairs(pairs, fit, None),
    )
    if fit.residual < 1e-9 and second > 1e-6:  # exact, and no other image would be
        found = replace(
            found,
            provenance=np.full(maps.T.shape, Provenance.OBSERVED, np.int8),
            status="solved",
            proof="Every vector that is not contradicted is permuted exactly",
        )
    return _with_group(found, maps, max_order, report)


def _from_matrices(
    pairs: VectorPairs, tolerance: float | None, max_order: int, report: Report
) -> Discovery:
    fit = fit_linear(pairs)
    found = Discovery(
        kind="linear",
        actions=pairs.actions,
        status="unresolved",
        proof="Nothing was decided",
        num_observations=len(pairs),
        residual=None if fit is None else fit.residual,
    )
    if fit is None:
        note = (
            f"A linear map of {pairs.dimension} coordinates needs as many independent vectors "
            "under each transformation."
        )
        return replace(found, notes=(note,))
    report("closing the group of matrices")
    rounded = round_to_group(fit.matrices, tolerance=tolerance, most=max_order, error=fit.error)
    if rounded is None:
        return replace(found, wrong=_wrong_pairs(pairs, fit, None))
    return _with_rounded(found, pairs, fit, rounded)


def _with_rounded(
    found: Discovery, pairs: VectorPairs, fit: LinearFit, rounded: Rounded
) -> Discovery:
    matrices = rounded.representation.matrices.numpy()[rounded.elements]
    # At the level of rounding errors: the vectors have no noise, and no matrix was moved.
    exact = fit.residual < 1e-9 and rounded.distance < 1e-9
    return replace(
        found,
        status="solved" if exact else "predicted",
        proof="The matrices were fitted and rounded; that they multiply as a group does is checked "
        "in whole numbers for the table",
        order=rounded.group.order,
        group=rounded.group,
        elements=rounded.elements,
        representation=rounded.representation,
        fitted=rounded.before,
        rounded=rounded.after,
        distance=rounded.distance,
        wrong=_wrong_pairs(pairs, fit, matrices),
    )


def _wrong_pairs(
    pairs: VectorPairs, fit: LinearFit, matrices: Float[NDArray[Any], "a d d"] | None
) -> tuple[WrongObservation, ...]:
    """List the pairs that do not fit, with the transformation that does, if one is clearly best."""
    matrices = fit.matrices if matrices is None else matrices
    result = []
    for i in np.flatnonzero(fit.wrong).tolist():
        distances = np.linalg.norm(pairs.before[i] @ matrices - pairs.after[i], axis=1)
        best, own = int(distances.argmin()), int(pairs.action[i])
        # Five times as near: some other matrix is often a little nearer than its own.
        fits = best != own and distances[best] < 0.2 * distances[own]
        result.append(
            WrongObservation(
                place=i,
                action=pairs.actions[own],
                state=None,
                given=None,
                expected=pairs.actions[best] if fits else None,
            )
        )
    return tuple(result)


def _from_states(
    pairs: VectorPairs, tolerance: float | None, max_order: int, report: Report
) -> Discovery:
    report("telling states apart")
    seen, means = discretized(pairs, tolerance)
    # Each pair has two vectors: with more states than pairs few of them are seen twice.
    if len(seen.states) > len(pairs):
        raise ValueError(
            f"`tolerance` tells {len(seen.states)} states apart in {len(pairs)} observations: "
            "hardly any vector is seen twice. Choose a larger one, or read vectors as linear."
        )
    found = _from_transitions(seen, max_order, report)
    return replace(found, vectors=means)
