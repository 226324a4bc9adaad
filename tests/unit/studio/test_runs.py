"""Runs in processes of their own, without a page."""

import asyncio
import os
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from cayley.studio._jobs import Failed, Files, Finished, Job, Pictures, Update
from cayley.studio._runs import Run, Runner
from cayley.tables import generate_family, mask

EASY = mask(generate_family("S3"), observe=0.7, seed=0)
LONG = mask(generate_family("mod23:a^2+ab+b^2"), observe=0.85, seed=0)


def job(table, **changes) -> Job:
    settings = {"solver": "exact", "assume": "auto", "seed": 0, "time_limit": 60.0, "folder": ""}
    return Job(table=table, **(settings | changes))


def run(jobs, act=lambda runs, messages: None, places: int = 2):
    """Go through some runs; ``act`` is called again and again while they last."""

    async def go():
        runner = Runner(places)
        messages: list[list] = [[] for _ in jobs]
        runs = [Run(runner, j, messages[i].append) for i, j in enumerate(jobs)]
        tasks = [asyncio.create_task(r.go()) for r in runs]
        while not all(task.done() for task in tasks):
            act(runs, messages)
            await asyncio.sleep(0.05)
        for task in tasks:
            task.result()
        return runs, messages

    # In a thread of its own: Playwright leaves a loop in the one where it was used.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(asyncio.wait_for(go(), 300))).result()


@pytest.fixture(scope="module")
def twice():
    """Two runs of the same job, exact and learned; each starts a process."""
    return {
        solver: run([job(EASY, solver=solver), job(EASY, solver=solver)])
        for solver in ("exact", "hypercube")
    }


def test_a_run_sends_solution_pictures_and_files(twice) -> None:
    (done, _), (messages, _) = twice["exact"]
    assert done.state == "done"
    assert [type(m) for m in messages] == [Finished, Pictures, Files]
    assert messages[0].document["group"]["name"] == "S3"
    assert set(messages[2].contents) == {
        "table.csv", "cells.csv", "certificate.json", "solution.json", "report.html",
        "representation.safetensors",
    }  # fmt: skip


def test_learning_shows_itself_and_stops() -> None:
    def stop(runs, messages) -> None:
        if sum(isinstance(m, Update) for m in messages[0]) >= 2:
            runs[0].stop()

    (stopped,), (messages,) = run([job(LONG, solver="hypercube")], stop)
    assert stopped.state == "done"
    updates = [m for m in messages if isinstance(m, Update)]
    assert updates[0].heat.startswith("data:image/png")
    assert updates[-1].progress.step > updates[0].progress.step
    found = next(m for m in messages if isinstance(m, Finished))
    assert found.document["status"] in {"unresolved", "predicted"}


def test_a_killed_run_says_so_and_the_others_go_on(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed: list[int] = []

    def kill(runs, messages) -> None:
        if runs[0].pid and not killed:
            killed.append(runs[0].pid)
            assert len(list(tmp_path.glob("cayley-studio-*"))) >= 1
            os.kill(runs[0].pid, signal.SIGKILL)

    runs, messages = run([job(LONG, solver="hypercube"), job(EASY)], kill)
    assert [r.state for r in runs] == ["failed", "done"]
    assert "signal 9" in messages[0][-1].reason
    assert not list(tmp_path.glob("cayley-studio-*"))


def test_the_time_limit_ends_a_run() -> None:
    (ended,), (messages,) = run([job(LONG, solver="hypercube", time_limit=0.5)])
    found = next(m for m in messages if isinstance(m, Finished))
    assert found.document["status"] in {"unresolved", "predicted"}
    assert ended.state == "done"


def test_runs_wait_for_a_place_and_can_be_stopped_there() -> None:
    states: list[tuple[str, ...]] = []

    def watch(runs, messages) -> None:
        states.append(tuple(r.state for r in runs))
        if states[-1] == ("running", "waiting"):
            runs[1].stop()
            runs[0].stop()

    _, messages = run([job(LONG, solver="hypercube"), job(EASY)], watch, places=1)
    assert ("running", "running") not in states
    assert isinstance(messages[1][-1], Failed)
    assert "Stopped before it began" in messages[1][-1].reason


def test_errors_of_a_solver_are_told() -> None:
    from cayley.tables import isotope

    (failed,), (messages,) = run([job(isotope(EASY, seed=0), assume="group")])
    assert failed.state == "failed"
    assert "a group needs one alphabet" in messages[0].reason


@pytest.mark.parametrize("solver", ["exact", "hypercube"])
def test_the_same_seed_gives_the_same(solver, twice) -> None:
    documents = [m[-3].document | {"seconds": None} for m in twice[solver][1]]
    assert documents[0] == documents[1]
