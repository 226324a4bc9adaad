"""Layers of gated spiking neurons on top of one another."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from torch import Tensor, nn

from cayley._shapes import Float, Int
from cayley.spiking._dynamics import GatedState
from cayley.spiking._layers import GatedRecurrent

__all__ = ["GatedStack", "StackState"]


class StackState(NamedTuple):
    """The states of the layers of a stack, first to last."""

    layers: tuple[GatedState, ...]

    def detach(self) -> "StackState":
        """Return the state cut off from the graph."""
        return StackState(tuple(state.detach() for state in self.layers))


class GatedStack(nn.Module):
    """Layers on top of one another: each takes the output traces of the one below.

    Args:
        layers: :class:`GatedRecurrent` layers, recurrent or not, whose sizes fit.

    Raises:
        ValueError: If there is no layer, or the sizes of two neighbors differ.

    Example:
        >>> import torch
        >>> from cayley.spiking import GatedRecurrent, GatedStack
        >>> stack = GatedStack([
        ...     GatedRecurrent(2, 8, recurrent=False), GatedRecurrent(8, 4, recurrent=False),
        ... ])
        >>> outputs, state = stack(torch.zeros(50, 3, 2))
        >>> outputs.shape, len(state.layers)
        (torch.Size([50, 3, 4]), 2)
    """

    def __init__(self, layers: Sequence[GatedRecurrent]) -> None:
        super().__init__()
        if not layers:
            raise ValueError("`layers` must hold at least one layer; got none.")
        for below, above in pairwise(layers):
            if below.hidden_size != above.input_size:
                raise ValueError(
                    f"a layer of {below.hidden_size} neurons cannot feed one of "
                    f"{above.input_size} inputs."
                )
        self.layers = nn.ModuleList(layers)

    def forward(
        self,
        inputs: Float[Tensor, "t b f"],
        state: StackState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b n"], StackState]:
        """Return the output traces of the last layer, and the state of all.

        ``lengths`` are those of :class:`GatedRecurrent`.
        """
        if state is not None and not isinstance(state, StackState):
            raise TypeError(
                f"`state` must be None or the `StackState` of an earlier call; got {state!r:.80}."
            )
        before = (None,) * len(self.layers) if state is None else state.layers
        if len(before) != len(self.layers):
            raise ValueError(f"`state` must have {len(self.layers)} layers; got {len(before)}.")
        after = []
        for layer, start in zip(self.layers, before, strict=True):
            inputs, last = layer(inputs, start, lengths)
            after.append(last)
        return inputs, StackState(tuple(after))
