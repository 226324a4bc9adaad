"""Results as a table with one row a run: CSV, and Parquet through polars."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cayley._errors import MissingExtraError
from cayley._files import replace_file
from cayley.experiments._trial import Result

__all__ = ["result_rows", "write_csv", "write_parquet"]


def result_rows(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return one flat row per result; all rows have the same columns, None where one has nothing.

    Settings, metrics, notes and environment become columns with these words and a dot in front.

    Example:
        >>> from cayley.experiments._trial import Trial, perform
        >>> trial = Trial(suite="completion", case="C3", method="exact", seed=0,
        ...               settings={"operation": "C3", "observe": 0.7})
        >>> (row,) = result_rows([perform(trial)])
        >>> row["method"], row["config.operation"], row["metrics.correct"], row["status"]
        ('exact', 'C3', 1.0, 'done')
    """
    rows = [_row(result) for result in results]
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def _row(result: Result) -> dict[str, Any]:
    record = result.record
    return {
        "key": result.trial.key,
        "suite": result.trial.suite,
        "case": record.case,
        "method": record.method,
        "seed": record.seed,
        "status": result.status,
        "seconds": record.seconds,
        "cpu_seconds": result.cpu_seconds,
        "started": result.started,
        **{f"config.{name}": value for name, value in record.config.items()},
        **{f"metrics.{name}": value for name, value in record.metrics.items()},
        **{f"notes.{name}": value for name, value in record.notes.items()},
        **{f"environment.{name}": value for name, value in result.environment.items()},
        "error": result.error,
    }


def write_csv(results: Iterable[Result], path: Path) -> None:
    """Write results as CSV, whole or not at all.

    Raises:
        OSError: If the file cannot be written.
    """
    rows = result_rows(results)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    replace_file(path, text.getvalue().encode())


def write_parquet(results: Iterable[Result], path: Path) -> None:
    """Write results as Parquet, whole or not at all.

    A column of whole and broken numbers is one of floats; one of numbers and text is one of text.

    Raises:
        MissingExtraError: If polars is not installed.
        OSError: If the file cannot be written.
    """
    try:
        import polars
    except ImportError:
        raise MissingExtraError("polars", "bench") from None
    rows = result_rows(results)
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
    frame = polars.DataFrame({name: _of_one_type(values) for name, values in columns.items()})
    data = io.BytesIO()
    frame.write_parquet(data)
    replace_file(path, data.getvalue())


def _of_one_type(values: list[Any]) -> list[Any]:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) <= 1:
        return values
    if kinds <= {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else str(value) for value in values]
