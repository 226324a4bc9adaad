r"""What observed transitions force, if the transformations act simply transitively.

States :math:`s`, transformations :math:`a`, observed :math:`s \cdot a = t`. If the group that the
transformations generate takes any state to any other by exactly one element, then states *are*
elements, once one of them is called the identity. The *universal group* has a generator for every
state and every transformation, and a relation :math:`x_s y_a = x_t` for every observation; the
group is a quotient of it in which states stay distinct.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.algebra.groups._group import Group
from cayley.deduction.todd_coxeter._relations import UniversalPresentation, reduced
from cayley.deduction.todd_coxeter._todd_coxeter import Limits, enumerate_group
from cayley.deduction.universal_group._evidence import minimal_subset
from cayley.deduction.universal_group._universal_group import frozen

__all__ = [
    "ForcedTransitions",
    "InconsistentTransitions",
    "UndecidedTransitions",
    "deduce_transitions",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForcedTransitions:
    """Observed transitions that force all others.

    Attributes:
        transitions: The state after each transformation, shape ``(states, actions)``, int64.
        group: The group, as a table; element 0 is the identity.
        states: The element that takes the base state to each state, shape ``(states,)``.
        actions: The element of each transformation, shape ``(actions,)``.
    """

    transitions: Int[NDArray[Any], "s a"]
    group: Group
    states: Int[NDArray[Any], " s"]
    actions: Int[NDArray[Any], " a"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InconsistentTransitions:
    """No simply transitive action has these transitions.

    Attributes:
        evidence: Places of observations that are inconsistent already.
        minimal: Whether they no longer are when any one of them is left out.
    """

    evidence: tuple[int, ...]
    minimal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecidedTransitions:
    """Nothing was proved.

    Attributes:
        reason: Why, in a few words.
        universal_order: The order of the universal group, if it was found.
    """

    reason: str
    universal_order: int | None = field(default=None)


def deduce_transitions(
    observations: ArrayLike,
    *,
    num_states: int,
    num_actions: int,
    limits: Limits | None = None,
) -> ForcedTransitions | InconsistentTransitions | UndecidedTransitions:
    r"""Prove what observed transitions force, if the action is simply transitive.

    Nothing is guessed: forced transitions are checked to agree with every observation, and that
    there are no others follows from the universal group, whose order is then the number of states.

    Args:
        observations: Rows ``(state, action, next state)``, shape ``(m, 3)``, integers.
        num_states: The number of states.
        num_actions: The number of transformations; two may be one element.
        limits: How far to go; ``Limits()`` by default.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If their shape or range is wrong.

    Example:
        >>> turns = [(0, 0, 1), (1, 0, 2), (2, 0, 3), (3, 0, 0), (0, 1, 2)]
        >>> found = deduce_transitions(turns, num_states=4, num_actions=2)
        >>> found.transitions.tolist(), found.group.element_orders.tolist()
        ([[1, 2], [2, 3], [3, 0], [0, 1]], [1, 4, 2, 4])
    """
    cells = _checked(observations, num_states, num_actions)
    limits = Limits() if limits is None else limits
    if not len(cells):
        return UndecidedTransitions(reason="no observations")
    verdict = _deduced(cells, num_states, num_actions, limits)
    if verdict is not None:
        return verdict

    def is_inconsistent(chosen: Any) -> bool:
        part = cells[np.asarray(chosen, np.int64)]
        return len(part) > 0 and _deduced(part, num_states, num_actions, limits) is None

    deadline = min(limits.deadline(), time.monotonic() + limits.evidence_seconds)
    chosen, minimal = minimal_subset(is_inconsistent, range(len(cells)), deadline=deadline)
    return InconsistentTransitions(evidence=tuple(sorted(chosen)), minimal=minimal)


def _deduced(
    cells: Int[NDArray[Any], "m 3"], num_states: int, num_actions: int, limits: Limits
) -> ForcedTransitions | UndecidedTransitions | None:
    """Return what follows, or None for a contradiction."""
    result = enumerate_group(
        _present(cells, num_states, num_actions), num_states, limits, deadline=limits.deadline()
    )
    if result.status == "collapsed":
        return None
    if result.table is None:
        return UndecidedTransitions(reason=f"limit: {result.reason}")
    order = len(result.table)
    if order != num_states:
        # a group of fewer elements cannot reach all states; one of more may have a quotient
        return UndecidedTransitions(reason="another order", universal_order=order)
    labels = result.presentation.labels
    states, actions = labels[0], labels[1:, 0]
    states = np.where(states >= 0, result.images[0][states], -1)
    if (actions < 0).any():
        return UndecidedTransitions(reason="an unused action", universal_order=order)
    unused = np.flatnonzero(states < 0)
    if len(unused) > 1:
        return UndecidedTransitions(reason="several unused states", universal_order=order)
    states[unused] = np.setdiff1d(np.arange(order), states)
    actions = result.images[0][actions]
    state_of = np.argsort(states)
    transitions = state_of[result.table[states[:, None], actions[None, :]]]
    s, a, t = cells.T
    if not np.array_equal(transitions[s, a], t):
        raise AssertionError("a completion disagrees with the observations it comes from")
    return ForcedTransitions(
        transitions=frozen(transitions),
        group=Group(table=result.table, identity=0),
        states=frozen(states),
        actions=frozen(actions),
    )


def _present(
    cells: Int[NDArray[Any], "m 3"], num_states: int, num_actions: int
) -> UniversalPresentation:
    """Write the universal group down: the busiest state is 1; each action is a kind of its own.

    Labels of one kind must stay distinct; different actions need not.
    """
    relations = cells + np.array([1, 1 + num_states, 1])
    base = int(np.bincount(cells[:, [0, 2]].ravel(), minlength=num_states).argmax())
    size = 1 + num_states + num_actions
    used = np.zeros(size, bool)
    used[relations] = True
    labels = np.full((1 + num_actions, num_states), -1)
    labels[0] = np.where(used[1 : 1 + num_states], np.arange(1, 1 + num_states), -1)
    generators = np.arange(1 + num_states, size)
    labels[1:, 0] = np.where(used[generators], generators, -1)
    return reduced(size, relations, np.array([[0, 1 + base]]), labels)


def _checked(
    observations: ArrayLike, num_states: int, num_actions: int
) -> Int[NDArray[Any], "m 3"]:
    cells = np.asarray(observations)
    if cells.size == 0:
        return np.empty((0, 3), np.int64)
    if cells.dtype.kind not in "iu":
        raise TypeError(f"`observations` must hold integers; got dtype {cells.dtype}.")
    if cells.ndim != 2 or cells.shape[1] != 3:
        raise ValueError(f"`observations` must have shape (m, 3); got {cells.shape}.")
    bounds = (num_states, num_actions, num_states)
    if cells.min() < 0 or (cells >= bounds).any():
        raise ValueError(f"`observations` must hold (state, action, state) below {bounds}.")
    return cells.astype(np.int64)
