r"""A search for all homomorphisms from a presented group to given groups.

The generators are assigned in an order fixed beforehand: *seeds* take every element in turn, every
other generator follows from a relation two of whose places are known, and the relations that are
left are checks. All partial assignments of one depth are columns of one array, cut into pieces so
that memory stays small and a first solution is found soon.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._relations import UniversalPresentation

__all__ = ["EmbeddingPlan", "SearchLimit", "embeddings", "plan_of"]

_PIECE = 8192
"""Assignments handled at once: numpy is efficient from some thousands on, and the first solution
is found sooner in small pieces."""

Kind = Literal["seed", "product", "left", "right", "check"]


class SearchLimit(Exception):
    """The search ended before it was complete."""


@dataclass(frozen=True, slots=True)
class EmbeddingPlan:
    """How to assign the generators one after the other.

    Attributes:
        steps: ``(kind, p, q, r)``. "seed": try everything for ``p``; "product": ``r = p q``;
            "left": ``p = r q^-1``; "right": ``q = p^-1 r``; "check": ``p q == r``.
        rivals: For each generator, the generators assigned before it that label the same kind.
        num_seeds: How many seeds there are.
    """

    steps: tuple[tuple[Kind, int, int, int], ...]
    rivals: tuple[tuple[int, ...], ...]
    num_seeds: int


def plan_of(presentation: UniversalPresentation) -> EmbeddingPlan:
    """Choose seeds greedily, each the one from which most others follow."""
    relations = presentation.relations.tolist()
    size = presentation.num_generators
    known = {0}
    steps, pending = _follow(known, relations)
    order = [0] + [_target(step) for step in steps if step[0] != "check"]
    num_seeds = 0
    while len(known) < size:
        best, gain = -1, -1
        for g in range(size):
            if g not in known:
                reach = known | {g}
                _follow(reach, pending)
                if len(reach) > gain:
                    best, gain = g, len(reach)
        known.add(best)
        num_seeds += 1
        more, pending = _follow(known, pending)
        steps += [("seed", best, 0, 0), *more]
        order += [best] + [_target(step) for step in more if step[0] != "check"]
    place = {g: i for i, g in enumerate(order)}
    rivals: list[set[int]] = [set() for _ in range(size)]
    for row in presentation.labels:
        same = sorted({int(g) for g in row if g >= 0}, key=place.__getitem__)
        for i, g in enumerate(same):
            rivals[g].update(same[:i])
    return EmbeddingPlan(tuple(steps), tuple(tuple(sorted(each)) for each in rivals), num_seeds)


def _follow(
    known: set[int], relations: list[list[int]]
) -> tuple[list[tuple[Kind, int, int, int]], list[list[int]]]:
    """Add to ``known`` what follows; return the steps, and the relations not used yet."""
    steps: list[tuple[Kind, int, int, int]] = []
    changed = True
    while changed:
        changed = False
        rest = []
        for relation in relations:
            p, q, r = relation
            has = (p in known, q in known, r in known)
            if all(has):
                steps.append(("check", p, q, r))
            elif has == (True, True, False):
                steps.append(("product", p, q, r))
                known.add(r)
                changed = True
            elif has == (False, True, True):
                steps.append(("left", p, q, r))
                known.add(p)
                changed = True
            elif has == (True, False, True):
                steps.append(("right", p, q, r))
                known.add(q)
                changed = True
            else:
                rest.append(relation)
        relations = rest
    return steps, relations


def _target(step: tuple[Kind, int, int, int]) -> int:
    kind, p, q, r = step
    return {"product": r, "left": p, "right": q}.get(kind, p)


def embeddings(
    plan: EmbeddingPlan,
    group: Int[NDArray[Any], "n n"],
    budget: list[int],
    *,
    deadline: float,
) -> Iterator[Int[NDArray[Any], " g"]]:
    """Yield the homomorphisms into a group that keep the labels of each kind distinct.

    The first seed takes one element of each orbit under some automorphisms only, so that every
    solution is found up to automorphism, perhaps more than once.

    Args:
        plan: The order of assignments.
        group: A group table, element 0 the identity.
        budget: One number, how many partial assignments may still be looked at; it is counted
            down.
        deadline: When to stop, on the monotonic clock.

    Yields:
        The element of each generator, shape ``(g,)``.

    Raises:
        SearchLimit: If the budget or the time is spent.
    """
    inverse = np.argmin(group, axis=1)
    stack = [(0, np.zeros((len(plan.rivals), 1), np.int64))]
    fresh = True
    while stack:
        depth, rows = stack.pop()
        if depth == len(plan.steps):
            yield from rows.T
            continue
        if time.monotonic() > deadline:
            raise SearchLimit
        kind, p, q, r = plan.steps[depth]
        if kind == "seed":
            # Automorphisms move the first seed within its orbit; later seeds are not free.
            tries = _orbit_leaders(group, inverse) if fresh else np.arange(len(group))
            fresh = False
            rows = np.repeat(rows, len(tries), axis=1)
            rows[p] = np.tile(tries, rows.shape[1] // len(tries))
            budget[0] -= rows.shape[1]
            if budget[0] < 0:
                raise SearchLimit
        elif kind == "product":
            rows[r] = group[rows[p], rows[q]]
        elif kind == "left":
            rows[p] = group[rows[r], inverse[rows[q]]]
        elif kind == "right":
            rows[q] = group[inverse[rows[p]], rows[r]]
        rows = rows[:, _is_allowed(plan, group, rows, plan.steps[depth])]
        pieces = range(0, rows.shape[1], _PIECE)
        # Depth first, so that memory holds one path of pieces and not a whole level.
        stack += [(depth + 1, rows[:, i : i + _PIECE]) for i in reversed(pieces)]


def _is_allowed(
    plan: EmbeddingPlan,
    group: Int[NDArray[Any], "n n"],
    rows: Int[NDArray[Any], "g k"],
    step: tuple[Kind, int, int, int],
) -> NDArray[Any]:
    """Say which assignments satisfy a check, or keep a new element apart from its rivals."""
    kind, p, q, r = step
    if kind == "check":
        return np.asarray(group[rows[p], rows[q]] == rows[r])
    target = _target(step)
    return np.asarray((rows[list(plan.rivals[target])] != rows[target]).all(axis=0))


def _orbit_leaders(
    group: Int[NDArray[Any], "n n"], inverse: Int[NDArray[Any], " n"]
) -> Int[NDArray[Any], " k"]:
    """Return an element of each orbit under inner automorphisms, or powers if it is abelian."""
    everything = np.arange(len(group))
    if not np.array_equal(group, group.T):
        conjugates = group[group, inverse[:, None]]  # conjugates[g, x] = g x g^-1
        return np.unique(conjugates.min(axis=0))
    leaders = everything.copy()
    power = everything.copy()
    for k in range(2, len(group)):
        power = group[power, everything]
        if np.gcd(k, len(group)) == 1:
            leaders = np.minimum(leaders, power)
    return np.unique(leaders)
