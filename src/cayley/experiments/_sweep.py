"""The loop of a sweep: every trial that the store does not have is run once."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from cayley.experiments._environment import describe_environment
from cayley.experiments._store import Store
from cayley.experiments._suite import Measurement
from cayley.experiments._trial import Result, Trial, record_of
from cayley.experiments._workers import Answer, LocalWorkers, Workers

__all__ = ["SweepProgress", "SweepReport", "run_sweep"]

# Seconds between two looks at what another sweep is doing, or at a run of this one. Shorter costs
# queries and redraws; longer is felt as a delay at the end of a shared run.
_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepProgress:
    """The state of a sweep, as its progress callback gets it.

    Attributes:
        done: Runs in the store, failed ones included.
        total: Runs asked for.
        failed: Failed runs among those done.
        busy: Runs that another sweep is carrying out.
        last: The trial that ended last.
        share: How much is done of a run that is going on in this process.
        message: What that run says of itself.
    """

    done: int
    total: int
    failed: int
    busy: int = 0
    last: Trial | None = None
    share: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What a sweep has done.

    Attributes:
        total: Runs asked for, equal ones counted once.
        ran: Runs carried out now.
        known: Runs that were in the store, or that another sweep did meanwhile.
        failed: Failed runs among all.
        keys: Keys of all runs, in the order asked for.
    """

    total: int
    ran: int
    known: int
    failed: int
    keys: tuple[str, ...]


def run_sweep(
    trials: Iterable[Trial],
    store: Store,
    *,
    workers: Workers | None = None,
    retry_failed: bool = False,
    progress: Callable[[SweepProgress], None] | None = None,
    on_result: Callable[[Result], None] | None = None,
) -> SweepReport:
    """Carry out all trials that the store does not have, and wait for those of other sweeps.

    A run that raises is kept with its traceback, and so is one whose process dies; the sweep goes
    on. Runs that another sweep with the same store has begun are left to it, and taken over if it
    ends without having finished them.

    Args:
        trials: What to do; equal trials count once.
        store: Where results are and go.
        workers: Which processes carry them out; this one by default.
        retry_failed: Whether runs that failed before are tried again.
        progress: Called at the start, after every run, and now and then while a run goes on in this
            process.
        on_result: Called with each result that is new.

    Raises:
        Exception: What the callbacks raise, and what a pool of workers raises while no run of this
            sweep is going on.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> trials = [Trial(suite="completion", case="C3", method="exact", seed=k,
        ...                 settings={"operation": "C3", "observe": 0.7}) for k in range(3)]
        >>> store = Store(Path(tempfile.mkdtemp()) / "runs.sqlite")
        >>> run_sweep(trials[:2], store).ran, run_sweep(trials, store).ran
        (2, 1)
    """
    sweep = _Sweep(
        {trial.key: trial for trial in trials},
        store,
        workers or LocalWorkers(),
        retry=retry_failed,
        progress=progress,
        on_result=on_result,
    )
    return sweep.run()


class _Sweep:
    """The state of one sweep."""

    def __init__(
        self,
        trials: dict[str, Trial],
        store: Store,
        workers: Workers,
        *,
        retry: bool,
        progress: Callable[[SweepProgress], None] | None,
        on_result: Callable[[Result], None] | None,
    ) -> None:
        self.trials, self.store, self.workers = trials, store, workers
        self.progress, self.on_result = progress, on_result
        if progress is not None and isinstance(workers, LocalWorkers):
            self.workers = replace(workers, watch=self.go_on)
        self.told = time.monotonic()
        self.fault: Exception | None = None
        known = store.finished()
        self.status = {
            key: known[key]
            for key in trials
            if key in known and not (retry and known[key] == "failed")
        }
        self.retry = {key for key in trials if retry and known.get(key) == "failed"}
        self.ran = 0

    def left(self) -> list[Trial]:
        """Return the trials that have no result yet."""
        return [trial for key, trial in self.trials.items() if key not in self.status]

    def run(self) -> SweepReport:
        """Repeat rounds until every trial has a result; return the report."""
        self.report(None, 0)
        while left := self.left():
            busy = self.round(left)
            if busy and busy == len(self.left()):
                time.sleep(_PAUSE)
        return SweepReport(
            total=len(self.trials),
            ran=self.ran,
            known=len(self.trials) - self.ran,
            failed=self.failed,
            keys=tuple(self.trials),
        )

    @property
    def failed(self) -> int:
        """How many runs failed."""
        return sum(status == "failed" for status in self.status.values())

    def round(self, left: Sequence[Trial]) -> int:
        """Run all that are left once; return how many of them other sweeps are running."""
        busy = 0
        again = [trial for trial in left if trial.key in self.retry]
        fresh = [trial for trial in left if trial.key not in self.retry]
        for trials, retry in ((fresh, False), (again, True)):
            if not trials:
                continue
            begun = self.store.num_attempts()
            answers = self.workers.run(trials, self.store, retry=retry)
            while True:
                try:
                    answer = next(answers)
                except StopIteration:
                    break
                except Exception as error:
                    self.find_culprit(begun, error, retry)
                    break
                busy += self.take(answer, busy)
        return busy

    def take(self, answer: Answer, busy: int = 0) -> int:
        """Count an answer; return 1 if another sweep is running the trial."""
        if self.fault is not None:
            raise self.fault
        key = answer.trial.key
        if answer.kind == "busy":
            return 1
        if answer.result is None:
            self.status[key] = self.store.status(key) or "done"
        else:
            self.ran += 1
            self.retry.discard(key)
            self.status[key] = answer.result.status
            if self.on_result is not None:
                self.on_result(answer.result)
        self.report(answer.trial, busy)
        return 0

    def go_on(self, trial: Trial, share: float, message: str) -> None:
        """Report how much of a run is done; keep an error of the callback for after the run."""
        now = time.monotonic()
        if now < self.told + _PAUSE or self.fault is not None:
            return
        self.told = now
        try:
            self.report(None, 0, share, message)
        except Exception as fault:
            self.fault = fault

    def report(self, last: Trial | None, busy: int, share: float = 0.0, message: str = "") -> None:
        """Call the progress callback with the state of the sweep."""
        if self.progress is not None:
            self.progress(
                SweepProgress(
                    done=len(self.status),
                    total=len(self.trials),
                    failed=self.failed,
                    busy=busy,
                    last=last,
                    share=share,
                    message=message,
                )
            )

    def find_culprit(self, begun: int, error: Exception, retry: bool) -> None:
        """After the death of a worker, run each of the runs that were going on by itself.

        Raises:
            Exception: The error itself, if no run of this sweep was going on.
        """
        going_on = {key for key, _ in self.store.attempts(after=begun)}
        suspects = [trial for trial in self.left() if trial.key in going_on]
        if not suspects:
            raise error
        for trial in suspects:
            try:
                self.take(self.workers.run_apart(trial, self.store, retry=retry))
            except Exception as death:
                self.keep_death(trial, death)

    def keep_death(self, trial: Trial, death: Exception) -> None:
        """Record that the process of a run died."""
        message = f"The process of this run died.\n{type(death).__name__}: {death}"
        result = Result(
            trial=trial,
            status="failed",
            record=record_of(trial, Measurement(metrics={}), seconds=0.0),
            error=message,
            environment=describe_environment(),
        )
        self.store.put(result)
        self.take(Answer(trial=trial, result=result, kind="ran"))
