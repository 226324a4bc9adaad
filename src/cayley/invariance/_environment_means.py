"""Means of quantities over the samples of each environment.

Environments may differ in size, may be absent from a batch, and may be spread over several
processes. Everything that compares environments in this room starts from these means.
"""

from typing import NamedTuple

import torch
from torch import Tensor, distributed

from cayley._shapes import Bool, Float, Inexact, Int

__all__ = [
    "EnvironmentMeans",
    "center_environments",
    "check_comparable",
    "check_environments",
    "contrast_basis",
    "environment_means",
    "split_halves",
]


class EnvironmentMeans(NamedTuple):
    """Means of ``c`` quantities in each of ``e`` environments.

    Attributes:
        values: Means, shape ``(e, c)``, real or complex; 0 where nothing was seen.
        present: Whether anything was seen, shape ``(e, c)``, bool.
    """

    values: Inexact[Tensor, "e c"]
    present: Bool[Tensor, "e c"]


def check_environments(environments: Int[Tensor, " n"], length: int, num_environments: int) -> None:
    """Check the ids of the environments of a batch.

    Args:
        environments: Id of each sample's environment, shape ``(n,)``, integers from 0.
        length: Number of samples that they belong to.
        num_environments: How many environments there are in all.

    Raises:
        TypeError: If the ids are not integers.
        ValueError: If there are none, not one per sample, or one is out of range.
    """
    kind = environments.dtype
    if kind.is_floating_point or kind.is_complex or kind is torch.bool:
        raise TypeError(f"`environments` must hold integer ids; got {kind}.")
    if environments.ndim != 1 or len(environments) != length:
        raise ValueError(
            "`environments` must be flat, with one id per sample; got shape "
            f"{tuple(environments.shape)} for {length} samples."
        )
    if length == 0:
        raise ValueError("the batch is empty; pass at least one sample.")
    low, high = (int(bound) for bound in environments.aminmax())
    if low < 0 or high >= num_environments:
        raise ValueError(
            f"`environments` must hold ids in 0..{num_environments - 1}; got ids from {low} to "
            f"{high}. Number the environments 0, 1, 2, ... and say how many with "
            "`num_environments`."
        )


def environment_means(
    values: Inexact[Tensor, "n c"],
    environments: Int[Tensor, " n"],
    *,
    num_environments: int,
    process_group: distributed.ProcessGroup | None = None,
) -> EnvironmentMeans:
    r"""Return the mean of ``values`` in each environment.

    .. math:: m_e = \frac{1}{n_e} \sum_{i : e_i = e} v_i

    With a process group, sums and counts run over the samples of all its processes, and the
    gradient is scaled such that averaging it over the processes, as
    ``DistributedDataParallel`` does, gives the gradient of the joint mean.

    Args:
        values: One row per sample, shape ``(n, c)``, real or complex.
        environments: Ids in ``0..num_environments - 1``, shape ``(n,)``.
        num_environments: Number of rows of the result.
        process_group: Processes that share the batch; None for this one alone.

    Returns:
        Means of shape ``(num_environments, c)`` and which of them are of any sample.

    Example:
        >>> import torch
        >>> ids = torch.tensor([0, 2, 2])
        >>> environment_means(torch.tensor([[1.0], [2.0], [4.0]]), ids, num_environments=3).values
        tensor([[1.],
                [0.],
                [3.]])
    """
    sums = values.new_zeros(num_environments, values.shape[1]).index_add(0, environments, values)
    counts = torch.bincount(environments, minlength=num_environments).to(values.real.dtype)
    # Sums and counts are pooled before the division: the mean of the processes' means would weight
    # a process with few samples of an environment as much as one with many.
    if process_group is not None:
        sums, counts = _joint_sum(sums, process_group), _joint_sum(counts, process_group)
    # An absent environment has sum 0; dividing it by 1 keeps NaN out of values and gradients.
    means = sums / counts.clamp(min=1)[:, None]
    present = (counts > 0)[:, None].expand(means.shape)
    return EnvironmentMeans(means, present)


def _joint_sum(
    local: Inexact[Tensor, "*shape"], group: distributed.ProcessGroup
) -> Inexact[Tensor, "*shape"]:
    """Return the sum of ``local`` over the processes of a group, differentiable by ``local``.

    The gradient by ``local`` is multiplied by the number of processes, because
    ``DistributedDataParallel`` divides by that number when it averages gradients.
    """
    total = local.detach().clone()
    distributed.all_reduce(torch.view_as_real(total) if total.is_complex() else total, group=group)
    scaled = distributed.get_world_size(group) * local
    # The bracket has the value total - scaled and no gradient, so the sum has the value of `total`
    # and the gradient of `scaled`.
    return scaled + (total - scaled.detach())


def center_environments(means: EnvironmentMeans) -> EnvironmentMeans:
    r"""Subtract from each environment's mean the average over environments.

    .. math:: g_e = m_e - \frac{1}{E} \sum_{e'} m_{e'}

    Only environments that are present count, each once whatever its size. An absent one gets 0,
    as if its mean were the average of the others, so it changes neither the average nor a penalty.

    Example:
        >>> import torch
        >>> seen = torch.tensor([[True], [True], [False]])
        >>> means = EnvironmentMeans(torch.tensor([[1.0], [3.0], [0.0]]), seen)
        >>> center_environments(means).values.ravel().tolist()
        [-1.0, 1.0, 0.0]
    """
    values, present = means
    number = present.sum(0).clamp(min=1)
    average = (values * present).sum(0) / number
    return EnvironmentMeans((values - average).where(present, 0), present)


def check_comparable(means: EnvironmentMeans) -> None:
    """Raise if the batch holds a single environment, where there is nothing to compare.

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


def split_halves(groups: Int[Tensor, " n"]) -> Bool[Tensor, " n"]:
    """Return a mask of the second half of every group: every other sample of the group.

    In a shuffled batch the two halves are independent samples of the same environment, so that
    the product of their means is an unbiased estimate of the squared mean.

    Example:
        >>> import torch
        >>> split_halves(torch.tensor([0, 1, 0, 0, 1])).int()
        tensor([0, 0, 1, 0, 1], dtype=torch.int32)
    """
    # A stable sort puts each group into one block in its original order, so the rank of a sample
    # within its group is its place in the sorted order less the place where its block starts.
    order = torch.argsort(groups, stable=True)
    _, index, sizes = torch.unique(groups, return_inverse=True, return_counts=True)
    starts = sizes.cumsum(0) - sizes
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(groups), device=groups.device) - starts[index[order]]
    return rank % 2 == 1


def contrast_basis(number: int, *, dtype: torch.dtype | None = None) -> Float[Tensor, "rows e"]:
    r"""Return orthonormal rows orthogonal to the ones (Helmert contrasts).

    .. math:: U U^\top = I_{E-1}, \qquad U \mathbf 1 = 0, \qquad
        |U m|^2 = \sum_e |m_e - \bar m|^2

    Args:
        number: Number of environments ``E >= 2``.
        dtype: Real dtype of the result; torch's default if None.

    Returns:
        Matrix of shape ``(number - 1, number)``.

    Example:
        >>> [round(entry, 4) for entry in contrast_basis(2).ravel().tolist()]
        [0.7071, -0.7071]
    """
    # Row k is k ones, then -k, then zeros, divided by its norm sqrt(k (k + 1)). The rows are made
    # in float64 and rounded once, so they are orthonormal to the precision of the result's dtype.
    k = torch.arange(1, number, dtype=torch.float64)
    rows = torch.tril(torch.ones(number - 1, number, dtype=torch.float64))
    rows[torch.arange(number - 1), torch.arange(1, number)] = -k
    return (rows / (k * (k + 1)).sqrt()[:, None]).to(dtype or torch.get_default_dtype())
