"""``cayley sweep``: a grid of runs, resumable, on this machine or on a Ray cluster."""

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cayley._errors import MissingExtraError
from cayley.cli._console import fail, interrupted, note, progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from cayley.experiments._sweep import SweepProgress, SweepReport
    from cayley.experiments._trial import Result, Trial
    from cayley.experiments._workers import Workers

__all__ = ["describe", "fraction", "make_workers", "run_into", "sweep"]

Jobs = Annotated[
    int | None, typer.Option(min=1, help="Workers at a time; 1 here, all there are on a cluster.")
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of each worker; the cores shared out if unset.")
]
Cluster = Annotated[
    str | None, typer.Option(help="ray (this machine, or RAY_ADDRESS) or ray://HOST:PORT.")
]
Track = Annotated[str | None, typer.Option(help="Also log to tensorboard:FOLDER or mlflow:URI.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder for CSV, Parquet, figures and summary of all results.")
]


def sweep(
    config: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The TOML file.")],
    store: Annotated[Path | None, typer.Option(help="Store, instead of the file's.")] = None,
    jobs: Jobs = None,
    threads: Threads = None,
    cluster: Cluster = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try runs again that failed before.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be run, and run nothing.")
    ] = False,
    out: Out = None,
    track: Track = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Run the combinations of a grid that are not stored yet.

    Stop it whenever you like, with Ctrl-C or harder: the same command goes on where it was.

    Example: cayley sweep fractions.toml --jobs 2 --out results
    """
    from cayley.experiments import Store, read_sweep

    try:
        found = read_sweep(config)
        path = store or found.store
        if dry_run:
            have = Store(path).finished() if path.exists() else {}
            left = sum(trial.key not in have for trial in found.trials)
            typer.echo(f"{len(found.trials)} runs, {left} of them not in {path} yet")
            return
        report = run_into(
            path,
            list(found.trials),
            workers=make_workers(jobs, threads, cluster),
            retry_failed=retry_failed,
            track=track,
            quiet=quiet,
        )
        if out is not None:
            write_out(path, report.keys, out, title=found.name)
    except (ValueError, OSError, MissingExtraError, sqlite3.Error) as error:
        raise fail(str(error)) from None
    summary = {
        "name": found.name,
        "store": str(path),
        "total": report.total,
        "ran": report.ran,
        "known": report.known,
        "failed": report.failed,
    }
    if as_json:
        typer.echo(json.dumps({"schema": "cayley.sweep/1", **summary}, ensure_ascii=False))
    else:
        typer.echo(
            f"{report.total} runs in {path}: {report.ran} run now, {report.known} there already, "
            f"{report.failed} failed"
        )


def make_workers(jobs: int | None, threads: int | None, cluster: str | None) -> "Workers":
    """Return the workers that the options describe."""
    from cayley.experiments._cluster import parse_cluster
    from cayley.experiments._workers import LocalWorkers

    if cluster is not None:
        return parse_cluster(cluster, jobs=jobs, threads=threads)
    return LocalWorkers(jobs=jobs or 1, threads=threads)


def run_into(
    path: Path,
    trials: "list[Trial]",
    *,
    workers: "Workers",
    retry_failed: bool = False,
    track: str | None = None,
    quiet: bool = False,
    on_result: "Callable[[Result], None] | None" = None,
) -> "SweepReport":
    """Run trials into a store with progress on standard error; Ctrl-C ends with status 130."""
    from cayley.experiments import Store, run_sweep
    from cayley.experiments._tracking import parse_tracker, track_results

    store = Store(path)
    tracker = None if track is None else parse_tracker(track)
    callbacks = [on_result] if on_result is not None else []
    if tracker is not None:
        callbacks.append(track_results(tracker))

    def call_all(result: "Result") -> None:
        for callback in callbacks:
            callback(result)

    with progress_bar(quiet=quiet) as bar:

        def show(progress: "SweepProgress") -> None:
            bar(fraction(progress), describe(progress))

        try:
            return run_sweep(
                trials,
                store,
                workers=workers,
                retry_failed=retry_failed,
                progress=show,
                on_result=call_all,
            )
        except KeyboardInterrupt as error:
            have = store.finished()
            done = sum(trial.key in have for trial in trials)
            left = f"{done} of {len(trials)} runs are in {path}, and stay there."
            raise interrupted(error, left) from None
        finally:
            if tracker is not None:
                tracker.close()


def fraction(progress: "SweepProgress") -> float:
    """Return how much of a sweep is done, the run that is going on included."""
    return (progress.done + progress.share) / max(1, progress.total)


def describe(progress: "SweepProgress") -> str:
    """Return one line about the state of a sweep: runs done, the run going on, failures."""
    words = [f"{progress.done} of {progress.total}"]
    if progress.message:
        words.append(progress.message)
    if progress.failed:
        words.append(f"{progress.failed} failed")
    if progress.busy:
        words.append(f"{progress.busy} with another sweep")
    return ", ".join(words)


def write_out(path: Path, keys: tuple[str, ...], out: Path, *, title: str) -> None:
    """Write the results of some keys as CSV, Parquet, figures and summary."""
    from cayley.experiments import Store
    from cayley.report._write_benchmark import write_benchmark

    results = Store(path).results(keys)
    for written in write_benchmark(results, out, title=title):
        note(f"wrote {written}")
