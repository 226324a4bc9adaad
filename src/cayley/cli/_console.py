"""What goes to standard error: notes, error messages, and progress where there is a terminal."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from cayley._errors import shown_plainly
from cayley._signals import Interruption
from cayley.cli._memory import ran_out_of_memory

__all__ = [
    "INTERRUPTED",
    "fail",
    "in_command_words",
    "interrupted",
    "note",
    "output_failed",
    "progress_bar",
    "say",
    "say_code",
    "say_document",
    "usage_errors",
]

USAGE_ERROR = 2  # what typer itself returns for an unknown option
_READER_GONE = 141  # 128 + SIGPIPE
INTERRUPTED = 130  # 128 + SIGINT, where Ctrl-C did not come as an Interruption with its status

OPTIONS = frozenset(
    {
        "allow_conflicts", "assume", "device", "format", "generators", "max_order", "noise",
        "observe", "open", "tolerance", "unknown", "vectors",
    }
)  # fmt: skip
"""Arguments of the library whose errors a user of the command line can see.

Each is an option of the same name. ``solver`` and ``seed`` are left out: typer checks them before
the library does, and an error that names them is about a member of a solution document.
"""

_ASSIGNED = re.compile(r"""\b([a-z_]+)=(["'])([a-z]+)\2""")
_QUOTED = re.compile(r"`([a-z_]+)`(?: \(`--[a-z-]+`\))?")


def note(message: str) -> None:
    """Write a message to standard error; what would change the terminal is shown escaped."""
    print(_plain_lines(message), file=sys.stderr)  # noqa: T201


def say(text: str = "") -> None:
    """Write lines to standard output; what would change the terminal is shown escaped."""
    typer.echo(_plain_lines(text))


def say_code(text: str) -> None:
    """Write lines that another program reads: as they are, but for what a terminal would obey."""
    typer.echo(_plain_lines(text) if _is_terminal() else text)


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _plain_lines(text: str) -> str:
    return text if text.isprintable() else "\n".join(map(shown_plainly, text.split("\n")))


def say_document(document: dict[str, Any]) -> None:
    """Write a document to standard output as JSON; labels are escaped where a terminal needs it."""
    text = json.dumps(document, ensure_ascii=False)
    if not text.isprintable():
        # Only strings hold such characters, and there these escapes mean the same.
        text = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
    typer.echo(text)


def fail(message: str, *, status: int = USAGE_ERROR) -> SystemExit:
    """Return the exception that ends the program with one message; raise it."""
    note(f"cayley: {message}")
    return SystemExit(status)


def in_command_words(message: str) -> str:
    """Return an error message of the library with its arguments named as options.

    Args:
        message: A sentence that may name arguments, as ``name="value"`` or between backticks.

    Example:
        >>> in_command_words('Use assume="isotope" for three alphabets.')
        'Use --assume isotope for three alphabets.'
        >>> in_command_words("Raise `max_order` to allow it.")
        'Raise --max-order to allow it.'
        >>> in_command_words("`provenance` must hold one word for each cell.")
        '`provenance` must hold one word for each cell.'
    """

    def option(name: str) -> str:
        return "--" + name.replace("_", "-")

    def assigned(found: re.Match[str]) -> str:
        name, _, value = found.groups()
        return f"{option(name)} {value}" if name in OPTIONS else found[0]

    def quoted(found: re.Match[str]) -> str:
        return option(found[1]) if found[1] in OPTIONS else found[0]

    return _QUOTED.sub(quoted, _ASSIGNED.sub(assigned, message))


def interrupted(error: KeyboardInterrupt, rest: str = "nothing was written.") -> SystemExit:
    """Return the exception that ends a program that was asked to end; ``rest`` says what is left.

    The exit status is 130 after Ctrl-C and 143 after SIGTERM.
    """
    if isinstance(error, Interruption):
        return fail(f"{error.word}; {rest}", status=error.status)
    return fail(f"interrupted; {rest}", status=INTERRUPTED)


def output_failed(error: OSError) -> SystemExit:
    """Return the exception that ends a program whose output cannot be written.

    The exit status is 2, and without a word 141 where the reader has gone, as ``head`` does: what a
    shell reports for SIGPIPE.
    """
    # What is left in the buffer would raise again when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return SystemExit(_READER_GONE)
    return fail(f"{error.filename or 'standard output'}: {error.strerror or error}.")


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn errors that the user can correct into one message and exit status 2.

    Ctrl-C becomes exit status 130, SIGTERM 143. Errors of the library name its arguments; the
    message names the options of the command instead.

    Raises:
        SystemExit: In place of the error that the block raised.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        raise interrupted(error) from None
    except (MemoryError, RuntimeError, ImportError) as error:
        message = ran_out_of_memory(error)
        if message is None:
            raise
        raise fail(message) from None
    # Before ValueError, since io.UnsupportedOperation is both.
    except OSError as error:
        if message := ran_out_of_memory(error):
            raise fail(message) from None
        if error.filename is None:
            if error.errno is None:  # a sentence of the library
                raise fail(str(error)) from None
            raise output_failed(error) from None
        raise fail(f"{error.filename}: {error.strerror}.") from None
    except (ValueError, TypeError) as error:
        raise fail(in_command_words(str(error))) from None


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[float, str], None]]:
    """Show a bar with the fraction done and the time left while the block runs.

    Nothing is shown with ``quiet``, or where standard error is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done, message: None
        return
    from rich.console import Console  # rich is imported only where there is a terminal
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

            # The words hold names of cases and files, in which rich would read "[...]" as markup.
            bar.update(task, completed=done, description=escape(message))

        yield update
