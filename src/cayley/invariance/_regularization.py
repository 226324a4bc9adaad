"""The call that every penalty of this room has, and the checks of one batch."""

import warnings
from abc import abstractmethod

import torch
from torch import Tensor, distributed, nn

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._batch_checks import check_batch, check_environments
from cayley.invariance._diagnostics import InvarianceWarning
from cayley.invariance._moments import TASKS, Task

__all__ = ["EnvironmentPenalty", "check_nonnegative", "full_precision"]


def full_precision(output: Tensor) -> torch.autocast:
    """Return a context in which autocast does not narrow products to half precision.

    The differences between environments that a penalty measures are as small as the rounding of
    half precision.
    """
    return torch.autocast(output.device.type, enabled=False)


def check_nonnegative(value: float, name: str) -> None:
    """Raise ``ValueError`` unless ``value`` is at least 0; NaN is refused too."""
    if not value >= 0:
        raise ValueError(f"`{name}` must be >= 0; got {value}.")


class EnvironmentPenalty(nn.Module):
    """A term to add to a loss, computed from the samples of each environment.

    Every penalty is called as ``penalty(output, target, environments)`` and returns a scalar, so
    that a training loop changes by one line whichever penalty it uses.

    Args:
        num_environments: Number of environments in all.
        task: What the output is: ``"regression"`` or ``"complex"`` predictions, ``"binary"`` logits
            of yes or no, ``"softmax"`` with two logits, ``"multiclass"`` with K logits.
        weight: Factor of the penalty, ``>= 0``; may be reassigned during training.
        process_group: Processes whose batches are to be pooled, under DDP.

    Raises:
        TypeError: If ``num_environments`` is not an integer.
        ValueError: If an option is out of range.
    """

    def __init__(
        self,
        num_environments: int,
        *,
        task: Task = "regression",
        weight: float = 1.0,
        process_group: distributed.ProcessGroup | None = None,
    ) -> None:
        super().__init__()
        if isinstance(num_environments, bool) or not isinstance(num_environments, int):
            raise TypeError(f"`num_environments` must be an integer; got {num_environments!r}.")
        if num_environments < 1:
            raise ValueError(f"`num_environments` must be at least 1; got {num_environments}.")
        if task not in TASKS:
            raise ValueError(f"`task` must be one of {', '.join(TASKS)}; got {task!r}.")
        check_nonnegative(weight, "weight")
        self.num_environments = num_environments
        self.task: Task = task
        self.weight = weight
        self.process_group = process_group
        self._was_told = False

    def check(
        self,
        output: Num[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> None:
        """Check one batch.

        Raises:
            TypeError: If a dtype does not suit the task.
            ValueError: If shapes do not match, or a label or id is out of range or NaN.
        """
        check_environments(environments, len(output), self.num_environments)
        check_batch(output, target, task=self.task)
        self._warn_if_alone()

    def _warn_if_alone(self) -> None:
        """Warn once if there are several processes and this penalty sees one of them only."""
        if torch.compiler.is_compiling() or self._was_told or self.process_group is not None:
            return
        if not (distributed.is_available() and distributed.is_initialized()):
            return
        number = distributed.get_world_size()
        if number > 1:
            self._was_told = True
            warnings.warn(
                f"torch.distributed runs {number} processes, but this {type(self).__name__} has no "
                "`process_group`: each process compares its own samples only, and multipliers "
                "drift apart. Pass `process_group=torch.distributed.group.WORLD`.",
                InvarianceWarning,
                stacklevel=3,
            )

    @abstractmethod
    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return the term to add to the loss of this batch."""
