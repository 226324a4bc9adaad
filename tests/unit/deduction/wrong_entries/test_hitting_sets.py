import itertools

import numpy as np
import pytest

from cayley.deduction.wrong_entries import _hitting_sets
from cayley.deduction.wrong_entries._hitting_sets import hitting_set


def random_cores(rng, items, count, size):
    return [
        rng.choice(items, rng.integers(1, size + 1), replace=False).tolist() for _ in range(count)
    ]


def smallest(cores, items):
    """The size of a smallest hitting set, by trying all."""
    for k in range(items + 1):
        for chosen in itertools.combinations(range(items), k):
            if all(set(core) & set(chosen) for core in cores):
                return k
    raise AssertionError


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("most_nodes", [3000, 0], ids=["search", "programs"])
def test_a_hitting_set_meets_every_core_and_its_bound_is_true(seed, most_nodes):
    rng = np.random.default_rng(seed)
    cores = random_cores(rng, 9, int(rng.integers(1, 14)), 4)
    found = hitting_set(cores, most_nodes=most_nodes)
    assert all(set(core) & set(found.items) for core in cores)
    least = smallest(cores, 9)
    assert found.bound <= least <= len(found.items)
    assert len(found.items) == least
    assert found.is_minimum or most_nodes == 0


def test_without_cores_nothing_is_needed():
    assert hitting_set([]).items == ()
    assert hitting_set([]).is_minimum


def test_the_bound_of_a_linear_program_is_proved_in_whole_numbers(monkeypatch):
    """Thirty wrong cells, each in forty cores with cells that are right."""
    rng = np.random.default_rng(1)
    cores = [
        {wrong, *rng.choice(np.arange(30, 140), 3, replace=False).tolist()}
        for wrong in range(30)
        for _ in range(40)
    ]
    found = hitting_set(cores, most_nodes=0)
    assert found.items == tuple(range(30))
    assert found.is_minimum
    # Weights that promise too much prove nothing that is false.
    programs = _hitting_sets._programs
    monkeypatch.setattr(
        _hitting_sets,
        "_programs",
        lambda sets, latest: (programs(sets, latest)[0], np.ones(len(sets))),
    )
    assert hitting_set(cores, most_nodes=0).bound <= 30
    monkeypatch.setattr(_hitting_sets, "_programs", lambda sets, latest: ((), np.zeros(len(sets))))
    careless = hitting_set(cores, most_nodes=0)
    assert all(set(core) & set(careless.items) for core in cores)
    assert not careless.is_minimum


def test_an_odd_cycle_needs_more_than_its_fractions():
    """Five cores of two around a circle: half of each item would do, three items are needed."""
    cores = [{i, (i + 1) % 5} for i in range(5)]
    assert len(hitting_set(cores).items) == 3
    assert hitting_set(cores).is_minimum
    assert hitting_set(cores, most_nodes=0).bound == 3


def test_without_time_for_a_program_the_set_and_the_bound_are_true_all_the_same(rng, monkeypatch):
    monkeypatch.setattr("scipy.optimize.milp", None)  # nothing may ask it
    for _ in range(20):
        cores = random_cores(rng, 8, 12, 3)
        found = hitting_set(cores, most_nodes=0, latest=-np.inf)
        assert all(set(core) & set(found.items) for core in cores)
        assert 0 < found.bound <= smallest(cores, 8) <= len(found.items)
