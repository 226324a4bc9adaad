"""Shapes and textures: the loop, what is measured exactly, and the choice of a strength."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from cayley._random import generator, stream_seed
from cayley._shapes import Float
from cayley.experiments._invariance._gradient_alignment import gradient_variance
from cayley.experiments._invariance._penalty import make_penalty
from cayley.experiments._invariance._shapes_and_textures import (
    ShapeProblem,
    ShapeSamples,
    draw_pictures,
    draw_samples,
    joint,
)
from cayley.experiments._suite import Context, Measurement
from cayley.invariance import AugmentedLagrangian, IRMPenalty, MRIPenalty
from cayley.invariance._dual_ascent import DualAscent
from cayley.invariance._empirical_risk import sample_losses

__all__ = [
    "SHAPES",
    "SHAPES_CLASSES",
    "SHAPES_SQUARED",
    "STRENGTHS",
    "Chosen",
    "ShapeNetwork",
    "ShapeRecipe",
    "judge_shapes",
    "run_shapes",
    "run_shapes_classes",
    "run_shapes_squared",
    "select_strength",
    "train_shapes",
]

SHAPES: Final = ShapeProblem()
SHAPES_SQUARED: Final = ShapeProblem(loss="squared error", noise=0.1)
SHAPES_CLASSES: Final = ShapeProblem(classes=3, noise=0.25)

STRENGTHS: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "erm": (0.0,),
        "oracle": (0.0,),
        "irm": (30.0, 300.0),
        "irm-alm": (3.0, 30.0),
        "irm-relaxed": (30.0, 300.0),
        "mri": (30.0, 300.0),
        "mri-alm": (3.0, 30.0),
        "vrex": (10.0, 100.0),
        "group-dro": (0.01, 0.1),
        "coral": (0.1, 1.0),
        "iga": (0.1, 1.0),
    }
)
"""The strengths that a method is chosen from: the weight of a penalty, ``mu`` of an augmented
Lagrangian, the step of group DRO. A decade each, set before anything was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeRecipe:
    """How to train; the same for every method.

    Attributes:
        rows: Pictures per training environment.
        steps: Steps of Adam in all.
        warm_steps: Steps of plain risk minimization at the beginning.
        batch: Pictures per environment and step.
        learning_rate: At the beginning; it goes down to a hundredth by a cosine.
        dual_rate: Of the augmented Lagrangian, which goes down likewise.
        judged: Pictures of each shape with each texture that a network is judged on.
    """

    rows: int = 5000
    steps: int = 400
    warm_steps: int = 100
    batch: int = 128
    learning_rate: float = 3e-3
    dual_rate: float = 0.1
    judged: int = 200


class ShapeNetwork(nn.Module):
    """A convolution of 8 channels, two layers of 32, and a linear one."""

    def __init__(self, num_outputs: int) -> None:
        super().__init__()
        # Strides of 2 keep the phase of stripes of period 2, and a step takes a millisecond.
        self.body = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(8 * 4 * 4, 32),
            nn.ReLU(),
            nn.Linear(32, 32),
            nn.ReLU(),
        )
        self.head = nn.Linear(32, num_outputs)

    def forward(
        self, pictures: Float[Tensor, "n 1 12 12"]
    ) -> tuple[Float[Tensor, "n 32"], Float[Tensor, "n *k"]]:
        """Return features, and outputs: one number or K logits per picture."""
        features = self.body(pictures)
        output: Tensor = self.head(features)
        return features, output[:, 0] if output.shape[1] == 1 else output


def train_shapes(
    problem: ShapeProblem,
    samples: ShapeSamples,
    method: str,
    strength: float,
    *,
    recipe: ShapeRecipe,
    seed: int,
) -> ShapeNetwork:
    """Train a network on several environments by one method.

    Args:
        problem: What the labels are.
        samples: Of all environments, as many of each.
        method: One of ``PICTURE_METHODS``.
        strength: See :data:`STRENGTHS`.
        recipe: How to train.
        seed: Of weights and batches.
    """
    number = int(samples.environments.max()) + 1
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(stream_seed(seed, "weights"))
        network = ShapeNetwork(problem.num_outputs)
    draws = torch.Generator().manual_seed(stream_seed(seed, "batches"))
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimizer, recipe.steps, eta_min=recipe.learning_rate / 100
    )
    penalty = None
    if method != "iga":
        penalty = make_penalty(
            method,
            number,
            task=problem.task,
            num_outputs=problem.num_outputs,
            weight=strength,
            mu=strength,
        )
    if isinstance(penalty, DualAscent):
        penalty.attach(optimizer)
    own_rows = [torch.nonzero(samples.environments == e)[:, 0] for e in range(number)]
    ids = torch.arange(number).repeat_interleave(recipe.batch)
    for step in range(recipe.steps):
        rows = torch.cat(
            [own[torch.randint(len(own), (recipe.batch,), generator=draws)] for own in own_rows]
        )
        target, pictures = problem.target(samples.labels[rows]), samples.pictures[rows]
        if method == "iga":  # a graph for each environment: each gradient costs its own part only
            output = torch.cat([network(part)[1] for part in pictures.chunk(number)])
        else:
            features, output = network(pictures)
        losses = sample_losses(output, target, task=problem.task)
        loss = losses.mean()
        if isinstance(penalty, AugmentedLagrangian):
            decay = optimizer.param_groups[0]["lr"] / recipe.learning_rate
            penalty.rate = recipe.dual_rate * decay
        if step >= recipe.warm_steps:
            if method == "iga":
                risks = list(losses.view(number, -1).mean(1))
                loss = loss + strength * gradient_variance(risks, network.parameters())
            elif penalty is not None:
                loss = loss + penalty(features if method == "coral" else output, target, ids)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return network


@torch.no_grad()
def judge_shapes(
    problem: ShapeProblem, network: ShapeNetwork, *, recipe: ShapeRecipe, seed: int
) -> dict[str, float]:
    """Measure a network with the expectation over shape, texture and label taken exactly.

    Only the pictures (their places, phases, noise) are a sample, the same for every method.

    Returns:
        ``ood_risk`` (mean squared error or cross entropy) and ``ood_accuracy`` in the test
        environment; ``risk`` in the mean over the training ones; ``cue_effect``, half of the mean
        difference that the texture makes to an output; ``mri_constraint`` and ``irm_constraint``,
        the largest of each in the training environments.
    """
    k, count = problem.classes, recipe.judged
    draws = torch.Generator().manual_seed(stream_seed(seed, "judged"))
    cells = torch.cartesian_prod(torch.arange(k), torch.arange(k)).repeat_interleave(count, 0)
    _, output = network(draw_pictures(cells[:, 0], cells[:, 1], draws))
    # Every picture with each of the labels, weighted by their probability.
    labels = torch.arange(k).repeat(len(output))
    output = output.repeat_interleave(k, 0)
    target = problem.target(labels)

    def weights(agreement: float) -> Tensor:
        table = torch.from_numpy(joint(problem, agreement)).reshape(k * k, 1, k)
        return (table / count).expand(k * k, count, k).reshape(-1)

    losses = sample_losses(output, target, task=problem.task).double()
    guess = output.argmax(1) if k > 2 else (output > 0).long()
    test = weights(problem.test_agreement)
    training = torch.stack([weights(q) for q in problem.agreement])
    number = len(training)
    everything = (
        output.repeat(number, *[1] * (output.ndim - 1)).double(),
        target.repeat(number) if k > 2 else target.repeat(number).double(),
        torch.arange(number).repeat_interleave(len(labels)),
    )
    constraints = {
        name: kind(number, task=problem.task, num_outputs=problem.num_outputs, center=False)
        .constraint(*everything, weights=training.ravel())
        .values.abs()
        .max()
        for name, kind in (("mri_constraint", MRIPenalty), ("irm_constraint", IRMPenalty))
    }
    mean = output.reshape(k, k, count * k, -1).mean(2)  # (shape, texture, output)
    if k > 2:
        mean = mean - mean.mean(2, keepdim=True)  # logits are known up to a constant
    pairs = (mean[:, :, None] - mean[:, None, :]).abs().sum((1, 2)) / (k * (k - 1))
    return {
        "ood_risk": float(test @ losses),
        "ood_accuracy": float(test @ (guess == labels).double()),
        "risk": float((training @ losses).mean()),
        "cue_effect": float(pairs.mean() / 2),
        **{name: float(value) for name, value in constraints.items()},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Strengths of one method, chosen in three ways.

    Attributes:
        leave_one_out: By the risk in a training environment that was left out: the headline.
        training: By the risk on held-out pictures of the training environments.
        oracle: By the risk in the test environment, which no method may see.
    """

    leave_one_out: float
    training: float
    oracle: float


def select_strength(
    judged: Mapping[float, Mapping[str, float]], left_out: Mapping[float, float]
) -> Chosen:
    """Choose among strengths.

    Args:
        judged: What :func:`judge_shapes` says of each.
        left_out: Mean risk of each in training environments that were left out.

    Example:
        >>> judged = {1.0: {"risk": 0.1, "ood_risk": 0.9}, 10.0: {"risk": 0.2, "ood_risk": 0.3}}
        >>> chosen = select_strength(judged, {1.0: 0.5, 10.0: 0.4})
        >>> chosen.leave_one_out, chosen.training, chosen.oracle
        (10.0, 1.0, 10.0)
    """
    return Chosen(
        leave_one_out=min(left_out, key=lambda s: left_out[s]),
        training=min(judged, key=lambda s: judged[s]["risk"]),
        oracle=min(judged, key=lambda s: judged[s]["ood_risk"]),
    )


@torch.no_grad()
def _risk(problem: ShapeProblem, network: ShapeNetwork, samples: ShapeSamples) -> float:
    _, output = network(samples.pictures)
    target = problem.target(samples.labels)
    return float(sample_losses(output, target, task=problem.task).mean())


def _measure(
    problem: ShapeProblem, method: str, context: Context, recipe: ShapeRecipe
) -> Measurement:
    """Train with each strength, choose one, and measure."""
    draws = torch.Generator().manual_seed(stream_seed(context.seed, "pictures"))
    samples = draw_samples(
        problem,
        recipe.rows,
        generator(context.seed, "shapes"),
        draws,
        texture_is_cue=method != "oracle",
    )
    strengths = STRENGTHS[method]
    number = len(problem.agreement)
    total, done = len(strengths) * (1 + number * (len(strengths) > 1)), 0

    def train(some: ShapeSamples, strength: float) -> ShapeNetwork:
        nonlocal done
        context.progress(done / total, f"strength {strength:g}")
        done += 1
        return train_shapes(problem, some, method, strength, recipe=recipe, seed=context.seed)

    judged = {
        s: judge_shapes(problem, train(samples, s), recipe=recipe, seed=context.seed)
        for s in strengths
    }
    left_out = {
        s: 0.0
        if len(strengths) == 1
        else float(
            np.mean(
                [_risk(problem, train(samples.without(e), s), samples.of(e)) for e in range(number)]
            )
        )
        for s in strengths
    }
    chosen = select_strength(judged, left_out)
    return Measurement(
        metrics={
            **judged[chosen.leave_one_out],
            "strength": chosen.leave_one_out,
            "ood_risk_training_selection": judged[chosen.training]["ood_risk"],
            "ood_risk_oracle_selection": judged[chosen.oracle]["ood_risk"],
            "ood_accuracy_oracle_selection": judged[chosen.oracle]["ood_accuracy"],
        },
        config={
            **{k: str(v) if isinstance(v, tuple) else v for k, v in asdict(problem).items()},
            **asdict(recipe),
            "strengths": str(strengths),
        },
    )


def _case(problem: ShapeProblem) -> Callable[..., Measurement]:
    def run(method: str, context: Context, *, recipe: ShapeRecipe | None = None) -> Measurement:
        """Train one method on shapes and textures."""
        return _measure(problem, method, context, recipe or ShapeRecipe())

    return run


run_shapes = _case(SHAPES)
run_shapes_squared = _case(SHAPES_SQUARED)
run_shapes_classes = _case(SHAPES_CLASSES)
