"""Results of a suite or a sweep as a folder: tables, figures, and a summary to read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cayley._files import replace_file
from cayley.experiments._export import write_csv, write_parquet
from cayley.experiments._trial import Result
from cayley.report.figures._measurements import draw_summary

__all__ = ["Line", "summarize_results", "summary_markdown", "write_benchmark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a summary: a case and a method over seeds.

    Attributes:
        case: Name of the case.
        method: Name of the method.
        runs: Number of runs.
        failed: How many of them ended with an error.
        metrics: Median, smallest and largest by name.
        verdict: The most frequent verdict, or the last line of an error.
    """

    case: str
    method: str
    runs: int
    failed: int
    metrics: dict[str, tuple[float, float, float]]
    verdict: str


def summarize_results(results: Iterable[Result]) -> list[Line]:
    """Return medians and ranges over seeds, by case and method.

    Example:
        >>> from cayley.experiments._trial import Trial, perform
        >>> trials = [Trial(suite="completion", case="S3", method="exact", seed=k,
        ...                 settings={"operation": "S3", "observe": 0.8}) for k in range(3)]
        >>> (line,) = summarize_results(map(perform, trials))
        >>> line.runs, line.metrics["correct"], line.verdict
        (3, (1.0, 1.0, 1.0), 'solved: S3')
    """
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        groups[result.trial.case, result.trial.method].append(result)
    return [_line(case, method, group) for (case, method), group in groups.items()]


def _line(case: str, method: str, results: list[Result]) -> Line:
    values: dict[str, list[float]] = defaultdict(list)
    verdicts = []
    for result in results:
        if result.error is not None:
            verdicts.append(result.error.strip().splitlines()[-1])
            continue
        verdicts.append(str(result.record.notes.get("verdict", "")))
        for name, value in {**result.record.metrics, "seconds": result.record.seconds}.items():
            values[name].append(value)
    return Line(
        case=case,
        method=method,
        runs=len(results),
        failed=sum(result.error is not None for result in results),
        metrics={name: (median(v), min(v), max(v)) for name, v in values.items()},
        verdict=max(verdicts, key=verdicts.count),
    )


def write_benchmark(results: Sequence[Result], out: Path, *, title: str) -> list[Path]:
    """Write results to a folder: CSV, Parquet, a figure, and a summary as Markdown and HTML.

    Args:
        results: What to write.
        out: The folder; made if it is not there, its files replaced.
        title: What the results are of.

    Returns:
        The files written.

    Raises:
        MissingExtraError: If polars, for Parquet, is not installed.
        OSError: If a file cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    lines = summarize_results(results)
    figure = draw_summary(lines, title=title)
    write_csv(results, out / "runs.csv")
    write_parquet(results, out / "runs.parquet")
    written = [out / "runs.csv", out / "runs.parquet"]
    texts = {
        "summary.md": summary_markdown(lines, results, title=title),
        "summary.html": _html(lines, results, title=title, figure=figure.decode()),
    }
    for name, data in {**{n: t.encode() for n, t in texts.items()}, "summary.svg": figure}.items():
        replace_file(out / name, data)
        written.append(out / name)
    return written


_SHOWN = ("test_accuracy", "correct", "steps", "steps_to_perfect", "seconds")


def shown_metrics(lines: Sequence[Line]) -> list[str]:
    """Return the metrics to show: the usual ones of completions, else all."""
    present = {name for line in lines for name in line.metrics}
    usual = [name for name in _SHOWN if name in present]
    return usual if "test_accuracy" in present else [*sorted(present - {"seconds"}), "seconds"]


def format_metric(line: Line, name: str) -> str:
    """Return a median with its range, or a dash."""
    if name not in line.metrics:
        return "–"
    middle, low, high = line.metrics[name]
    text = f"{middle:.4g}"
    return text if low == high else f"{text} ({low:.4g} to {high:.4g})"


def _cells(lines: Sequence[Line]) -> tuple[list[str], list[list[str]]]:
    names = shown_metrics(lines)
    head = ["case", "method", *(name.replace("_", " ") for name in names), "runs", "failed", "says"]
    body = [
        [
            line.case,
            line.method,
            *(format_metric(line, name) for name in names),
            str(line.runs),
            str(line.failed),
            line.verdict,
        ]
        for line in lines
    ]
    return head, body


def summary_markdown(lines: Sequence[Line], results: Sequence[Result], *, title: str) -> str:
    """Return the summary as Markdown: one table, failures, and what it ran on.

    Example:
        >>> print(summary_markdown([], [], title="nothing"))
        # nothing
        <BLANKLINE>
        0 runs, 0 failed.
        <BLANKLINE>
    """
    head, body = _cells(lines)
    failed = [result for result in results if result.error is not None]
    parts = [f"# {title}", "", f"{len(results)} runs, {len(failed)} failed.", ""]
    if body:
        parts += [_row(head), _row(["---"] * len(head)), *map(_row, body), ""]
        parts += ["Median over seeds, with the range where they differ. " + _machine(results), ""]
    return "\n".join(parts)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _machine(results: Sequence[Result]) -> str:
    first = results[0].environment
    words = [f"cayley {first.get('cayley')} ({first.get('commit')})"]
    words += [f"{name} {first.get(name)}" for name in ("python", "torch", "numpy")]
    words.append(f"{first.get('processor')}, {first.get('threads')} of {first.get('cores')} cores")
    return ", ".join(words) + "."


def _html(lines: Sequence[Line], results: Sequence[Result], *, title: str, figure: str) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("cayley.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    head, body = _cells(lines)
    failures: dict[str, dict[str, Any]] = {}
    for result in results:
        if result.error is not None:
            found = failures.setdefault(result.error, {"count": 0, "first": result.trial})
            found["count"] += 1
    return environment.get_template("benchmark.html").render(
        title=title,
        head=head,
        body=body,
        runs=len(results),
        failures=failures,
        machine=_machine(results) if results else "",
        figure=figure[figure.index("<svg") :],
    )
