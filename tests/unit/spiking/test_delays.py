"""Modules over time: delays by shifting, filters by their recursion, gradients by gradcheck."""

import pytest
import torch

from cayley.spiking import AxonalDelay
from cayley.spiking._delays import CurrentFilter

F64 = torch.float64


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=F64)


def test_whole_steps_shift_and_parts_interpolate():
    inputs = noise(30, 2, 3)
    outputs, _ = AxonalDelay(3, [0.0, 4.0, 5.0], dt=2.0, dtype=F64)(inputs)
    assert torch.equal(outputs[..., 0], inputs[..., 0])
    assert torch.equal(outputs[2:, :, 1], inputs[:-2, :, 1])
    assert not outputs[:2, :, 1].any()
    middle = (inputs[:-3, :, 2] + inputs[1:-2, :, 2]) / 2
    assert torch.allclose(outputs[3:, :, 2], middle)


@pytest.mark.parametrize("trained", [True, False])
def test_state_lengths_and_gradient(trained):
    delay = AxonalDelay(3, [0.7, 4.0, 5.3], dt=2.0, longest=6.0, trained=trained, dtype=F64)
    filtered = CurrentFilter(torch.rand(3, dtype=F64), noise(3), noise(3, seed=1))
    inputs = noise(20, 2, 3).requires_grad_()
    for module in (delay, filtered):
        whole, last = module(inputs)
        first, state = module(inputs[:7])
        second, end = module(inputs[7:], state)
        assert torch.allclose(torch.cat([first, second]), whole)
        assert torch.allclose(end.past, last.past)
        _, ends = module(inputs, None, torch.tensor([20, 7]))
        assert torch.allclose(ends.past[0], last.past[0])
        assert torch.allclose(ends.past[1], state.past[1])
        assert torch.autograd.gradcheck(lambda x, m=module: m(x)[0], inputs)
    if trained:
        assert delay.delays.tolist() == pytest.approx([0.7, 4.0, 5.3])

        def run(raw):
            return torch.func.functional_call(delay, {"raw": raw}, (inputs.detach(),))[0]

        # 4.0 is a whole number of steps, where the interpolation has a corner.
        raw = torch.tensor([0.7, 4.2, 5.3], dtype=F64).div(6).logit().requires_grad_()
        assert torch.autograd.gradcheck(run, raw)


def test_a_filter_is_its_recursion():
    a, b, c = torch.tensor([0.5]), torch.tensor([2.0]), torch.tensor([1.0])
    outputs, _ = CurrentFilter(a, b, c)(torch.tensor([[[1.0]], [[0.0]]]))
    assert outputs.flatten().tolist() == [3.0, 2.5]


@pytest.mark.parametrize(
    ("delays", "options", "message"),
    [
        ([1.0], {}, r"must be a number or have shape \(2,\); got \(1,\)"),
        (-1.0, {}, "must be at least 0 ms and finite; got -1.0"),
        (20.0, {"trained": True}, "must be between 0 and `longest`, 20.0 ms; got 20.0"),
        (1.0, {"dt": 0.0}, "`dt` must be a positive number of milliseconds"),
    ],
)
def test_malformed_delays(delays, options, message):
    with pytest.raises(ValueError, match=message):
        AxonalDelay(2, delays, **{"dt": 1.0, **options})
