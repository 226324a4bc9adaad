"""A label as a message shows it: quoted, escaped, of bounded length."""

from collections.abc import Iterable

__all__ = ["listed", "shown", "ticked"]

# Long enough to recognize a label by, short enough that a message with two labels fits a line or
# two. Without a limit a binary file read as CSV would fill the screen with one "label".
_SHOWN_LENGTH = 40


def shown(label: str) -> str:
    """Return a label as a message shows it: quoted, escaped and of bounded length."""
    return repr(label if len(label) <= _SHOWN_LENGTH else label[: _SHOWN_LENGTH - 3] + "...")


def ticked(label: str) -> str:
    r"""Return a label between backticks, escaped and of bounded length.

    Example:
        >>> ticked("C"), ticked("\x1b[2J")
        ('`C`', '`\\x1b[2J`')
    """
    return f"`{bare(label)}`"


def bare(label: str) -> str:
    """Return a label escaped and of bounded length, without quotes."""
    return shown(label)[1:-1]


def listed(labels: Iterable[str], most: int = 8) -> str:
    """Return some labels as a message lists them; of many only the first.

    Example:
        >>> listed("abc", most=2)
        'a, b, ... (3 in all)'
    """
    labels = list(labels)
    words = ", ".join(map(bare, labels[:most]))
    return words + (f", ... ({len(labels)} in all)" if len(labels) > most else "")
