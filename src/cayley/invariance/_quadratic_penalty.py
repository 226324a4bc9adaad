"""The quadratic penalties of MRI, IRM and relaxed IRM: the squared norm of a constraint.

The modules hold what does not change from batch to batch; the moments are computed by
:mod:`cayley.invariance._moments`.
"""

from typing import ClassVar, Literal

from torch import Tensor, distributed

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._batch_checks import check_comparable, check_weights
from cayley.invariance._environment_means import (
    EnvironmentMeans,
    center_environments,
    split_halves,
)
from cayley.invariance._moments import (
    CENTERED,
    Means,
    Task,
    class_balance,
    irm_means,
    mri_means,
    product_of_halves,
    wide,
)
from cayley.invariance._regularization import EnvironmentPenalty, full_precision

__all__ = ["ConstraintPenalty", "IRMPenalty", "MRIPenalty", "RelaxedIRMPenalty"]


class ConstraintPenalty(EnvironmentPenalty):
    """A penalty on the squared norm of a constraint per environment."""

    centered: ClassVar[bool]
    """Whether environments are compared with each other rather than with zero."""

    means: ClassVar[Means]
    """The function that returns the moment that is constrained."""

    def __init__(
        self,
        num_environments: int,
        *,
        task: Task = "regression",
        num_outputs: int = 1,
        weight: float = 1.0,
        unbiased: bool = False,
        center: bool = True,
        balanced: bool = False,
        single: Literal["raise", "skip"] = "raise",
        process_group: distributed.ProcessGroup | None = None,
    ) -> None:
        super().__init__(num_environments, task=task, weight=weight, process_group=process_group)
        if self.centered and num_environments < 2:
            raise ValueError(
                f"`num_environments` must be at least 2 for {type(self).__name__}, which compares "
                f"environments with each other; got {num_environments}."
            )
        if single not in {"raise", "skip"}:
            raise ValueError(f"`single` must be 'raise' or 'skip'; got {single!r}.")
        if task == "softmax" and num_outputs not in {1, 2}:
            raise ValueError(f"`num_outputs` must be 2 for task 'softmax'; got {num_outputs}.")
        if num_outputs < (2 if task == "multiclass" else 1):
            raise ValueError(
                f"`num_outputs` must be the number of outputs per sample (of classes, for task "
                f"'multiclass'); got {num_outputs}."
            )
        if balanced and task in CENTERED:
            raise ValueError(
                f"`balanced` is for classes, not for task {task!r}. Pass the weights of "
                "`balance_labels(labels, environments)` with each batch instead."
            )
        self.num_outputs = num_outputs
        self.unbiased = unbiased
        self.center = center
        self.balanced = balanced
        self.single = single

    @property
    def _means_of_classes(self) -> bool:
        """Whether the moment is a mean within each class, so that class and environment group."""
        return self.task == "multiclass" and type(self).means is mri_means

    @property
    def num_components(self) -> int:
        """Number of real constraints per environment."""
        if self._means_of_classes:
            return self.num_outputs**2
        if self.task in {"softmax", "multiclass"}:
            return 1
        return self.num_outputs * (2 if self.task == "complex" else 1)

    def constraint(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> EnvironmentMeans:
        """Return the constraint per environment, shape ``(e, c)``, real; zero where it is met.

        An environment that is absent from the batch gets 0.

        Raises:
            TypeError: If a dtype does not suit the task.
            ValueError: If the batch does not fit, or holds one environment where two are needed.
        """
        return self.compare(self.moment(output, target, environments, weights=weights))

    def moment(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> EnvironmentMeans:
        """Return the moment per environment that is to be compared, shape ``(e, c)``, real."""
        self.check(output, target, environments)
        column = self._column(output, weights)
        with full_precision(output):
            means = self._moment(output, target, environments, column)
        if means.values.shape[1] != self.num_components:
            raise ValueError(
                f"`output` has {output[0].numel()} values per sample, but the penalty was made "
                f"with `num_outputs={self.num_outputs}`."
            )
        return means

    def compare(self, moment: EnvironmentMeans) -> EnvironmentMeans:
        """Return the constraint on a moment: its difference from the average, or from zero."""
        if not self.centered:
            return moment
        if self.single == "raise":
            check_comparable(moment)
        return center_environments(moment)

    def half_batch_constraints(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> tuple[EnvironmentMeans, EnvironmentMeans]:
        """Return the constraint over two disjoint halves of every environment.

        An environment with a single sample has no second half and counts as absent.

        Raises:
            ValueError: If a batch is so small that it has no two halves to compare.
        """
        self.check(output, target, environments)
        groups, classes = environments, 1
        if self._means_of_classes or (self.balanced and target.ndim == 1):
            # Splitting each class of an environment leaves both halves with every class that has
            # two samples; a split of the whole environment could leave one half without a class.
            classes = self._num_classes
            groups = environments * classes + self._classes(target)[:, 0]
        second = split_halves(groups, num_groups=self.num_environments * classes)[:, None]
        column = self._column(output, weights)
        with full_precision(output):
            # Each half has weight 0 in the other, and is centered and balanced by itself: nothing
            # of one enters the estimate of the other.
            halves = [
                self._moment(
                    output,
                    target,
                    environments,
                    half.to(wide(output).real.dtype) if column is None else column * half,
                )
                for half in (~second, second)
            ]
        # The halves are compared over the same environments, so one that lacks a half is dropped
        # from both before the average over environments is subtracted.
        both = halves[0].present & halves[1].present
        one, other = (self.compare(EnvironmentMeans(half.values, both)) for half in halves)
        return one, other

    def _column(
        self, output: Inexact[Tensor, "n *k"], weights: Float[Tensor, " n"] | None
    ) -> Float[Tensor, "n 1"] | None:
        """Return the weight of every sample, at least in single precision; None for 1."""
        if weights is None:
            return None
        check_weights(weights, len(output))
        return wide(weights)[:, None]

    @property
    def _num_classes(self) -> int:
        return self.num_outputs if self.task == "multiclass" else 2

    def _classes(self, target: Num[Tensor, "n *t"]) -> Int[Tensor, "n c"]:
        """Return the class of each label, one column per label of a sample."""
        column = target.reshape(len(target), -1)
        return (column > 0.5).long() if self.task == "binary" else column.long()

    def _moment(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        weights: Float[Tensor, "n 1"] | None,
    ) -> EnvironmentMeans:
        """Return the constrained moment of each environment of samples that were checked."""
        if self.balanced and not self._means_of_classes:  # those are balanced as they are
            if weights is None:
                weights = wide(output).real.new_ones(len(output), 1)
            weights = class_balance(
                self._classes(target),
                environments,
                num_classes=self._num_classes,
                num_environments=self.num_environments,
                weights=weights,
                process_group=self.process_group,
            )
        return type(self).means(
            output,
            target,
            environments,
            task=self.task,
            num_environments=self.num_environments,
            center=self.center,
            weights=weights,
            process_group=self.process_group,
        )

    def squared_norm(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return the mean squared norm of the constraint, estimated as ``unbiased`` says."""
        if self.unbiased:
            return product_of_halves(
                *self.half_batch_constraints(output, target, environments, weights=weights)
            )
        constraint = self.constraint(output, target, environments, weights=weights)
        return product_of_halves(constraint, constraint)

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
        *,
        weights: Float[Tensor, " n"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return ``weight`` times the mean squared norm of the constraint."""
        return self.weight * self.squared_norm(output, target, environments, weights=weights)

    def extra_repr(self) -> str:
        """Return the options of the constraint as text."""
        return (
            f"{self.num_environments}, task={self.task!r}, num_outputs={self.num_outputs}, "
            f"weight={self.weight}, unbiased={self.unbiased}"
            + (", balanced=True" if self.balanced else "")
            + ("" if self.center else ", center=False")
        )


class MRIPenalty(ConstraintPenalty):
    r"""Penalty of MRI-v1: label-conditioned expectations of the output equal in all environments.

    .. math:: \lambda \, \mathrm{mean}_e |\mathrm{oy}_e - \overline{\mathrm{oy}}|^2,
        \qquad \mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y]

    It assumes that the distribution of labels is the same in all environments; see
    :func:`label_shift`, and for other data ``balanced`` or the ``weights`` of
    :func:`balance_labels`. Environments may differ in size within a batch; one that is absent from
    the batch does not count. ``penalty.constraint(output, target, environments)`` returns the
    constraint itself, an ``EnvironmentMeans``.

    Args:
        num_environments: Number of environments in all, at least 2.
        task: What the output is; see ``EnvironmentPenalty``.
        num_outputs: Outputs per sample; classes for ``multiclass``.
        weight: ``lambda >= 0``; may be reassigned during training.
        unbiased: Multiply the estimates of two half batches. The square of one batch's estimate
            adds the variance of that estimate to the penalty.
        center: Measure outputs and labels of regression from their means over the batch. In a
            sample, a constant added to both would multiply the noise of the labels' means. False
            for numbers that are centered already.
        balanced: Give every class the same share of every environment, for classes that are more
            frequent in some environments than in others.
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

    .. math:: \lambda \, \mathrm{mean}_e |\mathrm{oo}_e - \mathrm{oy}_e|^2, \qquad
        \mathrm{oo}_e - \mathrm{oy}_e
        = \left. \tfrac{\partial}{\partial w} R_e(w\,o) \right|_{w = 1}

    where :math:`R_e` is half the mean squared error, or the cross entropy. The constraints are
    quadratic in the output, and some of their roots are not invariant. Arguments and
    errors as for :class:`MRIPenalty`; one environment is allowed.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0])
        >>> float(IRMPenalty(1)(0.5 * y, y, torch.tensor([0, 0])))  # (0.25 - 0.5)^2
        0.0625

    References:
        Arjovsky, Bottou, Gulrajani and Lopez-Paz, "Invariant Risk Minimization", 2019,
        arXiv:1907.02893, section 3.
    """

    centered = False
    means = staticmethod(irm_means)


class RelaxedIRMPenalty(ConstraintPenalty):
    r"""Penalty of relaxed IRM: the derivatives that IRM-v1 requires to be zero have to be equal.

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
