"""A representation: a group and one matrix per element."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from cayley._shapes import Inexact
from cayley.algebra import Group
from cayley.algebra.groups._group import as_group
from cayley.representations._defects import (
    check_shape,
    homomorphism_defect,
    matrix_norm,
    unitarity_defect,
)
from cayley.tables._as_table import TableLike

__all__ = ["Representation"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Representation:
    r"""Matrices :math:`\rho(g)` with :math:`\rho(g) \rho(h) = \rho(gh)`, one per element.

    The constructor checks shapes and trusts its caller with the equation;
    :attr:`homomorphism_defect` measures it.

    Attributes:
        group: The group, of order ``n``.
        matrices: :math:`\rho`, shape ``(n, d, d)``, real or complex; not to be changed.

    Raises:
        TypeError: If the matrices are not of a real or complex type.
        ValueError: If there is not one square matrix per element, or an entry is not finite.

    Example:
        >>> c2 = Group.from_table([[0, 1], [1, 0]])
        >>> sign = Representation(group=c2, matrices=torch.tensor([[[1.0]], [[-1.0]]]))
        >>> sign.degree, sign.character.tolist(), sign.is_faithful
        (1, [1.0, -1.0], True)
    """

    group: Group
    matrices: Inexact[Tensor, "n d d"]

    def __post_init__(self) -> None:
        check_shape(self.matrices, self.group)
        # A copy, so that changes of the caller's tensor do not change the representation.
        object.__setattr__(self, "matrices", self.matrices.detach().clone())

    @classmethod
    def from_matrices(cls, group: TableLike, matrices: ArrayLike | Tensor) -> "Representation":
        """Return a representation by matrices in NumPy, PyTorch or lists; integers become float64.

        Args:
            group: The group, of order ``n``, or its table in any form.
            matrices: One matrix per element, shape ``(n, d, d)``.

        Raises:
            ValueError: If it is no group, there is not one square matrix per element, or an entry
                is not finite.

        Example:
            >>> c2 = Group.from_table([[0, 1], [1, 0]])
            >>> Representation.from_matrices(c2, [[[1]], [[-1]]]).degree
            1
        """
        tensor = matrices if isinstance(matrices, Tensor) else torch.as_tensor(matrices)
        if not (tensor.is_floating_point() or tensor.is_complex()):
            tensor = tensor.to(torch.float64)
        return cls(group=as_group(group), matrices=tensor)

    @property
    def degree(self) -> int:
        """The size ``d`` of the matrices."""
        return self.matrices.shape[-1]

    @property
    def is_real(self) -> bool:
        """Whether the matrices are of a real type."""
        return not self.matrices.is_complex()

    @property
    def character(self) -> Inexact[Tensor, " n"]:
        r"""The traces :math:`\chi(g) = \operatorname{Tr} \rho(g)`, shape ``(n,)``."""
        return self.matrices.diagonal(dim1=-2, dim2=-1).sum(-1)

    @property
    def is_faithful(self) -> bool:
        r"""Whether only the identity acts as the identity matrix.

        An element of order ``m`` that acts otherwise has an eigenvalue at least
        :math:`2 \sin(\pi / m)` away from 1. Half of that is the threshold, far above rounding.
        """
        eye = torch.eye(self.degree, dtype=self.matrices.dtype, device=self.matrices.device)
        distance = matrix_norm(self.matrices - eye).cpu().numpy() * np.sqrt(self.degree)
        acts_trivially = distance < np.sin(np.pi / np.maximum(self.group.element_orders, 2))
        return int(acts_trivially.sum()) == 1

    @property
    def unitarity_defect(self) -> float:
        r"""The largest :math:`\lVert \rho(g) \rho(g)^* - 1 \rVert_F / \sqrt d`."""
        return unitarity_defect(self.matrices)

    @property
    def homomorphism_defect(self) -> float:
        r"""The largest :math:`\lVert \rho(g) \rho(h) - \rho(gh) \rVert_F / \sqrt d`."""
        return homomorphism_defect(self.matrices, self.group)

    def __repr__(self) -> str:
        kind = "real" if self.is_real else "complex"
        return f"Representation(order={self.group.order}, degree={self.degree}, {kind})"
