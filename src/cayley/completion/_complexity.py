"""The complexity of an inspected table: 3 by theorem, or measured by training on all cells."""

import math
import time
from collections.abc import Callable
from dataclasses import replace

from cayley._random import stream_seed
from cayley.completion._inspection import Inspection
from cayley.completion._solution import Progress

__all__ = ["with_complexity"]

_RESTARTS = 4


def with_complexity(
    found: Inspection,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    callback: Callable[[Progress], bool | None] | None = None,
) -> Inspection:
    """Return the inspection with the table's complexity, which is trained for if it must be.

    Isotopes of groups have complexity 3 exactly, and are returned as they are. Of other tables the
    smallest H / n^2 at an exact fit is measured from four starts, an upper bound.

    Args:
        found: The inspection of a table.
        seed: Seed of the starts, an integer >= 0.
        time_limit: Seconds after which training ends; a fit that is not exact by then counts for
            nothing.
        callback: Called as training goes on; it ends when that returns True.

    Example:
        >>> import numpy as np
        >>> from cayley.completion import inspect_table
        >>> from cayley.tables import Table
        >>> maximum = Table.from_array(np.maximum.outer(np.arange(3), np.arange(3)))
        >>> found = with_complexity(inspect_table(maximum))
        >>> found.complexity_is_exact, 2.5 < found.complexity < 3.5
        (False, True)
    """
    if found.complexity_is_exact:
        return found
    from cayley.hypercube import TrainingStep, measure_complexity

    deadline = math.inf if time_limit is None else time.monotonic() + time_limit

    def report(step: TrainingStep) -> bool:
        progress = Progress(
            solver="hypercube",
            stage=f"complexity, start {step.restart}",
            step=step.step,
            fit=step.fit,
            penalty_ratio=step.penalty_ratio,
            agreement=step.agreement,
            loss=step.loss,
            imbalance=step.imbalance,
        )
        stop = callback is not None and bool(callback(progress))
        return stop or time.monotonic() > deadline

    measured = measure_complexity(
        found.table.array,
        seed=stream_seed(seed, "complexity", 0),
        restarts=_RESTARTS,
        callback=report,
    )
    return replace(found, measured=measured.values, complexity_steps=measured.steps)
