"""Sums, products, restriction, induction and permutations against characters and definitions."""

import numpy as np
import pytest
import torch

from cayley.representations import (
    GroupAction,
    Representation,
    Subgroup,
    decompose,
    direct_sum,
    induce,
    irreducible_representations,
    permutation_representation,
    regular_representation,
    restrict,
    tensor_product,
    trivial_representation,
)
from cayley.testing import assert_representation, assert_unitary

GROUPS = ["C1", "C5", "S3", "Q8", "A4", "S4"]


@pytest.mark.parametrize("name", GROUPS)
def test_sums_and_products_are_representations_with_the_right_characters(named_group, name):
    group = named_group(name)
    irreps = irreducible_representations(group)
    a, b = irreps[-1], irreps[0]
    total, product = direct_sum(a, b, a), tensor_product(a, a)
    for rho in (total, product):
        assert_representation(rho.matrices, group.table, tolerance=1e-11)
        assert_unitary(rho.matrices, tolerance=1e-11)
    expected = (2 * a.character + b.character).to(total.matrices.dtype)
    assert torch.allclose(total.character, expected)
    assert torch.allclose(product.character, a.character**2)


def test_tensor_product_is_kroneckers(named_group):
    rho = irreducible_representations(named_group("S3"))[2]
    sign = irreducible_representations(named_group("S3"))[1]
    got = tensor_product(rho, sign, rho).matrices[4].numpy()
    factors = [r.matrices[4].numpy() for r in (rho, sign, rho)]
    assert np.allclose(got, np.kron(np.kron(factors[0], factors[1]), factors[2]))


@pytest.mark.parametrize("name", ["S3", "Q8", "A4", "S4"])
def test_frobenius_reciprocity(named_group, name):
    group = named_group(name)
    for generators in ([], [group.generators[0]], group.generators):
        subgroup = Subgroup.generated_by(group, generators)
        upstairs = irreducible_representations(group)
        for rho in irreducible_representations(subgroup.group):
            induced = induce(rho, subgroup)
            assert_representation(induced.matrices, group.table, tolerance=1e-11)
            assert induced.degree == subgroup.index * rho.degree
            chi = rho.character.to(torch.complex128).numpy()
            expected = []
            for sigma in upstairs:
                below = restrict(sigma, subgroup).character.to(torch.complex128).numpy()
                expected.append(round((below * chi.conj()).mean().real))
            assert decompose(induced) == tuple(expected)


def test_inducing_the_trivial_representation_permutes_cosets(named_group):
    group = named_group("S4")
    subgroup = Subgroup.generated_by(group, [int(np.flatnonzero(group.element_orders == 3)[0])])
    induced = induce(trivial_representation(subgroup.group), subgroup)
    permuted = permutation_representation(GroupAction.on_cosets(subgroup))
    assert torch.equal(induced.matrices, permuted.matrices)


def test_the_regular_action_gives_the_regular_representation(named_group):
    group = named_group("A4")
    got = permutation_representation(GroupAction.regular(group)).matrices
    assert torch.equal(got, regular_representation(group).matrices)


def test_rows_move_along_with_the_points():
    action = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])
    rho = permutation_representation(action)
    for g in range(action.group.order):
        moved = torch.eye(4, dtype=torch.float64) @ rho.matrices[g]
        assert moved.argmax(1).tolist() == action.images[g].tolist()


def test_an_action_is_proved_to_be_one(named_group):
    group = named_group("S3")
    with pytest.raises(ValueError, match="must be a right action"):
        GroupAction(group=group, images=group.table)  # a left action of a group that is not abelian
    with pytest.raises(ValueError, match=r"shape \(6, k\)"):
        GroupAction(group=group, images=np.zeros((5, 3), np.int64))
    with pytest.raises(ValueError, match="points in"):
        GroupAction(group=group, images=np.full((6, 2), 2))
    with pytest.raises(ValueError, match="identity"):
        GroupAction(group=group, images=np.zeros((6, 2), np.int64))


def test_orbits_and_stabilizers():
    action = GroupAction.from_permutations([[1, 2, 0, 3, 4], [0, 1, 2, 4, 3]])
    assert action.orbits.tolist() == [0, 0, 0, 1, 1]
    assert not action.is_transitive
    assert action.is_faithful
    assert action.stabilizer(3).group.order == 3
    with pytest.raises(ValueError, match="`point`"):
        action.stabilizer(5)


def test_cosets_partition_the_group(named_group):
    group = named_group("S4")
    subgroup = Subgroup.generated_by(group, [int(group.generators[0])])
    assert np.bincount(subgroup.coset_of).tolist() == [subgroup.group.order] * subgroup.index
    x, h = 7, int(subgroup.elements[-1])
    assert subgroup.coset_of[group.table[x, h]] == subgroup.coset_of[x]
    with pytest.raises(ValueError, match="`elements`"):
        Subgroup.generated_by(group, [24])


def test_arrays_and_mismatches(named_group):
    rho = Representation.from_matrices(named_group("C5"), np.ones((5, 1, 1), int))
    assert rho.matrices.dtype == torch.float64
    with pytest.raises(ValueError, match="at least one"):
        direct_sum()
    with pytest.raises(ValueError, match="group"):
        tensor_product(rho, trivial_representation(named_group("S3")))
    with pytest.raises(ValueError, match="group"):
        induce(rho, Subgroup.generated_by(named_group("S3"), []))
