"""Neurons and their recurrent weights as nodes of a NIR graph, as a profile reads them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley.spiking._delays import CurrentFilter
from cayley.spiking._layers import GatedRecurrent
from cayley.spiking.equations._membranes import LIF, NIF
from cayley.spiking.equations._neuron_parameters import Constants
from cayley.spiking.nir._nir_profiles import Profile, ProfileError

__all__ = [
    "Loop",
    "Population",
    "as_array",
    "checked_constants",
    "loop_chain",
    "loops_of",
    "neuron_node",
    "recurrent_graph",
]

Array = NDArray[Any]
NORSE_R = 1e4
"""``r`` of CubaLIF nodes with a bias for norse: large, and exact enough in half its digits."""


class Loop(NamedTuple):
    """One synapse: the decay of its current, its weights, and delays in steps."""

    decay: Array
    weight: Array
    delay: Array | None


class Population(NamedTuple):
    """What a node of neurons is made of.

    Attributes:
        rate: ``dt / tau_v`` of each neuron.
        threshold: Of each neuron.
        leak: Constant current of each neuron that no weights hold.
        synapse: A filter of all currents, for a CubaLIF node.
        strength: What currents are to be multiplied by before the synapse.
        rows: What the weights before the neurons could not be scaled by.
        leaks: Whether they are LIF neurons.
    """

    rate: Array
    threshold: Array
    leak: Array
    synapse: CurrentFilter | None
    strength: Array
    rows: Array
    leaks: bool


def checked_constants(layer: GatedRecurrent, profile: Profile) -> Constants:
    """Return the constants of a layer's neurons, after refusing what no profile holds."""
    dynamics, name = layer.dynamics, profile.name
    membrane = dynamics.membrane
    if not isinstance(membrane, LIF | NIF):
        raise ValueError(
            f"NIR has no equivalent of {type(membrane).__name__} neurons; LIF and NIF can be "
            "exported. Weights alone can be taken with `export_weights`."
        )
    leaks = isinstance(membrane, LIF)
    same = not leaks and {membrane.reset, profile.reset} <= {"exact", "subtract"}
    if name != "nir" and membrane.reset != profile.reset and not same:
        raise ProfileError(
            f"{name} resets its neurons {_words(profile.reset)}, and the layer has "
            f'`reset="{membrane.reset}"`. Train or test with {type(membrane).__name__}'
            f'({membrane.time_constant}, reset="{profile.reset}") first.'
        )
    constants = constants_of(layer)
    if constants.refractory is not None and bool((constants.refractory > 0).any()):
        raise ProfileError("NIR has no rest after a spike (`refractory`).")
    return constants


def constants_of(layer: GatedRecurrent) -> Constants:
    """Return the constants of each neuron, also where all have the same."""
    if layer.neurons is not None:
        return layer._constants()
    d, n = layer.dynamics, layer.hidden_size

    def full(value: float) -> Tensor:
        return torch.full((n,), float(value), dtype=torch.float64)

    synapses = [full(decay) for decay in d.decays[: len(layer.recurrent_weight)]]
    return Constants(
        rate=full(d.dt / d.membrane.time_constant), gain=full(1), width=full(d.gate.width),
        decays=torch.stack(synapses) if synapses else torch.zeros(0, n),
        output_decay=full(d.output_decay), adaptation=None, adaptation_decay=None, delays=None,
        refractory=None,
    )  # fmt: skip


def loops_of(layer: GatedRecurrent, constants: Constants) -> Iterator[Loop]:
    """Return decays, weights and delays in steps of each synapse; adaptation is one of them."""
    for k, weight in enumerate(layer.recurrent_weight):
        delay = None if constants.delays is None else as_array(constants.delays[k])
        yield Loop(as_array(constants.decays[k]), as_array(weight), delay)
    strength, decay = constants.adaptation, constants.adaptation_decay
    if strength is not None and decay is not None and bool(strength.any()):
        yield Loop(as_array(decay), -np.diag(as_array(strength)), None)


def neuron_node(
    nir: Any, profile: Profile, step: float, each: Population, shape: tuple[int, ...]
) -> Any:
    """Return a node of neurons of this shape.

    Raises:
        ProfileError: If the profile has no such neurons.
    """
    ones = np.ones(shape)
    rate, theta, leak = (np.reshape(part, shape) for part in (each.rate, each.threshold, each.leak))
    if not each.leaks:
        need(profile, "IF", "neurons without a leak")
        if leak.any() or each.synapse is not None:
            raise ProfileError(
                "IF nodes have no bias and no synapse of their own. Put a `nn.Linear` before them."
            )
        if profile.name == "nir":
            return nir.IF(r=rate / step * ones, v_threshold=theta, v_reset=0 * ones)
        if profile.scaled_inputs:
            return nir.IF(r=ones / step, v_threshold=ones, v_reset=0 * ones)
        return nir.IF(r=ones, v_threshold=theta / rate, v_reset=0 * ones)
    if profile.scaled_inputs and leak.any():
        raise ProfileError(f"{profile.name} has no bias behind a synapse (`v_leak` must be 0).")
    tau = profile.membrane_time(rate, step)
    if profile.name == "spikingjelly" and np.ptp(tau):
        raise ProfileError("spikingjelly reads one time constant for all neurons of a layer.")
    r = tau / step if profile.scaled_inputs else ones
    if profile.name == "norse" and each.synapse is not None and leak.any():
        # It adds `v_leak` to the synapse as well, and starts there: v_leak (1 + r) in all. A
        # large `r` makes the start as good as 0; the weights of the synapse make up for it.
        r, leak = np.full_like(ones, NORSE_R), leak / (1 + NORSE_R)
    threshold = theta / rate if profile.name == "sinabs" else theta
    threshold = ones if profile.scaled_inputs else threshold
    parts = {"v_leak": leak, "v_threshold": threshold, "v_reset": 0 * ones, "r": r,
             "tau": tau * ones}  # fmt: skip
    if profile.name == "sinabs" and ones.ndim > 1:
        # Its reader compares `v_leak` element by element and fails on more than one axis.
        if any(np.ptp(part) for part in parts.values()):
            raise ProfileError("sinabs reads one set of constants behind a convolution only.")
        parts = {name: part.reshape(-1)[:1] for name, part in parts.items()}
    if each.synapse is None:
        return nir.LIF(**parts)
    return _current_based(nir, profile, step, each, parts)


def _current_based(
    nir: Any, profile: Profile, step: float, each: Population, parts: dict[str, Array]
) -> Any:
    """Return a CubaLIF node, from the parts of an LIF node."""
    synapse, shape = each.synapse, parts["tau"].shape
    assert synapse is not None
    need(profile, "CubaLIF", "a synapse before the neurons")
    if bool(synapse.offset.any()):
        raise ProfileError("a filter with an offset cannot be exported.")
    parts["tau_mem"] = parts.pop("tau")
    ones = np.ones(parts["tau_mem"].size)
    decay = as_array(synapse.decay).reshape(-1) * ones
    tau = profile.filter_time(decay, step)
    gain = as_array(synapse.gain).reshape(-1) * each.strength * ones
    w_in = gain / profile.filter_gain(decay, tau, step)
    if profile.name == "norse":
        w_in = w_in / parts["r"].reshape(-1)
    if profile.name == "spikingjelly" and np.ptp(tau):
        raise ProfileError("spikingjelly reads one time constant for the synapses of a layer.")
    if profile.scaled_inputs:
        scale = w_in * each.rows * step / tau
        if not np.allclose(scale, scale.flat[0]):
            raise ProfileError(f"{profile.name} reads synapses of one strength in a layer only.")
        # Their readers want exactly equal thresholds, or a scale of 1: the scale goes there.
        w_in, parts["v_threshold"] = tau / step, np.full(shape, 1 / float(scale.flat[0]))
    return nir.CubaLIF(tau_syn=tau.reshape(shape), w_in=w_in.reshape(shape), **parts)


def loop_chain(
    nir: Any, profile: Profile, step: float, loop: Loop, synapse: CurrentFilter | None
) -> list[tuple[str, Any]]:
    """Return names and nodes of one synapse, in the order that its constants allow."""
    decay, weight, delay = loop
    chain: list[tuple[str, Any]] = []
    if delay is not None:
        need(profile, "Delay", "delays")
        chain.append(("delay", nir.Delay(delay=delay * step)))
    if synapse is not None:
        if not np.allclose(decay, as_array(synapse.decay)):
            raise ProfileError(
                "recurrent currents of a CubaLIF node take its own synapse; the layer's has "
                "another time constant."
            )
        weight = weight / np.reshape(as_array(synapse.gain) * np.ones(len(weight)), (-1, 1))
        return [*chain, ("recurrent", nir.Linear(weight=weight / profile.spike(step)))]
    if not decay.any():
        return [*chain, ("recurrent", nir.Linear(weight=weight / profile.spike(step)))]
    if not decay.all():
        raise ProfileError("some, not all, neurons have a synapse of time constant 0.")
    # A spike of area 1 raises such a filter by 1; the numbers of `nir` alone reach this line.
    tau = profile.filter_time(decay, step)
    trace = ("trace", nir.LI(tau=tau, r=tau, v_leak=0 * tau))
    recurrent = ("recurrent", nir.Linear(weight=weight))
    uniform = (decay == decay[0]).all()
    return [*chain, trace, recurrent] if uniform else [*chain, recurrent, trace]


def recurrent_graph(nir: Any, node: Any, weight: Array) -> Any:
    """Return neurons and their weights as a graph of its own, as snntorch writes them."""
    size = len(weight)
    shape = np.array([size])
    nodes = {
        "input": nir.Input(input_type={"input": shape}),
        "lif": node,
        "w_rec": nir.Affine(weight=weight, bias=np.zeros(size)),
        "output": nir.Output(output_type={"output": shape}),
    }
    edges = [("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")]
    return nir.NIRGraph(nodes=nodes, edges=edges, type_check=False)


def need(profile: Profile, kind: str, what: str) -> None:
    """Raise unless the profile knows this kind of node."""
    if kind not in profile.nodes:
        raise ProfileError(f"{profile.name} reads no {kind} nodes: no {what}.")


def as_array(tensor: Tensor) -> Array:
    """Return a tensor as an array of float64."""
    return np.asarray(tensor.detach().cpu().numpy(), dtype=np.float64)


def _words(reset: str) -> str:
    return {"zero": "to 0", "subtract": "by subtraction"}[reset]
