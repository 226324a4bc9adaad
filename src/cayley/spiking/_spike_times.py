"""Exact spike times: where the potential crossed the threshold within a step."""

from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Float, Int
from cayley.spiking._checks import positive
from cayley.spiking.equations._dynamics import Recording

__all__ = ["Events", "spike_times"]

# The loop below takes one pass per crossing in a step. A useful step has at most a few; a number
# beyond this bound means that the run diverged, and the loop would take as long as the number.
MOST_PER_STEP = 1000


class Events(NamedTuple):
    """Spikes in the order of time.

    Attributes:
        time: In milliseconds from the start of the run.
        trial: Place in the batch.
        neuron: Which neuron.
    """

    time: Float[Tensor, " m"]
    trial: Int[Tensor, " m"]
    neuron: Int[Tensor, " m"]


def spike_times(recording: Recording, *, dt: float) -> Events:
    """Return the times of all threshold crossings, to a part of the time step.

    A potential moves on a straight line within a step, so interpolation gives the exact crossing of
    the discrete equations. The error against continuous time is that of Euler's method and falls
    with ``dt``. Where a cyclic potential went back over the top (``spikes`` of -1), no time is
    listed.

    Args:
        recording: From :meth:`GatedRecurrent.record`.
        dt: The layer's time step in milliseconds.

    Returns:
        A named tuple of flat tensors in the order of time: ``time`` in milliseconds from the start
        of the run, ``trial`` (place in the batch) and ``neuron``, both int64.

    Raises:
        ValueError: If ``dt`` is not positive, or the run diverged.

    Example:
        >>> import torch
        >>> from cayley.spiking import NIF, Dynamics, GatedRecurrent, spike_times
        >>> dynamics = Dynamics(membrane=NIF(10.3))
        >>> layer = GatedRecurrent(1, 1, bias=1.0, dynamics=dynamics, recurrent=False)
        >>> layer.initial_potential.zero_().tolist()
        [0.0]
        >>> run = layer.record(torch.zeros(40, 1, 1))
        >>> [round(t, 3) for t in spike_times(run, dt=1.0).time.tolist()]
        [10.3, 20.6, 30.9]
    """
    positive(dt, "dt", "milliseconds")
    found = []
    most = int(recording.spikes.max().item())
    if most > MOST_PER_STEP:
        raise ValueError(
            f"a neuron crossed its threshold {most} times in one step: the run diverged, or `dt` "
            "of the layer is far too large."
        )
    for level in range(1, most + 1):
        step, trial, neuron = torch.nonzero(recording.spikes >= level, as_tuple=True)
        before = recording.potentials[step, trial, neuron]
        reached = recording.before_reset[step, trial, neuron]
        part = (level - before) / (reached - before)
        found.append((dt * (step + part), trial, neuron))
    if not found:
        none = torch.zeros(0, dtype=torch.int64)
        return Events(recording.potentials.new_zeros(0), none, none)
    time, trial, neuron = (torch.cat(parts) for parts in zip(*found, strict=True))
    order = torch.argsort(time, stable=True)
    return Events(time[order], trial[order], neuron[order])
