"""Products with inputs that are mostly 0: the numbers of the dense product, and its gradients."""

import pytest
import torch
from torch.nn import functional as F
from torch.nn.utils import prune

from cayley.spiking import GatedRecurrent
from cayley.spiking.adjoint import _adjoint, _event_product
from cayley.spiking.adjoint._event_product import event_product, mostly_zero


def sparse(*shape, density=0.05, seed=0):
    generator = torch.Generator().manual_seed(seed)
    values = torch.randn(*shape, generator=generator)
    return values * (torch.rand(*shape, generator=generator) < density)


@pytest.mark.parametrize("density", [0.0, 0.05, 1.0])
@pytest.mark.parametrize(
    ("rows", "channels", "neurons"), [(5, 33, 7), (4, 40, 1), (9, 64, 100), (0, 32, 3)]
)
def test_product_and_gradients_are_those_of_a_dense_product(rows, channels, neurons, density):
    inputs = sparse(rows, channels, density=density).requires_grad_()
    weight = sparse(neurons, channels, density=1.0, seed=1).requires_grad_()
    bias = sparse(neurons, density=1.0, seed=2).requires_grad_()
    by = sparse(rows, neurons, density=1.0, seed=3)
    found, expected = event_product(inputs, weight, bias), F.linear(inputs, weight, bias)
    torch.testing.assert_close(found, expected)
    arguments = (inputs, weight, bias)
    for a, b in zip(
        torch.autograd.grad(found, arguments, by),
        torch.autograd.grad(expected, arguments, by),
        strict=True,
    ):
        torch.testing.assert_close(a, b)


def test_a_gradient_can_be_differentiated_again():
    inputs = sparse(6, 40).requires_grad_()
    weight = sparse(3, 40, density=1.0).requires_grad_()
    found = []
    for product in (event_product, F.linear):
        (first,) = torch.autograd.grad(
            product(inputs, weight, torch.zeros(3)).square().sum(), weight, create_graph=True
        )
        found.append(torch.autograd.grad(first.square().sum(), (inputs, weight)))
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b)


def test_only_what_is_mostly_zero_is_gone_through_by_events():
    spikes = sparse(50, 4, 64)
    assert mostly_zero(spikes)
    assert not mostly_zero(sparse(50, 4, 64, density=0.5))
    assert not mostly_zero(sparse(50, 4, 8))  # few channels
    assert not mostly_zero(spikes.transpose(0, 1))
    one_channel = torch.zeros(1000, 4, 64)
    one_channel[..., 5] = 1
    assert mostly_zero(one_channel)


def test_a_layer_takes_spike_trains_by_events(monkeypatch):
    taken = []

    def remember(*arguments):
        taken.append(arguments)
        return event_product(*arguments)

    monkeypatch.setattr(_event_product, "event_product", remember)
    spikes, found = sparse(30, 4, 40, density=0.03), []
    for backend in ("auto", "torch"):
        layer = GatedRecurrent(
            40, 5, bias=1.2, backend=backend, generator=torch.Generator().manual_seed(0)
        )
        outputs, _ = layer(spikes)
        outputs.square().sum().backward()
        found.append((outputs, layer.input_weight.grad, layer.bias.grad))
    assert len(taken) == 1
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_other_engines_multiply_densely():
    assert not _adjoint.choose_engine("torch", torch.zeros(1)).skips_zeros
    assert not _adjoint.choose_engine("auto", torch.zeros(1, dtype=torch.float64)).skips_zeros


def test_pruned_input_weights_stay_pruned():
    layer = GatedRecurrent(40, 5, bias=1.2, generator=torch.Generator().manual_seed(0))
    mask = sparse(5, 40, density=0.3) != 0
    prune.custom_from_mask(layer, "input_weight", mask)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        layer(sparse(30, 4, 40))[0].square().sum().backward()
        optimizer.step()
    assert torch.equal(layer.input_weight_orig.grad != 0, mask)
    layer(sparse(30, 4, 40))
    assert torch.equal(layer.input_weight != 0, mask)


@pytest.mark.parametrize("bias", [True, False])
def test_a_convolution_of_spike_trains_is_taken_by_events(bias, monkeypatch):
    taken = []

    def remember(*arguments):
        taken.append(arguments)
        return event_product(*arguments)

    monkeypatch.setattr(_event_product, "event_product", remember)
    spikes, found = sparse(150, 4, 2, 5, 6, density=0.03), []
    for backend in ("auto", "torch"):
        torch.manual_seed(0)
        convolution = torch.nn.Conv2d(2, 3, (2, 3), padding=1, stride=2, bias=bias)
        layer = GatedRecurrent(
            60, 27, bias=1.2, backend=backend, inputs=convolution, recurrent=False,
            generator=torch.Generator().manual_seed(0),
        )  # fmt: skip
        outputs, _ = layer(spikes)
        outputs.square().sum().backward()
        found.append((outputs, *(parameter.grad for parameter in layer.parameters())))
    assert len(taken) == 1
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


def test_modules_that_may_not_be_linear_are_called_as_they_are():
    inputs = sparse(400, 40)
    assert _event_product.linear_events(torch.nn.Linear(40, 3), inputs) is not None
    assert _event_product.linear_events(torch.nn.Linear(40, 3), inputs[:300]) is None  # few rows
    assert _event_product.linear_events(torch.nn.Linear(40, 3), inputs + 1) is None
    watched = torch.nn.Linear(40, 3)
    watched.register_forward_hook(lambda *_: None)
    for module in (
        watched,
        torch.nn.ReLU(),
        torch.nn.Sequential(torch.nn.Linear(40, 3), torch.nn.ReLU()),
    ):
        assert _event_product.linear_events(module, inputs) is None
