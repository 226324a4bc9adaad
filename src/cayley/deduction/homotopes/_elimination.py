r"""Gaussian elimination modulo a prime, one column at a time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["GrowingSystem"]


class GrowingSystem:
    r"""The linear system :math:`M x = y` modulo a prime, to which columns of M are added.

    The columns are kept in reduced echelon form, so that the question whether the system can be
    solved is answered after every column, and no work is done twice.

    Args:
        values: The right-hand side y, shape ``(m,)``, entries in ``0..modulus-1``.
        modulus: A prime below :math:`2^{28}`, so that sums of a few hundred products fit int64.

    Example:
        >>> system = GrowingSystem(np.array([1, 3, 5]), 7)
        >>> system.add(np.array([1, 1, 1]))
        >>> system.is_solved
        False
        >>> system.add(np.array([0, 1, 2]))
        >>> system.is_solved, system.solution.tolist(), system.rank
        (True, [1, 2], 2)
    """

    def __init__(self, values: Int[NDArray[Any], " m"], modulus: int) -> None:
        self._modulus = modulus
        self._rest = values % modulus
        self._num_columns = 0
        # With b the reduced columns: M combinations = b, and M solution + rest = y.
        self._basis = np.empty((len(values), 0), np.int64)
        self._combinations = np.empty((0, 0), np.int64)
        self._solution = np.empty(0, np.int64)
        self._pivots: list[int] = []
        self._relations: list[NDArray[Any]] = []

    @property
    def is_solved(self) -> bool:
        """Whether the columns so far reach the right-hand side."""
        return not self._rest.any()

    @property
    def solution(self) -> Int[NDArray[Any], " k"]:
        """One solution, if ``is_solved``; columns that depend on earlier ones get the factor 0."""
        return self._solution

    @property
    def rank(self) -> int:
        """How many of the columns are independent."""
        return len(self._pivots)

    @property
    def kernel(self) -> Int[NDArray[Any], "k d"]:
        """A basis of the solutions of :math:`M x = 0`, one a column."""
        basis = np.zeros((self._num_columns, len(self._relations)), np.int64)
        for i, relation in enumerate(self._relations):
            basis[: len(relation), i] = relation
        return basis

    def add(self, column: Int[NDArray[Any], " m"]) -> None:
        """Add a column to M."""
        p, k = self._modulus, self._num_columns
        self._num_columns += 1
        grown = np.zeros((k + 1, self.rank), np.int64)
        grown[:k] = self._combinations
        factors = column[self._pivots]
        reduced = (column - self._basis @ factors) % p
        combination = -(grown @ factors) % p
        combination[k] = 1
        self._combinations = grown
        self._solution = np.append(self._solution, 0)
        places = np.flatnonzero(reduced)
        if not len(places):
            self._relations.append(combination)
            return
        pivot = int(places[0])
        inverse = pow(int(reduced[pivot]), -1, p)
        reduced = reduced * inverse % p
        combination = combination * inverse % p
        # Every basis column is 1 in its own pivot and 0 in all the others: clear the new one.
        row = self._basis[pivot].copy()
        basis = _modulo(self._basis - reduced[:, None] * row, p)
        combinations = _modulo(grown - combination[:, None] * row, p)
        self._basis = np.concatenate([basis, reduced[:, None]], axis=1)
        self._combinations = np.concatenate([combinations, combination[:, None]], axis=1)
        self._pivots.append(pivot)
        share = int(self._rest[pivot])
        self._rest = (self._rest - share * reduced) % p
        self._solution = (self._solution + share * combination) % p


def _modulo(values: NDArray[Any], p: int) -> NDArray[Any]:
    """Return the residues; NumPy divides by one number several times faster than it takes ``%``."""
    residues: NDArray[Any] = values - values // p * p
    return residues
