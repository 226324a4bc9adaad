r"""Group convolution: functions on the group and on homogeneous spaces."""

import torch
from torch import Tensor

from cayley.equivariance._linear import EquivariantLinear
from cayley.representations import GroupAction, permutation_representation

__all__ = ["GroupConvolution"]


class GroupConvolution(EquivariantLinear):
    r"""Convolution of functions on sets that a group acts on.

    .. math:: y_o(u) = \sum_i \sum_{v \in V} x_i(v)\, k_{oi}(v, u) + b_o(u), \qquad
        k(v \cdot g, u \cdot g) = k(v, u)

    The kernel has one number for each orbit of pairs. On the group itself, with the regular action
    (:meth:`~cayley.representations.GroupAction.regular`) on both sides, it is the convolution
    :math:`y(u) = \sum_v x(v)\, k(v^{-1} u)`; from a homogeneous space to the group it lifts, back
    to a space it projects.

    Args:
        in_action: The action on the points of the inputs, ``s`` of them.
        out_action: The action on the points of the outputs, ``t`` of them.
        in_channels: Functions in.
        out_channels: Functions out.
        bias: One number for each output channel and orbit of ``out_action``.
        dtype: Type of the parameters.
        generator: Draws the first kernel.

    Shapes:
        Input ``(..., in_channels, s)``, output ``(..., out_channels, t)``. NumPy gives NumPy.

    Raises:
        ValueError: If the actions are of two groups, or channels are not positive.

    Example:
        >>> pixels = GroupAction.from_permutations([[1, 3, 0, 2]])  # turning a 2 x 2 image
        >>> on_group = GroupAction.regular(pixels.group)
        >>> lift = GroupConvolution(pixels, on_group, out_channels=3)
        >>> lift(torch.ones(10, 1, 4)).shape, lift.coefficients.shape
        (torch.Size([10, 3, 4]), torch.Size([3, 1, 4]))

    References:
        T. Cohen, M. Welling, "Group equivariant convolutional networks", arXiv:1602.07576.
        R. Kondor, S. Trivedi, "On the generalization of equivariance and convolution in neural
        networks to the action of compact groups", arXiv:1802.03690, theorem 1.
    """

    def __init__(
        self,
        in_action: GroupAction,
        out_action: GroupAction,
        *,
        in_channels: int = 1,
        out_channels: int = 1,
        bias: bool = True,
        dtype: torch.dtype | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(
            in_action.group,
            permutation_representation(in_action),
            permutation_representation(out_action),
            in_channels=in_channels,
            out_channels=out_channels,
            bias=bias,
            dtype=dtype,
            generator=generator,
        )
        self.in_action, self.out_action = in_action, out_action

    @property
    def kernel(self) -> Tensor:
        """The kernel by orbit of pairs ``(v, u)``, shape ``(out, in, K)``."""
        scale = self.get_buffer("weight_scale")
        return self.coefficients * scale
