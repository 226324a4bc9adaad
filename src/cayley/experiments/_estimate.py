"""How long what is left of a sweep will take, from what has been measured of it."""

from collections import defaultdict
from collections.abc import Iterable

from cayley.experiments._trial import Trial

__all__ = ["Estimate"]


class Estimate:
    """Means of the seconds of finished runs, by problem and method, as well as they are known.

    A run that is left counts as the mean of its case and method, else of its method, else of all.
    A run that is going on and says how far it is counts, while no other of its kind has ended, as
    long as it would take at that pace; runs that may end early make that an upper bound.

    Args:
        left: Runs that are to be done.
        workers: How many at a time.

    Example:
        >>> trials = [Trial(suite="s", case="c", method=m, seed=k) for m in "ab" for k in range(3)]
        >>> estimate = Estimate(trials, workers=2)
        >>> estimate.seconds is None
        True
        >>> estimate.go_on(trials[0], 1.0, 0.5)  # half of it took a second: six of 2 s are left
        >>> estimate.seconds
        5.5
        >>> estimate.finish(trials[0], 4.0)
        >>> estimate.seconds  # five are left, of 4 s each, two at a time
        10.0
    """

    def __init__(self, left: Iterable[Trial], *, workers: int) -> None:
        self.workers = workers
        self.left: dict[tuple[str, str], int] = defaultdict(int)
        self.spent: dict[tuple[str, ...], tuple[int, float]] = {}
        self.pace: dict[tuple[str, ...], float] = {}
        self.elapsed = 0.0
        for trial in left:
            self.left[trial.method, trial.case] += 1

    def go_on(self, trial: Trial, elapsed: float, share: float) -> None:
        """Take note of a run that has done a share of its work in so many seconds."""
        self.elapsed = elapsed
        if share > 0:
            self.pace = dict.fromkeys(_places(trial.method, trial.case), elapsed / share)

    def finish(self, trial: Trial, seconds: float | None) -> None:
        """Count a run as no longer left; its seconds are None if someone else did it."""
        place = trial.method, trial.case
        if self.left[place] > 0:
            self.left[place] -= 1
        self.elapsed, self.pace = 0.0, {}
        if seconds is None:
            return
        for known in _places(*place):
            count, total = self.spent.get(known, (0, 0.0))
            self.spent[known] = count + 1, total + seconds

    @property
    def seconds(self) -> float | None:
        """Seconds left; None before anything has been measured."""
        if not self.spent and not self.pace:
            return None
        total = sum(count * self._mean(*place) for place, count in self.left.items())
        return max(0.0, total - self.elapsed) / self.workers

    def _mean(self, method: str, case: str) -> float:
        for place in _places(method, case):
            if place in self.spent:
                count, total = self.spent[place]
                return total / count
            if place in self.pace:
                return self.pace[place]
        raise AssertionError("`seconds` looks before it asks")


def _places(method: str, case: str) -> tuple[tuple[str, ...], ...]:
    """Return where the time of a run is looked for, the closest first."""
    return (method, case), (method,), ()
