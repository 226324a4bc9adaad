"""A table chosen by preferences: it obeys the theory, and keeps preferences that do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.theories import parse_theory
from cayley.theories.propagation._preference import preferred_completion
from oracles import models

THEORIES = ("quasigroup", "semilattice", "x*y = y*x", "left quandle", "left cancellative magma",
            "monoid", "x*(x*y) = y; idempotent")  # fmt: skip


def ranked(first, rng):
    """All values of each cell, the first one of them given."""
    n = len(first)
    others = rng.random((n, n, n))
    a, b = np.indices((n, n))
    others[a, b, first] = -1
    return np.argsort(others, axis=2)


@pytest.mark.parametrize("name", THEORIES)
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.0, 0.3, 0.6]))
def test_some_table_of_the_theory_has_all_filled_cells_if_one_is_left(name, seed, share):
    rng = np.random.default_rng(seed)
    theory = parse_theory(name)
    tables = models(theory, 3)
    truth = tables[rng.integers(len(tables))]
    seen = np.where(rng.random((3, 3)) < share, truth, -1)
    guess, weights = rng.integers(3, size=(3, 3)), rng.random((3, 3))
    found = preferred_completion(seen, theory, ranked(guess, rng), weights)
    assert (found[seen >= 0] == seen[seen >= 0]).all()
    if (found >= 0).all():
        assert (tables == found).all(axis=(1, 2)).any()
    filled = found[found >= 0]
    assert filled.min(initial=0) >= 0
    assert filled.max(initial=0) < 3


@pytest.mark.parametrize("name", THEORIES)
def test_a_guess_that_obeys_the_theory_is_kept_whole(name):
    rng = np.random.default_rng(1)
    theory = parse_theory(name)
    tables = models(theory, 3)
    for truth in tables[rng.permutation(len(tables))[:10]]:
        seen = np.where(rng.random((3, 3)) < 0.3, truth, -1)
        found = preferred_completion(seen, theory, truth[:, :, None], rng.random((3, 3)))
        assert (found == truth).all()


def test_the_larger_weight_wins_where_two_guesses_exclude_each_other():
    theory = parse_theory("quasigroup")
    seen = np.array([[0, 1, 2], [-1, -1, -1], [-1, -1, -1]])
    guess = np.array([[0, 1, 2], [1, 1, 1], [2, 0, 1]])
    for place, row in ((0, [1, 2, 0]), (2, [2, 0, 1])):
        weights = np.zeros((3, 3))
        weights[1, place] = 1
        assert preferred_completion(seen, theory, guess[:, :, None], weights)[1].tolist() == row


def test_cells_without_a_possible_preference_stay_open():
    # a row of one symbol, of which a quasigroup allows one: nothing else is preferred
    seen = np.full((4, 4), -1)
    found = preferred_completion(
        seen, parse_theory("quasigroup"), np.zeros((4, 4, 1), int), np.zeros((4, 4))
    )
    assert (found == 0).sum() == 4
    assert (found < 0).sum() == 12


def test_cells_that_contradict_the_theory_are_left_as_they_are():
    seen = np.array([[0, 0, -1], [-1, -1, -1], [-1, -1, -1]])
    whole = np.zeros((3, 3, 1), int)
    found = preferred_completion(seen, parse_theory("quasigroup"), whole, np.zeros((3, 3)))
    assert found.tolist() == seen.tolist()


@pytest.mark.parametrize("n", [12, 30])
def test_larger_tables_are_kept_too(n):
    """Above order 24 the propagation is compiled; many right guesses take few looks."""
    truth = (np.arange(n)[:, None] + np.arange(n)) % n
    rng = np.random.default_rng(n)
    seen = np.where(rng.random((n, n)) < 0.1, truth, -1)
    guess = truth.copy()
    guess[3, 4] = truth[3, 5]  # with the least weight: what is right excludes it
    weights = np.ones((n, n))
    weights[3, 4] = 0
    found = preferred_completion(seen, parse_theory("quasigroup"), guess[:, :, None], weights)
    assert (found == truth).all()
