r"""Spiking networks with exact gradients: gated synapses instead of thresholds.

A synapse is driven by a gate, :math:`\tau\,\dot s = -s + g(v)\,\dot v`: charge flows while the
potential crosses an active zone of width :math:`\Delta` below the threshold, exactly 1 for a whole
crossing and a graded amount for a part. So the network has spikes and is differentiable without
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
:class:`PredictiveAutoencoding` and :class:`YinYang`.

The files, in the order in which to read them:

1. ``equations`` (a room): gates, membranes, one step.
2. ``adjoint`` (a room): the exact gradient, in plain torch and compiled.
3. ``_lengths.py``: samples of different lengths; ``_layer_parameters.py``, ``_layers.py``: one
   step, a run over time; parameters and options.
4. ``_delays.py``, ``_readouts.py``, ``_stack.py``: modules over time, readouts, stacks.
5. ``_spike_times.py``: event times from a recording; ``_weights.py``: weights as arrays.
6. ``tasks`` and ``nir`` (rooms): tasks with seeds; exchange with other programs.
7. ``_checks.py``: checks of arguments.
"""

from cayley.spiking._checks import ChaoticGradientWarning
from cayley.spiking._delays import AxonalDelay
from cayley.spiking._layers import GatedCell, GatedRecurrent
from cayley.spiking._spike_times import spike_times
from cayley.spiking._stack import GatedStack
from cayley.spiking._weights import export_weights, import_weights
from cayley.spiking.equations._dynamics import Dynamics, Recording
from cayley.spiking.equations._gates import BoxGate, CosineGate, PolynomialGate
from cayley.spiking.equations._membranes import LIF, NIF, QIF
from cayley.spiking.equations._neuron_parameters import NeuronParameters
from cayley.spiking.nir._nir import LossyExportWarning, from_nir, to_nir
from cayley.spiking.tasks._delayed_response import DelayedOperation, DelayedXOR
from cayley.spiking.tasks._predictive_coding import PredictiveAutoencoding
from cayley.spiking.tasks._yin_yang import YinYang

__all__ = [
    "LIF",
    "NIF",
    "QIF",
    "AxonalDelay",
    "BoxGate",
    "ChaoticGradientWarning",
    "CosineGate",
    "DelayedOperation",
    "DelayedXOR",
    "Dynamics",
    "GatedCell",
    "GatedRecurrent",
    "GatedStack",
    "LossyExportWarning",
    "NeuronParameters",
    "PolynomialGate",
    "PredictiveAutoencoding",
    "Recording",
    "YinYang",
    "export_weights",
    "from_nir",
    "import_weights",
    "spike_times",
    "to_nir",
]
