"""The assertion passes what commutes, and names the element for what does not."""

import numpy as np
import pytest
import torch

from cayley.representations import GroupAction, permutation_representation
from cayley.testing import assert_equivariant

RHO = permutation_representation(GroupAction.from_permutations([[1, 2, 0]]))


def test_passes_and_fails():
    x = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    assert_equivariant(torch.exp, x, RHO, RHO)
    assert_equivariant(lambda x: x.sum(1, keepdim=True), x, RHO)
    with pytest.raises(AssertionError, match="for g = 1"):
        assert_equivariant(lambda x: x * torch.tensor([1.0, 1.0, 2.0]), x, RHO, RHO)
    with pytest.raises(AssertionError, match=r"f\(x rho\(g\)\)"):
        assert_equivariant(lambda x: x[:, :1], x, RHO)


def test_tolerance_is_relative_to_the_largest_output():
    x = torch.ones(1, 3)

    def nearly(x):
        return 1e6 * x + torch.tensor([1.0, 0.0, 0.0])

    with pytest.raises(AssertionError):
        assert_equivariant(nearly, x, RHO, RHO, tolerance=1e-7)
    assert_equivariant(nearly, x, RHO, RHO, tolerance=1e-5)


def test_numpy_and_changed_shapes():
    x = np.arange(6.0).reshape(2, 3)
    assert_equivariant(np.tanh, x, RHO.matrices.numpy(), RHO)
    with pytest.raises(AssertionError, match="shape"):
        assert_equivariant(lambda x: x[x[:, 0] > 0.5], x, RHO)
