"""Runs: each is a process of its own, and only a few run at a time.

A run that crashes, is killed or takes too long ends its process and leaves the studio as it is.
"""

import asyncio
import json
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from cayley.studio._jobs import Job, work
from cayley.studio._visitor_limits import VisitorLimits
from cayley.studio._workers import Refused, in_thread
from cayley.studio.answers._tasks import dumped

__all__ = ["Run", "Runs"]

_POLL = 0.05  # seconds between two looks for messages: below what a visitor notices
_GRACE = 3.0  # seconds that a stopped search has to end: it looks at the clock in between
_AFTERWARDS = 60.0  # seconds for pictures and files once solved, whatever the time limit was
_ABANDONED = 20.0  # seconds after which a run that no page asks about any more has ended
_LONGEST_WAIT = 8.0  # seconds that a question waits for news: below the patience of proxies
_MOST_KEPT = 32  # finished runs of all visitors, at most some MB each; the oldest go first
_MOST_UPDATES = 200  # a page that was away for a minute misses none


class Run:
    """One run: waits for a place, starts its process, and keeps what it sends.

    Args:
        places: Where it waits for its turn.
        context: How its process is started.
        job: What to do.
        scratch: The folder in which it gets a folder of its own.

    Attributes:
        id: A name that cannot be guessed.
        pid: The number of its process while it has one.
        state: ``waiting``, ``running``, ``solved`` (files are still being written), ``done``,
            or ``failed``.
        files: The content of each file, by name.
        asked: When a page last asked for news.
    """

    def __init__(
        self, places: asyncio.Semaphore, context: Any, job: Job, *, scratch: str | None = None
    ) -> None:
        self.id = secrets.token_urlsafe(12)
        self.pid: int | None = None
        self.state = "waiting"
        self.files: dict[str, bytes] = {}
        self.asked = time.monotonic()
        self._places, self._context, self._job, self._scratch = places, context, job, scratch
        self._messages: list[tuple[int, bytes, bool]] = []
        self._count = 0
        self._news = asyncio.Event()
        self._stop_event: Any = None  # once it has a place: each takes locks of the system
        self._kill_at: float | None = None
        self._process: Any = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed")

    @property
    def is_in_line(self) -> bool:
        """Whether it still waits for a place."""
        return self._stop_event is None and not self.is_over

    @property
    def is_abandoned(self) -> bool:
        """Whether no page asks about it any more."""
        return time.monotonic() - self.asked > _ABANDONED

    def stop(self) -> None:
        """Ask the run to end with the best so far; end its process if it does not react in time."""
        if self.is_in_line:
            self._fail("Stopped before it began.")
            return
        self._stop_event.set()
        if self.state in ("waiting", "running"):
            # Pressing Stop twice, or just before the limit, gives no further time.
            self._kill_at = min(self._kill_at or float("inf"), time.monotonic() + _GRACE)

    def give_up(self) -> None:
        """Leave the line, since no page asks any more."""
        self._fail("Nobody asked about this run any more.")

    def kill(self) -> None:
        """End the run at once."""
        self._kill_at = 0.0  # also for one whose process is being started
        if self.is_in_line:
            self._fail("Ended before it began.")
        if self._process is not None:
            self._process.kill()

    async def news(self, after: int, ahead: Callable[[], int] = lambda: 0) -> bytes:
        """Return what has happened after a message, as a JSON object; wait a while if nothing has.

        Args:
            after: The number of the last message that is known, 0 for none.
            ahead: Returns how many runs come before this one.
        """
        self.asked = time.monotonic()
        if not self._since(after) and not self.is_over:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _LONGEST_WAIT)
        self.asked = time.monotonic()
        messages = b",".join(line.strip() for _, line in self._since(after))
        return b'{"state":"%s","ahead":%d,"last":%d,"messages":[%s]}' % (
            self.state.encode(), ahead(), self._count, messages,
        )  # fmt: skip

    def _since(self, after: int) -> list[tuple[int, bytes]]:
        return [(number, line) for number, line, _ in self._messages if number > after]

    def _tell(self, line: bytes, *, passing: bool = False) -> None:
        """Keep a message; of passing ones only the last."""
        self._count += 1
        self._messages.append((self._count, line, passing))
        updates = [i for i, message in enumerate(self._messages) if message[2]]
        if len(updates) > _MOST_UPDATES:
            del self._messages[updates[0]]
        self._news.set()

    async def go(self) -> None:
        """Go through the whole run; nothing that its process does raises an error here."""
        async with self._places:
            if self.is_over:
                return
            if self.is_abandoned:
                self.give_up()
                return
            self._stop_event = self._context.Event()
            with tempfile.TemporaryDirectory(prefix="run-", dir=self._scratch) as folder:
                await self._go(folder)

    async def _go(self, folder: str) -> None:
        """Start the process, keep its messages, and see that it has ended."""
        receiver, sender = self._context.Pipe(duplex=False)
        self._process = self._context.Process(
            target=work,
            args=(sender, self._stop_event, replace(self._job, folder=folder)),
            daemon=True,
        )
        # In a thread, since starting takes a while and the studio has to answer meanwhile.
        await in_thread(self._process.start)
        sender.close()  # the end of the process is then the end of the pipe
        self.pid, self.state = self._process.pid, "running"
        self._tell(dumped({"type": "started"}))
        # The search ends by itself at its limit; one that does not is ended a little later.
        if self._kill_at != 0.0:
            self._kill_at = time.monotonic() + self._job.time_limit + 2 * _GRACE
        if self._stop_event.is_set():  # pressed while the process was starting
            self.stop()
        try:
            await self._receive(receiver)
        finally:
            if self._process.is_alive():
                self._process.kill()
            await in_thread(self._process.join)
            receiver.close()
        if not self.is_over:
            self._fail(self._why())

    async def _receive(self, receiver: Connection) -> None:
        """Keep messages until the run is over or its process has ended."""
        # The end of the process shows as the end of the pipe, or as an error in the middle of it.
        with suppress(EOFError, OSError):
            while not self.is_over:
                if receiver.poll():
                    self._take(await in_thread(receiver.recv_bytes))
                    continue
                now = time.monotonic()
                if self.is_abandoned or (self._kill_at is not None and now > self._kill_at):
                    self._process.kill()
                await asyncio.sleep(_POLL)

    def _take(self, message: bytes) -> None:
        """Keep a message, after changing the state by it."""
        if message[:1] == b"F":
            name, _, content = message[1:].partition(b"\n")
            self.files[name.decode()] = content
            return
        line = message[1:]
        kind = json.loads(line)["type"]
        if kind == "finished":
            self.state, self._kill_at = "solved", time.monotonic() + _AFTERWARDS
        if kind == "done":
            self.state = "done"
            line = dumped({"type": "done", "files": list(self.files)})
        if kind == "failed":
            self.state = "failed"
        self._tell(line, passing=kind == "update")

    def _fail(self, reason: str) -> None:
        """Keep why there is no solution."""
        self.state = "failed"
        self._tell(dumped({"type": "failed", "reason": reason}))

    def _why(self) -> str:
        """Return why the process ended before its messages were complete."""
        if self._kill_at is not None and time.monotonic() > self._kill_at:
            if self._stop_event.is_set():
                return "Stopped. The exact search keeps nothing halfway."
            return "The time is over. Ask for more time, or another way to look."
        code = self._process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"
        return f"This run ended unexpectedly ({how}). Nothing else is affected."


class Runs:
    """The runs of all visitors, within the limits.

    Args:
        context: How processes are started.
        limits: What a visitor may ask for.
        scratch: The folder in which runs write.
    """

    def __init__(self, context: Any, limits: VisitorLimits, *, scratch: str | None = None) -> None:
        self._context, self._limits, self._scratch = context, limits, scratch
        self._places = asyncio.Semaphore(limits.max_runs)
        self._runs: dict[str, tuple[str, Run]] = {}
        # asyncio keeps weak references only: a task that nobody holds may vanish while it runs.
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, visitor: str, job: Job) -> Run:
        """Start a job.

        Raises:
            Refused: If the visitor, or all together, have too many unfinished ones.
        """
        for _, run in self._runs.values():
            if run.is_in_line and run.is_abandoned:  # pages that were closed take no place
                run.give_up()
        open_ = [of for of, run in self._runs.values() if not run.is_over]
        most = self._limits.max_waiting
        if open_.count(visitor) >= most:
            raise Refused(
                429, f"{most} runs at a time are the limit for one visitor; stop some or wait.",
                "limit",
            )  # fmt: skip
        if len(open_) >= self._limits.max_waiting_in_all:
            raise Refused(503, "Too many others are waiting for a run; try again later.", "limit")
        run = Run(self._places, self._context, job, scratch=self._scratch)
        self._runs[run.id] = visitor, run
        task = asyncio.get_running_loop().create_task(run.go())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._forget()
        return run

    def get(self, visitor: str, name: str) -> Run | None:
        """Return a run of this visitor; None if there is none of this name, or it is another's."""
        of, run = self._runs.get(name, ("", None))
        return run if of == visitor else None

    async def news(self, run: Run, after: int) -> bytes:
        """Return the news of a run, with the number of runs that come before it."""
        return await run.news(after, lambda: self._ahead(run))

    def _ahead(self, run: Run) -> int:
        """Return how many runs get a place before this one."""
        if not run.is_in_line:
            return 0
        in_line = [each for _, each in self._runs.values() if each.is_in_line]
        return in_line.index(run)

    def _forget(self) -> None:
        """Forget the oldest finished runs if there are too many."""
        over = [name for name, (_, run) in self._runs.items() if run.is_over]
        for name in over[: max(0, len(over) - _MOST_KEPT)]:
            del self._runs[name]

    def close(self) -> None:
        """End all runs."""
        for _, run in self._runs.values():
            run.kill()
