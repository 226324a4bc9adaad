"""Means of quantities over the samples of each environment.

Environments may differ in size, may be absent from a batch, and may be spread over several
processes. Everything that compares environments in this room starts from these means.
"""

from typing import NamedTuple

import torch
from torch import Tensor, distributed

from cayley._shapes import Bool, Float, Inexact, Int, Shaped

__all__ = [
    "EnvironmentMeans",
    "batch_mean",
    "center_environments",
    "contrast_basis",
    "environment_means",
    "joint_sum",
    "split_halves",
]


class EnvironmentMeans(NamedTuple):
    """Means of ``c`` quantities in each of ``e`` environments.

    Attributes:
        values: Means, shape ``(e, c)``, real or complex; 0 where nothing was seen.
        counts: Samples, or the sum of their weights, that each mean is of, shape ``(e, c)``.
    """

    values: Inexact[Tensor, "e c"]
    counts: Shaped[Tensor, "e c"]

    @property
    def present(self) -> Bool[Tensor, "e c"]:
        """Whether anything was seen, shape ``(e, c)``, bool."""
        return self.counts > 0


def environment_means(
    values: Inexact[Tensor, "n c"],
    environments: Int[Tensor, " n"],
    *,
    num_environments: int,
    weights: Float[Tensor, "n _"] | None = None,
    process_group: distributed.ProcessGroup | None = None,
) -> EnvironmentMeans:
    r"""Return the weighted mean of ``values`` in each environment.

    .. math:: m_e = \sum_{i : e_i = e} w_i v_i \Big/ \sum_{i : e_i = e} w_i

    With a process group, sums and counts run over the samples of all its processes, and the
    gradient is scaled such that averaging it over the processes, as
    ``DistributedDataParallel`` does, gives the gradient of the joint mean.

    Args:
        values: One row per sample, shape ``(n, c)``, real or complex.
        environments: Ids in ``0..num_environments - 1``, shape ``(n,)``.
        num_environments: Number of rows of the result.
        weights: Weight ``>= 0`` of each sample, shape ``(n, 1)``, or of each of its quantities,
            shape ``(n, c)``; None for 1.
        process_group: Processes that share the batch; None for this one alone.

    Returns:
        Means of shape ``(num_environments, c)`` and the sum of weights of each.

    Example:
        >>> import torch
        >>> ids = torch.tensor([0, 2, 2])
        >>> environment_means(torch.tensor([[1.0], [2.0], [4.0]]), ids, num_environments=3).values
        tensor([[1.],
                [0.],
                [3.]])
    """
    rows, columns = values.shape
    ones = weights is None
    weights = values.real.new_ones(rows, 1) if weights is None else weights.to(values.real.dtype)
    weighted = values if ones else weights * values
    # `index_add` and not `bincount`: the latter's shape depends on the data, and a graph compiled
    # as a whole may hold no such shape.
    sums = values.new_zeros(num_environments, columns).index_add(0, environments, weighted)
    counts = weights.new_zeros(num_environments, weights.shape[1])
    counts = counts.index_add(0, environments, weights)
    # Sums and counts are pooled before the division: the mean of the processes' means would weight
    # a process with few samples of an environment as much as one with many.
    if process_group is not None:
        sums, counts = joint_sum(sums, process_group), joint_sum(counts, process_group)
    # An absent environment has sum 0; dividing it by 1 keeps NaN out of values and gradients.
    means = sums / counts.where(counts > 0, 1)
    return EnvironmentMeans(means, counts.expand(means.shape))


def batch_mean(
    values: Inexact[Tensor, "n c"],
    *,
    weights: Float[Tensor, "n _"] | None = None,
    process_group: distributed.ProcessGroup | None = None,
) -> Inexact[Tensor, "1 c"]:
    """Return the mean over all samples of a batch, of whatever environment, shape ``(1, c)``."""
    if process_group is None and weights is None:
        return values.mean(0, keepdim=True)
    if weights is None:
        weights = values.real.new_ones(len(values), 1)
    sums, counts = (weights * values).sum(0, keepdim=True), weights.sum(0, keepdim=True)
    if process_group is not None:
        sums, counts = joint_sum(sums, process_group), joint_sum(counts, process_group)
    return sums / counts.where(counts > 0, 1)


def joint_sum(
    local: Inexact[Tensor, "*shape"], group: distributed.ProcessGroup
) -> Inexact[Tensor, "*shape"]:
    """Return the sum of ``local`` over the processes of a group, differentiable by ``local``.

    The gradient by ``local`` is multiplied by the number of processes, because
    ``DistributedDataParallel`` divides by that number when it averages gradients.
    """
    total = local.detach().clone()
    distributed.all_reduce(torch.view_as_real(total) if total.is_complex() else total, group=group)
    scaled = distributed.get_world_size(group) * local
    # The bracket has the value 0 and the gradient of `scaled`. The value is `total` to the last
    # bit: with a rounding of its own in each process, their multipliers would drift apart.
    return total + (scaled - scaled.detach())


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
    values, present = means.values, means.present
    number = present.sum(0).clamp(min=1)
    average = (values * present).sum(0) / number
    return EnvironmentMeans((values - average).where(present, 0), means.counts)


def split_halves(groups: Int[Tensor, " n"], *, num_groups: int) -> Bool[Tensor, " n"]:
    """Return a mask of the second half of every group: every other sample of the group.

    Groups are numbers in ``0..num_groups - 1``.

    In a shuffled batch the two halves are independent samples of the same environment, so that
    the product of their means is an unbiased estimate of the squared mean.

    Example:
        >>> import torch
        >>> split_halves(torch.tensor([0, 1, 0, 0, 1]), num_groups=2).int()
        tensor([0, 0, 1, 0, 1], dtype=torch.int32)
    """
    # A stable sort puts each group into one block in its original order, so the rank of a sample
    # within its group is its place in the sorted order less the place where its block starts.
    order = torch.argsort(groups, stable=True)
    places = torch.arange(len(groups), device=groups.device)
    sizes = places.new_zeros(num_groups).index_add(0, groups, torch.ones_like(places))
    starts = sizes.cumsum(0) - sizes
    rank = torch.empty_like(order).scatter(0, order, places - starts[groups[order]])
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
