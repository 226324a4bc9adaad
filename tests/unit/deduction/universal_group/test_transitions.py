"""Transitions that simply transitive actions force, against all actions there are."""

from itertools import permutations

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.deduction import deduce_transitions
from cayley.deduction.universal_group._transitions import (
    ForcedTransitions,
    InconsistentTransitions,
    UndecidedTransitions,
)
from cayley.tables import generate_family


def observe(name, count, seen, seed):
    random = np.random.default_rng(seed)
    group = Group.from_table(generate_family(name).aligned().array)
    acts = [*group.generators, *random.integers(0, group.order, size=4)][:count]
    names = random.permutation(group.order)
    truth = np.empty((group.order, count), np.int64)
    truth[names] = names[group.table[:, acts]]
    x, a = np.nonzero(random.random(truth.shape) < seen)
    return np.stack([x, a, truth[x, a]], axis=1), truth


@pytest.mark.parametrize("name, count", [("S3", 2), ("Q8", 2), ("S4", 3), ("A5", 2), ("C30", 2)])
def test_what_is_forced_is_the_truth(name, count):
    forced = 0
    for seed in range(6):
        cells, truth = observe(name, count, 0.75, seed)
        found = deduce_transitions(cells, num_states=len(truth), num_actions=count)
        assert not isinstance(found, InconsistentTransitions)
        if isinstance(found, ForcedTransitions):
            forced += 1
            assert np.array_equal(found.transitions, truth)
            table, s, a = found.group.table, found.states, found.actions
            assert np.array_equal(table[s[:, None], a], s[found.transitions])
    assert forced >= 2


def simply_transitive(maps):
    """Whether maps generate a group with exactly one element from any state to any other."""
    n = maps.shape[1]
    elements = {tuple(range(n))}
    frontier = list(elements)
    while frontier and len(elements) <= n:
        fresh = {tuple(int(row[x]) for x in p) for p in frontier for row in maps} - elements
        elements |= fresh
        frontier = list(fresh)
    return len(elements) == n and {p[0] for p in elements} == set(range(n))


def test_forced_means_that_there_is_no_other():
    """Four states, two transformations: every completion is tried."""
    forced = 0
    all_maps = [np.array(p) for p in permutations(range(4))]
    for seed in range(40):
        random = np.random.default_rng(seed)
        cells, _ = observe(["C4", "C2xC2"][seed % 2], 2, 0.7, seed + 100)
        if len(cells) == 0:
            continue
        x, a, y = cells.T
        fits = [
            maps
            for p in all_maps
            for q in all_maps
            for maps in [np.stack([p, q])]
            if (maps[a, x] == y).all() and simply_transitive(maps)
        ]
        found = deduce_transitions(cells, num_states=4, num_actions=2)
        if isinstance(found, ForcedTransitions):
            forced += 1
            assert len(fits) == 1
            assert np.array_equal(fits[0].T, found.transitions)
        assert fits or isinstance(found, InconsistentTransitions)
        wrong = cells.copy()
        i = int(random.integers(len(wrong)))
        wrong[i, 2] = (wrong[i, 2] + 1) % 4
        if isinstance(
            deduce_transitions(wrong, num_states=4, num_actions=2), InconsistentTransitions
        ):
            x, a, y = wrong.T
            assert not any(
                (maps[a, x] == y).all() and simply_transitive(maps)
                for p in all_maps
                for q in all_maps
                for maps in [np.stack([p, q])]
            )
    assert forced > 5


def test_evidence_is_small():
    cells, _ = observe("S3", 2, 1.0, 0)
    cells[3, 2] = (cells[3, 2] + 1) % 6
    found = deduce_transitions(cells, num_states=6, num_actions=2)
    assert isinstance(found, InconsistentTransitions)
    assert found.minimal
    kept = cells[list(found.evidence)]
    again = deduce_transitions(kept, num_states=6, num_actions=2)
    assert isinstance(again, InconsistentTransitions)
    for i in range(len(kept)):
        fewer = deduce_transitions(np.delete(kept, i, axis=0), num_states=6, num_actions=2)
        assert not isinstance(fewer, InconsistentTransitions)


def test_messages():
    assert isinstance(deduce_transitions([], num_states=2, num_actions=1), UndecidedTransitions)
    with pytest.raises(ValueError, match="below"):
        deduce_transitions([[0, 1, 0]], num_states=2, num_actions=1)
    with pytest.raises(ValueError, match="shape"):
        deduce_transitions([[0, 1]], num_states=2, num_actions=1)
    with pytest.raises(TypeError, match="integers"):
        deduce_transitions([[0.5, 0, 1]], num_states=2, num_actions=1)
