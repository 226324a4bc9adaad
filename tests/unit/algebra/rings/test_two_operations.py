from itertools import product

import numpy as np
import pytest

from cayley.algebra.rings import TwoOperations
from cayley.algebra.rings._laws_of_two import EQUATIONS, LawsOfTwo

LATTICE_WORDS = ("lattice", "modular lattice", "distributive lattice")


def value(term, instance, plus, times):
    if isinstance(term, int):
        return instance[term]
    sign, left, right = term
    a, b = (value(each, instance, plus, times) for each in (left, right))
    if sign == "-":
        zero = next(e for e in range(len(plus)) if all(plus[e][x] == x for x in range(len(plus))))
        return plus[next(x for x in range(len(plus)) if plus[a][x] == zero)][b]
    return (plus if sign == "+" else times)[a][b]


def holds(law, plus, times):
    left, right = EQUATIONS[law]
    return all(
        value(left, xyz, plus, times) == value(right, xyz, plus, times)
        for xyz in product(range(len(plus)), repeat=3)
    )


def is_group(t):
    n = range(len(t))
    return (
        all(sorted(row) == list(n) for row in t)
        and all(sorted(t[a][b] for a in n) == list(n) for b in n)
        and is_semigroup(t)
    )


def is_semigroup(t):
    n = range(len(t))
    return all(t[t[a][b]][c] == t[a][t[b][c]] for a in n for b in n for c in n)


def commutes(t):
    n = range(len(t))
    return all(t[a][b] == t[b][a] for a in n for b in n)


def neutral(t):
    n = range(len(t))
    return [e for e in n if all(t[e][x] == x == t[x][e] for x in n)]


def words_by_definition(plus, times):
    """Every word that holds, by its definition and all instances."""
    n = range(len(plus))
    left, right = (holds(f"{side} distributivity", plus, times) for side in ("left", "right"))
    found = set()
    semilattices = all(
        is_semigroup(t) and commutes(t) and all(t[a][a] == a for a in n) for t in (plus, times)
    )
    absorbs = all(holds(f"absorption of {each}", plus, times) for each in ("sums", "products"))
    if semilattices and absorbs:
        found.add("lattice")
        found |= {"modular lattice"} if holds("modularity", plus, times) else set()
        found |= {"distributive lattice"} if left else set()
    one = neutral(times)
    if is_group(plus) and is_semigroup(times):
        found |= {"left near-ring"} if left else set()
        found |= {"right near-ring"} if right else set()
        if left and right and commutes(plus):
            found.add("ring")
            found |= {"commutative ring"} if commutes(times) else set()
            found |= {"unital ring"} if one else set()
            (zero,) = neutral(plus)
            others = [a for a in n if a != zero]
            invertible = one and all(
                any(times[a][b] == one[0] == times[b][a] for b in others) for a in others
            )
            found |= {"field"} if commutes(times) and others and invertible else set()
    zero = neutral(plus)
    if is_semigroup(plus) and commutes(plus) and zero and is_semigroup(times) and left and right:
        (z,) = zero
        found |= {"semiring"} if all(times[z][a] == z == times[a][z] for a in n) else set()
    if is_group(plus) and is_group(times) and holds("brace law", plus, times):
        found.add("skew brace")
    return found


def check(plus, times):
    found = TwoOperations.of(plus, times)
    wanted = words_by_definition(np.array(plus).tolist(), np.array(times).tolist())
    true = {
        "lattice", "modular lattice", "distributive lattice", "ring", "commutative ring",
        "unital ring", "field", "semiring", "left near-ring", "right near-ring", "skew brace",
    } - found.failures.keys()  # fmt: skip
    assert true == wanted
    for failure in found.failures.values():
        if failure.law in EQUATIONS:
            left, right = EQUATIONS[failure.law]
            arrays = np.array(plus), np.array(times)
            assert value(left, failure.instance, *arrays) != value(right, failure.instance, *arrays)
    return found


def test_all_pairs_of_operations_on_two_elements():
    tables = [np.array(cells).reshape(2, 2) for cells in product(range(2), repeat=4)]
    for plus, times in product(tables, repeat=2):
        check(plus, times)


def residues(n):
    a, b = np.indices((n, n))
    return (a + b) % n, a * b % n


def test_residues_and_fields():
    assert check(*residues(6)).name == "Z/6"
    assert check(*residues(5)).kinds == ("field",)
    a, b = np.indices((4, 4))
    carry = np.array([[0, 0, 0, 0], [0, 1, 2, 3], [0, 2, 3, 1], [0, 3, 1, 2]])
    found = check(a ^ b, carry)
    assert (found.kinds, found.name) == (("field",), "GF(4)")
    assert check(a ^ b, a & b).kinds == ("commutative unital ring",)
    assert check(a ^ b, 0 * a).kinds == ("commutative ring",)


def order_of(lower):
    """Return join and meet of a lattice from the sets of elements below each element."""
    n = len(lower)
    below = np.array([[a in lower[b] for b in range(n)] for a in range(n)])
    meet, join = np.empty((n, n), int), np.empty((n, n), int)
    for a, b in product(range(n), repeat=2):
        under = [c for c in range(n) if below[c, a] and below[c, b]]
        over = [c for c in range(n) if below[a, c] and below[b, c]]
        meet[a, b] = next(c for c in under if all(below[d, c] for d in under))
        join[a, b] = next(c for c in over if all(below[c, d] for d in over))
    return join, meet


DIAMOND = [{0}, {0, 1}, {0, 2}, {0, 3}, {0, 1, 2, 3, 4}]
PENTAGON = [{0}, {0, 1}, {0, 1, 2}, {0, 3}, {0, 1, 2, 3, 4}]
SQUARE = [{0}, {0, 1}, {0, 2}, {0, 1, 2, 3}]


@pytest.mark.parametrize(
    ("lower", "word"),
    [(DIAMOND, "modular lattice"), (PENTAGON, "lattice"), (SQUARE, "distributive lattice")],
    ids=["diamond", "pentagon", "square"],
)
def test_lattices_either_way_up(lower, word):
    join, meet = order_of(lower)
    assert check(join, meet).kinds[0] == word
    assert check(meet, join).kinds[0] == word


def test_near_rings_and_braces():
    """All maps of C2 to itself are a near-ring; two groups that are equal are a skew brace."""
    maps = list(product(range(2), repeat=2))
    plus = [[maps.index((f[0] ^ g[0], f[1] ^ g[1])) for g in maps] for f in maps]
    after = [[maps.index((f[g[0]], f[g[1]])) for g in maps] for f in maps]
    assert check(plus, after).kinds == ("right near-ring",)
    assert check(plus, np.array(after).T).kinds == ("left near-ring",)
    a, b = np.indices((4, 4))
    cyclic = (a + b) % 4
    # The brace on C4 with a o b = a + b + 2ab.
    assert check(cyclic, (a + b + 2 * a * b) % 4).kinds == ("brace",)
    s3 = np.array(
        [[0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4], [2, 4, 0, 5, 1, 3],
         [3, 5, 1, 4, 0, 2], [4, 2, 5, 0, 3, 1], [5, 3, 4, 1, 2, 0]]
    )  # fmt: skip
    assert check(s3, s3).kinds == ("skew brace",)


def test_random_changes_of_a_ring_are_judged_as_by_definition():
    plus, times = residues(4)
    rng = np.random.default_rng(0)
    for _ in range(40):
        changed = times.copy()
        for _ in range(int(rng.integers(1, 3))):
            changed[tuple(rng.integers(4, size=2))] = rng.integers(4)
        check(plus, changed)
        check(changed, plus)


def test_tables_of_different_orders_are_refused():
    with pytest.raises(ValueError, match="must have the same order; got 2 and 3"):
        TwoOperations.of([[0, 1], [1, 0]], np.zeros((3, 3), int))


def test_distributivity_is_decided_from_generators():
    """A failure at one element that is no generator is found all the same."""
    plus, times = residues(8)
    times[3, 6] = 0
    laws = LawsOfTwo(plus=plus, times=times)
    assert laws.failure("left distributivity").instance[0] == 3
