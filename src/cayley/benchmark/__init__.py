"""Measurements as plain data: a suite of cases, run per method and seed, one record each.

A :class:`Suite` names its cases; a :class:`Case` names the methods it compares and the metrics
it reports, and holds the function that runs one method with one seed. :func:`run_suite` yields a
:class:`Record` per run, with everything needed to repeat it; :func:`summarise` takes medians and
ranges over seeds; :func:`to_document` gives the JSON of schema ``cayley.bench/1``.

A new suite is a module here with a ``SUITE``, entered in :data:`SUITES`.

Example:
    >>> from cayley.benchmark import Case, Outcome, Suite, run_suite, summarise
    >>> case = Case(
    ...     name="square", description="n^2", methods=("exact",), metrics=("value",),
    ...     run=lambda method, context: Outcome(metrics={"value": context.seed**2}),
    ... )
    >>> suite = Suite(name="powers", description="toy", cases=(case,))
    >>> records = list(run_suite(suite, seeds=range(3)))
    >>> [record.metrics["value"] for record in records], summarise(records)[0]["median"]
    ([0, 1, 4], 1.0)
"""

from cayley.benchmark._cluster import RayWorkers, parse_cluster
from cayley.benchmark._completion import METHODS, Experiment, Grid, run_experiment, suite_of
from cayley.benchmark._config import SweepConfig, read_sweep
from cayley.benchmark._environment import describe_environment
from cayley.benchmark._export import result_rows, write_csv, write_parquet
from cayley.benchmark._reproduce import (
    FIGURES,
    PUBLISHED,
    Figure,
    Published,
    Reproduction,
    Row,
    reproduce,
)
from cayley.benchmark._runner import plan, run_suite, summarise, to_document
from cayley.benchmark._store import Store
from cayley.benchmark._suite import SUITES, Case, Context, Outcome, Record, Suite, load_suite
from cayley.benchmark._sweep import SweepProgress, SweepReport, run_sweep
from cayley.benchmark._tracking import (
    MLflowTracker,
    TensorBoardTracker,
    Tracker,
    parse_tracker,
    track_results,
    track_steps,
)
from cayley.benchmark._trial import Result, Trial, perform
from cayley.benchmark._workers import LocalWorkers, Workers

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
    "summarise",
    "to_document",
    "track_results",
    "track_steps",
    "write_csv",
    "write_parquet",
]
