"""Representations for other programs: NumPy arrays in the manner of escnn and e3nn, and GAP."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import to_gap
from cayley.representations._real_blocks import real_blocks
from cayley.representations._representation import Representation

__all__ = ["representation_to_gap", "to_arrays"]

_RATIONAL = 1e-9
"""Entries this close to a multiple of 1/12 are written as fractions for GAP: far
above rounding. Other entries make the whole representation inexact."""


def to_arrays(representation: Representation, *, seed: int = 0) -> dict[str, NDArray[Any]]:
    r"""Return a real representation as named NumPy arrays, as escnn and e3nn build theirs.

    ``np.savez(path, **to_arrays(rho))`` keeps them. They hold

    - ``matrices`` :math:`\rho(g)`, shape ``(n, d, d)``; ``table``, shape ``(n, n)``;
    - ``change_of_basis`` :math:`Q`, shape ``(d, d)``, with
      :math:`\rho(g) = Q \bigoplus_i \psi_i(g)\, Q^{-1}`: the convention of
      ``escnn.group.Representation(group, name, irreps, change_of_basis)``. In e3nn, whose
      ``change_of_basis`` has one row per new coordinate, it is the transposed;
    - ``irreps``: the name of every block, as text, in order;
    - ``irrep:NAME``: the matrices of each different block, shape ``(n, k, k)``.

    Args:
        representation: Real and orthogonal.
        seed: Chooses the bases of the blocks.

    Raises:
        ValueError: As :func:`real_blocks`.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation
        >>> arrays = to_arrays(regular_representation(Group.from_permutations([[1, 2, 0]])))
        >>> sorted(arrays)
        ['change_of_basis', 'irrep:X.1', 'irrep:X.2+X.3', 'irreps', 'matrices', 'table']
    """
    found = real_blocks(representation, seed=seed)
    arrays: dict[str, NDArray[Any]] = {
        "matrices": representation.matrices.cpu().numpy().copy(),
        "table": representation.group.table.copy(),
        "change_of_basis": found.change_of_basis.numpy(),
        "irreps": np.array(found.names),
    }
    for name, block in zip(found.names, found.blocks, strict=True):
        arrays[f"irrep:{name}"] = block.matrices.numpy()
    return arrays


def representation_to_gap(representation: Representation) -> str:
    r"""Return statements that rebuild a real representation in GAP.

    ``group`` is the group by its table and ``matrices`` the list of :math:`\rho(g)` in the order of
    its elements. If all entries are whole numbers, halves or the like, ``rho`` is the homomorphism,
    exactly; otherwise the entries are decimal fractions, and GAP can only compute with them
    approximately.

    Args:
        representation: Real.

    Raises:
        ValueError: If it is complex.

    Example:
        >>> from cayley.algebra import Group
        >>> sign = Representation.from_matrices(Group.from_table([[0, 1], [1, 0]]), [[[1]], [[-1]]])
        >>> print(representation_to_gap(sign).splitlines()[-1])
        rho := GroupHomomorphismByImages( group, Group( matrices ), Elements( group ), matrices );;
    """
    if not representation.is_real:
        raise ValueError("`representation` must be real; GAP has no complex decimal fractions.")
    values = representation.matrices.cpu().numpy()
    # Twelfths: whole numbers, halves, thirds and quarters among them.
    halves = np.round(12 * values) / 12
    exact = bool(np.abs(halves - values).max() < _RATIONAL)
    write = _fraction if exact else repr
    matrices = ",\n  ".join(
        "[ " + ", ".join(f"[ {', '.join(map(write, row))} ]" for row in matrix) + " ]"
        for matrix in values.tolist()
    )
    code = f"{to_gap(representation.group)}matrices := [\n  {matrices}\n];;\n"
    if not exact:
        return code
    return (
        f"{code}rho := GroupHomomorphismByImages( group, Group( matrices ), "
        "Elements( group ), matrices );;\n"
    )


def _fraction(value: float) -> str:
    twelfths = round(12 * value)
    whole, rest = divmod(twelfths, 12)
    if not rest:
        return str(whole)
    divisor = int(np.gcd(twelfths, 12))
    return f"{twelfths // divisor}/{12 // divisor}"
