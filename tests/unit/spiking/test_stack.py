"""Stacks: other modules between layers, module inputs, readouts, delays."""

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from cayley.spiking import (
    LIF,
    AxonalDelay,
    Dynamics,
    GatedCell,
    GatedRecurrent,
    GatedStack,
    NeuronParameters,
    export_weights,
)

F64 = torch.float64


def layer(size, hidden, seed=0, **options):
    options.setdefault("recurrent", False)
    return GatedRecurrent(
        size, hidden, bias=1.5, dtype=F64, generator=torch.Generator().manual_seed(seed),
        **options,
    )  # fmt: skip


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


def convolutional():
    torch.manual_seed(0)
    return GatedStack([
        layer(1, 2 * 4 * 4, inputs=nn.Conv2d(1, 2, 3, dtype=F64)),
        nn.Unflatten(1, (2, 4, 4)),
        nn.AvgPool2d(2),
        layer(1, 6, seed=1, inputs=nn.Sequential(nn.Flatten(), nn.Linear(8, 6, dtype=F64)),
              recurrent=True),
        nn.LayerNorm(6, dtype=F64),
        AxonalDelay(6, 2.5, dt=1.0, dtype=F64),
        layer(6, 3, seed=2, neurons=NeuronParameters(refractory=2.0)),
    ], readout="count")  # fmt: skip


def test_a_convolutional_stack_equals_its_parts():
    stack, images = convolutional(), noise(25, 2, 1, 6, 6)
    counts, state = stack(images)
    x = images
    first, pool, second, norm, delay, third = (stack.layers[i] for i in (0, 2, 3, 4, 5, 6))
    x, _ = first(x)
    x = torch.stack([pool(now.view(2, 2, 4, 4)) for now in x])
    x, _ = second(x)
    x = torch.stack([norm(now) for now in x])
    x, _ = third(delay(x)[0])
    charges = third.record(delay(norm(second(torch.stack([
        pool(now.view(2, 2, 4, 4)) for now in first(images)[0]]))[0]))[0]).charges  # fmt: skip
    assert torch.allclose(counts, charges.sum(0))
    again, _ = stack(images, state.detach())
    assert not torch.allclose(again, counts)
    halves = stack(images[:10])
    total = halves[0] + stack(images[10:], halves[1])[0]
    assert torch.allclose(total, counts)


def test_a_convolution_is_the_dense_layer_with_its_weights_written_out():
    convolution = nn.Conv2d(1, 2, 3, bias=False, dtype=F64)
    sparse = layer(1, 32, inputs=convolution, recurrent=True)
    dense = layer(36, 32, recurrent=True)
    unit = torch.eye(36, dtype=F64).view(36, 1, 6, 6)
    with torch.no_grad():
        dense.load_state_dict(
            {**sparse.state_dict(), "input_weight": convolution(unit).flatten(1).T}, strict=False
        )
    images = noise(30, 2, 1, 6, 6).requires_grad_()
    found = []
    for run, x in ((sparse, images), (dense, images.flatten(2))):
        for option in ("adjoint", "autograd"):
            run.gradient = option
            outputs, _ = run(x)
            wanted = [images, run.bias, run.recurrent_weight]
            found.append([outputs, *torch.autograd.grad(outputs.square().sum(), wanted)])
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            assert torch.allclose(a, b, rtol=1e-9, atol=1e-12)
    images.grad = None
    sparse(images)[0].sum().backward()
    assert convolution.weight.grad.abs().sum() > 0
    assert "input_weight" not in export_weights(sparse)


def test_sparse_weights_by_a_mask():
    """Weights that are pruned stay 0 and get no gradient; the rest is the dense layer."""
    mask = torch.rand(4, 3, generator=torch.Generator().manual_seed(0)) < 0.4
    sparse = layer(1, 4, inputs=nn.Linear(3, 4, bias=False, dtype=F64))
    prune.custom_from_mask(sparse.inputs, "weight", mask)
    dense = layer(3, 4)
    dense.initial_potential = sparse.initial_potential
    with torch.no_grad():
        dense.input_weight.copy_(sparse.inputs.weight)
    inputs = noise(30, 2, 3)
    outputs = [run(inputs)[0] for run in (sparse, dense)]
    assert torch.allclose(*outputs)
    for each in outputs:
        each.square().sum().backward()
    gradient = sparse.inputs.weight_orig.grad
    assert not gradient[~mask].any()
    assert torch.allclose(gradient[mask], dense.input_weight.grad[mask])


def test_second_derivatives_through_a_module_of_inputs():
    run = layer(1, 4, inputs=nn.Linear(3, 4, dtype=F64), recurrent=True)
    found = []
    for option in ("adjoint", "autograd"):
        run.gradient = option
        outputs = run(torch.ones(15, 2, 3, dtype=F64))[0]
        weight = run.inputs.weight
        (first,) = torch.autograd.grad(outputs.square().sum(), weight, create_graph=True)
        found.append(torch.autograd.grad(first.square().sum(), weight)[0])
    assert torch.allclose(*found, rtol=1e-9)


@pytest.mark.parametrize("kind", ["last", "mean", "max", "count"])
def test_readouts_of_padded_samples_are_those_of_each_alone(kind):
    stack = GatedStack([layer(3, 5), nn.Tanh(), layer(5, 4, seed=1)], readout=kind)
    inputs, lengths = noise(20, 3, 3), torch.tensor([20, 4, 11])
    found, _ = stack(inputs, lengths=lengths)
    for i, length in enumerate(lengths.tolist()):
        alone, _ = stack(inputs[:length, i : i + 1])
        assert torch.allclose(found[i], alone[0])
    assert found.shape == (3, 4)
    every, _ = GatedStack(list(stack.layers))(inputs)
    if kind != "count":
        expected = {"last": every[-1], "mean": every.mean(0), "max": every.amax(0)}[kind]
        assert torch.allclose(stack(inputs)[0], expected)


def test_a_count_is_the_number_of_spikes_and_has_a_gradient():
    run = layer(3, 5, dynamics=Dynamics(membrane=LIF(5.0)).with_width(0.01))
    stack, inputs = GatedStack([run], readout="count"), noise(200, 2, 3) + 1
    counts, _ = stack(inputs)
    spikes = run.record(inputs).spikes.sum(0)
    assert spikes.sum() > 50
    assert ((counts - spikes).abs() <= 1).all()
    counts.sum().backward()
    assert run.input_weight.grad.isfinite().all()


def test_a_cell_takes_a_module_too():
    cell = GatedCell(1, 4, inputs=nn.Conv1d(1, 2, 2, dtype=F64), dtype=F64)
    output, _ = cell(noise(5, 1, 3))
    assert output.shape == (5, 4)


def test_messages():
    with pytest.raises(ValueError, match='`readout` must be None, "last", "mean", "max" or "coun'):
        GatedStack([layer(1, 2)], readout="sum")
    with pytest.raises(ValueError, match=r'"count"` counts spikes of the last layer.*got Linear'):
        GatedStack([layer(1, 2), nn.Linear(2, 2)], readout="count")
    with pytest.raises(TypeError, match="`layers` must hold torch modules; got 3"):
        GatedStack([3])
    with pytest.raises(TypeError, match="`inputs` must be a torch module; got 3"):
        GatedRecurrent(1, 2, inputs=3)
    run = layer(1, 5, inputs=nn.Linear(3, 4, dtype=F64))
    with pytest.raises(ValueError, match=r"`inputs` makes 4 currents of each input of shape \(3"):
        run(noise(2, 1, 3))
    with pytest.raises(ValueError, match="or more axes of features; got"):
        run(noise(2, 3))
