"""Sweeps under kill -9, sweeps that share a store, workers that fail or die."""

import os
import random
import signal
import time
import warnings
from collections import Counter

import pytest
import torch

from cayley.experiments import Store, run_sweep
from cayley.experiments._completion import Experiment
from cayley.experiments._config import trial_of
from cayley.experiments._sweep import SweepProgress
from cayley.experiments._trial import Trial
from cayley.experiments._workers import Answer, LocalWorkers, _carry_out


def trials(toy: str, count: int, method: str = "fine") -> list[Trial]:
    return [Trial(suite=toy, case="one", method=method, seed=k) for k in range(count)]


def in_child(action) -> int:
    """Do something in a forked process; return its id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside threads
        child = os.fork()
    if child:
        return child
    try:
        action()
    finally:
        os._exit(0)


def test_killed_at_any_moment_it_loses_no_finished_run_and_repeats_none(toy, tmp_path) -> None:
    path, wanted = tmp_path / "runs.sqlite", trials(toy, 40)
    moments = random.Random(0)
    finished: set[str] = set()
    kills = attempts = 0
    while len(finished) < len(wanted):
        child = in_child(lambda: run_sweep(wanted, Store(path)))
        time.sleep(moments.uniform(0.01, 0.15 + 0.01 * kills))  # longer where machines are busy
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
        store = Store(path)
        now = set(store.finished())
        assert finished <= now, "a finished run was lost"
        begun = {key for key, _ in store.attempts(after=attempts)}
        assert not finished & begun, "a finished run was repeated"
        finished, attempts = now, store.num_attempts()
        store.close()
        assert kills < 500
    assert kills > 3
    report = run_sweep(wanted, Store(path))
    assert (report.ran, report.known, report.failed) == (0, 40, 0)
    assert [r.record.metrics["value"] for r in Store(path).results()] == list(range(40))


def test_two_sweeps_share_a_store_and_no_run(toy, tmp_path) -> None:
    path, wanted = tmp_path / "runs.sqlite", trials(toy, 30)
    Store(path).close()
    children = [in_child(lambda: run_sweep(wanted, Store(path))) for _ in range(3)]
    for child in children:
        os.waitpid(child, 0)
    store = Store(path)
    assert set(store.finished()) == {trial.key for trial in wanted}
    assert max(Counter(key for key, _ in store.attempts()).values()) == 1
    assert len({process for _, process in store.attempts()}) > 1


def test_a_run_left_behind_by_another_sweep_is_taken_over(toy, tmp_path) -> None:
    path, (trial,) = tmp_path / "runs.sqlite", trials(toy, 1)

    def claim_and_hang() -> None:
        Store(path).claims.claim(trial.key)
        time.sleep(30)

    Store(path).close()
    child = in_child(claim_and_hang)
    time.sleep(0.2)
    killer = in_child(lambda: (time.sleep(0.5), os.kill(child, signal.SIGKILL)))
    seen = []
    report = run_sweep([trial], Store(path), progress=seen.append)
    assert report.ran == 1
    os.waitpid(killer, 0)
    os.waitpid(child, 0)


def test_a_failure_is_kept_with_its_traceback_and_the_sweep_goes_on(toy, tmp_path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    wanted = trials(toy, 2, "raises") + trials(toy, 2)
    report = run_sweep(wanted, store)
    assert (report.ran, report.failed) == (4, 2)
    errors = [result.error for result in store.results() if result.status == "failed"]
    assert all("Traceback" in error and "toy_suite.py" in error for error in errors)
    assert errors[0].splitlines()[-1] == "ArithmeticError: seed 0 is no good"
    assert run_sweep(wanted, store).ran == 0
    again = run_sweep(wanted, store, retry_failed=True)
    assert (again.ran, again.known, again.failed) == (2, 2, 2)


class Mortal(LocalWorkers):
    """Workers that die of a trial, as a pool does: with an exception, while others are at work."""

    def run(self, trials, store, *, retry):
        for trial in trials:
            if trial.method == "dies":
                store.begin(trial, "x")
                raise RuntimeError("a worker is gone")
            yield _carry_out(trial, store, retry)

    def run_apart(self, trial, store, *, retry) -> Answer:
        return next(self.run([trial], store, retry=retry))


def test_the_run_that_kills_its_worker_is_found_and_the_sweep_goes_on(toy, tmp_path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    wanted = [*trials(toy, 2), *trials(toy, 2, "dies"), *trials(toy, 5)[2:]]
    report = run_sweep(wanted, store, workers=Mortal())
    assert (report.total, report.failed) == (7, 2)
    (first, *_) = [result for result in store.results() if result.status == "failed"]
    assert first.error == "The process of this run died.\nRuntimeError: a worker is gone"


def test_what_no_run_is_to_blame_for_is_raised(toy, tmp_path) -> None:
    class Broken(LocalWorkers):
        def run(self, trials, store, *, retry):
            raise RuntimeError("no cluster")
            yield

    with pytest.raises(RuntimeError, match="no cluster"):
        run_sweep(trials(toy, 2), Store(tmp_path / "runs.sqlite"), workers=Broken())


def test_a_fault_of_the_callback_is_no_fault_of_a_run(toy, tmp_path) -> None:
    def fault(result) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run_sweep(trials(toy, 2), Store(tmp_path / "runs.sqlite"), on_result=fault)


def test_progress_counts_up(toy, tmp_path) -> None:
    store, seen = Store(tmp_path / "runs.sqlite"), []
    run_sweep(trials(toy, 2), store)
    run_sweep([*trials(toy, 5), *trials(toy, 5)], store, progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(2, 5), (3, 5), (4, 5), (5, 5)]


def test_a_long_run_says_how_far_it_is(tmp_path) -> None:
    wanted = [
        trial_of(Experiment(operation="S3", observe=0.5, method="mlp", seed=seed, steps=10**9,
                            seconds=2.5))
        for seed in range(2)
    ]  # fmt: skip
    seen: list[SweepProgress] = []
    run_sweep(wanted, Store(tmp_path / "runs.sqlite"), progress=seen.append)
    within = [p for p in seen if p.message]
    assert {p.done for p in within} == {0, 1}
    assert all("S3@0.5 mlp: step " in p.message and 0 < p.share <= 1 for p in within)
    assert [(p.done, p.share, p.message) for p in seen if not p.message][-1] == (2, 0.0, "")


def test_a_fault_in_showing_progress_is_no_fault_of_a_run(tmp_path) -> None:
    # long enough to say how far it is once, also on a busy machine
    wanted = [trial_of(Experiment(operation="S3", observe=0.5, method="mlp", seconds=4))]
    store = Store(tmp_path / "runs.sqlite")

    def show(progress) -> None:
        if progress.message:
            raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"):
        run_sweep(wanted, store, progress=show)
    assert [result.status for result in store.results()] == ["done"]


def test_threads_are_shared_out() -> None:
    from cayley.experiments._environment import available_cores

    assert LocalWorkers(jobs=available_cores()).threads_each == 1
    assert LocalWorkers(jobs=1).threads_each == available_cores()
    assert LocalWorkers(jobs=1000).threads_each == 1
    assert LocalWorkers(jobs=2, threads=3).threads_each == 3


def test_threads_are_limited_for_the_runs_and_not_for_who_asked(toy, tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before, environment = torch.get_num_threads(), dict(os.environ)
    store = Store(tmp_path / "runs.sqlite")
    run_sweep(trials(toy, 2), store, workers=LocalWorkers(threads=before + 2))
    assert [result.environment["threads"] for result in store.results()] == [before + 2] * 2
    assert torch.get_num_threads() == before
    assert dict(os.environ) == environment


@pytest.mark.slow
def test_processes_of_joblib_with_one_that_dies(toy, tmp_path) -> None:
    pytest.importorskip("joblib")
    store = Store(tmp_path / "runs.sqlite")
    wanted = [*trials(toy, 6), *trials(toy, 1, "dies"), *trials(toy, 1, "raises")]
    report = run_sweep(wanted, store, workers=LocalWorkers(jobs=2))
    assert (report.total, report.failed) == (8, 2)
    died = next(result for result in store.results() if result.trial.method == "dies")
    assert "The process of this run died" in died.error
    assert {result.environment["threads"] for result in store.results() if not result.error} <= {1}
    others = {process for _, process in store.attempts()}
    assert not any(process.endswith(f":{os.getpid()}") for process in others)
