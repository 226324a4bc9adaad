"""Decomposition of a representation into irreducible ones, and a basis that shows it."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cayley._shapes import Inexact
from cayley.algebra import CharacterTable, character_table
from cayley.representations._defects import matrix_norm, unitarity_defect
from cayley.representations._irreducible import irreducible_representations
from cayley.representations._representation import Representation

__all__ = ["BlockDiagonalization", "block_diagonalize", "decompose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDiagonalization:
    r"""A change of basis that turns a representation into a direct sum of irreducible ones.

    Attributes:
        unitary: :math:`Q`, shape ``(d, d)``; real if the representation and all blocks are.
        blocks: The irreducible representations along the diagonal of :math:`Q^* \rho(g) Q`, in the
            order of the character table, equal ones together.
        residual: The largest :math:`\lVert Q^* \rho(g) Q - \bigoplus_i \rho_i(g) \rVert_F /
            \sqrt d`.
    """

    unitary: Inexact[Tensor, "d d"]
    blocks: tuple[Representation, ...]
    residual: float


def decompose(representation: Representation) -> tuple[int, ...]:
    r"""Return how often each irreducible character occurs, in the order of the character table.

    .. math:: m_i = \frac1n \sum_g \overline{\chi_i(g)} \operatorname{Tr} \rho(g)

    with exact characters :math:`\chi_i`. For a representation these are integers; they are rounded,
    and the sum :math:`\sum_i m_i \chi_i` is compared with the traces.

    Args:
        representation: Any representation, unitary or not.

    Raises:
        ValueError: If the traces are not those of a representation, or the group has more classes
            than :func:`~cayley.algebra.character_table` accepts.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation
        >>> decompose(regular_representation(Group.from_permutations([[1, 2, 0], [1, 0, 2]])))
        (1, 1, 2)
    """
    return _multiplicities(representation, character_table(representation.group))


def _multiplicities(representation: Representation, table: CharacterTable) -> tuple[int, ...]:
    character = representation.character.cpu().numpy().astype(np.complex128)
    exact = table.to_complex()[:, table.classes.labels]
    found = exact.conj() @ character / representation.group.order
    multiplicities = np.round(found.real).astype(np.int64)
    error = float(np.abs(multiplicities @ exact - character).max())
    # Traces of different representations differ by more than any rounding: half of the digits are
    # far above the one and far below the other.
    tolerance = math.sqrt(torch.finfo(representation.matrices.dtype).eps) * representation.degree
    if error > tolerance or multiplicities.min() < 0:
        raise ValueError(
            f"`representation` must be one: its traces are off by {error:.1e} from those of a "
            "representation. Use `nearest_representation` for matrices that are not exact."
        )
    return tuple(multiplicities.tolist())


@torch.no_grad()
def block_diagonalize(representation: Representation, *, seed: int = 0) -> BlockDiagonalization:
    r"""Find a unitary change of basis that splits a unitary representation.

    For an irreducible :math:`\rho_i` of degree :math:`d_i` the operators

    .. math:: P_{ab} = \frac{d_i}{n} \sum_g \overline{\rho_i(g)_{ab}}\, \rho(g)

    map the ``b``-th basis vector of every copy of :math:`\rho_i` to the ``a``-th one and all else
    to zero: an orthonormal basis of the image of :math:`P_{11}` gives the copies.

    Args:
        representation: A unitary representation.
        seed: Chooses the bases of the irreducible representations.

    Raises:
        ValueError: If the matrices are not unitary or their traces not those of a representation.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> found = block_diagonalize(regular_representation(s3))
        >>> [block.degree for block in found.blocks], found.residual < 1e-13
        ([1, 1, 2, 2], True)

    References:
        J.-P. Serre, *Linear Representations of Finite Groups*, 1977, section 2.7.
    """
    multiplicities = decompose(representation)
    level = math.sqrt(torch.finfo(representation.matrices.dtype).eps)
    if (defect := unitarity_defect(representation.matrices)) > level:
        raise ValueError(
            f"`representation` must be unitary; its unitarity defect is {defect:.1e}. "
            "Use `nearest_representation` first."
        )
    group, device = representation.group, representation.matrices.device
    irreducible = irreducible_representations(group, seed=seed, device=device)
    present = [(rho, m) for rho, m in zip(irreducible, multiplicities, strict=True) if m]
    # A real basis exists if everything is real; complex blocks need complex columns.
    real = representation.is_real and all(rho.is_real for rho, _ in present)
    matrices = representation.matrices.to(torch.float64 if real else torch.complex128)
    columns = [_copies(matrices, rho, m) for rho, m in present]
    unitary = torch.cat(columns, dim=1)
    blocks = tuple(rho for rho, m in present for _ in range(m))
    changed = unitary.mH @ matrices @ unitary
    start = 0
    for block in blocks:
        inside = slice(start, start + block.degree)
        changed[:, inside, inside] -= block.matrices
        start += block.degree
    return BlockDiagonalization(
        unitary=unitary, blocks=blocks, residual=float(matrix_norm(changed).max())
    )


def _copies(
    matrices: Inexact[Tensor, "n d d"], irreducible: Representation, multiplicity: int
) -> Inexact[Tensor, "d m"]:
    """Return bases of all copies of one irreducible representation, side by side."""
    rho = irreducible.matrices.to(matrices.dtype)
    scale = irreducible.degree / len(matrices)
    to_each = scale * torch.einsum("ga,gij->aij", rho[:, :, 0].conj(), matrices)  # P_a1
    _, vectors = torch.linalg.eigh((to_each[0] + to_each[0].mH) / 2)
    first = vectors[:, vectors.shape[1] - multiplicity :]  # eigenvalue 1; the others are 0
    bases = to_each @ first  # (a, i, copy)
    columns: Tensor = bases.permute(1, 2, 0).reshape(len(vectors), -1)
    return columns
