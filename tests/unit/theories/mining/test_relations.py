import itertools

import numpy as np
import pytest

from cayley.theories import parse_laws
from cayley.theories.laws._numbered import all_laws
from cayley.theories.mining._relations import Relations


def slow_violation(law, table):
    """Whether some instance has two known sides that differ."""

    def value(term, instance):
        if isinstance(term, int):
            return instance[term]
        left, right = (value(operand, instance) for operand in term)
        return -1 if left < 0 or right < 0 else int(table[left, right])

    for instance in itertools.product(range(len(table)), repeat=law.num_variables):
        key = tuple(value(side, instance) for side in (law.left, law.right))
        if key[0] >= 0 and key[1] >= 0 and key[0] != key[1]:
            return True
    return False


def test_laws_in_many_variables_are_decided_as_by_all_instances(rng):
    laws = [law for law in all_laws() if Relations.suits(law)]
    assert {law.num_variables for law in laws} == {4, 5, 6}
    tables = [
        np.zeros((3, 3), int),
        np.repeat(np.arange(3)[:, None], 3, axis=1),
        np.array([[0, 0], [0, 1]]),
        np.array([[0, 1, -1], [-1, -1, 1], [0, -1, -1]]),
        np.where(rng.random((4, 4)) < 0.4, rng.integers(4, size=(4, 4)), -1),
    ]
    answers = set()
    for table in tables:
        relations = Relations(table)
        for i in rng.choice(len(laws), 60):
            expected = slow_violation(laws[i], table)
            assert relations.contradicts(laws[i]) == expected, (str(laws[i]), table)
            answers.add(expected)
    assert answers == {True, False}


@pytest.mark.parametrize("text", ["(xy)(zw) = (xz)(yw)", "x(yz) = (xy)z"])
def test_laws_with_four_shared_variables_or_few_are_not_for_relations(text):
    # The associative law has three variables: all its instances are looked at.
    assert not Relations.suits(parse_laws(text)[0])
