import numpy as np
import pytest

from cayley.algebra import Property
from cayley.algebra.axioms._property import first_difference


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Property(name="latin", holds=True), "latin"),
        (Property(name="identity", holds=True, witness=3), "identity: 3"),
        (Property(name="latin", holds=False), "not latin"),
        (
            Property(name="latin", holds=False, counterexample=(0, 1)),
            "not latin: counterexample (0, 1)",
        ),
    ],
)
def test_truth_and_text(answer, text):
    assert bool(answer) is answer.holds
    assert str(answer) == text


def test_property_is_a_value():
    assert Property(name="a", holds=True) == Property(name="a", holds=True)
    with pytest.raises(AttributeError):
        Property(name="a", holds=True).holds = False


def test_first_difference_is_the_first_in_c_order():
    left = np.zeros((2, 3), int)
    right = left.copy()
    assert first_difference(left, right) is None
    right[0, 2] = right[1, 0] = 1
    assert first_difference(left, right) == (0, 2)
