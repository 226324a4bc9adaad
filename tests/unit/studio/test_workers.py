"""Lanes of processes, with tasks that behave badly."""

import asyncio
import json
import multiprocessing
import signal
import time
from pathlib import Path

import pytest

from cayley.studio._workers import Busy, Lane, Refused, Superseded
from cayley.studio.answers._table_documents import table_document
from cayley.studio.answers._tasks import TASKS
from cayley.tables import generate_family, mask
from studio_requests import in_a_loop

TABLE = json.dumps({"table": table_document(mask(generate_family("S3"), observe=0.6, seed=0))})
ABOUT = {"max_order": 40}

# The studio itself never forks with threads; here nothing holds a lock when it is done.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def sleep(body, about):
    yield b"begun"
    time.sleep(float(body))
    yield b"over"


def wait(body, about):
    yield b"begun"
    while not Path(body.decode()).exists():
        time.sleep(0.01)
    yield b"over"


def grow(body, about):
    yield b"begun"
    held = bytearray(int(body))
    yield b"%d" % len(held)


def die(body, about):
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
    yield b""


@pytest.fixture(autouse=True)
def bad_tasks(monkeypatch) -> None:
    for task in (sleep, wait, grow, die):
        monkeypatch.setitem(TASKS, task.__name__, task)


def lane(act, **settings):
    """Do something with a lane; plain forks, so that its processes know the tasks of this file."""

    async def go():
        made = Lane(
            multiprocessing.get_context("fork"),
            **{"count": 1, "seconds": 20.0, "allowance": 1 << 28} | settings,
        )
        try:
            return await act(made)
        finally:
            made.close()

    return in_a_loop(go())


async def whole(lane_, task, body=b"", **more):
    return [part async for part in lane_.run(task, body, ABOUT, **more)]


async def refused(coroutine) -> Refused:
    with pytest.raises(Refused) as caught:
        await coroutine
    return caught.value


def test_parts_come_as_they_are_made(tmp_path) -> None:
    """The second part is made only after the first has come: else this waits for ever."""
    gate = tmp_path / "gate"

    async def act(it):
        parts = it.run("wait", str(gate).encode(), ABOUT)
        first = await anext(parts)
        gate.touch()
        return first, [part async for part in parts]

    assert lane(act) == (b"begun", [b"over"])


def test_one_process_does_one_task_after_another() -> None:
    async def act(it):
        return [
            json.loads(b"".join(await whole(it, "first", TABLE.encode())))["headline"]
            for _ in range(2)
        ]

    assert lane(act) == ["The group S3"] * 2


def test_a_newer_request_supersedes_an_older_one_at_once() -> None:
    async def act(it):
        old = asyncio.create_task(refused(whole(it, "sleep", b"30", key="ann")))
        waits = asyncio.create_task(refused(whole(it, "sleep", b"30", key="ann")))
        await asyncio.sleep(0.3)
        start = time.monotonic()
        new = await whole(it, "first", TABLE.encode(), key="ann")
        return await old, await waits, new, time.monotonic() - start

    old, waits, new, took = lane(act)
    assert isinstance(old, Superseded) and isinstance(waits, Superseded)
    assert new and took < 10


def test_others_are_not_superseded() -> None:
    async def act(it):
        ann = asyncio.create_task(whole(it, "sleep", b"0.3", key="ann"))
        bob = asyncio.create_task(whole(it, "sleep", b"0.3", key="bob"))
        return await ann, await bob

    assert lane(act, count=2) == ([b"begun", b"over"], [b"begun", b"over"])


def test_what_takes_too_long_is_ended_and_the_next_is_done() -> None:
    async def act(it):
        error = await refused(whole(it, "sleep", b"30"))
        return error, await whole(it, "sleep", b"0")

    error, after = lane(act, seconds=0.5)
    assert (error.status, error.kind) == (422, "time")
    assert after == [b"begun", b"over"]


def test_memory_is_bounded_and_the_process_goes_on() -> None:
    async def act(it):
        error = await refused(whole(it, "grow", b"%d" % (1 << 31)))
        return error, await whole(it, "grow", b"1000")

    error, after = lane(act)
    assert (error.status, error.kind) == (422, "memory")
    assert after == [b"begun", b"1000"]


def test_a_process_that_dies_takes_nothing_along() -> None:
    async def act(it):
        error = await refused(whole(it, "die"))
        return error, await whole(it, "sleep", b"0")

    error, after = lane(act)
    assert (error.status, error.kind) == (422, "ended")
    assert after == [b"begun", b"over"]


def test_who_leaves_frees_the_place() -> None:
    async def act(it):
        parts = it.run("sleep", b"30", ABOUT)
        await anext(parts)
        await parts.aclose()
        start = time.monotonic()
        await whole(it, "sleep", b"0")
        return time.monotonic() - start

    assert lane(act) < 10


def test_too_many_who_wait_are_refused() -> None:
    async def act(it):
        first = asyncio.create_task(whole(it, "sleep", b"0.5"))
        await asyncio.sleep(0.2)
        second = asyncio.create_task(whole(it, "sleep", b"0"))
        await asyncio.sleep(0.05)
        error = await refused(whole(it, "sleep", b"0"))
        return error, await first, await second

    error, first, second = lane(act, most_waiting=1)
    assert isinstance(error, Busy) and error.status == 503
    assert first == second == [b"begun", b"over"]


def test_refusals_come_with_their_status() -> None:
    async def act(it):
        return await refused(whole(it, "make", b'{"what": "family", "family": "nothing"}'))

    assert lane(act).status == 422


def test_a_process_that_starts_while_all_are_closed_is_ended() -> None:
    async def act(made):
        made.close()
        worker = await made._start()
        worker.process.join(10)
        return worker.process.exitcode

    assert lane(act) == -signal.SIGKILL
