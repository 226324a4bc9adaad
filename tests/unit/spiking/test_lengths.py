"""Samples of different lengths: each as in a run of its own."""

import pytest
import torch

from cayley.spiking import GatedRecurrent, GatedStack
from cayley.spiking.equations._dynamics import GatedState

F64 = torch.float64
LENGTHS = (12, 5, 20, 5, 1)


def padded(seed=0):
    """Return inputs of 25 steps whose padding is not even a number."""
    inputs = torch.randn(25, 5, 3, generator=torch.Generator().manual_seed(seed), dtype=F64)
    past = torch.arange(25)[:, None] >= torch.tensor(LENGTHS)
    return torch.where(past[..., None], torch.nan, inputs).requires_grad_()


def loss(outputs, state):
    return outputs.square().sum() + sum((part**2).sum() for part in state)


@pytest.mark.parametrize(
    "options", [{}, {"checkpoint": 4}, {"gradient": "autograd"}, {"recurrent": False}], ids=str
)
def test_outputs_state_and_gradients_are_those_of_each_sample_alone(options, dynamics, make_layer):
    layer, inputs = make_layer(dynamics, **options), padded()
    n, k = layer.hidden_size, len(layer.recurrent_weight)
    rng = torch.Generator().manual_seed(1)
    start = GatedState(
        *(torch.rand(5, *shape, generator=rng, dtype=F64) for shape in ((n,), (k, n), (n,)))
    )
    total, ends, found = 0, [], []
    for i, length in enumerate(LENGTHS):
        one = GatedState(*(part[i : i + 1] for part in start))
        outputs, state = layer(inputs[:length, i : i + 1], one)
        total = total + loss(outputs, state)
        found.append(outputs)
        ends.append(state)
    expected = torch.autograd.grad(total, [inputs, *layer.parameters()])

    outputs, state = layer(inputs, start, torch.tensor(LENGTHS))
    assert outputs.shape == (25, 5, n)
    for i, length in enumerate(LENGTHS):
        assert torch.allclose(outputs[:length, i], found[i][:, 0], rtol=1e-12)
        assert not outputs[length:, i].any()
        for part, alone in zip(state, ends[i], strict=True):
            assert torch.allclose(part[i], alone[0], rtol=1e-12)
    gradients = torch.autograd.grad(loss(outputs, state), [inputs, *layer.parameters()])
    for gradient, alone in zip(gradients, expected, strict=True):
        assert torch.allclose(gradient, alone, rtol=1e-8, atol=1e-11)


def test_the_kernel_and_a_stack(make_layer):
    layer = make_layer(dtype=torch.float32, backend="compiled")
    lengths = torch.tensor(LENGTHS)
    inputs = padded().detach().float()
    outputs, state = layer(inputs, lengths=lengths)
    exact, _ = make_layer()(padded().detach(), lengths=lengths)
    assert torch.allclose(outputs.double(), exact, atol=5e-5)
    above = GatedRecurrent(6, 4, generator=torch.Generator().manual_seed(0))
    stacked, states = GatedStack([layer, above])(inputs, lengths=lengths)
    alone, last = above(layer(inputs[:12, :1])[0])
    assert torch.allclose(stacked[:12, :1], alone, atol=1e-5)
    assert torch.allclose(states.layers[1].potential[:1], last.potential, atol=1e-5)
    assert torch.equal(states.layers[0].traces, state.traces)


@pytest.mark.parametrize(
    ("lengths", "error", "message"),
    [
        ([1, 2], TypeError, "must be a tensor of integers, one for each sample; got list"),
        (torch.ones(2), TypeError, "got torch.float32"),
        (torch.tensor([1]), ValueError, r"must have shape \(2,\); got \(1,\)"),
        (torch.tensor([1, 9]), ValueError, "must be from 1 to 4, the number of steps; got 1 to 9"),
        (torch.tensor([0, 4]), ValueError, "got 0 to 4"),
    ],
)
def test_malformed_lengths(lengths, error, message):
    with pytest.raises(error, match=message):
        GatedRecurrent(1, 3)(torch.zeros(4, 2, 1), lengths=lengths)


def test_a_clip_is_refused():
    layer = GatedRecurrent(1, 3, clip_samples=2.0)
    with pytest.raises(ValueError, match="cannot be used with `lengths`"):
        layer(torch.zeros(4, 1, 1), lengths=torch.tensor([2]))
