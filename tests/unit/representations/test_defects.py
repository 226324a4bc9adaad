import itertools

import pytest
import torch

from cayley.representations._defects import Defects, homomorphism_defect, unitarity_defect


def random_family(n, d, dtype, seed=0):
    return torch.randn(n, d, d, dtype=dtype, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128], ids=str)
def test_defects_agree_with_the_definition(dtype, named_group):
    group = named_group("S3")
    matrices = random_family(6, 3, dtype)
    eye = torch.eye(3, dtype=dtype)
    unitarity = max(float((m @ m.conj().T - eye).norm()) / 3**0.5 for m in matrices)
    homomorphism = max(
        float((matrices[g] @ matrices[h] - matrices[group.table[g, h]]).norm()) / 3**0.5
        for g, h in itertools.product(range(6), repeat=2)
    )
    found = Defects.of(matrices, group)
    assert found.unitarity == pytest.approx(unitarity, rel=1e-12)
    assert found.homomorphism == pytest.approx(homomorphism, rel=1e-12)
    assert unitarity_defect(matrices) == found.unitarity


@pytest.mark.parametrize("workspace", [1, 1000, 1 << 20])
def test_the_blocks_do_not_matter(workspace, named_group):
    group = named_group("A4")
    matrices = random_family(12, 2, torch.float64)
    found = homomorphism_defect(matrices, group, workspace_bytes=workspace)
    assert found == pytest.approx(homomorphism_defect(matrices, group), rel=1e-12)


def test_generators_suffice_to_see_that_it_is_no_homomorphism(named_group):
    group = named_group("S3")
    matrices = random_family(6, 2, torch.float64)
    assert homomorphism_defect(matrices, group, generators_only=True) > 0.1
    ones = torch.ones(6, 1, 1)
    assert homomorphism_defect(ones, group, generators_only=True) == 0.0
    zero_but_identity = torch.zeros(6, 1, 1)
    zero_but_identity[group.identity] = 1
    assert homomorphism_defect(zero_but_identity, group, generators_only=True) > 0.5


@pytest.mark.parametrize(
    ("matrices", "error", "message"),
    [
        (torch.ones(5, 1, 1), ValueError, r"shape \(6, d, d\), one per element; got \(5, 1, 1\)"),
        (torch.ones(6, 2, 1), ValueError, "one per element"),
        (torch.ones(6), ValueError, "one per element"),
        (torch.ones(6, 0, 0), ValueError, "one per element"),
        (torch.ones(6, 1, 1, dtype=torch.int64), TypeError, "real or complex"),
        (torch.full((6, 1, 1), torch.nan), ValueError, "finite"),
    ],
    ids=["few", "oblong", "flat", "empty", "integers", "nan"],
)
def test_bad_matrices_are_refused(matrices, error, message, named_group):
    with pytest.raises(error, match=message):
        homomorphism_defect(matrices, named_group("S3"))
