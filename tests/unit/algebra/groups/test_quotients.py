import itertools

import numpy as np

from cayley.algebra import Group
from cayley.algebra.groups._quotients import quotients
from cayley.testing import assert_group, assert_homomorphism


def all_normal_subgroups(table):
    """By brute force over unions of conjugacy classes."""
    n = len(table)
    inverse = (table == 0).argmax(axis=1)
    classes = {frozenset(table[table[:, x], inverse].tolist()) for x in range(n)}
    others = [each for each in classes if 0 not in each]
    found = []
    for k in range(len(others) + 1):
        for chosen in itertools.combinations(others, k):
            members = sorted({0}.union(*chosen))
            if set(table[np.ix_(members, members)].ravel().tolist()) == set(members):
                found.append(members)
    return found


def test_all_quotients_are_found(tables):
    groups = [
        tables.symmetric(3),
        tables.symmetric(4),
        tables.dihedral(4),
        tables.dihedral(4, dicyclic=True),
        tables.cyclic(12),
        tables.product(tables.cyclic(2), tables.cyclic(2), tables.cyclic(2)),
        tables.product(tables.dihedral(3), tables.cyclic(2)),
        tables.alternating(5),
    ]
    for start in groups:
        identity = int(np.flatnonzero((start == np.arange(len(start))).all(axis=1))[0])
        swap = np.arange(len(start))
        swap[[0, identity]] = identity, 0
        table = swap[start[np.ix_(swap, swap)]]
        expected = [len(table) // len(members) for members in all_normal_subgroups(table)]
        nobody = np.full((1, len(table)), -1)
        for order in range(1, len(table) + 1):
            found = quotients(table, nobody[:, :order], order)
            assert len(found) == expected.count(order)
            for group, _ in found:
                assert_group(group)
                assert len(group) == order


def test_labels_stay_distinct_or_the_quotient_is_left_out(tables):
    table = tables.cyclic(12)
    elements = np.array([[0, 1, 2, -1]])
    ((group, images),) = quotients(table, elements, 4)
    assert_group(group)
    assert len(set(images[0, :3].tolist())) == 3
    assert images[0, 3] == -1
    assert quotients(table, np.array([[0, 4, -1, -1]]), 4) == []
    assert quotients(table, elements, 5) == []


def test_the_images_are_those_of_a_homomorphism(tables):
    table = tables.dihedral(6)
    everything = np.arange(12)[None]
    for order in (2, 3, 4, 6):
        for group, _ in quotients(table, everything[:, :0], order) or []:
            assert Group.from_table(group).identity == 0
    ((_, images),) = quotients(table, np.arange(12)[None], 12)
    assert_homomorphism(table, table, images[0])


def test_too_large_a_group_is_said_to_be_one():
    table = np.add.outer(np.arange(5000), np.arange(5000)) % 5000
    assert quotients(table, np.array([[0, 1]]), 2500) is None
