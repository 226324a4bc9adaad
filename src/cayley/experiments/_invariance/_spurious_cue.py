"""An operation under a spurious cue: keep ``a o b``, drop what merely goes along with it."""

from dataclasses import dataclass
from itertools import permutations
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._random import generator, stream_seed
from cayley._shapes import Float, Int
from cayley.experiments._invariance._penalty import make_penalty
from cayley.experiments._suite import Context, Measurement
from cayley.hypercube import HyperCube
from cayley.invariance import AugmentedLagrangian, MRIPenalty

__all__ = ["OperationFit", "fit_operation", "operation_table", "run_operation"]

Array = NDArray[Any]

# As in Colored MNIST a quarter of the answers is wrong. In the mean over both environments the cue
# is as good as the operands (0.75), in the first it is better.
AGREEMENT = (0.9, 0.6)
LABEL_NOISE = 0.25
ROWS = 20_000
STEPS = 1500


def operation_table(name: Literal["S3", "mod7"]) -> Int[Array, "n n"]:
    """Return the table of the symmetric group on three points, or of addition modulo 7.

    Example:
        >>> operation_table("mod7")[3, 5].item()
        1
    """
    if name == "mod7":
        return np.add.outer(np.arange(7), np.arange(7)) % 7
    elements = list(permutations(range(3)))
    return np.array(
        [[elements.index(tuple(a[b[i]] for i in range(3))) for b in elements] for a in elements]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Operands, cue and noisy answer of each sample, and its environment, shape ``(n,)`` each."""

    left: Int[Tensor, " n"]
    right: Int[Tensor, " n"]
    cue: Int[Tensor, " n"]
    answer: Int[Tensor, " n"]
    environments: Int[Tensor, " n"]


def _other_than(rng: np.random.Generator, values: Array, order: int) -> Array:
    """Draw for each value one of the others."""
    return (values + rng.integers(1, order, size=len(values))) % order


def draw_samples(
    table: Int[Array, "n n"],
    rng: np.random.Generator,
    agreement: tuple[float, ...],
    *,
    rows: int,
    label_noise: float = LABEL_NOISE,
) -> Samples:
    """Draw operands uniformly; the answer is sometimes wrong; the cue mostly repeats the answer.

    Args:
        table: The operation.
        rng: Source.
        agreement: Probability that cue and (noisy) answer agree, per environment.
        rows: Samples per environment.
        label_noise: Probability that the answer is another symbol.
    """
    order, number = len(table), rows * len(agreement)
    ids = np.repeat(np.arange(len(agreement)), rows)
    left, right = rng.integers(order, size=(2, number))
    truth = table[left, right]
    wrong = rng.random(number) < label_noise
    answer = np.where(wrong, _other_than(rng, truth, order), truth)
    agrees = rng.random(number) < np.array(agreement)[ids]
    cue = np.where(agrees, answer, _other_than(rng, answer, order))
    return Samples(
        left=torch.from_numpy(left),
        right=torch.from_numpy(right),
        cue=torch.from_numpy(cue),
        answer=torch.from_numpy(answer),
        environments=torch.from_numpy(ids),
    )


class CuedOperation(nn.Module):
    """A network of one hidden layer that sees both operands and the cue as one-hot vectors."""

    def __init__(self, order: int, *, width: int = 128, use_cue: bool = True) -> None:
        super().__init__()
        self.order, self.use_cue = order, use_cue
        self.layers = nn.Sequential(nn.Linear(3 * order, width), nn.ReLU(), nn.Linear(width, order))

    def forward(
        self, left: Int[Tensor, " n"], right: Int[Tensor, " n"], cue: Int[Tensor, " n"]
    ) -> Float[Tensor, "n order"]:
        """Return one logit per symbol."""
        inputs = [F.one_hot(symbol, self.order) for symbol in (left, right, cue)]
        if not self.use_cue:
            inputs[2] = torch.zeros_like(inputs[2])
        logits: Tensor = self.layers(torch.cat(inputs, 1).float())
        return logits


class CuedHyperCube(nn.Module):
    """HyperCube for the operands, and a table of logits for the cue, added.

    The two parts meet in the logits only, so that the second is what the cue is worth.
    """

    def __init__(self, order: int, *, generator: torch.Generator, use_cue: bool = True) -> None:
        super().__init__()
        self.operation = HyperCube(order, generator=generator)
        # A product's entries are near 0 and 1; logits have to be some times as large.
        self.scale = nn.Parameter(torch.tensor(5.0))
        self.worth = nn.Parameter(torch.zeros(order, order), requires_grad=use_cue)

    def forward(
        self, left: Int[Tensor, " n"], right: Int[Tensor, " n"], cue: Int[Tensor, " n"]
    ) -> Float[Tensor, "n order"]:
        """Return one logit per symbol."""
        logits: Tensor = self.scale * self.operation(left, right)[0] + self.worth[cue]
        return logits


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFit:
    """What a network learned.

    Attributes:
        table: Answer to ``a o b`` for every cue, shape ``(n, n, n)``, the cue last.
        cue_effect: How much a cue raises the logit of the symbol that it names, on average.
        ood_accuracy: Share of right answers under wrong cues.
        constraint_heldout: Largest constraint on fresh samples of the training environments.
    """

    table: Int[Array, "n n n"]
    cue_effect: float
    ood_accuracy: float
    constraint_heldout: float


def fit_operation(
    name: Literal["S3", "mod7"],
    method: str,
    context: Context,
    *,
    network: Literal["hidden layer", "hypercube"] = "hidden layer",
    steps: int = STEPS,
    batch: int = 1024,
    weight: float = 100.0,
) -> OperationFit:
    """Train a network on noisy answers with a cue, by one method."""
    table = operation_table(name)
    order = len(table)
    data = draw_samples(table, generator(context.seed, "operation"), AGREEMENT, rows=ROWS)
    heldout = draw_samples(table, generator(context.seed, "heldout"), AGREEMENT, rows=ROWS)
    draws = torch.Generator().manual_seed(stream_seed(context.seed, "batches"))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(stream_seed(context.seed, "weights"))
        net: nn.Module = CuedOperation(order, use_cue=method != "oracle")
    if network == "hypercube":
        source = torch.Generator().manual_seed(stream_seed(context.seed, "weights"))
        net = CuedHyperCube(order, generator=source, use_cue=method != "oracle")
    number = len(AGREEMENT)
    penalty = make_penalty(
        method, number, task="multiclass", num_outputs=order, weight=weight, rate=0.1
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    if isinstance(penalty, AugmentedLagrangian):
        penalty.attach(optimizer)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        rows = torch.randint(len(data.answer), (batch,), generator=draws)
        logits = net(data.left[rows], data.right[rows], data.cue[rows])
        loss = F.cross_entropy(logits, data.answer[rows])
        if penalty is not None:
            loss = loss + penalty(logits, data.answer[rows], data.environments[rows])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            context.progress(step / steps, f"step {step}")
    with torch.no_grad():
        return _judge(net, table, heldout)


def _judge(net: nn.Module, table: Int[Array, "n n"], heldout: Samples) -> OperationFit:
    order = len(table)
    a, b, cue = torch.meshgrid(*[torch.arange(order)] * 3, indexing="ij")
    logits = net(a.ravel(), b.ravel(), cue.ravel()).view(order, order, order, order)
    named = logits.diagonal(dim1=2, dim2=3)  # the logit of the symbol that the cue names
    unnamed = (logits.sum(2) - named) / (order - 1)  # the same symbol under the other cues
    answers = logits.argmax(-1).numpy()
    wrong = np.arange(order)[None, None, :] != table[:, :, None]
    constraint = MRIPenalty(len(AGREEMENT), task="multiclass", num_outputs=order).constraint(
        net(heldout.left, heldout.right, heldout.cue), heldout.answer, heldout.environments
    )
    return OperationFit(
        table=answers,
        cue_effect=float((named - unnamed).mean()),
        ood_accuracy=float((answers == table[:, :, None])[wrong].mean()),
        constraint_heldout=float(constraint.values.abs().max()),
    )


def run_operation(method: str, context: Context) -> Measurement:
    """Train on the table of S3 and on addition modulo 7; test with cues that are wrong."""
    fits = {name: fit_operation(name, method, context) for name in ("S3", "mod7")}
    cube = fit_operation("S3", method, context, network="hypercube")
    return Measurement(
        metrics={
            "ood_accuracy": fits["S3"].ood_accuracy,
            "cue_effect": fits["S3"].cue_effect,
            "constraint_heldout": fits["S3"].constraint_heldout,
            "ood_accuracy_mod7": fits["mod7"].ood_accuracy,
            "cue_effect_mod7": fits["mod7"].cue_effect,
            "ood_accuracy_hypercube": cube.ood_accuracy,
            "cue_effect_hypercube": cube.cue_effect,
        },
        config={
            "agreement": str(AGREEMENT),
            "label_noise": LABEL_NOISE,
            "rows_per_environment": ROWS,
            "steps": STEPS,
            "batch": 1024,
            "weight": 100.0,
        },
    )
