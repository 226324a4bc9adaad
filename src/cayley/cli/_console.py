"""Standard error: progress that vanishes where there is no terminal, notes and error messages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["fail", "note", "progress_bar", "usage_errors"]

USAGE_ERROR = 2
INTERRUPTED = 130


def note(message: str) -> None:
    """Write one line to standard error."""
    print(message, file=sys.stderr)  # noqa: T201


def fail(message: str, *, status: int = USAGE_ERROR) -> SystemExit:
    """Return the exception that ends the program with one message; raise it."""
    note(f"cayley: {message}")
    return SystemExit(status)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn what the user can mend into one message and exit status 2; Ctrl-C into status 130."""
    try:
        yield
    except KeyboardInterrupt:
        raise fail("interrupted; nothing was written.", status=INTERRUPTED) from None
    except OSError as error:
        if error.filename is None:
            raise fail(str(error)) from None
        raise fail(f"{error.filename}: {error.strerror}.") from None
    except (ValueError, TypeError, MemoryError) as error:
        raise fail(str(error) or type(error).__name__) from None


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[float, str], None]]:
    """Show the fraction done, the time spent and the time left, where there is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, message: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # Runs may take minutes between two updates. With rich's period of 30 s there would never be two
    # updates to take a speed from, and the time left would stay blank.
    a_day = 86400.0
    with Progress(
        *columns, console=Console(stderr=True), transient=True, speed_estimate_period=a_day
    ) as bar:
        task = bar.add_task("", total=1.0)

        def update(done: float, message: str) -> None:
            from rich.markup import escape

            bar.update(task, completed=done, description=escape(message))

        yield update
