"""Weights in and out."""

import numpy as np
import pytest
import torch

from cayley.spiking import GatedRecurrent, export_weights, import_weights


def test_a_round_trip_gives_the_same_outputs():
    first, second = (
        GatedRecurrent(2, 4, generator=torch.Generator().manual_seed(s)) for s in (0, 1)
    )
    import_weights(second, export_weights(first))
    inputs = torch.ones(50, 2, 2)
    assert torch.equal(first(inputs)[0], second(inputs)[0])


def test_exported_arrays_are_copies():
    layer = GatedRecurrent(2, 4)
    export_weights(layer)["bias"][:] = 9
    assert layer.bias[0].item() == 0.5


def test_lists_and_tensors_and_one_synapse_without_its_axis():
    layer = GatedRecurrent(1, 2)
    import_weights(layer, {"bias": [1, 2], "recurrent_weight": torch.eye(2, dtype=torch.float64)})
    assert layer.bias.tolist() == [1, 2]
    assert layer.recurrent_weight[0].tolist() == [[1, 0], [0, 1]]


def test_all_or_nothing():
    layer = GatedRecurrent(1, 2)
    with pytest.raises(ValueError, match=r"`input_weight` must have shape \(2, 1\); got \(3,\)"):
        import_weights(layer, {"bias": [7, 7], "input_weight": [1, 2, 3]})
    assert layer.bias.tolist() == [0.5, 0.5]
    with pytest.raises(KeyError, match="no weight is called 'W'; there are: input_weight, recurr"):
        import_weights(layer, {"W": [1]})
    with pytest.raises(ValueError, match="`bias` must be finite"):
        import_weights(layer, {"bias": [np.nan, 0]})
    with pytest.raises(TypeError, match="`bias` must hold real numbers"):
        import_weights(layer, {"bias": ["a", "b"]})
