"""K-FAC by curvlinops against an explicit Kronecker product, and its running average."""

import pytest
import torch
from torch import nn

from cayley.experiments._isaac._kronecker import KroneckerFactors


def test_the_step_is_that_of_the_damped_kronecker_product() -> None:
    """Least squares with one output: the gradient factor is one number, and K-FAC is exact."""
    rng = torch.Generator().manual_seed(0)
    model = nn.Linear(3, 1).double()
    inputs = torch.randn(40, 3, generator=rng, dtype=torch.float64)
    targets = torch.randn(40, 1, generator=rng, dtype=torch.float64)
    factors = KroneckerFactors(model, nn.MSELoss(), damping=1e-14)
    for _ in range(3):
        factors.update(inputs, targets, rng)
    nn.functional.mse_loss(model(inputs), targets).backward()
    gradient = torch.cat([model.weight.grad[0], model.bias.grad])
    factors.precondition()
    found = torch.cat([model.weight.grad[0], model.bias.grad])
    augmented = torch.cat([inputs, torch.ones(40, 1).double()], dim=1)
    second_moment = augmented.T @ augmented / 40
    expected = torch.linalg.solve(second_moment, gradient)
    # The gradient factor is 2 on average; three batches of 40 drawn targets estimate it.
    ratio = expected / found
    assert torch.allclose(ratio, ratio.mean().expand(4), rtol=1e-2)
    assert 1.0 < float(ratio.mean()) < 3.0


def test_the_average_does_not_depend_on_its_start() -> None:
    model, inputs = nn.Linear(3, 2), torch.eye(3)
    factors = KroneckerFactors(model, nn.MSELoss(), damping=0.1)
    rng, seen = torch.Generator().manual_seed(0), []
    for _ in range(3):
        factors.update(inputs, torch.zeros(3, 2), rng)
        seen.append(factors.averages["input_covariances", ""] / (1 - 0.95 ** (len(seen) + 1)))
    assert torch.allclose(seen[0], seen[2], rtol=1e-4)


def test_nothing_seen_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="call `update` first"):
        KroneckerFactors(nn.Linear(2, 2), nn.MSELoss(), damping=0.1).precondition()
