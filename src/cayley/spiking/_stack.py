"""Layers of gated spiking neurons on top of one another, with other modules between them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from torch import Tensor, nn

from cayley._shapes import Float, Int
from cayley.spiking._delays import OverTime, PastState
from cayley.spiking._layer_parameters import State
from cayley.spiking._layers import GatedRecurrent
from cayley.spiking._lengths import check_lengths
from cayley.spiking._readouts import READOUTS, Readout, read_out, spike_counts

__all__ = ["GatedStack", "StackState"]


class StackState(NamedTuple):
    """The states of the modules of a stack, first to last; None of those that have none."""

    layers: tuple[State | PastState | None, ...]

    def detach(self) -> "StackState":
        """Return the state cut off from the graph."""
        return StackState(tuple(each and each.detach() for each in self.layers))


class GatedStack(nn.Module):
    """Layers on top of one another: each takes the output traces of the one below.

    Args:
        layers: :class:`GatedRecurrent` layers, recurrent or not, :class:`AxonalDelay`, and any
            other modules between them, such as ``nn.Linear``, ``nn.Conv2d``, ``nn.BatchNorm1d``,
            ``nn.Dropout`` or ``nn.Flatten``. Those see steps and samples as one batch,
            ``(time * batch, ...)``.
        readout: What is returned of the last module's outputs: None for all steps; ``"last"``,
            ``"mean"`` or ``"max"`` over time; ``"count"`` for the spikes of each neuron, counted by
            their charge, which has a gradient.

    Raises:
        ValueError: If there is no layer, the sizes of two neighbors differ, or spikes are to be
            counted where the last module has none.

    Example:
        >>> import torch
        >>> from cayley.spiking import GatedRecurrent, GatedStack
        >>> stack = GatedStack([
        ...     GatedRecurrent(2, 8, recurrent=False), torch.nn.Linear(8, 6),
        ...     GatedRecurrent(6, 4, recurrent=False),
        ... ], readout="count")
        >>> counts, state = stack(torch.zeros(50, 3, 2))
        >>> counts.shape, len(state.layers)
        (torch.Size([3, 4]), 3)
    """

    def __init__(self, layers: Sequence[nn.Module], *, readout: Readout | None = None) -> None:
        super().__init__()
        if not layers:
            raise ValueError("`layers` must hold at least one layer; got none.")
        for layer in layers:
            if not isinstance(layer, nn.Module):
                raise TypeError(f"`layers` must hold torch modules; got {layer!r:.80}.")
        for below, above in pairwise(layers):
            if (
                isinstance(below, GatedRecurrent)
                and isinstance(above, GatedRecurrent)
                and above.inputs is None
                and below.hidden_size != above.input_size
            ):
                raise ValueError(
                    f"a layer of {below.hidden_size} neurons cannot feed one of "
                    f"{above.input_size} inputs."
                )
        if readout is not None and readout not in READOUTS:
            raise ValueError(
                f'`readout` must be None, "last", "mean", "max" or "count"; got {readout!r}.'
            )
        if readout == "count" and not isinstance(layers[-1], GatedRecurrent):
            raise ValueError(
                '`readout="count"` counts spikes of the last layer, which must be a '
                f"`GatedRecurrent`; got {type(layers[-1]).__name__}."
            )
        self.layers, self.readout = nn.ModuleList(layers), readout

    def forward(
        self,
        inputs: Float[Tensor, "t b ..."],
        state: StackState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "..."], StackState]:
        """Return the outputs of the last module, or their readout, and the state of all.

        ``lengths`` are those of :class:`GatedRecurrent`; a readout leaves out what is past them.
        """
        if state is not None and not isinstance(state, StackState):
            raise TypeError(
                f"`state` must be None or the `StackState` of an earlier call; got {state!r:.80}."
            )
        before = (None,) * len(self.layers) if state is None else state.layers
        if len(before) != len(self.layers):
            raise ValueError(f"`state` must have {len(self.layers)} layers; got {len(before)}.")
        if lengths is not None:
            check_lengths(lengths, inputs)
        after: list[State | PastState | None] = []
        for layer, start in zip(self.layers, before, strict=True):
            if isinstance(layer, GatedRecurrent | OverTime):
                inputs, last = layer(inputs, start, lengths)
                after.append(last)
            else:
                inputs = layer(inputs.flatten(0, 1)).unflatten(0, inputs.shape[:2])
                after.append(None)
        return self._read(inputs, before[-1], lengths), StackState(tuple(after))

    def _read(
        self,
        outputs: Tensor,
        before: State | PastState | None,
        lengths: Tensor | None,
    ) -> Tensor:
        """Return the readout of the last module's outputs."""
        if self.readout is None:
            return outputs
        if self.readout == "count":
            layer = self.layers[-1]
            assert isinstance(layer, GatedRecurrent)
            assert not isinstance(before, PastState)
            start = layer.initial_state(outputs.shape[1]) if before is None else before
            outputs = spike_counts(outputs, start.output, layer.output_decay)
        return read_out(outputs, self.readout, lengths)
