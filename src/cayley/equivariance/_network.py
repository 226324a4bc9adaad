"""Equivariant networks: equivariant layers between two representations, stacked."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from cayley.equivariance._arrays import ArrayModule
from cayley.equivariance._linear import EquivariantLinear
from cayley.equivariance._nonlinearity import RegularNonlinearity
from cayley.representations import Representation, regular_representation

__all__ = ["EquivariantNetwork"]


class EquivariantNetwork(ArrayModule):
    r"""A perceptron whose every layer commutes with a group.

    Hidden features are functions on the group, or carry another representation of it.

    Args:
        in_rep: How the group acts on a channel of the input.
        out_rep: How it acts on a channel of the output; the trivial representation for invariants.
        hidden: Channels of each hidden layer.
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        hidden_rep: Representation of the hidden features; the regular one if not given.
        function: The nonlinearity, applied as :class:`RegularNonlinearity` does.
        dtype: Type of the parameters.
        generator: Draws the first parameters.

    Shapes:
        Input ``(..., in_channels, s)``, output ``(..., out_channels, t)``. NumPy gives NumPy.

    Example:
        >>> from cayley.representations import GroupAction, permutation_representation
        >>> from cayley.representations import trivial_representation
        >>> square = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
        >>> rho = permutation_representation(square)
        >>> net = EquivariantNetwork(rho, trivial_representation(square.group), hidden=(8,))
        >>> net(torch.zeros(5, 1, 4)).shape
        torch.Size([5, 1, 1])
    """

    def __init__(
        self,
        in_rep: Representation,
        out_rep: Representation,
        *,
        hidden: Sequence[int] = (16, 16),
        in_channels: int = 1,
        out_channels: int = 1,
        hidden_rep: Representation | None = None,
        function: Callable[[Tensor], Tensor] = torch.relu,
        dtype: torch.dtype | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        group = in_rep.group
        hidden_rep = regular_representation(group) if hidden_rep is None else hidden_rep
        reps = [in_rep, *[hidden_rep] * len(hidden), out_rep]
        widths = [in_channels, *hidden, out_channels]
        layers: list[nn.Module] = []
        for (before, after), (m, k) in zip(pairwise(reps), pairwise(widths), strict=True):
            # Between two linear layers only: the input and the output need not be functions on the
            # group.
            if layers:
                layers.append(RegularNonlinearity(hidden_rep, function))
            layers.append(
                EquivariantLinear(
                    group,
                    before,
                    after,
                    in_channels=m,
                    out_channels=k,
                    dtype=dtype,
                    generator=generator,
                )
            )
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs."""
        y: Tensor = self.layers(x)
        return y
