"""From layers and stacks to the nodes and edges of a NIR graph, as a profile reads them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from cayley.spiking._delays import AxonalDelay, CurrentFilter
from cayley.spiking._layers import GatedRecurrent
from cayley.spiking.equations._membranes import LIF
from cayley.spiking.nir._nir_neurons import (
    Loop,
    Population,
    as_array,
    checked_constants,
    loop_chain,
    loops_of,
    need,
    neuron_node,
    recurrent_graph,
)
from cayley.spiking.nir._nir_profiles import Profile, ProfileError

__all__ = ["GraphWriter", "modules_of"]

Array = NDArray[Any]
_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d)


def modules_of(layers: Any) -> Iterator[nn.Module]:
    """Return the modules of a stack in their order, those of a sequence one by one."""
    for layer in layers:
        if isinstance(layer, nn.Sequential):
            yield from modules_of(layer)
        elif not isinstance(layer, nn.Identity | nn.Dropout):
            yield layer


class GraphWriter:
    """Nodes in the order in which they are added, and the edges between them.

    ``factors`` is what the outputs of the last node are to be multiplied by: a filter of a target
    may be smaller than the trace that it stands for, and the weights after it make up for it.
    """

    def __init__(self, nir: Any, profile: Profile, dt: float, shape: tuple[int, ...]) -> None:
        self.nir, self.profile, self.shape = nir, profile, shape
        self.step = profile.step_of(dt)
        size = np.array(shape)
        self.nodes: dict[str, Any] = {"input": nir.Input(input_type={"input": size})}
        self.edges: list[tuple[str, str]] = []
        self.last = "input"
        self.factors: Array = np.ones(1)
        # A trace that the target can only hold as the synapse of the next neurons; what is constant
        # on the way there must not pass it, and becomes their leak.
        self.synapse: float | None = None
        self.constant: Array = np.zeros(1)

    def write(self, modules: list[nn.Module]) -> None:
        """Add modules that follow one another."""
        for index, module in enumerate(modules):
            is_last = index + 1 == len(modules)
            before = modules[index - 1] if index else None
            above = None if is_last else modules[index + 1]
            if isinstance(module, GatedRecurrent):
                bare = isinstance(before, CurrentFilter) and takes_currents(module)
                self._layer(module, before if bare else None, is_last=is_last)  # type: ignore[arg-type]
            elif isinstance(module, CurrentFilter):
                if not (isinstance(above, GatedRecurrent) and takes_currents(above)):
                    self._filter(module)
            elif isinstance(module, AxonalDelay):
                self._delay(module)
            else:
                name = "readout" if is_last else "linear"
                self._weights(module, np.ones(1), name=name)

    def finish(self) -> Any:
        """Return the graph."""
        if self.synapse is not None:
            raise ProfileError(
                f"{self.profile.name} reads no LI nodes: a trace must lead to other neurons. "
                "Export without the readout, or with an output time constant of 0."
            )
        if (self.factors != 1).any():
            need(self.profile, "Linear", "a trace at the end")
            self._add("output_scale", self.nir.Linear(weight=np.diag(self._spread(self.factors))))
        size = np.array(self.shape)
        self._add("output", self.nir.Output(output_type={"output": size}))
        return self.nir.NIRGraph(nodes=self.nodes, edges=self.edges, type_check=False)

    # ---- layers

    def _layer(
        self, layer: GatedRecurrent, synapse: CurrentFilter | None, *, is_last: bool
    ) -> None:
        """Add the weights of a layer, its neurons, its loops, and its output trace."""
        constants = checked_constants(layer, self.profile)
        if self.synapse is not None:
            every = torch.full((layer.hidden_size,), self.synapse, dtype=torch.float64)
            synapse = CurrentFilter(every, torch.ones_like(every), torch.zeros_like(every))
        rate, theta = (as_array(part) for part in (constants.rate, 1 / constants.gain))
        rows = self._rows(rate, theta)
        bias, leak = as_array(layer.bias), np.zeros(layer.hidden_size)
        if layer.inputs is None:
            self._affine("input_weight", as_array(layer.input_weight), bias, rows)
        elif takes_currents(layer):
            leak = self._bare(bias, rows, synapse)
        else:
            inner = list(modules_of([layer.inputs]))
            weighs = [m for m in inner if isinstance(m, nn.Linear | nn.Conv1d | nn.Conv2d)]
            for module in inner:
                ends = bool(weighs) and module is weighs[-1]
                self._weights(module, rows if ends else np.ones(1), bias if ends else None)
            if not weighs:
                leak = self._bare(bias, rows, synapse)
        if self.synapse is not None:
            # `rows` are in the weights on the way, which a constant passes too.
            leak = leak + self._spread(self.constant).reshape(-1) / rows
            self.synapse, self.constant = None, np.zeros(1)
            bare = False
        else:
            bare = synapse is not None
        each = Population(
            rate=rate, threshold=theta, leak=leak, synapse=synapse, strength=self.factors,
            rows=rows if bare else np.ones(1), leaks=isinstance(layer.dynamics.membrane, LIF),
        )  # fmt: skip
        if synapse is not None:
            self.factors = np.ones(1)
        node = neuron_node(self.nir, self.profile, self.step, each, self.shape)
        name = self._add_neurons(node, list(loops_of(layer, constants)), rows, synapse)
        self.last = name
        decay = as_array(constants.output_decay)
        # Between layers a trace is a filter; at the end the others have spikes.
        if decay.any() and (not is_last or self.profile.name == "nir"):
            self._trace("output_trace", decay)
        elif self.profile.pulse and not is_last:
            self.factors = np.full(1, self.step)

    def _bare(self, bias: Array, rows: Array, synapse: CurrentFilter | None) -> Array:
        """Return the leak potential that a bias becomes where no weights come before neurons."""
        name = self.profile.name
        if name != "nir" and bias.any():
            raise ProfileError(
                f"{name} has no bias of neurons whose inputs come without weights. Put a "
                "`nn.Linear` before them."
            )
        if synapse is None and (rows != 1).any():
            raise ProfileError(f"{name} needs weights before neurons. Put a `nn.Linear` there.")
        return bias

    def _rows(self, rate: Array, theta: Array) -> Array:
        """Return the factors of weights that a profile needs to have ``r = tau / dt``."""
        return rate / theta if self.profile.scaled_inputs else np.ones(1)

    def _add_neurons(
        self, node: Any, loops: list[Loop], rows: Array, synapse: CurrentFilter | None
    ) -> str:
        """Add neurons with their loops, and return the name of the node that puts out spikes."""
        profile = self.profile
        if not loops:
            return self._add("neurons", node)
        if len(self.shape) > 1:
            raise ProfileError("recurrent weights between neurons of a convolution: put a Flatten.")
        if profile.loops == "none":
            raise ProfileError(f"{profile.name} reads no recurrent graphs.")
        if profile.loops == "instant":
            first = loops[0]
            shared = synapse is not None and profile.name in ("norse", "spikingjelly")
            if len(loops) > 1 or first.delay is not None or (first.decay.any() and not shared):
                raise ProfileError(
                    f"{profile.name} reads recurrent weights without a synapse of their own: one "
                    "of time constant 0, no adaptation and no delays."
                )
            if profile.name == "snntorch" and synapse is not None:
                raise ProfileError("snntorch reads no recurrent CubaLIF nodes.")
            if profile.scaled_inputs and synapse is None:
                weight = first.weight * np.reshape(rows, (-1, 1))
                return self._add("recurrent", recurrent_graph(self.nir, node, weight))
        name = self._add("neurons", node)
        for k, loop in enumerate(loops):
            last = name
            for wanted, inner in loop_chain(self.nir, profile, self.step, loop, synapse):
                free = self._free(f"{wanted}_{k}")
                self.nodes[free] = inner
                self.edges.append((last, free))
                last = free
            self.edges.append((last, name))
        return name

    # ---- what stands between layers

    def _trace(self, name: str, decay: Array) -> None:
        """Add the filter of an output trace, whose size the weights after it make up for."""
        if not decay.all():
            raise ProfileError("some, not all, neurons have an output time constant of 0.")
        profile = self.profile
        if "LI" not in profile.nodes:
            if np.ptp(decay):
                raise ProfileError(
                    f"{profile.name} reads no LI nodes: output traces must have one time constant."
                )
            self.synapse, self.constant = float(decay[0]), np.zeros(self.shape)
            return
        tau = profile.filter_time(decay, self.step)
        r = tau if profile.name == "nir" else np.ones_like(tau)
        gain = np.ones(1) if profile.name == "nir" else profile.filter_gain(decay, tau, self.step)
        self._add(name, self.nir.LI(tau=tau, r=r, v_leak=0 * tau))
        self.factors = 1 / gain

    def _filter(self, module: CurrentFilter) -> None:
        """Add a filter of currents that no neurons follow directly."""
        if bool(module.offset.any()):
            raise ProfileError("a filter with an offset cannot be exported.")
        need(self.profile, "LI", "filters")
        profile, decay = self.profile, as_array(module.decay)
        tau = profile.filter_time(decay, self.step)
        gain = profile.filter_gain(decay, tau, self.step)
        wanted = as_array(module.gain) * self.factors
        r, self.factors = np.ones_like(tau), wanted / gain
        if profile.name == "nir":
            r, self.factors = wanted / gain, np.ones(1)
        self._add("filter", self.nir.LI(tau=tau, r=r, v_leak=0 * tau))

    def _delay(self, module: AxonalDelay) -> None:
        need(self.profile, "Delay", "delays")
        delays = as_array(module.delays)
        self._add("delay", self.nir.Delay(delay=delays / module.dt * self.step))

    def _weights(
        self, module: nn.Module, rows: Array, bias: Array | None = None, *, name: str = "linear"
    ) -> None:
        """Add a module without a state; ``rows`` multiply its outputs, ``bias`` is added first."""
        if isinstance(module, nn.Linear):
            own = np.zeros(module.out_features) if module.bias is None else as_array(module.bias)
            self._affine(name, as_array(module.weight), own + (0 if bias is None else bias), rows)
        elif isinstance(module, _CONVOLUTIONS):
            self._convolution(module, rows, bias)
        elif isinstance(module, nn.Flatten):
            self._flatten(module)
        elif isinstance(module, nn.Unflatten) and tuple(module.unflattened_size) == self.shape:
            pass  # neurons of a convolution keep its shape in a graph
        elif isinstance(module, nn.AvgPool2d):
            need(self.profile, "AvgPool2d", "average pools")
            self._scalar_factors("a pool")
            pair = {
                name: np.broadcast_to(getattr(module, name), (2,))
                for name in ("kernel_size", "stride", "padding")
            }
            self._add("pool", self.nir.AvgPool2d(**pair))
            self._probe(module)
        else:
            raise ProfileError(f"NIR has no equivalent of {type(module).__name__}.")

    def _affine(self, name: str, weight: Array, bias: Array, rows: Array) -> None:
        weight = np.reshape(rows, (-1, 1)) * weight * np.reshape(self.factors, (1, -1))
        bias = rows * bias
        self.factors = np.ones(1)
        if self.synapse is not None:
            self.constant, bias = weight @ self._spread(self.constant) + bias, 0 * bias
        self._add(name, self.nir.Affine(weight=weight, bias=bias))
        self.shape = (len(weight),)

    def _convolution(self, module: nn.Conv1d | nn.Conv2d, rows: Array, bias: Array | None) -> None:
        kind = type(module).__name__
        need(self.profile, kind, "such convolutions")
        if isinstance(module.padding, str):
            raise ProfileError("write the padding of a convolution as numbers.")
        self._scalar_factors("a convolution")
        scale, self.factors = float(self.factors.flat[0]), np.ones(1)
        before = self.shape
        self._probe(module)
        own = np.zeros(module.out_channels) if module.bias is None else as_array(module.bias)
        weight = as_array(module.weight) * scale
        by_channel = rows * np.ones(int(np.prod(self.shape)))
        by_channel = by_channel.reshape(self.shape[0], -1)
        added = np.zeros_like(by_channel)
        if bias is not None:
            added = added + bias.reshape(self.shape[0], -1)
        if np.ptp(by_channel, 1).any() or np.ptp(added, 1).any():
            raise ProfileError(
                "biases, thresholds or rates differ within a channel of a convolution, which has "
                "one bias for each."
            )
        if self.synapse is not None:
            raise ProfileError(
                f"{self.profile.name} reads no LI nodes: a trace cannot lead to a convolution."
            )
        weight = weight * by_channel[:, 0].reshape(-1, *[1] * (weight.ndim - 1))
        size = before[1:] if kind == "Conv2d" else before[1]
        self._add("convolution", getattr(self.nir, kind)(
            input_shape=size, weight=weight, stride=module.stride, padding=module.padding,
            dilation=module.dilation, groups=module.groups,
            bias=(own + added[:, 0]) * by_channel[:, 0],
        ))  # fmt: skip

    def _flatten(self, module: nn.Flatten) -> None:
        if self.profile.name in ("norse", "snntorch"):
            raise ProfileError(
                f"{self.profile.name} counts the batch as an axis of a Flatten node, NIR does not."
            )
        if module.start_dim < 1:
            raise ProfileError("a Flatten must leave the axis of samples alone.")
        end = module.end_dim - 1 if module.end_dim > 0 else module.end_dim
        node = self.nir.Flatten(
            input_type={"input": np.array(self.shape)}, start_dim=module.start_dim - 1, end_dim=end
        )
        self._add("flatten", node)
        self._probe(module)

    # ---- helpers

    def _scalar_factors(self, what: str) -> None:
        if not np.allclose(self.factors, self.factors.flat[0]):
            raise ProfileError(f"{what} cannot follow traces of several time constants.")

    def _spread(self, factors: Array) -> Array:
        """Return one factor for each feature."""
        return np.asarray(factors).reshape(-1) * np.ones(int(np.prod(self.shape)))

    def _probe(self, module: nn.Module) -> None:
        """Take the shape through a module."""
        like = next(iter(module.parameters()), torch.zeros(1))
        with torch.no_grad():
            if self.synapse is not None:
                constant = torch.from_numpy(self.constant)[None].to(like.dtype)
                self.constant = as_array(module(constant)[0])
            self.shape = tuple(module(torch.zeros(1, *self.shape, dtype=like.dtype)).shape[1:])

    def _free(self, name: str) -> str:
        """Return a name that is not taken."""
        index, free = 1, name
        while free in self.nodes:
            free, index = f"{name}_{index}", index + 1
        return free

    def _add(self, name: str, node: Any) -> str:
        """Add a node behind the last one, and return its name."""
        name = self._free(name)
        self.nodes[name] = node
        self.edges.append((self.last, name))
        self.last = name
        return name


def takes_currents(layer: GatedRecurrent) -> bool:
    """Return whether a layer's inputs are currents as they are."""
    return layer.inputs is not None and not list(modules_of([layer.inputs]))
