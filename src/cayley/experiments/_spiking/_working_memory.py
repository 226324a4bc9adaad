"""Working memory: a recipe, its training, and what is measured on fresh trials."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from cayley._random import stream_seed
from cayley.experiments._spiking._raster import one_trial
from cayley.experiments._spiking._surrogate import SurrogateNetwork, with_surrogate_gradient
from cayley.experiments._spiking._training import Network, Training, TrainingSettings, train
from cayley.experiments._suite import Context, Measurement
from cayley.spiking import DelayedOperation, DelayedXOR, Dynamics, GatedRecurrent
from cayley.spiking.tasks._delayed_response import Trials

__all__ = ["Memory", "Scores", "build", "evaluate", "fit", "measure"]

Task = DelayedXOR | DelayedOperation
Trained = Network | SurrogateNetwork
EPOCH = 5000
"""Trials of what is timed as an epoch: training draws fresh trials and has no epochs of its own."""
NARROW = 0.05
"""Width of the active zone to which a trained network is narrowed: nearly all-or-none spikes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A task of memory and the recipe for it.

    ``memory`` is the strength of the initial recurrence ``memory (I - 1 1'/N) + 0.1 noise``: every
    neuron keeps what it has against the mean of the others. From a random start the task is not
    learned. Excitation and learning rate are per charge of a synapse, and so divided by its time
    constant (in units of 20 ms). With ``grow`` the delays of training grow up to the task's, by a
    tenth whenever the last four batches had that part of their trials right. With
    ``surrogate_bias`` the network is one of leaky neurons with a surrogate gradient, of that bias.
    """

    task: Task
    training_task: Task
    # In single runs inputs of 1, synapses of 250 ms, 200 neurons and a width of 0.25 did not help.
    neurons: int = 80
    batch: int = 50
    width: float = 0.5
    synapse: float = 100.0
    memory: float = 0.8
    input_gain: float = 0.5
    rest_weight: float = 0.1
    rate_weight: float = 0.1
    grow: float | None = None
    keep_narrow: bool = False
    surrogate_bias: float | None = None
    settings: TrainingSettings = field(default_factory=TrainingSettings)


def build(memory: Memory, seed: int) -> Trained:
    """Return the network before training."""
    generator = torch.Generator().manual_seed(stream_seed(seed, "weights"))
    dynamics = Dynamics(
        time_constants=(memory.synapse,), output_time_constant=20.0, dt=memory.task.dt
    )
    layer = GatedRecurrent(
        memory.task.features,
        memory.neurons,
        dynamics=dynamics.with_width(memory.width),
        clip_samples=2.0,
        generator=generator,
    )
    n = memory.neurons
    with torch.no_grad():
        layer.input_weight.normal_(generator=generator).mul_(memory.input_gain)
        noise = torch.randn(n, n, generator=generator) / n**0.5
        start = memory.memory * (torch.eye(n) - 1 / n) + 0.1 * noise
        layer.recurrent_weight[0] = start * 20.0 / memory.synapse
    network = Network(layer, memory.task.outputs, generator)
    if memory.surrogate_bias is not None:
        return with_surrogate_gradient(network, bias=memory.surrogate_bias)
    return network


def fit(
    memory: Memory, context: Context, *, network: Trained | None = None
) -> tuple[Trained, Training]:
    """Train on fresh trials; keep the parameters that are best on 400 validation trials."""
    network = network or build(memory, context.seed)
    validation = _batches(memory.task, 400, stream_seed(context.seed, "validation"))

    def score() -> float:
        wide = _score(network, memory.task, validation).accuracy
        if not memory.keep_narrow or isinstance(network, SurrogateNetwork):
            return wide
        with _narrowed(network):
            return min(wide, _score(network, memory.task, validation).accuracy)

    relative = dict(memory.settings.relative)
    relative["layer.recurrent_weight"] = 20.0 / memory.synapse
    settings = replace(memory.settings, relative=relative)
    losses = _losses(network, memory, context.seed)
    training = train(network, losses, settings, score=score, report=context.progress)
    return network, training


def _losses(network: Trained, memory: Memory, seed: int) -> Iterator[Tensor]:
    step, task, recent = 0, memory.training_task, deque[float](maxlen=4)
    while True:
        trials = task.trials(memory.batch, seed=stream_seed(seed, "train", step))
        readout, traces = network(trials.inputs)
        yield loss_on(readout, traces, trials, memory)
        step += 1
        if memory.grow is not None:
            recent.append(_right(task, trials, readout.detach()))
            if len(recent) == 4 and sum(recent) / 4 >= memory.grow:
                task = _grown(task, memory)
                recent.clear()


def _grown(task: Task, memory: Memory) -> Task:
    """Return the task with delays a tenth longer, the shorter ones further from the longest."""
    first = memory.training_task.delay
    longest = min(1.1 * task.delay[1], memory.task.delay[1])
    shortest = min(first[0] + 0.5 * (longest - first[1]), memory.task.delay[0])
    return replace(task, delay=(shortest, longest))


def _right(task: Task, trials: Trials, readout: Tensor) -> float:
    """Return the part of trials answered right."""
    means = _means(trials, readout)
    if isinstance(task, DelayedXOR) and task.null_fraction == 0:
        return float((means[:, 0].sign() == trials.labels).double().mean())
    return float((task.decide(means) == trials.labels).double().mean())


def _means(trials: Trials, readout: Tensor) -> Tensor:
    """Return the mean readout over the window, in units of the target's: 2/pi for half a sine."""
    window = trials.window[..., None]
    means: Tensor = (readout * window).sum(0) / window.sum(0) / (2 / torch.pi)
    return means


def loss_on(readout: Tensor, traces: Tensor, trials: Trials, memory: Memory) -> Tensor:
    """Return the squared error, most of it within the window, and a pull to 30 Hz."""
    window = trials.window
    weight = window / window.sum() + memory.rest_weight * (1 - window) / (1 - window).sum()
    error = 0.5 * (weight[..., None] * (readout - trials.targets) ** 2).sum()
    # The mean of a 20 ms trace is 0.6 at 30 Hz.
    rates = 0.5 * ((traces.mean((0, 1)) - 0.6) ** 2).mean()
    loss: Tensor = error + memory.rate_weight * rates
    return loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Parts of trials answered right; ``sign_accuracy`` looks at the sign of trials not null."""

    accuracy: float
    sign_accuracy: float


def evaluate(network: Trained, task: Task, count: int, seed: int) -> Scores:
    """Measure on fresh trials."""
    return _score(network, task, _batches(task, count, stream_seed(seed, "test")))


def _batches(task: Task, count: int, seed: int) -> list[Trials]:
    return [task.trials(100, seed=stream_seed(seed, i)) for i in range(count // 100)]


@torch.no_grad()
def _score(network: Trained, task: Task, batches: list[Trials]) -> Scores:
    right, signs, answered = 0.0, 0, 0
    for trials in batches:
        readout, _ = network(trials.inputs)
        means = _means(trials, readout)
        right += _right(task, trials, readout) * len(trials.labels)
        if isinstance(task, DelayedXOR):
            there = trials.labels != 0
            signs += int((means[there, 0].sign() == trials.labels[there]).sum())
            answered += int(there.sum())
    total = 100 * len(batches)
    return Scores(accuracy=right / total, sign_accuracy=signs / max(answered, 1))


@contextmanager
def _narrowed(network: Network) -> Iterator[None]:
    """Narrow the active zone to ``NARROW`` in the block."""
    wide = network.layer.dynamics
    network.layer.dynamics = wide.with_width(NARROW)
    try:
        yield
    finally:
        network.layer.dynamics = wide


# 2000 trials: an accuracy of 0.99 is known to within 0.002.
def measure(memory: Memory, context: Context, *, trials: int = 2000) -> Measurement:
    """Train, then measure on fresh trials: as trained, and with a narrow active zone."""
    wall, processor = time.perf_counter(), time.process_time()
    network, training = fit(memory, context)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    metrics = _metrics(memory.task, evaluate(network, memory.task, trials, context.seed))
    metrics |= {
        "training_seconds": wall,
        "training_processor_seconds": processor,
        "processor_seconds_per_epoch": processor * EPOCH / memory.batch / training.steps[-1],
    }
    shown = memory.task.trials(4, seed=stream_seed(context.seed, "figure"))
    arrays = {}
    if isinstance(network, Network):
        recording = network.layer.record(shown.inputs)
        with torch.no_grad():
            readout = network.readout(recording.outputs)
        with _narrowed(network):
            narrow = _metrics(memory.task, evaluate(network, memory.task, trials, context.seed))
        metrics |= {f"{name}_narrow": value for name, value in narrow.items()}
        spikes = recording.spikes.clamp(min=0)
        arrays = one_trial(recording, readout, shown, memory.task.dt)
    else:
        spikes = network.layer.spikes(shown.inputs)
    return Measurement(
        metrics={**metrics, "rate_hz": float(spikes.mean()) * 1000 / memory.task.dt},
        config={
            "neurons": memory.neurons,
            "batch": memory.batch,
            "steps": len(training.losses) and int(training.steps[-1]),
            "best_step": training.best_step,
            "width": memory.width,
            "narrow_width": NARROW,
            "synapse_ms": memory.synapse,
            "memory": memory.memory,
            "input_gain": memory.input_gain,
            "rate_weight": memory.rate_weight,
            "average": memory.settings.average,
            "shortest_delay_ms": memory.task.delay[0],
            "longest_delay_ms": memory.task.delay[1],
            "dt_ms": memory.task.dt,
            "test_trials": trials,
        },
        curves={"step": training.steps, "loss": training.losses, "score": training.scores},
        arrays=arrays,
    )


def _metrics(task: Task, scores: Scores) -> dict[str, float]:
    if not isinstance(task, DelayedXOR):
        return {"accuracy": scores.accuracy}
    if task.null_fraction == 0:
        return {"sign_accuracy": scores.sign_accuracy}
    return {"sign_accuracy": scores.sign_accuracy, "three_way_accuracy": scores.accuracy}
