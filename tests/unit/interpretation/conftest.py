"""Networks whose inside is known: sums of chosen parts, functions of chosen cosets."""

import numpy as np
import pytest

from cayley.algebra import Group, character_table
from cayley.interpretation._real_irreducibles import adapted_basis
from cayley.tables import generate_family


@pytest.fixture
def group_of():
    """Return the group of a family, element ``i`` its symbol ``i``."""
    return lambda name: Group.from_table(generate_family(name))


@pytest.fixture
def planted():
    """Return an embedding that is exactly a sum of chosen parts, and noise if asked for."""

    def make(group, parts, *, width=40, noise=0.0, seed=0):
        random = np.random.default_rng(seed)
        functions = random.standard_normal((group.order, width))
        matrix = projection(group, parts) @ functions
        matrix /= np.sqrt((matrix**2).mean())
        return matrix + noise * random.standard_normal(matrix.shape)

    return make


def projection(group, parts):
    """The projection by its definition: characters, one element at a time."""
    table = character_table(group)
    values = table.to_complex()[:, table.classes.labels]
    total = np.zeros((group.order, group.order), complex)
    for part in parts:
        for row in adapted_basis(group).irreducibles[part].rows:
            degree = values[row, group.identity].real
            for a in range(group.order):
                for b in range(group.order):
                    quotient = group.table[a, group.inverses[b]]
                    total[a, b] += degree / group.order * values[row, quotient]
    assert abs(total.imag).max() < 1e-9
    return total.real


@pytest.fixture(name="projection")
def projection_fixture():
    """Return the projection on parts as a matrix, from the characters alone."""
    return projection
