"""A decoded table, the numbers of a training step, and the result of a training."""

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from cayley._shapes import Float, Int

__all__ = ["DecodedTable", "Reason", "TrainingResult", "TrainingStep"]

Reason = Literal["accepted", "converged", "stalled", "steps", "stopped", "interrupted", "diverged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedTable:
    """A table decoded from factors.

    Attributes:
        table: Best symbol of every cell, shape ``(rows, columns)``, int64.
        margin: Best product minus the second best, shape ``(rows, columns)``, float64.
    """

    table: Int[NDArray[Any], "a b"]
    margin: Float[NDArray[Any], "a b"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingStep:
    r"""The numbers of the best restart after a step: the largest fit, then the largest agreement.

    Attributes:
        step: Number of steps done.
        restart: Index of that restart.
        loss: Data loss, a sum over observations.
        fit: Share of observations that the decoded table agrees with.
        agreement: Cosine between products and data on the observed pairs.
        penalty_ratio: H / n^2; 3 at isotopes of groups.
        penalty_floor: :math:`3 \sum |T|^{4/3} / n^2` over the observed triples, which the penalty
            ratio cannot be below where they are part of a Latin square; NaN between two looks.
        imbalance: See ``hypercube_imbalance``; of the last look.
        epsilon: Weight of the penalty.
    """

    step: int
    restart: int
    loss: float
    fit: float
    agreement: float
    penalty_ratio: float
    penalty_floor: float
    imbalance: float
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """The best restart at the end, its decoded table, and why the loop ended.

    Attributes:
        decoded: The table and its margins.
        last: Numbers of the last step, of the restart that was decoded.
        reason: ``accepted`` by the caller's check, ``converged``, ``stalled`` without progress, out
            of ``steps``, ``stopped`` by the callback, ``interrupted`` from the keyboard, or
            ``diverged`` in every restart.
    """

    decoded: DecodedTable
    last: TrainingStep
    reason: Reason
