"""The page of the studio: a table, the solvers, and the runs side by side."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from nicegui import ui

from cayley.report._typeset import cleaned
from cayley.studio._card import Card
from cayley.studio._examples import EXAMPLES, example
from cayley.studio._fields import Field, button, checkboxes, select_field, text, text_field
from cayley.studio._grid import input_grid
from cayley.studio._jobs import Job, Message
from cayley.studio._runs import Run, Runner
from cayley.studio._session import Session
from cayley.studio._state import ASSUMPTIONS, SOLVERS, encode_state
from cayley.tables import Table

__all__ = ["Page"]

_SOLVERS = {
    "auto": "auto: deduce, else learn",
    "exact": "exact deduction",
    "synchronization": "synchronization",
    "hypercube": "HyperCube",
}
_ASSUMPTIONS = {
    "auto": "choose",
    "group": "a group",
    "isotope": "an isotope of a group",
    "none": "anything",
}
_MOST_SEED = 2**31 - 1
_FIRST = "Choose a table, or open, paste or edit one; press Complete."


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
        self.session, self._runner = session, runner
        self._upload, self._address, self._open_report = upload, address, open_report
        self._cards: dict[str, Card] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = self._drawings = 0
        self._solvers = set(session.state.solvers)

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
                self._build_table()
                self._build_completion()
                text("h2", "Results")
                self._nothing = text("p", "Nothing has been completed yet.")
                self._runs = ui.element("div").classes("runs")
        ui.on("cayley-cell", self._on_cell)
        ui.on("cayley-edit", self._on_edit)
        ui.on("cayley-refused", self._on_refused)
        self._problem.text = problem

    def _build_table(self) -> None:
        text("h2", "The table")
        with ui.element("div").classes("bar"):
            options = {"": "choose", **EXAMPLES}
            select_field("Example", options, "", lambda name: self._try(self._load, name))
            self._family = text_field("Family, such as S4 or D12", "S4", maxlength=200, size=12)
            button("Make it", lambda: self._try(self._generate))
            with ui.element("label").classes("field"):
                text("span", "Open a file: CSV, TSV, triples, JSON, npy")
                file = ui.element("input")
                file.props["type"] = "file"
                file.props["data-upload"] = self._upload
                file.props["data-limit"] = self.session.limits.max_bytes
        with ui.element("details"):
            text("summary", "Paste a table")
            self._pasted = text_field("Text of a table", "", kind="textarea", spellcheck="false")
            button("Read it", lambda: self._try(self._paste))
        with ui.element("div").classes("bar"):
            self._keep = text_field("Known cells, %", "60", kind="number", min=1, max=100)
            button("Hide the others", lambda: self._try(self._hide))
            self._noise = text_field("Wrong entries, %", "5", kind="number", min=0, max=100)
            button("Make them wrong", lambda: self._try(self._disturb))
            self._draw_seed = text_field("Seed of these", "0", kind="number", min=0)
            button("Undo", lambda: self._try(self._undo))
        self._problem = text("p", "", "problem")
        self._problem.props["role"] = "alert"
        self._summary = text("p", _FIRST, "quiet")
        self._grid = ui.html("", sanitize=False)
        self._reason = text("p", "", "reason")
        self._reason.props["aria-live"] = "polite"
        text(
            "p",
            "Arrow keys go through the table; type, press Enter or click twice to change a cell, "
            "Delete to forget it.",
            "quiet",
        )
        self._show_table()

    def _build_completion(self) -> None:
        text("h2", "Complete it")
        state, limits = self.session.state, self.session.limits
        with ui.element("div").classes("bar"):
            checkboxes("Solvers, side by side", _SOLVERS, self._solvers)
            self._assume: Field = select_field("It is taken to be", _ASSUMPTIONS, state.assume)
            self._seed = text_field("Seed", str(state.seed), kind="number", min=0)
            seconds = f"{min(60.0, limits.time_limit):g}"
            self._time = text_field("Seconds", seconds, kind="number", min=1)
            button("Complete", lambda: self._try(self._complete), main=True)
            button("Next seed", lambda: self._try(self._next_seed))
            button("Stop all", self._stop_all)
        with ui.element("div").classes("bar"):
            button("Link to this state", lambda: self._try(self._link))
            self._link_field = text_field("Link", "", readonly=True, size=60)

    def _try(self, action: Callable[..., None], *arguments: Any) -> None:
        """Do what the visitor asks for, or say why not."""
        try:
            self._problem.text = ""
            action(*arguments)
        except (ValueError, OSError) as error:
            self._problem.text = str(cleaned(str(error)))

    def _load(self, name: str) -> None:
        if name:
            self.session.replace(example(name))
            self._show_table()

    def _generate(self) -> None:
        self.session.generate(self._family.value)
        self._show_table()

    def _paste(self) -> None:
        if not self._pasted.value.strip():
            raise ValueError("There is nothing to read: paste a table first.")
        self.receive(self._pasted.value.encode(errors="replace"), "pasted text")

    def receive(self, content: bytes, name: str) -> None:
        """Take a table that was uploaded or pasted, or say what is wrong with it."""

        def read() -> None:
            self.session.read(content, name)
            self._show_table()

        self._try(read)

    def _hide(self) -> None:
        percent = self._keep.number("Known cells", least=0, most=100)
        self.session.hide(percent, self._draws())
        self._show_table()

    def _disturb(self) -> None:
        percent = self._noise.number("Wrong entries", least=0, most=100)
        self.session.disturb(percent, self._draws())
        self._show_table()

    def _draws(self) -> int:
        return int(self._draw_seed.number("The seed", least=0, most=_MOST_SEED))

    def _undo(self) -> None:
        if not self.session.undo():
            raise ValueError("There is nothing to undo.")
        self._show_table()

    def _show_table(self) -> None:
        table = self.session.table
        self._drawings += 1  # the page may have changed cells: never the same content twice
        self._grid.content = f"{input_grid(table)}<!--{self._drawings}-->"
        self._summarize()

    def _summarize(self) -> None:
        table = self.session.table
        kind = "one alphabet" if table.has_one_alphabet else "three alphabets"
        self._summary.text = (
            f"{len(table.rows)} × {len(table.columns)}, {table.num_observed} of "
            f"{table.array.size} cells known, {kind}. {_FIRST if not self._cards else ''}"
        )

    def _on_cell(self, event: Any) -> None:
        place = _place(event.args)
        if place is None:
            return
        grid, a, b = place
        if grid == "input":
            self._reason.text = _describe(self.session.table, a, b)
        elif grid in self._cards:
            document = self._cards[grid].finished
            if document is not None and a < len(document.rows) and b < len(document.columns):
                self._cards[grid].reason.text = self._cards[grid].describe(a, b)

    def _on_edit(self, event: Any) -> None:
        place, value = _place(event.args), str(event.args.get("value", ""))
        if place is None or place[0] != "input":
            return
        self._try(self.session.edit, place[1], place[2], value)
        if self._problem.text:
            self._show_table()
        else:  # the page shows it already, and the focus stays
            self._summarize()
            self._reason.text = _describe(self.session.table, place[1], place[2])

    def _on_refused(self, event: Any) -> None:
        size = event.args.get("size") if isinstance(event.args, dict) else None
        limit = self.session.limits.max_bytes
        too_large = isinstance(size, int) and size > limit
        self._problem.text = (
            f"The file has {size} bytes; this studio takes up to {limit}."
            if too_large
            else "The file could not be sent."
        )

    def _settings(self) -> None:
        """Take the settings of the page into the state."""
        chosen = tuple(name for name in SOLVERS if name in self._solvers)
        if not chosen:
            raise ValueError("Choose at least one solver.")
        assume = self._assume.value
        if assume not in ASSUMPTIONS:
            raise ValueError("Choose what the operation is taken to be.")
        seed = int(self._seed.number("The seed", least=0, most=_MOST_SEED))
        self.session.state = replace(self.session.state, solvers=chosen, assume=assume, seed=seed)

    def _complete(self) -> None:
        self._settings()
        state, limits = self.session.state, self.session.limits
        seconds = self._time.number("Seconds", least=0.1, most=limits.time_limit)
        pending = sum(not c.run.is_over for c in self._cards.values() if c.run is not None)
        if pending + len(state.solvers) > limits.max_waiting:
            raise ValueError(
                f"{limits.max_waiting} runs at a time are the limit for one visitor; "
                "stop some or wait."
            )
        self._nothing.set_visibility(False)
        for index, solver in enumerate(state.solvers):
            table = state.table.aligned() if state.table.has_one_alphabet else state.table
            job = Job(
                table=table,
                solver=cast("Any", solver),
                assume=cast("Any", state.assume),
                seed=state.seed,
                time_limit=seconds,
                folder="",
            )
            self._start(job, index)

    def _start(self, job: Job, index: int) -> None:
        self._number += 1
        name = f"run{self._number}"
        title = f"{self._number}. {_SOLVERS[job.solver]}, seed {job.seed}"
        with self._runs:
            card = Card(title, name, self._open_report)
        card.element.move(target_index=index)
        self._cards[name] = card

        def tell(message: Message) -> None:
            card.take(message)

        card.run = Run(self._runner, job, tell, on_start=card.started)
        task = asyncio.create_task(card.run.go())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._forget_old()

    def _forget_old(self) -> None:
        """Keep the page small: the oldest finished runs go."""
        old = [name for name, card in self._cards.items() if card.run and card.run.is_over]
        for name in old[: max(0, len(self._cards) - 8)]:
            self._cards.pop(name).element.delete()

    def _next_seed(self) -> None:
        seed = int(self._seed.number("The seed", least=0, most=_MOST_SEED - 1))
        self._seed.value = str(seed + 1)
        self._complete()

    def _stop_all(self) -> None:
        for card in self._cards.values():
            if card.run is not None and not card.run.is_over:
                card.run.stop()

    def close(self) -> None:
        """End all runs: the visitor is gone."""
        for card in self._cards.values():
            if card.run is not None and not card.run.is_over:
                card.run.kill()

    def _link(self) -> None:
        self._settings()
        code = encode_state(self.session.state)
        if len(code) > self.session.limits.max_link:
            raise ValueError(
                f"The table is too large for a link ({len(code)} characters, the limit is "
                f"{self.session.limits.max_link}); download it instead."
            )
        self._link_field.value = f"{self._address}?s={code}"


def _place(arguments: Any) -> tuple[str, int, int] | None:
    """Return the grid and the cell that an event is about; None if it is about none."""
    if not isinstance(arguments, dict):
        return None
    grid, a, b = (arguments.get(key) for key in ("grid", "a", "b"))
    if not isinstance(a, int) or not isinstance(b, int) or a < 0 or b < 0:
        return None
    return str(grid), a, b


def _describe(table: Table, a: int, b: int) -> str:
    if a >= len(table.rows) or b >= len(table.columns):
        return ""
    c = int(table.array[a, b])
    value = "unknown" if c < 0 else table.symbols[c]
    return str(cleaned(f"{table.rows[a]} ∘ {table.columns[b]}: {value}"))
