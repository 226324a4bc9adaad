"""``cayley bench``: run a suite and print its records or their summary."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cayley._errors import MissingExtraError
from cayley.cli._console import INTERRUPTED, fail, progress_bar

if TYPE_CHECKING:
    from cayley.benchmark import Record

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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="New folder for the records, arrays and figures.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Run a suite of measurements, per case, method and seed.

    Example: cayley bench isaac --case overhead --seeds 5 --json
    """
    from cayley.benchmark import load_suite, run_suite, summarise, to_document

    try:
        chosen = load_suite(suite)
        if out is not None:
            from cayley.report import check_output

            check_output(out)
        with progress_bar(quiet=quiet) as progress:
            records = list(
                run_suite(
                    chosen,
                    cases=_split(case),
                    methods=_split(methods),
                    seeds=range(seeds),
                    data=data,
                    progress=progress,
                )
            )
        if out is not None:
            _write(out, suite, records)
    except (ValueError, OSError, MissingExtraError) as error:
        raise fail(str(error)) from None
    except KeyboardInterrupt:
        raise fail("interrupted; nothing was written.", status=INTERRUPTED) from None
    if as_json:
        typer.echo(json.dumps(to_document(suite, records), ensure_ascii=False))
        return
    typer.echo(f"{'case':16} {'method':16} {'metric':20} {'median':>12} {'min':>12} {'max':>12}")
    for row in summarise(records):
        typer.echo(
            f"{row['case']:16} {row['method']:16} {row['metric']:20} "
            f"{row['median']:12.6g} {row['min']:12.6g} {row['max']:12.6g}"
        )


def _write(folder: Path, suite: str, records: "list[Record]") -> None:
    """Write all records, and the arrays and the figure of each that has some."""
    import numpy as np

    from cayley.benchmark import to_document
    from cayley.report import draw_activity, has_activity

    folder.mkdir(exist_ok=True)
    document = json.dumps(to_document(suite, records), ensure_ascii=False, indent=1)
    (folder / "records.json").write_text(document, encoding="utf-8")
    for record in records:
        name = f"{record.case}-{record.method}-{record.seed}"
        if record.arrays:
            np.savez_compressed(folder / f"{name}.npz", **dict(record.arrays))  # type: ignore[arg-type]
        if has_activity(record.arrays):
            draw_activity(record.arrays, folder / f"{name}.png", title=name)
