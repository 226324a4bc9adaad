"""Green's relations, classes and counts of semigroups, against their definitions."""

import itertools

import numpy as np
import pytest

import oracles
from cayley.algebra.semigroups import SemigroupParts
from cayley.algebra.semigroups._lattice import meet_semilattice


def transformations(n):
    """Return all maps of n points, composed from left to right, and the table of their products."""
    maps = list(itertools.product(range(n), repeat=n))
    place = {f: i for i, f in enumerate(maps)}
    return maps, np.array([[place[tuple(g[x] for x in f)] for g in maps] for f in maps])


def up_to_isomorphism(tables):
    """Return one table of each class; the smallest of all relabelings stands for it."""
    n = tables.shape[1]
    weights = n ** np.arange(n * n).reshape(n, n)
    smallest = np.full(len(tables), np.iinfo(np.int64).max)
    for p in map(np.array, itertools.permutations(range(n))):
        images = np.argsort(p)[tables[:, p][:, :, p]]
        smallest = np.minimum(smallest, (images * weights).sum(axis=(1, 2)))
    return tables[np.unique(smallest, return_index=True)[1]]


def test_numbers_of_semigroups_are_as_is_known():
    classes = {n: up_to_isomorphism(oracles.semigroups(n)) for n in range(1, 5)}
    assert {n: len(found) for n, found in classes.items()} == {1: 1, 2: 5, 3: 24, 4: 188}
    words = [word for t in classes[4] for word in SemigroupParts.of(t).classes]
    # Of order 4 up to isomorphism: the groups, semilattices, inverse semigroups and bands.
    asked = ("group", "semilattice", "inverse", "band", "commutative", "null")
    assert {word: words.count(word) for word in asked} == {
        "group": 2, "semilattice": 5, "inverse": 16, "band": 46, "commutative": 58, "null": 1,
    }  # fmt: skip


def ideals(t):
    n = len(t)
    right = [{a} | {int(t[a, x]) for x in range(n)} for a in range(n)]
    left = [{a} | {int(t[x, a]) for x in range(n)} for a in range(n)]
    both = [set().union(*(left[b] for b in right[a])) for a in range(n)]
    return right, left, both


@pytest.mark.parametrize("step", range(4))
def test_green_relations_of_all_semigroups_of_order_four(step):
    for t in up_to_isomorphism(oracles.semigroups(4))[step::4]:
        n = len(t)
        found = SemigroupParts.of(t)
        right, left, both = ideals(t)
        green = found.green
        for a, b in itertools.product(range(n), repeat=2):
            assert (green.r[a] == green.r[b]) == (right[a] == right[b])
            assert (green.l[a] == green.l[b]) == (left[a] == left[b])
            assert (green.d[a] == green.d[b]) == (both[a] == both[b])
            assert (green.h[a] == green.h[b]) == (right[a] == right[b] and left[a] == left[b])
        check_boxes(t, found)
        below = [
            [both[x.elements[0]] <= both[y.elements[0]] for y in green.boxes] for x in green.boxes
        ]
        assert set(green.order) == hasse(below)
        assert set(found.minimal_ideal) == set.intersection(*both)
        check_classes(t, found, right, left)


def hasse(below):
    k = range(len(below))
    strictly = {(i, j) for i in k for j in k if i != j and below[i][j]}
    return {
        (i, j) for i, j in strictly if not any((i, m) in strictly and (m, j) in strictly for m in k)
    }


def check_boxes(t, found):
    for box in found.green.boxes:
        sizes = {len(cell) for row in box.cells for cell in row}
        assert len(sizes) == 1
        for cells, groups in zip(box.cells, box.groups, strict=True):
            for cell, e in zip(cells, groups, strict=True):
                idempotents = [a for a in cell if t[a, a] == a]
                assert idempotents == ([] if e is None else [e])
                if e is not None:
                    assert {int(t[a, b]) for a in cell for b in cell} == set(cell)
        assert box.is_regular == all(
            any(t[t[a, x], a] == a for x in range(len(t))) for a in box.elements
        )


def check_classes(t, found, right, left):
    n = range(len(t))
    es = [e for e in n if t[e, e] == e]
    below = [[t[e, f] == e == t[f, e] for f in es] for e in es]
    assert found.idempotents == tuple(es)
    assert set(found.idempotent_order) == {(es[i], es[j]) for i, j in hasse(below)}
    regular = all(any(t[t[a, x], a] == a for x in n) for a in n)
    zeros = [z for z in n if all(t[z, a] == z == t[a, z] for a in n)]
    units = [
        a for a in n if found.identity is not None and any(
            t[a, b] == found.identity == t[b, a] for b in n)
    ]  # fmt: skip
    assert found.units == tuple(units)
    assert found.zero == (zeros[0] if zeros else None)
    expected = {
        "regular": regular,
        "rectangular band": all(t[t[a, b], a] == a and t[a, a] == a for a in n for b in n),
        "left zero": all(t[a, b] == a for a in n for b in n),
        "Clifford": regular and all(t[e, a] == t[a, e] for e in es for a in n),
        "R-trivial": len({frozenset(x) for x in right}) == len(t),
        "L-trivial": len({frozenset(x) for x in left}) == len(t),
        # a^k = a^(k+1) for some k, which is at most the order
        "aperiodic": all(power(t, a, 4) == power(t, a, 5) for a in n),
        "nilpotent": bool(zeros) and all(power(t, a, 4) == zeros[0] for a in n),
        "completely regular": all(
            any(t[t[a, x], a] == a and t[a, x] == t[x, a] for x in n) for a in n
        ),
        "completely simple": all(any(t[t[x, a], y] == b for x in n for y in n)
                                 for a in n for b in n),
    }  # fmt: skip
    for word, holds in expected.items():
        assert (word in found.classes) == holds, (word, t.tolist())


def power(t, a, k):
    result = a
    for _ in range(k - 1):
        result = t[result, a]
    return int(result)


def test_all_maps_of_three_points():
    maps, t = transformations(3)
    found = SemigroupParts.of(t)
    # Classes of D by rank, 6 and 18 and 3 elements: maps with one kernel are in one class of R.
    sizes = sorted(len(box.elements) for box in found.green.boxes)
    assert sizes == [3, 6, 18]
    two = next(box for box in found.green.boxes if len(box.elements) == 18)
    assert (len(two.cells), len(two.cells[0])) == (3, 3)
    assert sum(e is not None for row in two.groups for e in row) == 6
    assert {maps[a] for a in found.units} == set(itertools.permutations(range(3)))
    assert len(found.idempotents) == 10
    assert found.classes == ("regular",)
    assert len(found.green.order) == 2


def test_the_symmetric_inverse_monoid_and_brandt_semigroups():
    maps = [f for f in itertools.product((None, 0, 1), repeat=2) if f.count(0) < 2 > f.count(1)]
    place = {f: i for i, f in enumerate(maps)}
    t = np.array(
        [[place[tuple(None if x is None else g[x] for x in f)] for g in maps] for f in maps]
    )
    found = SemigroupParts.of(t)
    assert len(t) == 7
    assert "inverse" in found.classes
    assert not {"Clifford", "Brandt", "band"} & set(found.classes)
    inside = [a for a in range(7) if a not in found.units]
    brandt = np.searchsorted(inside, t[np.ix_(inside, inside)])
    assert "Brandt" in SemigroupParts.of(brandt).classes


def subsets(masks):
    masks = sorted(masks, key=lambda m: (m.bit_count(), m))
    place = {m: i for i, m in enumerate(masks)}
    return np.array([[place[a & b] for b in masks] for a in masks])


@pytest.mark.parametrize(
    ("masks", "edges", "distributive", "modular"),
    [
        (range(8), 12, True, True),
        # The diamond M3 and the pentagon N5.
        ([0, 1, 2, 4, 7], 6, False, True),
        ([0, 1, 2, 6, 7], 5, False, False),
    ],
)
def test_lattices(masks, edges, distributive, modular):
    found = SemigroupParts.of(subsets(masks)).lattice
    assert len(found.covers) == edges
    assert (bool(found.distributive), bool(found.modular)) == (distributive, modular)
    meet, join = subsets(masks), found.join
    n = range(len(meet))
    assert all(meet[a, join[a, b]] == a and join[a, meet[a, b]] == a for a in n for b in n)
    assert (join == join.T).all()
    if not distributive:
        a, b, c = found.distributive.counterexample
        assert meet[a, join[b, c]] != join[meet[a, b], meet[a, c]]
    if not modular:
        a, b, c = found.modular.counterexample
        assert meet[a, c] == a
        assert join[a, meet[b, c]] != meet[join[a, b], c]


def test_a_semilattice_without_a_largest_element_is_no_lattice():
    found = meet_semilattice(subsets([0, 1, 2]))
    assert found.join is found.distributive is found.modular is None
    assert found.covers == ((0, 1), (0, 2))


def test_what_is_not_associative_is_refused():
    with pytest.raises(ValueError, match=r"`table` must be associative; it is not at the elements"):
        SemigroupParts.of([[0, 2, 1], [1, 0, 2], [2, 1, 0]])
