"""``cayley complete``: read a partial table, print the completed one and the verdict."""

import shutil
import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from cayley._signals import held
from cayley.cli._console import note, say, say_document, usage_errors
from cayley.cli._options import (
    AllowConflicts,
    Device,
    File,
    Format,
    MaxOrder,
    MemoryLimit,
    Open,
    Spreadsheet,
    Unknown,
    note_formulas,
    read,
)
from cayley.completion import Solution, Suspect

__all__ = ["complete"]

_INCLUDES_START = 5.0  # seconds of a limit from which on it includes the start of the program
_LEAST_SHARE = 0.2  # of a limit is for the search, however long the start took
_CHECK_SECONDS = 0.2  # for the checker, beside its share of the search: half of what a start takes
_MOST_OPEN = 12  # open cells, and symbols of each, that a screen holds beside the verdict
_MOST_SUSPECTS = 20  # more would push the verdict off the screen; --json lists all of them

# Scripts depend on these numbers. 1 and 2 are left out: Python ends with 1 after a traceback, and
# 2 stands for wrong usage, so neither can be mistaken for an answer.
EXIT_STATUS = {"solved": 0, "predicted": 3, "unresolved": 4, "inconsistent": 4}


def complete(
    context: typer.Context,
    file: File,
    assume: Annotated[
        str,
        typer.Option(
            metavar="THEORY",
            help="What the operation is taken to be: auto (what the cells support), none, group, "
            "isotope, homotope, polynomial, a theory such as 'Moufang loop' or 'commutative "
            "monoid', or identities such as 'x*y = y*x; x*x = x'.",
        ),
    ] = "auto",
    solver: Annotated[
        Literal["auto", "exact", "synchronization", "hypercube"],
        typer.Option(help="Which solver; auto deduces first and learns where it must."),
    ] = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Seed of every random choice.")] = 0,
    restarts: Annotated[
        int, typer.Option(min=1, help="Most random starts of a learned solver.")
    ] = 8,
    time_limit: Annotated[
        float,
        typer.Option(
            min=0.001,
            help="Seconds after which the best so far is kept; from 5 on they include the start.",
        ),
    ] = 600.0,
    device: Device = "cpu",
    check: Annotated[
        bool | None,
        typer.Option(
            "--check/--no-check",
            help="Let the checker of certificates look at the proofs before the verdict is "
            "printed, or not; by default where that takes 0.2 seconds and a quarter of the search "
            "at most.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write table, cells, matrices and report to.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace that folder, if cayley wrote it.")
    ] = False,
    input_format: Format = None,
    unknown: Unknown = None,
    open_results: Open = False,
    allow_conflicts: AllowConflicts = False,
    max_order: MaxOrder = 5000,
    memory_limit: MemoryLimit = "auto",
    spreadsheet: Spreadsheet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the verdict only.")] = False,
    show_all: Annotated[
        int,
        typer.Option(
            "--all",
            min=0,
            metavar="N",
            help="Print up to N of the completions that were found, where the cells leave several.",
        ),
    ] = 0,
) -> None:
    """Complete a partly filled operation table and say what it is.

    Reads tables as spreadsheets, programs and people write them; - is standard input. Prints the
    completed table and the verdict. Ctrl-C keeps the best so far.

    Exit status: 0 completed under a theory that was given or earned, and verified; 3 completed but
    only predicted or supposed; 4 unresolved or inconsistent; 2 wrong usage or unreadable input.

    \b
    Example: cayley complete examples/tables/c3v_partial.csv --out c3v
    Example: cayley complete table.csv --assume "commutative monoid" --all 2
    Example: cayley complete table.csv --assume "x*y = y*x; x*x = x"
    """  # noqa: D301
    from cayley.cli._progress import search_progress
    from cayley.completion import solve

    with usage_errors():
        # Before the search: a folder that cannot be written would lose minutes of work.
        if out is not None:
            from cayley.report._write_solution import check_output

            check_output(out, overwrite=overwrite)
        table = read(file, input_format, unknown, allow_conflicts, max_order, open=open_results)
        with search_progress(quiet=quiet) as callback:
            solution = solve(
                table,
                assume=assume,
                solver=solver,
                seed=seed,
                restarts=restarts,
                time_limit=_left(time_limit, context.obj),
                callback=callback,
                device=device,
                check=_CHECK_SECONDS if check is None else check,
            )
        if out is not None:
            from cayley.report import write_solution  # not needed without --out

            with held():  # the best so far is written even if a signal comes meanwhile
                write_solution(
                    solution, out, overwrite=overwrite, source=file, spreadsheet=spreadsheet
                )
            if not spreadsheet:
                note_formulas(solution.table, where=str(out / "*.csv"))
    if solution.interrupted:
        note("cayley: the search was ended early; this is the best so far.")
    if as_json:
        document = solution.to_document()
        if out is not None and solution.certificate is not None:
            document["certificate"] = "certificate.json"
        if table.reading is not None:
            document["reading"] = table.reading.to_document()
        say_document(document)
    else:
        _print(solution, quiet=quiet)
        if show_all:
            _print_completions(solution, show_all)
    raise typer.Exit(EXIT_STATUS[solution.status])


def _left(limit: float, begun: float | None) -> float:
    """Return the seconds of a limit that are left for the search.

    Args:
        limit: Seconds for the whole command.
        begun: When the program started, by ``time.monotonic``; None if it was called by another.
    """
    if begun is None or limit < _INCLUDES_START:
        return limit
    return max(limit - (time.monotonic() - begun), _LEAST_SHARE * limit)


def _print(solution: Solution, *, quiet: bool) -> None:
    """Print the table, the verdict, the suspects and the notes; with ``quiet`` the verdict only."""
    from cayley.cli._grid import shortened

    if not quiet:
        _print_table(solution)
    say(solution.verdict)
    if quiet:
        return
    for suspect in solution.suspects[:_MOST_SUSPECTS]:
        row, column, given, expected = (
            shortened(label)
            for label in (suspect.row, suspect.column, suspect.given, suspect.expected)
        )
        say(
            f"  suspect: {row} o {column} was given as {given}, expected {expected}"
            f"{_evidence(suspect)}"
        )
    if len(solution.suspects) > _MOST_SUSPECTS:
        hidden = len(solution.suspects) - _MOST_SUSPECTS
        say(f"  and {hidden} more; --json lists them all")
    if solution.suspects:
        say(solution.evidence_against_suspects)
    _print_open(solution)
    for remark in solution.notes:
        say(remark)


def _print_open(solution: Solution) -> None:
    """Print the symbols that each open cell can still have."""
    from cayley.cli._grid import shortened

    table = solution.table
    cells = sorted(solution.possible.items())
    for (a, b), values in cells[:_MOST_OPEN]:
        row, column = shortened(table.rows[a]), shortened(table.columns[b])
        symbols = ", ".join(shortened(table.symbols[value]) for value in values[:_MOST_OPEN])
        more = f" and {len(values) - _MOST_OPEN} more" if len(values) > _MOST_OPEN else ""
        say(f"  open: {row} o {column} is one of {symbols}{more}")
    if len(cells) > _MOST_OPEN:
        say(f"  and {len(cells) - _MOST_OPEN} more open cells; --json lists them all")


def _print_completions(solution: Solution, most: int) -> None:
    """Print the completions that were exhibited, at most so many."""
    from cayley.cli._grid import grid, shortened

    shown = solution.completions[:most]
    for number, table in enumerate(shown, start=1):
        say(f"completion {number} of {_many(solution)}:")
        header = ["", *(shortened(label) for label in table.columns)]
        rows = [
            [shortened(label), *(shortened(table.symbols[c]) if c >= 0 else "?" for c in cells)]
            for label, cells in zip(table.rows, table.array.tolist(), strict=True)
        ]
        for line in grid(header, rows):
            say(line)
        say()


def _many(solution: Solution) -> str:
    count = solution.num_completions or len(solution.completions)
    return str(count) if solution.completions_exact else f"at least {count}"


def _evidence(suspect: Suspect) -> str:
    """Return the evidence against an observation in a few words."""
    around = suspect.support + suspect.opposed
    parts = [f"{suspect.support} of {around} observations around it agree"] if around else []
    if suspect.margin is not None and suspect.margin > 0:
        parts.append(f"learned margin {suspect.margin:.2f}")
    return f" ({', '.join(parts)})" if parts else ""


def _print_table(solution: Solution) -> None:
    """Print the completed table, or a note on standard error where it does not fit."""
    from cayley.cli._grid import LARGEST_PRINTED_ORDER, legend, solution_lines, width

    lines: list[str] = []
    if max(solution.table.array.shape) <= LARGEST_PRINTED_ORDER:
        lines = solution_lines(solution)
    # Only a terminal wraps lines; a file or a pipe takes any width.
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if not lines or (room is not None and max(map(width, lines)) > room):
        note("The table is too large to print here; --out DIR writes it, --json prints it.")
        return
    for line in lines:
        say(line)
    if legend(solution):
        say(f"\n{legend(solution)}")
    say()
