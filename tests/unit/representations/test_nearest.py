import pytest
import torch

from cayley.representations import nearest_representation, regular_representation
from cayley.representations._defects import homomorphism_defect, unitarity_defect
from cayley.testing import assert_representation, assert_unitary


def noisy(matrices, scale, seed):
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(matrices.shape, dtype=matrices.dtype, generator=generator)
    return matrices + scale * noise / matrices.shape[-1] ** 0.5


@pytest.mark.parametrize("name", ["C1", "C7", "S3", "Q8", "A4", "S4"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128], ids=str)
def test_it_finds_the_representation_near_by(name, dtype, named_group, random_unitary):
    group = named_group(name)
    frame = random_unitary(group.order, seed=1, dtype=dtype)
    exact = frame @ regular_representation(group, dtype=dtype).matrices @ frame.mH
    learned = noisy(exact, 0.1, seed=2)
    found = nearest_representation(learned, group)
    assert found.converged
    assert_unitary(found.representation.matrices)
    assert_representation(found.representation.matrices, group.table)
    assert found.before.unitarity == unitarity_defect(learned)
    assert found.before.homomorphism == homomorphism_defect(learned, group)
    assert found.after.homomorphism < 1e-13 < found.before.homomorphism
    # the same character as what was disturbed, so the same representation up to a basis
    character = exact.diagonal(dim1=1, dim2=2).sum(-1)
    torch.testing.assert_close(found.representation.character, character, atol=1e-10, rtol=0)
    assert found.distance < 0.3
    assert found.sweeps <= 5


def test_a_sweep_is_the_formula(named_group):
    group = named_group("S3")
    learned = noisy(regular_representation(group).matrices, 0.2, seed=3)
    found = nearest_representation(learned, group, sweeps=1).representation.matrices

    def polar(matrix):
        values, vectors = torch.linalg.eigh(matrix.T @ matrix)
        return matrix @ (vectors / values.sqrt()) @ vectors.T

    unitary = torch.stack([polar(matrix) for matrix in learned])
    for g in range(6):
        pairs = [unitary[group.table[g, h]] @ unitary[h].T for h in range(6)]
        torch.testing.assert_close(found[g], polar(sum(pairs) / 6), atol=1e-12, rtol=0)


@pytest.mark.parametrize("workspace", [1, 5000])
def test_the_blocks_do_not_matter(workspace, named_group):
    group = named_group("A4")
    learned = noisy(regular_representation(group).matrices, 0.1, seed=4)
    a = nearest_representation(learned, group, sweeps=2)
    b = nearest_representation(learned, group, sweeps=2, workspace_bytes=workspace)
    torch.testing.assert_close(a.representation.matrices, b.representation.matrices)


def test_a_representation_stays_as_it_is(named_group):
    regular = regular_representation(named_group("S3"))
    found = nearest_representation(regular.matrices, regular.group)
    assert torch.equal(found.representation.matrices, regular.matrices)
    assert (found.sweeps, found.distance, found.converged) == (0, 0.0, True)


def test_it_does_not_claim_what_it_did_not_reach(named_group):
    group = named_group("S4")
    garbage = noisy(torch.zeros(24, 3, 3, dtype=torch.float64), 1.0, seed=5)
    stopped = nearest_representation(garbage, group, sweeps=1)
    assert not stopped.converged
    assert stopped.after.homomorphism > 0.1
    none = nearest_representation(garbage, group, sweeps=0)
    assert not none.converged
    with pytest.raises(ValueError, match="`sweeps` must be >= 0"):
        nearest_representation(garbage, group, sweeps=-1)


def test_single_precision_stays_single(named_group):
    group = named_group("S3")
    learned = noisy(regular_representation(group, dtype=torch.float32).matrices, 0.05, seed=6)
    found = nearest_representation(learned, group)
    assert found.representation.matrices.dtype == torch.float32
    assert found.converged
    assert found.after.homomorphism < 1e-5
