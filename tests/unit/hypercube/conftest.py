from collections.abc import Callable

import numpy as np
import pytest
import torch

from cayley.hypercube import Observations

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
def observed() -> Callable[..., Observations]:
    """About half of the cells of a random operation, one cell twice with another result."""

    def make(sizes: tuple[int, int, int], *, seed: int = 0) -> Observations:
        rng = np.random.default_rng(seed)
        rows, columns, symbols = sizes
        cells = [(a, b) for a in range(rows) for b in range(columns) if rng.random() < 0.5]
        triples = [(a, b, int(rng.integers(symbols))) for a, b in cells] + [(0, 0, 0), (0, 0, 1)]
        return Observations.from_triples(triples, sizes=sizes)

    return make
