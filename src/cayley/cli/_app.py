"""The application: which commands there are."""

from typing import Annotated

import typer

from cayley._version import __version__
from cayley.cli._bench import bench
from cayley.cli._complete import complete
from cayley.cli._discover import discover
from cayley.cli._generate import generate
from cayley.cli._inspect import inspect
from cayley.cli._plot import plot
from cayley.cli._reproduce import reproduce
from cayley.cli._studio import studio
from cayley.cli._sweep import sweep

__all__ = ["app", "main"]

app = typer.Typer(
    name="cayley",
    help="Complete operation tables, find the group behind them, and prove it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    complete,
    inspect,
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
    if wanted:
        typer.echo(f"cayley {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Complete operation tables, find the group behind them, and prove it."""


def main() -> None:
    """Run the command line."""
    app()
