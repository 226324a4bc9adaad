"""Where runs are carried out: on a Ray cluster."""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from cayley._errors import MissingExtraError
from cayley.experiments._store import Store
from cayley.experiments._trial import Result, Trial, perform
from cayley.experiments._workers import Answer, import_joblib, is_settled, limit_threads

__all__ = ["RayWorkers", "parse_cluster"]

_REMOTE = "ray://"


@dataclass(frozen=True, slots=True, kw_only=True)
class RayWorkers:
    """Workers on a Ray cluster, through joblib's Ray backend.

    Nodes need not share a disk: results come back to this process, which alone writes, each as it
    arrives. The library has to be installed on every node, in the same version. Usage statistics
    are switched off.

    Attributes:
        address: Of the cluster, as in ``ray://host:10001`` or ``host:6379``; None for a cluster of
            this machine alone, or the one that ``RAY_ADDRESS`` names.
        jobs: Number of workers; as many as the cluster has room for if None.
        threads: Cores that each worker takes.
    """

    address: str | None = None
    jobs: int | None = None
    threads: int | None = None

    @property
    def count(self) -> int:
        """The number of workers."""
        cores = int(self._connect().cluster_resources().get("CPU", 0))
        most = cores // self.threads_each
        if most < 2:
            raise ValueError(
                f"the Ray cluster has {cores} cores in all; two workers of {self.threads_each} "
                "need more."
            )
        return min(self.jobs or most, most)

    @property
    def threads_each(self) -> int:
        """Threads of each worker."""
        return self.threads or 1

    def run(self, trials: Sequence[Trial], store: Store, *, retry: bool) -> Iterator[Answer]:
        """See :class:`Workers`."""
        yield from self._parallel(trials, store, retry, self.count)

    def run_apart(self, trial: Trial, store: Store, *, retry: bool) -> Answer:
        """See :class:`Workers`."""
        (answer,) = self._parallel([trial], store, retry, 2)
        return answer

    def _parallel(
        self, trials: Sequence[Trial], store: Store, retry: bool, jobs: int
    ) -> Iterator[Answer]:
        self._connect()
        joblib = import_joblib()
        refused: list[Answer] = []
        process = f"{os.uname().nodename}:{os.getpid()}"

        def claimed() -> Iterator[Any]:
            for trial in trials:  # drawn as workers become free
                if not store.claims.claim(trial.key):
                    refused.append(Answer(trial=trial, result=None, kind="busy"))
                elif is_settled(store, trial, retry):
                    store.claims.release(trial.key)
                    refused.append(Answer(trial=trial, result=None, kind="known"))
                else:
                    store.begin(trial, process)
                    yield joblib.delayed(_perform_remotely)(trial, self.threads_each)

        try:
            with joblib.parallel_config(
                backend="cayley-ray",
                n_jobs=max(2, jobs),  # one would be this process
                ray_remote_args={"num_cpus": self.threads_each},
            ):
                run = joblib.Parallel(
                    return_as="generator_unordered", batch_size=1, pre_dispatch="2*n_jobs"
                )
                for result in run(claimed()):
                    store.put(result)
                    store.claims.release(result.trial.key)
                    yield Answer(trial=result.trial, result=result, kind="ran")
        finally:
            for trial in trials:
                store.claims.release(trial.key)
        yield from refused

    def _connect(self) -> Any:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # read when Ray starts; nothing is sent home
        try:
            import ray
            from ray.util.joblib.ray_backend import RayBackend
        except ImportError:
            raise MissingExtraError("ray", "cluster") from None
        if not ray.is_initialized():
            self._reach(ray)
        joblib = import_joblib()

        class Backend(RayBackend):  # type: ignore[misc, unused-ignore]
            # joblib forbids generators over forked processes; Ray's workers are not forked.
            supports_return_generator = True

        joblib.register_parallel_backend("cayley-ray", Backend)
        return ray

    def _reach(self, ray: Any) -> None:
        where = self.address or os.environ.get("RAY_ADDRESS") or "this machine"
        remote = where.startswith(_REMOTE)
        if remote and find_spec("grpc") is None:  # Ray itself does without it
            raise MissingExtraError("grpcio", "cluster")
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Ray Client connection timed out")
                ray.init(address=self.address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, ValueError, RuntimeError) as error:
            hint = "; the port is that of Ray's client server, 10001 by default" if remote else ""
            reason = str(error).rstrip(".")
            raise ValueError(f"no Ray cluster at {where}: {reason}{hint}.") from None


def _perform_remotely(trial: Trial, threads: int) -> Result:
    limit_threads(threads)
    return perform(trial)


def parse_cluster(text: str, *, jobs: int | None = None, threads: int | None = None) -> RayWorkers:
    """Return the workers that ``ray`` or ``ray://address`` stands for.

    Raises:
        ValueError: If it is neither.

    Example:
        >>> parse_cluster("ray").address is None, parse_cluster("ray://10.0.0.1:10001").address
        (True, 'ray://10.0.0.1:10001')
    """
    if text == "ray":
        return RayWorkers(jobs=jobs, threads=threads)
    if text.startswith(_REMOTE) and len(text) > len(_REMOTE):
        return RayWorkers(address=text, jobs=jobs, threads=threads)
    raise ValueError(f"`cluster` must be ray or ray://ADDRESS; got {text!r}.")
