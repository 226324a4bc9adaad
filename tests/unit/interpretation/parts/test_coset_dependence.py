import numpy as np
import pytest

from cayley.algebra import generated_submagma
from cayley.interpretation.parts._coset_dependence import best_cosets, coset_partitions, cosets_of


@pytest.mark.parametrize("name", ["S3", "Q8", "A4", "C12"])
def test_cosets_are_those_of_the_definition(name, group_of):
    group = group_of(name)
    for partition in coset_partitions(group):
        members = set(partition.elements)
        assert set(np.flatnonzero(mask_of(group, partition.generators))) == members
        for coset in partition.listed.tolist():
            x = coset[0]
            if partition.side == "left":
                assert {int(group.table[x, h]) for h in members} == set(coset)
            else:
                assert {int(group.table[h, x]) for h in members} == set(coset)


def mask_of(group, generators):
    mask = np.zeros(group.order, bool)
    mask[generated_submagma(group, list(generators))] = True
    return mask


def test_normal_subgroups_are_listed_once_and_others_twice(group_of):
    """S4 has 30 subgroups, 4 of them normal; the trivial one and the whole group are left out."""
    partitions = coset_partitions(group_of("S4"))
    assert len(partitions) == 2 * 26 + 2
    assert coset_partitions(group_of("C7")) == ()


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("name", ["S4", "A5"])
def test_a_function_of_cosets_is_read_back_with_its_subgroup_and_side(name, noise, group_of):
    group = group_of(name)
    partitions = coset_partitions(group)
    random = np.random.default_rng(3)
    functions = np.zeros((group.order, len(partitions)))
    for i, partition in enumerate(partitions):
        values = random.permutation(len(partition.listed)) * 1.0
        functions[partition.listed, i] = ((values - values.mean()) / values.std())[:, None]
    functions += noise * random.standard_normal(functions.shape)
    found = best_cosets(partitions, functions)
    right = found.place == np.arange(len(partitions))
    # Equal partitions have one name, and a permutation of few values may have a larger subgroup.
    assert right.mean() > 0.9
    assert (found.share > 1 - 3 * noise**2 - 1e-9).all()


def test_adjusted_shares_of_noise_are_near_zero_and_those_of_subgroups_are_one(group_of):
    group = group_of("A5")
    (partition,) = [
        each for each in coset_partitions(group) if len(each.elements) == 12 and 0 in each.elements
    ][:1]
    noise = np.random.default_rng(0).standard_normal((60, 2000))
    found = best_cosets((partition,), noise)
    assert abs(found.adjusted.mean()) < 0.01
    assert found.share.mean() == pytest.approx(4 / 59, abs=0.01)  # (k - 1) / (n - 1)


def test_of_two_subgroups_that_explain_it_the_larger_is_taken(group_of):
    group = group_of("C12")
    function = (np.arange(12) % 3 == 0).astype(float)[:, None]
    (place,) = best_cosets(coset_partitions(group), function).place
    assert len(coset_partitions(group)[place].elements) == 4


def test_constants_are_explained_by_nothing(group_of):
    found = best_cosets(coset_partitions(group_of("S3")), np.ones((6, 1)))
    assert found.share.tolist() == [0.0]


def test_large_groups_and_groups_with_many_subgroups_are_left_out(group_of):
    assert coset_partitions(group_of("C401")) is None
    assert coset_partitions(group_of("C2xC2xC2xC2xC2xC2")) is None


def test_left_and_right_cosets_of_one_subgroup(group_of):
    group = group_of("S3")
    flip = next(x for x in range(6) if group.element_orders[x] == 2)
    left, right = (cosets_of(group, (0, flip), side) for side in ("left", "right"))
    assert {frozenset(c) for c in left.tolist()} != {frozenset(c) for c in right.tolist()}
