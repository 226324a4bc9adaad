"""Neurons with constants of their own: gradients by autograd and by finite differences."""

import itertools

import pytest
import torch

from cayley.spiking import (
    LIF,
    NIF,
    QIF,
    CosineGate,
    Dynamics,
    GatedCell,
    GatedRecurrent,
    NeuronParameters,
    PolynomialGate,
)

F64 = torch.float64
MEMBRANES = [QIF(25.0), NIF(10.0), LIF(10.0), LIF(10.0, "zero"), LIF(10.0, "subtract")]
TRAINED = (
    "membrane", "synapses", "output", "thresholds", "widths", "adaptation", "adaptation_time",
    "delays",
)  # fmt: skip


def spread(low, high, *shape, seed=7):
    generator = torch.Generator().manual_seed(seed)
    return low + (high - low) * torch.rand(*shape, generator=generator, dtype=F64)


def everything_of(neurons=6, *, trained=TRAINED, refractory=None):
    return NeuronParameters(
        membrane=spread(8, 30, neurons),
        synapses=spread(4, 30, 2, neurons),
        output=spread(5, 30, neurons),
        thresholds=spread(0.7, 1.4, neurons),
        widths=spread(0.3, 0.7, neurons),
        adaptation=spread(0.05, 0.3, neurons),
        adaptation_time=spread(20, 80, neurons),
        delays=spread(0.2, 7, 2, neurons),
        longest_delay=8.0,
        refractory=refractory,
        trained=trained,
    )


def make(membrane, parameters, *, gate=None, neurons=6, **options):
    dynamics = Dynamics(
        membrane=membrane, gate=gate or PolynomialGate(0.5), time_constants=(20.0, 5.0)
    )
    return GatedRecurrent(
        3, neurons, dynamics=dynamics, neurons=parameters, bias=2.0, dtype=F64,
        generator=torch.Generator().manual_seed(0), **options,
    )  # fmt: skip


def gradients(layer, steps=60, batch=3):
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(steps, batch, 3, generator=generator, dtype=F64).requires_grad_()
    start = layer.initial_state(batch)
    rest = torch.rand(start.rest.shape, generator=generator, dtype=F64)
    start = type(start)(*(
        (part + 0.3 * torch.rand(part.shape, generator=generator, dtype=F64)).requires_grad_()
        for part in start
    ))  # fmt: skip
    start = start._replace(rest=(rest * (layer.neurons.refractory is not None)).requires_grad_())
    outputs, last = layer(inputs, start)
    loss = (outputs * torch.randn(outputs.shape, generator=generator, dtype=F64)).sum()
    loss = loss + outputs.square().sum() + sum((part**2).sum() for part in last)
    wanted = [inputs, *start, *layer.parameters()]
    return outputs.detach(), torch.autograd.grad(loss, wanted, materialize_grads=True)


def close(first, second, bound=1e-9):
    for a, b in zip(first, second, strict=True):
        assert (a - b).norm() <= bound * b.norm() + 1e-12


@pytest.mark.parametrize("rest", [None, 2.3], ids=["no rest", "rest"])
@pytest.mark.parametrize("membrane", MEMBRANES, ids=str)
def test_the_adjoint_of_every_constant_is_that_of_autograd(membrane, rest):
    parameters = everything_of(refractory=rest)
    adjoint = gradients(make(membrane, parameters))
    autograd = gradients(make(membrane, parameters, gradient="autograd"))
    assert torch.equal(adjoint[0], autograd[0])
    close(adjoint[1], autograd[1])
    pieces = gradients(make(membrane, parameters, checkpoint=17))
    assert torch.equal(pieces[0], autograd[0])
    close(pieces[1], autograd[1])


@pytest.mark.parametrize("rest", [None, 2.3], ids=["no rest", "rest"])
@pytest.mark.parametrize(
    "membrane",
    [MEMBRANES[0], *(pytest.param(x, marks=pytest.mark.slow) for x in MEMBRANES[1:3])],
    ids=str,
)
def test_finite_differences(membrane, rest):
    """Along one direction in all parameters at once, and along each of the constants."""
    layer = make(membrane, everything_of(refractory=rest), gate=CosineGate(0.5))
    inputs = torch.randn(30, 2, 3, generator=torch.Generator().manual_seed(3), dtype=F64)

    def loss():
        return (layer(inputs)[0] - 0.3).square().sum()

    loss().backward()
    assert layer.record(inputs).spikes.sum() > 10
    step = 1e-7
    for parameter in layer.parameters():
        direction = torch.randn(
            parameter.shape, generator=torch.Generator().manual_seed(5), dtype=F64
        )
        slope = (parameter.grad * direction).sum().item()
        values = []
        with torch.no_grad():
            for sign in (1, -2, 1):
                parameter.add_(sign * step * direction)
                values.append(loss().item())
        assert (values[0] - values[1]) / (2 * step) == pytest.approx(slope, rel=1e-4, abs=1e-5)


def test_constants_that_are_equal_give_the_plain_layer():
    """With one value for all neurons, outputs and gradients are those without constants."""
    plain = make(QIF(25.0), None)
    own = make(QIF(25.0), NeuronParameters(thresholds=1.0, delays=0.0, adaptation=0.0))
    inputs = torch.randn(50, 2, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    found = []
    for layer in (plain, own):
        outputs, _ = layer(inputs)
        outputs.square().sum().backward()
        found.append([outputs, *(p.grad for p in layer.parameters())])
    close(*found, bound=1e-10)


def test_second_derivatives():
    for gradient in ("adjoint", "autograd"):
        layer = make(QIF(25.0), everything_of(refractory=2.3), gradient=gradient)
        inputs = torch.ones(20, 2, 3, dtype=F64)
        first = torch.autograd.grad(
            layer(inputs)[0].sum(), list(layer.parameters()), create_graph=True
        )
        norm = sum(each.square().sum() for each in first)
        second = torch.autograd.grad(norm, list(layer.parameters()))
        if gradient == "adjoint":
            expected = second
    close(second, expected)


def test_two_halves_are_the_whole_and_a_cell_is_a_step():
    layer = make(LIF(10.0), everything_of(refractory=2.3))
    inputs = torch.randn(40, 2, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    whole, last = layer(inputs)
    first, state = layer(inputs[:13])
    second, end = layer(inputs[13:], state)
    assert torch.equal(torch.cat([first, second]), whole)
    assert all(torch.equal(a, b) for a, b in zip(last, end, strict=True))
    cell = GatedCell(
        3, 6, dynamics=layer.dynamics, neurons=everything_of(refractory=2.3), dtype=F64
    )
    cell.load_state_dict(layer.state_dict())
    state = None
    for now, expected in zip(inputs, whole, strict=True):
        output, state = cell(now, state)
        assert torch.allclose(output, expected, rtol=1e-10)


def test_lengths_are_runs_of_their_own():
    layer = make(QIF(25.0), everything_of(refractory=2.3))
    inputs = torch.randn(20, 2, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    outputs, state = layer(inputs, lengths=torch.tensor([20, 7]))
    alone, last = layer(inputs[:7, 1:])
    assert torch.allclose(outputs[:7, 1:], alone)
    assert not outputs[7:, 1].any()
    assert all(torch.allclose(a[1:], b) for a, b in zip(state, last, strict=True))


def test_float32_is_near_float64():
    exact = gradients(make(LIF(10.0), everything_of()))
    layer = make(LIF(10.0), everything_of()).float()
    inputs = torch.ones(30, 2, 3)
    outputs, _ = layer(inputs)
    reference, _ = make(LIF(10.0), everything_of())(inputs.double())
    assert outputs.dtype == torch.float32
    assert torch.allclose(outputs.double(), reference, atol=1e-3)
    assert exact[0].dtype == F64


def test_runaway_excitation_is_refused():
    layer = make(NIF(10.0), NeuronParameters(membrane=10.0))
    with torch.no_grad():
        layer.recurrent_weight.fill_(float("inf"))
    with pytest.raises(FloatingPointError, match="potentials overflowed within 50 steps"):
        layer(torch.ones(50, 1, 3, dtype=F64))


def test_membranes_and_gates_in_pairs_without_a_synapse():
    for membrane, gate in itertools.product(MEMBRANES[:3], (CosineGate(0.4), PolynomialGate(0.9))):
        parameters = NeuronParameters(
            membrane=spread(8, 30, 6), refractory=3.0, trained=("membrane", "widths")
        )
        found = [
            gradients(make(membrane, parameters, gate=gate, recurrent=False, gradient=gradient))
            for gradient in ("adjoint", "autograd")
        ]
        close(found[0][1], found[1][1])
