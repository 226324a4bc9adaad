"""Standard error: progress that vanishes where there is no terminal, notes and error messages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["fail", "note", "progress_bar"]

USAGE_ERROR = 2


def note(message: str) -> None:
    """Write one line to standard error."""
    print(message, file=sys.stderr)  # noqa: T201


def fail(message: str, *, status: int = USAGE_ERROR) -> SystemExit:
    """Return the exception that ends the program with one message; raise it."""
    note(f"cayley: {message}")
    return SystemExit(status)


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[float, str], None]]:
    """Show the fraction done and a few words while the block runs, where there is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, message: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def update(done: float, message: str) -> None:
            from rich.markup import escape

            bar.update(task, completed=done, description=escape(message))

        yield update
