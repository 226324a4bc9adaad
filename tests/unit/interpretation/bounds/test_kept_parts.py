"""Whatever parts a proof by norms rests on, what it certifies is right."""

from dataclasses import replace

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.interpretation.bounds._kept_parts import KeptParts, kept_parts, pairs_by_parts
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork, answered_right
from cayley.interpretation.parts._real_irreducibles import adapted_basis

N, M = 12, 30


def network(seed, scale=1.0):
    random = np.random.default_rng(seed)
    a = np.arange(N)
    turns = 2 * np.pi * a[:, None] / N * np.repeat([1, 2, 5], M // 3)
    phases = random.uniform(0, 2 * np.pi, M)
    return RectifiedNetwork(
        left=np.cos(turns + phases) + 0.1 * random.standard_normal((N, M)),
        right=np.cos(turns + phases) + 0.1 * random.standard_normal((N, M)),
        weights=scale * np.cos(turns + 2 * phases).T,
        bias=scale * 0.1 * random.standard_normal(N),
        table=(a[:, None] + a) % N,
    )


def structure(seed, *, widths, share=0.5, idle=0):
    """Random coordinates in some parts, each kept by a share of the neurons; and random means."""
    random = np.random.default_rng(seed)
    neurons = np.sort(random.permutation(M)[idle:])
    members = [np.flatnonzero(random.random(len(neurons)) < share) for _ in widths]
    return KeptParts(
        neurons=neurons,
        basis=np.linalg.qr(random.standard_normal((N, N)))[0][:, : sum(widths)],
        columns=np.cumsum([0, *widths]),
        members=np.concatenate(members),
        starts=np.cumsum([0, *map(len, members)]),
        left_mean=random.uniform(0, 1, (N, len(neurons))),
        right_mean=random.uniform(-0.5, 0.5, (N, len(neurons))),
        deviation=random.uniform(0, 1, len(neurons)),
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("widths", [(1,), (3, 1, 7), (2, 2, 2, 5, 1)])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_any_parts_are_sound(seed, widths, scale, share):
    given = network(seed, scale)
    certified = pairs_by_parts(given, structure(seed, widths=widths, share=share, idle=seed))
    assert not (certified & ~answered_right(given)).any()


@pytest.mark.parametrize("seed", range(3))
def test_with_all_parts_nothing_is_lost(seed):
    given = network(seed)
    certified = pairs_by_parts(given, structure(seed, widths=(2, 7, 3), share=1.0))
    assert np.array_equal(certified, answered_right(given))
    assert certified.any()


def test_exact_means_prove_more_than_none():
    given = network(0)
    hidden = np.maximum(given.left[:, None] + given.right, 0)
    some = structure(1, widths=(2, 7, 2), share=1.0)
    one, two = hidden.mean(axis=1), hidden.mean(axis=0) - hidden.mean(axis=(0, 1))
    exact = replace(some, left_mean=one, right_mean=two)
    nothing = replace(some, left_mean=0 * one, right_mean=0 * two)
    shares = [pairs_by_parts(given, each).mean() for each in (nothing, exact)]
    assert shares[0] < shares[1] <= answered_right(given).mean()


def test_what_is_found_is_sound_and_grows():
    n, k = 29, (3, 5, 11)
    random = np.random.default_rng(0)
    turns = 2 * np.pi * np.arange(n)[:, None] / n * np.repeat(k, 16)
    phases = np.tile(2 * np.pi * np.arange(16) / 16, 3)
    given = RectifiedNetwork(
        left=np.cos(turns + phases) + 0.02 * random.standard_normal(turns.shape),
        right=np.cos(turns + phases) + 0.02 * random.standard_normal(turns.shape),
        weights=np.cos(turns + 2 * phases).T + 0.02 * random.standard_normal(turns.T.shape),
        bias=np.zeros(n),
        table=(np.arange(n)[:, None] + np.arange(n)) % n,
    )
    # Two neurons without weight, which are not evaluated.
    given.weights[[4, 20]] = 0
    basis = adapted_basis(Group.from_table(given.table))
    truth, shares = answered_right(given), {}
    for each in kept_parts(given, basis, coordinates=(0.1, 0.2, 0.5), entries=(2.0, 4.0)):
        assert not {4, 20} & set(each.neurons.tolist())
        certified = pairs_by_parts(given, each)
        assert not (certified & ~truth).any()
        shares[each.basis.shape[1], len(each.members)] = certified.mean()
        rows = np.array([3, 17, 8])
        assert np.array_equal(pairs_by_parts(given.at(rows), each.at(rows)), certified[rows])
    assert min(shares.values()) == 0.0
    assert truth.mean() > max(shares.values()) > 0.9


@pytest.mark.parametrize(
    ("hidden", "certified"), [(0.85, True), (0.55, True), (0.95, False), (0.45, False)]
)
@pytest.mark.parametrize("of_left", [0.7, 0.3, -0.1])
def test_what_is_lost_is_the_distance_from_the_means(hidden, certified, of_left):
    # One neuron, two symbols: scores h for symbol 0 against 0.5 for symbol 1. About the sum of
    # means 0.7 the margin is 0.2, less the distance from there; at 0.95 the pair is right, but not
    # proved.
    given = RectifiedNetwork(
        left=np.zeros((2, 1)),
        right=np.full((2, 1), hidden),
        weights=np.array([[1.0, 0.0]]),
        bias=np.array([0.0, 0.5]),
        table=np.zeros((2, 2), np.int64),
    )
    nothing_kept = KeptParts(
        neurons=np.array([0]),
        basis=np.eye(2)[:, :1],
        columns=np.array([0, 1]),
        members=np.array([], np.int64),
        starts=np.array([0, 0]),
        left_mean=np.full((2, 1), of_left),
        right_mean=np.full((2, 1), 0.7 - of_left),
        deviation=np.array([0.1]),
    )
    assert (pairs_by_parts(given, nothing_kept) == certified).all()


def test_what_neurons_that_are_not_evaluated_may_do_is_subtracted():
    # Symbol 0 leads by 1; the neuron that is left out may lift symbol 1 by up to |0| + |value|.
    for value, certified in ((0.9, True), (1.1, False), (-1.1, False)):
        given = RectifiedNetwork(
            left=np.zeros((2, 2)),
            right=np.tile([0.0, value], (2, 1)),
            weights=np.array([[1.0, 0.0], [0.0, 1.0]]),
            bias=np.array([1.0, 0.0]),
            table=np.zeros((2, 2), np.int64),
        )
        first = KeptParts(
            neurons=np.array([0]),
            basis=np.eye(2),
            columns=np.array([0, 2]),
            members=np.array([0]),
            starts=np.array([0, 1]),
            left_mean=np.zeros((2, 1)),
            right_mean=np.zeros((2, 1)),
            deviation=np.array([0.1]),
        )
        assert (pairs_by_parts(given, first) == certified).all()
