"""A run before it is run: plain data with a key, and how to carry it out."""

import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from cayley.experiments._environment import describe_environment
from cayley.experiments._suite import Context, JSONValue, Measurement, Record, load_suite

__all__ = ["COMPLETION", "Result", "Trial", "perform"]

COMPLETION = "completion"
"""The suite of trials whose settings say everything, as sweeps have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run to be: a case of a suite, or an experiment spelled out by its settings.

    Attributes:
        suite: Name of the suite, or ``completion``.
        case: Name of the case.
        method: Name of the method.
        seed: Seed of every random choice.
        settings: What else there is to say, by name.

    Example:
        >>> trial = Trial(suite="isaac", case="overhead", method="isaac", seed=0)
        >>> len(trial.key), trial.key == Trial(**trial.to_dict()).key
        (32, True)
    """

    suite: str
    case: str
    method: str
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as it is stored."""
        return {
            "suite": self.suite,
            "case": self.case,
            "method": self.method,
            "seed": self.seed,
            "settings": dict(self.settings),
        }

    @property
    def key(self) -> str:
        """The same for equal trials, on every machine."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a trial, and what it ran on.

    Attributes:
        trial: The trial.
        status: ``done``, or ``failed`` with an ``error``.
        record: The record; without metrics if the trial failed.
        error: The traceback of a failure.
        environment: See :func:`describe_environment`.
        started: When, UTC, ISO 8601.
        cpu_seconds: Processor time of the process, all threads.
    """

    trial: Trial
    status: str
    record: Record
    error: str | None = None
    environment: Mapping[str, str | int] = field(default_factory=dict)
    started: str = ""
    cpu_seconds: float = 0.0


def perform(
    trial: Trial,
    *,
    progress: Callable[[float, str], None] | None = None,
    checkpoint: Path | None = None,
) -> Result:
    """Carry out a trial and return its result; an exception becomes part of the result.

    Args:
        trial: What to do.
        progress: Called now and then with the share done and a few words.
        checkpoint: A file from which a long training goes on if it was cut off.

    Example:
        >>> trial = Trial(suite="nothing", case="", method="", seed=0)
        >>> perform(trial).error.splitlines()[-1][:44]
        "ValueError: no suite is called 'nothing'; th"
    """
    started = datetime.now(UTC).isoformat(timespec="seconds")
    start, cpu = time.perf_counter(), time.process_time()
    outcome, error = Measurement(metrics={}), None
    try:
        outcome = _run(trial, progress, checkpoint)
    except Exception:
        error = traceback.format_exc()
    seconds = time.perf_counter() - start
    return Result(
        trial=trial,
        status="done" if error is None else "failed",
        record=record_of(trial, outcome, seconds=seconds),
        error=error,
        environment=describe_environment(),
        started=started,
        cpu_seconds=time.process_time() - cpu,
    )


def record_of(trial: Trial, outcome: Measurement, *, seconds: float) -> Record:
    """Return the record of a trial's outcome."""
    plain: dict[str, JSONValue] = {
        name: value if isinstance(value, str | int | float | bool) or value is None else str(value)
        for name, value in trial.settings.items()
        if name != "options"
    }
    return Record(
        case=trial.case,
        method=trial.method,
        seed=trial.seed,
        metrics=dict(outcome.metrics),
        seconds=seconds,
        config={**plain, **outcome.config},
        curves=dict(outcome.curves),
        arrays=dict(outcome.arrays),
        notes=dict(outcome.notes),
    )


def _run(
    trial: Trial, progress: Callable[[float, str], None] | None, checkpoint: Path | None
) -> Measurement:
    report = progress or (lambda done, message: None)
    if trial.suite == COMPLETION:
        from cayley.experiments._completion import Experiment, run_experiment

        experiment = Experiment(method=trial.method, seed=trial.seed, **trial.settings)
        return run_experiment(experiment, progress=report, checkpoint=checkpoint)
    suite = load_suite(trial.suite)
    case = next((case for case in suite.cases if case.name == trial.case), None)
    if case is None or trial.method not in case.methods:
        raise ValueError(
            f"suite {trial.suite!r} has no case {trial.case!r} with a method {trial.method!r}."
        )
    data = trial.settings.get("data")
    path = None if data is None else Path(data)
    device = trial.settings.get("device", "cpu")
    context = Context(seed=trial.seed, data=path, device=device, progress=report)
    return case.run(trial.method, context)
