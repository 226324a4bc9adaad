"""The suite of trained networks: gradients, files, and what the numbers mean."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cayley.experiments._interpretation import SUITE, _hypercube, _one_layer, _transformer
from cayley.experiments._interpretation._network_file import network_arrays
from cayley.experiments._interpretation._training import (
    OneLayerRecipe,
    _gradients,
    _tables,
    _weights,
    train_one_layer,
)
from cayley.experiments._suite import Context, load_suite
from cayley.tables import generate_family

SMALL = OneLayerRecipe(width=24, embedding=8, share=0.8, most=60, settle=20)

# Of a table that is right in nearly all cells the group is found at once.
LEARNED = OneLayerRecipe(width=32, embedding=16, share=0.9, most=200, settle=50, enough=0.3)


def test_the_suite_is_found_by_name():
    assert load_suite("interpretation") is SUITE


def test_gradients_are_those_of_automatic_differentiation():
    n = 7
    random = torch.Generator().manual_seed(0)
    weights = [
        each.double().requires_grad_()
        for each in _weights(n, OneLayerRecipe(width=12, embedding=5), random)
    ]
    pairs = torch.randperm(n * n, generator=random)[:30]
    a, b = pairs // n, pairs % n
    answers = (a * 2 + b) % n
    left, right, unembedding = _tables(weights)
    expected = F.cross_entropy((left[a] + right[b]).relu() @ unembedding, answers)
    truth = torch.autograd.grad(expected, weights)
    chunks = [(a[i : i + 11], b[i : i + 11], answers[i : i + 11, None]) for i in (0, 11, 22)]
    with torch.no_grad():
        loss, found = _gradients(weights, chunks, 30, measure=True)
    assert loss == pytest.approx(expected.item())
    for one, other in zip(found, truth, strict=True):
        assert torch.allclose(one, other, atol=1e-12)


def test_training_lowers_the_loss_and_depends_on_the_seed():
    table = generate_family("C7").array
    first, again, other = (train_one_layer(table, SMALL, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.left, again.left)
    assert not np.array_equal(first.left, other.left)
    assert first.history[-1, 1] < np.log(7) / 2  # half the loss of an even guess
    assert first.unembedding.shape == (7, 24)


def test_a_run_trains_explains_and_bounds_and_is_measured_again(tmp_path, monkeypatch):
    monkeypatch.setitem(_one_layer.RECIPES, "C5", LEARNED)
    found = _one_layer.run_one_layer("C5", Context(seed=0))
    assert found.metrics["bound"] <= found.metrics["accuracy"]
    assert found.metrics["training_steps"] == 50 * len(found.curves["loss"])
    names = {"left", "right", "unembedding", "history", "processor_seconds"}
    assert set(found.arrays) == names
    assert found.metrics["test_accuracy"] == found.curves["test_accuracy"][-1]
    path = tmp_path / "networks.npz"
    np.savez(path, **{f"C5/0/{name}": array for name, array in found.arrays.items()})
    again = _one_layer.run_one_layer("C5", Context(seed=0, data=path))
    assert again.curves == found.curves
    for name, value in found.metrics.items():
        if not {"seconds", "ratio"} & set(name.split("_")):
            assert again.metrics[name] == pytest.approx(value, nan_ok=True), name
    assert again.metrics["training_processor_seconds"] > 0


def test_networks_of_a_file_are_not_trained(tmp_path, monkeypatch):
    monkeypatch.setitem(_one_layer.RECIPES, "C7", SMALL)
    turns = 2 * np.pi * np.arange(7)[:, None] / 7
    phases = 2 * np.pi * np.arange(15) / 15
    waves = np.cos(turns + phases)
    path = tmp_path / "networks.npz"
    arrays = {"left": waves, "right": waves, "unembedding": np.cos(turns + 2 * phases)}
    np.savez(path, **{f"C7/3/{name}": array for name, array in arrays.items()})
    found = _one_layer.run_one_layer("C7", Context(seed=3, data=path))
    assert found.notes["from_file"]
    assert "training_seconds" not in found.metrics
    assert found.metrics["table_right"] == found.metrics["accuracy"] == 1
    assert found.metrics["claimed_parts"] == 1
    assert found.metrics["claimed_energy"] > 0.99
    needed = ("left", "right", "unembedding")
    assert network_arrays(path, "C7/4", needed=needed, optional=()) is None


def test_a_transformer_is_trained_explained_and_read_back(tmp_path, monkeypatch):
    recipe = _transformer.TransformerRecipe(width=16, heads=2, share=0.9, decay=0.1, most=140)
    monkeypatch.setitem(_transformer.RECIPES, "C5", recipe)
    first = _transformer.run_transformer("C5", Context(seed=2))
    assert first.metrics["training_steps"] == 125  # the last look
    assert first.metrics["accuracy"] > 0.8
    assert first.curves["loss"][-1] < first.curves["loss"][0] / 2
    path = tmp_path / "networks.npz"
    np.savez(path, **{f"C5/2/{name}": array for name, array in first.arrays.items()})
    again = _transformer.run_transformer("C5", Context(seed=2, data=path))
    assert again.notes["from_file"]
    assert again.metrics["accuracy"] == first.metrics["accuracy"]
    assert again.metrics["left_energy"] == pytest.approx(first.metrics["left_energy"])


def test_hypercube_has_all_parts_of_a_small_group():
    found = _hypercube.run_hypercube("S3", Context(seed=0))
    assert found.metrics["table_right"] == found.metrics["stable"] == 1
    assert found.metrics["ablation_agrees"] == 1
    assert found.metrics["claimed_energy"] > 0.99


def test_messages_about_files(tmp_path):
    path = tmp_path / "networks.npz"
    np.savez(path, **{"C7/0/left": np.zeros((7, 2))})
    needed = ("left", "right", "unembedding")
    with pytest.raises(ValueError, match="C7/0/right, C7/0/unembedding missing; C7/0/left is"):
        network_arrays(path, "C7/0", needed=needed, optional=())
    other = tmp_path / "other.npz"
    other.write_text("no archive")
    with pytest.raises(ValueError, match="must be an npz file"):
        network_arrays(other, "C7/0", needed=needed, optional=())
