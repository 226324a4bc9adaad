"""Modules that take NumPy arrays, too, and then return arrays."""

from typing import Any

import numpy as np
import torch
from torch import nn

__all__ = ["ArrayModule", "as_tensor"]


class ArrayModule(nn.Module):
    """A module that returns a NumPy array where it is given one, without gradients.

    The array takes the type and the device of the module's first parameter or buffer.
    """

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Apply the module to tensors, or to NumPy arrays."""
        if not any(isinstance(value, np.ndarray) for value in inputs):
            return super().__call__(*inputs, **options)
        held = next(iter([*self.parameters(), *self.buffers()]), torch.empty(0))
        with torch.no_grad():
            tensors = (as_tensor(value, like=held) for value in inputs)
            return super().__call__(*tensors, **options).cpu().numpy()


def as_tensor(value: Any, *, like: torch.Tensor) -> torch.Tensor:
    """Return a tensor on the same device; floating-point arrays take the same type."""
    tensor = torch.as_tensor(value, device=like.device)
    return tensor.to(like.dtype) if tensor.is_floating_point() else tensor
