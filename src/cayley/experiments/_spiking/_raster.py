"""One trial as plain arrays, for figures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cayley.spiking import Recording, spike_times
from cayley.spiking.tasks._delayed_response import Trials

__all__ = ["one_trial"]

SHOWN = 5
"""Neurons, those with the most spikes in the trial, whose potentials and currents are kept."""


def one_trial(
    recording: Recording, readout: Tensor, trials: Trials, dt: float, *, trial: int = 0
) -> dict[str, NDArray[Any]]:
    """Return raster, potentials, currents, readout and target of one trial."""
    events = spike_times(recording, dt=dt)
    of_trial = events.trial == trial
    steps = len(readout)
    busiest = recording.spikes[:, trial].sum(0).topk(min(SHOWN, recording.spikes.shape[2])).indices
    return {
        "time_ms": np.arange(1, steps + 1, dtype=np.float32) * np.float32(dt),
        "inputs": trials.inputs[:, trial].numpy(),
        "spike_time_ms": events.time[of_trial].numpy(),
        "spike_neuron": events.neuron[of_trial].numpy(),
        "potentials": recording.potentials[1:, trial, busiest].numpy(),
        "currents": recording.currents[:, trial, busiest].numpy(),
        "readout": readout[:, trial].numpy(),
        "target": trials.targets[:, trial].numpy(),
        "window": trials.window[:, trial].numpy(),
    }
