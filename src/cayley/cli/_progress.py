"""Live progress of a search on standard error: step, fit, penalty ratio, agreement, time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isnan

from cayley.completion import Progress

__all__ = ["search_progress"]

_INTERVAL = 0.1  # seconds between two updates: more cost time and cannot be seen


@contextmanager
def search_progress(*, quiet: bool = False) -> Iterator[Callable[[Progress], None] | None]:
    """Show progress while the block runs, where standard error is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
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

    with Live(spinner, console=Console(stderr=True), transient=True, refresh_per_second=10):
        yield update


def describe(progress: Progress, seconds: float) -> str:
    """Return one line about where a search is."""
    ratio = "" if isnan(progress.penalty_ratio) else f"H/n² {progress.penalty_ratio:.3f}  "
    return (
        f"{progress.solver} ({progress.stage})  step {progress.step}  "
        f"fit {progress.fit:.1%}  {ratio}"
        f"agreement {progress.agreement:.3f}  {seconds:.1f} s"
    )
