"""The terms inside real training loops: checkpointing, accumulation, compilation, half precision.

The oracle is always the same loop written out in float64, without the feature that is tested.
"""

import copy
import math
import pickle
import warnings
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader

from cayley.invariance import (
    AugmentedLagrangian,
    GroupDROPenalty,
    InvarianceWarning,
    IRMPenalty,
    MRIPenalty,
    VRExPenalty,
    _dual_ascent,
)

Batch = tuple[Tensor, Tensor, Tensor]

STATEFUL: dict[str, Callable[[], nn.Module]] = {
    "mri-alm": lambda: AugmentedLagrangian(MRIPenalty(2, task="binary"), mu=10.0, rate=0.5),
    "mri-alm-unbiased": lambda: AugmentedLagrangian(
        MRIPenalty(2, task="binary", unbiased=True), rate=0.5
    ),
    "irm-alm": lambda: AugmentedLagrangian(IRMPenalty(2, task="binary"), rate=0.5),
    "group-dro": lambda: GroupDROPenalty(2, task="binary", rate=0.5),
}


def batch(number: int = 48, seed: int = 0) -> Batch:
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(number, 3, generator=g, dtype=torch.float64)
    y = (x[:, 0] + torch.randn(number, generator=g, dtype=torch.float64) > 0).double()
    ids = (torch.rand(number, generator=g) < 0.3).long()
    x[:, 1] += (y - 0.5) * (2 - ids)
    return x, y, ids


@pytest.fixture(params=STATEFUL)
def term(request: pytest.FixtureRequest) -> nn.Module:
    return STATEFUL[request.param]().double()


def state(term: nn.Module) -> Tensor:
    return next(iter(term.state_dict().values())).clone()


def network() -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()


def loop(
    term: nn.Module,
    loss_of: Callable[[nn.Module, Tensor, Tensor, Tensor], Tensor],
    *,
    steps: int = 4,
) -> tuple[list[Tensor], Tensor]:
    """Train by hand; return the gradients of every step and the multipliers at the end."""
    net, gradients = network(), []
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for step in range(steps):
        optimizer.zero_grad()
        loss_of(net, *batch(seed=step)).backward()
        gradients.append(torch.cat([p.grad.ravel().clone() for p in net.parameters()]))
        optimizer.step()
        term.step()
    return gradients, state(term)


def plain(term: nn.Module) -> Callable[..., Tensor]:
    def loss(net: nn.Module, x: Tensor, y: Tensor, ids: Tensor) -> Tensor:
        o = net(x)[:, 0]
        return F.binary_cross_entropy_with_logits(o, y) + term(o, y, ids)

    return loss


def test_the_state_moves_in_step_only(term: nn.Module) -> None:
    x, y, ids = batch()
    before = state(term)
    o = x[:, 1].requires_grad_()
    first = term(o, y, ids)
    first.backward()
    second = term(o, y, ids)
    assert torch.equal(first, second)
    assert torch.equal(state(term), before)
    term.step()
    assert not torch.equal(state(term), before)


def test_the_dual_step_adds_the_constraint_of_the_samples() -> None:
    x, y, ids = batch()
    o = x[:, 1].requires_grad_()
    oy = o.detach() * (y - 0.5)
    difference = (oy[ids == 0].mean() - oy[ids == 1].mean()) / math.sqrt(2)
    term = AugmentedLagrangian(MRIPenalty(2, task="binary"), mu=7.0, rate=0.25).double()
    for number in (1, 2):
        # neither a factor of the loss nor its scale by a GradScaler reaches the multipliers
        (3.0 * number * term(o, y, ids)).backward()
        term.step()
        torch.testing.assert_close(term.dual, number * 0.25 * difference[None, None])


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpointing_changes_nothing(term: nn.Module, reentrant: bool) -> None:
    twin = copy.deepcopy(term)
    expected = loop(twin, plain(twin))

    def with_checkpoint(net: nn.Module, x: Tensor, y: Tensor, ids: Tensor) -> Tensor:
        def part(x: Tensor) -> Tensor:
            return plain(term)(net, x, y, ids)

        return checkpoint(part, x.requires_grad_(reentrant), use_reentrant=reentrant)

    found = loop(term, with_checkpoint)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


def test_forward_without_gradients_leaves_no_trace(term: nn.Module) -> None:
    twin = copy.deepcopy(term)
    expected = loop(twin, plain(twin))

    def with_a_look(net: nn.Module, x: Tensor, y: Tensor, ids: Tensor) -> Tensor:
        with torch.no_grad():
            plain(term)(net, 5 * x, 1 - y, ids)
        with torch.inference_mode():
            plain(term)(net, 5 * x, 1 - y, ids)
        term.eval()
        plain(term)(net, 5 * x, 1 - y, ids).backward()  # in evaluation, as saliency maps do
        net.zero_grad()
        term.train()
        return plain(term)(net, x, y, ids)

    found = loop(term, with_a_look)
    torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_accumulation_moves_the_multipliers_as_the_whole_batch_does(term: nn.Module) -> None:
    """Parts of unequal size, and of unequal share of the environments."""
    x, y, ids = batch(60)
    o = x[:, 1].clone().requires_grad_()
    whole, parts, before = copy.deepcopy(term), term, state(term)
    whole(o, y, ids).backward()
    whole.step()
    for rows in (slice(0, 10), slice(10, 18), slice(18, 60)):
        (parts(o[rows], y[rows], ids[rows]) / 3).backward()
    assert torch.equal(state(parts), before)
    parts.step()
    torch.testing.assert_close(state(parts), state(whole), rtol=1e-12, atol=1e-14)


def test_outputs_gathered_from_checkpointed_parts_are_the_whole_batch(term: nn.Module) -> None:
    twin = copy.deepcopy(term)
    expected = loop(twin, plain(twin))

    def gathered(net: nn.Module, x: Tensor, y: Tensor, ids: Tensor) -> Tensor:
        parts = [checkpoint(net, part, use_reentrant=False) for part in x.split(16)]
        o = torch.cat(parts)[:, 0]
        return F.binary_cross_entropy_with_logits(o, y) + term(o, y, ids)

    torch.testing.assert_close(loop(term, gathered), expected, rtol=1e-12, atol=1e-14)


def test_a_hook_of_the_optimizer_takes_the_steps(term: nn.Module) -> None:
    twin = copy.deepcopy(term)
    expected = loop(twin, plain(twin))
    net = network()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    handle = term.attach(optimizer)
    for step in range(4):
        optimizer.zero_grad()
        plain(term)(net, *batch(seed=step)).backward()
        optimizer.step()
    torch.testing.assert_close(state(term), expected[1], rtol=0, atol=0)
    handle.remove()
    plain(term)(net, *batch()).backward()
    optimizer.step()
    torch.testing.assert_close(state(term), expected[1], rtol=0, atol=0)


def test_the_hook_waits_while_there_is_no_term(term: nn.Module) -> None:
    net = network()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    term.attach(optimizer)
    before = state(term)
    net(batch()[0]).sum().backward()
    optimizer.step()
    assert torch.equal(state(term), before)


class FakeTrainer:
    """What Lightning's trainer shows to a callback, and the order in which it calls."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizers = [optimizer]


def test_a_callback_of_lightning_takes_the_steps(term: nn.Module) -> None:
    twin = copy.deepcopy(term)
    expected = loop(twin, plain(twin))
    net = network()
    trainer = FakeTrainer(torch.optim.SGD(net.parameters(), lr=0.1))
    callback = term.lightning_callback()
    callback.setup(trainer, net, stage="fit")
    callback.on_train_start(trainer, net)
    for step in range(4):
        callback.on_train_batch_start(trainer, net, None, step)
        trainer.optimizers[0].zero_grad()
        plain(term)(net, *batch(seed=step)).backward()
        trainer.optimizers[0].step()
        callback.on_train_batch_end(trainer, net, None, None, step)
    callback.on_train_end(trainer, net)
    assert not trainer.optimizers[0]._optimizer_step_post_hooks
    assert callback.state_dict() == {}
    torch.testing.assert_close(state(term), expected[1], rtol=0, atol=0)
    with pytest.raises(AttributeError, match="tuner"):
        callback.tuner  # noqa: B018


def test_lightning_itself(tmp_path) -> None:  # type: ignore[no-untyped-def]
    lightning = pytest.importorskip("lightning.pytorch")
    term = STATEFUL["mri-alm"]().double()
    twin = copy.deepcopy(term)
    expected = loop(twin, plain(twin))

    class Model(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net, self.term = network(), term

        def training_step(self, parts: Batch, _: int) -> Tensor:
            return plain(self.term)(self.net, *parts)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lightning.Trainer(
            max_epochs=1,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[term.lightning_callback()],
            default_root_dir=tmp_path,
        ).fit(Model(), DataLoader([batch(seed=step) for step in range(4)], batch_size=None))
    torch.testing.assert_close(state(term), expected[1], rtol=0, atol=0)


@pytest.mark.parametrize("name", [*STATEFUL, "mri", "mri-balanced", "vrex", "regression"])
def test_compiles_into_one_graph(name: str) -> None:
    more: dict[str, Callable[[], nn.Module]] = {
        "mri": lambda: MRIPenalty(2, task="binary"),
        "mri-balanced": lambda: MRIPenalty(2, task="binary", balanced=True),
        "regression": lambda: MRIPenalty(2),
        "vrex": lambda: VRExPenalty(2, task="binary"),
    }
    term = {**STATEFUL, **more}[name]().double()
    twin = copy.deepcopy(term)
    torch._dynamo.reset()
    compiled = torch.compile(term, fullgraph=True, backend="aot_eager")
    x, y, ids = batch()
    gradients = []
    for each in (twin, compiled):
        o = x[:, 1].clone().requires_grad_()
        for _ in range(2):
            each(o, y, ids).backward()
            if name in STATEFUL:
                (term if each is compiled else twin).step()
        gradients.append(o.grad)
    torch.testing.assert_close(gradients[1], gradients[0], rtol=1e-12, atol=1e-14)
    if name in STATEFUL:
        torch.testing.assert_close(state(term), state(twin), rtol=1e-12, atol=1e-14)


def test_labels_are_checked_in_a_compiled_graph_too() -> None:
    torch._dynamo.reset()
    compiled = torch.compile(
        MRIPenalty(2, task="binary").double(), fullgraph=True, backend="aot_eager"
    )
    x, y, ids = batch()
    with pytest.raises(RuntimeError, match="labels of task 'binary' are 0 and 1"):
        compiled(x[:, 1], 2 * y - 1, ids)
    with pytest.raises(RuntimeError, match=r"ids in 0\.\.1"):
        compiled(x[:, 1], y, ids + 1)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_autocast_leaves_the_term_in_full_precision(dtype: torch.dtype) -> None:
    for make in STATEFUL.values():
        term, twin = make(), make()
        x, y, ids = batch(2000)
        o = x[:, 1].to(dtype)
        twin(o.float().requires_grad_(), y.float(), ids).backward()
        twin.step()
        with torch.autocast("cpu", dtype):
            value = term(o.requires_grad_(), y.float(), ids)
        assert value.dtype == torch.float32
        (65536.0 * value).backward()
        term.step()
        torch.testing.assert_close(state(term), state(twin), rtol=1e-6, atol=0)


def test_a_scaler_that_skips_a_step_holds_the_multipliers() -> None:
    net = network().float()
    term = STATEFUL["mri-alm"]()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    term.attach(optimizer)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10)
    x, y, ids = (part.float() if part.is_floating_point() else part for part in batch())
    for overflow in (True, False):
        optimizer.zero_grad()
        loss = plain(term)(net, x, y, ids)
        scaler.scale(loss * (math.inf if overflow else 1.0)).backward()
        scaler.step(optimizer)
        scaler.update()
        assert bool(term.dual.abs() > 0) != overflow
        assert bool(term.dual.isfinite())
        if overflow:
            term.step()  # by hand as well: what is not finite is thrown away
            assert float(term.dual) == 0


def test_steps_without_anything_recorded_are_refused(term: nn.Module) -> None:
    with pytest.raises(RuntimeError, match=r"no samples since the last.*after `loss\.backward"):
        term.step()
    o, y, ids = batch()[0][:, 1], *batch()[1:]
    term(o, y, ids)  # without a gradient there is no backward pass
    with pytest.raises(RuntimeError, match="no samples since the last"):
        term.step()


def test_samples_given_to_step_replace_those_recorded(term: nn.Module) -> None:
    x, y, ids = batch()
    twin = copy.deepcopy(term)
    term(x[:, 1].clone().requires_grad_(), y, ids).backward()
    for each in (term, twin):
        each.step(x[:, 2], y, ids)
    assert torch.equal(state(term), state(twin))
    with pytest.raises(RuntimeError, match="no samples since the last"):
        term.step()
    with pytest.raises(TypeError, match="all three of `output`, `target` and `environments`"):
        term.step(x[:, 2])


def test_multipliers_that_never_move_are_warned_of_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_dual_ascent, "_SUSPICIOUS_CALLS", 20)
    term = STATEFUL["mri-alm"]().double()
    x, y, ids = batch(8)
    o = x[:, 1].clone().requires_grad_()
    with pytest.warns(InvarianceWarning, match=r"20 calls.*no dual step.*`attach\(optimizer\)`"):
        for _ in range(22):
            term(o, y, ids).backward()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(22):
            term(o, y, ids).backward()


def test_copies_and_pickles_record_for_themselves(term: nn.Module) -> None:
    x, y, ids = batch()
    o = x[:, 1].clone().requires_grad_()
    for twin in (copy.deepcopy(term), pickle.loads(pickle.dumps(term)), term.to(torch.float32)):
        before = state(term)
        twin(o, y, ids).backward()
        twin.step()
        assert torch.equal(state(term), before) == (twin is not term)


def test_the_record_is_no_parameter_and_no_state(term: nn.Module) -> None:
    assert list(term.parameters()) == []
    assert len(term.state_dict()) == 1
