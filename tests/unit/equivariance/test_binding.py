"""Bindings: exact inverses, clean-up, nested expressions and group operators as roles."""

import numpy as np
import pytest
import torch

from cayley.algebra import Group
from cayley.equivariance import MatrixBinding
from cayley.representations import regular_representation


@pytest.fixture(scope="module")
def memory():
    return MatrixBinding.random(roles=8, symbols=50, dimension=128, seed=1, dtype=torch.float64)


def test_unbinding_undoes_binding(memory):
    v = torch.randn(3, 128, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    path = (3, 1, 4, 1, 5)
    bound = memory.bind(v, path)
    assert torch.allclose(memory.unbind(bound, path), v, atol=1e-12)
    assert torch.allclose(bound.norm(dim=1), v.norm(dim=1))
    expected = v
    for role in path:
        expected = expected @ memory.matrices[role]
    assert torch.equal(bound, expected)


def test_bundles_are_taken_apart(memory):
    terms = [(5, (0,)), (17, (1,)), (17, (2, 3)), (42, (3, 2))]
    trace = memory.encode(terms)
    for symbol, path in terms:
        found = memory.retrieve(trace, path)
        assert int(found.symbol) == symbol
        assert float(found.margin) > 0.1
    assert memory.encode([]).norm() == 0


def test_the_order_of_roles_matters(memory):
    trace = memory.encode([(42, (3, 2))])
    assert float(memory.retrieve(trace, (2, 3)).similarity) < 0.5


def test_a_group_composes_roles():
    s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
    rho = regular_representation(s3)
    v = torch.randn(10, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    memory = MatrixBinding(rho.matrices, v)
    assert memory.correction < 1e-12
    nested, flat = memory.bind(v, (2, 3)), memory.bind(v, (int(s3.table[2, 3]),))
    assert torch.allclose(nested, flat)


def test_nearly_orthogonal_matrices_are_corrected():
    Q = torch.linalg.qr(torch.randn(2, 4, 4, generator=torch.Generator().manual_seed(0)))[0]
    memory = MatrixBinding(1.1 * Q + 0.01, torch.eye(4))
    gram = memory.matrices @ memory.matrices.mT
    assert torch.allclose(gram, torch.eye(4).expand(2, 4, 4), atol=1e-5)
    assert memory.correction > 0.01


def test_numpy_in_numpy_out(memory):
    v = np.random.default_rng(0).standard_normal((2, 128))
    back = memory.unbind(memory.bind(v, (1, 2)), (1, 2))
    assert isinstance(back, np.ndarray)
    assert np.allclose(back, v)


def test_more_pairs_are_harder():
    small = MatrixBinding.random(roles=32, symbols=100, dimension=32, seed=0)

    def accuracy(pairs):
        right = 0
        for trial in range(20):
            rng = np.random.default_rng(trial)
            symbols = rng.integers(100, size=pairs).tolist()
            trace = small.encode((s, (r,)) for r, s in enumerate(symbols))
            right += sum(
                int(small.retrieve(trace, (r,)).symbol) == s for r, s in enumerate(symbols)
            )
        return right / (20 * pairs)

    assert accuracy(1) == 1.0
    assert accuracy(2) > accuracy(8) > accuracy(32)


def test_messages():
    with pytest.raises(ValueError, match="must have shape"):
        MatrixBinding(torch.zeros(2, 3, 4), torch.zeros(5, 4))
    with pytest.raises(ValueError, match="real and finite"):
        MatrixBinding(torch.full((1, 2, 2), float("nan")), torch.eye(2))
    with pytest.raises(ValueError, match="singular"):
        MatrixBinding(torch.ones(1, 2, 2), torch.eye(2))
    with pytest.raises(ValueError, match="must not be zero"):
        MatrixBinding(torch.eye(2)[None], torch.zeros(1, 2))
