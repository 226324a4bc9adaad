r"""Exchange with the neuromorphic intermediate representation (NIR), in both directions.

A layer becomes an affine map of the inputs, neurons that fire at a threshold, and leaky
integrators as synapses: one for the output, and one with a linear map back for each time constant.
NIR counts time in seconds and its spikes are Dirac pulses of weight 1, so that an integrator with
``r = tau`` holds the trace, which a spike raises by 1. Programs that read NIR differ from this and
from one another; ``profile=`` names the one that is meant.

References:
    Pedersen et al., "Neuromorphic intermediate representation", Nature Communications 15 (2024).
"""

import warnings
from importlib import import_module
from typing import Any

import torch
from torch import nn

from cayley._errors import MissingExtraError
from cayley.spiking._checks import positive
from cayley.spiking._layers import GatedRecurrent
from cayley.spiking._stack import GatedStack
from cayley.spiking.equations._membranes import Reset
from cayley.spiking.nir._nir_export import GraphWriter, modules_of
from cayley.spiking.nir._nir_import import GraphReader
from cayley.spiking.nir._nir_profiles import Profile, ProfileError, ProfileName, profile_of

__all__ = ["LossyExportWarning", "from_nir", "to_nir"]

NARROW = 0.01
"""Width of the active zone up to which charge counts as all or nothing in an export."""


class LossyExportWarning(UserWarning):
    """The exported network behaves differently from the layer."""


def to_nir(
    layer: GatedRecurrent | GatedStack,
    *,
    readout: nn.Linear | None = None,
    profile: ProfileName = "nir",
    input_shape: tuple[int, ...] | None = None,
) -> Any:
    """Return a ``nir.NIRGraph`` of a layer, or of a stack of layers, of LIF or NIF neurons.

    Args:
        layer: With any number of synapses, or none; or a stack of such layers with delays, linear
            maps, convolutions, average pools and flattening between them.
        readout: A linear readout of the outputs, to be put behind them.
        profile: Who will read the graph. ``"nir"`` writes the continuous equations, for programs
            that solve them. ``"norse"``, ``"snntorch"``, ``"sinabs"`` and ``"spikingjelly"`` write
            constants with which that program takes the steps of this network, so that it has the
            same spikes: see the page on spiking networks for what each of them asks for. At the
            end they have spikes, where ``"nir"`` has the output trace.
        input_shape: Of an input in one step, where the first module is a convolution.

    Raises:
        ValueError: If the membrane is QIF: NIR has no neuron like it. If the profile cannot hold
            the network, such as a layer with ``reset="exact"`` for norse; the message says what.
        MissingExtraError: If the package ``nir`` is not installed.

    Warns:
        LossyExportWarning: For ``"nir"`` always: NIR spikes are all or nothing, so that the graded
            charge of the gate is lost (small where the active zone is narrow), and so are the
            initial potentials. For the other profiles only where there is such a loss.

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
    found = profile_of(profile)
    modules = _modules(layer, readout)
    layers = [module for module in modules if isinstance(module, GatedRecurrent)]
    if not layers:
        raise ValueError("`layer` has no layer of neurons; export its weights by other means.")
    steps = {each.dynamics.dt for each in layers}
    if len(steps) > 1:
        raise ProfileError(f"the layers have different time steps, {sorted(steps)} ms.")
    shape = _input_shape(modules[0], input_shape)
    writer = GraphWriter(_nir(), found, steps.pop(), shape)
    writer.write(modules)
    graph = writer.finish()
    _warn_of_losses(layers, found)
    return graph


def from_nir(
    graph: Any,
    *,
    profile: ProfileName = "nir",
    dt: float | None = None,
    width: float = 1e-6,
    reset: Reset | None = None,
    time_scale: float = 1.0,
    dtype: torch.dtype | None = None,
) -> GatedStack:
    """Return a stack of layers with the spikes that a program has for this NIR graph.

    The stack can be trained; widen the active zones first, since the default is so narrow that
    spikes are all or nothing: ``layer.dynamics = layer.dynamics.with_width(0.5)``.

    Args:
        graph: A ``nir.NIRGraph``, a chain of nodes with recurrent loops at its neurons; graphs
            within it are written out.
        profile: Whose reading of the graph is meant, as for :func:`to_nir`. It says how the
            program steps, resets and scales, and which nodes it knows.
        dt: Time step in milliseconds. None: 1 ms; 0.1 ms for snntorch, whose step is fixed, and
            for spikingjelly, which has this step if it is given none.
        width: Of the active zones.
        reset: In place of the profile's: NIR does not say how a program resets its neurons.
        time_scale: Factor of all time constants. norse 1.1 writes them multiplied by its step in
            seconds: 1000 makes up for it.
        dtype: Of the parameters; None: the default of torch.

    Returns:
        A :class:`GatedStack`: inputs ``(time, batch, ...)``, spikes as the charge of each step.
        Potentials begin at 0, the reset.

    Raises:
        ValueError: If a node or a connection has no equivalent, or the profile does not know it;
            the message names the node.

    Example:
        >>> import numpy as np
        >>> import nir  # doctest: +SKIP
        >>> graph = nir.NIRGraph.from_list(  # doctest: +SKIP
        ...     nir.Affine(weight=np.eye(3), bias=np.zeros(3)),
        ...     nir.LIF(tau=np.full(3, 0.01), r=np.ones(3), v_leak=np.zeros(3),
        ...             v_threshold=np.ones(3)),
        ... )
        >>> from_nir(graph, profile="norse")  # doctest: +SKIP
    """
    found = profile_of(profile)
    if dt is None:
        dt = found.default_step
    positive(dt, "dt", "milliseconds")
    positive(time_scale, "time_scale", "times")
    if not (hasattr(graph, "nodes") and hasattr(graph, "edges")):
        raise TypeError(f"`graph` must be a `nir.NIRGraph`; got {type(graph).__name__}.")
    reader = GraphReader(
        found, dt, width=width, reset=reset, scale=time_scale,
        dtype=dtype or torch.get_default_dtype(),
    )  # fmt: skip
    return reader.read(graph)


def _nir() -> Any:
    try:
        return import_module("nir")
    except ImportError:
        raise MissingExtraError("nir", "bench") from None


def _modules(layer: GatedRecurrent | GatedStack, readout: nn.Linear | None) -> list[nn.Module]:
    """Return what is exported, one module after the other."""
    if isinstance(layer, GatedStack):
        if layer.readout is not None:
            raise ProfileError(
                f'NIR has no readout over time ("{layer.readout}"). Export the stack with '
                "`readout=None` and reduce what comes out."
            )
        modules = list(modules_of(layer.layers))
    else:
        modules = [layer]
    return modules if readout is None else [*modules, readout]


def _input_shape(first: nn.Module, given: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return the shape of an input in one step."""
    if given is not None:
        return tuple(given)
    if isinstance(first, GatedRecurrent) and first.inputs is not None:
        inner = list(modules_of([first.inputs]))
        return _input_shape(inner[0], None) if inner else (first.hidden_size,)
    for name in ("input_size", "in_features", "features"):
        if isinstance(size := getattr(first, name, None), int):
            return (size,)
    raise ValueError(
        f"`input_shape` is needed where {type(first).__name__} comes first, such as (1, 28, 28)."
    )


def _warn_of_losses(layers: list[GatedRecurrent], profile: Profile) -> None:
    """Warn of what the graph does not hold."""
    widths = [
        layer.dynamics.gate.width if layer.neurons is None
        else float(layer._constants().width.max())
        for layer in layers
    ]  # fmt: skip
    starts = any(bool(layer.initial_potential.any()) for layer in layers)
    if profile.name == "nir" or max(widths) > NARROW or starts:
        warnings.warn(
            "exported spikes are all or nothing: the graded charge of the gate (width "
            f"{max(widths)}) and the initial potentials are lost. Narrow the active zone "
            "with `layer.dynamics.with_width(0.05)` and measure before you trust the export.",
            LossyExportWarning,
            stacklevel=3,
        )
