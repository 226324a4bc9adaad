"""Directions that multiply as observed, against constructions where they are known."""

import numpy as np
import pytest
import torch

from cayley.synchronization._coherence import coherence
from cayley.synchronization._decoding import decode
from cayley.tables import generate_family


def regular(n: int, dtype: torch.dtype) -> torch.Tensor:
    """The cyclic group of order n by permutation matrices."""
    return torch.stack([torch.eye(n, dtype=dtype).roll(a, 0) for a in range(n)])


def products(X: torch.Tensor, table: np.ndarray) -> torch.Tensor:
    """Sum X_a X_b over all pairs with every result."""
    n = len(X)
    P = torch.einsum("aij,bjk->abik", X, X).flatten(0, 1)
    return (
        torch.zeros_like(X).index_add_(0, torch.tensor(table).flatten(), P).view(1, n, *X[0].shape)
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
def test_is_the_projection_on_the_coherent_block(dtype) -> None:
    n, d = 5, 12
    table = generate_family("C5").array
    g = torch.Generator().manual_seed(0)
    noise = torch.linalg.qr(torch.randn(n, d - n, d - n, generator=g, dtype=dtype))[0]
    X = torch.stack([torch.block_diag(R, N) for R, N in zip(regular(n, dtype), noise, strict=True)])
    U = torch.linalg.qr(torch.randn(d, d, generator=g, dtype=dtype))[0]
    X = U @ X @ U.mH  # the coherent directions are hidden
    W = coherence(products(X, table), X[None], n * n)[0]
    values, vectors = torch.linalg.eigh(W)
    assert (values >= -1e-12).all()
    assert torch.allclose(values[-n:], torch.ones(n, dtype=torch.float64))
    assert (values[:-n] < 0.9).all()
    top = vectors[:, -n:]
    assert torch.allclose(top @ top.mH, U[:, :n] @ U[:, :n].mH)


def test_decodes_where_most_directions_are_noise() -> None:
    n, d = 23, 60
    table = generate_family("C23").array
    g = torch.Generator().manual_seed(0)
    angles = 2 * torch.pi * torch.arange(n) / n
    turn = torch.stack([angles.cos(), -angles.sin(), angles.sin(), angles.cos()], 1).view(n, 2, 2)
    noise = torch.linalg.qr(torch.randn(n, d - 2, d - 2, generator=g))[0]
    X = torch.stack([torch.block_diag(R, N) for R, N in zip(turn, noise, strict=True)])
    W = coherence(products(X, table), X[None], n * n)[0]
    plain, weighed = decode(X, X, X), decode(X, X, X, W)
    assert (plain.table == table).mean() < 0.5
    assert (weighed.table == table).mean() > 0.9


def test_nothing_coherent_weighs_all_directions_alike() -> None:
    C = torch.eye(3).reshape(1, 1, 3, 3)
    assert torch.equal(coherence(-C, C, 1.0)[0], torch.eye(3))
