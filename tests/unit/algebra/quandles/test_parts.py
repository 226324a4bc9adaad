"""Parts, classes and counts of quandles, against their definitions."""

import itertools

import numpy as np
import pytest

import oracles
from cayley.algebra.quandles import QuandleParts


def up_to_isomorphism(tables):
    n = tables.shape[1]
    weights = n ** np.arange(n * n).reshape(n, n)
    smallest = np.full(len(tables), np.iinfo(np.int64).max)
    for p in map(np.array, itertools.permutations(range(n))):
        images = np.argsort(p)[tables[:, p][:, :, p]]
        smallest = np.minimum(smallest, (images * weights).sum(axis=(1, 2)))
    return tables[np.unique(smallest, return_index=True)[1]]


@pytest.fixture(scope="module")
def quandles():
    return {n: up_to_isomorphism(oracles.left_quandles(n)) for n in range(1, 6)}


def test_numbers_of_quandles_are_as_is_known(quandles):
    assert [len(quandles[n]) for n in range(1, 6)] == [1, 1, 3, 7, 22]
    words = {n: [QuandleParts.of(t).classes for t in quandles[n]] for n in quandles}
    # Connected quandles: of order 4 the tetrahedron, of prime order p the p - 2 Alexander quandles.
    assert [sum("connected" in each for each in words[n]) for n in words] == [1, 0, 1, 1, 3]


def test_classes_and_groups_of_all_quandles_of_order_up_to_five(quandles):
    for t in itertools.chain.from_iterable(quandles.values()):
        n = len(t)
        found = QuandleParts.of(t)
        generators = [tuple(row) for row in t.tolist()]
        inverses = [tuple(np.argsort(row).tolist()) for row in t]
        inner = closed(generators, n)
        products = [tuple(p[i] for i in q) for p in generators for q in inverses]
        assert found.inner_group.order == len(inner)
        assert found.displacement_group.order == len(closed(products, n))
        orbits = {frozenset(p[a] for p in inner) for a in range(n)}
        assert {frozenset(orbit) for orbit in found.orbits} == orbits
        pairs = list(itertools.product(range(n), repeat=2))
        assert ("faithful" in found.classes) == (len(set(generators)) == n)
        assert ("involutory" in found.classes) == all(t[a, t[a, b]] == b for a, b in pairs)
        assert ("medial" in found.classes) == all(
            t[t[a, b], t[c, d]] == t[t[a, c], t[b, d]] for a, b in pairs for c, d in pairs
        )
        if "Alexander" in found.classes:
            assert affine(t)
        elif "Alexander" not in found.undecided:
            assert not affine(t)


def closed(generators, n):
    found, new = {tuple(range(n))}, [tuple(range(n))]
    while new:
        new = [q for p in new for g in generators if (q := tuple(g[x] for x in p)) not in found]
        new = list(dict.fromkeys(new))
        found.update(new)
    return found


def affine(t):
    """Whether a quandle is (1 - t)x + ty over C_n or C2 x C2, by all labelings."""
    n = len(t)
    cyclic = np.add.outer(np.arange(n), np.arange(n)) % n
    xor = np.arange(n)[:, None] ^ np.arange(n)
    groups = [cyclic, xor] if n == 4 else [cyclic]
    for plus in groups:
        minus = (plus == 0).argmax(axis=1)
        for images in itertools.permutations(range(n)):
            f = np.array(images)
            if not np.array_equal(f[plus], plus[np.ix_(f, f)]):
                continue
            rest = plus[np.arange(n), minus[f]]  # (1 - t)x
            table = plus[rest[:, None], f[None, :]]
            for p in map(np.array, itertools.permutations(range(n))):
                if np.array_equal(p[t], table[np.ix_(p, p)]):
                    return True
    return False


@pytest.mark.parametrize("n", [9, 24, 25])
def test_dihedral_quandles(n):
    i, j = np.indices((n, n))
    found = QuandleParts.of((2 * i - j) % n)
    odd = n % 2 == 1
    # The inner group is the dihedral group of the n-gon, or of half of it.
    assert found.inner_group.order == (2 * n if odd else n)
    assert found.displacement_group.order == (n if odd else n // 2)
    assert len(found.orbits) == (1 if odd else 2)
    for word in ("connected", "faithful", "Latin"):
        assert (word in found.classes) == odd
    assert {"quandle", "involutory", "medial"} <= set(found.classes)


def test_conjugation_in_a_group(tables):
    group = tables.symmetric(4)
    inverse = (group == 0).argmax(axis=1)
    found = QuandleParts.of(group[group, inverse[:, None]])
    assert sorted(map(len, found.orbits)) == [1, 3, 6, 6, 8]
    assert found.inner_group.order == 24
    assert found.classes == ("quandle", "faithful", "conjugation")
    assert found.undecided == ()


def test_a_rack_that_is_no_quandle():
    n = 5
    found = QuandleParts.of(np.roll(np.arange(n), -1)[None, :].repeat(n, axis=0))
    assert "quandle" not in found.classes
    assert found.inner_group.order == 5
    assert found.displacement_group.order == 1


def test_what_is_no_left_rack_is_refused():
    with pytest.raises(ValueError, match="must be a left rack; it is not left cancellative"):
        QuandleParts.of([[0, 0], [0, 1]])
    with pytest.raises(ValueError, match="must be a left rack; it is not left distributive"):
        QuandleParts.of([[0, 1], [1, 0]])
