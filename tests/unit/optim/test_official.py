"""The authors' package `isaac` as an oracle, where it is installed."""

import pytest
import torch

from cayley.optim import ISAACLinear, isaac_weight_gradient

isaac = pytest.importorskip("isaac", reason="the authors' package is not installed")


@pytest.mark.parametrize(("samples", "features"), [(5, 12), (12, 5), (7, 7)])
def test_agrees_with_the_official_package(samples, features):
    rng = torch.Generator().manual_seed(0)
    inputs = torch.randn(samples, features, generator=rng, dtype=torch.float64)
    theirs = isaac.Linear(features, 3, 0.1).double()
    ours = ISAACLinear(features, 3, damping=0.1, dtype=torch.float64)
    ours.load_state_dict(theirs.state_dict())
    for layer in (theirs, ours):
        layer(inputs).square().sum().backward()
    assert torch.allclose(ours.weight.grad, theirs.weight.grad, rtol=1e-12, atol=1e-13)
    assert torch.allclose(ours.bias.grad, theirs.bias.grad, rtol=1e-12)


def test_keeps_digits_where_the_official_formula_loses_them():
    rng = torch.Generator().manual_seed(0)
    a, g = torch.randn(16, 64, generator=rng), torch.randn(16, 3, generator=rng)
    exact = isaac_weight_gradient(a.double(), g.double(), damping=1e-6)
    theirs = isaac.Linear(64, 3, 1e-6)
    (theirs(a) * g).sum().backward()
    ours = isaac_weight_gradient(a, g, damping=1e-6)
    assert float((theirs.weight.grad - exact).norm() / exact.norm()) > 0.1
    assert float((ours - exact).norm() / exact.norm()) < 1e-6
