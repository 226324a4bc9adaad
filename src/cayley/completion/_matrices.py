"""Learned matrices as NumPy arrays or as tensors: tensors only where somebody asks for them.

Small tables are learned without PyTorch, which takes longer to load than such a table to complete.
"""

from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Matrices", "as_arrays", "as_tensors"]

Matrices: TypeAlias = Union[
    tuple[NDArray[Any], NDArray[Any], NDArray[Any]], "tuple[Tensor, Tensor, Tensor]"
]
"""The matrices A, B, C of a solver, each of shape ``(n, d, d)``."""


def as_arrays(matrices: Matrices) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return matrices as arrays, contiguous in memory.

    Example:
        >>> as_arrays((np.eye(2)[None],) * 3)[0].shape
        (1, 2, 2)
    """
    A, B, C = (
        np.ascontiguousarray(
            X if isinstance(X, np.ndarray) else X.detach().cpu().resolve_conj().numpy()
        )
        for X in matrices
    )
    return A, B, C


def as_tensors(matrices: Matrices) -> "tuple[Tensor, Tensor, Tensor]":
    """Return matrices as tensors, which loads torch."""
    import torch

    A, B, C = (
        torch.from_numpy(np.ascontiguousarray(X)) if isinstance(X, np.ndarray) else X
        for X in matrices
    )
    return A, B, C
