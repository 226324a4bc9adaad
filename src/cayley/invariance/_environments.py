"""Means over environments: of unequal sizes, partly missing, spread over several processes."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Inexact, Int
from torch import Tensor, distributed

__all__ = [
    "EnvironmentMeans",
    "center_environments",
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


def check_environments(
    environments: Int[Tensor, " n"], length: int, num_environments: int | None
) -> int:
    """Return the number of environments after checking their ids.

    Args:
        environments: Id of each sample's environment, shape ``(n,)``, integers from 0.
        length: Number of samples that they belong to.
        num_environments: How many there are in all; the largest id plus one if None.

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
    number = high + 1 if num_environments is None else num_environments
    if low < 0 or high >= number:
        raise ValueError(
            f"`environments` must hold ids in 0..{number - 1}; got ids from {low} to {high}. "
            "Number the environments 0, 1, 2, ... and say how many with `num_environments`."
        )
    return number


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
    if process_group is not None:
        sums, counts = _joint_sum(sums, process_group), _joint_sum(counts, process_group)
    means = sums / counts.clamp(min=1)[:, None]
    present = (counts > 0)[:, None].expand(means.shape)
    return EnvironmentMeans(means, present)


def _joint_sum(
    local: Inexact[Tensor, "*shape"], group: distributed.ProcessGroup
) -> Inexact[Tensor, "*shape"]:
    """Return the sum over processes; its gradient reaches this process's part, times their number.

    The factor undoes the division by the number of processes when gradients are averaged.
    """
    total = local.detach().clone()
    distributed.all_reduce(torch.view_as_real(total) if total.is_complex() else total, group=group)
    scaled = distributed.get_world_size(group) * local
    return scaled + (total - scaled.detach())


def center_environments(means: EnvironmentMeans) -> EnvironmentMeans:
    r"""Subtract from each environment's mean the average over environments.

    .. math:: g_e = m_e - \frac{1}{E} \sum_{e'} m_{e'}

    Only environments that are present count, each once whatever its size; an absent one gets 0,
    as if its mean were the average of the others: it neither pulls nor is pulled.

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


def split_halves(groups: Int[Tensor, " n"]) -> Bool[Tensor, " n"]:
    """Return a mask that splits every group into two halves, by alternating within the group.

    In a shuffled batch the two halves are independent samples of the same environment, so that
    the product of their means is an unbiased estimate of the squared mean.

    Example:
        >>> import torch
        >>> split_halves(torch.tensor([0, 1, 0, 0, 1])).int()
        tensor([0, 0, 1, 0, 1], dtype=torch.int32)
    """
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
    k = torch.arange(1, number, dtype=torch.float64)
    rows = torch.tril(torch.ones(number - 1, number, dtype=torch.float64))
    rows[torch.arange(number - 1), torch.arange(1, number)] = -k
    return (rows / (k * (k + 1)).sqrt()[:, None]).to(dtype or torch.get_default_dtype())
