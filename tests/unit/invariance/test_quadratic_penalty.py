"""One contract for every penalty, then what sets each apart."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cayley.invariance import (
    AugmentedLagrangian,
    CORALPenalty,
    GroupDROPenalty,
    IRMPenalty,
    MRIPenalty,
    RelaxedIRMPenalty,
    VRExPenalty,
)

MAKERS: dict[str, Callable[[], nn.Module]] = {
    "mri": lambda: MRIPenalty(3),
    "mri-unbiased": lambda: MRIPenalty(3, unbiased=True),
    "irm": lambda: IRMPenalty(3),
    "irm-relaxed": lambda: RelaxedIRMPenalty(3),
    "mri-alm": lambda: AugmentedLagrangian(MRIPenalty(3)),
    "mri-alm-unbiased": lambda: AugmentedLagrangian(MRIPenalty(3, unbiased=True)),
    "irm-alm": lambda: AugmentedLagrangian(IRMPenalty(3)),
    "vrex": lambda: VRExPenalty(3),
    "group-dro": lambda: GroupDROPenalty(3),
    "coral": lambda: CORALPenalty(3),
}


def batch(
    seed: int = 0, number: int = 60, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    g = torch.Generator().manual_seed(seed)
    ids = torch.multinomial(torch.tensor([0.6, 0.3, 0.1]), number, replacement=True, generator=g)
    ids[:6] = torch.arange(6) % 3
    output, target = torch.randn(2, number, generator=g, dtype=dtype)
    return output, target, ids


@pytest.fixture(params=MAKERS)
def penalty(request: pytest.FixtureRequest) -> nn.Module:
    return MAKERS[request.param]()


def test_returns_a_scalar_with_a_gradient_and_the_outputs_dtype(penalty: nn.Module) -> None:
    for dtype in (torch.float32, torch.float64):
        output, target, ids = batch(dtype=dtype)
        value = penalty(output.requires_grad_(), target, ids)
        assert value.shape == () and value.dtype == dtype
        value.backward()
        assert output.grad is not None and output.grad.abs().sum() > 0


def test_gradcheck(penalty: nn.Module) -> None:
    output, target, ids = batch(number=15)
    penalty.double().eval()
    assert torch.autograd.gradcheck(
        lambda o: penalty(o, target, ids), (output.requires_grad_(),), fast_mode=True
    )


def test_names_of_environments_do_not_matter(penalty: nn.Module) -> None:
    output, target, ids = batch()
    relabeled = pickle.loads(pickle.dumps(penalty))
    order = torch.tensor([2, 0, 1])
    for _ in range(3):  # the multipliers and weights move along
        torch.testing.assert_close(
            penalty(output, target, ids), relabeled(output, target, order[ids])
        )
        if isinstance(penalty, AugmentedLagrangian | GroupDROPenalty):
            penalty.step(output, target, ids)
            relabeled.step(output, target, order[ids])


def test_state_dict_round_trip(penalty: nn.Module, tmp_path: Path) -> None:
    output, target, ids = batch()
    for seed in range(3):
        if isinstance(penalty, AugmentedLagrangian | GroupDROPenalty):
            penalty.step(*batch(seed))
    torch.save(penalty.state_dict(), tmp_path / "state.pt")
    restored = pickle.loads(pickle.dumps(penalty))
    for buffer in restored.buffers():
        buffer.fill_(0.123)
    restored.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    penalty.eval(), restored.eval()
    if not isinstance(penalty, AugmentedLagrangian):  # whose contrasts are no state
        assert float(penalty(output, target, ids)) == float(restored(output, target, ids))
    for name, buffer in penalty.state_dict().items():
        assert torch.equal(buffer, restored.state_dict()[name])


def test_evaluation_changes_nothing(penalty: nn.Module) -> None:
    penalty(*batch(1))
    penalty.eval()
    before = {name: buffer.clone() for name, buffer in penalty.named_buffers()}
    penalty(*batch(2))
    assert all(torch.equal(buffer, before[name]) for name, buffer in penalty.named_buffers())


def test_an_environment_missing_from_a_batch_is_left_out(penalty: nn.Module) -> None:
    output, target, ids = batch()
    kept = ids != 1
    value = penalty(output[kept].requires_grad_(), target[kept], ids[kept])
    assert bool(value.isfinite())


def test_ids_out_of_range_are_refused(penalty: nn.Module) -> None:
    output, target, ids = batch()
    with pytest.raises(ValueError, match=r"ids in 0\.\.2; got ids from 1 to 3"):
        penalty(output, target, ids + 1)


def test_penalties_are_mean_squared_constraints() -> None:
    output, target, ids = batch()
    for kind in (MRIPenalty, IRMPenalty):
        g = kind(3).constraint(output, target, ids).values
        torch.testing.assert_close(
            kind(3, weight=7.0)(output, target, ids), 7 * g.square().sum(1).mean()
        )


def test_several_outputs_are_constrained_each() -> None:
    g = torch.Generator().manual_seed(0)
    output, target = torch.randn(2, 50, 2, generator=g)
    ids = torch.arange(50) % 2
    both = MRIPenalty(2, num_outputs=2)(output, target, ids)
    each = [MRIPenalty(2)(output[:, k], target[:, k], ids) for k in (0, 1)]
    torch.testing.assert_close(both, each[0] + each[1])


@pytest.mark.parametrize("kind", [MRIPenalty, IRMPenalty, RelaxedIRMPenalty])
def test_half_batches_are_unbiased_and_the_square_is_not(kind: type[MRIPenalty]) -> None:
    # In population every constraint is 0 here, so the expected square is the sampling variance.
    g = torch.Generator().manual_seed(0)
    squares, products = [], []
    for _ in range(400):
        y = torch.randn(64, generator=g)
        ids = torch.arange(64) % 2
        squares.append(kind(2)(y, y, ids) if kind is MRIPenalty else kind(2)(_half(y, g), y, ids))
        output = y if kind is MRIPenalty else _half(y, g)
        products.append(kind(2, unbiased=True)(output, y, ids))
    square, product = torch.stack(squares), torch.stack(products)
    error = product.std() / len(product) ** 0.5
    assert square.mean() > 6 * error
    assert product.mean().abs() < 4 * error  # fails with probability under 1e-4


def _half(y: Tensor, g: torch.Generator) -> Tensor:
    """An output with E[o^2] = E[o y]: half the label, plus noise of variance 1/4."""
    return 0.5 * y + 0.5 * torch.randn(len(y), generator=g)


def test_one_environment_per_batch_is_refused_or_skipped() -> None:
    output, target, _ = batch()
    alone = torch.zeros(len(output), dtype=torch.long)
    with pytest.raises(ValueError, match=r"single environment \(0\).*single='skip'"):
        MRIPenalty(3)(output, target, alone)
    assert float(MRIPenalty(3, single="skip")(output, target, alone)) == 0
    assert float(IRMPenalty(3)(output, target, alone)) > 0


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: MRIPenalty(1), ValueError, "at least 2 for MRIPenalty, which compares"),
        (lambda: MRIPenalty(0), ValueError, "`num_environments` must be at least 1"),
        (lambda: MRIPenalty(2.0), TypeError, "`num_environments` must be an integer; got 2.0"),
        (lambda: MRIPenalty(2, task="rank"), ValueError, "`task` must be one of"),
        (lambda: MRIPenalty(2, weight=-1.0), ValueError, "`weight` must be >= 0; got -1.0"),
        (lambda: MRIPenalty(2, single="drop"), ValueError, "`single` must be 'raise' or 'skip'"),
        (lambda: MRIPenalty(2, task="multiclass"), ValueError, "`num_outputs` must be the number"),
        (lambda: MRIPenalty(2, task="softmax", num_outputs=3), ValueError, "must be 2 for task"),
        (lambda: VRExPenalty(2, weight=-1.0), ValueError, "`weight` must be >= 0"),
        (lambda: CORALPenalty(2, weight=-1.0), ValueError, "`weight` must be >= 0"),
        (lambda: GroupDROPenalty(2, rate=-1.0), ValueError, "`rate` must be >= 0"),
    ],
)
def test_bad_options_are_refused(
    make: Callable[[], nn.Module], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_wrong_number_of_outputs_is_named() -> None:
    output, target = torch.zeros(2, 4, 3)
    with pytest.raises(ValueError, match=r"3 values per sample.*`num_outputs=1`"):
        MRIPenalty(2)(output, target, torch.tensor([0, 1, 0, 1]))


def test_vrex_is_the_variance_of_the_risks() -> None:
    output, target, ids = batch()
    risks = torch.stack([F.mse_loss(output[ids == e], target[ids == e]) for e in range(3)])
    torch.testing.assert_close(VRExPenalty(3)(output, target, ids), risks.var(correction=0))


def test_group_dro_moves_towards_the_worst_environment() -> None:
    output, target, ids = batch()
    penalty = GroupDROPenalty(3, rate=0.5)
    for _ in range(100):
        total = penalty(output, target, ids) + F.mse_loss(output, target)
        penalty.step(output, target, ids)
    risks = torch.stack([F.mse_loss(output[ids == e], target[ids == e]) for e in range(3)])
    torch.testing.assert_close(total, risks.max(), rtol=1e-4, atol=0)
    assert float(penalty.weights.sum()) == pytest.approx(1)


def test_group_dro_uses_weights_that_its_batch_has_moved() -> None:
    """Algorithm 1 of the paper updates before use; here without changing the state."""
    output, target, ids = batch()
    penalty = GroupDROPenalty(3, rate=2.0).double()
    risks = torch.stack([F.mse_loss(output[ids == e], target[ids == e]) for e in range(3)])
    grown = (2.0 * risks).softmax(0)
    mean = F.mse_loss(output, target)
    torch.testing.assert_close(penalty(output, target, ids), grown @ risks - mean)
    torch.testing.assert_close(penalty.eval()(output, target, ids), risks.mean() - mean)
    penalty.step(output, target, ids)
    torch.testing.assert_close(penalty.weights, grown)


def test_coral_compares_means_and_covariances() -> None:
    g = torch.Generator().manual_seed(0)
    first, second = torch.randn(2, 20, 3, generator=g)
    ids = torch.repeat_interleave(torch.arange(2), 20)
    value = CORALPenalty(2)(torch.cat([first, second]), torch.zeros(40), ids)
    expected = F.mse_loss(first.mean(0), second.mean(0)) + F.mse_loss(first.T.cov(), second.T.cov())
    torch.testing.assert_close(value, expected)
