import numpy as np
import pytest

from cayley.algebra import (
    Group,
    derived_series,
    generated_submagma,
    is_nilpotent,
    is_perfect,
    is_simple,
    is_solvable,
    lower_central_series,
)
from cayley.tables import generate_family

NAMES = ["C1", "C2", "C6", "S3", "D8", "D16", "Q8", "A4", "S4", "24:3", "18:4", "A5", "C7"]


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def commutator_subgroup(group, left, right):
    table, inverse = group.table, group.inverses
    found = [table[table[inverse[x], inverse[y]], table[x, y]] for x in left for y in right]
    return generated_submagma(table, np.unique(found))


@pytest.mark.parametrize("name", NAMES)
def test_the_series_are_those_of_the_definition(name):
    group = family(name)
    everything = np.arange(group.order)
    for found, partner in (
        (derived_series(group), None),
        (lower_central_series(group), everything),
    ):
        assert found[0].tolist() == everything.tolist()
        for i, subgroup in enumerate(found):
            other = subgroup if partner is None else partner
            following = commutator_subgroup(group, subgroup, other).tolist()
            assert following == found[min(i + 1, len(found) - 1)].tolist()


@pytest.mark.parametrize(
    ("name", "nilpotent", "solvable", "perfect", "simple"),
    [
        ("C1", True, True, True, False),
        ("C5", True, True, False, True),
        ("C4", True, True, False, False),
        ("C2xC2", True, True, False, False),
        ("Q8", True, True, False, False),
        ("S3", False, True, False, False),
        ("S4", False, True, False, False),
        ("A5", False, False, True, True),
        ("S5", False, False, False, False),
        ("PSL(2,7)", False, False, True, True),
        ("A5xC2", False, False, False, False),
    ],
)
def test_predicates(name, nilpotent, solvable, perfect, simple):
    group = family(name)
    found = is_nilpotent(group), is_solvable(group), is_perfect(group), is_simple(group)
    assert found == (nilpotent, solvable, perfect, simple)
