"""A run on the page: its progress while it runs, and then what it found."""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

from nicegui import ui

from cayley.completion import Progress, Provenance
from cayley.completion._notebook import MARKS
from cayley.report._explanations import Explanations, LawRow, RefutedKind
from cayley.report._typeset import cleaned
from cayley.studio._fields import button, text
from cayley.studio._grid import result_grid
from cayley.studio._jobs import Failed, Files, Finished, Message, Pictures, Update
from cayley.studio._pictures import curves_svg
from cayley.studio._runs import Run

__all__ = ["Card"]

# Records kept for the curves, which are 150 pixels wide. Every second one is dropped when there are
# more: the curve stays whole, and the time to draw it bounded.
_LONGEST_HISTORY = 600

_MOST_SUSPECTS = 50  # listed on the page; the files have all of them

_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "safetensors": "application/octet-stream",
}


class Card:
    """The part of the page that belongs to one run.

    Args:
        title: The solver and the seed, in words.
        name: The name of the run's grid in events.
        open_report: Keeps a report and returns its address on this server.
    """

    def __init__(self, title: str, name: str, open_report: Callable[[bytes], str]) -> None:
        self.run: Run | None = None
        self.finished: Finished | None = None
        self._name, self._open_report = name, open_report
        self._history: list[Progress] = []
        with ui.element("article").classes("run") as self.element:
            text("h3", title)
            self._verdict = text("p", "Waiting for a free place.", "verdict")
            self._verdict.props["role"] = "status"  # screen readers read it when it changes
            with ui.element("div").classes("bar"):
                self._stop = button("Stop", self._on_stop)
                self._about = text("span", "", "quiet")
            # Their content is made here, in _grid and in _pictures, where labels are escaped.
            self._curves = ui.html("", sanitize=False)
            self._pictures = ui.html("", sanitize=False)
            self._grid = ui.html("", sanitize=False)
            self._reason = text("p", "", "reason")
            self._reason.props["aria-live"] = "polite"
            self._more = ui.element("div")
            self._files = ui.element("div").classes("bar")

    def take(self, message: Message) -> None:
        """Show what the run has sent."""
        # Messages come from a task that belongs to no page; elements are made inside this one.
        with self.element:
            match message:
                case Update():
                    self._update(message)
                case Finished():
                    self._finish(message)
                case Pictures():
                    self._draw(message)
                case Files():
                    self._offer(message)
                case Failed():
                    self._fail(message)

    def started(self) -> None:
        """Show that the run has its process."""
        if self.run is not None and self.run.pid is not None:
            self._verdict.text = "Deducing."
            self._about.text = f"process {self.run.pid}"
            self.element.props["data-pid"] = self.run.pid  # the tests kill a run by it
            self.element.update()

    def point(self, a: int, b: int) -> None:
        """Show why a cell of the completed table holds what it holds, if there is such a cell."""
        found = self.finished
        if found is not None and a < len(found.rows) and b < len(found.columns):
            self._reason.text = self._describe(found, a, b)

    def _describe(self, finished: Finished, a: int, b: int) -> str:
        """Return what a cell holds, where it comes from, and what is known about it."""
        document = finished.document
        row, column = document["rows"][a], document["columns"][b]
        symbol, kind = document["table"][a][b], document["provenance"][a][b]
        meaning = finished.meanings[kind]
        parts = [f"{row} ∘ {column} = {'?' if symbol is None else symbol}: {kind}, {meaning}"]
        parts.extend(
            f"given as {suspect['given']}"
            for suspect in document["suspects"]
            if (suspect["row"], suspect["column"]) == (row, column)
        )
        if kind == "predicted" and finished.margins is not None:
            parts.append(f"margin {finished.margins[a][b]:.2g}")
        parts.extend(
            f"one of {_listed(cell.values, cell.more)}"
            for cell in finished.explained.open_cells
            if (cell.row, cell.column) == (row, column)
        )
        if kind == "forced" and document["method"]:
            parts.append(document["method"])
        return str(cleaned("; ".join(parts)))

    def _on_stop(self) -> None:
        """Ask the run to end with the best so far."""
        if self.run is not None:
            self.run.stop()
            self._about.text = "stopping"

    def _update(self, update: Update) -> None:
        """Show the numbers, the curves and the pictures of a run that learns."""
        p = update.progress
        self._history.append(p)
        if len(self._history) > _LONGEST_HISTORY:
            self._history = self._history[::2]
        self._verdict.text = f"Learning: {p.solver}, {p.stage}, step {p.step}, fit {p.fit:.0%}."
        self._curves.content = curves_svg(self._history)
        figures = []
        if update.heat:
            figures.append(_figure(update.heat, "The table as it is now", "heat"))
        if update.matrices:
            figures.append(_figure(update.matrices, "Matrices of the first rows", "strip"))
        self._pictures.content = f'<div class="pictures">{"".join(figures)}</div>'

    def _finish(self, finished: Finished) -> None:
        """Show the verdict and the completed table."""
        self.finished = finished
        document = finished.document
        if finished.history:  # the solver's own records, more than the updates that were sent
            self._curves.content = curves_svg(finished.history)
        self._stop.set_visibility(False)
        self._verdict.text = cleaned(document["verdict"])
        self._verdict.classes(document["status"])
        self._about.text = (
            f"{document['status']} by {document['solver']} in {document['seconds']:.2f} s; "
            f"listed {finished.how}"
        )
        grid = result_grid(finished, name=self._name)
        self._grid.content = _legend(finished) + grid
        self._reason.text = (
            "Click a cell for its reason."
            if grid
            else "The table is too large for a grid; the picture and the files show all of it."
        )
        with self._more:
            self._say_more(document)
            self._explain(finished.explained)

    def _say_more(self, document: dict[str, Any]) -> None:
        """Show the notes and the suspects."""
        for note in document["notes"]:
            text("p", cleaned(note))
        if document["suspects"]:
            with ui.element("details").props("open"):
                text("summary", f"{len(document['suspects'])} suspected errors")
                with ui.element("ul"):
                    for s in document["suspects"][:_MOST_SUSPECTS]:
                        where, what = f"{s['row']} ∘ {s['column']}", s["expected"]
                        text("li", cleaned(f"{where}: given {s['given']}, expected {what}"))

    def _explain(self, explained: Explanations) -> None:
        """Show what the solution rests on: its standing, rivals, open cells, laws, refutations."""
        if explained.standing:
            text("p", str(cleaned(explained.standing)), "standing")
        for rival in explained.rivals:
            cells = [f"{a} ∘ {b}: {here} here, {there} there" for a, b, here, there in rival.cells]
            _list(
                f"If it is {rival.kind} instead ({rival.standing})", cells, rival.more, shown=True
            )
        cells = [
            f"{cell.row} ∘ {cell.column}: one of {_listed(cell.values, cell.more)}"
            for cell in explained.open_cells
        ]
        if cells:
            _list("What the open cells can be", cells, explained.more_open)
        if explained.laws:
            _list("Laws and their evidence", [_law(law) for law in explained.laws])
        if explained.refuted:
            _list("What it cannot be", [_refuted(each) for each in explained.refuted])

    def _draw(self, pictures: Pictures) -> None:
        """Show the pictures of the solution in place of those of the run."""
        stages = "".join(_figure(uri, title, "strip") for title, uri in pictures.stages)
        heat = _figure(pictures.heat, "The completed table", "heat")
        self._pictures.content = f'<div class="pictures">{heat}<div>{stages}</div></div>'

    def _offer(self, files: Files) -> None:
        """Show buttons that download the files, and a link to the report."""
        with self._files:
            text("span", "Download:", "quiet")
            for name, content in files.contents.items():
                media = _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
                button(name, partial(ui.download.content, content, name, media))
            if "report.html" in files.contents:
                link = text("a", "Open the report")
                link.props["href"] = self._open_report(files.contents["report.html"])
                link.props["target"] = "_blank"
                link.props["rel"] = "noopener"  # the report gets no hold of this page

    def _fail(self, failed: Failed) -> None:
        """Show why there is no solution, or why there are no files of one."""
        self._stop.set_visibility(False)
        # A verdict that is shown stays: only what came after it has failed.
        if self.finished is None:
            self._verdict.text = cleaned(failed.reason)
            self._verdict.classes("failed")
        else:
            self._about.text = f"The files could not be made: {failed.reason}"


def _figure(uri: str, title: str, kind: str) -> str:
    """Return a picture with its title as HTML."""
    title = escape(title)
    return (
        f'<figure><img class="{kind}" src="{uri}" alt="{title}">'
        f"<figcaption>{title}</figcaption></figure>"
    )


def _list(title: str, items: Sequence[str], more: int = 0, *, shown: bool = False) -> None:
    """Make a list of texts under a title that opens and closes it."""
    with ui.element("details").props("open" if shown else ""):
        text("summary", str(cleaned(title)))
        with ui.element("ul"):
            for item in items:
                text("li", str(cleaned(item)))
            if more:
                text("li", f"and {more} more; the files have all of them")


def _listed(values: Sequence[str], more: int) -> str:
    return ", ".join(values) + (f" and {more} more" if more else "")


def _law(law: LawRow) -> str:
    """Return a law with its evidence in a line."""
    seen = f"{law.support} instances seen" if law.support else "not weighed"
    chance = f", chance below 10^{law.log10_chance}" if law.log10_chance else ""
    return f"{law.law}: {seen}{chance}"


def _refuted(each: RefutedKind) -> str:
    """Return what the operation cannot be, with the reason and the cells, in a line."""
    reason = f": {each.reason}" if each.reason else ""
    cells = [f"{a} ∘ {b} = {c}" for a, b, c in each.cells]
    return f"not {each.kind}{reason}" + (f"; {_listed(cells, each.more)}" if cells else "")


def _legend(finished: Finished) -> str:
    """Return the provenances that occur, with counts, marks and meanings, as HTML."""
    items = []
    for kind in Provenance:
        name = kind.name.lower()
        if count := finished.document["cells"][name]:
            meaning = escape(str(cleaned(finished.meanings[name])))
            items.append(
                f'<li><span class="{name}">{count} {name} {MARKS[kind]}</span> {meaning}</li>'
            )
    return f'<ul class="legend">{"".join(items)}</ul>'
