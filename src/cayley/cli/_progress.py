"""One line on standard error while a search runs: step, fit, penalty ratio, agreement, time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isnan

from cayley.completion import Progress

__all__ = ["search_progress"]

_INTERVAL = 0.1  # seconds between two updates: more of them cost time and cannot be read


@contextmanager
def search_progress(*, quiet: bool = False) -> Iterator[Callable[[Progress], None] | None]:
    """Show progress while the block runs, where standard error is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # rich is imported only where there is a terminal
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    spinner = Spinner("dots", text=Text("deducing"))
    start, last = time.monotonic(), 0.0

    def update(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _INTERVAL:
            return
        last = now
        spinner.update(text=Text(describe(progress, now - start)))

    # Transient: the line is gone when the table is printed.
    with Live(spinner, console=Console(stderr=True), transient=True, refresh_per_second=10):
        yield update


def describe(progress: Progress, seconds: float) -> str:
    """Return one line about the state of a search, after so many seconds."""
    # A solver without a penalty reports NaN, which would read as a failure.
    ratio = "" if isnan(progress.penalty_ratio) else f"H/n² {progress.penalty_ratio:.3f}  "
    return (
        f"{progress.solver} ({progress.stage})  step {progress.step}  "
        f"fit {progress.fit:.1%}  {ratio}"
        f"agreement {progress.agreement:.3f}  {seconds:.1f} s"
    )
