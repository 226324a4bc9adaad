"""Parameters per neuron: what they mean, by closed forms and a second simulator; messages."""

import math

import numpy as np
import pytest
import torch

from cayley.spiking import (
    LIF,
    NIF,
    QIF,
    Dynamics,
    GatedRecurrent,
    NeuronParameters,
    PolynomialGate,
    spike_times,
)

F64 = torch.float64


def build(parameters, *, membrane=None, neurons=4, dt=0.1, bias=1.5, width=0.5, **options):
    dynamics = Dynamics(membrane=membrane or LIF(10.0), gate=PolynomialGate(width), dt=dt)
    layer = GatedRecurrent(
        1, neurons, dynamics=dynamics, neurons=parameters, bias=bias, dtype=F64,
        generator=torch.Generator().manual_seed(0), **options,
    )  # fmt: skip
    with torch.no_grad():
        layer.initial_potential.zero_()
        layer.recurrent_weight.zero_()
    return layer


def times_of(layer, milliseconds):
    steps = round(milliseconds / layer.dynamics.dt)
    events = spike_times(layer.record(torch.zeros(steps, 1, 1, dtype=F64)), dt=layer.dynamics.dt)
    return [events.time[events.neuron == i].numpy() for i in range(layer.hidden_size)]


def test_time_constants_thresholds_and_rest_by_closed_form():
    """A leaky neuron at a constant current I fires every R + tau log(I / (I - theta))."""
    tau, theta, rest = np.array([5.0, 10, 20, 40]), np.array([0.5, 0.8, 1, 1.2]), 3.7
    parameters = NeuronParameters(membrane=tau, thresholds=theta, refractory=rest)
    for times, t, level in zip(times_of(build(parameters, dt=0.2), 150), tau, theta, strict=True):
        period = rest + t * math.log(1.5 / (1.5 - level))
        assert np.diff(times).mean() == pytest.approx(period, rel=0.02)
    # A phase has no threshold in its equation, so that a gain of its current is what remains.
    quick = build(NeuronParameters(thresholds=[0.25, 1, 1, 1]), membrane=QIF(25.0), bias=1.0)
    first, second, *_ = times_of(quick, 100)
    assert np.diff(second).mean() / np.diff(first).mean() == pytest.approx(2, rel=0.02)


def test_a_rest_of_a_neuron_without_a_leak_is_exact_at_any_step():
    """It begins at the crossing and not at the end of the step."""
    layer = build(NeuronParameters(refractory=3.3), membrane=NIF(10.0), dt=1.0, bias=1.7)
    for times in times_of(layer, 200):
        assert np.diff(times) == pytest.approx(10 / 1.7 + 3.3, abs=1e-9)


def test_a_spike_arrives_after_its_delay():
    delays = [[0.0, 2.0, 2.5, 7.25]]
    layer = build(
        NeuronParameters(delays=delays, synapses=[5.0]), membrane=NIF(10.0), dt=1.0, bias=0.0,
        width=0.01,
    )  # fmt: skip
    with torch.no_grad():
        layer.recurrent_weight.copy_(0.01 * torch.eye(4, dtype=F64))
        layer.initial_potential.fill_(0.95)
    inputs = torch.zeros(20, 1, 1, dtype=F64)
    with torch.no_grad():
        layer.input_weight.fill_(1.0)
    inputs[0] = 0.8  # one spike of each neuron in the first step
    run = layer.record(inputs)
    assert run.spikes[0].tolist() == [[1.0] * 4]
    arrived = run.currents[1:, 0] / 0.01
    decay = math.exp(-1 / 5)
    for i, delay in enumerate(delays[0]):
        whole = math.floor(delay)
        part = delay - whole
        assert arrived[:whole, i].abs().max().item() < 1e-9 if whole else True
        assert arrived[whole, i].item() == pytest.approx(1 - part)
        assert arrived[whole + 1, i].item() == pytest.approx(part + decay * (1 - part))


def test_adaptation_lowers_the_rate_to_its_fixed_point():
    """A neuron without a leak at rate r has the mean current I - beta tau_A r = tau r."""
    beta, tau_a = np.array([0.0, 0.05, 0.1, 0.3]), np.array([50.0, 50, 100, 200])
    parameters = NeuronParameters(adaptation=beta, adaptation_time=tau_a)
    layer = build(parameters, membrane=NIF(10.0), bias=2.0, dt=0.5)
    for times, b, t in zip(times_of(layer, 1500), beta, tau_a, strict=True):
        late = times[times > 900]
        assert 1 / np.diff(late).mean() == pytest.approx(2.0 / (10 + b * t), rel=0.02)


def simulate(weights, tau, tau_s, theta, delay, rest, current, end):
    """Spike times of leaky neurons with synaptic currents and delays, on a grid of 5 microseconds.

    Written apart from the library: closed forms between the points of the grid, hard thresholds.
    """
    n, h = len(tau), 5e-3
    v, s, free = np.zeros(n), np.zeros(n), np.zeros(n)
    due = [[] for _ in range(n)]
    times = [[] for _ in range(n)]
    for step in range(round(end / h)):
        now = step * h
        for j in range(n):
            while due[j] and due[j][0] <= now:
                due[j].pop(0)
                s += weights[:, j]
        drive = current + s
        v = np.where(now >= free, drive + (v - drive) * np.exp(-h / tau), 0)
        s = s * np.exp(-h / tau_s)
        for i in np.nonzero(v >= theta)[0]:
            times[i].append(now)
            due[i].append(now + delay[i])
            v[i], free[i] = 0, now + rest[i]
    return times


def test_spikes_are_those_of_a_simulator_of_hard_thresholds():
    rng = np.random.default_rng(0)
    n = 4
    weights = rng.normal(0, 0.5, (n, n))
    tau, tau_s = rng.uniform(8, 20, n), rng.uniform(3, 10, n)
    theta, delay, rest = rng.uniform(0.7, 1.2, n), rng.uniform(1, 6, n), rng.uniform(1, 3, n)
    expected = simulate(weights, tau, tau_s, theta, delay, rest, 2.2, 60.0)
    parameters = NeuronParameters(
        membrane=tau, synapses=tau_s[None], thresholds=theta, delays=delay[None], refractory=rest,
        widths=1e-3,
    )  # fmt: skip
    layer = build(parameters, dt=0.05, bias=2.2)
    with torch.no_grad():
        layer.recurrent_weight.copy_(torch.from_numpy(weights)[None])
    found = times_of(layer, 60)
    assert sum(map(len, expected)) >= 15
    for ours, theirs in zip(found, expected, strict=True):
        assert len(ours) == len(theirs)
        assert ours == pytest.approx(theirs, abs=0.3)


def test_values_survive_the_way_to_the_trained_parameter_and_training():
    parameters = NeuronParameters(
        membrane=[1.5, 5.0, 20.0, 1e3], synapses=(7.0,), widths=0.3, adaptation=-0.2, delays=(2.5,),
        thresholds=2.0, trained=("membrane", "synapses", "widths", "adaptation", "delays",
                                 "thresholds", "output", "adaptation_time"),
    )  # fmt: skip
    layer = build(parameters, dt=1.0)
    assert layer.neurons.value("membrane").tolist() == pytest.approx([1.5, 5, 20, 1e3])
    assert layer.neurons.value("delays").tolist() == [pytest.approx([2.5] * 4)]
    assert layer.neurons.value("output").tolist() == pytest.approx([20.0] * 4)  # of the dynamics
    assert layer.neurons.value("refractory") is None
    optimizer = torch.optim.SGD(layer.parameters(), lr=1e3)  # absurd on purpose
    layer(torch.ones(40, 1, 1, dtype=F64))[0].square().sum().backward()
    optimizer.step()
    for name, low, high in [("membrane", 1, math.inf), ("widths", 0, 1), ("delays", 0, 20)]:
        value = layer.neurons.value(name)
        assert bool(((value >= low) & (value <= high)).all())
    copy = build(parameters, dt=1.0)
    copy.load_state_dict(layer.state_dict())
    assert torch.equal(copy.neurons.value("widths"), layer.neurons.value("widths"))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"membrane": [1.0, 2.0]}, ValueError, r"`membrane` must be a number or have shape \(4,\)"),
        ({"membrane": 0.1}, ValueError, "`membrane` must be above 0.1; got 0.1"),
        ({"synapses": (1.0, 2.0)}, ValueError, r"`synapses` .* shape \(1,\) or \(1, 4\); got \(2,"),
        ({"widths": 1.5}, ValueError, "`widths` must be above 0.0 and at most 1.0; got 1.5"),
        ({"widths": 1.0, "trained": ("widths",)}, ValueError, "and below 1.0; got 1.0"),
        ({"delays": -1.0}, ValueError, "`delays` must be at least 0.0; got -1.0"),
        ({"delays": 20.0, "trained": ("delays",)}, ValueError, "above 0.0 and below 20.0"),
        ({"thresholds": float("nan")}, ValueError, "`thresholds` must be above 0.0; got nan"),
        ({"refractory": 0.05}, ValueError, "must be 0 or at least the time step of 0.1 ms"),
        ({"adaptation": "much"}, TypeError, "`adaptation` must hold real numbers; got 'much'"),
        ({"trained": ("refractory",)}, ValueError, "'refractory' cannot be trained. There are: m"),
        ({"trained": ("delays",)}, ValueError, "`delays` is to be trained and needs a value"),
        ({"trained": "delays"}, TypeError, "`trained` must be a tuple of names; got 'delays'"),
    ],
)
def test_malformed_parameters(options, error, message):
    with pytest.raises(error, match=message):
        build(NeuronParameters(**options))


def test_what_does_not_fit_a_layer_with_constants():
    parameters = NeuronParameters(widths=0.3)
    layer = build(parameters)
    layer.dynamics = layer.dynamics.with_width(0.1)
    with pytest.raises(ValueError, match="`dynamics` has another `widths` than when the layer was"):
        layer(torch.zeros(2, 1, 1, dtype=F64))
    with pytest.raises(ValueError, match="`clip_samples` cannot be used with `neurons`"):
        build(parameters, clip_samples=2.0)
    with pytest.raises(ValueError, match="has one set of constants for all neurons"):
        build(parameters, backend="compiled")
    with pytest.raises(TypeError, match="`neurons` must be `NeuronParameters`; got 3"):
        build(3)
    with pytest.raises(TypeError, match="`state` must be None or the `PopulationState`"):
        build(parameters)(torch.zeros(2, 1, 1, dtype=F64), build(None).initial_state(1))
    # What is not given per neuron follows the dynamics.
    free = build(NeuronParameters(thresholds=1.2))
    free.dynamics = free.dynamics.with_width(0.1)
    free(torch.zeros(2, 1, 1, dtype=F64))
