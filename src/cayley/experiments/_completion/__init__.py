"""Completion of hidden cells: suites as plain data, and the one experiment behind them.

A :class:`Grid` lists operations, shares shown, shares wrong and methods; :func:`suite_of` turns it
into a suite with a case for each problem. Every method gets the same cells and the same budget; the
settings are those that its source publishes, or, for ``tuned-METHOD``, chosen by the one rule of
:class:`cayley.experiments.baselines.TunedCompleter`.
"""

from cayley.experiments._completion._experiment import METRICS, Experiment, run_experiment
from cayley.experiments._completion._grids import (
    GROUPS,
    ISOTOPES,
    NOISE,
    OPERATIONS,
    TUNED,
    Grid,
    suite_of,
    twelve_operations,
)
from cayley.experiments._completion._methods import METHODS, SETTINGS, make_method, options_of

__all__ = [
    "GROUPS",
    "ISOTOPES",
    "METHODS",
    "METRICS",
    "NOISE",
    "OPERATIONS",
    "SETTINGS",
    "TUNED",
    "Experiment",
    "Grid",
    "make_method",
    "options_of",
    "run_experiment",
    "suite_of",
    "twelve_operations",
]
