"""Several processes that train one model: each sums over its part of the pairs."""

from collections.abc import Callable

import torch
import torch.distributed as dist
from torch import Tensor

__all__ = ["Processes"]


class Processes:
    """The processes of a group, or the only one there is.

    Every process holds the whole model and its own part of the observations. Sums are reduced over
    all of them, so that every process takes the same step; functions of the caller (callbacks,
    exact checks) are called by the first process only, and all use its value.

    Args:
        group: The process group; None for a single process.

    Example:
        >>> alone = Processes(None)
        >>> alone.index, alone.count, alone.agree(lambda: 7)
        (0, 1, 7)
    """

    def __init__(self, group: dist.ProcessGroup | None) -> None:
        self._group = group
        self.index = 0 if group is None else dist.get_rank(group)
        self.count = 1 if group is None else dist.get_world_size(group)

    def start_alike(self, tensor: Tensor) -> None:
        """Copy the first process's tensor to all others, in place."""
        if self._group is not None:
            dist.broadcast(_as_real(tensor), group=self._group, group_src=0)

    def sum(self, tensor: Tensor) -> Tensor:
        """Add up the tensors of all processes, in place."""
        if self._group is not None:
            dist.all_reduce(_as_real(tensor), group=self._group)
        return tensor

    def agree(self, question: Callable[[], int], *, device: torch.device | str = "cpu") -> int:
        """Return the value of a function that only the first process calls."""
        if self._group is None:
            return question()
        # A collective operation: every process has to come here, or the others wait for it.
        answer = torch.tensor([question() if self.index == 0 else 0], device=device)
        dist.broadcast(answer, group=self._group, group_src=0)
        return int(answer)


def _as_real(tensor: Tensor) -> Tensor:
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor
