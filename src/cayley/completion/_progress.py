"""What a callback sees while a learned solver runs, and the course of a search kept short."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["CURVES", "LONGEST", "Callback", "History", "Progress", "SolverName"]

SolverName = Literal["exact", "synchronization", "hypercube"]

LONGEST = 400
"""Most records kept: a curve on a page has about as many points across."""

CURVES = ("fit", "penalty_ratio", "penalty_floor", "agreement", "loss", "imbalance")
"""The numbers of a record, by their names in :class:`Progress`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a callback sees while a solver runs; numbers are about the best restart.

    Attributes:
        solver: The solver at work.
        stage: What it is doing, in a few words.
        step: Steps done in this stage.
        fit: Share of observations that the decoded table agrees with.
        penalty_ratio: H / n^2, 3 at isotopes of groups.
        penalty_floor: What it cannot be below where the observed cells are part of a Latin square;
            NaN where it was not computed.
        agreement: Cosine between products and data on the observed pairs.
        loss: Data loss.
        imbalance: See ``hypercube_imbalance`` in ``cayley.hypercube``.
        factors: Returns a copy of the matrices A, B, C of that restart as they are now, each
            ``(n, d, d)``; None where a solver has none to show.
    """

    solver: SolverName
    stage: str
    step: int
    fit: float
    penalty_ratio: float
    agreement: float
    loss: float
    imbalance: float
    penalty_floor: float = math.nan
    factors: "Callable[[], tuple[Tensor, Tensor, Tensor]] | None" = field(
        default=None, repr=False, compare=False
    )


Callback = Callable[[Progress], bool | None]
"""Called as a search goes on; the search ends when it returns True."""


class History:
    """A callback that records each progress and then passes it on to another callback.

    Where there are too many records every second one is dropped, and from then on only every
    second one is taken: the records stay evenly spaced, and the last one is always there.

    Args:
        callback: Called with every progress; the search ends when it returns True.

    Example:
        >>> history = History(None)
        >>> history.records
        ()
    """

    def __init__(self, callback: Callback | None) -> None:
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
