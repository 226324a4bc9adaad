import pytest
import torch

from cayley.algebra import character_table, find_isotopism
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.hypercube._functional import hypercube_product
from cayley.representations import regular_representation, representation_from_factors
from cayley.tables import generate_family, isotope, mask
from cayley.testing import assert_representation, assert_unitary


def disguised(group, isotopism, frames, *, scale=1.0, noise=0.0, seed=0):
    """Factors of a perfect fit in an arbitrary gauge, then scaled and disturbed."""
    U, V, W = frames
    rho = regular_representation(group, dtype=U.dtype).matrices
    f, g, h = (torch.tensor(m) for m in (isotopism.rows, isotopism.columns, isotopism.symbols))
    factors = (U @ rho[f] @ V.mH, V @ rho[g] @ W.mH, W @ rho[h].mH @ U.mH)
    generator = torch.Generator().manual_seed(seed)
    d = group.order
    return tuple(
        scale * (F + noise / d**0.5 * torch.randn(F.shape, dtype=F.dtype, generator=generator))
        for F in factors
    )


@pytest.mark.parametrize("name", ["C1", "C5", "S3", "Q8", "A4"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128], ids=str)
def test_an_exact_fit_is_read_exactly(name, dtype, named_group, random_isotopism, random_unitary):
    group = named_group(name)
    isotopism = random_isotopism(group, seed=1)
    frames = [random_unitary(group.order, seed=s, dtype=dtype) for s in (2, 3, 4)]
    factors = disguised(group, isotopism, frames)
    T = hypercube_product(*factors).real
    assert T.argmax(-1).tolist() == isotopism.apply().tolist()  # it is a fit of this table
    found = representation_from_factors(*factors, isotopism)
    assert found.converged
    assert found.learned.homomorphism < 1e-12
    assert found.disagreement < 1e-12
    # with the gauge fixed on the side of U it is the regular representation itself in that basis
    rho = frames[0] @ regular_representation(group, dtype=dtype).matrices @ frames[0].mH
    torch.testing.assert_close(found.representation.matrices, rho, atol=1e-12, rtol=0)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 30.0])
def test_small_and_disturbed_factors_still_give_the_regular_one(
    scale, named_group, random_isotopism, random_unitary
):
    group = named_group("A4")
    isotopism = random_isotopism(group, seed=5)
    frames = [random_unitary(12, seed=s, dtype=torch.float64) for s in (6, 7, 8)]
    factors = disguised(group, isotopism, frames, scale=scale, noise=0.1, seed=9)
    found = representation_from_factors(*(F.float() for F in factors), isotopism)
    assert found.converged
    assert 0.05 < found.learned.homomorphism < 0.5
    assert 0.05 < found.learned.unitarity < 1
    assert 0.05 < found.disagreement < 0.6
    assert_unitary(found.representation.matrices)
    assert_representation(found.representation.matrices, group.table)
    expected = torch.zeros(12, dtype=torch.float64)
    expected[group.identity] = 12
    torch.testing.assert_close(found.representation.character, expected, atol=1e-10, rtol=0)
    assert found.representation.matrices.dtype == torch.float64


def test_a_lost_row_is_not_taken_as_base(named_group, random_isotopism, random_unitary):
    group = named_group("S3")
    isotopism = random_isotopism(group, seed=10)
    frames = [random_unitary(6, seed=s) for s in (11, 12, 13)]
    A, B, C = disguised(group, isotopism, frames)
    lost = int((isotopism.rows == group.identity).argmax())
    A[lost] *= torch.linspace(0.01, 1, 6)
    found = representation_from_factors(A, B, C, isotopism)
    assert found.base[0] != lost
    assert found.converged
    assert found.representation.character[group.identity].real == pytest.approx(6)


def test_the_wrong_structure_shows(named_group, random_isotopism, random_unitary):
    group = named_group("S3")
    right, wrong = (random_isotopism(group, seed=s) for s in (14, 15))
    frames = [random_unitary(6, seed=s) for s in (16, 17, 18)]
    found = representation_from_factors(*disguised(group, right, frames), wrong)
    assert found.learned.unitarity < 1e-12
    assert found.learned.homomorphism > 0.5
    assert found.disagreement > 0.5


def test_bad_factors_are_refused(named_group, random_isotopism):
    isotopism = random_isotopism(named_group("S3"), seed=0)
    X = torch.eye(2).expand(6, 2, 2)
    cases = [
        ((X, X[:5], X), ValueError, "`B` has"),
        ((X, X, X.double()), TypeError, "`C` is torch.float64"),
        ((X.int(), X.int(), X.int()), TypeError, "real or complex"),
        ((X, X * torch.nan, X), ValueError, "`B` must be finite"),
        ((X, X, X * 0), ValueError, "`C` is zero"),
        ((X[:5], X[:5], X[:5]), ValueError, "5 matrices, the isotopism's group 6"),
    ]
    for factors, error, message in cases:
        with pytest.raises(error, match=message):
            representation_from_factors(*factors, isotopism)


@pytest.mark.parametrize("name", ["S3", "A4"])
def test_what_hypercube_learned_is_the_regular_representation(name):
    """Trained on a part of a disguised table, stopped when it fits."""
    table = isotope(generate_family(name), seed=1)
    seen = mask(table, observe=0.75, seed=1)
    n = table.order
    observations = ObservedProducts.from_triples(seen.observations.tolist(), sizes=(n, n, n))
    model = HyperCube(n, restarts=4, generator=torch.Generator().manual_seed(1))
    result = train(model, observations, schedule=TrainingSchedule(max_steps=400))
    assert result.decoded.table.tolist() == table.array.tolist()
    factors = (F[result.last.restart] for F in model.factors)
    found = representation_from_factors(*factors, find_isotopism(table.array))
    assert found.converged
    assert found.learned.homomorphism < 0.3
    assert found.rounded.homomorphism < 1e-13
    group = found.representation.group
    assert found.multiplicities == tuple(character_table(group).degrees.tolist())
