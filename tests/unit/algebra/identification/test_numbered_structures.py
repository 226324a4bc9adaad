"""The lists against full enumerations, which need no list."""

from itertools import permutations, product

import numba
import numpy as np
import pytest

from cayley.algebra import identify, is_associative
from cayley.algebra.identification._numbered_structures import (
    listed_orders,
    number_in_list,
)
from cayley.algebra.loops import LoopParts
from cayley.algebra.loops._moufang import is_moufang
from cayley.tables import generate_family


def all_semigroups(order):
    """Return all associative tables, filled in cell by cell; shape (k, n, n)."""
    fill = _fill
    if order > 4:  # two million nodes
        global _associates  # noqa: PLW0603
        _associates = numba.njit(_associates)
        fill = numba.njit(_fill)
    found = np.empty((fill(order, np.empty((0, order, order), np.int64)), order, order), np.int64)
    fill(order, found)
    return found


def _fill(n, found):
    """Count the tables; keep them where there is room."""
    table = np.full((n, n), -1)
    count = cell = 0
    while cell >= 0:
        a, b = cell // n, cell % n
        table[a, b] += 1
        if table[a, b] == n:
            table[a, b] = -1
            cell -= 1
        elif _associates(n, table):
            if cell == n * n - 1:
                if count < len(found):
                    found[count] = table
                count += 1
            else:
                cell += 1
    return count


def _associates(n, table):
    for a in range(n):
        for b in range(n):
            ab = table[a, b]
            if ab >= 0:
                for c in range(n):
                    bc = table[b, c]
                    if bc >= 0:
                        left, right = table[ab, c], table[a, bc]
                        if left >= 0 and right >= 0 and left != right:
                            return False
    return True


def num_types(tables, *, opposite=False, first=0):
    """Return the number of orbits of relabelings, by Burnside's lemma; with opposites if asked.

    The elements before ``first`` keep their labels. One relabeling of each cycle type is looked at.
    """
    tables = tables.astype(np.uint8)
    fixed = {}
    total = 0
    relabelings = list(permutations(range(first, tables.shape[1])))
    for others in relabelings:
        to = np.array((*range(first), *others))
        kind = cycle_type(to)
        if kind not in fixed:
            back = np.argsort(to)
            moved = to.astype(np.uint8)[tables[:, back][:, :, back]]
            fixed[kind] = int((moved == tables).all(axis=(1, 2)).sum())
            if opposite:
                fixed[kind] += int((moved.transpose(0, 2, 1) == tables).all(axis=(1, 2)).sum())
        total += fixed[kind]
    types, rest = divmod(total, len(relabelings) * (2 if opposite else 1))
    assert rest == 0
    return types


def cycle_type(to):
    lengths, seen = [], set()
    for start in range(len(to)):
        x, length = start, 0
        while x not in seen:
            seen.add(x)
            x, length = int(to[x]), length + 1
        lengths.append(length)
    return tuple(sorted(lengths))


@pytest.mark.parametrize(
    ("order", "types", "up_to_opposites"),
    [(2, 5, 4), (3, 24, 18), pytest.param(4, 188, 126, marks=pytest.mark.slow)],
)
def test_every_semigroup_has_a_number_and_every_number_a_semigroup(order, types, up_to_opposites):
    tables = all_semigroups(order)
    assert num_types(tables) == types
    assert num_types(tables, opposite=True) == up_to_opposites
    found = set()
    for table in tables[:: max(1, len(tables) // 1500)]:
        own, of_opposite = (number_in_list("semigroup", each) for each in (table, table.T))
        assert own is not None or of_opposite is not None
        assert None in (own, of_opposite) or own == of_opposite
        found.add(own or of_opposite)
    assert found <= set(range(1, up_to_opposites + 1))
    assert len(found) > up_to_opposites * 0.9


@pytest.mark.slow
def test_semigroups_of_order_five():
    tables = all_semigroups(5)
    assert len(tables) == 183_732
    assert num_types(tables) == 1915
    assert num_types(tables, opposite=True) == 1160
    for table in tables[:: len(tables) // 200]:
        assert any(number_in_list("semigroup", each) for each in (table, table.T))


def all_loops(order):
    """Return all tables of loops with identity 0, row by row."""
    rows = np.array(list(permutations(range(order))))
    tables = np.arange(order)[None, None]
    for r in range(1, order):
        candidates = rows[rows[:, 0] == r]
        clear = (tables[:, None] != candidates[None, :, None]).all(axis=(2, 3))
        which, row = np.nonzero(clear)
        tables = np.concatenate([tables[which], candidates[row][:, None]], axis=1)
    return tables


@pytest.mark.parametrize(
    ("order", "squares", "types", "groups"),
    [(5, 56, 6, 1), pytest.param(6, 9408, 109, 2, marks=pytest.mark.slow)],
)
def test_loops_of_order_five_and_six(order, squares, types, groups):
    tables = all_loops(order)
    assert len(tables) == squares
    assert num_types(tables, first=1) == types
    numbers = {number_in_list("loop", table) for table in tables[:: max(1, squares // 1000)]}
    assert numbers - {None} <= set(range(1, types - groups + 1))
    if order == 5:
        assert numbers == {None, 1, 2, 3, 4, 5}  # the group has none
    else:
        assert len(numbers) > 90


def all_quandles(order):
    """Return the tables of all left quandles: row by row, with the rows that others force."""
    mine = [[row for row in permutations(range(order)) if row[x] == x] for x in range(order)]
    found, waiting = [], [{}]
    while waiting:
        rows = waiting.pop()
        if len(rows) == order:
            found.append([rows[x] for x in range(order)])
            continue
        x = min(set(range(order)) - rows.keys())
        grown = (with_conjugates({**rows, x: row}) for row in mine[x])
        waiting += [each for each in grown if each is not None]
    return np.array(found)


def with_conjugates(rows):
    """Return the rows with L_xy = L_x L_y L_x^-1 for all x, y whose rows are there, or None."""
    pairs = list(product(rows, repeat=2))
    while pairs:
        x, y = pairs.pop()
        left, right = rows[x], rows[y]
        forced = [0] * len(left)
        for z, image in enumerate(left):
            forced[image] = left[right[z]]
        xy = left[y]
        if xy not in rows:
            rows[xy] = tuple(forced)
            pairs += [(xy, z) for z in rows] + [(z, xy) for z in rows]
        elif rows[xy] != tuple(forced):
            return None
    return rows


@pytest.mark.parametrize(
    ("order", "types", "connected"),
    [(3, 3, 1), (4, 7, 1), (5, 22, 3), pytest.param(6, 73, 2, marks=pytest.mark.slow)],
)
def test_quandles_up_to_order_six(order, types, connected):
    tables = all_quandles(order)
    assert num_types(tables) == types
    numbers = {number_in_list("quandle", table) for table in tables[:: max(1, len(tables) // 500)]}
    assert numbers - {None} == set(range(1, connected + 1))


def doubled(group, z=0):
    """Return Chein's loop of a group with identity 0 and a central element of order at most 2."""
    n = len(group)
    inverse = (group == 0).argmax(axis=1)
    return np.block([[group, n + group.T], [n + group[:, inverse], group[z, group[inverse].T]]])


def test_moufang_loops_of_order_sixteen_by_constructions():
    """Chein's constructions give three of the five; the sixteen octonion units are one of them."""
    i, j = np.divmod(np.arange(8), 4)
    dihedral = 4 * (i[:, None] ^ i) + (np.where(i[None], -1, 1) * j[:, None] + j) % 4
    quaternion = (
        4 * (i[:, None] ^ i)
        + (np.where(i[None], -1, 1) * j[:, None] + j + 2 * (i[:, None] & i)) % 4
    )
    numbers = set()
    for group, z in ((dihedral, 0), (quaternion, 0), (quaternion, 2), (dihedral, 2)):
        loop = doubled(group, z)
        assert "Moufang" in LoopParts.of(loop).classes
        numbers.add(number_in_list("Moufang loop", loop))
    assert len(numbers) >= 3
    assert numbers <= {1, 2, 3, 4, 5}
    assert listed_orders("Moufang loop") == (12, 16, 20, 24, 28)


def moufang_extensions(group):
    """Return a loop for each class of central Moufang extensions of a group by order 2.

    The product is ``(a, s)(b, t) = (ab, s + t + f(a, b))``, and the law ``(xy)(zx) = (x(yz))x`` is
    linear in f. What arises from f by renaming ``(a, s)`` to ``(a, s + h(a))`` is left out.
    """
    n = len(group)
    x, y, z = np.indices((n, n, n)).reshape(3, -1)
    xy, zx, yz = group[x, y], group[z, x], group[y, z]
    law = np.zeros((n**3, n, n), np.int64)
    for a, b in ((x, y), (z, x), (xy, zx), (y, z), (x, yz), (group[x, yz], x)):
        np.add.at(law, (np.arange(n**3), a, b), 1)
    # Normalized: f(1, b) = f(a, 1) = 0.
    law = law[:, 1:, 1:].reshape(n**3, -1) % 2
    a, b = np.indices((n, n))
    renamed = np.array([(a == c) ^ (b == c) ^ (group == c) for c in range(1, n)])
    known = row_basis(renamed[:, 1:, 1:].reshape(n - 1, -1).astype(np.int64))
    steps = []
    for f in null_space(np.unique(law, axis=0)):
        if len(row_basis(np.array([*known, f]))) > len(known):
            known = np.array([*known, f])
            steps.append(f)
    for bits in product((0, 1), repeat=len(steps)):
        f = np.zeros((n, n), np.int64)
        if steps:
            f[1:, 1:] = (np.array(bits) @ np.array(steps) % 2).reshape(n - 1, n - 1)
        i, s = np.divmod(np.arange(2 * n), 2)
        yield 2 * group[np.ix_(i, i)] + (s[:, None] ^ s ^ f[np.ix_(i, i)])


def row_basis(rows):
    """Return the reduced rows modulo 2 of a matrix, without those that are zero."""
    rows, rank = rows.copy() % 2, 0
    for column in range(rows.shape[1]):
        pivots = np.flatnonzero(rows[rank:, column]) + rank
        if len(pivots):
            rows[[rank, pivots[0]]] = rows[[pivots[0], rank]]
            others = np.flatnonzero(rows[:, column])
            rows[others[others != rank]] ^= rows[rank]
            rank += 1
    return rows[:rank]


def null_space(rows):
    """Return a basis of the vectors that each row takes to 0, modulo 2."""
    basis = row_basis(rows)
    pivots = basis.argmax(axis=1)
    found = []
    for free in np.setdiff1d(np.arange(rows.shape[1]), pivots):
        vector = np.zeros(rows.shape[1], np.int64)
        vector[free] = 1
        vector[pivots] = basis[:, free]
        found.append(vector)
    return found


def test_moufang_loops_of_order_sixteen_by_exhaustion():
    """There are 14 groups and 5 others, and each number belongs to one of these.

    Every Moufang loop of order 16 has a central element of order 2 (G. Glauberman and C. R. B.
    Wright, 1968), modulo which it is a Moufang loop of order 8, and these are the five groups.
    """
    groups, numbers = set(), set()
    for name in ("C8", "C4xC2", "C2xC2xC2", "D8", "Q8"):
        table = generate_family(name).aligned().array
        identity = int(np.flatnonzero((table == np.arange(8)).all(axis=1))[0])
        assert identity == 0
        for loop in moufang_extensions(table):
            assert is_moufang(loop)
            if is_associative(loop):
                groups.add(identify(loop).gap_id)
            else:
                numbers.add(number_in_list("Moufang loop", loop))
    assert groups == {(16, k) for k in range(1, 15)}
    assert numbers == {1, 2, 3, 4, 5}


def test_what_is_in_no_list_has_no_number():
    assert number_in_list("Moufang loop", np.zeros((13, 13), np.int64)) is None
    assert number_in_list("loop", np.add.outer(np.arange(5), np.arange(5)) % 5) is None
