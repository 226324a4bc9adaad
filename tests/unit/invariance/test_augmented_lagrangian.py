import pytest
import torch
from torch import Tensor

from cayley.invariance import (
    AugmentedLagrangian,
    IRMPenalty,
    MRIPenalty,
    RelaxedIRMPenalty,
    VRExPenalty,
)
from cayley.invariance._environment_means import contrast_basis


def two_features(*, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor, Tensor]:
    """Two environments whose second moments are exact: the two-feature regression."""
    g = torch.Generator().manual_seed(0)
    features, labels = [], []
    for r in (1.0, 0.8):
        draw = torch.randn(500, 3, generator=g, dtype=dtype)
        y, first, second = (torch.linalg.qr(draw - draw.mean(0)).Q * 500**0.5).T
        x0 = 0.75 * y + (1 - 0.75**2) ** 0.5 * first
        features.append(torch.stack([x0, r * y + (1 - r**2) ** 0.5 * second], 1))
        labels.append(y)
    return torch.cat(features), torch.cat(labels), torch.arange(2).repeat_interleave(500)


def test_value_and_dual_step_by_hand() -> None:
    x, y, ids = two_features()
    output = x[:, 1].requires_grad_()
    lagrangian = AugmentedLagrangian(MRIPenalty(2), mu=4.0, rate=0.25).double()
    g = contrast_basis(2, dtype=torch.float64) @ MRIPenalty(2).constraint(output, y, ids).values
    assert g.item() == pytest.approx(0.2 / 2**0.5)
    for step in range(3):
        s = 0.25 * step * g
        expected = 2.0 * ((g + s).square() - s.square()).sum()
        term = lagrangian(output, y, ids)
        torch.testing.assert_close(term, expected)
        term.backward(retain_graph=True)
        lagrangian.step()
    torch.testing.assert_close(lagrangian.dual, 0.75 * g)


def test_irm_has_a_row_for_every_environment() -> None:
    assert AugmentedLagrangian(IRMPenalty(3)).dual.shape == (3, 1)
    assert AugmentedLagrangian(RelaxedIRMPenalty(3)).dual.shape == (2, 1)
    multiclass = MRIPenalty(3, task="multiclass", num_outputs=4)
    assert AugmentedLagrangian(multiclass).dual.shape == (2, 16)
    assert AugmentedLagrangian(MRIPenalty(2, task="complex", num_outputs=2)).dual.shape == (1, 4)


def test_gradient_descent_reaches_the_invariant_solution() -> None:
    x, y, ids = two_features()
    lagrangian = AugmentedLagrangian(MRIPenalty(2), mu=10.0, rate=0.1).double()
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.3)
    for _ in range(300):
        loss = (x @ w - y).square().mean() / 2 + lagrangian(x @ w, y, ids)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lagrangian.step()
    torch.testing.assert_close(w.detach(), torch.tensor([0.75, 0.0]).double(), atol=1e-3, rtol=0)


def test_dual_rate_is_its_own() -> None:
    x, y, ids = two_features()
    lagrangian = AugmentedLagrangian(MRIPenalty(2), rate=0.0)
    lagrangian.step(x[:, 1], y, ids)
    assert float(lagrangian.dual) == 0
    lagrangian.rate = 1.0
    lagrangian.step(x[:, 1], y, ids)
    assert float(lagrangian.dual) == pytest.approx(0.2 / 2**0.5, rel=1e-6)


def test_steps_by_hand_work_in_any_mode() -> None:
    x, y, ids = two_features()
    lagrangian = AugmentedLagrangian(MRIPenalty(2), rate=1.0)
    lagrangian.eval()
    lagrangian.step(x[:, 1].requires_grad_(), y, ids)
    assert float(lagrangian.dual) != 0
    assert not lagrangian.dual.requires_grad


def test_the_dual_carries_no_history() -> None:
    x, y, ids = two_features()
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    lagrangian = AugmentedLagrangian(MRIPenalty(2)).double()
    first = lagrangian(x @ w, y, ids)
    lagrangian.step(x @ w, y, ids)  # between the passes it must not break the graph
    second = lagrangian(x @ w, y, ids)
    (first + second).backward()
    assert not lagrangian.dual.requires_grad
    assert w.grad is not None


def test_resuming_from_a_state_dict_continues_the_same_run() -> None:
    x, y, ids = two_features()

    def run(steps: int, w: Tensor, lagrangian: AugmentedLagrangian) -> Tensor:
        for _ in range(steps):
            w = w.detach().requires_grad_()
            loss = (x @ w - y).square().mean() + lagrangian(x @ w, y, ids)
            loss.backward()
            w = w - 0.05 * w.grad
            lagrangian.step()
        return w.detach()

    whole = run(40, torch.zeros(2).double(), AugmentedLagrangian(MRIPenalty(2)))
    first = AugmentedLagrangian(MRIPenalty(2))
    half = run(20, torch.zeros(2).double(), first)
    second = AugmentedLagrangian(MRIPenalty(2))
    second.load_state_dict(first.state_dict())
    assert list(first.state_dict()) == ["dual"]
    torch.testing.assert_close(run(20, half, second), whole)


def test_options_are_checked() -> None:
    with pytest.raises(TypeError, match="got VRExPenalty, which holds no constraint"):
        AugmentedLagrangian(VRExPenalty(2))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`mu` must be > 0; got 0"):
        AugmentedLagrangian(MRIPenalty(2), mu=0)
    with pytest.raises(ValueError, match="`rate` must be >= 0; got -1"):
        AugmentedLagrangian(MRIPenalty(2), rate=-1)
    assert "mu=10.0, rate=0.1" in repr(AugmentedLagrangian(MRIPenalty(2)))


def test_complex_constraints_count_as_their_real_and_imaginary_parts() -> None:
    g = torch.Generator().manual_seed(0)
    output, y = torch.randn(2, 30, generator=g, dtype=torch.complex128)
    output, y = output - output.mean(), y - y.mean()
    ids = torch.arange(30) % 2
    lagrangian = AugmentedLagrangian(MRIPenalty(2, task="complex"), mu=4.0, rate=1.0).double()
    means = torch.stack([(output.conj() * y)[ids == e].mean() for e in (0, 1)])
    difference = (means[0] - means[1]) / 2**0.5
    torch.testing.assert_close(lagrangian(output, y, ids), 2 * difference.abs().square())
    lagrangian.step(output, y, ids)
    torch.testing.assert_close(torch.view_as_complex(lagrangian.dual), difference[None])


def test_unbiased_square_and_exact_linear_part() -> None:
    x, y, ids = two_features()
    penalty = MRIPenalty(2, unbiased=True)
    lagrangian = AugmentedLagrangian(penalty, mu=6.0, rate=0.0).double()
    lagrangian.dual.fill_(0.3)
    output = x[:, 1]
    g = contrast_basis(2, dtype=torch.float64) @ MRIPenalty(2).constraint(output, y, ids).values
    expected = 3 * (2 * penalty(output, y, ids) + 2 * 0.3 * g.squeeze())
    torch.testing.assert_close(lagrangian(output, y, ids), expected)
