r"""Export to the neuromorphic intermediate representation (NIR), for models with an equivalent.

A layer becomes an affine map of the inputs, neurons that fire at a threshold, and leaky
integrators as synapses: one for the output, and one with a linear map back for each time constant.
NIR counts time in seconds and its spikes are Dirac pulses of weight 1, so that an integrator with
``r = tau`` holds the trace, which a spike raises by 1.

References:
    Pedersen et al., "Neuromorphic intermediate representation", Nature Communications 15 (2024).
"""

import warnings
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._errors import MissingExtraError
from cayley.spiking._layers import GatedRecurrent
from cayley.spiking._membranes import LIF, NIF

__all__ = ["LossyExportWarning", "to_nir"]

SECONDS = 1e-3  # in a millisecond


class LossyExportWarning(UserWarning):
    """The exported network behaves differently from the layer."""


def to_nir(layer: GatedRecurrent, *, readout: nn.Linear | None = None) -> Any:
    """Return a ``nir.NIRGraph`` of a layer of LIF or NIF neurons.

    Args:
        layer: With any number of synapses, or none.
        readout: A linear readout of the outputs, to be put behind them.

    Raises:
        ValueError: If the membrane is QIF: NIR has no neuron like it.
        MissingExtraError: If the package ``nir`` is not installed.

    Warns:
        LossyExportWarning: Always: NIR spikes are all or nothing, so that the graded charge of the
            gate is lost (small where the active zone is narrow), and so are the initial potentials.

    Example:
        >>> import warnings
        >>> from cayley.spiking import LIF, Dynamics, GatedRecurrent
        >>> layer = GatedRecurrent(2, 3, dynamics=Dynamics(membrane=LIF(10.0)))
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     graph = to_nir(layer)  # doctest: +SKIP
        >>> sorted(graph.nodes)  # doctest: +SKIP
        ['input', 'input_weight', 'neurons', 'output', 'output_trace', 'recurrent_0', 'trace_0']
    """
    membrane = layer.dynamics.membrane
    if not isinstance(membrane, LIF | NIF):
        raise ValueError(
            f"NIR has no equivalent of {type(membrane).__name__} neurons; LIF and NIF can be "
            "exported. Weights alone can be taken with `export_weights`."
        )
    try:
        nir = import_module("nir")
    except ImportError:
        raise MissingExtraError("nir", "bench") from None
    warnings.warn(
        "exported spikes are all or nothing: the graded charge of the gate (width "
        f"{layer.dynamics.gate.width}) and the initial potentials are lost. Narrow the active zone "
        "with `layer.dynamics.with_width(0.05)` and measure before you trust the export.",
        LossyExportWarning,
        stacklevel=2,
    )
    ones = np.ones(layer.hidden_size)
    nodes = {
        "input": nir.Input(input_type={"input": np.array([layer.input_size])}),
        "input_weight": nir.Affine(weight=_array(layer.input_weight), bias=_array(layer.bias)),
        "neurons": _neurons(nir, membrane, ones),
        "output_trace": _trace(nir, layer.dynamics.output_time_constant, ones),
    }
    chain = ["input", "input_weight", "neurons", "output_trace"]
    if readout is not None:
        bias = np.zeros(readout.out_features) if readout.bias is None else _array(readout.bias)
        nodes["readout"] = nir.Affine(weight=_array(readout.weight), bias=bias)
        chain.append("readout")
    size = layer.hidden_size if readout is None else readout.out_features
    nodes["output"] = nir.Output(output_type={"output": np.array([size])})
    chain.append("output")
    edges = list(pairwise(chain))
    for k, weight in enumerate(layer.recurrent_weight):
        nodes[f"trace_{k}"] = _trace(nir, layer.dynamics.time_constants[k], ones)
        nodes[f"recurrent_{k}"] = nir.Linear(weight=_array(weight))
        loop = ["neurons", f"trace_{k}", f"recurrent_{k}", "neurons"]
        edges += list(pairwise(loop))
    return nir.NIRGraph(nodes=nodes, edges=edges)


def _neurons(nir: Any, membrane: LIF | NIF, ones: NDArray[Any]) -> Any:
    tau = membrane.time_constant * SECONDS
    if isinstance(membrane, NIF):
        return nir.IF(r=ones / tau, v_threshold=ones, v_reset=0 * ones)
    return nir.LIF(tau=tau * ones, r=ones, v_leak=0 * ones, v_threshold=ones, v_reset=0 * ones)


def _trace(nir: Any, milliseconds: float, ones: NDArray[Any]) -> Any:
    tau = milliseconds * SECONDS * ones
    return nir.LI(tau=tau, r=tau, v_leak=0 * ones)


def _array(tensor: Tensor) -> NDArray[Any]:
    return tensor.detach().cpu().numpy().copy()
