from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from cayley.hypercube import ObservedProducts

Soft = NDArray[np.float64]
Factors = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


@pytest.fixture(params=[torch.float64, torch.complex128], ids=["real", "complex"])
def dtype(request: pytest.FixtureRequest) -> torch.dtype:
    return request.param


@pytest.fixture
def factors(dtype: torch.dtype) -> Callable[..., Factors]:
    """Random factors, sizes as asked for."""

    def make(sizes: tuple[int, int, int], dim: int, *, restarts: int = 2, seed: int = 0) -> Factors:
        generator = torch.Generator().manual_seed(seed)
        A, B, C = (
            torch.randn(restarts, size, dim, dim, dtype=dtype, generator=generator)
            for size in sizes
        )
        return A, B, C

    return make


@pytest.fixture
def observed() -> Callable[..., ObservedProducts]:
    """About half of the cells of a random operation, each once."""

    def make(sizes: tuple[int, int, int], *, seed: int = 0) -> ObservedProducts:
        rng = np.random.default_rng(seed)
        rows, columns, symbols = sizes
        cells = [(a, b) for a in range(rows) for b in range(columns) if rng.random() < 0.5]
        triples = [(a, b, int(rng.integers(symbols))) for a, b in cells or [(0, 0)]]
        return ObservedProducts.from_triples(triples, sizes=sizes)

    return make


@pytest.fixture
def distributed() -> Callable[..., tuple[ObservedProducts, list[tuple[int, int, Soft, float]]]]:
    """Soft, weighted, repeated and conflicting observations, with the list that they came from."""

    def make(
        sizes: tuple[int, int, int], *, seed: int = 0
    ) -> tuple[ObservedProducts, list[tuple[int, int, Soft, float]]]:
        rng = np.random.default_rng(seed)
        rows, columns, symbols = sizes
        several = 2 * rows * columns
        left, right = rng.integers(rows, size=several), rng.integers(columns, size=several)
        pairs = np.column_stack([left, right])
        q = rng.dirichlet(np.full(symbols, 0.5), several)
        q[::2] = np.eye(symbols)[rng.integers(symbols, size=len(q[::2]))]
        weights = rng.uniform(0.5, 2, several)
        seen = ObservedProducts.from_distributions(pairs, q, sizes=sizes, weights=weights)
        raw = [(int(a), int(b), q[k], float(weights[k])) for k, (a, b) in enumerate(pairs)]
        return seen, raw

    return make
