"""Learned matrices are tensors where somebody asks for them, with the same numbers."""

import numpy as np
import torch

from cayley.completion._matrices import as_arrays, as_tensors


def test_arrays_and_tensors_have_the_same_numbers() -> None:
    arrays = tuple(np.random.default_rng(k).random((3, 2, 2), np.float32) for k in range(3))
    tensors = as_tensors(arrays)
    assert all(isinstance(X, torch.Tensor) and X.dtype == torch.float32 for X in tensors)
    for X, Y in zip(as_arrays(tensors), arrays, strict=True):
        assert (X == Y).all()
        assert X.dtype == Y.dtype
    assert all(X is Y for X, Y in zip(as_tensors(tensors), tensors, strict=True))


def test_arrays_are_contiguous_whatever_they_are_views_of() -> None:
    transposed = torch.arange(8.0).reshape(2, 2, 2).mT
    for X in as_arrays((transposed, transposed, transposed)):
        assert X.flags.c_contiguous
        assert (transposed.numpy() == X).all()
