"""Training of small square tables on NumPy arrays: the loop of ``_train`` without PyTorch.

The schedule, the plateau rule, the looks and the results are those of ``_loop``, ``_descent`` and
``_plateau``; a step takes a few dozen calls of NumPy, some tenths of a millisecond in all.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.hypercube._acceptance import AcceptanceCheck
from cayley.hypercube._array_formulas import (
    FitNumbers,
    SeenCells,
    data_gradient,
    decode_arrays,
    fit_numbers,
    imbalance,
    penalty,
    penalty_floor,
    penalty_gradient,
)
from cayley.hypercube._result import DecodedTable, Reason, TrainingResult, TrainingStep
from cayley.hypercube._schedule import TrainingSchedule, resolved

__all__ = ["ArrayTraining", "random_matrices", "train_arrays"]

# As in `_loop`: looks at the table for each at the imbalance, and for each check of a restart that
# does not fit all observations; what decoding may cost beside the steps.
_LOOKS, _UNFITTED_LOOKS, _DECODING_FACTOR = 4, 5, 5
# As in `_plateau`: from where the objective counts as rising, and as lost.
_RISE, _LOST = 1.01, 2


def random_matrices(
    order: int, *, shared: bool, restarts: int, random: np.random.Generator, dtype: Any = np.float32
) -> Float[NDArray[Any], "r k d d"]:
    """Draw the start of all restarts: entries from N(0, 1/n).

    Example:
        >>> random_matrices(3, shared=False, restarts=2, random=np.random.default_rng(0)).shape
        (2, 9, 3, 3)
    """
    shape = (restarts, order if shared else 3 * order, order, order)
    entries: NDArray[Any] = random.standard_normal(shape, dtype) / dtype(order**0.5)
    return entries


def train_arrays(
    X: Float[NDArray[Any], "r k d d"],
    triples: Int[NDArray[Any], "m 3"],
    *,
    shared: bool,
    schedule: TrainingSchedule,
    accept: Callable[[DecodedTable], bool] | None = None,
    callback: Callable[[TrainingStep], bool | None] | None = None,
    report_every: int = 1,
) -> TrainingResult:
    """Train factors in place, as one batch of restarts, as ``train`` does.

    Args:
        X: The factors of all restarts, see ``_array_formulas``; float32 or float64.
        triples: Observed products, rows ``(row, column, symbol)``.
        shared: Whether the three factors are one.
        schedule: Rates and limits.
        accept: Exact check of a decoded table; training stops when it returns True.
        callback: Called with the numbers of the best restart; training stops when it returns True.
        report_every: Steps between two calls of the callback.

    Returns:
        The best restart's table and numbers.

    Example:
        >>> a, b = np.indices((3, 3)).reshape(2, -1)[:, :-1]
        >>> triples = np.stack([a, b, (a + b) % 3], axis=1)
        >>> X = random_matrices(3, shared=False, restarts=1, random=np.random.default_rng(0))
        >>> result = train_arrays(X, triples, shared=False, schedule=TrainingSchedule(max_steps=60))
        >>> result.decoded.table.tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    """
    training = ArrayTraining(X, triples, shared=shared, schedule=schedule, accept=accept)
    every, most = training.schedule.check_every, training.schedule.max_steps
    reason: Reason | None = None
    # Numbers that overflow are those of a restart that has diverged, which is seen and said.
    with np.errstate(all="ignore"):
        try:
            while reason is None and training.step < most:
                reports = callback is not None and (training.step + 1) % report_every == 0
                looks = (training.step + 1) % every == 0
                training.advance(look=reports or looks or training.step + 1 == most)
                if reports and callback is not None and callback(training.summary()):
                    reason = "stopped"
                elif looks:
                    reason = training.look()
        except KeyboardInterrupt:
            reason = "interrupted"
        return training.result(reason or "steps")


class ArrayTraining:
    """The state of a training between two steps.

    Args:
        X: The factors of all restarts, trained in place.
        triples: Observed products.
        shared: Whether the three factors are one.
        schedule: Rates and limits.
        accept: Exact check of a decoded table, or None.
    """

    def __init__(
        self,
        X: Float[NDArray[Any], "r k d d"],
        triples: Int[NDArray[Any], "m 3"],
        *,
        shared: bool,
        schedule: TrainingSchedule,
        accept: Callable[[DecodedTable], bool] | None = None,
    ) -> None:
        r, n = len(X), X.shape[-1]
        self.X, self.shared, self.step = X, shared, 0
        self.seen = SeenCells.of(triples, n, X.dtype)
        self.schedule = resolved(schedule, shared=shared, share=len(self.seen.cells) / (n * n))
        assert self.schedule.rate is not None
        assert self.schedule.epsilon is not None
        self.velocity = np.zeros_like(X)
        self.rate = np.full((r, 1, 1, 1), self.schedule.rate, X.dtype)
        self.epsilon = np.full((r, 1, 1, 1), self.schedule.epsilon, X.dtype)
        self.imbalance, self.settled_steps = np.full(r, np.inf), np.zeros(r, np.int64)
        self.check = None if accept is None else AcceptanceCheck(accept, self.decoded)
        self.fit: FitNumbers | None = None
        # About the objective of the start, where all products are small beside the targets.
        self._lowest = self._objective(np.full(r, self.seen.total, X.dtype))
        self._kept = X.copy()
        self._objectives: list[NDArray[Any]] = []
        self._calm = np.zeros(r, np.int64)

    def _objective(self, loss: Float[NDArray[Any], " r"]) -> Float[NDArray[Any], " r"]:
        found: NDArray[Any] = loss + self.epsilon.ravel() * penalty(self.X, shared=self.shared)
        return found

    @property
    def _numbers(self) -> FitNumbers:
        assert self.fit is not None
        return self.fit

    @property
    def alive(self) -> Bool[NDArray[Any], " r"]:
        """Which restarts have not diverged."""
        finite: NDArray[Any] = np.isfinite(self._numbers.loss)
        return finite

    @property
    def best(self) -> int:
        """The restart of the largest fit; of equal ones that of the largest agreement."""
        fit = self._numbers
        return int(np.where(self.alive, fit.fit + 1e-3 * fit.agreement, -1.0).argmax())

    def advance(self, *, look: bool = True) -> None:
        """Take one step in every restart; with ``look`` keep the fit of the factors before it."""
        G, T = data_gradient(self.X, self.seen, shared=self.shared)
        self.fit = fit_numbers(T, self.seen) if look else None
        G += self.epsilon * penalty_gradient(self.X, shared=self.shared)
        norm = np.sqrt(_squares(G))[:, None, None, None]
        longest = self.schedule.clip * self.seen.total
        G *= np.minimum(longest / norm, 1).astype(G.dtype)
        self.velocity *= self.schedule.momentum
        self.velocity += G
        self.X -= self.rate * self.velocity
        self.step += 1

    def summary(self, restart: int | None = None) -> TrainingStep:
        """Return the numbers of one restart, the best by default."""
        r, n = self.best if restart is None else restart, self.X.shape[-1]
        return TrainingStep(
            step=self.step,
            restart=r,
            loss=float(self._numbers.loss[r]),
            fit=float(self._numbers.fit[r]),
            agreement=float(self._numbers.agreement[r]),
            penalty_ratio=float(penalty(self.X[r : r + 1], shared=self.shared)[0]) / (n * n),
            penalty_floor=self._penalty_floor(r) / (n * n),
            imbalance=float(self.imbalance[r]),
            epsilon=float(self.epsilon[r, 0, 0, 0]),
        )

    def _penalty_floor(self, restart: int) -> float:
        """Return the floor over the observed triples at looks, as ``Loop`` does."""
        if self.step % self.schedule.check_every:
            return math.nan
        return float(penalty_floor(self.X[restart : restart + 1], self.seen, shared=self.shared)[0])

    def decoded(self, restart: int) -> DecodedTable:
        """Return the table of one restart."""
        return decode_arrays(self.X[restart], shared=self.shared)

    def look(self) -> Reason | None:
        """Check tables and progress where they are due; return why to end, or None to go on."""
        if not self.alive.any():
            return "diverged"
        # Accepted before converged: the table is right long before the factors are at rest.
        return "accepted" if self._is_accepted() else self._at_rest()

    def _is_accepted(self) -> bool:
        n, check_every = self.X.shape[-1], self.schedule.check_every
        share = n * n / (3 * len(self.seen.cells))
        every = max(1, round(_DECODING_FACTOR * share / check_every)) * check_every
        if self.check is None or self.step % every:
            return False
        # A little below what is attainable: fit is a quotient of sums in the factors' precision.
        fitting = (self._numbers.fit >= self.seen.attainable_fit - 1e-6) & self.alive
        if not fitting.any() and self.step % (_UNFITTED_LOOKS * every):
            return False
        return self.check.first_accepted(np.flatnonzero(fitting).tolist() or [self.best]) >= 0

    def _at_rest(self) -> Reason | None:
        """Measure the imbalance and drop the penalty where it has settled, as ``Loop.look``."""
        schedule, interval = self.schedule, _LOOKS * self.schedule.check_every
        if self.step % interval:
            return None
        self.imbalance = imbalance(self.X, shared=self.shared)
        settled = self.imbalance < schedule.imbalance
        self.settled_steps = np.where(settled, self.settled_steps + interval, 0)
        without = self.epsilon.ravel() == 0
        stalled = self._on_plateau(interval)  # slows down and goes back where it must, too
        drop = ~without & (self.settled_steps >= schedule.patience)
        if schedule.at_rest == "release":
            drop |= ~without & stalled
        # without the penalty the loss is sharper
        self.epsilon[drop] = 0.0
        self.rate[drop] *= schedule.settling
        ended = (self._has_stopped() | ~self.alive) & without
        if ended.all():
            return "converged"
        return "stalled" if (ended | (stalled & ~without & ~drop)).all() else None

    def _on_plateau(self, interval: int) -> Bool[NDArray[Any], " r"]:
        """Halve the rate where the objective rises; return where it has hardly fallen of late."""
        objective = self._objective(self._numbers.loss)
        with_penalty = self.epsilon.ravel() > 0
        before = self._objectives[-1] if self._objectives else _LOST * self._lowest
        # Not "objective > ...": an objective that is NaN rises and is lost, too.
        rising = ~(objective <= _RISE * before) & with_penalty
        self._calm = np.where(rising, 0, self._calm + 1)
        lost = rising & ~(objective <= _LOST * self._lowest)
        objective = np.where(lost, self._lowest, objective)
        better = with_penalty & (objective < self._lowest)
        self._lowest[better], self._kept[better] = objective[better], self.X[better]
        self._objectives.append(objective)
        self.rate[rising] *= 0.5
        self.X[lost], self.velocity[lost] = self._kept[lost], 0
        looks = max(1, self.schedule.window // interval)
        if len(self._objectives) <= looks or not self.schedule.progress:
            return np.zeros(len(objective), bool)
        fallen = self._objectives[-1 - looks] - objective
        reached: NDArray[Any] = fallen < self.schedule.progress * objective
        return reached & (self._calm >= looks)

    def _has_stopped(self) -> Bool[NDArray[Any], " r"]:
        """Return which restarts move by less than the tolerance, relative to their factors."""
        size, update = np.sqrt(_squares(self.X)), np.sqrt(_squares(self.rate * self.velocity))
        stopped: NDArray[Any] = update < self.schedule.tolerance * size
        return stopped

    def result(self, reason: Reason) -> TrainingResult:
        """Return the accepted restart, or else the best one."""
        if self.fit is None:  # interrupted between two looks
            self.advance()
        accepted = None if self.check is None else self.check.accepted
        restart, decoded = accepted or (self.best, None)
        return TrainingResult(
            decoded=self.decoded(restart) if decoded is None else decoded,
            last=self.summary(restart),
            reason=reason,
        )


def _squares(X: Float[NDArray[Any], "r k d d"]) -> Float[NDArray[Any], " r"]:
    """Return the squared norm of every restart."""
    flat = X.reshape(len(X), 1, -1)
    found: NDArray[Any] = (flat @ flat.copy().swapaxes(1, 2))[:, 0, 0]
    return found
