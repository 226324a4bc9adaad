"""Membranes: units by closed forms, sensitivities by automatic differentiation."""

import math

import pytest
import torch

from cayley.spiking import LIF, NIF, QIF, Dynamics, GatedRecurrent, spike_times


def rate_hz(membrane, current, *, dt, milliseconds=200):
    layer = GatedRecurrent(
        1, 1, dynamics=Dynamics(membrane=membrane, dt=dt), bias=current, recurrent=False,
        dtype=torch.float64,
    )  # fmt: skip
    recording = layer.record(torch.zeros(round(milliseconds / dt), 1, 1, dtype=torch.float64))
    times = spike_times(recording, dt=dt).time
    return float(1000 * (len(times) - 1) / (times[-1] - times[0]))


@pytest.mark.parametrize(
    ("membrane", "current", "expected"),
    [
        # d/dt tan(pi v - pi/2) shows a period of tau / (2 sqrt(I)).
        (QIF(), 1.0, 2000 / 25),
        (QIF(), 0.25, 1000 / 25),
        (NIF(), 0.5, 500 / 25),
        # exp(-T/tau) = (I - 1)/I.
        (LIF(), 2.0, 1000 / (25 * math.log(2))),
    ],
    ids=["qif 1", "qif 0.25", "nif", "lif"],
)
def test_default_time_constants_are_in_milliseconds(membrane, current, expected):
    assert rate_hz(membrane, current, dt=0.1, milliseconds=200) == pytest.approx(expected, rel=1e-2)


MEMBRANES = [
    QIF(25.0), NIF(10.0), NIF(10.0, "zero"), LIF(10.0), LIF(10.0, "subtract"), LIF(10.0, "zero"),
]  # fmt: skip


@pytest.mark.parametrize("membrane", MEMBRANES, ids=str)
def test_sensitivities_are_derivatives(membrane):
    generator = torch.Generator().manual_seed(0)
    v = torch.rand(500, generator=generator, dtype=torch.float64).requires_grad_()
    current = (3 * torch.randn(500, generator=generator, dtype=torch.float64)).requires_grad_()
    by_v, by_current = torch.autograd.grad(membrane.advance(v, current, 1.0).sum(), (v, current))
    stated = membrane.sensitivities(v.detach(), current.detach(), 1.0)
    assert torch.allclose(stated[0], by_v, rtol=1e-12, atol=1e-12)
    assert torch.allclose(stated[1], by_current, rtol=1e-12, atol=1e-12)
    rate = torch.full_like(v, 1 / membrane.time_constant).requires_grad_()
    (by_rate,) = torch.autograd.grad(membrane.advance_by(v, current, rate).sum(), rate)
    found = membrane.sensitivities_by(v.detach(), current.detach(), rate.detach())
    assert torch.allclose(found[2], by_rate, rtol=1e-12, atol=1e-12)
    assert torch.equal(found[0], stated[0])


def test_resets_of_other_simulators():
    v, current = torch.tensor([0.95, 0.5]), torch.tensor(2.0)
    for kind in (LIF, NIF):
        line = kind(10.0).reach(v, current, 1.0)
        assert torch.equal(kind(10.0, "subtract").advance(v, current, 1.0), line)
        zero = kind(10.0, "zero").advance(v, current, 1.0)
        assert zero.tolist() == [1.0, line[1].item()]
    with pytest.raises(ValueError, match='`reset` must be "exact", "subtract" or "zero"; got 0'):
        LIF(10.0, 0)


def test_a_lif_step_is_continuous_where_the_crossing_leaves_it():
    """Just below the threshold and just after the reset, the future is the same."""
    lif, current = LIF(10.0), torch.tensor(1.7, dtype=torch.float64)
    below = torch.tensor(1 - 1e-9, dtype=torch.float64)
    above = torch.tensor(1e-9, dtype=torch.float64)
    first, second = (lif.advance(v, current, 1.0) for v in (below, above))
    assert (first - 1 - second).abs() < 1e-7


def test_a_lif_step_across_the_threshold_converges_to_the_exact_jump():
    """d(potential at T)/dI against the closed form, with the reset inside."""
    tau, end = 10.0, 12.0

    def exact(current):
        crossing = tau * math.log(current / (current - 1))
        return current * (1 - math.exp(-(end - crossing) / tau))

    current = torch.tensor(1.9, dtype=torch.float64, requires_grad=True)
    dt, v = 0.01, torch.zeros((), dtype=torch.float64)
    for _ in range(round(end / dt)):
        u = LIF(tau).advance(v, current, dt)
        v = u - LIF(tau).turns(u)
    (slope,) = torch.autograd.grad(v, current)
    expected = (exact(1.9 + 1e-6) - exact(1.9 - 1e-6)) / 2e-6
    assert v.item() == pytest.approx(exact(1.9), rel=2e-3)
    assert slope.item() == pytest.approx(expected, rel=1e-2)


@pytest.mark.parametrize("value", [0, -1.0, float("inf"), float("nan")])
def test_bad_time_constants_name_their_unit(value):
    with pytest.raises(ValueError, match="`time_constant` must be a positive number of millisec"):
        QIF(value)
    if value:  # 0 is a pulse of one step
        with pytest.raises(ValueError, match="`output_time_constant` must be 0 or a positive numb"):
            Dynamics(output_time_constant=value)
    with pytest.raises(ValueError, match="`dt` must be a positive number of milliseconds"):
        Dynamics(dt=value)


def test_a_step_as_long_as_the_membrane_is_refused():
    with pytest.raises(ValueError, match=r"`dt` must be below .* 25.0 ms; got 30 ms. Both are in"):
        Dynamics(dt=30)


def test_options_of_the_wrong_kind():
    with pytest.raises(TypeError, match="`membrane` must be QIF, NIF or LIF; got 'qif'"):
        Dynamics(membrane="qif")
    with pytest.raises(TypeError, match="`gate` must be PolynomialGate"):
        Dynamics(gate=0.5)
    with pytest.raises(TypeError, match="`time_constants` must be a tuple of milliseconds"):
        Dynamics(time_constants=20.0)
    with pytest.raises(TypeError, match="`time_constants` must be a number of milliseconds"):
        Dynamics(time_constants=("20",))
