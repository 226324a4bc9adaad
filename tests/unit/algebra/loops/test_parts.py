"""Parts and classes of loops, against their definitions and against known loops."""

import itertools
import math
from functools import cache

import numpy as np
import pytest

from cayley.algebra.loops import LoopParts


def normalized(n):
    """Return all loops on 0..n-1 with identity 0."""
    squares = np.arange(n)[None, None, :]
    rows = np.array(list(itertools.permutations(range(n))))
    for a in range(1, n):
        here = rows[rows[:, 0] == a]
        fits = (squares[:, None] != here[None, :, None]).all(axis=(2, 3))
        first, second = np.nonzero(fits)
        squares = np.concatenate([squares[first], here[second][:, None]], axis=1)
    return squares


@cache
def loops(n):
    """Return one loop of each isomorphism class of order n."""
    all_loops = normalized(n)
    # The last row of a Latin square follows from the others: 20 digits to base 6 fit into 63 bits.
    rows = max(n - 2, 0)
    weights = n ** np.arange(rows * (n - 1)).reshape(rows, n - 1)
    smallest = np.full(len(all_loops), np.iinfo(np.int64).max)
    for rest in itertools.permutations(range(1, n)):
        p = np.array([0, *rest])
        images = np.argsort(p)[all_loops[:, p][:, :, p]]
        codes = (images[:, 1 : n - 1, 1:] * weights).sum(axis=(1, 2))
        # The smallest relabeling stands for the class.
        smallest = np.minimum(smallest, codes)
    _, first = np.unique(smallest, return_index=True)
    return all_loops[first]


def test_there_are_as_many_loops_as_is_known():
    assert [len(loops(n)) for n in range(1, 7)] == [1, 1, 1, 2, 6, 109]


def nuclei(t):
    x, y, z = np.indices((len(t),) * 3)
    associates = t[t[x, y], z] == t[x, t[y, z]]
    return tuple(
        tuple(np.flatnonzero(associates.all(axis=axes)).tolist())
        for axes in ((1, 2), (0, 2), (0, 1))
    )


def group_of(generators):
    n = len(generators[0])
    found, new = {tuple(range(n))}, [tuple(range(n))]
    while new:
        new = list(
            dict.fromkeys(
                q for p in new for g in generators if (q := tuple(g[x] for x in p)) not in found
            )
        )
        found.update(new)
    return found


@pytest.mark.parametrize("n", [4, 5])
def test_all_loops_of_small_order(n):
    for t in loops(n):
        found = LoopParts.of(t)
        assert (found.nuclei.left, found.nuclei.middle, found.nuclei.right) == nuclei(t)
        multiplications = group_of([*map(tuple, t.tolist()), *map(tuple, t.T.tolist())])
        assert found.multiplication_group.order == len(multiplications)
        inner = {p for p in multiplications if p[0] == 0}
        assert found.inner_order == len(inner)
        generators = [tuple(p) for p in found.inner_mappings.tolist()] or [tuple(range(n))]
        assert group_of(generators) == inner
        automorphic = all(
            all(p[t[a, b]] == t[p[a], p[b]] for a in range(n) for b in range(n)) for p in inner
        )
        assert ("automorphic" in found.classes) == automorphic
        translations = {tuple(row) for row in t.tolist()}
        closed = all(
            tuple(p[q[p.index(a)]] for a in range(n)) in translations
            for p in translations
            for q in translations
        )
        assert ("left conjugacy closed" in found.classes) == closed


def left_inverse_property(t):
    n = len(t)
    inverse = [next(b for b in range(n) if t[b, a] == 0) for a in range(n)]
    return all(t[inverse[a], t[a, b]] == b for a in range(n) for b in range(n))


def test_classes_of_loops_of_order_six():
    differ = 0
    for t in loops(6)[::5]:
        found = LoopParts.of(t)
        left, middle, right = nuclei(t)
        assert (found.nuclei.left, found.nuclei.middle, found.nuclei.right) == (left, middle, right)
        differ += left != middle != right
        assert ("left inverse property" in found.classes) == left_inverse_property(t)
        assert ("right inverse property" in found.classes) == left_inverse_property(t.T)
        assert ("commutative" in found.classes) == bool((t == t.T).all())
        assert ("power-associative" in found.classes) == power_associative(t)
    assert differ


def power_associative(t):
    for x in range(len(t)):
        inside = {x}
        while True:
            more = inside | {int(t[a, b]) for a in inside for b in inside}
            if more == inside:
                break
            inside = more
        if any(t[t[a, b], c] != t[a, t[b, c]] for a in inside for b in inside for c in inside):
            return False
    return True


def moufang_loops_of_order_16():
    """Give the loops (x, a)(y, b) = (x + y, a + b + f(x, y)) over F_2^3 and F_2, 24 of them.

    f has the cubic part x1y2y3 + x2y1y3 + x3y1y2 and any of the parts xiyi and xiyj, i < j. Every
    Moufang loop of order 16 that is no group is like one of them: squares are a cubic polynomial.
    """
    bits = [np.arange(8) >> k & 1 for k in range(3)]
    x, y = [b[:, None] for b in bits], [b[None, :] for b in bits]
    cubic = x[0] * y[1] * y[2] + x[1] * y[0] * y[2] + x[2] * y[0] * y[1]
    parts = [x[i] * y[i] for i in range(3)] + [x[i] * y[j] for i, j in ((0, 1), (0, 2), (1, 2))]
    v, w = np.divmod(np.arange(16), 2)
    mixed = [(0, 0, 0), (0, 1, 1), (1, 1, 1)]
    for chosen in ((*a, *b) for a in itertools.product((0, 1), repeat=3) for b in mixed):
        f = cubic + sum(c * part for c, part in zip(chosen, parts, strict=True))
        yield (v[:, None] ^ v) * 2 + (w[:, None] + w + f[np.ix_(v, v)]) % 2


def test_the_five_moufang_loops_of_order_16(tables, rng):
    kinds = {}
    for t in moufang_loops_of_order_16():
        found = LoopParts.of(t)
        assert {"Moufang", "inverse property", "alternative", "power-associative"} <= set(
            found.classes
        )
        assert found.nuclei.center == found.nuclei.left == (0, 1)
        of_order_4 = int((t.diagonal() == 1).sum())
        kind = (of_order_4, None)
        if found.doubling is not None:
            kind = (of_order_4, found.doubling.square)
        kinds.setdefault(kind, t)
    # Chein's list of five; two of them have six elements of order 4.
    assert set(kinds) == {(2, 0), (6, 0), (6, None), (10, 1), (14, 1)}
    for (_, square), t in kinds.items():
        doubling = LoopParts.of(tables.relabeled(t, rng)).doubling
        assert (doubling is None) == (square is None)


@pytest.mark.parametrize("name", ["symmetric", "alternating", "dihedral"])
def test_chein_loops_are_recognized(name, tables, rng):
    group = {
        "symmetric": tables.symmetric(3),
        "alternating": tables.alternating(4),
        "dihedral": tables.dihedral(7),
    }[name]
    loop = tables.relabeled(tables.moufang(group), rng)
    found = LoopParts.of(loop)
    assert found.doubling.square == found.identity
    assert len(found.doubling.group) == len(group)


def test_a_group_is_no_doubling_and_its_multiplications_are_known(tables):
    group = tables.symmetric(4)
    found = LoopParts.of(group)
    assert found.doubling is None
    assert found.multiplication_group.order == 24**2
    assert found.inner_order == 24
    assert "automorphic" in found.classes
    assert found.nuclei.center == (0,)


def test_a_random_loop_has_all_permutations_as_multiplications(tables, rng):
    square = tables.random_latin(24, rng, moves=3000)
    loop = square[np.argsort(square[:, 0])]
    loop = loop[:, np.argsort(loop[0])]
    found = LoopParts.of(loop)
    assert found.multiplication_group.giant == "S"
    assert found.inner_order == math.factorial(23)


def test_what_is_no_latin_square_is_refused():
    with pytest.raises(ValueError, match=r"cells \(1, 0\) and \(1, 1\) hold the same symbol"):
        LoopParts.of([[0, 1], [1, 1]])
