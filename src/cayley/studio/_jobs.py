"""What the process of a run does: solve, send its progress, draw, write the files."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cayley._files import RUN_FILE
from cayley.completion import Progress, Solution, solve
from cayley.completion._notebook import meanings
from cayley.report import write_solution
from cayley.report._explanations import Explanations, explain
from cayley.report.figures._arrangement import arrange
from cayley.report.figures._matrices import matrix_stages
from cayley.report.figures.operation_tables._multiplication_table import places
from cayley.studio._pictures import heat_map, matrix_strip
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.studio._state import SolverChoice

__all__ = [
    "Failed",
    "Files",
    "Finished",
    "Job",
    "Message",
    "Pictures",
    "Update",
    "finished_of",
    "work",
]

# A shorter interval looks smoother and sends more. The share bounds what pictures of large tables
# may cost: after a slow one, the next waits longer.
_INTERVAL = 0.25  # seconds between two updates
_SHARE = 0.15  # most of a run's time that is spent on pictures
_SHOWN = 6  # matrices shown, as many as the report has


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
    """

    table: Table
    solver: "SolverChoice"
    assume: str
    seed: int
    time_limit: float
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """The progress of a run: its numbers, and the table and the matrices as they are now."""

    progress: Progress
    heat: str | None = None
    matrices: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Pictures of a solution: the table's heat map, and the matrices stage by stage."""

    heat: str
    stages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A solution as its document, and the order in which to list it.

    Attributes:
        document: Schema ``cayley.solution/1``.
        rows: The row at each place.
        columns: The column at each place.
        meanings: What each provenance means here, by its name.
        explained: What the solution rests on.
        block: Elements of a coset, 1 if there are none to part.
        how: The order in words.
        margins: The margin of each cell, as learned, or None.
        history: The course of the learned solver.
    """

    document: dict[str, Any]
    rows: list[int]
    columns: list[int]
    meanings: dict[str, str]
    explained: Explanations
    block: int
    how: str
    margins: list[list[float]] | None
    history: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The artifacts, by name."""

    contents: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why there is no solution, in a sentence."""

    reason: str


Message = Update | Finished | Pictures | Files | Failed


def work(connection: Connection, stop: Event, job: Job) -> None:
    """Solve a job and send what happens; the target of a run's process.

    Args:
        connection: Where messages go.
        stop: Set when the search is to end with the best so far.
        job: What to do.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the studio says when to stop
    os.nice(5)  # the page has to answer also while all cores compute
    send = cast("Callable[[Message], None]", connection.send)
    try:
        _solve(send, stop, job)
    except BrokenPipeError:
        pass  # nobody is interested any more
    except (ValueError, MemoryError) as error:
        send(Failed(reason=str(error) or type(error).__name__))
    finally:
        connection.close()


def _solve(send: Callable[[Message], None], stop: Event, job: Job) -> None:
    """Solve the job, then send solution, pictures and files, each as soon as it is ready."""
    solution = solve(
        job.table,
        solver=job.solver,
        assume=job.assume,
        seed=job.seed,
        time_limit=job.time_limit,
        callback=_Watcher(send, stop, job.table),
    )
    send(finished_of(solution))
    send(_pictures(solution))
    # In a folder of its own, since writing a solution replaces the folder as a whole.
    folder = Path(job.folder) / "solution"
    write_solution(solution, folder)
    # What the folder says of itself is of no use to those who load single files.
    written = [path for path in sorted(folder.iterdir()) if path.name != RUN_FILE]
    send(Files(contents={path.name: path.read_bytes() for path in written}))


def finished_of(solution: Solution) -> Finished:
    """Return a solution as a page shows it."""
    placed = arrange(solution)
    return Finished(
        document=solution.to_document(),
        rows=placed.rows.tolist(),
        columns=placed.columns.tolist(),
        meanings={kind.name.lower(): text for kind, text in meanings(solution).items()},
        explained=explain(solution),
        block=placed.block,
        how=placed.how,
        margins=None if solution.margin is None else solution.margin.tolist(),
        history=solution.history,
    )


def _pictures(solution: Solution) -> Pictures:
    """Return the pictures of a solution; without matrices where there are none."""
    cells = places(solution.table, arrange(solution))
    try:
        _, stages = matrix_stages(solution, count=_SHOWN)
    except ValueError:  # nothing to show
        stages = ()
    return Pictures(
        heat=heat_map(cells, count=len(solution.table.symbols)),
        stages=tuple((stage.title, matrix_strip(stage.matrices)) for stage in stages),
    )


class _Watcher:
    """A callback that sends updates now and then, and ends the search when asked to."""

    def __init__(self, send: Callable[[Message], None], stop: Event, table: Table) -> None:
        self._send, self._stop, self._table = send, stop, table
        self._next = 0.0

    def __call__(self, progress: Progress) -> bool:
        """Send an update if it is time for one; return whether the search is to end."""
        if self._stop.is_set():
            return True
        start = time.monotonic()
        if start >= self._next:
            self._send(self._update(progress))
            took = time.monotonic() - start
            self._next = start + max(_INTERVAL, took / _SHARE)
        return False

    def _update(self, progress: Progress) -> Update:
        """Return the progress with pictures of the factors, if there are any."""
        numbers = replace(progress, factors=None)  # a function, which no pipe can carry
        if progress.factors is None:
            return Update(progress=numbers)
        from cayley.hypercube import decode  # with torch, loaded already where there are factors

        A, B, C = progress.factors()
        if not all(bool(F.isfinite().all()) for F in (A, B, C)):
            return Update(progress=numbers)  # diverged
        return Update(
            progress=numbers,
            heat=heat_map(decode(A, B, C).table, count=len(self._table.symbols)),
            matrices=matrix_strip(A[:_SHOWN].real.double().numpy()),
        )
