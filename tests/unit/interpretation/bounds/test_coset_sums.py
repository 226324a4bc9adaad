"""Whatever labels a proof by cosets rests on, what it certifies is right."""

import numpy as np
import pytest

from cayley.interpretation.bounds._coset_sums import CosetSums, pairs_by_cosets
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork, answered_right

N, M = 12, 30


def network(seed):
    random = np.random.default_rng(seed)
    a = np.arange(N)
    table = (a[:, None] + a) % N
    turns = 2 * np.pi * a[:, None] / N * np.repeat([1, 2, 5], M // 3)
    phases = random.uniform(0, 2 * np.pi, M)
    return RectifiedNetwork(
        left=np.cos(turns + phases) + 0.1 * random.standard_normal((N, M)),
        right=np.cos(turns + phases) + 0.1 * random.standard_normal((N, M)),
        weights=np.cos(turns + 2 * phases).T,
        bias=0.1 * random.standard_normal(N),
        table=table,
    )


def structure(seed, *, cosets, others):
    random = np.random.default_rng(seed)
    neurons = random.permutation(M)
    kept = M - others
    return CosetSums(
        neurons=neurons[:kept],
        starts=np.array([0, kept // 3, kept]),
        labels=np.stack([random.permutation(np.arange(N) % cosets) for _ in range(2)]),
        others=neurons[kept:],
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cosets", [1, 3, 12])
@pytest.mark.parametrize("others", [0, 5, 30])
def test_any_labels_are_sound(seed, cosets, others):
    given = network(seed)
    certified = pairs_by_cosets(given, structure(seed, cosets=cosets, others=others))
    assert not (certified & ~answered_right(given)).any()


@pytest.mark.parametrize("seed", range(3))
def test_with_a_coset_for_each_symbol_nothing_is_lost(seed):
    given = network(seed)
    certified = pairs_by_cosets(given, structure(seed, cosets=N, others=4))
    assert np.array_equal(certified, answered_right(given))
    assert certified.mean() > 0


def one_neuron(values, left=0.0):
    """Two symbols: scores relu(left + value) for symbol 0 against 0.5 for symbol 1."""
    return RectifiedNetwork(
        left=np.full((2, 1), left),
        right=np.array(values)[:, None],
        weights=np.array([[1.0, 0.0]]),
        bias=np.array([0.0, 0.5]),
        table=np.zeros((2, 2), np.int64),
    )


@pytest.mark.parametrize(
    ("values", "left", "certified"),
    [
        # Where the neuron is active all along, nothing is lost: half of the distance from the mean
        # is added, and the other half subtracted.
        ((1.0, 0.4), 0.0, (True, False)),
        ((1.0, 0.52), 0.0, (True, True)),
        # From the mean 0.1, which adds 0.1, up to 1.3: the hidden value may have risen by all of
        # 1.2 or by nothing, and only nothing is sure.
        ((1.3, -1.1), 0.0, (False, False)),
        # The lowest value of the coset counts: a mean of 0.75 with 0.05 on either side.
        ((0.8, 0.7), -0.1, (True, True)),
        ((0.8, 0.7), -0.22, (True, False)),
    ],
)
def test_what_is_lost_is_half_the_distance_from_the_means(values, left, certified):
    both = CosetSums(
        neurons=np.array([0]),
        starts=np.array([0, 1]),
        labels=np.array([[0, 0]]),
        others=np.array([], np.int64),
    )
    found = pairs_by_cosets(one_neuron(values, left), both)
    assert found.tolist() == [list(certified)] * 2


def test_sums_as_large_as_the_whole_numbers_do_not_overflow():
    # Each neuron adds the same to all scores but one: scores of a sum that fills 16 bits.
    given = network(0)
    given = RectifiedNetwork(
        left=np.ones((N, M)),
        right=np.zeros((N, M)),
        weights=1000.0 + given.weights,
        bias=given.bias,
        table=given.table,
    )
    for cosets in (1, N):
        certified = pairs_by_cosets(given, structure(0, cosets=cosets, others=3))
        assert not (certified & ~answered_right(given)).any()
