"""Export and import of a layer's weights as plain arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from cayley.spiking._layers import GatedCell, GatedRecurrent

__all__ = ["export_weights", "import_weights"]

Layer = GatedCell | GatedRecurrent


def export_weights(layer: Layer) -> dict[str, NDArray[Any]]:
    """Return the weights of a layer as arrays of their own, by name.

    Example:
        >>> from cayley.spiking import GatedRecurrent
        >>> {name: array.shape for name, array in export_weights(GatedRecurrent(2, 3)).items()}
        {'input_weight': (3, 2), 'recurrent_weight': (1, 3, 3), 'bias': (3,),
         'initial_potential': (3,)}
    """
    return {name: value.detach().cpu().numpy().copy() for name, value in _parts(layer).items()}


def import_weights(layer: Layer, weights: Mapping[str, ArrayLike | Tensor]) -> None:
    """Put weights from a dictionary into a layer; on an error the layer is unchanged.

    Args:
        layer: Changed in place.
        weights: Arrays or tensors by name: ``input_weight`` ``(neurons, inputs)``,
            ``recurrent_weight`` ``(synapses, neurons, neurons)`` or, for one synapse,
            ``(neurons, neurons)``, ``bias`` and ``initial_potential`` ``(neurons,)``. Entry
            ``[i, j]`` leads from j to i. Weights that are not named are unchanged.

    Raises:
        KeyError: If a name is unknown.
        ValueError: If a shape does not fit or a number is not finite.

    Example:
        >>> from cayley.spiking import GatedRecurrent
        >>> layer = GatedRecurrent(1, 2)
        >>> import_weights(layer, {"recurrent_weight": [[0.0, 1.0], [2.0, 0.0]]})
        >>> layer.recurrent_weight.tolist()
        [[[0.0, 1.0], [2.0, 0.0]]]
    """
    parts, ready = _parts(layer), {}
    for name, given in weights.items():
        if name not in parts:
            raise KeyError(f"no weight is called {name!r}; there are: {', '.join(parts)}.")
        array = given.detach().cpu().numpy() if isinstance(given, Tensor) else np.asarray(given)
        if array.dtype.kind not in "fiu":
            raise TypeError(f"`{name}` must hold real numbers; got dtype {array.dtype}.")
        shape = tuple(parts[name].shape)
        if name == "recurrent_weight" and array.ndim == 2 and shape[0] == 1:
            array = array[None]
        if array.shape != shape:
            raise ValueError(f"`{name}` must have shape {shape}; got {array.shape}.")
        if not np.isfinite(array).all():
            raise ValueError(f"`{name}` must be finite.")
        ready[name] = torch.from_numpy(np.array(array, dtype=np.float64))
    # Only now, when everything has been checked, so that an error leaves the layer unchanged.
    with torch.no_grad():
        for name, value in ready.items():
            parts[name].copy_(value)


def _parts(layer: nn.Module) -> dict[str, Tensor]:
    """Return the tensors of a layer that are exported, by name."""
    names = ("input_weight", "recurrent_weight", "bias", "initial_potential")
    # A layer whose currents a module makes has no input weights of its own.
    return {name: part for name in names if (part := getattr(layer, name)) is not None}
