"""``cayley reproduce``: a published figure, or an ablation, with our numbers beside."""

import json
import sqlite3
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

    Runs are kept in the folder as they end: after an interruption the same command goes on.

    Example: cayley reproduce fractions --seeds 3 --out reproduced
    """
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
    try:
        out.mkdir(parents=True, exist_ok=True)
        with progress_bar(quiet=quiet) as bar:

            def show(progress: "SweepProgress") -> None:
                bar(fraction(progress), describe(progress))

            found = run(
                figure,
                Store(out / "runs.sqlite"),
                full=full,
                seeds=seeds,
                workers=make_workers(jobs, threads, cluster),
                device=device,
                progress=show,
            )
        written = write_reproduction(found, out)
    except KeyboardInterrupt as error:
        left = f"finished runs are in {out / 'runs.sqlite'}, and stay there."
        raise interrupted(error, left) from None
    except (ValueError, OSError, MissingExtraError, sqlite3.Error) as error:
        raise fail(in_command_words(str(error))) from None
    if as_json:
        typer.echo(json.dumps(reproduction_document(found), ensure_ascii=False))
    else:
        typer.echo(reproduction_text(found))
    for path in written:
        note(f"wrote {path}")
