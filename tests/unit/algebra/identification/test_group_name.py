"""Lists of groups above order 100, presentations, and extensions."""

import numpy as np
import pytest

from cayley.algebra import Group, identify
from cayley.algebra.identification._extensions import (
    extraspecial_name,
    linear_name,
    quotient_group,
    split_name,
)
from cayley.algebra.identification._fingerprint import fingerprint
from cayley.algebra.identification._group_name import larger_groups, larger_orders
from cayley.algebra.identification._listed_presentations import (
    listed_presentations,
    satisfying_generators,
)

# Numbers of groups of each order (OEIS A000001).
COUNTS = {
    101: 1,
    108: 45,
    112: 43,
    120: 47,
    128: 2328,
    144: 197,
    147: 6,
    160: 238,
    168: 57,
    180: 37,
    192: 1543,
    200: 52,
}


def test_the_larger_lists_are_complete():
    for order, count in COUNTS.items():
        entries = larger_groups(order)
        assert sum(map(len, entries.values())) == count
    assert larger_orders() == set(range(101, 201))


def affine(p, k):
    """Return x -> ax + b modulo p with a a power of k."""
    return Group.from_permutations([[(x + 1) % p for x in range(p)], [k * x % p for x in range(p)]])


@pytest.mark.parametrize(
    ("group", "name", "number"),
    [(affine(13, 2), "C13 : C12", (156, 7)), (affine(31, 2), "C31 : C5", (155, 1)),
     (affine(17, 3), "C17 : C16", None), (affine(43, 6), "C43 : C3", (129, 1)),
     (affine(73, 8), "C73 : C3", None)],
    ids=str,
)  # fmt: skip
def test_affine_groups_of_a_line(group, name, number):
    found = identify(group)
    assert found.name == name
    assert found.gap_id == number or (number is None and found.gap_id is None)


@pytest.mark.parametrize("order", [125, 343, 32, 128])
def test_extraspecial_groups(order):
    """Upper unitriangular matrices over F_p, and central products of D8 and Q8."""
    if order % 2:
        p = round(order ** (1 / 3))
        points = [(x, y, z) for x in range(p) for y in range(p) for z in range(p)]
        place = {v: i for i, v in enumerate(points)}
        moves = [
            [place[(x + 1) % p, y, (z + y) % p] for x, y, z in points],
            [place[x, (y + 1) % p, z] for x, y, z in points],
        ]
        assert extraspecial_name(Group.from_permutations(moves)) == f"{p}+^(1+2)"
        turned = affine_of_squares(p)
        assert extraspecial_name(turned) == f"{p}-^(1+2)"
        return
    factors = {32: 2, 128: 3}[order]
    for quaternions in (0, 1):
        group = eight(quaternion=bool(quaternions))
        for _ in range(factors - 1):
            group = central_product(group, eight(quaternion=False))
        assert group.order == order
        sign = "-" if quaternions else "+"
        assert extraspecial_name(group) == f"2{sign}^(1+{2 * factors})"
    two = central_product(eight(quaternion=True), eight(quaternion=True))
    assert extraspecial_name(two) == "2+^(1+4)"


def affine_of_squares(p):
    """Return x -> (1 + p)^k x + b modulo p^2: the group of order p^3 and exponent p^2."""
    n = p * p
    return Group.from_permutations(
        [[(x + 1) % n for x in range(n)], [(1 + p) * x % n for x in range(n)]]
    )


def eight(*, quaternion):
    s, a = np.divmod(np.arange(8), 4)
    turn = np.where(s[:, None] == 1, -a, a) + a[:, None] + 2 * (s[:, None] & s) * quaternion
    return Group(table=turn % 4 + 4 * (s[:, None] ^ s), identity=0)


def central_product(first, second):
    """Make the two centers of order 2 one; both have their identity at 0."""
    m = second.order
    x, y = np.divmod(np.arange(first.order * m), m)
    table = m * first.table[np.ix_(x, x)] + second.table[np.ix_(y, y)]
    z = [int(center_of(each)) for each in (first, second)]
    return quotient_group(Group(table=table, identity=0), np.array([0, m * z[0] + z[1]]))


def center_of(group):
    commutes = (group.table == group.table.T).all(axis=1)
    commutes[group.identity] = False
    (z,) = np.flatnonzero(commutes)
    return z


def test_an_extraspecial_group_is_no_other_group_of_its_order():
    assert extraspecial_name(affine(7, 3)) is None
    cyclic = Group(table=np.add.outer(np.arange(8), np.arange(8)) % 8, identity=0)
    assert extraspecial_name(cyclic) is None
    assert extraspecial_name(central_product(eight(quaternion=True), d16())) is None


def d16():
    s, a = np.divmod(np.arange(16), 8)
    turn = np.where(s[:, None] == 1, -a, a) + a[:, None]
    return Group(table=turn % 8 + 8 * (s[:, None] ^ s), identity=0)


def test_presentations_tell_groups_of_one_order_apart():
    """Each group satisfies its own presentation, and no other of its order."""
    by_order = listed_presentations()
    groups = {"C2 wr S4": wreath_of_two([[1, 2, 3, 0], [1, 0, 2, 3]]),
              "C2 wr C6": wreath_of_two([[1, 2, 3, 4, 5, 0]])}  # fmt: skip
    for name, group in groups.items():
        assert identify(group).name == name
        for listed in by_order[384]:
            found = satisfying_generators(group, listed)
            assert (found is not None) == (listed.name == name)
            if found is not None:
                for word in listed.relators:
                    x = group.identity
                    for letter in word:
                        y = found[abs(letter) - 1]
                        x = group.table[x, y if letter > 0 else group.inverses[y]]
                    assert x == group.identity


def wreath_of_two(top):
    k = len(top[0])
    first = [1, 0, *range(2, 2 * k)]
    return Group.from_permutations(
        [first, *([2 * h[x // 2] + x % 2 for x in range(2 * k)] for h in top)]
    )


def test_a_split_extension_has_its_parts():
    group = affine(43, 6)
    assert (
        split_name(group, lambda each: f"of order {each.order}") == "(of order 43) : (of order 3)"
    )
    # C4 is no split extension, and Q8 none either.
    cyclic = Group(table=np.add.outer(np.arange(4), np.arange(4)) % 4, identity=0)
    assert split_name(cyclic, lambda _: "x") is None
    assert split_name(eight(quaternion=True), lambda _: "x") is None
    assert split_name(eight(quaternion=False), lambda _: "x") == "x : x"


def test_linear_groups_are_not_taken_for_others():
    assert linear_name(affine(7, 3)) is None
    assert linear_name(eight(quaternion=True)) is None
    s5 = Group.from_permutations([[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]])
    assert linear_name(s5) == "PGL(2,5)"  # which is S5
    assert identify(s5).name == "S5"


@pytest.mark.parametrize(("order", "sizes"), [(147, [2]), (189, [2]), (128, [2, 2, 3, 3])])
def test_groups_that_share_a_fingerprint_have_different_digests_of_pairs(order, sizes):
    shared = [entries for entries in larger_groups(order).values() if len(entries) > 1]
    assert sorted(map(len, shared)) == sizes
    for entries in shared:
        assert len({digest for *_, digest in entries}) == len(entries)
    alone = [entries for entries in larger_groups(order).values() if len(entries) == 1]
    assert all(digest == "" for ((*_, digest),) in alone)


def test_groups_with_one_fingerprint_get_different_numbers():
    """A third root of unity modulo 7 acts on C7 x C7 in two ways without a fixed point."""
    points = [(x, y) for x in range(7) for y in range(7)]
    found = []
    for power in (1, 2):
        moves = [
            [points.index(((x + 1) % 7, y)) for x, y in points],
            [points.index((x, (y + 1) % 7)) for x, y in points],
            [points.index((2 * x % 7, 2**power * y % 7)) for x, y in points],
        ]
        group = Group.from_permutations(moves)
        assert group.order == 147
        found.append((identify(group), fingerprint(group)))
    assert found[0][1] == found[1][1]
    assert {each.gap_id for each, _ in found} == {(147, 4), (147, 5)}


def test_groups_of_order_128():
    """Products, families and an extraspecial group, with numbers that GAP's documentation has."""
    plus = central_product(central_product(eight(quaternion=False), eight(quaternion=False)),
                           eight(quaternion=False))  # fmt: skip
    found = identify(plus)
    assert found.gap_id in ((128, 2326), (128, 2327))  # the two extraspecial groups
    elementary = np.bitwise_xor.outer(np.arange(128), np.arange(128))
    found = identify(elementary)
    assert (found.gap_id, found.name) == ((128, 2328), " x ".join(["C2"] * 7))
    cyclic = np.add.outer(np.arange(128), np.arange(128)) % 128
    assert identify(cyclic).gap_id == (128, 1)
    names = [name for entries in larger_groups(128).values() for _, name, _ in entries]
    assert len(names) == 2328
    assert names.count("D128") == names.count("QD128") == names.count("Q128") == 1
    assert not any(name.startswith(("SmallGroup", "?")) for name in names)


def test_a_listed_group_has_the_fingerprint_of_the_list():
    group = affine(13, 2)
    assert larger_groups(156)[fingerprint(group)] == [(7, "C13 : C12", "")]
