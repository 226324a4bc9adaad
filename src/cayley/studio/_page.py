"""The page of the studio: the table, the settings, and the runs side by side."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from cayley.studio._card import Card
from cayley.studio._editor import Editor
from cayley.studio._fields import text
from cayley.studio._jobs import Job
from cayley.studio._runs import Run, Runner
from cayley.studio._session import Session
from cayley.studio._settings_form import SOLVER_TITLES, SettingsForm

__all__ = ["Page"]

_MOST_CARDS = 8  # finished runs beyond so many leave the page, whose pictures take memory


class Page:
    """One visitor's page.

    Args:
        session: The visitor's table.
        runner: What starts processes.
        upload: The address that this visitor's files are sent to.
        address: The address of the studio as the visitor sees it.
        open_report: Keeps a report and returns its address.
    """

    def __init__(
        self,
        session: Session,
        runner: Runner,
        *,
        upload: str,
        address: str,
        open_report: Callable[[bytes], str],
    ) -> None:
        self.session, self._runner, self._open_report = session, runner, open_report
        self._editor = Editor(session, upload)
        self._form = SettingsForm(
            session,
            address=address,
            attempt=self._editor.attempt,
            start=self._start_all,
            stop=self._stop_all,
        )
        self._cards: dict[str, Card] = {}
        # asyncio keeps weak references only: a task that nobody holds may vanish while it runs.
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0

    def build(self, problem: str = "") -> None:
        """Fill the page.

        Args:
            problem: What was wrong with the link that led here.
        """
        with ui.element("div").classes("studio"):
            with ui.element("header"):
                text("h1", "cayley studio")
                text("p", "Completes operation tables, finds the group behind them, and proves it.")
            with ui.element("div"):
                self._editor.build()
                self._form.build()
                text("h2", "Results")
                self._nothing = text("p", "Nothing has been completed yet.")
                self._runs = ui.element("div").classes("runs")
        # Sent by studio.js: a cell was pointed at, a cell was changed, a file was not sent.
        ui.on("cayley-cell", self._on_cell)
        ui.on("cayley-edit", self._on_edit)
        ui.on("cayley-refused", self._on_refused)
        self._editor.show_problem(problem)

    def receive(self, content: bytes, name: str) -> None:
        """Take a table that was uploaded, or show what is wrong with it."""
        self._editor.receive(content, name)

    def close(self) -> None:
        """End all runs at once, since the visitor has left."""
        for run in self._unfinished():
            run.kill()

    def _on_cell(self, event: Any) -> None:
        """Show what a cell of the table or of a result holds, and why."""
        place = _place(event.args)
        if place is None:
            return
        grid, a, b = place
        if grid == "input":
            self._editor.point(a, b)
        elif grid in self._cards:
            self._cards[grid].point(a, b)

    def _on_edit(self, event: Any) -> None:
        """Change a cell of the table; results cannot be changed."""
        place = _place(event.args)
        if place is not None and place[0] == "input":
            self._editor.edit(place[1], place[2], str(event.args.get("value", "")))

    def _on_refused(self, event: Any) -> None:
        """Show why a file was not sent."""
        self._editor.refuse(event.args.get("size") if isinstance(event.args, dict) else None)

    def _unfinished(self) -> list[Run]:
        """Return the runs of this visitor that are waiting or running."""
        runs = (card.run for card in self._cards.values())
        return [run for run in runs if run is not None and not run.is_over]

    def _start_all(self, jobs: Sequence[Job]) -> None:
        """Start jobs, all or none of them.

        Raises:
            ValueError: If the visitor would have more unfinished runs than the limit.
        """
        most = self.session.limits.max_waiting
        if len(self._unfinished()) + len(jobs) > most:
            raise ValueError(
                f"{most} runs at a time are the limit for one visitor; stop some or wait."
            )
        self._nothing.set_visibility(False)
        self._editor.hint = ""
        for index, job in enumerate(jobs):
            self._start(job, index)

    def _start(self, job: Job, index: int) -> None:
        """Start a job in a card of its own, which gets this place among the results."""
        self._number += 1
        name = f"run{self._number}"
        title = f"{self._number}. {SOLVER_TITLES[job.solver]}, seed {job.seed}"
        with self._runs:
            card = Card(title, name, self._open_report)
        card.element.move(target_index=index)  # the newest runs stand first
        self._cards[name] = card
        card.run = Run(self._runner, job, card.take, on_start=card.started)
        task = asyncio.create_task(card.run.go())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._remove_old()

    def _remove_old(self) -> None:
        """Remove the oldest finished runs from the page if there are too many cards."""
        old = [name for name, card in self._cards.items() if card.run and card.run.is_over]
        for name in old[: max(0, len(self._cards) - _MOST_CARDS)]:
            self._cards.pop(name).element.delete()

    def _stop_all(self) -> None:
        """Ask all runs to end with the best so far."""
        for run in self._unfinished():
            run.stop()


def _place(arguments: Any) -> tuple[str, int, int] | None:
    """Return the grid and the cell that an event is about; None if it is about none.

    A browser may send anything, so nothing about the arguments is taken for granted.
    """
    if not isinstance(arguments, dict):
        return None
    grid, a, b = (arguments.get(key) for key in ("grid", "a", "b"))
    if not isinstance(a, int) or not isinstance(b, int) or a < 0 or b < 0:
        return None
    return str(grid), a, b
