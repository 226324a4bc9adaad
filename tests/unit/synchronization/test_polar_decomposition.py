"""Polar factors against the singular value decomposition in double precision."""

import pytest
import torch

from cayley.synchronization._polar_decomposition import newton_schulz, polar_factor

DTYPES = [torch.float32, torch.float64, torch.complex64, torch.complex128]
TOLERANCE = {torch.float32: 2e-4, torch.complex64: 2e-4,
             torch.float64: 1e-8, torch.complex128: 1e-8}  # fmt: skip


def by_svd(Y: torch.Tensor) -> torch.Tensor:
    double = torch.complex128 if Y.is_complex() else torch.float64
    U, _, Vh = torch.linalg.svd(Y.to(double), full_matrices=False)
    return U @ Vh


def random(*shape: int, dtype: torch.dtype, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5, 4, 4), (2, 3, 7, 3), (6, 1), (4, 20, 20)])
def test_polar_factor_is_that_of_the_svd(dtype, shape) -> None:
    Y = random(*shape, dtype=dtype)
    Y = Y + 0.5 * torch.eye(*shape[-2:], dtype=dtype)
    error = (polar_factor(Y) - by_svd(Y)).abs().max()
    assert error < 20 * TOLERANCE[dtype]  # random matrices reach condition numbers of hundreds


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_columns_are_orthonormal_whatever_comes_in(dtype, scale) -> None:
    """Rank 1, rank 0, condition 1e12 and ordinary ones in one batch."""
    Y = random(4, 6, 6, dtype=dtype) * scale
    Y[0] = Y[0, :, :1] @ Y[0, :1, :]
    Y[1] = 0
    Y[2, :, 0] *= 1e-12
    X = polar_factor(Y)
    unit = torch.eye(6, dtype=dtype)
    assert (X.mH @ X - unit).abs().max() < 2 * TOLERANCE[dtype]


def test_a_nearly_singular_matrix_gets_the_factor_of_the_svd() -> None:
    """Newton-Schulz alone falls short of it."""
    U, V = polar_factor(random(2, 5, 5, dtype=torch.float64))
    Y = U @ torch.diag(torch.tensor([1, 1, 1, 1, 1e-7], dtype=torch.float64)) @ V
    short = newton_schulz(Y, quintic=6, cubic=5)
    assert (short - U @ V).abs().max() > 1e-2
    assert (polar_factor(Y) - U @ V).abs().max() < 1e-8


def test_newton_schulz_keeps_singular_vectors_and_zero() -> None:
    Y = random(3, 8, 8, dtype=torch.float64)
    X = newton_schulz(Y)
    exact = by_svd(Y)
    S = exact.mH @ X  # V s V* for the same V: symmetric and positive
    assert (S - S.mT).abs().max() < 1e-10
    assert torch.linalg.eigvalsh(S).min() > 0
    assert newton_schulz(torch.zeros(2, 3, 3)).abs().max() == 0


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="`Y` must be finite"):
        polar_factor(torch.tensor([[float("nan"), 0.0], [0.0, 1.0]]))
