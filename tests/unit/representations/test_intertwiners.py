"""Spaces of equivariant maps against null spaces and Burnside's count."""

import numpy as np
import pytest
import torch

from cayley.representations import (
    GroupAction,
    Representation,
    direct_sum,
    intertwiners,
    irreducible_representations,
    permutation_representation,
    regular_representation,
)
from cayley.representations._intertwiners import orbitals


def null_space_dimension(source, target):
    """Count solutions of tau(g) T = T sigma(g) by a dense singular value decomposition."""
    s, t = source.degree, target.degree
    sigma = source.matrices.to(torch.complex128).numpy()
    tau = target.matrices.to(torch.complex128).numpy()
    rows = [np.kron(tau[g], np.eye(s)) - np.kron(np.eye(t), sigma[g].T) for g in range(len(tau))]
    values = np.linalg.svd(np.concatenate(rows), compute_uv=False)
    return s * t - int((values > 1e-9).sum())


@pytest.mark.parametrize("name", ["C1", "C5", "S3", "Q8", "A4"])
def test_dimension_and_basis(named_group, random_unitary, name):
    group = named_group(name)
    irreps = irreducible_representations(group)
    a = direct_sum(irreps[-1], irreps[0], irreps[-1])
    U = random_unitary(a.degree, seed=1)
    b = Representation(group=group, matrices=U @ a.matrices.to(U.dtype) @ U.mH)
    for source, target in ((a, b), (b, irreps[-1]), (regular_representation(group), a)):
        found = intertwiners(source, target)
        assert found.dimension == null_space_dimension(source, target)
        flat = found.basis.flatten(1)
        assert torch.allclose(
            flat @ flat.mH, torch.eye(found.dimension, dtype=flat.dtype), atol=1e-10
        )
        assert found.residual < 1e-10


def test_no_maps_between_different_irreps(named_group):
    irreps = irreducible_representations(named_group("S3"))
    found = intertwiners(irreps[0], irreps[1])
    assert found.dimension == 0
    assert found.basis.shape == (0, 1, 1)
    assert found.residual == 0


def test_permutation_bases_are_exact():
    action = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
    rho, regular = permutation_representation(action), regular_representation(action.group)
    for source, target in ((rho, rho), (rho, regular), (regular, rho)):
        found = intertwiners(source, target)
        assert found.is_exact
        assert found.residual == 0
        assert found.dimension == null_space_dimension(source, target)
        gram = found.basis.flatten(1) @ found.basis.flatten(1).mT
        assert torch.allclose(gram, torch.eye(found.dimension, dtype=gram.dtype))
    labels = orbitals(action, GroupAction.regular(action.group))
    assert labels.max() + 1 == intertwiners(regular, rho).dimension


def test_representations_that_are_not_unitary(named_group):
    group = named_group("S3")
    rho = irreducible_representations(group)[2]
    S = torch.tensor([[2.0, 1.0], [0.0, 1.0]], dtype=torch.float64)
    skew = Representation(group=group, matrices=S @ rho.matrices @ torch.linalg.inv(S))
    found = intertwiners(skew, rho)
    assert (found.dimension, found.residual < 1e-12) == (1, True)


def test_refuses_what_is_no_representation(named_group):
    group = named_group("S3")
    noise = torch.randn(6, 2, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    with pytest.raises(ValueError, match="no whole number"):
        intertwiners(Representation(group=group, matrices=noise), regular_representation(group))
    # one matrix of a representation replaced by another of the same trace
    wrong = regular_representation(group).matrices.clone()
    wrong[3] = wrong[4]
    skew = direct_sum(
        Representation.from_matrices(group, wrong), irreducible_representations(group)[2]
    )
    with pytest.raises(ValueError, match="no representation"):
        intertwiners(skew, skew)
    with pytest.raises(ValueError, match="group"):
        intertwiners(skew, regular_representation(named_group("C5")))


def test_large_permutations_stay_small_in_memory():
    k = 64
    shift = GroupAction.from_permutations([[*range(1, k), 0]])
    found = intertwiners(permutation_representation(shift), permutation_representation(shift))
    assert found.dimension == k
    assert found.orbitals is not None
    assert np.array_equal(found.orbitals[0], found.orbitals.diagonal() * 0 + np.arange(k))
