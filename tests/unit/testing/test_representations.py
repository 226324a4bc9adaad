import pytest
import torch

from cayley.testing import assert_representation, assert_unitary

C2 = [[0, 1], [1, 0]]


def test_unitary_matrices_pass_and_others_are_named():
    assert_unitary(torch.tensor([[0, 1j], [1, 0]]))
    with pytest.raises(AssertionError, match="matrix 1 is not unitary"):
        assert_unitary([[[1.0]], [[1.1]]])


def test_representations_pass_and_others_are_named():
    assert_representation(torch.tensor([[[1.0]], [[-1.0]]]), C2)
    with pytest.raises(AssertionError, match=r"\(g, h\) = \(1, 1\)"):
        assert_representation([[[1.0]], [[2.0]]], C2)
    with pytest.raises(AssertionError, match="3 matrices, 2 elements"):
        assert_representation([[[1.0]]] * 3, C2)
    with pytest.raises(AssertionError, match="a matrix is zero"):
        assert_representation([[[1.0]], [[0.0]]], C2)
