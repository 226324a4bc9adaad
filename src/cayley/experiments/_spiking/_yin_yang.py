"""The Yin-Yang task: spike times in, a class out, beside a linear classifier of the same points."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from cayley._random import stream_seed
from cayley.experiments._spiking._raster import one_trial
from cayley.experiments._spiking._training import Network, TrainingSettings, train
from cayley.experiments._suite import Context, Measurement
from cayley.spiking import QIF, Dynamics, GatedRecurrent, YinYang
from cayley.spiking.tasks._delayed_response import Trials

__all__ = ["METHODS", "YinYangRecipe", "run_yin_yang"]

METHODS = ("recurrent", "feedforward", "linear")
RELATIVE = {
    "readout.weight": 5.0,
    "readout.bias": 5.0,
    "layer.input_weight": 5.0,
    "layer.bias": 3.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YinYangRecipe:
    """Neurons, their equations and how they are trained.

    The output trace of 50 ms still knows the early spikes when the window opens. The rest is a
    short recipe that was hardly tuned; published networks reach more.
    """

    neurons: int = 60
    batch: int = 100
    dynamics: Dynamics = field(
        default_factory=lambda: Dynamics(membrane=QIF(10.0), output_time_constant=50.0)
    )
    input_gain: float = 1.0
    settings: TrainingSettings = field(
        default_factory=lambda: TrainingSettings(rate=3e-3, relative=RELATIVE)
    )


def run_yin_yang(method: str, context: Context, recipe: YinYangRecipe | None = None) -> Measurement:
    """Train on fresh points, measure on 3000 others."""
    recipe, task = recipe or YinYangRecipe(), YinYang()
    test = task.trials(3000, seed=stream_seed(context.seed, "test"))
    config = {"neurons": recipe.neurons, "width": recipe.dynamics.gate.width}
    if method == "linear":
        return Measurement(metrics={"accuracy": _linear(task, test, context.seed)})
    network = build(recipe, context.seed, recurrent=method == "recurrent")
    validation = task.trials(900, seed=stream_seed(context.seed, "validation"))
    training = train(
        network,
        _losses(network, task, recipe, context.seed),
        recipe.settings,
        score=lambda: accuracy(network, validation),
        report=context.progress,
    )
    few = Trials(*(_first(part, 3) for part in test))
    recording = network.layer.record(few.inputs)
    with torch.no_grad():
        readout = network.readout(recording.outputs).softmax(-1) * few.window[..., None]
    return Measurement(
        metrics={
            "accuracy": accuracy(network, test),
            "rate_hz": float(recording.spikes.clamp(min=0).mean()) * 1000 / recipe.dynamics.dt,
        },
        config={**config, "steps": recipe.settings.steps, "best_step": training.best_step},
        curves={"step": training.steps, "loss": training.losses, "accuracy": training.scores},
        arrays=one_trial(recording, readout, few, recipe.dynamics.dt),
    )


def _first(part: Tensor, count: int) -> Tensor:
    return part[:count] if part.ndim == 1 else part[:, :count]


def build(recipe: YinYangRecipe, seed: int, *, recurrent: bool) -> Network:
    """Return the network before training."""
    generator = torch.Generator().manual_seed(stream_seed(seed, "weights"))
    layer = GatedRecurrent(
        YinYang.features,
        recipe.neurons,
        dynamics=recipe.dynamics,
        recurrent=recurrent,
        bias=0.3,
        clip_samples=5.0,
        generator=generator,
    )
    with torch.no_grad():
        layer.input_weight.normal_(generator=generator).mul_(recipe.input_gain)
    return Network(layer, YinYang.outputs, generator)


def logits(network: Network, trials: Trials) -> Tensor:
    """Return the mean of the readout over the window."""
    readout, _ = network(trials.inputs)
    window = trials.window[..., None]
    means: Tensor = (readout * window).sum(0) / window.sum(0)
    return means


@torch.no_grad()
def accuracy(network: Network, trials: Trials) -> float:
    """Return the part of points whose class has the largest mean readout."""
    right = YinYang.decide(logits(network, trials)) == trials.labels
    return float(right.float().mean())


def _losses(network: Network, task: YinYang, recipe: YinYangRecipe, seed: int) -> Iterator[Tensor]:
    step = 0
    while True:
        trials = task.trials(recipe.batch, seed=stream_seed(seed, "train", step))
        yield F.cross_entropy(logits(network, trials), trials.labels)
        step += 1


def _linear(task: YinYang, test: Trials, seed: int) -> float:
    """Return the accuracy of least squares on the four coordinates."""

    def features(trials: Trials) -> np.ndarray:
        first = trials.inputs.argmax(0).numpy()  # when each channel's pulse starts
        return np.concatenate([first, np.ones((len(first), 1))], axis=1)

    known = task.trials(3000, seed=stream_seed(seed, "train"))
    one = np.eye(3)[known.labels.numpy()]
    weights = np.linalg.lstsq(features(known), one, rcond=None)[0]
    return float(np.mean((features(test) @ weights).argmax(1) == test.labels.numpy()))
