r"""Spiking networks with exact gradients: gated synapses instead of thresholds.

A synapse is driven by a gate, :math:`\tau\,\dot s = -s + g(v)\,\dot v`: charge flows while the
potential crosses an active zone of width :math:`\Delta` below the threshold, exactly 1 for a whole
crossing and a graded amount for a part. So the network is differentiable, with spikes, without
surrogates. :class:`GatedRecurrent` runs a layer over time, :class:`GatedCell` takes one step,
:class:`GatedStack` puts layers on top of one another; :class:`Dynamics` holds the equations, with
all times in milliseconds. The gradient comes from a hand-written adjoint, compiled on a CPU, or
from autograd.

Example:
    >>> import torch
    >>> from cayley.spiking import Dynamics, GatedRecurrent
    >>> generator = torch.Generator().manual_seed(0)
    >>> layer = GatedRecurrent(1, 10, dynamics=Dynamics(dt=1.0), generator=generator)
    >>> readout = torch.nn.Linear(10, 1)
    >>> _ = [torch.nn.init.zeros_(parameter) for parameter in readout.parameters()]
    >>> optimizer = torch.optim.Adam([*layer.parameters(), *readout.parameters()], lr=0.02)
    >>> inputs = torch.zeros(100, 1, 1)
    >>> target = torch.sin(torch.arange(100) / 16).view(100, 1, 1)
    >>> losses = []
    >>> for _ in range(50):
    ...     outputs, state = layer(inputs)
    ...     loss = torch.nn.functional.mse_loss(readout(outputs), target)
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    ...     losses.append(loss.item())
    >>> losses[-1] < 0.5 * losses[0]
    True

Tasks with seeds: :class:`DelayedXOR`, :class:`DelayedOperation` on any table,
:class:`PredictiveAutoencoding` with its analytic :func:`greedy_network`, :class:`YinYang`.
"""

from cayley.spiking._checks import ChaoticGradientWarning
from cayley.spiking._dynamics import Dynamics, GatedState, Recording
from cayley.spiking._events import Events, spike_times
from cayley.spiking._functional import Step, gated_step
from cayley.spiking._gates import BoxGate, CosineGate, Gate, PolynomialGate
from cayley.spiking._layers import GatedCell, GatedRecurrent, GatedStack, StackState
from cayley.spiking._membranes import LIF, NIF, QIF, Membrane
from cayley.spiking._nir import LossyExportWarning, to_nir
from cayley.spiking._predictive import (
    GreedyRun,
    PredictiveAutoencoding,
    PredictiveWeights,
    circle_decoder,
    greedy_network,
    predictive_weights,
)
from cayley.spiking._tasks import DelayedOperation, DelayedXOR, Trials
from cayley.spiking._weights import export_weights, import_weights
from cayley.spiking._yin_yang import YinYang

__all__ = [
    "LIF",
    "NIF",
    "QIF",
    "BoxGate",
    "ChaoticGradientWarning",
    "CosineGate",
    "DelayedOperation",
    "DelayedXOR",
    "Dynamics",
    "Events",
    "Gate",
    "GatedCell",
    "GatedRecurrent",
    "GatedStack",
    "GatedState",
    "GreedyRun",
    "LossyExportWarning",
    "Membrane",
    "PolynomialGate",
    "PredictiveAutoencoding",
    "PredictiveWeights",
    "Recording",
    "StackState",
    "Step",
    "Trials",
    "YinYang",
    "circle_decoder",
    "export_weights",
    "gated_step",
    "greedy_network",
    "import_weights",
    "predictive_weights",
    "spike_times",
    "to_nir",
]
