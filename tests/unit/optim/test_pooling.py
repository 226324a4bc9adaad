"""Statistics of several backward passes together give the gradient of the joint batch."""

import copy

import pytest
import torch
from torch import nn

from cayley.optim import convert, pool_statistics, revert, sample_mask

from .test_sample_mask import Conv1D

F64 = torch.float64
LAYERS = {
    "linear": (lambda: nn.Linear(6, 4), (8, 6)),
    "sequences": (lambda: nn.Linear(6, 4, bias=False), (4, 3, 6)),
    "Conv1D": (lambda: Conv1D(4, 6), (8, 6)),
    "convolution": (lambda: nn.Conv2d(4, 6, 2, padding=1), (4, 4, 3, 3)),
    "groups": (lambda: nn.Conv2d(4, 6, 2, groups=2), (4, 4, 3, 3)),
    "1-D": (lambda: nn.Conv1d(4, 6, 2), (4, 4, 5)),
}


def joint_and_pooled(name, **options):
    """Return the gradients of the joint batch, and those of its parts pooled."""
    make, shape = LAYERS[name]
    torch.manual_seed(0)
    layer = convert(make().double(), damping=0.1, **options)
    inputs = torch.randn(shape, dtype=F64)
    layer(inputs).square().sum().backward()
    joint = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.0)
    pooling = pool_statistics(layer, optimizer)
    for part in inputs.split((1, len(inputs) - 1)):
        layer(part).square().sum().backward()
    optimizer.step()
    return joint, [p.grad.clone() for p in layer.parameters()], pooling, layer, inputs


def same(first, second, tolerance=1e-9):
    pairs = zip(first, second, strict=True)
    return all(torch.allclose(a, b, rtol=tolerance, atol=tolerance) for a, b in pairs)


@pytest.mark.parametrize("precondition_bias", [False, True])
@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_accumulation_is_the_joint_batch(name, relative, precondition_bias):
    options = {"relative": relative, "precondition_bias": precondition_bias}
    joint, pooled, pooling, layer, inputs = joint_and_pooled(name, **options)
    assert same(pooled, joint)
    # Each step begins anew.
    layer.zero_grad()
    layer(inputs).square().sum().backward()
    plain = [p.grad.clone() for p in layer.parameters()]
    assert not same(plain, joint, 1e-2)
    pooling._before_step(None, (), {})
    assert same([p.grad for p in layer.parameters()], joint)
    pooling.remove()
    layer.zero_grad()
    layer(inputs).square().sum().backward()
    assert same([p.grad for p in layer.parameters()], joint)


def test_masks_count_in_the_pool():
    layer = convert(nn.Linear(6, 4).double(), damping=0.1)
    inputs = torch.randn(5, 6, generator=torch.Generator().manual_seed(0), dtype=F64)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.0)
    layer(inputs).square().sum().backward()
    joint = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    pool_statistics(layer, optimizer)
    for part in inputs.split((2, 3)):
        padded = torch.cat([part, torch.full((2, 6), torch.nan, dtype=F64)])
        with sample_mask(torch.arange(len(padded)) < len(part)):
            outputs = layer(padded)
        outputs[: len(part)].square().sum().backward()
    optimizer.step()
    assert same([p.grad for p in layer.parameters()], joint)


def test_gradients_that_were_dropped_are_not_in_the_pool():
    """A gradient scaler skips the step of a batch that overflowed."""
    _, _, _, layer, inputs = joint_and_pooled("linear")
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.0)
    layer.pool.task = None
    layer(1e3 * inputs).sum().backward()
    optimizer.zero_grad()
    layer(inputs).square().sum().backward()
    samples = layer.pool.samples.item()
    assert samples == len(inputs)


def test_float32_keeps_six_digits_of_the_joint_batch():
    exact = convert(nn.Linear(32, 4).double(), damping=1e-4)
    single = copy.deepcopy(exact).float()
    inputs = torch.relu(torch.randn(64, 32, generator=torch.Generator().manual_seed(0)) + 1)
    exact(inputs.double()).square().sum().backward()
    optimizer = torch.optim.SGD(single.parameters(), lr=0.0)
    pool_statistics(single, optimizer)
    for part in inputs.split(16):
        single(part).square().sum().backward()
    optimizer.step()
    error = (single.weight.grad - exact.weight.grad).norm() / exact.weight.grad.norm()
    assert error < 2e-5  # the plain gradient in float32 has lost as many digits before


def test_what_cannot_be_pooled_is_refused():
    def pooled(model, **options):
        convert(model, damping=0.1, **options)
        return pool_statistics(model, torch.optim.SGD(model.parameters(), lr=0.1))

    with pytest.raises(ValueError, match=r"'0', a ISAACEmbedding, are not pooled: only those"):
        pooled(nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 2)))
    tied = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 4, bias=False))
    tied[1].weight = tied[0].weight
    with pytest.raises(ValueError, match=r"the weight of layer '1' belongs to another layer too"):
        pooled(tied, layers=["1"])
    with pytest.raises(ValueError, match="`model` has no ISAAC layer"):
        pool_statistics(nn.Linear(2, 2), torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1))
    model = nn.Linear(3, 2)
    pooled(model)
    with pytest.raises(ValueError, match="layer '' is pooled already"):
        pool_statistics(model, torch.optim.SGD(model.parameters(), lr=0.1))
    with pytest.raises(TypeError, match=r"`optimizer` must be one of torch.optim; got str"):
        pool_statistics(model, "sgd")
    with pytest.raises(RuntimeError, match=r"neither be compiled nor go through torch.func"):
        torch.func.grad(lambda x: model(x).sum())(torch.ones(2, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.pool = None
    pool_statistics(model, optimizer)
    with pytest.raises(RuntimeError, match="a closure computes them within it"):
        optimizer.step(lambda: model(torch.ones(2, 3)).sum())
    assert "pool" not in vars(revert(model))
