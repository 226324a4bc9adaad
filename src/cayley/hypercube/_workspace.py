"""A workspace: memory for the temporaries of a step."""

import math

import torch
from torch import Tensor

__all__ = ["WORKSPACE_BYTES", "Workspace", "default_bytes"]

WORKSPACE_BYTES = 32 * 2**20
"""Default bound on the temporaries of one step: near the size of a processor's cache. With 2 MiB,
the size of a second-level cache, a step was measured to take twice as long: each chunk of pairs
reads all symbols' matrices again."""

_GPU_BYTES = 2**30
"""The same on a GPU, which has no such cache, and where every chunk is a dozen calls: with 32 MiB
those of order 120 would be sixty chunks."""


def default_bytes(device: torch.device) -> int:
    """Return the bound on temporaries that a device has by default."""
    return WORKSPACE_BYTES if device.type == "cpu" else _GPU_BYTES


class Workspace:
    """Memory for the temporaries of a step, kept from one step to the next.

    Memory that is allocated and freed in every step costs more than the arithmetic on small
    matrices: each time the system maps fresh pages. Not to be shared between threads.

    Args:
        num_bytes: Bound on the temporaries; at least one pair is always done.

    Raises:
        ValueError: If ``num_bytes`` is not positive.

    Example:
        >>> import torch
        >>> workspace = Workspace()
        >>> like = torch.zeros(1)
        >>> one = workspace.take("P", like, 2, 3)
        >>> workspace.take("P", like, 6).data_ptr() == one.data_ptr()
        True
    """

    def __init__(self, num_bytes: int = WORKSPACE_BYTES) -> None:
        if num_bytes < 1:
            raise ValueError(f"`num_bytes` must be positive; got {num_bytes}.")
        self.num_bytes = num_bytes
        self._buffers: dict[str, Tensor] = {}
        self._views: dict[tuple[str | int, ...], Tensor] = {}

    def take(self, name: str, like: Tensor, *shape: int) -> Tensor:
        """Return a tensor of that shape, its content arbitrary, over the memory of that name."""
        view = self._views.get((name, *shape))
        if view is not None and view.dtype == like.dtype and view.device == like.device:
            return view
        size, buffer = math.prod(shape), self._buffers.get(name)
        if (
            buffer is None
            or len(buffer) < size
            or buffer.dtype != like.dtype
            or buffer.device != like.device
        ):
            buffer = self._buffers[name] = like.new_empty(size)
            self._views = {key: old for key, old in self._views.items() if key[0] != name}
        view = self._views[name, *shape] = buffer[:size].view(shape)
        return view
