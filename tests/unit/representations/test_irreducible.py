import numpy as np
import pytest
import torch

from cayley.algebra import Group, character_table
from cayley.representations import _irreducible as module
from cayley.representations import irreducible_representations
from cayley.representations._defects import homomorphism_defect
from cayley.tables import all_small_groups
from cayley.testing import assert_representation, assert_unitary

NAMES = ["C1", "C2", "C7", "S3", "Q8", "A4", "21:1", "24:3", "A5", "48:29", "32:50", "S5"]


@pytest.mark.parametrize("name", NAMES)
def test_they_are_unitary_and_have_the_exact_characters(name, named_group):
    group = named_group(name)
    table = character_table(group)
    found = irreducible_representations(group, seed=0)
    assert [rho.degree for rho in found] == table.degrees.tolist()
    exact = table.to_complex()[:, table.classes.labels]
    for rho, character, indicator in zip(found, exact, table.indicators, strict=True):
        assert_unitary(rho.matrices)
        assert_representation(rho.matrices, group.table)
        assert np.abs(rho.character.numpy() - character).max() < 1e-12
        assert rho.is_real == (indicator == 1)
        assert rho.matrices.dtype == (torch.float64 if rho.is_real else torch.complex128)


@pytest.mark.parametrize("entry", all_small_groups()[5::70], ids=lambda e: f"{e.order}-{e.id}")
def test_a_sample_of_all_small_groups(entry):
    group = Group.from_permutations(entry.generators)
    found = irreducible_representations(group, seed=1)
    assert sum(rho.degree**2 for rho in found) == group.order
    for rho in found:
        assert rho.homomorphism_defect < 1e-12
        assert rho.unitarity_defect < 1e-12
        norm = float((rho.character.abs() ** 2).mean())
        assert norm == pytest.approx(1, abs=1e-10)


def test_matrix_coefficients_are_orthogonal(named_group):
    """Schur: sum_g conj(rho_ab) sigma_cd = n/d, if all indices agree, else 0."""
    found = irreducible_representations(named_group("A4"))
    rows = torch.cat([rho.matrices.reshape(12, -1).to(torch.complex128) for rho in found], dim=1)
    degrees = torch.cat([torch.full((rho.degree**2,), rho.degree) for rho in found])
    expected = torch.diag(12 / degrees).to(torch.complex128)
    torch.testing.assert_close(rows.mH @ rows, expected, atol=1e-12, rtol=0)


def test_the_seed_chooses_the_basis(named_group):
    group = named_group("S4")
    first, again, other = (irreducible_representations(group, seed=s)[-1] for s in (0, 0, 1))
    assert torch.equal(first.matrices, again.matrices)
    assert not torch.allclose(first.matrices, other.matrices, atol=1e-3)
    torch.testing.assert_close(first.character, other.character, atol=1e-12, rtol=0)


def test_an_unlucky_element_is_drawn_again(named_group, monkeypatch):
    group = named_group("S4")
    genuine, calls = module._eigenspaces, []

    def unlucky(group, random):
        calls.append(1)
        if len(calls) > 1:
            return genuine(group, random)
        return [torch.eye(24, dtype=torch.float64)]  # everything coincides

    monkeypatch.setattr(module, "_eigenspaces", unlucky)
    found = irreducible_representations(group)
    assert len(calls) == 2
    assert [rho.degree for rho in found] == [1, 1, 2, 3, 3]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["S4xS4", "D1000", "S6", "Q8xC5xC5xC5"])
def test_large_groups(name, named_group):
    group = named_group(name)
    for rho in irreducible_representations(group):
        assert rho.unitarity_defect < 1e-12
        assert homomorphism_defect(rho.matrices, group, generators_only=True) < 1e-12
