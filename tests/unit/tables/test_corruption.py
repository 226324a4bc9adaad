import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.tables import UNKNOWN, Table, add_noise, isotope, mask, shuffle
from cayley.tables.families._families import cyclic_group, symmetric_group

S3 = symmetric_group(3)
MASKED = [[0, 3], [2, 1], [2, 5], [3, 1], [4, 3], [5, 2], [5, 3]]
NOISY = [[0, 1, 2], [2, 1, 1], [2, 0, 1]]
SHUFFLED = ("0", "2", "4", "3", "1")
SEEDS = st.integers(0, 2**40)
CHANGES = {
    "mask": lambda table, seed: mask(table, observe=0.5, seed=seed),
    "add_noise": lambda table, seed: add_noise(table, noise=0.5, seed=seed),
    "shuffle": lambda table, seed: shuffle(table, seed=seed),
    "isotope": lambda table, seed: isotope(table, seed=seed),
}


@given(st.floats(0, 1, exclude_min=True), SEEDS)
def test_mask_keeps_exactly_the_fraction(observe, seed):
    table = mask(S3, observe=observe, seed=seed)
    assert table.num_observed == max(round(observe * 36), 1)
    assert set(table.triples()) <= set(S3.triples())


def test_mask_counts_all_cells_but_keeps_known_ones():
    half = mask(S3, observe=0.5, seed=0)
    quarter = mask(half, observe=0.25, seed=0)
    assert quarter.num_observed == 9
    assert set(quarter.triples()) <= set(half.triples())
    with pytest.raises(ValueError, match="asks for 36 cells of 36; only 18 are known"):
        mask(half, observe=1.0, seed=0)


def test_every_cell_is_equally_likely_to_be_kept():
    masks = (mask(S3, observe=0.5, seed=seed).array != UNKNOWN for seed in range(400))
    counts = np.sum(list(masks), axis=0)
    # Binomial(400, 1/2) deviates by 10: six of them leave chance under 1e-7 for 36 cells.
    assert abs(counts - 200).max() < 60


@given(st.floats(0, 1), SEEDS)
def test_noise_changes_exactly_the_fraction(noise, seed):
    partial = mask(S3, observe=0.61, seed=seed)
    noisy = add_noise(partial, noise=noise, seed=seed)
    assert (noisy.array != partial.array).sum() == round(noise * 22)
    assert np.array_equal(noisy.array == UNKNOWN, partial.array == UNKNOWN)


def test_noise_takes_every_other_symbol():
    found = {
        tuple(add_noise(cyclic_group(3), noise=1.0, seed=seed).array[0]) for seed in range(200)
    }
    assert len(found) == 8
    with pytest.raises(ValueError, match="no product can be wrong"):
        add_noise(cyclic_group(1), noise=1.0, seed=0)


@given(SEEDS)
def test_shuffle_is_the_same_operation(seed):
    shuffled = shuffle(mask(S3, observe=0.5, seed=seed), seed=seed)
    assert shuffled.rows == shuffled.columns == shuffled.symbols
    assert set(shuffled.triples()) == set(mask(S3, observe=0.5, seed=seed).triples())


@given(SEEDS)
def test_shuffle_of_three_alphabets(seed):
    table = Table(rows="xyz", columns="pq", symbols="abcd", array=[[0, 1], [2, -1], [3, 0]])
    shuffled = shuffle(table, seed=seed)
    assert set(shuffled.triples()) == set(table.triples())
    assert sorted(shuffled.rows) == list("xyz")


@given(SEEDS)
def test_isotope_is_three_bijections(seed):
    table = mask(S3, observe=0.9, seed=seed)
    hidden = isotope(table, seed=seed)
    assert hidden.rows == tuple(f"r{i}" for i in range(6))
    assert hidden.columns == tuple(f"c{i}" for i in range(6))
    assert hidden.symbols == tuple(f"s{i}" for i in range(6))
    assert hidden.num_observed == table.num_observed
    full = isotope(S3, seed=seed).array
    loop = full[np.argsort(full[:, 0])][:, np.argsort(full[0])]
    assert np.array_equal(loop[loop], loop[:, loop])


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_seeds_decide(change):
    assert change(S3, 0) == change(S3, 0)
    assert len({change(S3, seed).array.tobytes() for seed in range(20)}) > 10
    for bad in (-1, 0.5, None, True):
        with pytest.raises(ValueError, match="`seed` must be an integer >= 0"):
            change(S3, bad)


def test_results_do_not_change_between_releases():
    assert mask(S3, observe=0.2, seed=0).observations[:, :2].tolist() == MASKED
    assert add_noise(cyclic_group(3), noise=0.34, seed=0).array.tolist() == NOISY
    assert shuffle(cyclic_group(5), seed=0).rows == SHUFFLED


def test_streams_are_independent():
    noisy = add_noise(S3, noise=0.5, seed=0)
    kept = mask(noisy, observe=0.5, seed=0).array != UNKNOWN
    assert np.array_equal(kept, mask(S3, observe=0.5, seed=0).array != UNKNOWN)


def test_results_carry_no_repeats():
    table = Table.from_array([[0, 1], [1, 0]])
    table = Table(rows="01", columns="01", symbols="01", array=table.array, repeats=[[0, 0, 1]])
    assert all(not len(change(table, 0).repeats) for change in CHANGES.values())


@pytest.mark.parametrize("observe", [0.0, -0.1, 1.1, float("nan")])
def test_fractions_out_of_range(observe):
    with pytest.raises(ValueError, match="`observe` must be above 0 and at most 1"):
        mask(S3, observe=observe, seed=0)
    if observe:
        with pytest.raises(ValueError, match="`noise` must be between 0 and 1"):
            add_noise(S3, noise=observe, seed=0)
