r"""Symmetries of transitions: relabelings of states and transformations that change nothing."""

from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.representations import GroupAction

__all__ = ["TransitionSymmetries", "lifts", "spanning_tree", "transition_symmetries"]

# Most transformations: all their permutations are tried, 40,320 for eight.
_MOST_ACTIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransitionSymmetries:
    r"""The group of all relabelings that leave the transitions as they are.

    Attributes:
        on_states: The group acting on the states.
        on_actions: The same group acting on the transformations.
    """

    on_states: GroupAction
    on_actions: GroupAction


def transition_symmetries(
    transitions: ArrayLike, *, blocks: ArrayLike | None = None
) -> TransitionSymmetries:
    r"""Find all relabelings of states and transformations that change no transition.

    They are the pairs of permutations :math:`(\sigma, \tau)` with

    .. math:: \sigma(x) \cdot \tau(a) = \sigma(x \cdot a).

    A function of the state that is asked about all transformations alike, such as the way to a
    goal that is itself symmetric, commutes with them; they are the symmetry to build into a network
    where the group that the transformations generate is too large or is the wrong one. Whole turns
    of a puzzle cube found from its moves are an example. Exact: every pair is checked everywhere.

    Args:
        transitions: The state after each transformation, shape ``(states, actions)``, a permutation
            in every column; any state can be reached from any other. At most 8 transformations, all
            different.
        blocks: A label for each state, shape ``(states,)``. If given, states with one label must go
            to states with one label: what a goal looks like counts, too. (Twisting all corners of a
            puzzle cube alike changes no move, but a solved cube is no longer solved.)

    Raises:
        ValueError: If the shape is wrong, a column is no permutation, columns are equal, there are
            too many, or not every state can be reached.

    Example:
        >>> clockwise = [[1, 3], [2, 0], [3, 1], [0, 2]]  # a turn of four states and its inverse
        >>> found = transition_symmetries(clockwise)
        >>> found.on_states.group.order, found.on_actions.images[:, 0].tolist()
        (8, [0, 1, 1, 0, 1, 0, 0, 1])
    """
    maps = np.asarray(transitions).T
    if maps.ndim != 2 or not maps.size:
        raise ValueError(f"`transitions` must have shape (states, actions); got {maps.T.shape}.")
    m, k = maps.shape
    if (np.sort(maps, axis=1) != np.arange(k)).any():
        raise ValueError("`transitions` must hold a permutation of the states in every column.")
    if m > _MOST_ACTIONS or len(np.unique(maps, axis=0)) < m:
        raise ValueError(
            f"`transitions` must have at most {_MOST_ACTIONS} columns, all different; got {m}. "
            "Leave out transformations that others generate, such as inverses."
        )
    labels = np.zeros(k, np.int64) if blocks is None else _labels(blocks, k)
    tree = spanning_tree(maps)
    # A relabeling takes a transformation to one of the same cycle type: most permutations end here.
    kinds = [tuple(_cycle_type(row)) for row in maps]
    found: list[tuple[NDArray[np.int64], tuple[int, ...]]] = []
    for tau in permutations(range(m)):
        if all(kinds[a] == kinds[b] for a, b in enumerate(tau)):
            found += [
                (sigma, tau) for sigma in lifts(maps, np.array(tau), tree) if _keeps(labels, sigma)
            ]
    sigmas = np.array([sigma for sigma, _ in found])
    order = np.lexsort(sigmas.T[::-1])
    on_states = GroupAction.from_permutations(sigmas[order].tolist())
    taus = np.array([found[i][1] for i in order.tolist()])
    return TransitionSymmetries(
        on_states=on_states, on_actions=GroupAction(group=on_states.group, images=taus)
    )


def spanning_tree(maps: Int[NDArray[Any], "m k"]) -> list[tuple[int, int, int]]:
    """Return edges (state, action, new state) that reach every state from state 0."""
    reached, queue, tree = {0}, [0], []
    for x in queue:
        for a, y in enumerate(maps[:, x].tolist()):
            if y not in reached:
                reached.add(y)
                queue.append(y)
                tree.append((x, a, y))
    if len(reached) < maps.shape[1]:
        raise ValueError("`transitions` must be transitive: some states cannot be reached.")
    return tree


def lifts(
    maps: Int[NDArray[Any], "m k"], tau: Int[NDArray[Any], " m"], tree: list[tuple[int, int, int]]
) -> list[NDArray[np.int64]]:
    """Return every relabeling of states that is a symmetry together with one of transformations.

    The image of state 0 determines all others along a tree; then every transition is checked.
    """
    k = maps.shape[1]
    sigma = np.empty((k, k), np.int64)  # one column for each image of state 0
    sigma[0] = np.arange(k)
    for x, a, y in tree:
        sigma[y] = maps[tau[a], sigma[x]]
    right = np.ones(k, bool)
    for a, row in enumerate(maps):
        right &= (sigma[row] == maps[tau[a]][sigma]).all(axis=0)
    return [sigma[:, i].copy() for i in np.flatnonzero(right).tolist()]


def _labels(blocks: ArrayLike, k: int) -> Int[NDArray[Any], " k"]:
    labels = np.unique(np.asarray(blocks), return_inverse=True)[1].reshape(-1)
    if labels.shape != (k,):
        raise ValueError(f"`blocks` must hold one label for each of {k} states; got {labels.size}.")
    return labels


def _keeps(labels: Int[NDArray[Any], " k"], sigma: Int[NDArray[Any], " k"]) -> bool:
    """Whether states of one label go to states of one label, and different ones to different."""
    pairs = set(zip(labels.tolist(), labels[sigma].tolist(), strict=True))
    return len(pairs) == int(labels.max()) + 1


def _cycle_type(row: Int[NDArray[Any], " k"]) -> list[int]:
    lengths, seen = [], np.zeros(len(row), bool)
    for start in range(len(row)):
        x, length = start, 0
        while not seen[x]:
            seen[x] = True
            x, length = int(row[x]), length + 1
        if length:
            lengths.append(length)
    return sorted(lengths)
