"""Representations for other programs: NumPy arrays in the manner of escnn and e3nn, and GAP."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Inexact
from numpy.typing import NDArray
from torch import Tensor

from cayley.algebra import character_table, to_gap
from cayley.representations._constructions import direct_sum
from cayley.representations._decomposition import decompose
from cayley.representations._defects import matrix_norm
from cayley.representations._intertwiners import intertwiners
from cayley.representations._irreducible import irreducible_representations
from cayley.representations._representation import Representation

__all__ = ["RealBlocks", "real_blocks", "representation_to_gap", "to_arrays"]

_RATIONAL = 1e-9
"""Entries this close to a whole number, a half or their like are written as such for GAP."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RealBlocks:
    r"""A real representation in a basis of real irreducible blocks.

    .. math:: \rho(g) = Q \, \Bigl( \bigoplus_i \psi_i(g) \Bigr) \, Q^{-1}

    Attributes:
        change_of_basis: :math:`Q`, orthogonal, shape ``(d, d)``, float64.
        blocks: The :math:`\psi_i`, orthogonal, equal ones together. One of complex or quaternionic
            type has twice the degree of its complex half.
        names: The name of each block: ``X.3`` is the third row of the character table, ``X.3+X.4``
            a conjugate pair, ``2X.5`` one of quaternionic type.
        residual: The largest :math:`\lVert Q^{-1} \rho(g) Q - \bigoplus_i \psi_i(g) \rVert_F /
            \sqrt d`.
    """

    change_of_basis: Float[Tensor, "d d"]
    blocks: tuple[Representation, ...]
    names: tuple[str, ...]
    residual: float


@torch.no_grad()
def real_blocks(representation: Representation, *, seed: int = 0) -> RealBlocks:
    r"""Split a real orthogonal representation into real irreducible blocks.

    By Schur's lemma every nonzero equivariant map from an irreducible block is an isometry up to
    a factor; copies are found one after the other, each in what the others leave over.

    Args:
        representation: Real and orthogonal.
        seed: Chooses the bases.

    Raises:
        ValueError: If it is not real, not orthogonal, or not a representation.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation
        >>> found = real_blocks(regular_representation(Group.from_permutations([[1, 2, 0]])))
        >>> found.names, [block.degree for block in found.blocks], found.residual < 1e-13
        (('X.1', 'X.2+X.3'), [1, 2], True)
    """
    if not representation.is_real or representation.unitarity_defect > 1e-6:
        raise ValueError(
            "`representation` must be real and orthogonal. Use `nearest_representation` first."
        )
    group = representation.group
    rho = representation.matrices.cpu().to(torch.float64)
    columns, blocks, names = [], [], []
    left = torch.eye(representation.degree, dtype=torch.float64)
    for name, block, copies in _real_irreducibles(representation, seed):
        basis = intertwiners(block, representation, seed=seed).basis
        for _ in range(copies):
            rest = left @ basis
            T = rest[int(torch.linalg.vector_norm(rest, dim=(1, 2)).argmax())]
            T = T * (block.degree**0.5 / torch.linalg.vector_norm(T))
            left = left - T @ T.mT
            columns.append(T)
            blocks.append(block)
            names.append(name)
    Q = torch.cat(columns, dim=1)
    difference = Q.mT @ rho @ Q - direct_sum(*blocks).matrices
    assert blocks[0].group == group
    return RealBlocks(
        change_of_basis=Q,
        blocks=tuple(blocks),
        names=tuple(names),
        residual=float(matrix_norm(difference).max()),
    )


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
        >>> from cayley.representations import as_representation
        >>> sign = as_representation(Group.from_table([[0, 1], [1, 0]]), [[[1]], [[-1]]])
        >>> print(representation_to_gap(sign).splitlines()[-1])
        rho := GroupHomomorphismByImages( group, Group( matrices ), Elements( group ), matrices );;
    """
    if not representation.is_real:
        raise ValueError("`representation` must be real; GAP has no complex decimal fractions.")
    values = representation.matrices.cpu().numpy()
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


def _real_irreducibles(
    representation: Representation, seed: int
) -> list[tuple[str, Representation, int]]:
    """Return name, matrices and multiplicity of every real irreducible block that occurs."""
    multiplicities = decompose(representation)
    table = character_table(representation.group)
    exact = table.to_complex()
    found = []
    for i, rho in enumerate(irreducible_representations(representation.group, seed=seed)):
        conjugate = int(np.abs(exact - exact[i].conj()).sum(axis=1).argmin())
        if not multiplicities[i] or conjugate < i:
            continue
        if table.indicators[i] == 1:
            found.append((f"X.{i + 1}", rho, multiplicities[i]))
        elif table.indicators[i] == 0:
            found.append((f"X.{i + 1}+X.{conjugate + 1}", _realified(rho), multiplicities[i]))
        else:
            found.append((f"2X.{i + 1}", _realified(rho), multiplicities[i] // 2))
    return found


def _realified(rho: Representation) -> Representation:
    """Write complex numbers as real matrices of size two."""
    M: Inexact[Tensor, "n d d"] = rho.matrices
    real = torch.cat(
        [torch.cat([M.real, -M.imag], dim=2), torch.cat([M.imag, M.real], dim=2)], dim=1
    )
    return Representation(group=rho.group, matrices=real)
