"""Lines and columns of offsets in a text, worked out only for the cells that a message names."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from cayley.tables.formats._raw import Place

__all__ = ["CellPlaces", "Lines", "lines_after"]

# All three ends of lines that editors count; "\r\n" first, so that it counts once.
_LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    r"""The lines of a text, to say where an offset stands.

    Example:
        >>> Lines("ab\ncd").at(4)
        (2, 2)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        # None until the first question: most files are read without one.
        self._starts: list[int] | None = None

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class CellPlaces(Mapping[tuple[int, int], Place]):
    """The places of the cells of a grid, each found when it is asked for.

    A dictionary of a million places would take longer than reading the million cells.
    """

    def __init__(
        self, height: int, width: int, locate: Callable[[int, int], int | Place], lines: Lines
    ) -> None:
        self._height, self._width = height, width
        self._locate, self._lines = locate, lines

    def __getitem__(self, cell: tuple[int, int]) -> Place:
        row, column = cell
        if not (0 <= row < self._height and 0 <= column < self._width):
            raise KeyError(cell)
        found = self._locate(row, column)
        return self._lines.at(found) if isinstance(found, int) else found

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((i, j) for i in range(self._height) for j in range(self._width))

    def __len__(self) -> int:
        return self._height * self._width


def lines_after(text: str, offset: int, count: int) -> Iterator[str]:
    """Yield up to ``count`` lines that follow the line at ``offset``; the rest is not touched."""
    start = text.find("\n", offset) + 1
    while start and count > 0 and start < len(text):
        end = text.find("\n", start)
        yield text[start : end if end >= 0 else len(text)].removesuffix("\r")
        start, count = end + 1, count - 1
