"""The only home of measurements: suites, sweeps, reproductions, and the baselines they compare.

Nothing below this room imports it. A :class:`Suite` names its cases; a :class:`Case` names the
methods it compares and the metrics it reports, and holds the function that runs one method with
one seed and returns a :class:`Measurement`. :func:`run_suite` yields a :class:`Record` per run;
:func:`summarize` takes medians and ranges over seeds. :func:`read_sweep` reads a grid of runs from
a TOML file and :func:`run_sweep` runs what its :class:`Store` does not have yet.

A new suite is a module here with a ``SUITE``, entered in ``_suite.SUITES``.

Files, in the order in which to read them:

* ``_suite``: what a suite, a case, a measurement and a record are; the suites by name;
* ``_runner``: the loop behind ``cayley bench`` without a store, the summary, the JSON document;
* ``_trial``: a run as plain data with a key, and how it is carried out;
* ``_claims``, ``_store``: locks on runs, and the SQLite file that keeps their results;
* ``_workers``, ``_cluster``: who carries runs out: this process, processes here, a Ray cluster;
* ``_sweep``: the loop behind ``cayley sweep``; ``_config``: its TOML file;
* ``_environment``, ``_export``, ``_tracking``: machine and versions, CSV and Parquet, trackers.

Sub-packages:

* ``baselines``: every method that completes a table, behind one protocol;
* ``_completion``: suites that hide cells of known operations; ``_reproduce``: published figures;
* ``_interpretation``: networks trained here, and what is read out of them;
* ``_isaac``, ``_invariance``, ``_spiking``, ``_symmetry``: the suites of the sister methods;
* ``records``: longer measurements behind single pages of the manual, each run by
  ``python -m cayley.experiments.records.NAME``.

Example:
    >>> from cayley.experiments import Case, Measurement, Suite, run_suite, summarize
    >>> case = Case(
    ...     name="square", description="n^2", methods=("exact",), metrics=("value",),
    ...     run=lambda method, context: Measurement(metrics={"value": context.seed**2}),
    ... )
    >>> suite = Suite(name="powers", description="toy", cases=(case,))
    >>> records = list(run_suite(suite, seeds=range(3)))
    >>> [record.metrics["value"] for record in records], summarize(records)[0]["median"]
    ([0, 1, 4], 1.0)
"""

from cayley.experiments._config import read_sweep
from cayley.experiments._runner import run_suite, summarize
from cayley.experiments._store import Store
from cayley.experiments._suite import Case, Measurement, Record, Suite
from cayley.experiments._sweep import run_sweep

__all__ = [
    "Case",
    "Measurement",
    "Record",
    "Store",
    "Suite",
    "read_sweep",
    "run_suite",
    "run_sweep",
    "summarize",
]
