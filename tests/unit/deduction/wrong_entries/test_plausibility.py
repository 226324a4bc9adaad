"""Tallies against loops, odds against the meaning they are given."""

import math

import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.deduction.wrong_entries._plausibility import label_tallies, weigh_observations
from cayley.tables import Table, add_noise, generate_family, isotope, mask

S4 = generate_family("S4").array


def noisy(array, observe, noise, seed=0):
    partial = mask(Table.from_array(array), observe=observe, seed=seed)
    return add_noise(partial, noise=noise, seed=seed).observations


def test_tallies_count_who_asks_for_whose_place() -> None:
    triples = noisy(S4, 0.5, 0.4)
    tallies = label_tallies(S4, triples)
    expected = np.zeros((3, 24, 24), int)
    for a, b, c in triples.tolist():
        expected[0, a, S4[:, b].tolist().index(c)] += 1
        expected[1, b, S4[a].tolist().index(c)] += 1
        expected[2, c, S4[a, b]] += 1
    assert (tallies == expected).all()


def test_rivals_are_what_exchanging_rows_would_gain() -> None:
    """With one wrong entry and two rows known by one cell each, the odds can be written down."""
    triples = noisy(S4, 1.0, 0.1)
    few = np.concatenate([triples[(triples[:, 0] > 1)], [[0, 0, S4[0, 0]], [1, 0, S4[1, 0]]]])
    weighed = weigh_observations(S4, few, assume=Structure.GROUP_ISOTOPE)
    wrong = (weighed.cells - weighed.agreeing + 1) / (weighed.cells + 2)
    exchange = -2 * math.log10((1 - wrong) * 23 / wrong)
    assert weighed.log10_rivals == pytest.approx(exchange, abs=0.3)
    assert not weighed.is_safe or exchange <= -3


def test_the_truth_is_safe_and_a_rival_is_not() -> None:
    triples = noisy(S4, 0.8, 0.3)
    assert weigh_observations(S4, triples, assume=Structure.GROUP_ISOTOPE).is_safe
    rival = S4[[1, 0, *range(2, 24)]]
    assert weigh_observations(rival, triples, assume=Structure.GROUP_ISOTOPE).log10_rivals > 0


def test_a_related_table_is_found_out_by_its_coincidences() -> None:
    """C2 x C12 and C24 can agree in three quarters of all cells: the rest are no accidents."""
    n = 24
    c24 = np.add.outer(np.arange(n), np.arange(n))
    carried = (np.arange(n)[:, None] % 2 == 1) & (np.arange(n)[None, :] % 2 == 1)
    related = (c24 - 2 * carried) % n  # the carry of the last digit is dropped: C2 x C12
    truth = c24 % n
    assert (related == truth).mean() == 0.75
    a, b = np.indices((n, n)).reshape(2, -1)
    weighed = weigh_observations(
        related, np.stack([a, b, truth[a, b]], axis=1), assume=Structure.GROUP_ISOTOPE
    )
    assert weighed.log10_chance < -9
    assert weighed.log10_accident < -10
    assert not weighed.is_safe


def test_accidents_are_told_from_structure() -> None:
    """Uniform errors pass; the probability of refusing them is stated as 1e-4."""
    for seed in range(20):
        triples = noisy(S4, 1.0, 0.6, seed)
        assert weigh_observations(S4, triples, assume=Structure.GROUP).log10_accident > -4
    twisted = isotope(Table.from_array(S4), seed=2).array
    assert weigh_observations(
        twisted, noisy(twisted, 0.6, 0.4), assume=Structure.GROUP_ISOTOPE
    ).is_safe


def test_order_1() -> None:
    assert weigh_observations([[0]], [[0, 0, 0]], assume=Structure.GROUP_ISOTOPE).is_safe
