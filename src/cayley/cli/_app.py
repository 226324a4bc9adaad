"""The application and its commands, in the order in which the help lists them."""

import sys
import time
from typing import Annotated

import typer

from cayley._signals import Interruption, interruptible
from cayley._version import __version__
from cayley.cli._bench import bench
from cayley.cli._check import check
from cayley.cli._complete import complete
from cayley.cli._console import interrupted, output_failed
from cayley.cli._convert import convert
from cayley.cli._discover import discover
from cayley.cli._explain import explain
from cayley.cli._generate import generate
from cayley.cli._inspect import inspect
from cayley.cli._next import next
from cayley.cli._plot import plot
from cayley.cli._reproduce import reproduce
from cayley.cli._studio import studio
from cayley.cli._sweep import sweep

__all__ = ["app", "main"]

app = typer.Typer(
    name="cayley",
    no_args_is_help=True,
    # The options that install shell completion would be the first lines of every help text.
    add_completion=False,
    # A traceback that rich draws shows local variables, which may be whole tables.
    pretty_exceptions_enable=False,
    # With markup on, rich would read "[studio]" in a help text as a style and drop it.
    rich_markup_mode=None,
    # Commands inherit this from the application.
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The help lists commands in this order: what most users call first, measurements last.
for command in (
    complete,
    inspect,
    next,
    check,
    convert,
    explain,
    generate,
    discover,
    plot,
    studio,
    bench,
    reproduce,
    sweep,
):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    """Print the version and end the program, if the option was given."""
    if wanted:
        typer.echo(f"cayley {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            # Eager: handled before typer complains that no command was given.
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Complete operation tables, find the structure behind them, and prove it.

    Example: cayley complete examples/tables/c3v_partial.csv
    """


def main(begun: float | None = None) -> None:
    """Run the command line; the first Ctrl-C or SIGTERM ends what runs, the second everything.

    Args:
        begun: When the program started, by ``time.monotonic``; now by default. Limits of time
            count from then.
    """
    try:
        with interruptible():
            _run(time.monotonic() if begun is None else begun)
    except KeyboardInterrupt as error:  # before a command has begun, while its options are read
        raise interrupted(error) from None


def _run(begun: float) -> None:
    try:
        app(obj=begun)
    except SystemExit as end:
        # Where no command handles a signal, typer ends without a word, and with 130 for each.
        cause = getattr(end.__context__, "__cause__", None)
        if isinstance(cause, Interruption):
            raise interrupted(cause) from None
        # So does it where nobody reads the output any more, with 1.
        if isinstance(end.__context__, BrokenPipeError):
            raise output_failed(end.__context__) from None
        try:
            sys.stdout.flush()
        except OSError as error:
            raise output_failed(error) from None
        raise
    except OSError as error:  # of a file: commands say so themselves
        raise output_failed(error) from None
