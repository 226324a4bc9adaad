"""Whitening against an inverse square root by the singular value decomposition."""

import pytest
import torch

from cayley.synchronization._whitening import gram_power, whiten


def random(*shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
@pytest.mark.parametrize("power", [0.1, 0.25, 0.5])
@pytest.mark.parametrize("n", [5, 40])
def test_singular_values_are_raised_to_one_minus_twice_the_power(dtype, power, n) -> None:
    """K = U s^2 U*, so that K^-p F = U s^(1 - 2p) V* up to the scale of K."""
    Y = random(2, n, 4, 4, dtype=dtype)
    U, s, Vh = torch.linalg.svd(Y.flatten(-2), full_matrices=False)
    rows = min(n, 16)
    scale = s.square().sum(-1) / rows
    expected = (U * (s * (s.square() / scale[:, None]).pow(-power))[:, None, :]) @ Vh
    assert torch.allclose(whiten(Y, gram_power(Y, power)).flatten(-2), expected, atol=1e-9)


def test_power_one_half_makes_vectors_orthogonal() -> None:
    Y = random(1, 6, 3, 3)
    white = whiten(Y, gram_power(Y, 0.5)).flatten(-2)[0]
    K = white @ white.mT
    assert torch.allclose(K / K[0, 0], torch.eye(6, dtype=K.dtype), atol=1e-9)


def test_power_zero_changes_nothing() -> None:
    Y = random(1, 3, 2, 2)
    assert torch.allclose(whiten(Y, gram_power(Y, 0.0)), Y)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dependent_and_zero_vectors_stay_finite_and_in_their_span(dtype) -> None:
    Y = random(1, 6, 3, 3, dtype=dtype)
    Y[0, 1] = Y[0, 0]
    Y[0, 2] = -2 * Y[0, 0] + Y[0, 3]
    Y[0, 5] = 0
    white = whiten(Y, gram_power(Y, 0.25))
    assert white.isfinite().all()
    # floored at 1e-6, the 1/4 power stretches by at most 1e1.5 against the largest
    assert white.abs().max() < 100 * Y.abs().max()
    basis = torch.linalg.qr(Y.flatten(-2)[0, [0, 3, 4]].mT).Q
    outside = white.flatten(-2)[0] - white.flatten(-2)[0] @ basis @ basis.mT
    assert outside.abs().max() < (2e-2 if dtype == torch.float32 else 1e-6)
    zero = torch.zeros(1, 3, 2, 2)
    assert whiten(zero, gram_power(zero, 0.25)).abs().max() == 0
