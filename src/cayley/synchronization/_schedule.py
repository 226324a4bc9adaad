"""The settings of a run: damping, whitening and momentum, and when each stage begins."""

import math
from dataclasses import dataclass

from cayley.algebra import Structure
from cayley.synchronization._assumption import as_assumption

__all__ = ["SweepSchedule", "matrix_size", "restarts_at_once"]

_BATCH = 1e8
"""Floating-point operations per sweep up to which restarts share a batch: below it the machine
waits for the interpreter and further restarts cost next to nothing. (A step of HyperCube calls more
and smaller operations, so its bound is lower.)"""

_GPU_BATCH = 5e10
"""The same on a GPU, which does some 500 times as many in the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSchedule:
    r"""The settings of a run of sweeps.

    A pair is a value at the start and one at half time; linear between, then kept.

    Attributes:
        damping: :math:`\beta`, the share of the previous matrices in an update. Negative values
            push away from them.
        whitening: :math:`p`, the power of :func:`~cayley.synchronization.whiten`.
        momentum: :math:`\kappa`, how fast momentum grows with agreement.
        most_momentum: Bound on the momentum.
        max_sweeps: Most sweeps.
        robust_after: From this sweep on every observation is weighted by its agreement; None for
            never.
        training_after: From this sweep on the surest decoded cells count as observations too; None
            for never.
        training_every: Sweeps between two choices of such cells.
        training_share: Most such cells, as a multiple of the observations.
        training_threshold: Least score of such a cell, in units of 1/k.
        look_every: Sweeps between two looks at a few decoded rows.
    """

    damping: tuple[float, float] = (0.0, 0.0)
    whitening: tuple[float, float] = (0.1, 0.1)
    momentum: float = 1.0
    most_momentum: float = 0.6
    max_sweeps: int = 300
    robust_after: int | None = None
    training_after: int | None = 50
    training_every: int = 25
    training_share: float = 4.0
    training_threshold: float = 4.5
    look_every: int = 5

    def __post_init__(self) -> None:
        if self.max_sweeps < 1 or self.look_every < 1 or self.training_every < 1:
            raise ValueError("`max_sweeps`, `look_every` and `training_every` must be at least 1.")
        if not all(0 <= p <= 0.5 for p in self.whitening):
            raise ValueError(f"`whitening` must lie between 0 and 1/2; got {self.whitening}.")

    @classmethod
    def chosen(
        cls, assume: Structure | str, *, noisy: bool = False, max_sweeps: int = 300
    ) -> "SweepSchedule":
        """Return the schedule that measured best for an assumption.

        The measurements are in ``docs/synchronization.md``.

        Args:
            assume: ``"group"``, ``"isotope"`` or ``"action"``, or a member of
                :class:`~cayley.algebra.Structure`. Several factors take less momentum than one, and
                a little negative damping.
            noisy: Whether wrong entries are expected: then damping and whitening start larger,
                and observations are weighted by agreement. Slower where there are none.
            max_sweeps: Most sweeps.

        Raises:
            ValueError: If something else is assumed.

        Example:
            >>> SweepSchedule.chosen("isotope").damping
            (-0.1, -0.1)
        """
        one_factor = as_assumption(assume) is Structure.GROUP
        # One factor is moved by the sums of all three places of a triple at once, three factors
        # each by one sum: they take less momentum (S5 isotope at 16 % was solved once in five tries
        # with 1, in five of five with 0.4), and are pushed off their last value a little.
        momentum, end = (1.0, 0.0) if one_factor else (0.4, -0.1)
        if not noisy:
            return cls(damping=(end, end), momentum=momentum, max_sweeps=max_sweeps)
        # Constant values are faster on clean data and fail on much noise (S4 with 70 % wrong, 0 of
        # 10 against 10 of 10). Agreement with random starts is noise, so weights begin later.
        return cls(
            damping=(0.2, end),
            whitening=(0.25, 0.1),
            momentum=momentum,
            robust_after=20,
            max_sweeps=max_sweeps,
        )

    def at(self, sweep: int) -> tuple[float, float]:
        """Return damping and whitening of a sweep."""
        t = min(1.0, 2 * sweep / self.max_sweeps)
        return (
            self.damping[0] + t * (self.damping[1] - self.damping[0]),
            self.whitening[0] + t * (self.whitening[1] - self.whitening[0]),
        )


def matrix_size(sizes: tuple[int, int, int], num_observations: int) -> int:
    r"""Return the size of the matrices for so many labels and observations.

    Between :math:`2 \sqrt n` where data are plenty and :math:`4 \sqrt n` where they are sparse.

    Args:
        sizes: Numbers of rows, columns and symbols; n is the largest.
        num_observations: Number of observations.

    Example:
        >>> matrix_size((120, 120, 120), 1440), matrix_size((120, 120, 120), 300)
        (24, 40)
    """
    n = max(sizes)
    per_label = num_observations / n
    # Larger matrices have more room to fit few observations; the cost of a sweep grows with d^3.
    factor = 2.0 if per_label >= 10 else 3.0 if per_label >= 4 else 4.0
    size = factor * math.sqrt(n)
    return max(4, round(size)) if size < 16 else 8 * round(size / 8)  # vector registers hold 8


def restarts_at_once(num_observations: int, size: int, *, device: object = None) -> int:
    """Return how many restarts are worth sharing a batch, at least 1.

    Args:
        num_observations: Number of observations.
        size: Size of the matrices.
        device: Where to compute; the processor if None.

    Example:
        >>> restarts_at_once(288, 10), restarts_at_once(1440, 24)
        (57, 1)
    """
    bound = _BATCH if str(device or "cpu").startswith("cpu") else _GPU_BATCH
    return max(1, int(bound / (6.0 * num_observations * size**3)))
