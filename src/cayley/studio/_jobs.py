"""What the process of a run does: solve, send its progress, draw, write the files."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cayley._files import RUN_FILE
from cayley.completion import Progress, Solution, solve
from cayley.completion.solution._json import history_to_document
from cayley.report import write_solution
from cayley.studio._workers import limit_memory
from cayley.studio.answers._progress_pictures import heat_map, matrix_strip
from cayley.studio.answers._solution_pictures import picture_of, pictures_for
from cayley.studio.answers._tasks import dumped
from cayley.studio.answers._thoughts import thought_of
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.completion._pipeline import SolverChoice

__all__ = ["SOLVERS", "Job", "work"]

SOLVERS: "tuple[SolverChoice, ...]" = ("auto", "exact", "synchronization", "hypercube")
"""What a visitor may choose."""

# A shorter interval looks smoother and sends more. The share bounds what pictures of large tables
# may cost: after a slow one, the next waits longer.
_INTERVAL = 0.25  # seconds between two updates
_SHARE = 0.15  # most of a run's time that is spent on pictures
_SHOWN = 6  # matrices shown, as many as the report has
_PICTURE_SECONDS = 5.0  # no further picture is begun after them: the files are ready and wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to solve and how.

    Attributes:
        table: The table.
        solver: The solver.
        assume: What the operation is taken to be, as :func:`~cayley.completion.solve` takes it.
        seed: The seed.
        time_limit: Seconds.
        folder: A temporary folder for the artifacts, which the caller removes.
        allowance: Bytes that the process may take beyond what it begins with.
    """

    table: Table
    solver: "SolverChoice"
    assume: str
    seed: int
    time_limit: float
    folder: str = ""
    allowance: int = 1 << 31


def work(connection: Connection, stop: Event, job: Job) -> None:
    """Solve a job and send what happens; the target of a run's process.

    A message is ``J`` and a line of JSON with a member ``type``: ``update``, ``finished``,
    ``picture``, ``done`` or ``failed``; or ``F``, the name of a file in a line, and its content.

    Args:
        connection: Where messages go.
        stop: Set when the search is to end with the best so far.
        job: What to do.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the studio says when to stop
    os.nice(5)  # the page has to answer also while all cores compute
    limit_memory(job.allowance)

    def send(type_: str, /, **members: Any) -> None:
        connection.send_bytes(b"J" + dumped({"type": type_, **members}))

    try:
        _solve(send, connection, stop, job)
    except BrokenPipeError:
        pass  # nobody is interested any more
    except MemoryError:
        send("failed", reason="It takes more memory than this studio gives.")
    except ValueError as error:
        text = str(error) or type(error).__name__
        send("failed", reason=text[:1].upper() + text[1:])
    finally:
        connection.close()


_Send = Callable[..., None]


def _solve(send: _Send, connection: Connection, stop: Event, job: Job) -> None:
    """Solve the job, then send solution, pictures and files, each as soon as it is ready."""
    solution = solve(
        job.table,
        solver=job.solver,
        assume=job.assume,
        seed=job.seed,
        time_limit=job.time_limit,
        callback=_Watcher(send, stop, job.table),
    )
    send(
        "finished",
        solver=solution.solver,
        seconds=round(solution.seconds, 2),
        history=history_to_document(solution.history),
        **thought_of(solution, settled=True),
    )
    # In a folder of its own, since writing a solution replaces the folder as a whole.
    folder = Path(job.folder) / "solution"
    write_solution(solution, folder)
    for path in sorted(folder.iterdir()):
        if path.name != RUN_FILE:  # what the folder says of itself is of no use to a visitor
            connection.send_bytes(b"F" + path.name.encode() + b"\n" + path.read_bytes())
    deadline = time.monotonic() + _PICTURE_SECONDS
    for kind in pictures_for(solution):
        if time.monotonic() < deadline:
            _draw(send, solution, kind)
    send("done")


def _draw(send: _Send, solution: Solution, kind: dict[str, str]) -> None:
    try:
        send("picture", **(kind | picture_of(solution, kind["kind"])))
    except ValueError:
        return  # nothing to show


class _Watcher:
    """A callback that sends updates now and then, and ends the search when asked to."""

    def __init__(self, send: _Send, stop: Event, table: Table) -> None:
        self._send, self._stop, self._table = send, stop, table
        self._next = 0.0

    def __call__(self, progress: Progress) -> bool:
        """Send an update if it is time for one; return whether the search is to end."""
        if self._stop.is_set():
            return True
        start = time.monotonic()
        if start >= self._next:
            self._send("update", **_numbers(progress), **self._pictures(progress))
            took = time.monotonic() - start
            self._next = start + max(_INTERVAL, took / _SHARE)
        return False

    def _pictures(self, progress: Progress) -> dict[str, str]:
        """Return pictures of the table and the matrices as they are now, if there are any."""
        if progress.factors is None:
            return {}
        from cayley.hypercube import decode  # with torch, loaded already where there are factors

        A, B, C = progress.factors()
        if not all(bool(F.isfinite().all()) for F in (A, B, C)):
            return {}  # diverged
        return {
            "heat": heat_map(decode(A, B, C).table, count=len(self._table.symbols)),
            "matrices": matrix_strip(A[:_SHOWN].real.double().numpy()),
        }


def _numbers(progress: Progress) -> dict[str, Any]:
    """Return the numbers of a progress, null where they are not finite."""
    found = history_to_document((progress,))
    return {name: values[0] for name, values in found.items()}
