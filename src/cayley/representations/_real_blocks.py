"""Real irreducible blocks of a real orthogonal representation, with the basis that shows them."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cayley._shapes import Float, Inexact
from cayley.algebra import character_table
from cayley.representations._constructions import direct_sum
from cayley.representations._decomposition import decompose
from cayley.representations._defects import matrix_norm
from cayley.representations._intertwiners import intertwiners
from cayley.representations._irreducible import irreducible_representations
from cayley.representations._representation import Representation

__all__ = ["RealBlocks", "real_blocks"]


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
        # `left` projects on the complement of the blocks so far, so that copies are orthogonal.
        for _ in range(copies):
            rest = left @ basis
            T = rest[int(torch.linalg.vector_norm(rest, dim=(1, 2)).argmax())]
            # By Schur's lemma T is an isometry up to a factor; an isometry has norm sqrt(degree).
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
        # Of two conjugate characters the first stands for both: their real block is one.
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
    """Return real matrices of twice the size: a + bi becomes [[a, -b], [b, a]]."""
    M: Inexact[Tensor, "n d d"] = rho.matrices
    real = torch.cat(
        [torch.cat([M.real, -M.imag], dim=2), torch.cat([M.imag, M.real], dim=2)], dim=1
    )
    return Representation(group=rho.group, matrices=real)
