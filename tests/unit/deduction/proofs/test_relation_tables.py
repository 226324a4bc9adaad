"""Open corners are those of relations that brute force finds, whatever was entered and removed."""

import numpy as np
import pytest

from cayley.deduction.proofs._relation_tables import RelationTables


def open_corners(relations, products, g, sources):
    """Go through all relations a b = c and look at v a = w, w b = u, v c = u one by one."""
    quotients = {(w, q): v for (v, q), w in products.items()}

    def times(v, q):
        return v if q == 0 else q if v == 0 else products.get((v, q), -1)

    def over(w, q):
        return w if q == 0 else 0 if w == q else quotients.get((w, q), -1)

    found = []
    for v in sources:
        w = products[v, g]
        for number, (a, b, c) in relations.items():
            sides = {0: (a, times(w, b), times(v, c)), 1: (b, over(v, a), over(w, c))}
            sides[2] = c, times(v, a), over(w, b)
            found += [
                (v, place, number)
                for place, (x, left, right) in sides.items()
                if x == g and left != right
            ]
    return sorted(found)


@pytest.mark.parametrize("seed", range(6))
def test_open_corners_are_those_that_brute_force_finds(seed):
    rng = np.random.default_rng(seed)
    size, tables, relations, products, columns = 9, RelationTables(9), {}, {}, {}
    compared, num_names = 0, 12  # more elements than there is room for at first
    for step in range(200):
        p, q, r = (int(x) for x in rng.integers(1, size if step % 4 == 0 else num_names, 3))
        q = min(q, size - 1)  # generators are among those that relations speak of
        if step % 4 == 0:
            number = len(tables.relations)
            assert tables.relate(p, q, r, step)
            relations[number] = p, q, r
        elif step % 7 == 0 and products:
            (p, q), r = list(products.items())[int(rng.integers(len(products)))]
            tables.remove(p, q, r)
            del products[p, q], columns[r, q]
        elif p != r and q != r and (p, q) not in products and (r, q) not in columns:
            tables.enter(p, q, r, num_names)
            products[p, q], columns[r, q] = r, p
        if step == 120:  # relations of one generator speak of another from now on
            for number in tables.withdraw(3):
                a, b, c = (5 if x == 3 else x for x in relations[number])
                assert tables.relate(a, b, c, 0, number)
                relations[number] = a, b, c
        for g in range(1, size):
            sources = [v for v, other in products if other == g]
            found = sorted(tables.open_corners(g, sources))
            assert found == open_corners(relations, products, g, sources)
            compared += len(found)
    assert compared > 1000
    assert not any(3 in relation for relation in list(relations.values())[:31])


def test_a_copy_has_a_content_of_its_own():
    tables = RelationTables(4)
    tables.relate(1, 2, 3, 0)
    other = tables.copy()
    tables.enter(2, 1, 3, 4)
    tables.relate(2, 1, 3, 1)
    assert len(other.relations) == 1
    assert other.numbers(0, 2) == set()
    assert list(other.open_corners(1, [])) == []
    other.enter(3, 1, 2, 4)
    # 3*1 = 2 is the first edge of 1 2 = 3; 2*2 and 3*3 are not known, so that nothing is open.
    assert list(other.open_corners(1, [3])) == []


def test_relations_with_the_unit_are_never_scanned():
    tables = RelationTables(4)
    assert not tables.relate(0, 2, 3, 0)
    assert not tables.relate(2, 0, 3, 1)
    assert tables.numbers(2, 3) == set()
    assert len(tables.relations) == 2
