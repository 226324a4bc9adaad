"""Event times against closed forms, and what happens at the edges."""

import math

import pytest
import torch

from cayley.spiking import LIF, NIF, QIF, Dynamics, GatedRecurrent, spike_times

F64 = torch.float64


def times(membrane, current, *, dt, milliseconds=60.0, start=0.0):
    layer = GatedRecurrent(
        1, 1, dynamics=Dynamics(membrane=membrane, dt=dt), bias=current, recurrent=False, dtype=F64
    )
    layer.initial_potential.fill_(start)
    run = layer.record(torch.zeros(round(milliseconds / dt), 1, 1, dtype=F64))
    return spike_times(run, dt=dt).time


def test_without_leak_the_times_are_exact():
    found = times(NIF(7.3), 1.0, dt=1.0)
    assert found.tolist() == pytest.approx([7.3 * i for i in range(1, len(found) + 1)], abs=1e-9)
    assert len(found) == 8


@pytest.mark.parametrize("start", [0.0, 0.4])
def test_phase_neurons_converge_to_the_closed_form(start):
    """x = tan(pi (v - 1/2)) obeys x' = 2 pi (x^2 I0 + I)/tau with I0 = 1: times by arctan."""
    tau, current = 25.0, 1.7
    root = math.sqrt(current)
    # 1 + cos is the part without current: with y = -cot(pi v), y' = (2 pi / tau) (I + y^2).
    y = -math.inf if start == 0 else -1 / math.tan(math.pi * start)
    first = (tau / (2 * math.pi * root)) * (math.pi / 2 - math.atan(y / root))
    errors = [abs(times(QIF(tau), current, dt=dt, start=start)[0].item() - first)
              for dt in (0.2, 0.1, 0.05)]  # fmt: skip
    assert errors[-1] < 0.02 * first
    assert errors[2] < 0.7 * errors[1] < 0.7 * 0.7 * errors[0]  # first order in dt


def test_leaky_neurons_converge_to_the_closed_form():
    tau, current = 10.0, 1.5
    period = tau * math.log(current / (current - 1))
    gaps = times(LIF(tau), current, dt=0.01).diff()
    assert gaps.mean().item() == pytest.approx(period, rel=1e-3)


def test_events_are_in_order_and_know_their_place():
    layer = GatedRecurrent(1, 3, bias=1.0, generator=torch.Generator().manual_seed(0))
    run = layer.record(torch.zeros(200, 2, 1))
    events = spike_times(run, dt=1.0)
    assert len(events.time) == int(run.spikes.clamp(min=0).sum())
    assert bool((events.time.diff() >= 0).all())
    counts = torch.zeros(2, 3).index_put_(
        (events.trial, events.neuron), torch.ones(len(events.time)), accumulate=True
    )
    assert torch.equal(counts, run.spikes.clamp(min=0).sum(0))


def test_several_crossings_in_one_step_and_none_at_all():
    assert times(NIF(2.0), 5.0, dt=1.0, milliseconds=2).tolist() == pytest.approx(
        [0.4, 0.8, 1.2, 1.6, 2.0]
    )
    assert len(times(NIF(10.0), 0.0, dt=1.0)) == 0


def test_errors():
    layer = GatedRecurrent(1, 1, dynamics=Dynamics(membrane=NIF(2.0)), bias=4e4, recurrent=False)
    run = layer.record(torch.zeros(3, 1, 1))
    with pytest.raises(ValueError, match="crossed its threshold 20000 times in one step"):
        spike_times(run, dt=1.0)
    with pytest.raises(ValueError, match="`dt` must be a positive number of milliseconds"):
        spike_times(run, dt=0.0)
