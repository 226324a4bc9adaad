"""Where runs are carried out: in this process, or in processes of this machine."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal, Protocol

from cayley._errors import MissingExtraError
from cayley.experiments._environment import available_cores
from cayley.experiments._store import Store
from cayley.experiments._trial import Result, Trial, perform

__all__ = [
    "Answer",
    "LocalWorkers",
    "Watch",
    "Workers",
    "import_joblib",
    "is_settled",
    "limit_threads",
]

_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""What the libraries of linear algebra read when they are loaded: OpenMP, Intel's, OpenBLAS."""

Watch = Callable[[Trial, float, str], None]
"""Called with a trial that is going on, the share done, and a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a worker returns for a trial.

    Attributes:
        trial: The trial.
        result: What came of it; None if it was not carried out.
        kind: ``ran``; ``busy``, another sweep is carrying it out; ``known``, it was in the store.
    """

    trial: Trial
    result: Result | None
    kind: Literal["ran", "busy", "known"]


class Workers(Protocol):
    """Carries out trials, several at a time, and writes their results to the store."""

    @property
    def count(self) -> int:
        """How many trials at a time."""
        ...

    def run(self, trials: Sequence[Trial], store: Store, *, retry: bool) -> Iterator[Answer]:
        """Carry out trials and yield answers as they come; an exception if a worker dies."""
        ...

    def run_apart(self, trial: Trial, store: Store, *, retry: bool) -> Answer:
        """Carry out one trial in a process of its own; an exception if that dies."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalWorkers:
    """Processes of this machine, through joblib; one job runs in this process.

    Each worker writes its own results, so that what it has finished outlives everything else.

    Attributes:
        jobs: Number of processes.
        threads: Threads of each; the cores shared out evenly if None.
        watch: Called with the progress of runs that are carried out in this process.
    """

    jobs: int = 1
    threads: int | None = None
    watch: Watch | None = None

    @property
    def count(self) -> int:
        """The number of processes."""
        return self.jobs

    @property
    def threads_each(self) -> int:
        """Threads of each worker: never more in all than there are cores, unless asked for."""
        return self.threads or max(1, available_cores() // self.jobs)

    def run(self, trials: Sequence[Trial], store: Store, *, retry: bool) -> Iterator[Answer]:
        """See :class:`Workers`."""
        if self.jobs == 1:
            for trial in trials:
                with _limited_threads(self.threads_each):
                    answer = _carry_out(trial, store, retry, self.watch)
                yield answer
            return
        yield from self._parallel(trials, store, retry, self.jobs)

    def run_apart(self, trial: Trial, store: Store, *, retry: bool) -> Answer:
        """See :class:`Workers`."""
        # Two jobs, because joblib runs a single one in this process, which must not die of it.
        (answer,) = self._parallel([trial], store, retry, 2)
        return answer

    def _parallel(
        self, trials: Sequence[Trial], store: Store, retry: bool, jobs: int
    ) -> Iterator[Answer]:
        joblib = import_joblib()
        path, threads = str(store.path.absolute()), self.threads_each
        with joblib.parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=threads):
            yield from joblib.Parallel(return_as="generator_unordered")(
                joblib.delayed(_carry_out_in_worker)(trial, path, threads, retry)
                for trial in trials
            )


def _carry_out_in_worker(trial: Trial, path: str, threads: int, retry: bool) -> Answer:
    limit_threads(threads)
    _leave_with_parent()
    with _at_work:
        return _carry_out(trial, _store_of_process(path), retry)


_at_work = Lock()


@cache
def _leave_with_parent() -> None:
    """End this worker when the sweep that started it is gone, after the run it is at."""
    parent = os.getppid()

    def watch() -> None:
        # An orphan is adopted, so that its parent changes. A second is short beside the runs of a
        # sweep, and polling costs nothing then.
        while os.getppid() == parent:
            time.sleep(1.0)
        with _at_work:
            os._exit(0)

    Thread(target=watch, daemon=True).start()


@cache
def _store_of_process(path: str) -> Store:
    return Store(Path(path))


def _carry_out(trial: Trial, store: Store, retry: bool, watch: Watch | None = None) -> Answer:
    """Claim a trial, run it unless the store has it, and write its result.

    In this order nothing is lost or repeated: looking before claiming could miss a result that
    another sweep writes in between; releasing before writing would let another sweep repeat it.
    """
    with store.claims.holding(trial.key) as free:
        if not free:
            return Answer(trial=trial, result=None, kind="busy")
        if is_settled(store, trial, retry):
            return Answer(trial=trial, result=None, kind="known")
        store.begin(trial, f"{os.uname().nodename}:{os.getpid()}")
        result = perform(
            trial,
            progress=None if watch is None else partial(watch, trial),
            checkpoint=store.checkpoint(trial.key),
        )
        store.put(result)
        return Answer(trial=trial, result=result, kind="ran")


def is_settled(store: Store, trial: Trial, retry: bool) -> bool:
    """Return whether the store has a result of a trial that is not to be replaced."""
    status = store.status(trial.key)
    return status == "done" or (status == "failed" and not retry)


def limit_threads(threads: int) -> None:
    """Let linear algebra use that many threads, loaded already or not, from now on."""
    for name in _THREADS:
        os.environ[name] = str(threads)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)


@contextmanager
def _limited_threads(threads: int) -> Iterator[None]:
    """Limit the threads of this process, which is the caller's, and set them back.

    If PyTorch is first imported meanwhile, it keeps the limit: there is no number to set back.
    """
    torch = sys.modules.get("torch")
    before = {name: os.environ.get(name) for name in _THREADS}
    own = None if torch is None else torch.get_num_threads()
    limit_threads(threads)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if torch is not None:
            torch.set_num_threads(own)


def import_joblib() -> Any:
    """Import joblib, or say how to install it."""
    try:
        import joblib
    except ImportError:
        raise MissingExtraError("joblib", "bench") from None
    return joblib
