"""Classes of spike trains: exact gradients, and surrogate gradients in a network of equal size.

All methods of a task see the same trials, the same number of batches, and the same schedule of the
same optimizer, each with a learning rate of its own.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley._random import generator, stream_seed
from cayley.experiments._spiking._generated_tasks import RandomManifolds, SpokenWords
from cayley.experiments._spiking._raster import one_trial
from cayley.experiments._spiking._surrogate import SurrogateNetwork, with_surrogate_gradient
from cayley.experiments._spiking._training import Network, TrainingSettings, train
from cayley.experiments._suite import Context, Measurement
from cayley.spiking import LIF, Dynamics, GatedRecurrent, YinYang
from cayley.spiking.tasks._delayed_response import Trials

__all__ = ["METHODS", "TASKS", "Classification", "run_classification"]

METHODS = ("feedforward", "recurrent", "surrogate", "surrogate-recurrent", "linear")
BIAS = 0.9
"""The first constant current, just below the threshold."""


class Task(Protocol):
    """Trials with classes."""

    @property
    def features(self) -> int:
        """The number of input channels."""
        ...

    @property
    def outputs(self) -> int:
        """The number of classes."""
        ...

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return trials."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A task, and how networks are trained for it.

    Attributes:
        task: What is to be told apart.
        trained: Number of trials for training, drawn once; they are gone through in random order.
        validated: Number of trials that choose the parameters to be kept.
        tested: Number of trials for the last measurement.
        neurons: In the one hidden layer.
        batch: Trials of an update.
        input_gain: Standard deviation of the first input weights.
        membrane: Time constant of the LIF neurons, in milliseconds.
        output: Time constant of the traces that are read, in milliseconds.
        settings: How to train.
        surrogate: How to train the surrogate networks, if otherwise.
    """

    task: Task
    trained: int = 5000
    validated: int = 900
    tested: int = 3000
    neurons: int = 120
    batch: int = 150
    input_gain: float = 1.0
    membrane: float = 20.0
    output: float = 100.0
    settings: TrainingSettings = field(default_factory=TrainingSettings)
    surrogate: TrainingSettings | None = None


FASTER = {"layer.input_weight": 20.0}
ALL_FASTER = FASTER | {"layer.bias": 20.0}
"""A spike of one step moves a membrane by the part ``dt / tau`` of its weight: weights of single
spikes have to be large, and to be learned at as large a rate."""
TASKS = {
    "yin-yang": Classification(
        task=YinYang(), input_gain=3.0, output=50.0,
        settings=TrainingSettings(steps=1500, rate=1e-2, every=250),
    ),
    "randman": Classification(
        task=RandomManifolds(), input_gain=5.0,
        settings=TrainingSettings(steps=300, rate=2e-2, relative=FASTER, every=100),
    ),
    "spoken-words": Classification(
        task=SpokenWords(), trained=2000, tested=1000, input_gain=0.5, batch=100,
        settings=TrainingSettings(steps=200, rate=1e-2, relative=ALL_FASTER, every=100),
        surrogate=TrainingSettings(steps=200, rate=2e-2, relative=ALL_FASTER, every=100),
    ),
}  # fmt: skip


def run_classification(
    name: str, method: str, context: Context, plan: Classification | None = None
) -> Measurement:
    """Train on trials of a task, measure on others."""
    plan = plan or TASKS[name]
    if method.startswith("surrogate") and plan.surrogate is not None:
        plan = replace(plan, settings=plan.surrogate)
    known, validation, test = (
        plan.task.trials(count, seed=stream_seed(context.seed, part))
        for part, count in (
            ("train", plan.trained),
            ("validation", plan.validated),
            ("test", plan.tested),
        )
    )
    config: dict[str, str | int | float | None] = {
        "task": name,
        "trained": plan.trained,
        "tested": plan.tested,
    }
    if method == "linear":
        return Measurement(metrics={"accuracy": _linear(known, test)}, config=config)
    network, settings = build(plan, method, context.seed), plan.settings
    start = time.process_time()
    training = train(
        network,
        _losses(network, known, plan, context.seed),
        settings,
        score=lambda: accuracy(network, validation),
        report=context.progress,
    )
    seconds = time.process_time() - start
    with torch.no_grad():
        _, traces = network(test.inputs[:, :300])
    metrics = {
        "accuracy": accuracy(network, test),
        "rate_hz": _rate(traces, plan, _step(plan.task)),
        "processor_seconds_per_epoch": seconds * plan.trained / plan.batch / training.steps[-1],
    }
    arrays = {}
    if isinstance(network, Network):
        few = _take(test, slice(3))
        recording = network.layer.record(few.inputs)
        with torch.no_grad():
            readout = network.readout(recording.outputs).softmax(-1) * few.window[..., None]
        arrays = one_trial(recording, readout, few, _step(plan.task))
    return Measurement(
        metrics=metrics,
        config={
            **config,
            "neurons": plan.neurons,
            "batch": plan.batch,
            "steps": settings.steps,
            "rate": settings.rate,
            "best_step": training.best_step,
        },
        curves={"step": training.steps, "loss": training.losses, "score": training.scores},
        arrays=arrays,
    )


def build(plan: Classification, method: str, seed: int) -> Network | SurrogateNetwork:
    """Return the network of a method before training."""
    source = torch.Generator().manual_seed(stream_seed(seed, "weights"))
    recurrent = "recurrent" in method
    layer = GatedRecurrent(
        plan.task.features,
        plan.neurons,
        dynamics=Dynamics(
            membrane=LIF(plan.membrane),
            time_constants=(10.0,),
            output_time_constant=plan.output,
            dt=_step(plan.task),
        ),
        recurrent=recurrent,
        bias=BIAS,
        clip_samples=5.0 if recurrent else None,  # it takes a second pass back
        generator=source,
    )
    with torch.no_grad():
        layer.input_weight.normal_(generator=source).mul_(plan.input_gain)
    network = Network(layer, plan.task.outputs, source)
    if method.startswith("surrogate"):
        return with_surrogate_gradient(network, bias=BIAS)
    return network


def logits(network: nn.Module, trials: Trials) -> Tensor:
    """Return the mean of the readout over the window."""
    readout, _ = network(trials.inputs)
    window = trials.window[..., None]
    means: Tensor = (readout * window).sum(0) / window.sum(0)
    return means


@torch.no_grad()
def accuracy(network: nn.Module, trials: Trials) -> float:
    """Return the part of trials whose class has the largest mean readout."""
    right = 0
    for start in range(0, len(trials.labels), 300):
        part = _take(trials, slice(start, start + 300))
        right += int((logits(network, part).argmax(1) == part.labels).sum())
    return right / len(trials.labels)


def _take(trials: Trials, which: Tensor | slice) -> Trials:
    return Trials(*(part[which] if part.ndim == 1 else part[:, which] for part in trials))


def _losses(network: nn.Module, known: Trials, plan: Classification, seed: int) -> Iterator[Tensor]:
    rng, order = generator(seed, "order"), np.zeros(0, dtype=np.int64)
    while True:
        if len(order) < plan.batch:
            order = rng.permutation(len(known.labels))
        batch = _take(known, torch.from_numpy(order[: plan.batch]))
        order = order[plan.batch :]
        yield F.cross_entropy(logits(network, batch), batch.labels)


def _step(task: Any) -> float:
    return float(task.dt)


def _rate(traces: Tensor, plan: Classification, dt: float) -> float:
    """Return the mean rate in hertz, of the spikes that a filter of the traces gives back."""
    decay = float(np.exp(-dt / plan.output))
    total = traces[-1].mean() + (1 - decay) * traces[:-1].sum(0).mean()
    return float(total) / len(traces) / dt * 1000


def _linear(known: Trials, test: Trials) -> float:
    """Return the accuracy of least squares on each channel's first time and number of spikes."""

    def features(trials: Trials) -> np.ndarray:
        there = trials.inputs > 0
        first = torch.where(there.any(0), there.int().argmax(0), len(there))
        counts = trials.inputs.sum(0)
        both = torch.cat([first, counts, torch.ones(len(first), 1)], 1)
        return np.asarray(both.double().numpy())

    one = np.eye(int(known.labels.max()) + 1)[known.labels.numpy()]
    weights = np.linalg.lstsq(features(known), one, rcond=None)[0]
    return float(np.mean((features(test) @ weights).argmax(1) == test.labels.numpy()))
