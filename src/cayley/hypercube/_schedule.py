"""The settings of a training: rates, limits, and when to stop."""

from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["TrainingSchedule", "resolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSchedule:
    r"""Settings of gradient descent: ``V <- momentum V + G``, ``X <- X - rate V``, G clipped.

    Attributes:
        rate: Learning rate; if None, 1.0, and for shared factors, on which each observation acts
            three times, no more than a quarter over the observed share of the cells. It is halved
            where the objective rises.
        momentum: Momentum.
        epsilon: Weight of the penalty, until the imbalance has settled; then 0. If None, 0.1, or
            for shared factors 0.05, and no more than 0.3 times the observed share of the cells:
            with few observations a larger weight makes the factors vanish.
        clip: Gradient norms are at most this times the observations' mass, their number if they
            have no weights.
        imbalance: Imbalance below which the factors count as settled.
        patience: Steps that they have to stay so.
        settling: The rate is multiplied by this when epsilon drops: without the penalty the loss
            is sharper, and at the full rate the factors oscillate about the minimum.
        max_steps: Most steps.
        tolerance: Converged when the norm of an update is below this share of the parameter's.
        check_every: Steps between two looks at the decoded table, and a quarter as often at
            imbalance and convergence. The table is decoded less often where that would cost more
            than a fifth of the steps.
        window: Steps over which progress is measured; rounded to looks at the imbalance.
        progress: Stalled when the objective has fallen by less than this share over the window, in
            which the rate was not halved, under the penalty and in every restart. 0 for never.
        at_rest: What happens then: ``"stop"`` ends the training, ``"release"`` drops the penalty,
            as where the imbalance has settled, and goes on.
    """

    # Chosen on S4, by the median number of steps to the right table over 4 to 8 starts; the numbers
    # are in docs/hypercube.md.
    rate: float | None = None
    momentum: float = 0.5
    epsilon: float | None = None
    clip: float = 0.1
    imbalance: float = 1e-5
    patience: int = 30
    settling: float = 0.25
    max_steps: int = 1500
    tolerance: float = 1e-6
    check_every: int = 5
    window: int = 100
    progress: float = 1e-3
    at_rest: Literal["stop", "release"] = "stop"


def resolved(schedule: TrainingSchedule, *, shared: bool, share: float) -> TrainingSchedule:
    """Return the schedule with the rate and the weight of the penalty that suit a training.

    Args:
        schedule: What was asked for.
        shared: Whether the three factors are one.
        share: Share of the cells that were observed.
    """
    rate, epsilon = schedule.rate, schedule.epsilon
    # Each observation acts on a shared matrix three times: the more are seen, the sharper the loss.
    if rate is None:
        rate = min(1.0, 0.25 / share) if shared else 1.0
    if epsilon is None:
        epsilon = min(0.05, 0.3 * share) if shared else 0.1
    return replace(schedule, rate=rate, epsilon=epsilon)
