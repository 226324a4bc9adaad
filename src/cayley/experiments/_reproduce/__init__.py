"""``cayley reproduce``: the published figures, and the ablations that their readers asked for.

Measured are steps, accuracy and penalty of HyperCube and its rivals, in the places of a published
figure. :data:`REPRODUCTIONS` holds all figures by name; :func:`reproduce` runs one, at a size that
takes minutes or, with ``full``, at the published size, and returns its points: our median and range
over seeds beside the published number.

Files, in the order in which to read them: ``_published``, the numbers of the papers; ``_points``,
what a figure is and how runs become its points; ``_paper_figures``, the figures as data;
``_learned_matrices``, the one figure that is no grid of runs.
"""

from collections.abc import Callable, Collection

from cayley._device import found_device
from cayley.experiments._completion import Experiment
from cayley.experiments._config import trial_of
from cayley.experiments._reproduce._learned_matrices import FACTORS, learn_factors
from cayley.experiments._reproduce._paper_figures import PAPER_FIGURES
from cayley.experiments._reproduce._points import FigurePoint, PaperFigure, Reproduction, read_rows
from cayley.experiments._reproduce._published import PUBLISHED_VALUES, PublishedValue
from cayley.experiments._store import Store
from cayley.experiments._sweep import SweepProgress, run_sweep
from cayley.experiments._workers import Workers

__all__ = [
    "PUBLISHED_VALUES",
    "REPRODUCTIONS",
    "FigurePoint",
    "PaperFigure",
    "PublishedValue",
    "Reproduction",
    "reproduce",
]

REPRODUCTIONS: dict[str, PaperFigure] = {
    figure.name: figure for figure in (*PAPER_FIGURES, FACTORS)
}
"""All figures by name."""


def reproduce(
    name: str,
    store: Store,
    *,
    full: bool = False,
    seeds: int = 3,
    only: Collection[str] = (),
    workers: Workers | None = None,
    device: str = "cpu",
    progress: Callable[[SweepProgress], None] | None = None,
) -> Reproduction:
    """Run what a figure needs and the store does not have, and read its rows.

    Args:
        name: Name of the figure.
        store: Where runs are kept: a figure that was stopped goes on where it was.
        full: Whether to run the published sizes.
        seeds: Number of seeds.
        only: The operations to run, such as ``mod97:a^3+ab``; all by default.
        workers: Who runs; this process by default.
        device: Where the methods that have the choice compute, as :func:`cayley.solve` takes it.
        progress: Called after every run.

    Raises:
        ValueError: If there is no such figure or no such operation in it (the message lists those
            that there are), or no such device.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> store = Store(Path(tempfile.mkdtemp()) / "runs.sqlite")
        >>> found = reproduce("factors", store)
        >>> [(row.series, row.published.value) for row in found.rows][0]
        ('H / n^2', 3.0)
    """
    if name not in REPRODUCTIONS:
        raise ValueError(f"no figure is called {name!r}; there are: {', '.join(REPRODUCTIONS)}.")
    device = found_device(device)
    if name == FACTORS.name:
        return learn_factors()  # six rows: nothing that a GPU could help with
    figure = REPRODUCTIONS[name]
    experiments = _chosen(figure.experiments(full, seeds), only)
    trials = [trial_of(experiment.on(device)) for experiment in experiments]
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


def _chosen(experiments: list[Experiment], only: Collection[str]) -> list[Experiment]:
    known = list(dict.fromkeys(experiment.operation for experiment in experiments))
    for operation in only:
        if operation not in known:
            raise ValueError(
                f"the figure has no operation {operation!r}; it has: {', '.join(known)}."
            )
    return [each for each in experiments if not only or each.operation in only]
