"""The penalties as modules: thin shells that hold what does not change from batch to batch."""

from abc import abstractmethod
from typing import ClassVar, Literal

from jaxtyping import Float, Inexact, Int, Num
from torch import Tensor, distributed, nn

from cayley.invariance._constraints import check_comparable
from cayley.invariance._environments import EnvironmentMeans, center_environments
from cayley.invariance._environments import check_environments as _check_environments
from cayley.invariance._functional import (
    TASKS,
    Means,
    Task,
    check_batch,
    half_batch_means,
    irm_means,
    mri_means,
    product_of_halves,
)

__all__ = ["EnvironmentPenalty", "IRMPenalty", "MRIPenalty", "RelaxedIRMPenalty"]


class EnvironmentPenalty(nn.Module):
    """Something added to a loss that looks at each environment: the one protocol of this room.

    Every penalty is called as ``penalty(output, target, environments)`` and returns a scalar, so
    that a training loop changes by one line whichever it is.
    """

    def __init__(
        self,
        num_environments: int,
        *,
        task: Task,
        process_group: distributed.ProcessGroup | None,
    ) -> None:
        super().__init__()
        if isinstance(num_environments, bool) or not isinstance(num_environments, int):
            raise TypeError(f"`num_environments` must be an integer; got {num_environments!r}.")
        if num_environments < 1:
            raise ValueError(f"`num_environments` must be at least 1; got {num_environments}.")
        if task not in TASKS:
            raise ValueError(f"`task` must be one of {', '.join(TASKS)}; got {task!r}.")
        self.num_environments = num_environments
        self.task: Task = task
        self.process_group = process_group

    def check(
        self,
        output: Num[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> None:
        """Check one batch.

        Raises:
            TypeError: If a dtype does not suit the task.
            ValueError: If shapes do not match or an id is out of range.
        """
        check_batch(output, target, task=self.task)
        _check_environments(environments, len(output), self.num_environments)

    @abstractmethod
    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return what to add to the loss of this batch."""


class ConstraintPenalty(EnvironmentPenalty):
    """A penalty on the squared norm of a constraint per environment."""

    centered: ClassVar[bool]
    """Whether environments are compared with each other rather than with zero."""

    means: ClassVar[Means]
    """The function that gives what is compared."""

    def __init__(
        self,
        num_environments: int,
        *,
        task: Task = "regression",
        num_outputs: int = 1,
        weight: float = 1.0,
        unbiased: bool = False,
        single: Literal["raise", "skip"] = "raise",
        process_group: distributed.ProcessGroup | None = None,
    ) -> None:
        super().__init__(num_environments, task=task, process_group=process_group)
        if self.centered and num_environments < 2:
            raise ValueError(
                f"`num_environments` must be at least 2 for {type(self).__name__}, which compares "
                f"environments with each other; got {num_environments}."
            )
        if weight < 0:
            raise ValueError(f"`weight` must be >= 0; got {weight}.")
        if single not in {"raise", "skip"}:
            raise ValueError(f"`single` must be 'raise' or 'skip'; got {single!r}.")
        if task == "softmax" and num_outputs not in {1, 2}:
            raise ValueError(f"`num_outputs` must be 2 for task 'softmax'; got {num_outputs}.")
        if num_outputs < (2 if task == "multiclass" else 1):
            raise ValueError(
                f"`num_outputs` must be the number of outputs per sample (of classes, for task "
                f"'multiclass'); got {num_outputs}."
            )
        self.num_outputs = num_outputs
        self.weight = weight
        self.unbiased = unbiased
        self.single = single

    @property
    def num_components(self) -> int:
        """Number of real constraints per environment."""
        if self.task == "multiclass":
            return self.num_outputs**2 if type(self).means is mri_means else 1
        if self.task == "softmax":
            return 1
        return self.num_outputs * (2 if self.task == "complex" else 1)

    def constraint(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> EnvironmentMeans:
        """Return the constraint per environment, shape ``(e, c)``: what should be zero.

        Raises:
            TypeError: If a dtype does not suit the task.
            ValueError: If the batch does not fit, or holds one environment where two are needed.
        """
        self.check(output, target, environments)
        means = type(self).means(
            output,
            target,
            environments,
            task=self.task,
            num_environments=self.num_environments,
            process_group=self.process_group,
        )
        if means.values.shape[1] != self.num_components:
            raise ValueError(
                f"`output` has {output[0].numel()} values per sample, but the penalty was made "
                f"with `num_outputs={self.num_outputs}`."
            )
        if self.centered and self.single == "raise":
            check_comparable(means)
        return center_environments(means) if self.centered else means

    def half_batch_constraints(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> tuple[EnvironmentMeans, EnvironmentMeans]:
        """Return the constraint over two disjoint halves of every environment.

        Raises:
            ValueError: If a batch is so small that it has no two halves to compare.
        """
        self.check(output, target, environments)
        first, second = half_batch_means(
            type(self).means,
            output,
            target,
            environments,
            task=self.task,
            num_environments=self.num_environments,
            process_group=self.process_group,
        )
        if not self.centered:
            return first, second
        if self.single == "raise":
            check_comparable(first)
        return center_environments(first), center_environments(second)

    def squared_norm(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return the mean squared norm of the constraint, estimated as ``unbiased`` says."""
        if self.unbiased:
            return product_of_halves(*self.half_batch_constraints(output, target, environments))
        constraint = self.constraint(output, target, environments)
        return product_of_halves(constraint, constraint)

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return ``weight`` times the mean squared norm of the constraint."""
        return self.weight * self.squared_norm(output, target, environments)

    def extra_repr(self) -> str:
        """Show what the constraint was made with."""
        return (
            f"{self.num_environments}, task={self.task!r}, num_outputs={self.num_outputs}, "
            f"weight={self.weight}, unbiased={self.unbiased}"
        )


class MRIPenalty(ConstraintPenalty):
    r"""Penalty of MRI-v1: label-conditioned expectations of the output equal in all environments.

    .. math:: \lambda \, \mathrm{mean}_e |\mathrm{oy}_e - \overline{\mathrm{oy}}|^2,
        \qquad \mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y]

    It assumes that the distribution of labels is the same in all environments; see
    :func:`label_shift`. Environments may differ in size within a batch; one that is absent from a
    batch is left out of it.

    Args:
        num_environments: Number of environments in all, at least 2.
        task: What the output is; see :data:`Task`.
        num_outputs: Outputs per sample; classes for ``multiclass``.
        weight: ``lambda >= 0``; may be reassigned during training.
        unbiased: Multiply two half batches instead of squaring one batch's estimate, whose
            variance is otherwise penalized along.
        single: What to do with a batch of one environment: refuse it, or return 0.
        process_group: Processes whose batches are to be pooled, under DDP.

    Raises:
        TypeError: If ``num_environments`` is not an integer.
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0, 1.0, -1.0])
        >>> color = torch.tensor([1.0, -1.0, 1.0, 1.0])
        >>> ids = torch.tensor([0, 0, 1, 1])
        >>> penalty = MRIPenalty(2)
        >>> float(penalty(y, y, ids)), float(penalty(color, y, ids))  # means 1 and 0
        (0.0, 0.25)

    References:
        Huh and Baidya, "The Missing Invariance Principle Found", NeurIPS 2022, arXiv:2205.14546.
    """

    centered = True
    means = staticmethod(mri_means)


class IRMPenalty(ConstraintPenalty):
    r"""Penalty of IRM-v1: scaling the output improves no environment's risk.

    .. math:: \lambda \, \mathrm{mean}_e |\mathrm{oo}_e - \mathrm{oy}_e|^2

    Its constraints are quadratic in the output and have roots that are not invariant, beside
    those that are. Arguments and errors as for :class:`MRIPenalty`; one environment is allowed.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0])
        >>> float(IRMPenalty(1)(0.5 * y, y, torch.tensor([0, 0])))  # (0.25 - 0.5)^2
        0.0625

    References:
        Arjovsky, Bottou, Gulrajani and Lopez-Paz, "Invariant Risk Minimization", 2019,
        arXiv:1907.02893.
    """

    centered = False
    means = staticmethod(irm_means)


class RelaxedIRMPenalty(ConstraintPenalty):
    r"""Penalty of relaxed IRM: the derivatives that IRM-v1 sets to zero are to be equal.

    .. math:: \lambda \, \mathrm{mean}_e
        |(\mathrm{oo}_e - \mathrm{oy}_e) - \overline{(\mathrm{oo} - \mathrm{oy})}|^2

    Arguments and errors as for :class:`MRIPenalty`.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0, 2.0, -2.0])
        >>> float(RelaxedIRMPenalty(2)(y, y, torch.tensor([0, 0, 1, 1])))
        0.0

    References:
        Huh and Baidya, "The Missing Invariance Principle Found", NeurIPS 2022, arXiv:2205.14546.
    """

    centered = True
    means = staticmethod(irm_means)
