"""Measurements as plain data: a suite of cases, run per method and seed, one record each.

A :class:`Suite` names its cases; a :class:`Case` names the methods it compares and the metrics
it reports, and holds the function that runs one method with one seed. :func:`run_suite` yields a
:class:`Record` per run, with everything needed to repeat it; :func:`summarize` takes medians and
ranges over seeds; :func:`to_document` gives the JSON of schema ``cayley.bench/1``.

A new suite is a module here with a ``SUITE``, entered in :data:`SUITES`.

Example:
    >>> from cayley.experiments import Case, Outcome, Suite, run_suite, summarize
    >>> case = Case(
    ...     name="square", description="n^2", methods=("exact",), metrics=("value",),
    ...     run=lambda method, context: Outcome(metrics={"value": context.seed**2}),
    ... )
    >>> suite = Suite(name="powers", description="toy", cases=(case,))
    >>> records = list(run_suite(suite, seeds=range(3)))
    >>> [record.metrics["value"] for record in records], summarize(records)[0]["median"]
    ([0, 1, 4], 1.0)
"""

from cayley.experiments._cluster import RayWorkers, parse_cluster
from cayley.experiments._completion import METHODS, Experiment, Grid, run_experiment, suite_of
from cayley.experiments._config import SweepConfig, read_sweep
from cayley.experiments._environment import describe_environment
from cayley.experiments._export import result_rows, write_csv, write_parquet
from cayley.experiments._reproduce import (
    FIGURES,
    PUBLISHED,
    Figure,
    Published,
    Reproduction,
    Row,
    reproduce,
)
from cayley.experiments._runner import plan, run_suite, summarize, to_document
from cayley.experiments._store import Store
from cayley.experiments._suite import SUITES, Case, Context, Outcome, Record, Suite, load_suite
from cayley.experiments._sweep import SweepProgress, SweepReport, run_sweep
from cayley.experiments._tracking import (
    MLflowTracker,
    TensorBoardTracker,
    Tracker,
    parse_tracker,
    track_results,
    track_steps,
)
from cayley.experiments._trial import Result, Trial, perform
from cayley.experiments._workers import LocalWorkers, Workers

__all__ = [
    "FIGURES",
    "METHODS",
    "PUBLISHED",
    "SUITES",
    "Case",
    "Context",
    "Experiment",
    "Figure",
    "Grid",
    "LocalWorkers",
    "MLflowTracker",
    "Outcome",
    "Published",
    "RayWorkers",
    "Record",
    "Reproduction",
    "Result",
    "Row",
    "Store",
    "Suite",
    "SweepConfig",
    "SweepProgress",
    "SweepReport",
    "TensorBoardTracker",
    "Tracker",
    "Trial",
    "Workers",
    "describe_environment",
    "load_suite",
    "parse_cluster",
    "parse_tracker",
    "perform",
    "plan",
    "read_sweep",
    "reproduce",
    "result_rows",
    "run_experiment",
    "run_suite",
    "run_sweep",
    "suite_of",
    "summarize",
    "to_document",
    "track_results",
    "track_steps",
    "write_csv",
    "write_parquet",
]
