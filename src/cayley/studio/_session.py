"""The table of one visitor: it is changed step by step, within the limits."""

import io
from pathlib import PurePath

from cayley.studio._state import State
from cayley.studio._visitor_limits import VisitorLimits
from cayley.tables import UNKNOWN, Table, add_noise, generate_family, mask, read_table

__all__ = ["Session"]

_UNDONE = 50  # steps that can be undone; each keeps a table in memory


class Session:
    """The table of one visitor, and what it was before.

    Args:
        limits: What a visitor may ask for.
        state: What to begin with.

    Example:
        >>> from cayley.studio._visitor_limits import VisitorLimits
        >>> session = Session(VisitorLimits(), State(table=generate_family("C3")))
        >>> session.edit(0, 0, "")
        >>> session.table.num_observed, session.undo(), session.table.num_observed
        (8, True, 9)
    """

    def __init__(self, limits: VisitorLimits, state: State) -> None:
        self.limits = limits
        self.state = state
        self._before: list[Table] = []

    @property
    def table(self) -> Table:
        """The table as it is now."""
        return self.state.table

    def replace(self, table: Table) -> None:
        """Take another table; :meth:`undo` returns to the one before.

        Raises:
            ValueError: If it is too large.
        """
        from dataclasses import replace

        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        if max(sizes) > self.limits.max_order:
            raise ValueError(
                f"The table has {sizes[0]} rows, {sizes[1]} columns and {sizes[2]} symbols; "
                f"this studio takes up to {self.limits.max_order}."
            )
        self._before = [*self._before[-_UNDONE:], self.table]
        self.state = replace(self.state, table=table)

    def undo(self) -> bool:
        """Return to the table before the last change; return False if there is none."""
        from dataclasses import replace

        if not self._before:
            return False
        self.state = replace(self.state, table=self._before.pop())
        return True

    def read(self, content: bytes, name: str) -> None:
        """Read an uploaded or pasted table; of the name only the ending matters.

        Raises:
            ValueError: If it is too long or no table, with what is wrong and where.
        """
        if len(content) > self.limits.max_bytes:
            raise ValueError(
                f"The file has {len(content)} bytes; this studio takes up to "
                f"{self.limits.max_bytes}."
            )
        # The name is shown in messages: without folders, and its end, which holds the suffix.
        shown = PurePath(name.replace("\\", "/")).name[-100:] or "table"
        table = read_table(io.BytesIO(content), max_order=self.limits.max_order, name=shown)
        self.replace(table)

    def generate(self, family: str) -> None:
        """Take the full table of a family.

        Raises:
            ValueError: If the name stands for nothing, or for too large a table.
        """
        self.replace(generate_family(family, max_order=self.limits.max_order))

    def hide(self, percent: float, seed: int) -> None:
        """Keep so many percent of all cells; at most those that are known.

        Raises:
            ValueError: If nothing would be left, or more is asked for than is known.
        """
        self.replace(mask(self.table, observe=percent / 100, seed=seed))

    def disturb(self, percent: float, seed: int) -> None:
        """Make so many percent of the known cells wrong.

        Raises:
            ValueError: If the number is no percentage.
        """
        self.replace(add_noise(self.table, noise=percent / 100, seed=seed))

    def edit(self, a: int, b: int, label: str) -> None:
        """Set one cell; an empty label makes it unknown.

        Raises:
            ValueError: If the label is no symbol, or there is no such cell.
        """
        table = self.table
        if not (0 <= a < len(table.rows) and 0 <= b < len(table.columns)):
            raise ValueError("There is no such cell.")
        if label and label not in table.symbols:
            raise ValueError(f"{label!r} is not one of the table's symbols; the cell is as it was.")
        array = table.array.copy()  # tables are frozen, and the one before has to stay for undo
        array[a, b] = table.symbols.index(label) if label else UNKNOWN
        if (array == UNKNOWN).all():
            raise ValueError("At least one cell has to be known; the cell is as it was.")
        self.replace(table.with_array(array))
