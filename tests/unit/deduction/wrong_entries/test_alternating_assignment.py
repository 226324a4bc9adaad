"""The nearest groups and isotopes: optimal assignments, and tables of the right kind."""

from itertools import permutations

import numpy as np
import pytest

from cayley.algebra import Isotopism, Structure, find_isotopism, has_identity
from cayley.deduction.wrong_entries._alternating_assignment import (
    best_assignments,
    nearest_tables,
)
from cayley.tables import add_noise, generate_family, isotope, mask, shuffle


@pytest.mark.parametrize("n", [1, 2, 5])
def test_an_assignment_has_the_largest_gain_of_all_permutations(n) -> None:
    gains = np.random.default_rng(n).integers(0, 6, (7, n, n)).astype(float)
    found = best_assignments(gains)
    for gain, chosen in zip(gains, found, strict=True):
        assert sorted(chosen) == list(range(n))
        most = max(gain[range(n), list(each)].sum() for each in permutations(range(n)))
        assert gain[range(n), chosen].sum() == most


def noisy(name, *, kind, observe, noise, seed):
    group = generate_family(name)
    truth = shuffle(group, seed=seed) if kind is Structure.GROUP else isotope(group, seed=seed)
    partial = mask(truth, observe=observe, seed=seed) if observe < 1 else truth
    return truth, add_noise(partial, noise=noise, seed=seed)


@pytest.mark.parametrize(
    ("name", "kind", "observe", "noise"),
    [
        ("C7", Structure.GROUP, 1.0, 0.3),
        ("Q8", Structure.GROUP, 0.7, 0.3),
        ("C9", Structure.GROUP_ISOTOPE, 1.0, 0.3),
        ("S3", Structure.GROUP_ISOTOPE, 1.0, 0.1),
        ("C4xC2", Structure.GROUP_ISOTOPE, 0.85, 0.2),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_table_behind_wrong_entries_is_found(name, kind, observe, noise, seed) -> None:
    truth, observed = noisy(name, kind=kind, observe=observe, noise=noise, seed=seed)
    cells = observed.observations
    tables, agreeing = nearest_tables(cells, order=truth.order, assume=kind, seed=seed)
    a, b, c = cells.T
    assert (tables[0] == truth.array).all() or agreeing[0] > (truth.array[a, b] == c).sum()
    assert (tables[:, a, b] == c).sum(1).tolist() == agreeing.tolist()
    assert (np.diff(agreeing) <= 0).all()


@pytest.mark.parametrize("kind", [Structure.GROUP, Structure.GROUP_ISOTOPE])
def test_tables_are_of_the_kind_each_once_and_the_same_for_a_seed(kind) -> None:
    cells = np.random.default_rng(5).integers(0, 6, (25, 3))
    tables, _ = nearest_tables(cells, order=6, assume=kind, seed=3, starts=12)
    assert len(np.unique(tables, axis=0)) == len(tables)
    for table in tables:
        assert isinstance(find_isotopism(table), Isotopism)
        assert kind is Structure.GROUP_ISOTOPE or has_identity(table)
    again, _ = nearest_tables(cells, order=6, assume=kind, seed=3, starts=12)
    assert (again == tables).all()


def test_no_table_of_order_four_is_nearer() -> None:
    """All isotopes of both groups of order 4, by brute force: all Latin squares of that order."""
    cells = np.random.default_rng(0).integers(0, 4, (16, 3))
    a, b, c = cells.T
    rows = list(permutations(range(4)))
    squares = [
        np.array(square)
        for square in permutations(rows, 4)
        if all(len({row[k] for row in square}) == 4 for k in range(4))
    ]
    assert len(squares) == 576
    most = max(int((square[a, b] == c).sum()) for square in squares)
    _, agreeing = nearest_tables(cells, order=4, assume=Structure.GROUP_ISOTOPE)
    assert agreeing[0] == most


def test_a_search_without_time_says_so() -> None:
    cells = np.array([[0, 0, 0]])
    assert nearest_tables(cells, order=3, assume=Structure.GROUP, deadline=0.0) is None
