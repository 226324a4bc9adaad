"""``cayley bench groups`` and its like: hide cells of a known operation, complete it, compare.

Measured are accuracy on the hidden cells, steps and seconds. Every method gets the same cells and
the same budget, with the settings that its source publishes, or, for ``tuned-METHOD``, chosen by
the one rule of ``baselines._tuning``. Read ``_hidden_cells`` first, one experiment spelled out, and
then ``_grid``, which lists operations, shares shown, shares wrong and methods, and the suites.
"""

from cayley.experiments._completion._grid import (
    GROUPS,
    ISOTOPES,
    NOISE,
    OPERATIONS,
    TUNED,
    Grid,
    suite_of,
    twelve_operations,
)
from cayley.experiments._completion._hidden_cells import METRICS, Experiment, run_experiment

__all__ = [
    "GROUPS",
    "ISOTOPES",
    "METRICS",
    "NOISE",
    "OPERATIONS",
    "TUNED",
    "Experiment",
    "Grid",
    "run_experiment",
    "suite_of",
    "twelve_operations",
]
