"""Runs: each is a process of its own, and only a few run at a time.

A run that crashes, is killed or takes too long ends its process and leaves the studio as it is.
"""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from cayley.studio._jobs import Failed, Files, Finished, Job, Message, work

__all__ = ["Run", "Runner"]

_POLL = 0.05  # seconds between two looks for messages: below what a visitor notices
_GRACE = (
    3.0  # seconds that a stopped search has to come to an end: it looks at the clock in between
)
_AFTERWARDS = 60.0  # seconds for pictures and files once solved, whatever the time limit was
# What takes long to import and what every run needs. matplotlib.figure is imported in functions
# only and would be imported in every process again.
_PRELOADED = [
    "cayley.completion._by_hypercube",
    "cayley.completion._by_synchronization",
    "cayley.studio._jobs",
    "matplotlib.figure",
]


class Runner:
    """Starts processes, at most so many at a time.

    Where the system has it, processes are forked from a server that has imported everything and
    done nothing, so that a run starts at once.

    Args:
        max_runs: Most runs at a time.
    """

    def __init__(self, max_runs: int) -> None:
        self.places = asyncio.Semaphore(max_runs)
        # A fork of the studio itself would copy its threads' locks; Windows has no fork at all.
        methods = multiprocessing.get_all_start_methods()
        method = "forkserver" if "forkserver" in methods else "spawn"
        self.context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self.context.set_forkserver_preload(_PRELOADED)

    def warm_up(self) -> None:
        """Start the server of processes, which imports what runs need."""
        # It starts with the first process; int does nothing and ends.
        process = self.context.Process(target=int, daemon=True)
        process.start()
        process.join()


class Run:
    """One run: waits for a place, starts its process, and passes on what it sends.

    Args:
        runner: What starts processes.
        job: What to do.
        on_message: Called with every message.
        on_start: Called when the process has started.

    Attributes:
        pid: The number of its process while it has one.
        state: ``waiting``, ``running``, ``solved`` (artifacts are still being written), ``done``,
            or ``failed``.
    """

    def __init__(
        self,
        runner: Runner,
        job: Job,
        on_message: Callable[[Message], None],
        *,
        on_start: Callable[[], None] = lambda: None,
    ) -> None:
        self._started = on_start
        self.pid: int | None = None
        self.state = "waiting"
        self._runner, self._job, self._tell = runner, job, on_message
        self._stop_event = runner.context.Event()
        self._kill_at: float | None = None
        self._process: Any = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed")

    def stop(self) -> None:
        """Ask the run to end with the best so far; end its process if it does not react in time."""
        self._stop_event.set()
        if self.state in ("waiting", "running"):
            # Pressing Stop twice, or just before the limit, gives no further time.
            self._kill_at = min(self._kill_at or float("inf"), time.monotonic() + _GRACE)

    def kill(self) -> None:
        """End the run at once."""
        self._kill_at = 0.0  # also for one that waits: it then does not begin
        if self._process is not None:
            self._process.kill()

    async def go(self) -> None:
        """Go through the whole run; nothing that its process does raises an error here."""
        async with self._runner.places:
            if self._stop_event.is_set() or self._kill_at == 0.0:
                self._end(Failed(reason="Stopped before it began."))
                return
            with tempfile.TemporaryDirectory(prefix="cayley-studio-") as folder:
                await self._go(folder)

    async def _go(self, folder: str) -> None:
        """Start the process, pass on its messages, and see that it has ended."""
        from dataclasses import replace

        receiver, sender = self._runner.context.Pipe(duplex=False)
        self._process = self._runner.context.Process(
            target=work,
            args=(sender, self._stop_event, replace(self._job, folder=folder)),
            daemon=True,
        )
        # In a thread, since starting takes a while and the studio has to answer meanwhile.
        await asyncio.to_thread(self._process.start)
        sender.close()  # the end of the process is then the end of the pipe
        self.pid, self.state = self._process.pid, "running"
        self._started()
        # The search ends by itself at its limit; one that does not is ended a little later.
        self._kill_at = time.monotonic() + self._job.time_limit + 2 * _GRACE
        if self._stop_event.is_set():  # pressed while the process was starting
            self.stop()
        try:
            await self._receive(receiver)
        finally:
            if self._process.is_alive():
                self._process.kill()
            await asyncio.to_thread(self._process.join)
            receiver.close()
        if not self.is_over:
            self._end(Failed(reason=self._why()))

    async def _receive(self, receiver: Connection) -> None:
        """Pass on messages until the run is over or its process has ended."""
        # The end of the process shows as the end of the pipe, or as an error in the middle of it.
        with suppress(EOFError, OSError):
            while not self.is_over:
                if receiver.poll():
                    self._take(await asyncio.to_thread(receiver.recv))
                    continue
                if self._kill_at is not None and time.monotonic() > self._kill_at:
                    self._process.kill()
                await asyncio.sleep(_POLL)

    def _take(self, message: Message) -> None:
        """Pass on a message, after changing the state by it."""
        if isinstance(message, Finished):
            self.state, self._kill_at = "solved", time.monotonic() + _AFTERWARDS
        if isinstance(message, Files):
            self.state = "done"
        if isinstance(message, Failed):
            self.state = "failed"
        self._tell(message)

    def _end(self, message: Failed) -> None:
        """Pass on why there is no solution."""
        self.state = "failed"
        self._tell(message)

    def _why(self) -> str:
        """Return why the process ended before its messages were complete."""
        if self._kill_at is not None and time.monotonic() > self._kill_at:
            if self._stop_event.is_set():
                return "Stopped. The exact search keeps nothing halfway."
            return "The time limit has passed. Ask for more time, or another solver."
        code = self._process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"
        return f"The process of this run ended unexpectedly ({how}). Nothing else is affected."
