r"""Nonlinearities that commute with a group."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from cayley.equivariance._averaging import GroupAverage
from cayley.representations import Representation

__all__ = ["RegularNonlinearity"]


class RegularNonlinearity(nn.Module):
    r"""A function of single numbers, made to commute with a representation.

    On numbers that the group only permutes (functions on the group or on a homogeneous space) it is
    applied as it is, exactly. In any other basis the features are first spread out as functions
    on the group, :math:`F_x(g) = x\,\rho(g)`, the function is applied there, and the result brought
    back:

    .. math:: \bar\sigma(x) = \frac1n \sum_g \sigma\bigl(x\,\rho(g)\bigr)\, \rho(g)^{-1}

    Args:
        representation: How the group acts on the last axis; real.
        function: Applied to every number; a rectifier by default.

    Raises:
        ValueError: If the representation is complex.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import Representation
        >>> c2 = Group.from_table([[0, 1], [1, 0]])
        >>> sign = Representation.from_matrices(c2, [[[1.0]], [[-1.0]]])
        >>> RegularNonlinearity(sign)(torch.tensor([[-3.0]]))  # max(x, 0) - max(-x, 0), halved
        tensor([[-1.5000]])
    """

    def __init__(
        self,
        representation: Representation,
        function: Callable[[Tensor], Tensor] = torch.relu,
    ) -> None:
        super().__init__()
        if not representation.is_real:
            raise ValueError("`representation` must be real; take its real blocks.")
        self.degree = representation.degree
        self.apply_function: Callable[[Tensor], Tensor] = (
            function
            if _is_permutation(representation)
            else GroupAverage(function, representation, representation)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the function applied to the features."""
        y: Tensor = self.apply_function(x)
        return y


def _is_permutation(representation: Representation) -> bool:
    matrices = representation.matrices
    return bool(((matrices == 0) | (matrices == 1)).all())
