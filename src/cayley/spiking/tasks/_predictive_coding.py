r"""Predictive coding: a signal encoded by few spikes, and the analytic network that encodes it.

A decoder ``D`` with a column of size :math:`\rho` for each neuron computes a signal from the
traces, :math:`\hat x = D r`. In greedy coding neuron ``n`` spikes as soon as that lowers the error:
:math:`D_n \cdot (x - \hat x) > \tfrac12 |D_n|^2`. With :math:`\tau \dot x = -x + c` the left side
obeys :math:`\dot V = \tfrac1\tau D^T c - D^T D\,\mathrm{spikes}` up to a leak: neurons without
leak, driven by :math:`D^T c`, with fast recurrent weights :math:`-D^T D`.

References:
    Boerlin, Machens, Deneve, "Predictive coding of dynamical variables in balanced spiking
    networks", PLoS Computational Biology 9 (2013), e1003258.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from cayley._random import generator
from cayley._shapes import Float
from cayley.spiking._checks import positive, positive_integer
from cayley.spiking.equations._dynamics import Dynamics
from cayley.spiking.tasks._delayed_response import Trials

__all__ = [
    "GreedyRun",
    "PredictiveAutoencoding",
    "PredictiveWeights",
    "circle_decoder",
    "greedy_network",
    "predictive_weights",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictiveAutoencoding:
    """A smooth random signal of unit power, given as the drive whose trace it is.

    Inputs ``c`` and targets ``x`` are tied by ``x' = a x + (1 - a) c``, ``a = exp(-dt/tau)``: the
    signal is what the drive leaves in a synapse's trace.

    Args:
        dimensions: Of the signal.
        duration: Of a trial, in milliseconds.
        time_constant: ``tau`` in milliseconds.
        max_frequency: Of the signal, in hertz.
        onset: Milliseconds during which the signal rises from 0; not part of the window.
        dt: Time step in milliseconds.

    Raises:
        ValueError: If a number is not positive, or the trial ends before the onset.

    Example:
        >>> trials = PredictiveAutoencoding().trials(50, seed=0)
        >>> trials.inputs.shape, trials.targets.shape
        (torch.Size([1500, 50, 2]), torch.Size([1500, 50, 2]))
    """

    dimensions: int = 2
    duration: float = 300.0
    time_constant: float = 10.0
    max_frequency: float = 5.0
    onset: float = 30.0
    dt: float = 0.2

    def __post_init__(self) -> None:
        positive_integer(self.dimensions, "dimensions")
        for name in ("duration", "time_constant", "onset", "dt"):
            positive(getattr(self, name), name, "milliseconds")
        positive(self.max_frequency, "max_frequency", "hertz")
        if self.duration <= self.onset:
            raise ValueError(
                f"`duration` must exceed the onset of {self.onset} ms; got {self.duration} ms."
            )

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return ``count`` signals, the same for the same seed; the labels are all 0.

        Raises:
            ValueError: If ``count`` is not positive.
        """
        positive_integer(count, "count")
        # A sum of six waves is close to a Gaussian signal and is exactly band-limited.
        rng, waves = generator(seed, "predictive auto-encoding"), 6
        steps = round(self.duration / self.dt)
        time = np.arange(steps + 1) * self.dt
        frequency = rng.uniform(0.5, self.max_frequency, (count, self.dimensions, waves))
        phase = rng.uniform(0, 2 * np.pi, (count, self.dimensions, waves))
        angle = 2 * np.pi * frequency * time[:, None, None, None] / 1000 + phase
        signal = np.sin(angle).sum(-1) * math.sqrt(2 / (waves * self.dimensions))
        # A smooth onset: a jump would make the drive, which contains the derivative, a large pulse.
        signal *= np.sin(np.pi / 2 * np.minimum(time / self.onset, 1))[:, None, None] ** 2
        a = math.exp(-self.dt / self.time_constant)
        drive = (signal[1:] - a * signal[:-1]) / (1 - a)
        window = np.broadcast_to((time[1:] > self.onset)[:, None], (steps, count))

        def tensor(values: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

        labels = torch.zeros(count, dtype=torch.int64)
        return Trials(tensor(drive), tensor(signal[1:]), tensor(window), labels)


class GreedyRun(NamedTuple):
    """Readout and spikes of the greedy network."""

    outputs: Float[Tensor, "t b d"]
    spikes: Float[Tensor, "t b n"]


def circle_decoder(neurons: int, *, size: float = 0.15) -> Float[Tensor, "2 n"]:
    """Return a decoder whose columns lie evenly on a circle of that radius.

    Example:
        >>> circle_decoder(4, size=1.0).round().abs().tolist()
        [[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]]
    """
    angle = 2 * math.pi * torch.arange(neurons) / neurons
    return size * torch.stack([torch.cos(angle), torch.sin(angle)])


def greedy_network(
    drive: Float[Tensor, "t b d"],
    decoder: Float[Tensor, "d n"],
    *,
    time_constant: float = 10.0,
    dt: float = 0.2,
) -> GreedyRun:
    r"""Code a drive greedily: in each step the neuron that lowers the error most may spike.

    For columns of size ``rho`` all around a plane, the error runs evenly from ``rho/2`` on one
    side of the signal's drift to ``rho/2`` on the other: its mean square is near
    :math:`\rho^2/12`.

    Args:
        drive: ``c`` with ``tau dx/dt = -x + c``.
        decoder: ``D``, a column for each neuron.
        time_constant: ``tau`` in milliseconds.
        dt: Time step in milliseconds.

    Raises:
        ValueError: If drive and decoder do not fit.

    Example:
        >>> trials = PredictiveAutoencoding().trials(20, seed=0)
        >>> run = greedy_network(trials.inputs, circle_decoder(30))
        >>> error = (run.outputs - trials.targets).square().sum(2)[trials.window > 0].mean()
        >>> bool(abs(error / (0.15**2 / 12) - 1) < 0.15)
        True
    """
    if drive.shape[-1] != decoder.shape[0]:
        raise ValueError(
            f"`decoder` must have {drive.shape[-1]} rows as `drive` has dimensions; "
            f"got shape {tuple(decoder.shape)}."
        )
    a = math.exp(-dt / time_constant)
    x = drive.new_zeros(drive.shape[1:])
    estimate = torch.zeros_like(x)
    half = 0.5 * decoder.square().sum(0)  # the error falls if the overlap exceeds half the square
    columns = decoder.T
    outputs, spikes = [], []
    for c in drive.unbind(0):
        x = a * x + (1 - a) * c
        estimate = a * estimate
        gain = (x - estimate) @ decoder - half
        best = gain.argmax(1)
        fires = (gain.gather(1, best[:, None]) > 0).to(drive.dtype)
        estimate = estimate + fires * columns[best]
        outputs.append(estimate)
        spikes.append(torch.zeros_like(gain).scatter_(1, best[:, None], fires))
    return GreedyRun(torch.stack(outputs), torch.stack(spikes))


class PredictiveWeights(NamedTuple):
    """Weights of neurons without leak that code predictively, for a decoder."""

    input_weight: Float[Tensor, "n d"]
    fast: Float[Tensor, "n n"]


def predictive_weights(
    decoder: Float[Tensor, "d n"],
    dynamics: Dynamics,
    *,
    fast_time_constant: float | None = None,
) -> PredictiveWeights:
    r"""Return the weights of predictive coding for neurons without leak (:class:`NIF`).

    In units where threshold and reset lie 1 apart, :math:`V/|D_n|^2`, the input weights are
    :math:`\frac{\tau_v}{\tau |D_n|^2} D_n^T` and a spike of ``m``, which brings the charge of its
    fast synapse :math:`\tau_f`, moves ``n`` by :math:`-D_n \cdot D_m/|D_n|^2`. The diagonal is 0: a
    neuron's own reset does that.

    Args:
        decoder: A column for each neuron.
        dynamics: Their membrane, time constants and output time constant.
        fast_time_constant: Of the fast synapse; by default the smallest one.

    Example:
        >>> from cayley.spiking import NIF, Dynamics
        >>> dynamics = Dynamics(
        ...     membrane=NIF(10.0), time_constants=(1.0,), output_time_constant=10.0
        ... )
        >>> weights = predictive_weights(torch.tensor([[0.1, -0.1]]), dynamics)
        >>> weights.input_weight.flatten().round().tolist(), weights.fast[0, 1].round().item()
        ([10.0, -10.0], 10.0)
    """
    fast = fast_time_constant or min(dynamics.time_constants)
    tau_v = dynamics.membrane.time_constant
    own = decoder.square().sum(0)[:, None]
    overlap = (decoder.T @ decoder) / own
    without_self = overlap - torch.diag(torch.diagonal(overlap))
    return PredictiveWeights(
        input_weight=tau_v / dynamics.output_time_constant * decoder.T / own,
        fast=-(tau_v / fast) * without_self,
    )
