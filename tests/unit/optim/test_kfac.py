"""The Kronecker-factored baseline against explicit Kronecker products."""

import pytest
import torch
from torch import nn

from cayley.optim import KFAC
from cayley.optim._kfac import damped_kronecker_inverses


def test_is_the_inverse_of_the_fisher_matrix_of_a_linear_model():
    """One sample repeated, unit output gradients: the Fisher matrix is exactly G (x) A."""
    model = nn.Linear(3, 2).double()
    kfac = KFAC(model, damping=1e-8, decay=0.0)
    rng = torch.Generator().manual_seed(0)
    inputs = torch.randn(40, 3, generator=rng, dtype=torch.float64)
    weights = torch.randn(40, 2, generator=rng, dtype=torch.float64)
    with kfac.recording():
        (model(inputs) * weights).sum(1).mean().backward()
    gradient = torch.cat([model.weight.grad, model.bias.grad[:, None]], dim=1)
    kfac.precondition()
    result = torch.cat([model.weight.grad, model.bias.grad[:, None]], dim=1)
    augmented = torch.cat([inputs, torch.ones(40, 1).double()], dim=1)
    fisher = torch.kron(weights.T @ weights / 40, augmented.T @ augmented / 40)
    expected = torch.linalg.solve(fisher, gradient.reshape(-1)).view(2, 4)
    assert torch.allclose(result, expected, rtol=1e-2)


def test_damping_splits_between_the_factors():
    A, G = torch.diag(torch.tensor([1.0, 3.0])), torch.diag(torch.tensor([8.0, 0.0, 16.0]))
    A_inverse, G_inverse = damped_kronecker_inverses(A, G, damping=0.25)
    ratio = (2.0 / 8.0) ** 0.5
    assert torch.allclose(A_inverse, torch.linalg.inv(A + ratio * 0.5 * torch.eye(2)))
    assert torch.allclose(G_inverse, torch.linalg.inv(G + 0.5 / ratio * torch.eye(3)))


def test_averages_without_bias_towards_the_start():
    model = nn.Linear(3, 2, bias=False)
    kfac = KFAC(model, damping=0.1, decay=0.9)
    inverses = []
    for _ in range(3):
        with kfac.recording():
            model(torch.eye(3)).sum(1).mean().backward()
        inverses.append(next(iter(kfac._inverses.values()))[0])
    assert torch.allclose(inverses[0], inverses[2], rtol=1e-4)


def test_records_only_when_told():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2, bias=False))
    kfac = KFAC(model, damping=0.1)
    model(torch.ones(2, 3)).sum().backward()
    with pytest.raises(RuntimeError, match="nothing to precondition with"):
        kfac.precondition()
    with kfac.recording():
        model(torch.ones(2, 3)).mean().backward()
    kfac.precondition()
    assert all(not layer._forward_hooks for layer in model)


def test_malformed_arguments():
    with pytest.raises(ValueError, match="`damping` must be above 0"):
        KFAC(nn.Linear(2, 2), damping=0)
    with pytest.raises(ValueError, match="`decay` must be from 0"):
        KFAC(nn.Linear(2, 2), damping=0.1, decay=1.0)
    with pytest.raises(ValueError, match=r"no torch\.nn\.Linear"):
        KFAC(nn.ReLU(), damping=0.1)
