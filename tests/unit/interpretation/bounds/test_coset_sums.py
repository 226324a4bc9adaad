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


def test_what_is_lost_is_the_distance_from_the_means():
    # One neuron, two symbols: scores relu(0 + r) for symbol 0 against 0.5 for symbol 1.
    values = np.array([[1.0], [0.4]])
    given = RectifiedNetwork(
        left=np.zeros((2, 1)),
        right=values,
        weights=np.array([[1.0, 0.0]]),
        bias=np.array([0.0, 0.5]),
        table=np.zeros((2, 2), np.int64),
    )
    both = CosetSums(
        neurons=np.array([0]),
        starts=np.array([0, 1]),
        labels=np.array([[0, 0]]),
        others=np.array([], np.int64),
    )
    # The mean 0.7 leads by 0.2, and the distance 0.3 is more than that: nothing is certified.
    assert not pairs_by_cosets(given, both).any()
    near = RectifiedNetwork(
        left=given.left,
        right=np.array([[0.75], [0.65]]),
        weights=given.weights,
        bias=given.bias,
        table=given.table,
    )
    assert pairs_by_cosets(near, both).all()
