"""Readouts: one value of each neuron for a whole run, from its output traces."""

from typing import Literal

import torch
from torch import Tensor

from cayley._shapes import Float, Int

__all__ = ["READOUTS", "Readout", "read_out", "spike_counts"]

Readout = Literal["last", "mean", "max", "count"]
READOUTS = ("last", "mean", "max", "count")


def read_out(
    outputs: Float[Tensor, "t b n"], kind: Readout, lengths: Int[Tensor, " b"] | None = None
) -> Float[Tensor, "b n"]:
    """Return the last value, the mean or the maximum over time; for a count, the sum.

    Steps past a sample's length are left out.

    Example:
        >>> outputs = torch.tensor([[[1.0]], [[4.0]], [[2.0]]])
        >>> [read_out(outputs, kind).item() for kind in ("last", "mean", "max")]
        [2.0, 2.3333332538604736, 4.0]
        >>> read_out(outputs, "last", torch.tensor([2])).item()
        4.0
    """
    steps, batch = outputs.shape[:2]
    if lengths is None:
        lengths = torch.full((batch,), steps, device=outputs.device)
    if kind == "last":
        return outputs[lengths - 1, torch.arange(batch, device=outputs.device)]
    inside = (torch.arange(steps, device=outputs.device)[:, None] < lengths)[..., None]
    if kind == "max":
        return torch.where(inside, outputs, -torch.inf).amax(0)
    total = torch.where(inside, outputs, 0).sum(0)
    return total / lengths[:, None] if kind == "mean" else total


def spike_counts(
    outputs: Float[Tensor, "t b n"], before: Float[Tensor, "b n"], decay: float | Tensor
) -> Float[Tensor, "t b n"]:
    """Return the charge of every step, which is what the output trace rises by.

    A whole crossing has the charge 1, so that its sum over a run is the number of spikes, but for
    the part of a crossing at either end; unlike the number it has a gradient.
    """
    earlier = torch.cat([before[None], outputs[:-1]])
    return outputs - decay * earlier
