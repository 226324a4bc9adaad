"""The same networks with hard thresholds and a surrogate gradient, by neurons of snntorch."""

from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley._errors import MissingExtraError
from cayley.experiments._spiking._training import Network
from cayley.spiking import GatedRecurrent
from cayley.spiking.equations._euler_method import recurrent_current

__all__ = ["SurrogateLayer", "SurrogateNetwork", "with_surrogate_gradient"]


class SurrogateLayer(nn.Module):
    """Leaky neurons with the weights, synapses and traces of a gated layer, in its units.

    A step adds ``dt / tau`` of the current to the potential, which decays by as much; a spike is
    all or none, and its derivative is that of snntorch's default surrogate.

    Args:
        like: The layer whose parameters are copied. Its gate and its kind of membrane are not.
        bias: The first constant current; a leaky neuron fires only above 1.
    """

    initial_potential: Tensor

    def __init__(self, like: GatedRecurrent, bias: float) -> None:
        super().__init__()
        try:
            snn: Any = import_module("snntorch")
        except ImportError:
            raise MissingExtraError("snntorch", "bench") from None
        self.dynamics = like.dynamics
        self.rate = like.dynamics.dt / like.dynamics.membrane.time_constant
        self.neuron = snn.Leaky(1 - self.rate)
        self.input_weight = nn.Parameter(like.input_weight.detach().clone())
        self.recurrent_weight = nn.Parameter(like.recurrent_weight.detach().clone())
        self.bias = nn.Parameter(torch.full_like(like.bias, bias))
        self.register_buffer("initial_potential", like.initial_potential.clone())

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return the traces ``(time, batch, neurons)`` of the spikes, and the last potentials."""
        drive = F.linear(inputs, self.input_weight, self.bias)
        potential = self.initial_potential.expand_as(drive[0])
        output, outputs = torch.zeros_like(drive[0]), []
        synapses = len(self.recurrent_weight)
        traces = drive.new_zeros(drive.shape[1], synapses, drive.shape[2])
        decays = drive.new_tensor(self.dynamics.decays[:synapses])[:, None]
        for current in drive.unbind(0):
            total = current
            if synapses:
                total = current + recurrent_current(traces, self.recurrent_weight)
            spikes, potential = self.neuron(self.rate * total, potential)
            traces = decays * traces + spikes[:, None]
            output = self.dynamics.output_decay * output + spikes
            outputs.append(output)
        return torch.stack(outputs), potential

    @torch.no_grad()
    def spikes(self, inputs: Tensor) -> Tensor:
        """Return the spikes of every step: what each trace has gained."""
        traces, _ = self(inputs)
        before = torch.cat([torch.zeros_like(traces[:1]), traces[:-1]])
        spikes: Tensor = traces - self.dynamics.output_decay * before
        return spikes


class SurrogateNetwork(nn.Module):
    """A surrogate layer and a linear readout of its traces; parameters named as in a network."""

    def __init__(self, layer: SurrogateLayer, readout: nn.Linear) -> None:
        super().__init__()
        self.layer, self.readout = layer, readout

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return the readout and the traces that it reads."""
        traces, _ = self.layer(inputs)
        return self.readout(traces), traces


def with_surrogate_gradient(network: Network, *, bias: float) -> SurrogateNetwork:
    """Return a network of the same size that starts from the same weights and readout."""
    return SurrogateNetwork(SurrogateLayer(network.layer, bias), network.readout)
