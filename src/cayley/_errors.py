"""The few exceptions of the library, each a standard one with a name of its own.

Every message names what was wrong, what was expected and what to do next. "Not found" and
"did not converge" are results, never exceptions.
"""

__all__ = [
    "MissingExtraError",
    "OutputExistsError",
    "TableFormatError",
    "UnknownLabelError",
]


_LONGEST = 1000  # characters of a message: some ten lines of a terminal


class TableFormatError(ValueError):
    """A table could not be read: the message names the file, the line and the column."""

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.source, self.line, self.column = source, line, column
        places = [
            source,
            None if line is None else f"line {line}",
            None if column is None else f"column {column}",
        ]
        where = ", ".join(place for place in places if place is not None)
        text = f"{where}: {message}" if where else message
        # Names of files, and what other libraries quote of them, may hold any characters. A message
        # that quotes a long word keeps its beginning, and its end, which says what to do.
        if len(text) > _LONGEST:
            text = f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 2 :]}"
        super().__init__(shown_plainly(text))


def shown_plainly(text: str) -> str:
    r"""Return a text with every character escaped that would change the terminal or the reading.

    Control characters, line ends, direction marks and what is not seen at all become what they are
    in a Python string; letters of every script stay.

    Example:
        >>> shown_plainly("\x1b[2Jé\u202e")
        '\\x1b[2Jé\\u202e'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class UnknownLabelError(KeyError, ValueError):
    """A table was asked for a label that it has not; the message lists those it has."""

    def __str__(self) -> str:
        # A KeyError shows its argument quoted, since that is usually a key and no sentence.
        return str(self.args[0])


class OutputExistsError(FileExistsError):
    """An output would replace something that is already there."""


class MissingExtraError(ImportError):
    """An optional dependency is not installed; the message names the command that installs it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"`{package}` is not installed. Install it with: pip install 'cayley[{extra}]'"
        )
