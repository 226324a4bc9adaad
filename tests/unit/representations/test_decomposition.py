import pytest
import torch

from cayley.algebra import character_table
from cayley.representations import (
    Representation,
    block_diagonalize,
    decompose,
    irreducible_representations,
    regular_representation,
)
from cayley.testing import assert_unitary

NAMES = ["C1", "C5", "S3", "Q8", "A4", "24:3"]


@pytest.mark.parametrize("name", NAMES)
def test_the_regular_one_holds_each_as_often_as_its_degree(name, named_group):
    group = named_group(name)
    expected = tuple(character_table(group).degrees.tolist())
    for dtype in (torch.float32, torch.float64, torch.complex64):
        assert decompose(regular_representation(group, dtype=dtype)) == expected


def direct_sum(group, multiplicities, *, real):
    found = irreducible_representations(group, seed=3)
    parts = [rho.matrices for rho, m in zip(found, multiplicities, strict=True) for _ in range(m)]
    dtype = torch.float64 if real else torch.complex128
    rows = [torch.block_diag(*(part[g].to(dtype) for part in parts)) for g in range(group.order)]
    return torch.stack(rows)


@pytest.mark.parametrize(
    ("name", "multiplicities", "real"),
    [
        ("S3", (2, 0, 1), True),
        ("S3", (0, 1, 2), False),
        ("A4", (1, 0, 2, 1), False),
        ("Q8", (1, 0, 0, 0, 2), False),
        ("S5", (1, 0, 1, 0, 0, 1, 0), True),
    ],
)
def test_a_disguised_sum_is_taken_apart(name, multiplicities, real, named_group, random_unitary):
    group = named_group(name)
    matrices = direct_sum(group, multiplicities, real=real)
    frame = random_unitary(matrices.shape[1], seed=4, dtype=matrices.dtype)
    hidden = Representation(group=group, matrices=frame @ matrices @ frame.mH)
    assert decompose(hidden) == multiplicities
    found = block_diagonalize(hidden, seed=5)
    assert_unitary(found.unitary)
    assert found.residual < 1e-12
    degrees = [rho.degree for rho in irreducible_representations(group)]
    assert [block.degree for block in found.blocks] == [
        d for d, m in zip(degrees, multiplicities, strict=True) for _ in range(m)
    ]
    changed = found.unitary.mH @ hidden.matrices @ found.unitary
    for g in range(group.order):
        expected = torch.block_diag(*(b.matrices[g].to(changed.dtype) for b in found.blocks))
        torch.testing.assert_close(changed[g], expected, atol=1e-11, rtol=0)
    assert found.unitary.is_complex() == (not real)


def test_a_real_representation_with_complex_parts_gets_a_complex_basis(named_group):
    found = block_diagonalize(regular_representation(named_group("C5")))
    assert found.unitary.is_complex()
    assert found.residual < 1e-13


def test_what_is_no_representation_is_refused(named_group):
    group = named_group("S3")
    regular = regular_representation(group)
    halves = Representation(group=group, matrices=0.5 * regular.matrices)
    with pytest.raises(ValueError, match=r"must be one: its traces are off by .*nearest"):
        decompose(halves)
    minus = -torch.ones(6, 1, 1)
    with pytest.raises(ValueError, match="must be one"):
        decompose(Representation(group=group, matrices=minus))
    skew = torch.eye(6, dtype=torch.float64)
    skew[0, 1] = 1
    oblique = Representation(group=group, matrices=skew @ regular.matrices @ torch.inverse(skew))
    assert decompose(oblique) == (1, 1, 2)
    with pytest.raises(ValueError, match="must be unitary; its unitarity defect"):
        block_diagonalize(oblique)
