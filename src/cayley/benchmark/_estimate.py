"""How long what is left of a sweep will take, from what has been measured of it."""

from collections import defaultdict
from collections.abc import Iterable

from cayley.benchmark._trial import Trial

__all__ = ["Estimate"]


class Estimate:
    """Means of the seconds of finished runs, by problem and method, as well as they are known.

    A run that is left counts as the mean of its case and method, else of its method, else of all.

    Args:
        left: Runs that are to be done.
        workers: How many at a time.

    Example:
        >>> trials = [Trial(suite="s", case="c", method=m, seed=k) for m in "ab" for k in range(3)]
        >>> estimate = Estimate(trials, workers=2)
        >>> estimate.seconds is None
        True
        >>> estimate.finish(trials[0], 4.0)
        >>> estimate.seconds  # five are left, of 4 s each, two at a time
        10.0
    """

    def __init__(self, left: Iterable[Trial], *, workers: int) -> None:
        self.workers = workers
        self.left: dict[tuple[str, str], int] = defaultdict(int)
        self.spent: dict[tuple[str, ...], tuple[int, float]] = {}
        for trial in left:
            self.left[trial.method, trial.case] += 1

    def finish(self, trial: Trial, seconds: float | None) -> None:
        """Count a run as no longer left; its seconds are None if someone else did it."""
        place = trial.method, trial.case
        if self.left[place] > 0:
            self.left[place] -= 1
        if seconds is None:
            return
        for known in ((), (trial.method,), place):
            count, total = self.spent.get(known, (0, 0.0))
            self.spent[known] = count + 1, total + seconds

    @property
    def seconds(self) -> float | None:
        """Seconds left; None before anything has been measured."""
        if () not in self.spent:
            return None
        total = sum(count * self._mean(method, case) for (method, case), count in self.left.items())
        return total / self.workers

    def _mean(self, method: str, case: str) -> float:
        places: tuple[tuple[str, ...], ...] = ((method, case), (method,), ())
        count, total = next(self.spent[place] for place in places if place in self.spent)
        return total / count
