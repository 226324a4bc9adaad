"""The bound never exceeds what running the network gives, and is near 1 for exact networks."""

import itertools

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.interpretation.bounds._accuracy_bound import accuracy_bound

RANDOM_SEEDS = range(6)


def symmetric_table(k):
    """Products of permutations: (xy)(p) = x(y(p)); and the permutations."""
    points = np.array(list(itertools.permutations(range(k))))
    places = {tuple(p): i for i, p in enumerate(points.tolist())}
    return np.array([[places[tuple(x[y].tolist())] for y in points] for x in points]), points


def cyclic_table(n):
    return (np.arange(n)[:, None] + np.arange(n)) % n


def coset_network(points):
    """Neurons for "x sends p to s and y sends t to p": each votes for all c that send t to s."""
    k = points.shape[1]
    inverse = np.argsort(points, axis=1)
    left, right, votes = [], [], []
    for s, t, p in itertools.product(range(k), repeat=3):
        left.append((inverse[:, s] == p) - 1.0)
        right.append((points[:, t] == p) * 1.0)
        votes.append((points[:, t] == s) * 1.0)
    return np.array(left).T, np.array(right).T, np.array(votes).T


def wave_network(n, frequencies, phases=16):
    """Sums of cosines with evenly spaced phases, whose squares the rectifier makes products."""
    turns = 2 * np.pi * np.arange(n) / n
    left, votes = [], []
    for k in frequencies:
        for j in range(phases):
            phase = 2 * np.pi * j / phases
            left.append(np.cos(k * turns + phase))
            votes.append(np.cos(k * turns + 2 * phase))
    left = np.array(left).T
    return left, left.copy(), np.array(votes).T


def right_answers(left, right, unembedding, table, bias=0.0):
    """Run the network in double precision, one pair after the other: the oracle."""
    out = np.zeros(table.shape, bool)
    for a, b in np.ndindex(*table.shape):
        scores = unembedding @ np.maximum(left[a] + right[b], 0) + bias
        others = np.delete(scores, table[a, b])
        out[a, b] = scores[table[a, b]] > others.max()
    return out


def assert_sound(arrays, table, **options):
    """Every certified pair is answered right."""
    found = accuracy_bound(*arrays, table, **options)
    truth = right_answers(*map(np.asarray, arrays), table, options.get("bias", 0.0))
    assert not (found.certified & ~truth).any()
    assert found.bound == found.certified.mean()
    return found, truth


def noisy(arrays, scale, random):
    return [each + scale * random.standard_normal(each.shape) for each in arrays]


def test_exact_coset_network_is_certified_everywhere():
    table, points = symmetric_table(5)
    found = accuracy_bound(*coset_network(points), table, brute_force=True)
    assert found.method == "coset sums"
    assert found.bound == found.accuracy == 1.0
    assert "5 partitions into cosets; 0 are added" in found.rests_on


def test_a_network_that_sees_the_left_operand_through_cosets_is_certified():
    table, points = symmetric_table(5)
    left, right, votes = coset_network(points)
    random = np.random.default_rng(0)
    # The right summands lose their cosets, the left ones keep them.
    arrays = [left, right + 0.3 * random.standard_normal(right.shape), votes]
    found, truth = assert_sound(arrays, table)
    assert found.bound > 0.95 * truth.mean() > 0.85
    assert "the left operand" in found.rests_on


def test_exact_waves_are_certified():
    table = cyclic_table(53)
    found = accuracy_bound(*wave_network(53, (3, 7, 11, 20)), table, brute_force=True)
    assert found.method == "kept parts"
    assert found.accuracy == 1.0
    assert found.bound > 0.95  # the cheapest structure within 3 % of the best on a sample is taken


@pytest.mark.parametrize("scale", [0.002, 0.02, 0.1, 0.3])
def test_noisy_coset_networks(scale):
    table, points = symmetric_table(4)
    arrays = noisy(coset_network(points), scale, np.random.default_rng(3))
    found, truth = assert_sound(arrays, table)
    if scale <= 0.002:
        assert found.bound > 0.95 * truth.mean() > 0.9


@pytest.mark.parametrize("scale", [0.001, 0.05, 0.3])
def test_noisy_waves(scale):
    arrays = noisy(wave_network(29, (2, 5, 9)), scale, np.random.default_rng(4))
    found, truth = assert_sound(arrays, cyclic_table(29))
    if scale <= 0.001:
        assert found.bound > 0.9 * truth.mean() > 0.8


@pytest.mark.parametrize("seed", RANDOM_SEEDS)
def test_random_networks(seed):
    random = np.random.default_rng(seed)
    table = symmetric_table(4)[0] if seed % 2 else cyclic_table(17)
    n, m = len(table), (12, 40, 90)[seed % 3]
    arrays = [random.standard_normal((n, m)) * 10.0 ** (seed - 3) for _ in range(3)]
    assert_sound(arrays, table, bias=random.standard_normal(n))


def test_two_symbols_with_the_same_scores_are_never_certified():
    table, points = symmetric_table(4)
    left, right, votes = coset_network(points)
    votes[1::2] = votes[::2]
    found, truth = assert_sound([left, right, votes], table)
    assert found.bound == truth.mean() == 0


def test_a_margin_below_rounding_is_not_certified():
    table, points = symmetric_table(4)
    left, right, votes = coset_network(points)
    # The right symbol leads by 1e-5 among scores of 1e5, which float32 cannot tell apart.
    arrays = [left * 1e5, right * 1e5, 1 + 1e-10 * votes]
    truth = right_answers(*arrays, table)
    assert truth.all()
    assert accuracy_bound(*arrays, table).bound == 0


@pytest.mark.parametrize("seed", range(2))
def test_leads_that_rounding_makes_are_not_certified(seed):
    table, points = symmetric_table(4)
    left, right, votes = coset_network(points)
    # Scores of some thousands that differ by steps of float32: its leader is chance.
    votes = 300 + 4e-5 * np.random.default_rng(seed).standard_normal(votes.shape)
    assert_sound([left + 0.1 * votes[:, :1], right, votes], table)


def test_certified_pairs_are_right_in_single_precision_too():
    table, points = symmetric_table(4)
    arrays = noisy(coset_network(points), 0.05, np.random.default_rng(5))
    # A common large score makes rounding matter: float32 near 3e4 has steps of 2e-3.
    arrays[2] = arrays[2] + 300.0
    found = accuracy_bound(*arrays, table)
    single = [each.astype(np.float32) for each in arrays]
    order = np.random.default_rng(6).permutation(single[0].shape[1])
    hidden = np.maximum(single[0][:, None] + single[1], 0)[:, :, order]
    scores = np.cumsum(hidden[:, :, None, :] * single[2][:, order], axis=-1, dtype=np.float32)
    assert not (found.certified & (scores[..., -1].argmax(axis=2) != table)).any()


def test_constant_scores_count():
    table, points = symmetric_table(4)
    bias = np.zeros(24)
    bias[7] = 100.0
    found, truth = assert_sound(coset_network(points), table, bias=bias)
    assert found.bound == truth.mean() == 1 / 24
    assert (table[found.certified] == 7).all()


def test_a_wrong_table_is_not_certified():
    table, points = symmetric_table(4)
    transposed = np.ascontiguousarray(table.T)
    found, truth = assert_sound(coset_network(points), transposed)
    assert found.bound <= truth.mean() < 0.5


def test_the_bound_is_the_same_under_other_names():
    table, points = symmetric_table(4)
    arrays = noisy(coset_network(points), 0.004, np.random.default_rng(7))
    rows, columns, symbols = (np.random.default_rng(i).permutation(24) for i in (8, 9, 10))
    # Row i of the new table is row rows[i] of the old one, and so on: an isotope.
    renamed = np.argsort(symbols)[table[np.ix_(rows, columns)]]
    moved = [arrays[0][rows], arrays[1][columns], arrays[2][symbols]]
    before = accuracy_bound(*arrays, table)
    found, _ = assert_sound(moved, renamed)
    assert before.bound > 0.9
    # The sample of left operands differs, and with it may the structure.
    assert abs(before.bound - found.bound) < 0.05


def test_a_transposed_unembedding_is_read():
    table, points = symmetric_table(4)
    left, right, votes = coset_network(points)
    assert accuracy_bound(left, right, votes.T, table).bound == 1


def test_a_group_of_order_one():
    one = np.ones((1, 3))
    assert accuracy_bound(one, one, one, np.zeros((1, 1), int)).method is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"right": np.zeros((3, 4))}, r"`right` must have shape \(6, 4\)"),
        ({"unembedding": np.zeros((6, 5))}, r"`unembedding` must have shape \(6, 4\)"),
        ({"bias": np.zeros(4)}, r"`bias` must have shape \(6,\)"),
        ({"left": np.full((6, 4), np.nan)}, "`left` must hold finite numbers"),
        ({"right": np.full((6, 4), 1e12)}, r"`right` must hold finite numbers up to 1e\+09"),
        ({"left": np.zeros((6, 4), complex)}, "`left` must hold real numbers"),
        ({"table": np.zeros((6, 6), int)}, "`table` must be the table of a group or an isotope"),
    ],
)
def test_messages(changes, message):
    given = {
        "left": np.zeros((6, 4)),
        "right": np.zeros((6, 4)),
        "unembedding": np.zeros((6, 4)),
        "table": cyclic_table(6),
    }
    with pytest.raises(ValueError, match=message):
        accuracy_bound(**(given | changes))


def test_zero_neurons_prove_nothing():
    nothing = np.zeros((6, 4))
    found = accuracy_bound(nothing, nothing, nothing, Group.from_table(cyclic_table(6)))
    assert found.bound == 0
    assert found.method is None
    assert "No structure" in found.rests_on
