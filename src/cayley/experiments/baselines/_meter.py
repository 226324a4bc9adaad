"""Counts steps and processor seconds against a budget: the one clock of this room."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.experiments.baselines._completer import Budget, Callback, CompletionStep, Reason

__all__ = ["Meter"]


class Meter:
    """Counts steps and seconds of a loop against a budget, and calls the callback.

    Example:
        >>> meter = Meter(Budget(steps=2), None)
        >>> [meter.count(), meter.count(), meter.steps, meter.reason]
        [True, False, 2, 'steps']
    """

    def __init__(self, budget: Budget, callback: Callback | None) -> None:
        self.budget, self.callback = budget, callback
        self.steps = 0
        self.reason: Reason = "finished"
        self.start = time.process_time()

    def count(
        self,
        *,
        loss: float = float("nan"),
        predict: Callable[[], Int[NDArray[Any], "r c"]] | None = None,
        steps: int = 1,
        numbers: Mapping[str, float] | None = None,
    ) -> bool:
        """Count steps just done; return whether there may be another."""
        self.steps += steps
        if self.callback is not None and predict is not None:
            seen = CompletionStep(
                step=self.steps, loss=loss, predict=predict, numbers=numbers or {}
            )
            if self.callback(seen):
                self.reason = "stopped"
                return False
        if self.steps >= self.budget.steps:
            self.reason = "steps"
        elif self.remaining == 0:
            self.reason = "seconds"
        else:
            return True
        return False

    @property
    def remaining(self) -> float | None:
        """Processor seconds left, 0 when there are none; None without a limit."""
        if self.budget.seconds is None:
            return None
        return max(0.0, self.start + self.budget.seconds - time.process_time())
