"""Sum, maximum, parity and greatest common divisor of sets: how to take together, learned."""

from math import gcd

import numpy as np
import torch
from torch import Tensor, nn

from cayley._random import generator, stream_seed
from cayley.equivariance import CommutativeMonoid
from cayley.experiments._suite import Context, Measurement

__all__ = ["AGGREGATES", "AGGREGATORS", "run_sets"]

AGGREGATORS = ("monoid", "sum", "max")
"""The learned monoid, and perceptrons after a sum or a maximum of embeddings."""

AGGREGATES = ("sum", "max", "parity", "gcd")
_SYMBOLS = {"sum": 10, "max": 32, "parity": 2, "gcd": 61}
# How many answers there are. A sum is read off as a number; its entry is not used.
_ANSWERS = {"sum": 641, "max": 32, "parity": 2, "gcd": 61}
_DIMENSION, _HIDDEN, _STEPS, _BATCH = 32, 64, 1500, 128
_SEEN, _LONGER = 8, 32  # an operation that is learned for short sets should do for longer ones


class SetNetwork(nn.Module):
    """Embed, take together, read off: a number for a sum, else one of several answers."""

    def __init__(self, task: str, method: str, draws: torch.Generator) -> None:
        super().__init__()
        self.task, self.method = task, method
        outputs = 1 if task == "sum" else _ANSWERS[task]
        self.embed = nn.Embedding(_SYMBOLS[task], _DIMENSION)
        self.monoid = CommutativeMonoid(_DIMENSION, hidden=_HIDDEN, generator=draws)
        self.read = nn.Linear(_DIMENSION, outputs)
        if method != "monoid":  # as many parameters, spent after the fixed operation
            self.monoid = nn.Identity()  # type: ignore[assignment]
            self.read = nn.Sequential(  # type: ignore[assignment]
                nn.Linear(_DIMENSION, 2 * _HIDDEN), nn.ReLU(),
                nn.Linear(2 * _HIDDEN, _DIMENSION), nn.ReLU(), nn.Linear(_DIMENSION, outputs),
            )  # fmt: skip
        with torch.no_grad():
            for p in self.parameters():
                if p.ndim > 1:
                    p.copy_(torch.randn(p.shape, generator=draws) / p.shape[1] ** 0.5)

    def forward(self, sets: Tensor) -> Tensor:
        """Return the answers for sets of symbols, shape ``(batch, m)``."""
        x = self.embed(sets)
        if self.method == "monoid":
            together = self.monoid(x)
        else:
            together = x.sum(1) if self.method == "sum" else x.amax(1)
        y: Tensor = self.read(together)
        return y

    def defect(self, sets: Tensor) -> Tensor:
        """Return how far the learned operation is from a monoid on random entries of sets."""
        x = self.embed(sets)
        thirds = [self.monoid(part) for part in x.tensor_split(3, dim=1)]
        found = self.monoid.defects(*thirds)
        return found.associativity + found.identity


def draw_sets(
    task: str, random: np.random.Generator, size: int, batch: int
) -> tuple[Tensor, Tensor]:
    """Return random sets, shape ``(batch, size)``, and their answers."""
    if task == "gcd":
        # Multiples up to 60 of a common divisor up to 12, each of which has five or more.
        divisor = random.integers(1, 13, size=(batch, 1))
        sets = divisor * (1 + random.integers(0, 60 // divisor, size=(batch, size)))
        answers = np.array([gcd(*row) for row in sets.tolist()])
    else:
        sets = random.integers(_SYMBOLS[task], size=(batch, size))
        answers = {"sum": sets.sum(1), "max": sets.max(1), "parity": sets.sum(1) % 2}[task]
    return torch.from_numpy(sets), torch.from_numpy(answers)


def run_sets(task: str, method: str, context: Context) -> Measurement:
    """Train on sets of up to 8, test on sets of 8 and of 32."""
    draws = torch.Generator().manual_seed(stream_seed(context.seed, "weights"))
    random = generator(context.seed, "sets", task)
    network = SetNetwork(task, method, draws)
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, _STEPS)
    for step in range(_STEPS):
        sets, answers = draw_sets(task, random, int(random.integers(2, _SEEN + 1)), _BATCH)
        loss = _loss(task, network(sets), answers)
        if method == "monoid" and sets.shape[1] >= 3:
            # With more the operation is closer to a monoid and the answers are fitted less.
            loss = loss + 0.1 * network.defect(sets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            context.progress(step / _STEPS, f"loss {float(loss.detach()):.3f}")
    sizes = (_SEEN, _LONGER)
    metrics = {f"accuracy_{size}": _accuracy(network, task, random, size) for size in sizes}
    metrics["parameters"] = float(sum(p.numel() for p in network.parameters()))
    metrics["order_dependence"] = _order_dependence(network, task, random)
    return Measurement(
        metrics=metrics,
        config={
            "steps": _STEPS,
            "batch": _BATCH,
            "dimension": _DIMENSION,
            "torch": torch.__version__,
        },
    )


def _loss(task: str, y: Tensor, answers: Tensor) -> Tensor:
    if task == "sum":
        return nn.functional.smooth_l1_loss(y[:, 0], answers.float() / 10)
    return nn.functional.cross_entropy(y, answers)


def _answers(task: str, y: Tensor) -> Tensor:
    return (10 * y[:, 0]).round().long() if task == "sum" else y.argmax(1)


@torch.no_grad()
def _accuracy(network: SetNetwork, task: str, random: np.random.Generator, size: int) -> float:
    sets, answers = draw_sets(task, random, size, 1000)
    return float((_answers(task, network(sets)) == answers).float().mean())


@torch.no_grad()
def _order_dependence(network: SetNetwork, task: str, random: np.random.Generator) -> float:
    """Return how often another order of a set of 32 gets another answer."""
    sets, _ = draw_sets(task, random, _LONGER, 500)
    other = sets[:, torch.from_numpy(random.permutation(_LONGER))]
    changed = _answers(task, network(sets)) != _answers(task, network(other))
    return float(changed.float().mean())
