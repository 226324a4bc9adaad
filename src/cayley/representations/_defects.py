r"""Defects: how far matrices are from being unitary, and from being a homomorphism.

Both are measured in the norm :math:`\lVert X \rVert = \lVert X \rVert_F / \sqrt d`, in which a
unitary matrix has norm 1 whatever its size.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact
from cayley.algebra import Group

__all__ = [
    "WORKSPACE_BYTES",
    "Defects",
    "homomorphism_defect",
    "matrix_norm",
    "rounding_level",
    "unitarity_defect",
]

WORKSPACE_BYTES = 1 << 26
"""Bound on the temporaries of one block of products: 64 MB. Smaller blocks are smaller products."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defects:
    """The two defects of matrices as a unitary representation.

    Attributes:
        unitarity: See :func:`unitarity_defect`.
        homomorphism: See :func:`homomorphism_defect`.
    """

    unitarity: float
    homomorphism: float

    @classmethod
    def of(cls, matrices: Inexact[Tensor, "n d d"], group: Group) -> "Defects":
        """Return both defects, over all elements and all pairs."""
        return cls(
            unitarity=unitarity_defect(matrices),
            homomorphism=homomorphism_defect(matrices, group),
        )


@torch.no_grad()
def unitarity_defect(matrices: Inexact[Tensor, "*batch d d"]) -> float:
    r"""Return the largest departure from a unitary matrix.

    .. math:: \max_g \lVert M_g M_g^* - 1 \rVert_F / \sqrt d

    Args:
        matrices: Real or complex, shape ``(..., d, d)``.

    Example:
        >>> unitarity_defect(2 * torch.eye(3)[None])
        3.0
    """
    gram = matrices @ matrices.mH
    eye = torch.eye(matrices.shape[-1], dtype=gram.dtype, device=gram.device)
    return float(matrix_norm(gram - eye).max())


@torch.no_grad()
def homomorphism_defect(
    matrices: Inexact[Tensor, "n d d"],
    group: Group,
    *,
    generators_only: bool = False,
    workspace_bytes: int = WORKSPACE_BYTES,
) -> float:
    r"""Return the largest departure from a homomorphism.

    .. math:: \max_{g, h} \lVert M_g M_h - M_{gh} \rVert_F / \sqrt d

    Args:
        matrices: One matrix per element, real or complex, shape ``(n, d, d)``.
        group: The group, of order ``n``.
        generators_only: Let ``h`` run over ``group.generators`` and the identity only. Where that
            defect is zero so is the whole one; it takes :math:`O(n d^3)` time, not
            :math:`O(n^2 d^3)`.
        workspace_bytes: Bound on temporaries; one element ``h`` is always done at a time.

    Raises:
        ValueError: If there is not one square matrix per element.

    Example:
        >>> signs = torch.tensor([1.0, -1.0]).reshape(2, 1, 1)
        >>> homomorphism_defect(signs, Group.from_table([[0, 1], [1, 0]]))
        0.0
    """
    check_shape(matrices, group)
    right = range(group.order)
    chosen = [group.identity, *group.generators] if generators_only else list(right)
    per_element = max(1, matrices.numel() * matrices.element_size())
    # Three tensors of that size: the products, the matrices that they should be, the difference.
    block = max(1, workspace_bytes // (3 * per_element))
    products = torch.from_numpy(group.table.copy()).to(matrices.device)
    worst = 0.0
    for start in range(0, len(chosen), block):
        h = torch.tensor(chosen[start : start + block], device=matrices.device)
        found = matrices[:, None] @ matrices[h]  # one row per g, one column per h
        worst = max(worst, float(matrix_norm(found - matrices[products[:, h]]).max()))
    return worst


def check_shape(matrices: Tensor, group: Group) -> None:
    """Raise an error if these are not one square floating-point matrix per element."""
    shape = tuple(matrices.shape)
    if len(shape) != 3 or shape[0] != group.order or shape[1] != shape[2] or not shape[1]:
        raise ValueError(
            f"`matrices` must have shape ({group.order}, d, d), one per element; got {shape}."
        )
    if not (matrices.is_floating_point() or matrices.is_complex()):
        raise TypeError(f"`matrices` must be real or complex; got dtype {matrices.dtype}.")
    if not bool(torch.isfinite(matrices).all()):
        raise ValueError("`matrices` must be finite; got NaN or infinity.")


def rounding_level(matrices: Inexact[Tensor, "n d d"]) -> float:
    """Return the defect below which nothing is left but the rounding of products."""
    # Sums of d products have rounding errors of about sqrt(d) units; 64 is a margin for the several
    # products and the polar factor of a sweep.
    return 64 * torch.finfo(matrices.dtype).eps * math.sqrt(matrices.shape[-1])


def matrix_norm(matrices: Inexact[Tensor, "*batch d d"]) -> Float[Tensor, "*batch"]:
    r"""Return :math:`\lVert M \rVert_F / \sqrt d`, the root mean square singular value."""
    norm: Tensor = torch.linalg.vector_norm(matrices, dim=(-2, -1))
    return norm / math.sqrt(matrices.shape[-1])
