"""Schedules of the damping, also of compiled layers."""

import math

import pytest
import torch
from torch import nn

from cayley.optim import DampingScheduler, convert


def network():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    convert(model, damping=0.5, layers=["0"])
    return convert(model, damping=2.0, layers=["2"])


def test_every_layer_keeps_its_own_base():
    model = network()
    scheduler = DampingScheduler(model, lambda step: 1 / (1 + step))
    assert scheduler.last_damping() == {"0": 0.5, "2": 2.0}
    scheduler.step()
    scheduler.step()
    assert scheduler.last_damping() == pytest.approx({"0": 0.5 / 3, "2": 2 / 3})
    assert [model[i]._damping.item() for i in (0, 2)] == pytest.approx([0.5 / 3, 2 / 3])
    other = network()
    resumed = DampingScheduler(other, lambda step: 1 / (1 + step))
    resumed.load_state_dict(scheduler.state_dict())
    resumed.step()
    scheduler.step()
    assert resumed.last_damping() == scheduler.last_damping()


@pytest.mark.filterwarnings("ignore:.*Function'> should not be instantiated:DeprecationWarning")
def test_a_compiled_model_is_not_compiled_anew():
    model = convert(nn.Sequential(nn.Linear(4, 3)).double(), damping=0.5)
    inputs = torch.randn(5, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.compiler.reset()
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    compiled(inputs).sum().backward()
    scheduler = DampingScheduler(model, lambda step: 10.0**-step)
    with torch._dynamo.config.patch(error_on_recompile=True):
        for _ in range(3):
            scheduler.step()
            model.zero_grad()
            compiled(inputs).square().sum().backward()
            result = model[0].weight.grad.clone()
            model.zero_grad()
            model(inputs).square().sum().backward()
            assert torch.allclose(result, model[0].weight.grad, rtol=1e-10)


def test_the_damping_keeps_its_digits_and_moves_with_the_layer():
    layer = convert(nn.Linear(4, 3), damping=0.1).to(torch.bfloat16)
    assert layer._damping.dtype == torch.float64
    assert layer._damping.item() == layer.damping == 0.1
    assert "_damping" not in layer.state_dict()
    assert layer.to("meta")._damping.is_meta
    layer = layer.to_empty(device="cpu")
    assert layer._damping.item() == 0.1


def test_malformed_schedules_change_nothing():
    with pytest.raises(
        ValueError, match=r"`model` has no ISAAC layer; call `cayley.optim.convert`"
    ):
        DampingScheduler(nn.Linear(2, 2), lambda step: 1.0)
    with pytest.raises(TypeError, match=r"`model` must be a torch.nn.Module; got list"):
        DampingScheduler([], lambda step: 1.0)
    model = network()
    with pytest.raises(ValueError, match="`damping` must be above 0"):
        DampingScheduler(model, lambda step: 0.0)
    scheduler = DampingScheduler(model, lambda step: 1.0 - step)
    with pytest.raises(ValueError, match="`damping` must be above 0"):
        scheduler.step()
    assert scheduler.last_damping() == {"0": 0.5, "2": 2.0}
    assert scheduler.last_step == 0
    with pytest.raises(ValueError, match=r"the state is of layers \['a'\]; the model has"):
        scheduler.load_state_dict({"last_step": 1, "base": {"a": 1.0}})
    with pytest.raises(ValueError, match="`damping` must be above 0"):
        scheduler.load_state_dict({"last_step": 0, "base": {"0": math.nan, "2": 1.0}})
    assert scheduler.base == {"0": 0.5, "2": 2.0}
