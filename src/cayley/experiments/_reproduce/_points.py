"""What a figure is: experiments, how to read them as curves, and the rows that come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from cayley.experiments._completion import Experiment
from cayley.experiments._reproduce._published import PUBLISHED_VALUES, PublishedValue
from cayley.experiments._trial import Result

__all__ = ["FigurePoint", "PaperFigure", "Reproduction", "read_rows"]

Place = tuple[str, str, float | str]
"""Panel, series and place on the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePoint:
    """One point of a figure: a number over seeds, beside the published one.

    Attributes:
        panel: The panel that it is in.
        series: The curve that it is on.
        x: Its place on the axis.
        runs: Number of seeds.
        successes: How many completed the table; of a run on a full table, how many fitted it.
        value: Median of the metric over the runs that have it; None if none has.
        low: Smallest.
        high: Largest.
        accuracy: Median share of hidden cells that are right, over all runs.
        seconds: Median wall-clock seconds: until the table was complete if that is the metric and
            it came to it, else of the whole run.
        published: The published number, if there is one.
    """

    panel: str
    series: str
    x: float | str
    runs: int
    successes: int
    value: float | None
    low: float | None
    high: float | None
    accuracy: float
    seconds: float
    published: PublishedValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFigure:
    """A figure as data.

    Attributes:
        name: What the command calls it.
        title: What it shows.
        metric: The metric on the vertical axis.
        x_label: What is on the horizontal axis.
        experiments: The runs, at small or full size, for a number of seeds.
        place: Panel, series and place on the axis of a run.
        logarithmic: Whether the vertical axis is logarithmic.
        curves: Whether curves over steps are drawn instead of points.
        converged: Whether only runs that ended by their own rule count.
        remark: What a reader has to know.
    """

    name: str
    title: str
    metric: str
    x_label: str
    experiments: Callable[[bool, int], list[Experiment]]
    place: Callable[[Experiment], Place]
    logarithmic: bool = False
    curves: bool = False
    converged: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """A figure with its numbers.

    Attributes:
        figure: The figure.
        full: Whether it was made at full size.
        rows: One for each point.
        lines: Curves over steps by panel and series, if the figure draws such.
        matrices: Matrices to be drawn by title, if the figure draws such.
        results: All runs.
        document: What else is to be recorded.
    """

    figure: PaperFigure
    full: bool
    rows: Sequence[FigurePoint]
    lines: Mapping[tuple[str, str], Sequence[tuple[float, float]]] = field(default_factory=dict)
    matrices: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    results: Sequence[Result] = ()
    document: Mapping[str, Any] = field(default_factory=dict)


def read_rows(figure: PaperFigure, runs: Sequence[tuple[Experiment, Result]]) -> list[FigurePoint]:
    """Summarize runs over seeds, in the order in which their places first occur."""
    places: dict[Place, list[Result]] = {}
    for experiment, result in runs:
        places.setdefault(figure.place(experiment), []).append(result)
    return [_row(figure, place, results) for place, results in places.items()]


def _row(figure: PaperFigure, place: Place, results: list[Result]) -> FigurePoint:
    panel, series, x = place
    metrics = [result.record.metrics for result in results]
    values = [
        result.record.metrics[figure.metric]
        for result in results
        if figure.metric in result.record.metrics
        and not (figure.converged and result.record.notes.get("reason") != "finished")
    ]
    until = "seconds_to_perfect" if figure.metric == "steps_to_perfect" else "method_seconds"
    seconds = [m.get(until, m.get("method_seconds", 0.0)) for m in metrics]
    accuracies = [m.get("test_accuracy", m.get("accuracy", 0.0)) for m in metrics]
    return FigurePoint(
        panel=panel,
        series=series,
        x=x,
        runs=len(results),
        successes=sum("steps_to_perfect" in m for m in metrics),
        value=median(values) if values else None,
        low=min(values, default=None),
        high=max(values, default=None),
        accuracy=median(accuracies),
        seconds=median(seconds),
        published=_published(figure.name, series, x),
    )


def _published(figure: str, series: str, x: float | str) -> PublishedValue | None:
    return next(
        (p for p in PUBLISHED_VALUES if (p.figure, p.series, p.x) == (figure, series, x)),
        None,
    )
