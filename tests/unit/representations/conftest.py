"""Groups and random matrices that the tests of representations share."""

import numpy as np
import pytest
import torch

from cayley.algebra import Group, Isotopism
from cayley.tables import generate_family


@pytest.fixture(scope="session")
def named_group():
    memory = {}

    def make(name: str) -> Group:
        if name not in memory:
            memory[name] = Group.from_table(generate_family(name).aligned().array)
        return memory[name]

    return make


@pytest.fixture
def random_unitary():
    def draw(d: int, *, seed: int, dtype=torch.complex128):
        generator = torch.Generator().manual_seed(seed)
        return torch.linalg.qr(torch.randn(d, d, generator=generator, dtype=dtype))[0]

    return draw


@pytest.fixture
def random_isotopism():
    def draw(group: Group, *, seed: int) -> Isotopism:
        rng = np.random.default_rng(seed)
        f, g, h = (rng.permutation(group.order) for _ in range(3))
        return Isotopism(rows=f, columns=g, symbols=h, group=group)

    return draw
