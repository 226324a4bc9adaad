from itertools import combinations

import numpy as np
import pytest

from cayley.algebra import Group, generated_submagma, subgroup_lattice
from cayley.tables import generate_family


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def all_subgroups(group):
    """Close the set of cyclic subgroups under joins."""
    found = {frozenset(generated_submagma(group.table, [x]).tolist()) for x in range(group.order)}
    while True:
        joins = {
            frozenset(generated_submagma(group.table, sorted(a | b)).tolist())
            for a, b in combinations(found, 2)
            if not (a <= b or b <= a)
        }
        if joins <= found:
            return found
        found |= joins


@pytest.mark.parametrize("name", ["C1", "C12", "S3", "D8", "Q8", "A4", "C2xC2xC2", "18:4", "S4"])
def test_brute_force_finds_the_same(name):
    group = family(name)
    subgroups = all_subgroups(group)
    everything = frozenset(range(group.order))
    proper = subgroups - {everything}
    maximal = [a for a in proper if not any(a < b for b in proper)]

    def conjugate(subgroup, g):
        moved = group.table[group.table[group.inverses[g], list(subgroup)], g]
        return frozenset(moved.tolist())

    orbits = {frozenset(conjugate(a, g) for g in range(group.order)) for a in subgroups}
    found = subgroup_lattice(group)
    assert found.counts == {
        "all": len(subgroups),
        "classes": len(orbits),
        "normal": sum(len(orbit) == 1 for orbit in orbits),
        "maximal": len(maximal),
    }
    assert found.frattini.tolist() == sorted(everything.intersection(*maximal))
    sizes = [len(a) for a in subgroups]
    assert found.orders == tuple((m, sizes.count(m)) for m in sorted(set(sizes)))


@pytest.mark.parametrize(
    ("name", "counts"),
    [("A5", (59, 9, 2)), ("S5", (156, 19, 3)), ("PSL(2,7)", (179, 15, 2)), ("120:5", (76, 12, 3))],
)
def test_groups_that_are_not_solvable(name, counts):
    """Textbook numbers; 120:5 is SL(2,5), by generators."""
    group = special_linear_2_5() if name == "120:5" else family(name)
    found = subgroup_lattice(group)
    assert (found.num_subgroups, found.num_classes, found.num_normal) == counts


def special_linear_2_5():
    vectors = [(x, y) for x in range(5) for y in range(5)]

    def permutation(a, b, c, d):
        return [vectors.index(((a * x + c * y) % 5, (b * x + d * y) % 5)) for x, y in vectors]

    return Group.from_permutations([permutation(1, 1, 0, 1), permutation(1, 0, 1, 1)])


def test_limits_are_results():
    group = family("C2xC2xC2xC2")
    many = subgroup_lattice(group, max_subgroups=10)
    assert not many
    assert many.reason == "there are more than 10 subgroups"
    large = subgroup_lattice(group, max_order=15)
    assert large.reason == "order 16 is over the limit of 15"
    with pytest.raises(ValueError, match="`max_order` must be below 960"):
        subgroup_lattice(group, max_order=1000)
    assert np.array_equal(subgroup_lattice(group).frattini, [group.identity])
