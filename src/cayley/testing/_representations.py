"""Assertions about families of matrices, written from the definitions, one product at a time."""

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["assert_representation", "assert_unitary"]


def assert_unitary(matrices: ArrayLike, *, tolerance: float = 1e-12) -> None:
    r"""Assert that matrices are unitary: :math:`M M^* = M^* M = 1`, entry by entry.

    Args:
        matrices: Real or complex, shape ``(..., d, d)``; a CPU tensor will do.
        tolerance: The largest departure of an entry.

    Raises:
        AssertionError: Naming the matrix with the largest departure.

    Example:
        >>> assert_unitary([[0.0, 1.0], [-1.0, 0.0]])
    """
    family = np.asarray(matrices)
    family = family.reshape(-1, *family.shape[-2:])  # any number of leading axes, also none
    eye = np.eye(family.shape[-1])
    for i, matrix in enumerate(family):
        # Of a square matrix one product would do in exact arithmetic; both bound the rounding.
        adjoint = matrix.conj().T
        error = max(np.abs(matrix @ adjoint - eye).max(), np.abs(adjoint @ matrix - eye).max())
        assert error <= tolerance, f"matrix {i} is not unitary: off by {error:.1e}"


def assert_representation(
    matrices: ArrayLike, table: ArrayLike, *, tolerance: float = 1e-12
) -> None:
    r"""Assert that matrices represent a group: :math:`M_g M_h = M_{gh}` for all pairs, none zero.

    Args:
        matrices: One matrix per element, shape ``(n, d, d)``; a CPU tensor will do.
        table: Products of the group, shape ``(n, n)``.
        tolerance: The largest departure of an entry.

    Raises:
        AssertionError: Naming the first pair for which the sides differ.

    Example:
        >>> assert_representation([[[1.0]], [[-1.0]]], [[0, 1], [1, 0]])
    """
    family, products = np.asarray(matrices), np.asarray(table)
    assert family.shape[0] == len(products), f"{len(family)} matrices, {len(products)} elements"
    # Zeros multiply as any group does, and would pass the test of products.
    assert np.abs(family).max(axis=(1, 2)).min() > 0, "a matrix is zero"
    for g, matrix in enumerate(family):
        error = np.abs(matrix @ family - family[products[g]]).max(axis=(1, 2))
        h = int(error.argmax())
        assert error[h] <= tolerance, f"M_g M_h != M_gh at (g, h) = {(g, h)}: off by {error[h]:.1e}"
