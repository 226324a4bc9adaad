"""Transforms of torch.func and tensors without numbers: the same as the plain path."""

import math

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, jacrev, vmap

from cayley.optim import convert, sample_mask

F64 = torch.float64
LAYERS = {
    "linear": (lambda: nn.Linear(4, 3), (5, 4)),
    "convolution": (lambda: nn.Conv2d(2, 4, 2), (3, 2, 3, 3)),
    "groups": (lambda: nn.Conv2d(2, 4, 2, groups=2), (3, 2, 3, 3)),
    "transposed": (lambda: nn.ConvTranspose1d(2, 3, 2), (3, 2, 4)),
}


def made(name, **options):
    make, shape = LAYERS[name]
    rng = torch.Generator().manual_seed(0)
    layer = make().double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=rng, dtype=F64))
    layer = convert(layer, damping=0.1, **options)
    return layer, torch.randn(shape, generator=rng, dtype=F64), dict(layer.named_parameters())


def plain_path(layer, inputs):
    layer.zero_grad()
    layer(inputs).square().sum().backward()
    return {name: p.grad.clone() for name, p in layer.named_parameters()}


def same(first, second):
    return all(torch.allclose(first[n], second[n], rtol=1e-9, atol=1e-11) for n in second)


@pytest.mark.parametrize("options", [{}, {"relative": True, "precondition_bias": True}], ids=str)
@pytest.mark.parametrize("name", LAYERS)
def test_grad_vmap_and_jacrev(name, options):
    layer, inputs, weights = made(name, **options)
    loss = lambda w, x: functional_call(layer, w, (x,)).square().sum()  # noqa: E731
    assert same(grad(loss)(weights, inputs), plain_path(layer, inputs))
    # Each sample is a batch of its own.
    each = vmap(grad(loss), (None, 0))(weights, inputs)
    for index, sample in enumerate(inputs):
        assert same({n: g[index] for n, g in each.items()}, plain_path(layer, sample[None]))
    # A row of the Jacobian is the gradient of one output.
    outputs = layer(inputs)
    jacobian = jacrev(lambda w: functional_call(layer, w, (inputs,)))(weights)
    for place in ((0,) * outputs.dim(), tuple(s - 1 for s in outputs.shape)):
        expected = torch.autograd.grad(layer(inputs)[place], list(layer.parameters()))
        found = {n: g[place] for n, g in jacobian.items()}
        assert same(found, dict(zip(weights, expected, strict=True)))


def test_models_in_parallel_have_dampings_of_their_own():
    layers = [convert(nn.Linear(4, 3).double(), damping=d) for d in (0.01, 1.0)]
    inputs = torch.randn(5, 4, generator=torch.Generator().manual_seed(0), dtype=F64)
    weights, buffers = torch.func.stack_module_state(layers)

    def loss(w, b):
        return functional_call(layers[0], (w, b), (inputs,)).square().sum()

    found = vmap(grad(loss))(weights, buffers)
    for index, layer in enumerate(layers):
        assert same({n: g[index] for n, g in found.items()}, plain_path(layer, inputs))


def test_a_mask_that_is_mapped_over():
    layer, _, weights = made("linear")
    inputs = torch.randn(3, 5, 4, generator=torch.Generator().manual_seed(1), dtype=F64)
    masks = torch.arange(5) < torch.tensor([5, 2, 0])[:, None]

    def loss(w, x, mask):
        with sample_mask(mask):
            return functional_call(layer, w, (x,)).square().sum()

    found = vmap(grad(loss), (None, 0, 0))(weights, inputs, masks)
    for index in range(3):
        expected = plain_path(layer, inputs[index][masks[index]])
        assert same({n: g[index] for n, g in found.items()}, expected)


@pytest.mark.parametrize("name", LAYERS)
def test_second_derivatives_are_refused(name):
    layer, inputs, weights = made(name)
    loss = lambda w: functional_call(layer, w, (inputs,)).square().sum()  # noqa: E731
    twice = lambda w: sum(g.sum() for g in grad(loss)(w).values())  # noqa: E731
    with pytest.raises(RuntimeError, match=r"cannot be differentiated twice.*`cayley.optim.revert"):
        grad(twice)(weights)


def test_embeddings():
    layer = convert(nn.Embedding(5, 3).double(), damping=0.1)
    tokens, weights = torch.tensor([[0, 3, 3], [1, 1, 4]]), dict(layer.named_parameters())
    loss = lambda w, x: functional_call(layer, w, (x,)).square().sum()  # noqa: E731
    assert same(grad(loss)(weights, tokens), plain_path(layer, tokens))
    each = vmap(grad(loss), (None, 0))(weights, tokens)
    for index, sample in enumerate(tokens):
        assert same({n: g[index] for n, g in each.items()}, plain_path(layer, sample))


@pytest.mark.parametrize("name", [*LAYERS, "embedding", "attention"])
def test_backward_on_meta_tensors_gives_shapes(name):
    if name == "embedding":
        layer, inputs = nn.Embedding(5, 3), (torch.tensor([[0, 3]]),)
    elif name == "attention":
        layer, inputs = nn.MultiheadAttention(4, 2), (torch.ones(3, 2, 4),) * 3
    else:
        layer, inputs = LAYERS[name][0](), (torch.ones(LAYERS[name][1]),)
    layer = convert(layer.to("meta"), damping=0.1, precondition_bias=True)
    result = layer(*(each.to("meta") for each in inputs))
    result = result[0] if isinstance(result, tuple) else result
    result.sum().backward()
    for parameter in layer.parameters():
        assert parameter.grad.is_meta
        assert parameter.grad.shape == parameter.shape


def test_infinite_damping_of_nothing_is_plain():
    """Zero inputs with a relative damping of infinity: 0 times infinity on the way."""
    layer = convert(nn.Linear(3, 2), damping=math.inf, relative=True)
    layer(torch.zeros(4, 3)).sum().backward()
    assert torch.equal(layer.weight.grad, torch.zeros(2, 3))
