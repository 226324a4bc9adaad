"""The course of a search, kept short: what the curves are drawn from."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cayley.completion._solution import Progress

__all__ = ["CURVES", "History", "history_from_document", "history_to_document"]

LONGEST = 400
"""Most records kept: as many as a curve can show."""

CURVES = ("fit", "penalty_ratio", "agreement", "loss", "imbalance")
"""The numbers of a record, by their names in :class:`Progress`."""


class History:
    """A callback that records what it is told before it tells the next one.

    Where there are too many records every second one is dropped, and from then on only every
    second one is taken: the records stay evenly spaced, and the last one is always there.

    Args:
        callback: Called with every progress; the search ends when it returns True.

    Example:
        >>> history = History(None)
        >>> history.records
        ()
    """

    def __init__(self, callback: Callable[[Progress], bool | None] | None) -> None:
        self._callback = callback
        self._kept: list[Progress] = []
        self._last: Progress | None = None
        self._seen, self._stride = 0, 1

    def __call__(self, progress: Progress) -> bool | None:
        """Record one progress and pass it on."""
        self._last = progress
        if self._seen % self._stride == 0:
            self._kept.append(replace(progress, factors=None))
        self._seen += 1
        if len(self._kept) > LONGEST:
            self._kept, self._stride = self._kept[::2], 2 * self._stride
        return None if self._callback is None else self._callback(progress)

    @property
    def records(self) -> tuple[Progress, ...]:
        """What was recorded, in order."""
        if self._last is None or (self._seen - 1) % self._stride == 0:
            return tuple(self._kept)
        return (*self._kept, replace(self._last, factors=None))


def history_to_document(history: tuple[Progress, ...]) -> dict[str, list[Any]]:
    """Return a history column by column; numbers to six digits, null where there is none."""
    names = {name: [getattr(p, name) for p in history] for name in ("solver", "stage", "step")}
    return names | {name: [_rounded(getattr(p, name)) for p in history] for name in CURVES}


def history_from_document(columns: Any) -> tuple[Progress, ...]:
    """Return the history of a document; empty where there is none.

    Raises:
        ValueError: If the columns are no lists of one length with numbers in them.
    """
    if columns is None:
        return ()
    try:
        steps = [int(step) for step in columns["step"]]
        texts = {name: [str(value) for value in columns[name]] for name in ("solver", "stage")}
        numbers = {
            name: [
                math.nan if v is None else float(v) for v in columns.get(name, [None] * len(steps))
            ]
            for name in CURVES
        }
        rows = zip(steps, *texts.values(), *numbers.values(), strict=True)
        keys = ("step", *texts, *numbers)
        return tuple(Progress(**dict(zip(keys, row, strict=True))) for row in rows)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError(
            "`history` must hold lists of one length, `solver`, `stage`, `step` and the curves."
        ) from None


def _rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")
