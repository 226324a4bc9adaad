"""The constraints that MRI, IRM and relaxed IRM want to vanish, from one batch."""

from jaxtyping import Inexact, Int, Num
from torch import Tensor

from cayley.invariance._environments import (
    EnvironmentMeans,
    center_environments,
    check_environments,
)
from cayley.invariance._functional import Task, check_batch, irm_means, mri_means

__all__ = ["check_comparable", "irm_constraint", "mri_constraint", "relaxed_irm_constraint"]


def mri_constraint(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task = "regression",
    num_environments: int | None = None,
) -> EnvironmentMeans:
    r"""Return the MRI-v1 constraint, zero when all environments agree.

    .. math:: g_e = \mathrm{oy}_e - \frac 1 E \sum_{e'} \mathrm{oy}_{e'}, \qquad
        \mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y]

    It is linear in the output. Environments may differ in size; one without samples gets 0.

    Args:
        output: Model outputs, shape ``(n,)``, ``(n, k)``, or one logit per class.
        target: Labels: of the shape of ``output`` for regression and binary (0 or 1), class
            numbers of shape ``(n,)`` for ``softmax`` and ``multiclass``.
        environments: Id of each sample's environment, from 0, shape ``(n,)``.
        task: What the output is; see :data:`Task`.
        num_environments: How many there are; the largest id plus one if None.

    Returns:
        Values of shape ``(e, c)``, real (a complex one is two components), and which are present.

    Raises:
        TypeError: If a dtype does not suit the task.
        ValueError: If shapes do not match, an id is out of range, or one environment is left.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0, 1.0, -1.0])
        >>> color = torch.tensor([1.0, -1.0, 1.0, 1.0])
        >>> ids = torch.tensor([0, 0, 1, 1])
        >>> mri_constraint(y, y, ids).values.ravel()
        tensor([0., 0.])
        >>> mri_constraint(color, y, ids).values.ravel()
        tensor([ 0.5000, -0.5000])

    References:
        Huh and Baidya, "The Missing Invariance Principle Found", NeurIPS 2022, arXiv:2205.14546.
    """
    check_batch(output, target, task=task)
    number = check_environments(environments, len(output), num_environments)
    means = mri_means(output, target, environments, task=task, num_environments=number)
    check_comparable(means)
    return center_environments(means)


def irm_constraint(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task = "regression",
    num_environments: int | None = None,
) -> EnvironmentMeans:
    r"""Return the IRM-v1 constraint, the derivative of each risk when the output is scaled.

    .. math:: g_e = \mathrm{oo}_e - \mathrm{oy}_e
        = \left. \tfrac{\partial}{\partial w} R_e(w\,o) \right|_{w = 1}

    where :math:`R_e` is half the mean squared error, or the cross entropy. Arguments and result
    as for :func:`mri_constraint`; a single environment is fine.

    Raises:
        TypeError: If a dtype does not suit the task.
        ValueError: If shapes do not match or an id is out of range.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0])
        >>> irm_constraint(0.5 * y, y, torch.tensor([0, 0])).values.ravel()
        tensor([-0.2500])

    References:
        Arjovsky, Bottou, Gulrajani and Lopez-Paz, "Invariant Risk Minimization", 2019,
        arXiv:1907.02893, section 3.
    """
    check_batch(output, target, task=task)
    number = check_environments(environments, len(output), num_environments)
    return irm_means(output, target, environments, task=task, num_environments=number)


def relaxed_irm_constraint(
    output: Inexact[Tensor, "n *k"],
    target: Num[Tensor, "n *t"],
    environments: Int[Tensor, " n"],
    *,
    task: Task = "regression",
    num_environments: int | None = None,
) -> EnvironmentMeans:
    r"""Return the relaxed IRM constraint: the IRM-v1 derivatives are to be equal, not zero.

    .. math:: g_e = (\mathrm{oo}_e - \mathrm{oy}_e)
        - \frac 1 E \sum_{e'} (\mathrm{oo}_{e'} - \mathrm{oy}_{e'})

    Arguments, result and errors as for :func:`mri_constraint`.

    Raises:
        TypeError: If a dtype does not suit the task.
        ValueError: If shapes do not match, an id is out of range, or one environment is left.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, -1.0, 1.0, -1.0])
        >>> relaxed_irm_constraint(0.5 * y, y, torch.tensor([0, 0, 1, 1])).values.ravel()
        tensor([0., 0.])
    """
    constraint = irm_constraint(
        output, target, environments, task=task, num_environments=num_environments
    )
    check_comparable(constraint)
    return center_environments(constraint)


def check_comparable(means: EnvironmentMeans) -> None:
    """Refuse a batch that holds a single environment, where there is nothing to compare.

    Raises:
        ValueError: If fewer than two environments are present for every component.
    """
    present = means.present
    if not bool((present.sum(0) > 1).any()):
        seen = [int(e) for e in present.any(1).nonzero().ravel()]
        raise ValueError(
            f"the batch holds a single environment ({seen[0] if seen else 'none'}), or shares "
            "no class between two: there is nothing to compare. Mix environments in every batch "
            "(or pass `single='skip'` to a penalty to let such a batch through)."
        )
