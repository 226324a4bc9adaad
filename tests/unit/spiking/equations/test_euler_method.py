"""The charge of a spike, and what one step conserves."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.spiking import (
    NIF,
    QIF,
    BoxGate,
    CosineGate,
    Dynamics,
    GatedRecurrent,
    PolynomialGate,
)
from cayley.spiking.equations._dynamics import GatedState
from cayley.spiking.equations._euler_method import gated_step

GATES = (PolynomialGate, CosineGate, BoxGate)


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("dt", [0.05, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("width", [0.05, 0.5])
def test_charge_per_spike_is_one_at_any_step_and_gate(gate, dt, width):
    """After so many resets, below the next active zone, as many charges have flowed."""
    dynamics = Dynamics(membrane=NIF(10.0), gate=gate(width), dt=dt)
    layer = GatedRecurrent(1, 1, dynamics=dynamics, bias=1.0, recurrent=False, dtype=torch.float64)
    layer.initial_potential.zero_()
    run = layer.record(torch.zeros(round(35 / dt), 1, 1, dtype=torch.float64))
    charge, spikes = run.charges.flatten().cumsum(0), run.spikes.flatten().cumsum(0)
    below = run.potentials[1:].flatten() < 1 - width
    assert torch.allclose(charge[below], spikes[below], atol=1e-12)
    assert int(spikes[-1]) == 3
    assert set(spikes[below].tolist()) == {0.0, 1.0, 2.0, 3.0}


@pytest.mark.parametrize("dt", [0.05, 0.5, 1.0, 2.0])
def test_a_spike_of_a_phase_neuron_releases_one(dt):
    """From reset to reset, whatever the speed through the zone."""
    dynamics = Dynamics(membrane=QIF(25.0), gate=PolynomialGate(0.1), dt=dt)
    layer = GatedRecurrent(1, 1, dynamics=dynamics, bias=3.0, recurrent=False, dtype=torch.float64)
    run = layer.record(torch.zeros(round(100 / dt), 1, 1, dtype=torch.float64))
    charge = run.charges.flatten().cumsum(0)
    outside = run.potentials[1:].flatten() < 0.9
    assert torch.allclose(charge[outside], run.spikes.flatten().cumsum(0)[outside], atol=1e-12)
    assert int(run.spikes.sum()) >= 10


@settings(max_examples=40)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=40), st.sampled_from(GATES))
def test_charge_is_conserved_under_graded_crossings(currents, gate):
    """Back and forth in the active zone, what flows is the difference between the two ends."""
    dynamics = Dynamics(membrane=NIF(10.0), gate=gate(0.7))
    state = GatedState(
        torch.full((1, 1), 0.8, dtype=torch.float64),
        torch.zeros(1, 0, 1, dtype=torch.float64),
        torch.zeros(1, 1, dtype=torch.float64),
    )
    weights, total, turns = torch.zeros(0, 1, 1, dtype=torch.float64), 0.0, 0.0
    start = dynamics.gate.charge(state.potential).item()
    for current in currents:
        step = gated_step(
            torch.full((1, 1), current, dtype=torch.float64), state, weights, dynamics
        )
        state = step.state
        total += step.charge.item()
        turns += step.turns.item()
    end = turns + dynamics.gate.charge(state.potential).item()
    assert total == pytest.approx(end - start, abs=1e-11)


def test_a_phase_taken_back_takes_its_charge_back():
    dynamics = Dynamics(membrane=QIF(25.0), gate=PolynomialGate(0.5))
    state = GatedState(torch.tensor([[0.97]]), torch.zeros(1, 0, 1), torch.zeros(1, 1))
    weights = torch.zeros(0, 1, 1)
    forth = gated_step(torch.tensor([[1.0]]), state, weights, dynamics)
    assert forth.turns.item() == 1
    # A negative current does not turn the phase round near the top; a graded approach does.
    near = GatedState(torch.tensor([[0.6]]), torch.zeros(1, 0, 1), torch.zeros(1, 1))
    up = gated_step(torch.tensor([[2.0]]), near, weights, dynamics)
    down = gated_step(torch.tensor([[-3.0]]), up.state, weights, dynamics)
    assert up.charge.item() > 0 > down.charge.item()


def test_traces_decay_in_milliseconds():
    layer = GatedRecurrent(
        1, 1, dynamics=Dynamics(membrane=NIF(), time_constants=(20.0, 5.0)), bias=0.0
    )
    start = layer.initial_state(1)
    start = GatedState(start.potential * 0, torch.ones(1, 2, 1), torch.ones(1, 1))
    with torch.no_grad():
        layer.recurrent_weight.zero_()
    outputs, state = layer(torch.zeros(20, 1, 1), start)
    assert outputs[-1].item() == pytest.approx(0.367879, rel=1e-4)  # 20 ms at 20 ms
    assert state.traces.flatten().tolist() == pytest.approx([0.367879, 0.0183156], rel=1e-4)
