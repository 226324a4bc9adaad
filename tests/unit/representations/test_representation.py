import dataclasses

import pytest
import torch

from cayley.representations import Representation, regular_representation
from cayley.testing import assert_representation, assert_unitary


@pytest.mark.parametrize("name", ["C1", "C6", "S3", "Q8", "A4"])
def test_the_regular_representation(name, named_group):
    group = named_group(name)
    regular = regular_representation(group)
    assert_unitary(regular.matrices, tolerance=0.0)
    assert_representation(regular.matrices, group.table, tolerance=0.0)
    expected = torch.zeros(group.order, dtype=torch.float64)
    expected[group.identity] = group.order
    assert torch.equal(regular.character, expected)
    assert regular.is_faithful
    assert regular.degree == group.order
    assert regular.homomorphism_defect == 0.0
    assert regular.unitarity_defect == 0.0


def test_what_acts_trivially_is_noticed(named_group):
    group = named_group("C97")
    angle = 2 * torch.pi * torch.arange(97, dtype=torch.float64) / 97
    matrices = torch.exp(1j * angle).reshape(97, 1, 1)
    assert Representation(group=group, matrices=matrices).is_faithful
    assert not Representation(group=group, matrices=torch.ones_like(matrices)).is_faithful
    c4 = named_group("C4")
    sign = torch.tensor([1.0, -1.0, 1.0, -1.0]).reshape(4, 1, 1)
    assert not Representation(group=c4, matrices=sign).is_faithful


def test_it_is_a_value(named_group):
    matrices = torch.ones(3, 1, 1, requires_grad=True)
    trivial = Representation(group=named_group("C3"), matrices=matrices)
    with torch.no_grad():
        matrices.zero_()
    assert trivial.character.tolist() == [1.0, 1.0, 1.0]
    assert not trivial.matrices.requires_grad
    assert repr(trivial) == "Representation(order=3, degree=1, real)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        trivial.matrices = matrices
    with pytest.raises(ValueError, match="one per element"):
        Representation(group=named_group("C3"), matrices=torch.ones(4, 1, 1))
