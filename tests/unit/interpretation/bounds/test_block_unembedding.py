"""Whatever blocks a proof by norms rests on, what it certifies is right."""

import numpy as np
import pytest

from cayley.interpretation.bounds._block_unembedding import BlockUnembedding, pairs_by_blocks
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork, answered_right

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


def structure(seed, *, widths):
    random = np.random.default_rng(seed)
    starts = np.linspace(0, M, len(widths) + 1).astype(np.int64)
    columns = [np.linalg.qr(random.standard_normal((N, N)))[0][:, :width] for width in widths]
    return BlockUnembedding(
        neurons=random.permutation(M),
        starts=starts,
        columns=np.concatenate([[0], np.cumsum(widths)]).astype(np.int64),
        basis=np.hstack(columns),
        mean=random.uniform(0, 1, M),
        deviation=random.uniform(0, 1, M),
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("widths", [(0, 0), (3, 1, 7), (11, 12), (12, 12, 12)])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_any_blocks_are_sound(seed, widths, scale):
    given = network(seed, scale)
    certified = pairs_by_blocks(given, structure(seed, widths=widths))
    assert not (certified & ~answered_right(given)).any()


@pytest.mark.parametrize("seed", range(3))
def test_with_all_parts_nothing_is_lost(seed):
    given = network(seed)
    certified = pairs_by_blocks(given, structure(seed, widths=(N, N)))
    assert np.array_equal(certified, answered_right(given))
    assert certified.any()


def test_some_parts_certify_some_pairs():
    given = network(0)
    shares = [
        pairs_by_blocks(given, structure(1, widths=(width, N))).mean() for width in (0, 6, 10, N)
    ]
    assert shares == sorted(shares)
    assert shares[-1] == answered_right(given).mean()


@pytest.mark.parametrize(
    ("hidden", "certified"), [(0.85, True), (0.55, True), (0.95, False), (0.45, False)]
)
def test_what_is_lost_is_the_distance_from_the_mean(hidden, certified):
    # One neuron, two symbols: scores h for symbol 0 against 0.5 for symbol 1. About the mean 0.7
    # the margin is 0.2, less the distance from there; at 0.95 the pair is right, but not proved.
    given = RectifiedNetwork(
        left=np.zeros((2, 1)),
        right=np.full((2, 1), hidden),
        weights=np.array([[1.0, 0.0]]),
        bias=np.array([0.0, 0.5]),
        table=np.zeros((2, 2), np.int64),
    )
    nothing_kept = BlockUnembedding(
        neurons=np.array([0]),
        starts=np.array([0, 1]),
        columns=np.array([0, 0]),
        basis=np.zeros((2, 0)),
        mean=np.array([0.7]),
        deviation=np.array([0.1]),
    )
    assert (pairs_by_blocks(given, nothing_kept) == certified).all()
