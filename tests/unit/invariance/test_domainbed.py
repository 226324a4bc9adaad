"""The adapter against a loop written by hand, and as DomainBed's training script uses it."""

import copy
import inspect

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cayley.invariance import (
    AugmentedLagrangian,
    DomainBedAlgorithm,
    GroupDROPenalty,
    MRIPenalty,
    VRExPenalty,
)

Minibatches = list[tuple[Tensor, Tensor]]


def minibatches(seed: int = 0, environments: int = 3, classes: int = 3) -> Minibatches:
    """Batches of unequal sizes, whose second feature tells the class more or less."""
    g = torch.Generator().manual_seed(seed)
    parts = []
    for e in range(environments):
        y = torch.randint(classes, (40 + 5 * e,), generator=g)
        x = torch.randn(len(y), 6, generator=g)
        x[:, :3] += F.one_hot(y, 3)
        x[:, 3:] += (2 - e) * F.one_hot(y, 3)
        parts.append((x, y))
    return parts


def network(outputs: int = 3) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Linear(6, outputs)


def algorithm(penalty: nn.Module | None, **options: int) -> DomainBedAlgorithm:
    net = network()
    return DomainBedAlgorithm(net, penalty, torch.optim.SGD(net.parameters(), lr=0.1), **options)


def test_updates_are_those_of_a_loop() -> None:
    found = algorithm(AugmentedLagrangian(MRIPenalty(3, task="multiclass", num_outputs=3)))
    net, term = network(), AugmentedLagrangian(MRIPenalty(3, task="multiclass", num_outputs=3))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for seed in range(3):
        parts = minibatches(seed)
        report = found.update(parts, None)
        x, y = (torch.cat(part) for part in zip(*parts, strict=True))
        ids = torch.tensor([0] * 40 + [1] * 45 + [2] * 50)
        loss, added = F.cross_entropy(net(x), y), term(net(x), y, ids)
        optimizer.zero_grad()
        (loss + added).backward()
        optimizer.step()
        term.step()
        assert report == pytest.approx({"loss": loss.item(), "penalty": added.item()}, rel=1e-4)
    torch.testing.assert_close(found.network.weight, net.weight)
    torch.testing.assert_close(found.penalty.dual, term.dual)
    torch.testing.assert_close(found.predict(x), net(x))


@pytest.mark.parametrize("penalty", [None, VRExPenalty(3, task="multiclass"),
                                     GroupDROPenalty(3, task="multiclass")])  # fmt: skip
def test_every_penalty_trains(penalty: nn.Module | None) -> None:
    found = algorithm(copy.deepcopy(penalty))
    losses = [found.update(minibatches(seed))["loss"] for seed in range(20)]
    assert losses[-1] < 0.8 * losses[0]


def test_one_logit_and_numbers() -> None:
    net = network(1)
    found = DomainBedAlgorithm(
        net, MRIPenalty(3, task="binary"), torch.optim.SGD(net.parameters(), lr=0.1)
    )
    parts = [(x, (y > 0).float()) for x, y in minibatches()]
    assert found.update(parts)["penalty"] > 0
    assert found.predict(parts[0][0]).shape == (40, 1)


def test_the_penalty_waits_for_the_warm_updates() -> None:
    found = algorithm(MRIPenalty(3, task="multiclass", num_outputs=3), warm_updates=2)
    assert [found.update(minibatches(s))["penalty"] > 0 for s in range(4)] == [0, 0, 1, 1]
    with pytest.raises(ValueError, match="`warm_updates` must be >= 0; got -1"):
        algorithm(None, warm_updates=-1)


def test_a_state_continues_the_run_also_after_a_move() -> None:
    """As the script saves: ``algorithm.cpu().state_dict()`` in the midst of training."""
    make = lambda: AugmentedLagrangian(MRIPenalty(3, task="multiclass", num_outputs=3))  # noqa: E731
    whole, half = algorithm(make()), algorithm(make())
    for seed in range(4):
        whole.update(minibatches(seed))
    for seed in range(2):
        half.update(minibatches(seed))
    state = half.cpu().state_dict()
    again = algorithm(make())
    again.load_state_dict(state)
    for seed in range(2, 4):
        again.update(minibatches(seed))
    torch.testing.assert_close(again.state_dict(), whole.state_dict())


def test_the_signatures_are_those_of_domainbed() -> None:
    # def update(self, minibatches, unlabeled=None) and def predict(self, x), in algorithms.py
    update = inspect.signature(DomainBedAlgorithm.update)
    assert [*update.parameters] == ["self", "minibatches", "unlabeled"]
    assert update.parameters["unlabeled"].default is None
    assert [*inspect.signature(DomainBedAlgorithm.predict).parameters] == ["self", "x"]
