"""The published figures, and the ablations that their readers asked for, as data and one loop.

``FIGURES`` names them; :func:`reproduce` runs one, at a size that takes minutes or, with ``full``,
at the published size, and reads its rows: our median and range over seeds beside the published
number.
"""

from collections.abc import Callable

from cayley.experiments._config import trial_of
from cayley.experiments._reproduce._factors import FACTORS, learn_factors
from cayley.experiments._reproduce._figure import Figure, Reproduction, Row, read_rows
from cayley.experiments._reproduce._figures import ALL_FIGURES
from cayley.experiments._reproduce._published import PUBLISHED, Published
from cayley.experiments._store import Store
from cayley.experiments._sweep import SweepProgress, run_sweep
from cayley.experiments._workers import Workers

__all__ = ["FIGURES", "PUBLISHED", "Figure", "Published", "Reproduction", "Row", "reproduce"]

FIGURES: dict[str, Figure] = {figure.name: figure for figure in (*ALL_FIGURES, FACTORS)}
"""All figures by name."""


def reproduce(
    name: str,
    store: Store,
    *,
    full: bool = False,
    seeds: int = 3,
    workers: Workers | None = None,
    progress: Callable[[SweepProgress], None] | None = None,
) -> Reproduction:
    """Run what a figure needs and the store does not have, and read its rows.

    Args:
        name: Name of the figure.
        store: Where runs are kept: a figure that was stopped goes on where it was.
        full: Whether to run the published sizes.
        seeds: Number of seeds.
        workers: Who runs; this process by default.
        progress: Called after every run.

    Raises:
        ValueError: If there is no such figure; the message lists those that there are.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> store = Store(Path(tempfile.mkdtemp()) / "runs.sqlite")
        >>> found = reproduce("factors", store)
        >>> [(row.series, row.published.value) for row in found.rows][0]
        ('H / n^2', 3.0)
    """
    if name not in FIGURES:
        raise ValueError(f"no figure is called {name!r}; there are: {', '.join(FIGURES)}.")
    if name == FACTORS.name:
        return learn_factors()
    figure = FIGURES[name]
    experiments = figure.experiments(full, seeds)
    trials = [trial_of(experiment) for experiment in experiments]
    run_sweep(trials, store, workers=workers, progress=progress)
    results = {result.trial.key: result for result in store.results({t.key for t in trials})}
    runs = [
        (experiment, results[trial.key])
        for experiment, trial in zip(experiments, trials, strict=True)
    ]
    lines = {}
    if figure.curves:
        for experiment, result in runs:
            curve = result.record.curves
            if experiment.seed == 0 and figure.metric in curve:
                points = zip(curve["step"], curve[figure.metric], strict=True)
                lines["", experiment.operation] = list(points)
    return Reproduction(
        figure=figure,
        full=full,
        rows=read_rows(figure, runs),
        lines=lines,
        results=list(results.values()),
    )
