"""The laws that a table obeys, against the comparison of all instances."""

import numpy as np
import pytest

import oracles
from cayley.completion.inspection import _short_laws
from cayley.completion.inspection._short_laws import short_laws
from cayley.theories.laws._evaluation import first_violation
from cayley.theories.laws._numbered import all_laws

I4, J4 = np.indices((4, 4))

TABLES = {
    "constant": 0 * I4,
    "left zero": I4,
    "min": np.minimum(I4, J4),
    "xor": I4 ^ J4,
    "cut": np.maximum(I4 + J4 - 1, 0) % 4,
    "subtraction": (I4 - J4) % 4,
    "dihedral quandle": (2 * I4 - J4) % 4,
    "a row that matters": np.where(I4 == 1, J4, 2),
    "one element": np.zeros((1, 1), int),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_laws_that_hold(name):
    table = TABLES[name]
    expected = tuple(
        number for number, law in enumerate(all_laws(), 1) if first_violation(law, table) is None
    )
    found = short_laws(table)
    assert found.hold == expected
    assert found.undecided == ()


def test_laws_of_semigroups_and_of_quandles(rng):
    for semigroup in rng.choice(oracles.semigroups(4), 3):
        assert 4512 in short_laws(semigroup).hold
    for quandle in rng.choice(oracles.left_quandles(4), 3):
        assert 3 in short_laws(quandle).hold


def test_a_law_that_fails_in_one_instance_does_not_hold(rng):
    table = np.add.outer(np.arange(40), np.arange(40)) % 40
    assert 43 in short_laws(table).hold
    table[3, 4] = 8
    # Hardly ever drawn: all instances are compared.
    found = short_laws(table)
    assert 43 not in found.hold
    # x*(x*x) = (x*x)*x looks at no product of 3 and 4.
    assert found.hold == (1, 4380)


def test_what_takes_too_much_memory_is_undecided(monkeypatch):
    monkeypatch.setattr(_short_laws, "_MOST_ENTRIES", 5**2)
    table = np.add.outer(np.arange(5), np.arange(5)) % 5
    found = short_laws(table)
    assert 43 in found.hold
    assert 4512 in found.undecided
    assert not set(found.hold) & set(found.undecided)


def test_laws_of_order_sixteen():
    i, j = np.indices((16, 16))
    assert len(short_laws(i ^ j).hold) == 663
