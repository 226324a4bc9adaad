"""Observations of labeled transformations: transitions of states, or vectors before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float, Int

__all__ = ["Transitions", "VectorPairs"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transitions:
    """Observed transitions of labeled states under labeled transformations.

    Attributes:
        states: Labels of the states, distinct.
        actions: Labels of the transformations, distinct.
        triples: Observations as rows (state, action, next state), shape ``(m, 3)``, int64. A
            transition may be observed more than once, and not always in the same way.

    Raises:
        ValueError: If there are none, labels repeat, or an entry is out of range.

    Example:
        >>> seen = Transitions.from_labels([("a", "go", "b"), ("b", "go", "a")])
        >>> seen.states, seen.actions, seen.triples.tolist()
        (('a', 'b'), ('go',), [[0, 0, 1], [1, 0, 0]])
    """

    states: tuple[str, ...]
    actions: tuple[str, ...]
    triples: Int[NDArray[Any], "m 3"]

    def __post_init__(self) -> None:
        triples = np.array(self.triples)
        if triples.ndim != 2 or triples.shape[1] != 3 or triples.dtype.kind not in "iu":
            raise ValueError(f"`triples` must be integers of shape (m, 3); got {triples.shape}.")
        if not len(triples):
            raise ValueError("`triples` must not be empty: there is nothing to discover.")
        bounds = (len(self.states), len(self.actions), len(self.states))
        if triples.min() < 0 or (triples >= bounds).any():
            raise ValueError(f"`triples` must hold (state, action, state) below {bounds}.")
        for name, labels in (("states", self.states), ("actions", self.actions)):
            if len(set(labels)) < len(labels):
                raise ValueError(f"`{name}` must be distinct.")
        triples = triples.astype(np.int64)
        triples.flags.writeable = False
        object.__setattr__(self, "triples", triples)

    @classmethod
    def from_labels(cls, triples: Iterable[tuple[str, str, str]]) -> "Transitions":
        """Make observations from labels (state, action, next state), in order of appearance."""
        states: dict[str, int] = {}
        actions: dict[str, int] = {}
        rows = [
            (
                states.setdefault(str(x), len(states)),
                actions.setdefault(str(a), len(actions)),
                states.setdefault(str(y), len(states)),
            )
            for x, a, y in triples
        ]
        return cls(
            states=tuple(states),
            actions=tuple(actions),
            triples=np.array(rows, np.int64).reshape(-1, 3),
        )

    @property
    def counts(self) -> Int[NDArray[Any], "a s s"]:
        """How often every action was seen to take a state to another."""
        k, m = len(self.states), len(self.actions)
        x, a, y = self.triples.T
        counted = np.bincount((a * k + x) * k + y, minlength=m * k * k)
        return counted.reshape(m, k, k)

    def __len__(self) -> int:
        return len(self.triples)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VectorPairs:
    """Vectors before and after labeled transformations.

    Attributes:
        actions: Labels of the transformations, distinct.
        action: The transformation of each pair, an index, shape ``(m,)``.
        before: Shape ``(m, d)``, float64.
        after: Shape ``(m, d)``, float64.

    Raises:
        ValueError: If there are none, shapes differ, or an entry is not finite.

    Example:
        >>> seen = VectorPairs.from_arrays(["turn"], [[1.0, 0.0]], [[0.0, 1.0]])
        >>> seen.actions, seen.before.shape
        (('turn',), (1, 2))
    """

    actions: tuple[str, ...]
    action: Int[NDArray[Any], " m"]
    before: Float[NDArray[Any], "m d"]
    after: Float[NDArray[Any], "m d"]

    def __post_init__(self) -> None:
        before, after = (np.array(v, np.float64) for v in (self.before, self.after))
        action = np.array(self.action, np.int64)
        if before.ndim != 2 or before.shape != after.shape or not before.size:
            raise ValueError(
                "`before` and `after` must have one shape (m, d), not empty; "
                f"got {before.shape} and {after.shape}."
            )
        if action.shape != before.shape[:1]:
            raise ValueError(f"`action` must name one of {len(before)}; got shape {action.shape}.")
        if not (np.isfinite(before).all() and np.isfinite(after).all()):
            raise ValueError("`before` and `after` must be finite; got NaN or infinity.")
        if action.min() < 0 or action.max() >= len(self.actions):
            raise ValueError(f"`action` must hold indices of {len(self.actions)} labels.")
        for name, value in (("before", before), ("after", after), ("action", action)):
            value.flags.writeable = False
            object.__setattr__(self, name, value)

    @classmethod
    def from_arrays(
        cls, actions: Sequence[Any] | NDArray[Any], before: ArrayLike, after: ArrayLike
    ) -> "VectorPairs":
        """Make observations from one label per pair and two arrays, shape ``(m, d)``."""
        labels = [str(label) for label in np.asarray(actions).tolist()]
        names = {label: i for i, label in enumerate(dict.fromkeys(labels))}
        return cls(
            actions=tuple(names),
            action=np.array([names[label] for label in labels], np.int64),
            before=np.asarray(before, np.float64),
            after=np.asarray(after, np.float64),
        )

    @property
    def dimension(self) -> int:
        """The number ``d`` of coordinates."""
        return int(self.before.shape[1])

    def __len__(self) -> int:
        return len(self.action)
