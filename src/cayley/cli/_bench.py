"""``cayley bench``: run a suite and print its records or their summary."""

import json
import sqlite3
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cayley._device import found_device
from cayley._errors import MissingExtraError
from cayley.cli._console import fail, in_command_words, interrupted, progress_bar
from cayley.cli._options import Device
from cayley.cli._sweep import Cluster, Jobs, Out, Threads, Track, make_workers, run_into, write_out

if TYPE_CHECKING:
    from cayley.experiments import Case, Record
    from cayley.experiments._trial import Result, Trial
    from cayley.experiments._workers import Workers

__all__ = ["bench"]


def _split(values: list[str] | None) -> list[str]:
    return [name for value in values or [] for name in value.split(",") if name]


def bench(
    suite: Annotated[str, typer.Argument(help="Name of the suite.")],
    case: Annotated[list[str] | None, typer.Option(help="Case to run; repeat for several.")] = None,
    methods: Annotated[
        list[str] | None, typer.Option(help="Methods to compare, separated by commas.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds, from 0.")] = 1,
    data: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="File with data, where used.")
    ] = None,
    device: Device = "cpu",
    store: Annotated[
        Path | None, typer.Option(help="Keep every run in this file; do not repeat what is there.")
    ] = None,
    jobs: Jobs = None,
    threads: Threads = None,
    cluster: Cluster = None,
    out: Out = None,
    track: Track = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Run a suite of measurements, per case, method and seed.

    With --store (or --out, --jobs, --cluster, --track) runs are kept as they end, failures with
    their traceback; the same command goes on where it was stopped.

    Example: cayley bench groups --seeds 3 --store groups.sqlite --out results --json
    """
    from cayley.experiments import run_suite, summarize
    from cayley.experiments._runner import plan, to_document
    from cayley.experiments._suite import check_has_device, load_suite

    try:
        chosen = load_suite(suite)
        check_has_device(chosen, device)
        where = found_device(device)
        selection = {"cases": _split(case), "methods": _split(methods)}
        if any(option is not None for option in (store, jobs, threads, cluster, out, track)):
            runs = plan(chosen, **selection, seeds=range(seeds))
            records = _run_stored(
                [_trial(suite, *run, data, where) for run in runs],
                store,
                workers=make_workers(jobs, threads, cluster),
                out=out,
                track=track,
                title=suite,
                quiet=quiet,
            )
        else:
            with progress_bar(quiet=quiet) as progress:
                records = list(
                    run_suite(
                        chosen,
                        **selection,
                        seeds=range(seeds),
                        data=data,
                        device=where,
                        progress=progress,
                    )
                )
    except (ValueError, MissingExtraError, OSError, sqlite3.Error) as error:
        raise fail(in_command_words(str(error))) from None
    except KeyboardInterrupt as error:
        raise interrupted(error) from None
    if as_json:
        typer.echo(json.dumps(to_document(suite, records), ensure_ascii=False))
        return
    typer.echo(f"{'case':16} {'method':16} {'metric':20} {'median':>12} {'min':>12} {'max':>12}")
    for row in summarize(records):
        typer.echo(
            f"{row['case']:16} {row['method']:16} {row['metric']:20} "
            f"{row['median']:12.6g} {row['min']:12.6g} {row['max']:12.6g}"
        )


def _trial(
    suite: str, case: "Case", method: str, seed: int, data: Path | None, device: str
) -> "Trial":
    from cayley.experiments._trial import Trial

    settings = {} if data is None else {"data": str(data)}
    if device != "cpu":  # not named otherwise: runs stored before are known again
        settings["device"] = device
    return Trial(suite=suite, case=case.name, method=method, seed=seed, settings=settings)


def _run_stored(
    trials: "list[Trial]",
    store: Path | None,
    *,
    workers: "Workers",
    out: Path | None,
    track: str | None,
    title: str,
    quiet: bool,
) -> "list[Record]":
    """Run what the store does not have and return all records, failures marked as such."""
    from cayley.experiments import Store

    with tempfile.TemporaryDirectory() as folder:
        path = store or Path(folder) / "runs.sqlite"
        on_result = None if out is None else partial(_write_arrays, out)
        report = run_into(
            path, trials, workers=workers, track=track, quiet=quiet, on_result=on_result
        )
        results = {result.trial.key: result for result in Store(path).results(report.keys)}
        if out is not None:
            write_out(path, report.keys, out, title=title)
    records = []
    for key in report.keys:
        result = results[key]
        record = result.record
        if result.error is not None:
            last = result.error.strip().splitlines()[-1]
            record = replace(record, metrics={"failed": 1.0}, notes={"error": last})
        records.append(record)
    return records


def _write_arrays(folder: Path, result: "Result") -> None:
    """Write what is too large for a record, such as the activity of a network, and its figure."""
    import numpy as np

    from cayley.report.figures._activity import draw_activity, has_activity

    arrays, trial = result.record.arrays, result.trial
    if not arrays:
        return
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{trial.case}-{trial.method}-{trial.seed}"
    np.savez_compressed(folder / f"{name}.npz", **dict(arrays))  # type: ignore[arg-type]
    if has_activity(arrays):
        draw_activity(arrays, folder / f"{name}.png", title=name)
