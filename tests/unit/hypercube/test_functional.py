import itertools

import pytest
import torch

from cayley.hypercube._functional import (
    hypercube_imbalance,
    hypercube_penalty,
    hypercube_product,
    penalty_gradients,
    second_moments,
)

SIZES = [(3, 3, 3), (2, 4, 3), (1, 1, 1)]


def unitary(dim: int, dtype: torch.dtype, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.linalg.qr(torch.randn(dim, dim, dtype=dtype, generator=generator))[0]


@pytest.mark.parametrize("sizes", SIZES)
def test_product_is_the_trace_of_three_matrices(factors, sizes) -> None:
    A, B, C = factors(sizes, 4)
    T = hypercube_product(A, B, C)
    for r, a, b, c in itertools.product(range(2), *map(range, sizes)):
        trace = torch.trace(A[r, a] @ B[r, b] @ C[r, c]) / 4
        torch.testing.assert_close(T[r, a, b, c], trace)


def test_product_of_pairs_is_a_part_of_the_whole(factors) -> None:
    A, B, C = factors((3, 4, 5), 4)
    left, right = torch.tensor([0, 2, 2]), torch.tensor([3, 0, 1])
    part = hypercube_product(A, B, C, left=left, right=right)
    torch.testing.assert_close(part, hypercube_product(A, B, C)[:, left, right])


def test_product_wants_both_or_no_operands(factors) -> None:
    with pytest.raises(ValueError, match="`left` and `right` must be given together"):
        hypercube_product(*factors((2, 2, 2), 2), left=torch.tensor([0]))


@pytest.mark.parametrize("sizes", SIZES)
def test_penalty_is_the_sum_over_all_pairs(factors, sizes) -> None:
    A, B, C = factors(sizes, 3)
    for r in range(2):
        pairs = [(A, B), (B, C), (C, A)]
        total = sum(
            torch.linalg.matrix_norm(x @ y) ** 2 for F, G in pairs for x in F[r] for y in G[r]
        )
        torch.testing.assert_close(hypercube_penalty(A, B, C)[r], total / 3)


def test_penalty_is_the_squared_jacobian_of_the_product() -> None:
    """H = d / n |dT|^2, the norm taken over all entries of all factors."""
    generator = torch.Generator().manual_seed(0)
    A, B, C = (torch.randn(3, 4, 4, generator=generator, dtype=torch.float64) for _ in range(3))
    jacobian = torch.autograd.functional.jacobian(hypercube_product, (A, B, C))
    squared = torch.stack([part.square().sum() for part in jacobian]).sum()
    torch.testing.assert_close(hypercube_penalty(A, B, C), squared * 4 / 3)


def test_gradients_of_the_penalty_agree_with_autograd(factors) -> None:
    leaves = [F.requires_grad_() for F in factors((2, 4, 3), 5)]
    expected = torch.autograd.grad(hypercube_penalty(*leaves).sum(), leaves)
    for mine, theirs in zip(penalty_gradients(*leaves), expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-10, atol=1e-10)


def test_gauge_changes_neither_product_nor_penalty(factors, dtype) -> None:
    A, B, C = factors((3, 3, 3), 4)
    U, V, W = (unitary(4, dtype, seed) for seed in range(3))
    moved = (U @ A @ V.mH, V @ B @ W.mH, W @ C @ U.mH)
    torch.testing.assert_close(hypercube_product(*moved), hypercube_product(A, B, C))
    torch.testing.assert_close(hypercube_penalty(*moved), hypercube_penalty(A, B, C))
    torch.testing.assert_close(hypercube_imbalance(*moved), hypercube_imbalance(A, B, C))


def test_imbalance_is_the_slope_of_the_penalty_along_the_gauge(factors, dtype) -> None:
    """d/dt H(A (I + tG), (I - tG) B, C) is 2/d Re <imbalance of that index, G>."""
    A, B, C = (F[0] for F in factors((3, 2, 3), 3))
    G = torch.randn(3, 3, dtype=dtype, generator=torch.Generator().manual_seed(5))
    P, Q = second_moments(C)
    matrix = (A.mH @ P @ A).sum(0) - (B @ Q @ B.mH).sum(0)
    step = 1e-6
    ends = [
        hypercube_penalty(A @ torch.matrix_exp(t * G), torch.matrix_exp(-t * G) @ B, C)
        for t in (step, -step)
    ]
    slope = (ends[0] - ends[1]) / (2 * step)
    expected = 2 / 3 * (matrix.conj() * G).sum().real
    torch.testing.assert_close(slope, expected, rtol=1e-6, atol=1e-6)


def test_a_unitary_representation_is_balanced_and_has_penalty_three(regular_s3) -> None:
    table, X = regular_s3
    T = hypercube_product(X, X, X.mT)
    assert (T.argmax(-1) == table).all()
    torch.testing.assert_close(hypercube_penalty(X, X, X.mT).item() / 36, 3.0)
    assert hypercube_imbalance(X, X, X.mT).item() < 1e-12


@pytest.fixture
def regular_s3() -> tuple[torch.Tensor, torch.Tensor]:
    """The table of S3 and its right regular representation."""
    elements = list(itertools.permutations(range(3)))
    index = {p: i for i, p in enumerate(elements)}
    table = torch.tensor([[index[tuple(q[i] for i in p)] for q in elements] for p in elements])
    X = torch.zeros(6, 6, 6, dtype=torch.float64)
    for g, x in itertools.product(range(6), range(6)):
        X[g, x, table[x, g]] = 1
    return table, X
