"""Orders of permutation groups, against all elements and against SymPy."""

import math

import numpy as np
import pytest
from sympy.combinatorics import Permutation
from sympy.combinatorics import PermutationGroup as ByExample

from cayley.algebra.groups._schreier_sims import PermutationGroup


def all_elements(generators, n):
    found = {tuple(range(n))}
    new = list(found)
    while new:
        new = [q for p in new for g in generators if (q := tuple(g[x] for x in p)) not in found]
        new = list(dict.fromkeys(new))
        found.update(new)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_random_groups_of_small_degree(seed):
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(1, 8)), int(rng.integers(0, 4))
    split = int(rng.integers(0, n))
    images = [
        np.concatenate([rng.permutation(split), split + rng.permutation(n - split)])
        for _ in range(k)
    ]
    generators = np.array(images, int).reshape(k, n)
    found = PermutationGroup.generated_by(generators)
    elements = all_elements(generators.tolist(), n)
    assert found.order == len(elements)
    orbits = {frozenset(p[x] for p in elements) for x in range(n)}
    assert {frozenset(orbit) for orbit in found.orbits} == orbits
    assert [orbit[0] for orbit in found.orbits] == sorted(min(orbit) for orbit in orbits)


@pytest.mark.parametrize("n", [9, 12, 20])
def test_groups_of_larger_degree(n, tables, rng):
    for table in (tables.cyclic(n), tables.random_latin(n, rng, moves=300), tables.dihedral(n)):
        generators = np.concatenate([table, table.T])[:: len(table) // 4]
        found = PermutationGroup.generated_by(generators)
        assert found.order == ByExample([Permutation(g.tolist()) for g in generators]).order()


@pytest.mark.parametrize("even", [True, False])
def test_symmetric_and_alternating_groups_are_seen(even, rng):
    n = 24
    cycle = np.roll(np.arange(n), 1)
    cycle[:2] = cycle[:2][::-1] if even else cycle[:2]
    three = np.arange(n)
    three[[2, 3, 4]] = [3, 4, 2]
    relabel = rng.permutation(n)
    generators = np.array([relabel[g[np.argsort(relabel)]] for g in (cycle, three)])
    # The cycle moves all points, but one of them where it is even.
    found = PermutationGroup.generated_by(generators)
    degree = max(map(len, found.orbits))
    assert found.giant == ("S" if degree % 2 == 0 else "A")
    assert found.order == math.factorial(degree) // (1 if found.giant == "S" else 2)


def test_imprimitive_groups_are_not_taken_for_giants():
    n = 16
    halves = np.arange(n) ^ 8
    left = np.concatenate([np.roll(np.arange(8), 1), np.arange(8, 16)])
    swap = np.arange(n)
    swap[:2] = [1, 0]
    found = PermutationGroup.generated_by(np.array([halves, left, swap]))
    assert found.giant is None
    assert found.order == math.factorial(8) ** 2 * 2


def test_large_primitive_groups_that_are_no_giants(tables):
    """PSL(2, 11) on 12 points has cycles of length 11, which is no cycle of Jordan's theorem."""
    shift = [*((x + 1) % 11 for x in range(11)), 11]
    invert = [11, *(-pow(x, -1, 11) % 11 for x in range(1, 11)), 0]
    found = PermutationGroup.generated_by(np.array([shift, invert]))
    assert (found.order, found.giant) == (660, None)
    # The Mathieu group on 12 points: with one more generator.
    more = [11, 10, 5, 7, 8, 2, 9, 3, 4, 6, 1, 0]
    m12 = PermutationGroup.generated_by(np.array([shift, more]))
    assert m12.order == ByExample([Permutation(shift), Permutation(more)]).order()
    assert m12.giant is None or m12.order in (math.factorial(12), math.factorial(12) // 2)
