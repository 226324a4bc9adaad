"""Warm processes that do tasks: a few of a kind, each of which can be ended at any time.

A task that was superseded, takes too long or takes too much memory is ended with its process, and
another process takes its place; nobody else waits for it.
"""

import asyncio
import json
import multiprocessing
import os
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from cayley.studio.answers._table_documents import Malformed
from cayley.studio.answers._tasks import TASKS, dumped

__all__ = [
    "Busy",
    "Lane",
    "Refused",
    "Superseded",
    "Tasks",
    "context_of_workers",
    "done",
    "in_thread",
]

_PRELOADED = ["cayley.studio._warm"]
"""What takes long to import: imported once, in the process that all others are forked from."""

_STARTING = threading.Lock()
"""Held while a process starts: filelock, which PyTorch brings, refuses a fork during another."""


class Refused(Exception):
    """A task could not be done; a sentence for the visitor.

    Attributes:
        status: The status of HTTP that says whose fault it is.
        kind: What may be written to a log: no labels, no names of files.
    """

    def __init__(self, status: int, message: str, kind: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


class Busy(Refused):
    """Too many others are waiting."""

    def __init__(self) -> None:
        super().__init__(
            503, "The studio is busy with other visitors; try again in a moment.", "busy"
        )


class Superseded(Refused):
    """A newer request has taken the place of this one."""

    def __init__(self) -> None:
        super().__init__(409, "A newer request has taken its place.", "superseded")


class Tasks(Protocol):
    """Whatever does tasks."""

    def run(
        self, task: str, body: bytes, about: dict[str, Any], *, key: str | None = None
    ) -> AsyncIterator[bytes]:
        """Do a task; yield the parts of its answer.

        Args:
            task: Its name.
            body: The body of the request.
            about: What the server says of it.
            key: Requests with one key supersede each other.

        Raises:
            Refused: If it can't be done.
        """
        ...


def done(task: str, body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Do a task in this process.

    Yields:
        Parts with a ``+`` before them; in the end ``.``, or ``!`` and why it could not be done.

    Example:
        >>> list(done("make", b'{"what": "nothing"}', {"max_order": 60}))[0][:40]
        b'!{"status":400,"message":"`what` must be'
    """
    try:
        for part in TASKS[task](body, about):
            yield b"+" + part
    except Malformed as error:
        yield _refusal(400, str(error), "malformed")
    except RecursionError:
        yield _refusal(400, "The request goes too deep.", "malformed")
    except MemoryError:
        yield _refusal(422, "That takes more memory than this studio gives.", "memory")
    except (ValueError, KeyError, OSError) as error:
        text = str(error).strip() or type(error).__name__
        # A message about a file begins with its name, which stays as it is.
        yield _refusal(422, text if task == "read" else text[:1].upper() + text[1:], "refused")
    except Exception as error:
        # Where it was and not what it said: messages can hold labels, and logs must not.
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        yield _refusal(500, "That went wrong here. The page and its table are as before.", where)
    else:
        yield b"."


def _refusal(status: int, message: str, kind: str) -> bytes:
    return b"!" + dumped({"status": status, "message": message, "kind": kind})


def context_of_workers() -> Any:
    """Return how processes are started: forked from one that has everything imported, if it can be.

    A fork of the studio itself would copy its threads' locks; Windows has no fork at all.
    """
    methods = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(_PRELOADED)
    return context


def limit_memory(allowance: int) -> None:
    """Let this process take so many bytes more than it has; later ones raise a MemoryError."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):  # a system without such limits
        return
    limit = pages * os.sysconf("SC_PAGE_SIZE") + allowance
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def work(connection: Connection, allowance: int, niceness: int) -> None:
    """Do tasks until the connection closes; what a process does.

    Args:
        connection: Where tasks come from and answers go.
        allowance: Bytes that it may take beyond what it begins with.
        niceness: How much it gives way to others.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the studio ends it
    with suppress(OSError):
        os.nice(niceness)
    limit_memory(allowance)
    with suppress(EOFError, OSError):
        while True:
            head, _, body = connection.recv_bytes().partition(b"\n")
            about = json.loads(head)
            for part in done(about["task"], body, about):
                connection.send_bytes(part)


@dataclass(slots=True)
class _Worker:
    process: Any
    connection: Connection

    def kill(self) -> None:
        self.process.kill()


@dataclass(slots=True, eq=False)
class _Ticket:
    """A request that waits or is worked on."""

    worker: _Worker | None = None
    superseded: bool = False

    def is_over(self) -> bool:
        """Whether a newer request has come; a call, since that can change at every await."""
        return self.superseded

    def supersede(self) -> None:
        self.superseded = True
        if self.worker is not None:
            self.worker.kill()


class Lane:
    """Processes for tasks of one kind.

    Args:
        context: How processes are started.
        count: How many there are.
        seconds: Most time of a task, after which its process is ended.
        allowance: Bytes that each process may take beyond what it begins with.
        niceness: How much they give way: the page has to answer also while all cores compute.
        most_waiting: Most tasks that wait; further ones are refused.
    """

    def __init__(
        self,
        context: Any,
        *,
        count: int,
        seconds: float,
        allowance: int,
        niceness: int = 5,
        most_waiting: int = 64,
    ) -> None:
        self._context, self._seconds, self._allowance = context, seconds, allowance
        self._niceness, self._most_waiting = niceness, most_waiting
        self._places = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []
        self._waiting = 0
        self._closed = False
        self._current: dict[str, _Ticket] = {}

    def start_ahead(self, ready: Callable[[], object] = lambda: None) -> None:
        """Start a process before there is a task for it; call a function when it has started."""

        async def start() -> None:
            self._idle.append(await self._start())
            ready()

        task = asyncio.get_running_loop().create_task(start())
        _HELD.add(task)
        task.add_done_callback(_HELD.discard)

    async def run(
        self, task: str, body: bytes, about: dict[str, Any], *, key: str | None = None
    ) -> AsyncIterator[bytes]:
        """Do a task; see :class:`Tasks`."""
        ticket = _Ticket()
        if key is not None:
            before = self._current.get(key)
            if before is not None:
                before.supersede()
            self._current[key] = ticket
        try:
            if self._waiting >= self._most_waiting:
                raise Busy
            self._waiting += 1
            try:
                await self._places.acquire()
            finally:
                self._waiting -= 1
            try:
                async for part in self._work(ticket, task, body, about):
                    yield part
            finally:
                self._places.release()
        finally:
            if key is not None and self._current.get(key) is ticket:
                del self._current[key]

    async def _work(
        self, ticket: _Ticket, task: str, body: bytes, about: dict[str, Any]
    ) -> AsyncIterator[bytes]:
        if ticket.is_over():
            raise Superseded
        worker = self._idle.pop() if self._idle else await self._start()
        if ticket.is_over():  # while the process was starting
            self._idle.append(worker)
            raise Superseded
        ticket.worker = worker
        deadline = time.monotonic() + self._seconds
        head = json.dumps({**about, "task": task, "seconds": self._seconds}).encode()
        clean = False
        try:
            await in_thread(worker.connection.send_bytes, head + b"\n" + body)
            while True:
                message = await in_thread(_received, worker.connection, deadline)
                if message is None:
                    raise Refused(
                        422,
                        "That takes longer than this studio gives; nothing was changed.",
                        "time",
                    )
                if message[:1] != b"+":
                    clean = True
                    break
                yield message[1:]
        except (EOFError, OSError):
            if ticket.is_over():
                raise Superseded from None
            raise Refused(
                422, "That took more than this studio gives; nothing was changed.", "ended"
            ) from None
        finally:
            ticket.worker = None
            if clean and not ticket.is_over():
                self._idle.append(worker)
            else:
                worker.kill()
                # Another one at once: the next task would else wait for its start.
                self.start_ahead()
        if message[:1] == b"!":
            why = json.loads(message[1:])
            raise Refused(why["status"], why["message"], why["kind"])

    async def _start(self) -> _Worker:
        worker: _Worker = await in_thread(self._started)
        return worker

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=work, args=(theirs, self._allowance, self._niceness), daemon=True
        )
        with _STARTING:
            process.start()
        theirs.close()  # the end of the process is then the end of the pipe
        if self._closed:  # meanwhile: nobody else would end it
            process.kill()
        return _Worker(process, ours)

    def close(self) -> None:
        """End all processes, those that are being started included."""
        self._closed = True
        for worker in self._idle:
            worker.kill()
        for ticket in self._current.values():
            ticket.supersede()


async def in_thread(function: Any, *arguments: Any) -> Any:
    """Call a function that waits, in a thread that nobody waits for when the studio ends."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def settle(set_: Any, value: Any) -> None:
        if not future.done():  # whoever wanted to know may have left
            set_(value)

    def call() -> None:
        try:
            set_, value = future.set_result, function(*arguments)
        except BaseException as error:
            set_, value = future.set_exception, error
        with suppress(RuntimeError):  # the loop is closed: the studio has ended
            loop.call_soon_threadsafe(settle, set_, value)

    threading.Thread(target=call, daemon=True).start()
    return await future


_HELD: set[asyncio.Task[None]] = set()
"""Tasks under way: asyncio itself holds them weakly, so that they could vanish."""


def _received(connection: Connection, deadline: float) -> bytes | None:
    """Return the next message, or None if there was none in time."""
    if not connection.poll(max(0.0, deadline - time.monotonic())):
        return None
    return connection.recv_bytes()
