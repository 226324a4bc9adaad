"""Incomplete and overfull lists of symmetry operations, against brute force."""

import itertools

import numpy as np
import pytest

from cayley.algebra import generated_submagma
from cayley.deduction.presentations._largest_subgroup import largest_subgroup
from cayley.deduction.presentations._near_groups import near_groups
from cayley.tables import generate_family
from cayley.tables.families._operation_lists import read_operations
from cayley.tables.families._symmetry_operations import closure

FD3M = (
    "(0,1/2,1/2)+ (1/2,0,1/2)+\n-x+3/4,-y+1/4,z+1/2\n-x+1/4,y+1/2,-z+3/4\nz,x,y\n"
    "y+3/4,x+1/4,-z+1/2\n-x,-y,-z"
)


def all_subgroups(array):
    """Every subgroup of a group of which three elements generate each, by brute force."""
    elements = range(len(array))
    return {
        frozenset(np.asarray(generated_submagma(array, [0, *chosen])).tolist())
        for chosen in itertools.combinations_with_replacement(elements, 3)
    }


@pytest.mark.parametrize("name", ["C12", "D8", "A4", "C2xC2xC2", "Q8", "S4"])
def test_the_largest_subgroup_is_that_of_brute_force(name):
    array = generate_family(name).array
    subgroups = all_subgroups(array)
    random = np.random.default_rng(0)
    for _ in range(20):
        kept = np.flatnonzero(random.random(len(array)) < 0.8)
        kept = np.unique(np.append(kept, 0))
        place = np.full(len(array), -1)
        place[kept] = np.arange(len(kept))
        found, proved = largest_subgroup(place[array[np.ix_(kept, kept)]], 0)
        best = max(len(each) for each in subgroups if each <= set(kept.tolist()))
        assert proved
        assert len(found) == best
        assert frozenset(kept[found].tolist()) in subgroups


def test_an_incomplete_list_is_completed():
    whole = closure(read_operations(FD3M))
    kept = np.flatnonzero(np.random.default_rng(3).random(192) >= 0.2)
    found = near_groups(whole.taken(kept.tolist()))
    assert not found.is_group
    assert len(found.smallest.operations) == 192
    assert found.smallest.point_group == "m-3m"
    assert found.smallest.identification.name == "C2 x S4"
    assert set(found.missing) == set(whole.texts()) - set(found.given.texts())
    inside = set(found.largest.operations.texts())
    assert inside <= set(found.given.texts())
    assert len(closure(found.largest.operations)) == len(inside) > 1


def test_an_overfull_list_still_has_its_group():
    whole = closure(read_operations(FD3M))
    wrong = ["x+1/5,y,z", "x-y,x,z"]
    found = near_groups(read_operations("\n".join([*whole.texts(), *wrong])))
    # a hexagonal turn beside cubic ones: no lattice has both
    assert found.smallest is None
    assert "more than any lattice in 3 dimensions has" in found.infinite
    assert len(found.largest.operations) == 192
    assert found.proved
    assert set(found.outside) == set(read_operations("\n".join(wrong)).texts())
    assert str(found).startswith("No finite group contains the 194 operations: the rotation parts")


def test_a_group_is_said_to_be_one():
    found = near_groups(read_operations("-y,x,z\n-x,-y,z\ny,-x,z\nx,y,z"))
    assert found.is_group
    assert (found.missing, found.outside) == ((), ())
    assert str(found) == "The list is a group of 4 operations: point group 4, C4 (GAP 4:1)."


def test_repetitions_count_once_and_the_identity_is_counted():
    found = near_groups(read_operations("-x,-y,z\n-x,-y,z\n-x+1,-y,z+0.9999"))
    assert found.given.texts() == ["x,y,z", "-x,-y,z"]
    assert found.is_group
