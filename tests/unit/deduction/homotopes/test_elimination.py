"""Elimination modulo a small prime, compared with all vectors."""

import itertools

import numpy as np

from cayley.deduction.homotopes._elimination import GrowingSystem


def test_elimination_agrees_with_all_vectors():
    rng = np.random.default_rng(0)
    vectors = np.array(list(itertools.product(range(3), repeat=4)))
    for _ in range(100):
        matrix = rng.integers(3, size=(rng.integers(1, 6), 4))
        values = rng.integers(3, size=len(matrix))
        system = GrowingSystem(values, 3)
        for column in matrix.T:
            system.add(column)
        solutions = vectors[(vectors @ matrix.T % 3 == values).all(axis=1)]
        assert system.is_solved == (len(solutions) > 0)
        if system.is_solved:
            assert (solutions == system.solution).all(axis=1).any()
        assert 3 ** (4 - system.rank) == (vectors @ matrix.T % 3 == 0).all(axis=1).sum()
        assert not (matrix @ system.kernel % 3).any()
        assert system.kernel.shape == (4, 4 - system.rank)
