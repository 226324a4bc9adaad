"""The first part of the page: a table is chosen, shown and changed."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from cayley.report._typeset import cleaned
from cayley.studio._examples import EXAMPLES, example
from cayley.studio._fields import button, select_field, text, text_field
from cayley.studio._grid import input_grid
from cayley.studio._session import Session
from cayley.studio._state import LARGEST_SEED
from cayley.tables import Table

__all__ = ["Editor"]


class Editor:
    """The table of one visitor on the page, and everything that changes it.

    Args:
        session: The visitor's table.
        upload: The address that this visitor's files are sent to.

    Attributes:
        hint: What to do next, shown after the size of the table; empty once a run has begun.
    """

    def __init__(self, session: Session, upload: str) -> None:
        self.hint = "Choose a table, or open, paste or edit one; press Complete."
        self._session, self._upload = session, upload
        self._drawings = 0

    def build(self) -> None:
        """Make the elements of this part of the page and show the table."""
        text("h2", "The table")
        self._build_sources()
        self._build_changes()
        self._problem = text("p", "", "problem")
        # Screen readers read an alert as soon as its text changes, and a polite region when idle.
        self._problem.props["role"] = "alert"
        self._summary = text("p", self.hint, "quiet")
        self._grid = ui.html("", sanitize=False)  # its labels are escaped where it is made
        self._reason = text("p", "", "reason")
        self._reason.props["aria-live"] = "polite"
        text(
            "p",
            "Arrow keys go through the table; type, press Enter or click twice to change a cell, "
            "Delete to forget it.",
            "quiet",
        )
        self._show_table()

    def _build_sources(self) -> None:
        """Make the fields that a table comes from: examples, families, files, text."""
        with ui.element("div").classes("bar"):
            options = {"": "choose", **EXAMPLES}
            select_field("Example", options, "", lambda name: self.attempt(self._load, name))
            self._family = text_field("Family, such as S4 or D12", "S4", maxlength=200, size=12)
            button("Make it", lambda: self.attempt(self._generate))
            with ui.element("label").classes("field"):
                text("span", "Open a file: CSV, TSV, triples, JSON, npy")
                file = ui.element("input")
                file.props["type"] = "file"
                # studio.js sends the file there by itself, and no file above the limit.
                file.props["data-upload"] = self._upload
                file.props["data-limit"] = self._session.limits.max_bytes
        with ui.element("details"):
            text("summary", "Paste a table")
            self._pasted = text_field("Text of a table", "", kind="textarea", spellcheck="false")
            button("Read it", lambda: self.attempt(self._paste))

    def _build_changes(self) -> None:
        """Make the fields that hide cells, make some wrong, and undo."""
        with ui.element("div").classes("bar"):
            self._keep = text_field("Known cells, %", "60", kind="number", min=1, max=100)
            button("Hide the others", lambda: self.attempt(self._hide))
            self._noise = text_field("Wrong entries, %", "5", kind="number", min=0, max=100)
            button("Make them wrong", lambda: self.attempt(self._disturb))
            self._draw_seed = text_field("Seed of these", "0", kind="number", min=0)
            button("Undo", lambda: self.attempt(self._undo))

    def attempt(self, action: Callable[..., None], *arguments: Any) -> bool:
        """Do what the visitor asks for, or show why not; return whether it was done."""
        try:
            self.show_problem("")
            action(*arguments)
        except (ValueError, OSError) as error:
            self.show_problem(str(error))
            return False
        return True

    def show_problem(self, problem: str) -> None:
        """Show what is wrong, or nothing if it is empty."""
        self._problem.text = str(cleaned(problem))

    def receive(self, content: bytes, name: str) -> None:
        """Take a table that was uploaded or pasted, or show what is wrong with it."""

        def read() -> None:
            self._session.read(content, name)
            self._show_table()

        self.attempt(read)

    def refuse(self, size: Any) -> None:
        """Show why a file was not sent.

        Args:
            size: Its bytes, as the visitor's browser says.
        """
        limit = self._session.limits.max_bytes
        too_large = isinstance(size, int) and size > limit
        self.show_problem(
            f"The file has {size} bytes; this studio takes up to {limit}."
            if too_large
            else "The file could not be sent."
        )

    def point(self, a: int, b: int) -> None:
        """Show what a cell holds."""
        self._reason.text = _describe(self._session.table, a, b)

    def edit(self, a: int, b: int, value: str) -> None:
        """Change a cell as the visitor did in the grid, or show why not."""
        if self.attempt(self._session.edit, a, b, value):
            # The page shows the change already: drawing the grid again would lose the focus.
            self._summarize()
            self.point(a, b)
        else:
            self._show_table()

    def _load(self, name: str) -> None:
        """Take an example; the empty name is the choice of none."""
        if name:
            self._session.replace(example(name))
            self._show_table()

    def _generate(self) -> None:
        """Take the table of the family that is named."""
        self._session.generate(self._family.value)
        self._show_table()

    def _paste(self) -> None:
        """Take the table that was pasted."""
        if not self._pasted.value.strip():
            raise ValueError("There is nothing to read: paste a table first.")
        self.receive(self._pasted.value.encode(errors="replace"), "pasted text")

    def _hide(self) -> None:
        """Hide cells."""
        percent = self._keep.number("Known cells", least=0, most=100)
        self._session.hide(percent, self._seed())
        self._show_table()

    def _disturb(self) -> None:
        """Make cells wrong."""
        percent = self._noise.number("Wrong entries", least=0, most=100)
        self._session.disturb(percent, self._seed())
        self._show_table()

    def _seed(self) -> int:
        """Return the seed of hidden and wrong cells."""
        return int(self._draw_seed.number("The seed", least=0, most=LARGEST_SEED))

    def _undo(self) -> None:
        """Take the table before the last change."""
        if not self._session.undo():
            raise ValueError("There is nothing to undo.")
        self._show_table()

    def _show_table(self) -> None:
        """Draw the grid anew."""
        # The page may have changed cells by itself, and content that is equal to the last one is
        # not sent: the count makes it different.
        self._drawings += 1
        self._grid.content = f"{input_grid(self._session.table)}<!--{self._drawings}-->"
        self._summarize()

    def _summarize(self) -> None:
        """Show the size of the table and how much of it is known."""
        table = self._session.table
        kind = "one alphabet" if table.has_one_alphabet else "three alphabets"
        self._summary.text = (
            f"{len(table.rows)} × {len(table.columns)}, {table.num_observed} of "
            f"{table.array.size} cells known, {kind}. {self.hint}"
        )


def _describe(table: Table, a: int, b: int) -> str:
    """Return what a cell holds, in a line; nothing if there is no such cell."""
    if a >= len(table.rows) or b >= len(table.columns):
        return ""
    c = int(table.array[a, b])
    value = "unknown" if c < 0 else table.symbols[c]
    return str(cleaned(f"{table.rows[a]} ∘ {table.columns[b]}: {value}"))
