"""Predictive coding: the greedy network's known error, the analytic weights, the task."""

import math

import pytest
import torch

from cayley.spiking import NIF, Dynamics, PredictiveAutoencoding
from cayley.spiking.tasks._predictive_coding import (
    circle_decoder,
    greedy_network,
    predictive_weights,
)


def test_the_target_is_the_trace_of_the_drive():
    trials = PredictiveAutoencoding().trials(5, seed=0)
    a, x = math.exp(-0.2 / 10), torch.zeros(5, 2)
    for c, target in zip(trials.inputs, trials.targets, strict=True):
        x = a * x + (1 - a) * c
        assert torch.allclose(x, target, atol=2e-5)


def test_the_signal_has_unit_power():
    trials = PredictiveAutoencoding(duration=600).trials(200, seed=0)
    power = (trials.targets**2).sum(2)[trials.window > 0].mean().item()
    assert power == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("size", [0.1, 0.15, 0.2])
def test_the_greedy_network_has_its_known_error(size):
    """The error is even between half a column on either side: its mean square is a twelfth."""
    trials = PredictiveAutoencoding().trials(40, seed=1)
    run = greedy_network(trials.inputs, circle_decoder(30, size=size))
    error = (run.outputs - trials.targets).square().sum(2)[trials.window > 0]
    assert error.mean().item() == pytest.approx(size**2 / 12, rel=0.12)
    assert error.sqrt().max().item() < 0.75 * size
    # What a decaying estimate loses has to be brought back by spikes.
    brought = run.spikes.sum().item() * size
    lost = (trials.targets.norm(dim=2).sum() * 0.2 / 10).item()
    assert lost < brought < 1.6 * lost


def test_weights_are_those_of_one_spike_at_a_time():
    """A spike of m moves the voltage of n by -D_n . D_m, in units of the threshold distance."""
    generator = torch.Generator().manual_seed(0)
    decoder = torch.randn(2, 5, generator=generator, dtype=torch.float64)
    dynamics = Dynamics(
        membrane=NIF(8.0), time_constants=(10.0, 1.0), output_time_constant=10.0, dt=0.001
    )
    weights = predictive_weights(decoder, dynamics)
    arrived = weights.fast * (1.0 / 8.0)  # charge 1 over 1 ms, divided by tau_v
    for n in range(5):
        for m in range(5):
            move = decoder[:, n] @ decoder[:, m] / (decoder[:, n] @ decoder[:, n])
            expected = 0 if n == m else -move.item()
            assert arrived[n, m].item() == pytest.approx(expected, abs=1e-12)
    drive = torch.tensor([1.0, -2.0], dtype=torch.float64)
    slope = weights.input_weight @ drive / 8.0
    expected = decoder.T @ drive / 10.0 / decoder.square().sum(0)
    assert torch.allclose(slope, expected)


def test_errors_and_determinism():
    task = PredictiveAutoencoding()
    assert torch.equal(task.trials(3, seed=4).inputs, task.trials(3, seed=4).inputs)
    with pytest.raises(ValueError, match="`decoder` must have 2 rows"):
        greedy_network(task.trials(1, seed=0).inputs, torch.zeros(3, 5))
    with pytest.raises(ValueError, match="`max_frequency` must be a positive number of hertz"):
        PredictiveAutoencoding(max_frequency=0)
    with pytest.raises(ValueError, match=r"`duration` must exceed the onset of 30.0 ms; got 20 ms"):
        PredictiveAutoencoding(duration=20)
