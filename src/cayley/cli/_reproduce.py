"""``cayley reproduce``: a published figure, or an ablation, with our numbers beside."""

import json
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cayley._errors import MissingExtraError
from cayley.cli._console import fail, in_command_words, interrupted, note, progress_bar
from cayley.cli._options import Device
from cayley.cli._sweep import Cluster, Jobs, Threads, describe, fraction, make_workers

if TYPE_CHECKING:
    from cayley.experiments._sweep import SweepProgress

__all__ = ["reproduce"]


def reproduce(
    figure: Annotated[
        str,
        typer.Argument(
            help="fractions, operations, factors, complexity, convergence; penalty, epsilon, rate, "
            "scale, dimension, diagonal, factorizations, baselines."
        ),
    ],
    full: Annotated[
        bool,
        typer.Option("--full", help="The published sizes, 97 and S5: days instead of minutes."),
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds, from 0.")] = 3,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="OPERATION", help="Such as mod97:a^3+ab; repeat for several."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for picture, record and runs.")] = Path(
        "reproduced"
    ),
    device: Device = "cpu",
    jobs: Jobs = None,
    threads: Threads = None,
    cluster: Cluster = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Measure one published figure again, and draw it.

    Runs are kept in the folder as they end, and long trainings every minute: after an interruption
    the same command goes on where it was. Without a terminal a line is written for each run.

    \b
    Example: cayley reproduce fractions --seeds 3 --out reproduced
    Example: cayley reproduce complexity --full --seeds 1 --only "mod97:a^3+ab"
    """  # noqa: D301
    from cayley.experiments import Store
    from cayley.experiments._reproduce import REPRODUCTIONS
    from cayley.experiments._reproduce import reproduce as run
    from cayley.report._write_reproduction import (
        reproduction_document,
        reproduction_text,
        write_reproduction,
    )

    if figure not in REPRODUCTIONS:
        raise fail(f"no figure is called {figure!r}; there are: {', '.join(REPRODUCTIONS)}.")
    states: list["SweepProgress"] = []  # the last one
    try:
        out.mkdir(parents=True, exist_ok=True)
        with progress_bar(quiet=quiet) as bar:

            def show(progress: "SweepProgress") -> None:
                bar(fraction(progress), describe(progress))
                ended = any(progress.done > state.done for state in states)
                states[:] = [progress]
                if ended and full and not quiet and not sys.stderr.isatty():
                    note(f"{datetime.now():%Y-%m-%d %H:%M} {describe(progress)}")

            found = run(
                figure,
                Store(out / "runs.sqlite"),
                full=full,
                seeds=seeds,
                only=only or (),
                workers=make_workers(jobs, threads, cluster),
                device=device,
                progress=show,
            )
        written = write_reproduction(found, out)
    except KeyboardInterrupt as error:
        left = f"finished runs are in {out / 'runs.sqlite'}, and stay there."
        for state in states:
            left = f"{state.done} of {state.total} {left}"
            left += f" Cut off: {state.message}." if state.message else ""
        raise interrupted(error, left) from None
    except (ValueError, OSError, MissingExtraError, sqlite3.Error) as error:
        raise fail(in_command_words(str(error))) from None
    if as_json:
        typer.echo(json.dumps(reproduction_document(found), ensure_ascii=False))
    else:
        typer.echo(reproduction_text(found))
    for path in written:
        note(f"wrote {path}")
