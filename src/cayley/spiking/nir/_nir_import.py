"""From the nodes and edges of a NIR graph to a stack of layers, as a profile reads them."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley.spiking._delays import AxonalDelay, CurrentFilter
from cayley.spiking._layers import GatedRecurrent
from cayley.spiking._stack import GatedStack
from cayley.spiking.equations._dynamics import Dynamics
from cayley.spiking.equations._gates import PolynomialGate
from cayley.spiking.equations._membranes import LIF, NIF, Reset
from cayley.spiking.equations._neuron_parameters import NeuronParameters
from cayley.spiking.nir._nir_graph import NEURONS, chain_of, kind_of
from cayley.spiking.nir._nir_profiles import Profile, ProfileError, Reading

__all__ = ["GraphReader"]

Array = NDArray[Any]

_AXES = {"Affine": 1, "Linear": 1, "Conv1d": 2, "Conv2d": 3}
"""Axes of one sample that a node takes, the batch left out."""


class Scale(nn.Module):
    """A factor for each feature, on the last axes."""

    scale: Tensor

    def __init__(self, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("scale", scale)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the product."""
        return inputs * self.scale


class SumPool(nn.AvgPool2d):
    """Sums over the windows of an average pool."""

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the sums."""
        size = self.kernel_size
        count = size * size if isinstance(size, int) else math.prod(size)
        return super().forward(inputs) * count


class GraphReader:
    """Modules of a stack, one after the other, and the shape that they lead to."""

    def __init__(
        self, profile: Profile, dt: float, *, width: float, reset: Reset | None, scale: float,
        dtype: torch.dtype,
    ) -> None:  # fmt: skip
        self.profile, self.dt, self.dtype = profile, dt, dtype
        self.step, self.scale = profile.step_of(dt), scale
        self.gate, self.reset = PolynomialGate(width), reset or profile.reset
        self.modules: list[nn.Module] = []
        self.shape: tuple[int, ...] = ()

    def read(self, graph: Any) -> GatedStack:
        """Return the stack of a graph."""
        nodes, chain, loops = chain_of(graph)
        for name in nodes:
            if kind_of(nodes[name]) not in self.profile.nodes:
                raise ProfileError(
                    f"{self.profile.name} reads no {kind_of(nodes[name])} nodes ({name!r})."
                )
        if loops and self.profile.loops == "none":
            raise ProfileError(f"{self.profile.name} reads no recurrent graphs.")
        shape = nodes[chain[0]].input_type["input"]
        self.shape = tuple(int(size) for size in np.atleast_1d(np.asarray(shape)))
        # nirtorch 2.6 writes the batch of one that it went through the network with as an axis.
        axes = _AXES.get(kind_of(nodes[chain[1]]))
        if len(self.shape) - 1 == axes and self.shape[0] == 1:
            self.shape = self.shape[1:]
        for name in chain[1:-1]:
            node = nodes[name]
            try:
                if kind_of(node) in NEURONS:
                    self._neurons(node, [[nodes[n] for n in way] for way in loops.get(name, [])])
                else:
                    self._other(node)
            except ProfileError as error:
                raise ProfileError(f"node {name!r}: {error}") from None
        if not self.modules:
            raise ValueError("the graph has nothing between its input and its output.")
        return GatedStack(self.modules)

    # ---- neurons

    def _neurons(self, node: Any, loops: list[list[Any]]) -> None:
        kind, step = kind_of(node), self.step
        synapse: Array | None = None
        current_gain = np.ones(1)
        if kind == "IF":
            reading = self.profile.read_integrator(node, step)
        elif kind == "LIF":
            reading = self.profile.read_leaky(node, self._tau(node.tau), step, current_based=False)
        else:
            reading = self.profile.read_leaky(
                node, self._tau(node.tau_mem), step, current_based=True
            )
            synapse, current_gain = self._synapse(node)
        size = int(np.prod(self.shape))
        if synapse is not None:
            offset = np.zeros(1)
            self.modules.append(self._filter(synapse, current_gain, offset))
        rate, gain, bias = (self._spread(part) for part in (
            reading.rate, reading.gain, reading.bias))  # fmt: skip
        if (rate <= 0).any() or (rate >= 1).any():
            raise ProfileError(
                f"time constants must be above the step of {step}; got "
                f"{self._tau(getattr(node, 'tau', getattr(node, 'tau_mem', 0))).min()}. "
                "norse 1.1 writes them multiplied by the step: give `time_scale=1 / dt` "
                "(dt in seconds) for its graphs."
            )
        synapses = [self._loop(way, synapse, current_gain) for way in loops]
        layer = self._layer(reading, rate, gain, bias, synapses, size, bare=synapse is not None)
        self.modules.append(layer)
        self._pulses()
        if len(self.shape) > 1:
            self.modules.append(nn.Unflatten(1, self.shape))

    def _layer(  # noqa: PLR0917
        self,
        reading: Reading,
        rate: Array,
        gain: Array,
        bias: Array,
        synapses: list[tuple[Array, Array, Array | None, Array]],
        size: int,
        *,
        bare: bool,
    ) -> GatedRecurrent:
        """Return a layer of neurons; weights before them become its own where that is exact."""
        kind = LIF if reading.leaks else NIF
        own = self._own_weights(bare)
        weights, constant = own if own is not None else (None, np.zeros(size))
        for *_, extra in synapses:
            constant = constant + extra
        thresholds = None
        if weights is not None:
            weights = gain[:, None] * weights
            total = gain * constant + bias
            recurrent = [(d, gain[:, None] * w, t) for d, w, t, _ in synapses]
        elif (gain == 1).all():
            total = constant + bias
            recurrent = [(d, w, t) for d, w, t, _ in synapses]
        else:
            thresholds = 1 / gain
            total = constant + bias / gain
            recurrent = [(d, w, t) for d, w, t, _ in synapses]
        times = [_time(float(np.mean(d)), self.dt) for d, *_ in recurrent]
        dynamics = Dynamics(
            membrane=kind(self.dt / float(np.mean(rate)), self.reset),
            gate=self.gate,
            time_constants=tuple(times) or (0.0,),
            output_time_constant=0.0,
            dt=self.dt,
        )
        delays = [t for *_, t in recurrent]
        parameters = NeuronParameters(
            membrane=self.dt / rate if np.ptp(rate) else None,
            thresholds=thresholds,
            synapses=np.stack([
                [_time(float(x), self.dt) for x in self._spread(d)] for d, *_ in recurrent
            ]) if any(np.ptp(d) for d, *_ in recurrent) else None,
            delays=None if all(t is None for t in delays) else np.stack(
                [np.zeros(size) if t is None else self._spread(t) for t in delays]
            ),
        )  # fmt: skip
        given = (parameters.membrane, thresholds, parameters.synapses, parameters.delays)
        inputs: nn.Module | None = nn.Identity() if weights is None else None
        if weights is None and self.modules and not bare and self._is_weights(self.modules[-1]):
            inputs = self.modules.pop()
        layer = GatedRecurrent(
            size if weights is None else weights.shape[1], size, dynamics=dynamics,
            neurons=None if all(each is None for each in given) else parameters,
            inputs=inputs, recurrent=bool(recurrent), dtype=self.dtype,
        )  # fmt: skip
        with torch.no_grad():
            layer.initial_potential.zero_()
            layer.bias.copy_(self._tensor(total))
            if weights is not None:
                layer.input_weight.copy_(self._tensor(weights))
            for k, (_, weight, _) in enumerate(recurrent):
                layer.recurrent_weight[k].copy_(self._tensor(weight))
        return layer

    def _own_weights(self, bare: bool) -> tuple[Array, Array] | None:
        """Return and remove the dense weights just before, which a layer can take as its own."""
        before = self.modules[-1] if self.modules else None
        if bare or not isinstance(before, nn.Linear):
            return None
        self.modules.pop()
        weight = before.weight.detach().numpy().astype(np.float64)
        bias = 0 if before.bias is None else before.bias.detach().numpy().astype(np.float64)
        return weight, bias + np.zeros(len(weight))

    @staticmethod
    def _is_weights(module: nn.Module) -> bool:
        return isinstance(module, nn.Conv1d | nn.Conv2d)

    def _synapse(self, node: Any) -> tuple[Array, Array]:
        """Return decay and gain of the synapse of a CubaLIF node."""
        tau = self._tau(node.tau_syn)
        decay = self.profile.filter_decay(tau, self.step)
        self._in_range(decay, tau)
        return decay, _array(node.w_in) * self.profile.filter_gain(decay, tau, self.step)

    def _loop(
        self, way: list[Any], synapse: Array | None, current_gain: Array
    ) -> tuple[Array, Array, Array | None, Array]:
        """Return decay, weights, delays in milliseconds and constant current of a loop."""
        weight: Array | None = None
        decay, delay, bias = np.zeros(1), None, np.zeros(1)
        size = int(np.prod(self.shape))
        scale = np.full(1, self.profile.spike(self.step))
        for node in way:
            kind = kind_of(node)
            if kind in ("Linear", "Affine") and weight is None:
                weight = _array(node.weight) * scale
                bias = _array(node.bias) if kind == "Affine" else bias
                scale = np.ones(1)
            elif kind == "LI" and synapse is None and not decay.any():
                tau = self._tau(node.tau)
                decay = self.profile.filter_decay(tau, self.step)
                gain = self._filter_gain(node, decay, tau)
                if weight is None:
                    if np.ptp(decay):
                        raise ProfileError(
                            "a filter of several time constants before recurrent weights: put it "
                            "behind them."
                        )
                    scale, decay = scale * gain, decay[:1]
                else:
                    weight = np.reshape(gain, (-1, 1)) * weight
            elif kind == "Delay" and weight is None and delay is None:
                delay = _array(node.delay) / self.step * self.dt
            else:
                raise ProfileError(
                    f"a loop of {', '.join(kind_of(n) for n in way)} has no equivalent: it may "
                    "have a Delay, an LI and a Linear or Affine node."
                )
        if weight is None:
            raise ProfileError("a loop needs weights (a Linear or Affine node).")
        if weight.shape != (size, size):
            raise ProfileError(f"recurrent weights must be {size} x {size}; got {weight.shape}.")
        if synapse is not None:
            decay = synapse
            weight = np.reshape(self._spread(current_gain), (-1, 1)) * weight
            if bias.any():
                raise ProfileError("a bias of recurrent weights before a synapse.")
        return decay, weight, delay, bias

    def _pulses(self) -> None:
        """Scale spikes to what the program has for them."""
        spike = self.profile.spike(self.step)
        if spike != 1:
            self.modules.append(Scale(torch.tensor(spike, dtype=self.dtype)))

    # ---- other nodes

    def _other(self, node: Any) -> None:
        kind = kind_of(node)
        if kind == "LI":
            self._integrator(node)
            return
        module = self._module(node, kind)
        self.modules.append(module)
        if isinstance(module, AxonalDelay):
            return
        like = next(iter(module.parameters()), torch.zeros(1, dtype=self.dtype))
        try:
            with torch.no_grad():
                self.shape = tuple(module(torch.zeros(1, *self.shape, dtype=like.dtype)).shape[1:])
        except RuntimeError:
            raise ProfileError(f"{kind} does not take inputs of shape {self.shape}.") from None

    def _integrator(self, node: Any) -> None:
        tau = self._tau(node.tau)
        decay = self.profile.filter_decay(tau, self.step)
        self._in_range(decay, tau)
        gain = self._filter_gain(node, decay, tau)
        before = [each for each in self.modules if not isinstance(each, nn.Unflatten)]
        below, scale = before[-2:] if len(before) > 1 else (None, None)
        # A layer's own output trace: every spike adds 1.
        if (
            isinstance(scale, Scale)
            and isinstance(below, GatedRecurrent)
            and np.allclose(gain * float(scale.scale.max()), 1)
            and np.ptp(decay) == 0
        ):
            self.modules.remove(scale)
            below.dynamics = _with_output(below.dynamics, _time(float(decay.flat[0]), self.dt))
            return
        self.modules.append(self._filter(decay, gain, np.zeros(1)))

    def _filter_gain(self, node: Any, decay: Array, tau: Array) -> Array:
        """Return what an input of 1 in one step adds to an LI node."""
        if _array(node.v_leak).any():
            raise ProfileError("`v_leak` of an LI node must be 0.")
        gain = self.profile.filter_gain(decay, tau, self.step)
        return gain * _array(node.r) if self.profile.name == "nir" else gain

    def _filter(self, decay: Array, gain: Array, offset: Array) -> CurrentFilter:
        shaped = (self._tensor(self._spread(x).reshape(self.shape)) for x in (decay, gain, offset))
        return CurrentFilter(*shaped)

    def _module(self, node: Any, kind: str) -> nn.Module:
        """Return the module of a node without a state, or of a delay."""
        if kind in ("Affine", "Linear"):
            weight = _array(node.weight)
            if weight.ndim != 2:
                raise ProfileError(f"weights must have two axes; got shape {weight.shape}.")
            module: nn.Module = nn.Linear(
                weight.shape[1], weight.shape[0], bias=kind == "Affine", dtype=self.dtype
            )
            self._fill(module, node, kind == "Affine")
            return module
        if kind in ("Conv1d", "Conv2d"):
            weight = _array(node.weight)
            padding = node.padding if isinstance(node.padding, str) else _sizes(node.padding)
            module = getattr(nn, kind)(
                weight.shape[1] * int(node.groups), weight.shape[0], weight.shape[2:],
                stride=_sizes(node.stride), padding=padding, dilation=_sizes(node.dilation),
                groups=int(node.groups), dtype=self.dtype,
            )  # fmt: skip
            self._fill(module, node, True)
            return module
        if kind == "Flatten":
            start, end = int(node.start_dim), int(node.end_dim)
            # NIR does not count the batch as an axis; torch does.
            return nn.Flatten(start + 1 if start >= 0 else start, end + 1 if end >= 0 else end)
        if kind in ("AvgPool2d", "SumPool2d"):
            pool = nn.AvgPool2d if kind == "AvgPool2d" else SumPool
            return pool(_sizes(node.kernel_size), _sizes(node.stride), _sizes(node.padding))
        if kind == "Scale":
            return Scale(self._tensor(_array(node.scale)))
        assert kind == "Delay"
        delays = self._spread(_array(node.delay)) / self.step * self.dt
        return AxonalDelay(len(delays), delays, dt=self.dt, dtype=self.dtype)

    def _fill(self, module: Any, node: Any, bias: bool) -> None:
        with torch.no_grad():
            module.weight.copy_(self._tensor(_array(node.weight)))
            if bias:
                module.bias.copy_(self._tensor(_array(node.bias).reshape(-1)))

    # ---- helpers

    def _tau(self, tau: Any) -> Array:
        return _array(tau) * self.scale

    def _in_range(self, decay: Array, tau: Array) -> None:
        if (decay < 0).any() or (decay >= 1).any():
            raise ProfileError(
                f"time constants must be above the step of {self.step}; got {tau.min()}."
            )

    def _spread(self, values: Array) -> Array:
        """Return one value for each neuron."""
        size = int(np.prod(self.shape))
        flat = np.asarray(values).reshape(-1)
        if len(flat) not in (1, size):
            raise ProfileError(f"parameters of {len(flat)} neurons; the graph has {size} there.")
        return flat * np.ones(size)

    def _tensor(self, array: Array) -> Tensor:
        return torch.from_numpy(np.array(array, dtype=np.float64)).to(self.dtype)


def _with_output(dynamics: Dynamics, milliseconds: float) -> Dynamics:
    return replace(dynamics, output_time_constant=milliseconds)


def _time(decay: float, dt: float) -> float:
    """Return the time constant in milliseconds that has this factor over a step."""
    return -dt / math.log(decay) if decay > 0 else 0.0


def _sizes(value: Any) -> Any:
    """Return one or two sizes as torch takes them."""
    array = np.atleast_1d(np.asarray(value))
    return tuple(int(each) for each in array) if len(array) > 1 else int(array[0])


def _array(value: Any) -> Array:
    """Return a parameter of a node as an array of at least one axis."""
    detached = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    array = np.atleast_1d(np.asarray(detached, dtype=np.float64))
    if not np.isfinite(array).all():
        raise ProfileError("a parameter is not finite.")
    return array
