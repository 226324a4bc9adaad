"""Runs in processes of their own, without a page."""

import asyncio
import json
import os
import signal
from functools import cache

import pytest

from cayley.studio._jobs import Job
from cayley.studio._runs import Run, Runs
from cayley.studio._visitor_limits import VisitorLimits
from cayley.studio._workers import Refused, context_of_workers
from cayley.tables import generate_family, isotope, mask
from studio_requests import in_a_loop

EASY = mask(generate_family("S3"), observe=0.7, seed=0)
LONG = mask(generate_family("mod23:a^2+ab+b^2"), observe=0.85, seed=0)


def job(table, **changes) -> Job:
    settings = {"solver": "exact", "assume": "auto", "seed": 0, "time_limit": 60.0}
    return Job(table=table, **(settings | changes))


def run(jobs, act=lambda runs, messages: None, places: int = 2, scratch=None):
    """Go through some runs; ``act`` is called again and again while they last."""

    async def go():
        semaphore, context = asyncio.Semaphore(places), context_of_workers()
        runs = [Run(semaphore, context, j, scratch=scratch) for j in jobs]
        tasks = [asyncio.create_task(r.go()) for r in runs]
        while not all(task.done() for task in tasks):
            act(runs, [messages_of(r) for r in runs])
            for each in runs:
                each.asked += 1000  # as if a page asked for news
            await asyncio.sleep(0.05)
        for task in tasks:
            task.result()
        return runs, [messages_of(r) for r in runs]

    return in_a_loop(go())


def messages_of(run_):
    return [json.loads(line) for _, line in run_._since(0)]


@cache
def twice(solver):
    """Two runs of the same job, each in a process of its own."""
    return run([job(EASY, solver=solver), job(EASY, solver=solver)])


def test_a_run_sends_solution_pictures_and_files() -> None:
    (done, _), (messages, _) = twice("exact")
    assert done.state == "done"
    kinds = [message["type"] for message in messages]
    assert kinds[:2] == ["started", "finished"]
    assert set(kinds[2:-1]) == {"picture"}
    assert kinds[-1] == "done"
    assert messages[1]["headline"] == "The group S3"
    assert {"table.csv", "cells.csv", "certificate.json", "solution.json", "report.html"} <= set(
        messages[-1]["files"]
    )
    assert json.loads(done.files["solution.json"])["group"]["name"] == "S3"


@pytest.mark.parametrize("solver", ["exact", pytest.param("hypercube", marks=pytest.mark.slow)])
def test_the_same_seed_gives_the_same(solver) -> None:
    found = [
        next(m for m in messages if m["type"] == "finished") | {"seconds": None}
        for messages in twice(solver)[1]
    ]
    assert found[0] == found[1]


def test_learning_shows_itself_and_stops() -> None:
    def stop(runs, messages) -> None:
        if sum(m["type"] == "update" for m in messages[0]) >= 2:
            runs[0].stop()

    (stopped,), (messages,) = run([job(LONG, solver="hypercube")], stop)
    assert stopped.state == "done"
    updates = [m for m in messages if m["type"] == "update"]
    assert updates[0]["heat"].startswith("data:image/png")
    assert updates[-1]["step"] > updates[0]["step"]
    found = next(m for m in messages if m["type"] == "finished")
    assert found["status"] in {"unresolved", "predicted"}


def test_a_killed_run_says_so_and_the_others_go_on(tmp_path) -> None:
    killed: list[int] = []

    def kill(runs, messages) -> None:
        if runs[0].pid and not killed:
            killed.append(runs[0].pid)
            assert list(tmp_path.iterdir())
            os.kill(runs[0].pid, signal.SIGKILL)

    runs, messages = run([job(LONG, solver="hypercube"), job(EASY)], kill, scratch=str(tmp_path))
    assert [r.state for r in runs] == ["failed", "done"]
    assert "signal 9" in messages[0][-1]["reason"]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_time_limit_ends_a_run() -> None:
    (ended,), (messages,) = run([job(LONG, solver="hypercube", time_limit=0.5)])
    assert next(m for m in messages if m["type"] == "finished")["status"] in {
        "unresolved", "predicted",
    }  # fmt: skip
    assert ended.state == "done"


def test_memory_is_bounded() -> None:
    (ended,), (messages,) = run([job(LONG, solver="hypercube", allowance=1 << 20)])
    assert ended.state == "failed"
    assert messages[-1]["reason"]


def test_runs_wait_for_a_place_and_can_be_stopped_there() -> None:
    states: list[tuple[str, ...]] = []

    def watch(runs, messages) -> None:
        states.append(tuple(r.state for r in runs))
        if states[-1] == ("running", "waiting"):
            runs[1].stop()
            assert runs[1].state == "failed"  # at once, not when it is its turn
            runs[0].stop()

    _, messages = run([job(LONG, solver="hypercube"), job(EASY)], watch, places=1)
    assert ("running", "running") not in states
    assert messages[1] == [{"type": "failed", "reason": "Stopped before it began."}]


def test_errors_of_a_solver_are_told() -> None:
    (failed,), (messages,) = run([job(isotope(EASY, seed=0), assume="group")])
    assert failed.state == "failed"
    assert "A group needs one alphabet" in messages[-1]["reason"]


def test_a_run_that_nobody_asks_about_is_ended(monkeypatch) -> None:
    monkeypatch.setattr("cayley.studio._runs._ABANDONED", 0.3)

    async def go():
        left = Run(asyncio.Semaphore(1), context_of_workers(), job(LONG, solver="hypercube"))
        await left.go()
        return left

    assert in_a_loop(go()).state == "failed"


def test_news_come_after_what_is_known_and_wait_for_it(monkeypatch) -> None:
    monkeypatch.setattr("cayley.studio._runs._LONGEST_WAIT", 0.05)

    async def go():
        one = Run(asyncio.Semaphore(1), context_of_workers(), job(EASY))
        nothing = json.loads(await one.news(0))
        one._tell(b'{"type":"a"}\n')
        asked = asyncio.create_task(one.news(1))
        await asyncio.sleep(0)
        one._tell(b'{"type":"b"}\n')
        return nothing, json.loads(await one.news(0)), json.loads(await asked)

    nothing, both, later = in_a_loop(go())
    assert nothing == {"state": "waiting", "ahead": 0, "last": 0, "messages": []}
    assert [m["type"] for m in both["messages"]] == ["a", "b"]
    assert later == {"state": "waiting", "ahead": 0, "last": 2, "messages": [{"type": "b"}]}


def test_the_line_is_counted_and_pages_that_were_closed_leave_it(monkeypatch) -> None:
    monkeypatch.setattr("cayley.studio._runs._LONGEST_WAIT", 0.0)

    async def go():
        limits = VisitorLimits(max_runs=0, max_waiting=2, max_waiting_in_all=3)
        runs = Runs(context_of_workers(), limits)
        line = [runs.start(visitor, job(EASY)) for visitor in ("ann", "bob", "eve")]
        ahead = [json.loads(await runs.news(each, 0))["ahead"] for each in line]
        line[1].stop()
        ahead.append(json.loads(await runs.news(line[2], 0))["ahead"])
        runs.start("bob", job(EASY))  # the place of the one that was stopped
        line[0].asked -= 1000  # the page of ann was closed
        assert line[0].is_abandoned and line[0].is_in_line
        runs.start("ann", job(EASY))
        states = [each.state for each in line]
        with pytest.raises(Refused, match="Too many others"):
            runs.start("ann", job(EASY))
        ahead.append(json.loads(await runs.news(line[0], 0))["ahead"])
        runs.close()
        return ahead, states, messages_of(line[0]), line[2].state

    ahead, states, messages, closed = in_a_loop(go())
    assert ahead == [0, 1, 2, 1, 0]
    assert states == ["failed", "failed", "waiting"]
    assert "Nobody asked" in messages[-1]["reason"]
    assert closed == "failed"


def test_a_run_whose_page_was_closed_does_not_begin() -> None:
    async def go():
        left = Run(asyncio.Semaphore(1), context_of_workers(), job(EASY))
        left.asked -= 1000
        await left.go()
        return left

    left = in_a_loop(go())
    assert (left.state, left.pid) == ("failed", None)


def test_old_updates_are_dropped_and_nothing_else() -> None:
    async def go():
        one = Run(asyncio.Semaphore(1), context_of_workers(), job(EASY))
        one._tell(b'{"type":"started"}')
        for i in range(300):
            one._tell(b'{"type":"update","step":%d}' % i, passing=True)
        return messages_of(one)

    messages = in_a_loop(go())
    assert messages[0]["type"] == "started"
    assert [m["step"] for m in messages[1:]] == list(range(100, 300))


def test_visitors_have_limits_and_runs_of_their_own(monkeypatch) -> None:
    async def wait(run_) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(Run, "go", wait)

    async def go():
        runs = Runs(context_of_workers(), VisitorLimits(max_waiting=2, max_waiting_in_all=3))
        first = runs.start("ann", job(EASY))
        runs.start("ann", job(EASY))
        with pytest.raises(Refused, match="2 runs at a time") as caught:
            runs.start("ann", job(EASY))
        assert caught.value.status == 429
        runs.start("bob", job(EASY))
        with pytest.raises(Refused, match="Too many others"):
            runs.start("bob", job(EASY))
        assert runs.get("ann", first.id) is first
        assert runs.get("bob", first.id) is None
        assert runs.get("ann", "nothing") is None
        first.state = "done"
        runs.start("bob", job(EASY))

    in_a_loop(go())
