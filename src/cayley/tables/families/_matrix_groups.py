"""Groups of integer matrices: the table of what some matrices generate, whole or modulo m."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables._limits import MAX_ORDER, check_order
from cayley.tables._table import Table
from cayley.tables.families._regular_table import shortest_words, spelled_out

__all__ = ["LARGEST_FINITE_ORDERS", "matrix_group_table"]

LARGEST_FINITE_ORDERS = {1: 2, 2: 12, 3: 48, 4: 1152}
"""The largest order of a finite group of invertible d x d integer matrices; see J. Kuzmanovich,
A. Pavlichenkov, "Finite groups of matrices whose entries are integers", Amer. Math. Monthly 109
(2002). A larger group is infinite."""

_LARGEST_DIMENSION = 64  # 5000 elements take 160 MB

# Products of numbers below 2^31 do not leave int64 in small dimensions. Entries of a finite group
# of integer matrices are small; those of an infinite one grow past this soon.
_LARGEST_ENTRY = 2**24


def matrix_group_table(
    generators: Sequence[Int[NDArray[Any], "d d"]],
    *,
    modulus: int | None = None,
    names: Sequence[str] | None = None,
    max_order: int = MAX_ORDER,
) -> Table:
    r"""Return the table of the group that integer matrices generate, labeled by words.

    :math:`a \circ b` is the matrix product ab, as in GAP.

    Args:
        generators: Invertible square matrices of integers, of one size.
        modulus: Reckon modulo this number; None for whole numbers.
        names: Names of the generators; ``a``, ``b``, ... by default.
        max_order: The limit on the order of the group.

    Raises:
        ValueError: If a matrix is not invertible, the group is infinite, or it is too large.

    Example:
        >>> quarter_turn = np.array([[0, -1], [1, 0]])
        >>> matrix_group_table([quarter_turn]).rows
        ('1', 'a', 'a^2', 'a^3')
    """
    steps = [np.asarray(each, np.int64) for each in generators]
    dimension = len(steps[0])
    if dimension > _LARGEST_DIMENSION:
        raise ValueError(f"the matrices have {dimension} rows; {_LARGEST_DIMENSION} is the limit.")
    if modulus is not None and dimension * modulus**2 >= 2**63:
        raise ValueError(
            f"the modulus {modulus} is too large for {dimension} x {dimension} matrices."
        )
    for number, step in enumerate(steps, 1):
        _check_invertible(step, number, modulus)
    if modulus is not None:
        steps = [step % modulus for step in steps]
    bound = LARGEST_FINITE_ORDERS.get(dimension) if modulus is None else None
    identity = np.eye(dimension, dtype=np.int64) % (modulus or 2)  # modulo 1 all is zero
    index = {identity.tobytes(): 0}
    elements = [identity]
    columns: list[list[int]] = []
    for element in elements:
        row = []
        for step in steps:
            product = element @ step
            if modulus is not None:
                product %= modulus
            elif abs(product).max() > _LARGEST_ENTRY:
                raise ValueError("the matrices generate an infinite group: their entries grow.")
            key = product.tobytes()
            if key not in index:
                index[key] = len(elements)
                elements.append(product)
            row.append(index[key])
        columns.append(row)
        if bound is not None and len(elements) > bound:
            raise ValueError(
                f"the matrices generate an infinite group: a finite group of {dimension} x "
                f"{dimension} integer matrices has at most {bound} elements."
            )
        if len(elements) > max_order:
            what = "the generated group, as far as seen,"
            check_order(len(elements), max_order=max_order, what=what)
    images = np.array(columns)
    letters = [chr(ord("a") + i) if len(steps) <= 26 else f"a{i + 1}" for i in range(len(steps))]
    labels = shortest_words(images, letters if names is None else names)
    return Table.from_array(spelled_out(images), labels=labels)


def _check_invertible(matrix: Int[NDArray[Any], "d d"], number: int, modulus: int | None) -> None:
    determinant = _determinant(matrix.tolist())
    if modulus is None and abs(determinant) != 1:
        raise ValueError(
            f"matrix {number} has the determinant {determinant}; a group of integer matrices needs "
            "1 or -1. For residues say `mod m` in the first line."
        )
    if modulus is not None and math.gcd(determinant, modulus) != 1:
        raise ValueError(f"matrix {number} is not invertible modulo {modulus}.")


def _determinant(rows: list[list[int]]) -> int:
    """Return the determinant by fraction-free elimination (Bareiss), exact in whole numbers."""
    sign, before = 1, 1
    rows = [list(row) for row in rows]
    for k in range(len(rows) - 1):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            rows[k], rows[pivot], sign = rows[pivot], rows[k], -sign
        for i in range(k + 1, len(rows)):
            for j in range(k + 1, len(rows)):
                rows[i][j] = (rows[i][j] * rows[k][k] - rows[i][k] * rows[k][j]) // before
        before = rows[k][k]
    return sign * rows[-1][-1]
