"""One experiment: hide cells of a known operation, let a method complete it, compare."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._random import stream_seed
from cayley._shapes import Bool, Int
from cayley.experiments._suite import JSONValue, Measurement
from cayley.experiments.baselines import Budget, Prediction
from cayley.experiments.baselines._catalog import make_completer, options_of
from cayley.experiments.baselines._completer import CompletionStep
from cayley.experiments.baselines._solvers import HyperCubeCompleter
from cayley.tables import Table, add_noise, generate_family, isotope, mask

__all__ = ["METRICS", "Experiment", "run_experiment"]

METRICS = (
    "test_accuracy",
    "accuracy",
    "correct",
    "answered",
    "proved",
    "steps",
    "method_seconds",
    "steps_to_perfect",
    "seconds_to_perfect",
)

Tracker = Callable[[CompletionStep], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Everything that one completion depends on; plain data.

    Attributes:
        operation: Name of the full table, as :func:`cayley.tables.generate_family` takes it.
        observe: Share of cells that is shown.
        method: Name of the method, see :data:`METHODS`.
        seed: Seed of the cells, the noise and the method, each in a stream of its own.
        noise: Share of the shown cells that is wrong.
        isotope: Whether rows, columns and symbols are renamed apart.
        options: Options of the method.
        steps: Most steps.
        seconds: Most processor seconds.
        stop_when_perfect: Whether the method is stopped when all hidden cells are right. That uses
            the answer: it measures when, and is no way to choose anything.
        curves: Whether accuracy on the hidden cells is recorded as it develops.
    """

    operation: str
    observe: float
    method: str
    seed: int = 0
    noise: float = 0.0
    isotope: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    steps: int = 1500  # twice the slowest published curve: 750, S5 with 16 % shown
    seconds: float | None = 60.0
    stop_when_perfect: bool = False
    curves: bool = False

    @property
    def case(self) -> str:
        """A name for the problem: operation, share shown, share wrong, as in ``S4@0.5~0.03``."""
        kind = "-isotope" if self.isotope else ""
        noise = f"~{self.noise:g}" if self.noise else ""
        return f"{self.operation}{kind}@{self.observe:g}{noise}"

    def on(self, device: str) -> "Experiment":
        """Return the experiment on a device, where its method has the choice.

        The processor is not mentioned, so that runs that were stored before are known again.
        """
        if device == "cpu" or "device" not in options_of(self.method):
            return self
        return replace(self, options={**self.options, "device": device})

    def tables(self) -> tuple[Table, Table]:
        """Return the full table and what is shown of it."""
        truth = generate_family(self.operation)
        if self.isotope:
            truth = isotope(truth, seed=self.seed)
        shown = mask(truth, observe=self.observe, seed=self.seed)
        return truth, add_noise(shown, noise=self.noise, seed=self.seed)


def run_experiment(
    experiment: Experiment,
    *,
    progress: Callable[[float, str], None] = lambda done, message: None,
    tracker: Tracker | None = None,
    checkpoint: Path | None = None,
) -> Measurement:
    """Carry out an experiment.

    Args:
        experiment: What to do.
        progress: Called about once a second with the share done and a few words.
        tracker: Called after every step; the method ends when it returns True.
        checkpoint: A file from which HyperCube goes on if it was cut off; others begin anew.

    Raises:
        ValueError: If the operation, the method or an option does not exist, or the method refuses
            the table.

    Example:
        >>> experiment = Experiment(operation="C5", observe=0.6, method="sat-group", seed=1)
        >>> outcome = run_experiment(experiment)
        >>> outcome.metrics["test_accuracy"], outcome.notes["verdict"]
        (1.0, 'the only group')
    """
    truth, shown = experiment.tables()
    method = make_completer(experiment.method, experiment.options)
    budget = Budget(steps=experiment.steps, seconds=experiment.seconds)
    watch = _Watch(experiment, truth.array, shown.array < 0, progress, tracker)
    seed = stream_seed(experiment.seed, "method")
    if isinstance(method, HyperCubeCompleter):
        prediction = method.complete(
            shown, seed=seed, budget=budget, callback=watch, checkpoint=checkpoint
        )
    else:
        prediction = method.complete(shown, seed=seed, budget=budget, callback=watch)
    return Measurement(
        metrics=watch.metrics(prediction),
        config=_config(experiment),
        curves=watch.curves() if experiment.curves else {},
        notes={"verdict": prediction.verdict, "reason": prediction.reason},
    )


class _Watch:
    """Measures accuracy as a callback; its own time does not count as the method's."""

    def __init__(
        self,
        experiment: Experiment,
        truth: Int[NDArray[Any], "r c"],
        hidden: Bool[NDArray[Any], "r c"],
        progress: Callable[[float, str], None],
        tracker: Tracker | None,
    ) -> None:
        self.experiment, self.truth, self.hidden = experiment, truth, hidden
        self.progress, self.tracker = progress, tracker
        self.start, self.looking = time.perf_counter(), 0.0
        self.next = 1
        self.told, self.seen = 0.0, 0.0
        self.looks: list[dict[str, float]] = []
        self.perfect: tuple[float, float] | None = None

    @property
    def seconds(self) -> float:
        """Seconds so far without those spent looking."""
        return time.perf_counter() - self.start - self.looking

    def accuracy(self, table: Int[NDArray[Any], "r c"]) -> float:
        """Share of the hidden cells that is right; of all cells where none is hidden."""
        cells = self.hidden if self.hidden.any() else np.ones_like(self.hidden)
        return float((table == self.truth)[cells].mean())

    def __call__(self, step: CompletionStep) -> bool:
        if self.tracker is not None and self.tracker(step):
            return True
        if step.step < self.next:
            self.tell(step)
            return False
        seconds, start = self.seconds, time.perf_counter()
        accuracy = self.accuracy(step.predict())
        self.looking += time.perf_counter() - start
        look = {"step": step.step, "test_accuracy": accuracy, "seconds": round(seconds, 6)}
        self.looks.append({**look, **step.numbers})
        # Every step up to 20, then every 5 %: steps to a perfect table are known to within 5 %, and
        # looking, which may cost as much as a step, stays a small part of long runs.
        self.next = max(step.step + 1 + step.step // 20, self.next)
        self.seen = accuracy
        self.tell(step)
        if accuracy == 1 and self.perfect is None:
            self.perfect = step.step, seconds
        return accuracy == 1 and self.experiment.stop_when_perfect

    def tell(self, step: CompletionStep) -> None:
        """Say where the run is, once a second; steps and seconds are the most it may take."""
        if (seconds := self.seconds) < self.told:
            return
        self.told = seconds + 1
        most = self.experiment.steps
        done = max(step.step / most, seconds / (self.experiment.seconds or math.inf))
        words = (
            f"{self.experiment.case} {self.experiment.method}: step {step.step} of {most}, "
            f"{self.seen:.0%} right"
        )
        if "penalty_ratio" in step.numbers:
            words += f", H/n² {step.numbers['penalty_ratio']:.2f}"
        self.progress(min(1.0, done), words)

    def metrics(self, prediction: Prediction) -> dict[str, float]:
        """Return the numbers of the whole run."""
        seconds = self.seconds
        right = prediction.table == self.truth
        accuracy = self.accuracy(prediction.table)
        if self.perfect is None and accuracy == 1:
            self.perfect = prediction.steps, seconds
        metrics = {
            "accuracy": float(right.mean()),
            "correct": float(right.all()),
            "answered": float((prediction.table >= 0).mean()),
            "proved": float(prediction.proved),
            "steps": float(prediction.steps),
            "method_seconds": seconds,
            **prediction.numbers,
        }
        if self.hidden.any():
            metrics["test_accuracy"] = accuracy
        if self.perfect is not None:
            metrics["steps_to_perfect"], metrics["seconds_to_perfect"] = self.perfect
        return metrics

    def curves(self) -> dict[str, list[float]]:
        """Return accuracy, seconds and the method's own numbers by step."""
        names = set.intersection(*(set(look) for look in self.looks)) if self.looks else set()
        return {name: [look[name] for look in self.looks] for name in sorted(names)}


def _config(experiment: Experiment) -> dict[str, JSONValue]:
    config: dict[str, JSONValue] = {
        "operation": experiment.operation,
        "observe": experiment.observe,
        "noise": experiment.noise,
        "isotope": experiment.isotope,
        "budget_steps": experiment.steps,
        "budget_seconds": experiment.seconds,
        "stop_when_perfect": experiment.stop_when_perfect,
    }
    for name, value in experiment.options.items():
        plain = isinstance(value, str | bool | int) or (
            isinstance(value, float) and math.isfinite(value)
        )
        config[f"option_{name}"] = value if plain else str(value)
    return config
