"""Averages over groups and frames make any module symmetric."""

import pytest
import torch
from torch import nn

from cayley.equivariance import ExtremalFrame, FrameAverage, GroupAverage, PrincipalFrame
from cayley.representations import (
    GroupAction,
    irreducible_representations,
    permutation_representation,
    regular_representation,
)
from cayley.testing import assert_equivariant


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def perceptron(inputs, outputs, *, shape=None):
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(inputs, 32), nn.Tanh(), nn.Linear(32, outputs)]
    if shape is not None:
        layers.append(nn.Unflatten(1, shape))
    return nn.Sequential(*layers)


@pytest.fixture(scope="module")
def square():
    return GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])


@pytest.mark.parametrize("kind", ["group", "frame"])
def test_any_module_becomes_symmetric(square, kind):
    rho = permutation_representation(square)
    vector = irreducible_representations(square.group)[4]
    for sigma, shape in ((None, None), (rho, (3, 4)), (vector, (3, 2))):
        module = perceptron(8, 12 if shape == (3, 4) else 6, shape=shape)
        wrapped = (
            GroupAverage(module, rho, sigma)
            if kind == "group"
            else FrameAverage(module, ExtremalFrame(rho, sigma))
        )
        x = draw(16, 2, 4)
        assert_equivariant(wrapped, x, rho, sigma)
        with pytest.raises(AssertionError):
            assert_equivariant(module, x, rho, sigma)


def test_group_average_is_the_definition(square):
    rho = permutation_representation(square)
    module = perceptron(4, 1)
    x = draw(5, 4)
    expected = sum(module(x @ M.float()) for M in rho.matrices) / 8
    assert torch.allclose(GroupAverage(module, rho)(x), expected, atol=1e-6)


def test_averaging_what_is_symmetric_changes_nothing(square):
    rho = permutation_representation(square)
    x = draw(5, 1, 4)
    for wrapped in (
        GroupAverage(torch.tanh, rho, rho),
        FrameAverage(torch.tanh, ExtremalFrame(rho, rho)),
    ):
        assert torch.allclose(wrapped(x), torch.tanh(x), atol=1e-6)


def test_a_frame_is_one_element_for_almost_every_input(square):
    frame = ExtremalFrame(permutation_representation(square))
    assert len(frame(draw(100, 3, 4)).inputs) == 100
    symmetric = torch.ones(1, 3, 4)
    assert len(frame(symmetric).inputs) == 8


def test_symmetric_inputs_are_treated_symmetrically(square):
    """The stabilizer of the input is in the frame, so that its outputs are as symmetric."""
    rho = permutation_representation(square)
    wrapped = FrameAverage(perceptron(4, 4), ExtremalFrame(rho, rho))
    x = torch.tensor([[1.0, 2.0, 1.0, 2.0]])
    y = wrapped(x)
    for M in rho.matrices.float():
        if torch.equal(x @ M, x):
            assert torch.allclose(y @ M, y, atol=1e-6)


def random_rotation(seed, *, proper):
    Q, _ = torch.linalg.qr(draw(3, 3, seed=seed).double())
    return Q * Q.det().sign() if proper else -Q * Q.det().sign()


@pytest.mark.parametrize("reflections", [True, False])
def test_principal_frames_for_point_clouds(reflections):
    cloud = draw(6, 7, 3).double()
    plain = perceptron(21, 1).double()
    invariant = FrameAverage(plain, PrincipalFrame(reflections=reflections))
    module = perceptron(21, 21, shape=(7, 3)).double()
    equivariant = FrameAverage(module, PrincipalFrame(equivariant=True, reflections=reflections))
    for seed in range(3):
        R = random_rotation(seed, proper=seed != 2 or not reflections)
        shift = draw(1, 1, 3, seed=seed + 9).double()
        moved = cloud @ R + shift
        assert torch.allclose(invariant(moved), invariant(cloud), atol=1e-9)
        assert torch.allclose(equivariant(moved), equivariant(cloud) @ R + shift, atol=1e-9)
    assert not torch.allclose(plain(cloud @ R), plain(cloud), atol=1e-3)


def test_frames_refuse_complex_representations():
    c5 = GroupAction.from_permutations([[1, 2, 3, 4, 0]]).group
    with pytest.raises(ValueError, match="must be real"):
        ExtremalFrame(irreducible_representations(c5)[1])
    with pytest.raises(ValueError, match="`out_rep`"):
        GroupAverage(torch.tanh, regular_representation(c5), permutation_representation(
            GroupAction.from_permutations([[1, 0]])))  # fmt: skip


def test_numpy(square):
    rho = permutation_representation(square)
    assert GroupAverage(torch.tanh, rho, rho)(draw(2, 4).numpy()).shape == (2, 4)
