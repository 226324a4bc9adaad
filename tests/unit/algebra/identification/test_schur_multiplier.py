"""Schur multipliers against the second homology of the bar resolution, and against theorems."""

from itertools import product

import numpy as np
import pytest

from cayley.algebra import Group, identify
from cayley.algebra.identification._group_name import listed_groups
from cayley.algebra.identification._schur_multiplier import listed_multipliers, schur_multiplier
from cayley.tables import generate_family


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def multiplier(group):
    return schur_multiplier(group, (identify(group).gap_id or (0, None))[1])


def second_homology(group):
    """Return the prime powers of H_2, from the normalized bar resolution, by integers alone.

    H_2 is the torsion of the 2-chains modulo boundaries, as the homology of a finite group is
    finite and boundaries of 2-chains lie in a free group.
    """
    n, e, table = group.order, group.identity, group.table
    others = [x for x in range(n) if x != e]
    place = {pair: i for i, pair in enumerate(product(others, repeat=2))}
    rows = []
    for a, b, c in product(others, repeat=3):
        row = {}
        # The boundary of [a|b|c]; cells with the identity in them are zero.
        for sign, pair in (
            (1, (b, c)), (-1, (table[a, b], c)), (1, (a, table[b, c])), (-1, (a, b)),
        ):  # fmt: skip
            if e not in pair:
                key = place[pair]
                row[key] = row.get(key, 0) + sign
        rows.append({key: value for key, value in row.items() if value})
    return sorted(q for d in elementary_divisors(rows) for q in prime_powers(d))


def elementary_divisors(rows):
    """Return the divisors above 1 of an integer matrix of sparse rows, by Smith's reduction."""
    found = []
    rows = [row for row in rows if row]
    while rows:
        i, j = min(
            ((i, j) for i, row in enumerate(rows) for j in row),
            key=lambda at: abs(rows[at[0]][at[1]]),
        )
        pivot, rows = rows[i], rows[:i] + rows[i + 1 :]
        left = []
        clean = True
        for row in rows:
            factor = row.get(j, 0) // pivot[j]
            new = {**pivot, **row} if factor else row
            if factor:
                new = {key: row.get(key, 0) - factor * pivot.get(key, 0) for key in new}
            new = {key: value for key, value in new.items() if value}
            clean &= j not in new
            if new:
                left.append(new)
        rows = left
        if not clean:
            rows.append(pivot)  # a smaller pivot was left behind
            continue
        # Columns: what the pivot does not divide becomes the next pivot.
        rest = {key: value % pivot[j] for key, value in pivot.items() if value % pivot[j]}
        if rest:
            rows.append({j: pivot[j], **rest})
        elif abs(pivot[j]) > 1:
            found.append(abs(pivot[j]))
    return found


def prime_powers(number):
    found, p = [], 2
    while number > 1:
        q = 1
        while number % p == 0:
            q, number = q * p, number // p
        if q > 1:
            found.append(q)
        p += 1
    return found


SMALL = ["C1", "C2", "C4", "C2xC2", "C5", "S3", "C6", "C7", "C8", "C4xC2", "D8", "Q8", "C2xC2xC2"]


@pytest.mark.parametrize(
    "name",
    [
        *SMALL,
        "C3xC3",
        pytest.param("A4", marks=pytest.mark.slow),
        pytest.param("12:1", id="C3:C4", marks=pytest.mark.slow),
    ],
)
def test_multipliers_are_the_homology_of_the_bar_resolution(name):
    group = family(name)
    assert list(multiplier(group)) == second_homology(group)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("S4", (2,)),
        ("A5", (2,)),
        ("64:267", (2,) * 15),  # elementary abelian, p^(k(k-1)/2)
        ("C3xC3xC3xC3", (3,) * 6),
        ("27:3", (3, 3)),  # extraspecial of exponent 3 and 9
        ("27:4", ()),
        ("C4xC4", (4,)),
        ("S5", (2,)),
        ("A6", (2, 3)),
        ("PSL(2,7)", (2,)),
        ("D240", (2,)),
        ("Q128", ()),
        ("C150", ()),
    ],
)
def test_multipliers_of_the_literature(name, expected):
    assert multiplier(family(name)) == expected


def test_the_list_has_each_group_and_agrees_with_theorems():
    multipliers = listed_multipliers()
    numbers = sorted((order, number) for (order, _), (number, _) in listed_groups().items())
    assert numbers == [(n, k) for n, each in multipliers.items() for k in range(1, len(each) + 1)]
    # Without a number the theorems answer; what they say must be what the list says.
    by_theorem = 0
    for order, number in numbers[::29]:
        found = schur_multiplier(family(f"{order}:{number}"))
        if found is not None:
            by_theorem += 1
            assert found == multipliers[order][number - 1], (order, number)
    assert by_theorem > 15


def test_the_multiplier_of_a_product():
    """Of S4 x S4: both, and C2 from the abelian quotients."""
    assert multiplier(family("S4xS4")) == (2, 2, 2)


def test_the_multiplier_of_special_linear_groups_is_trivial():
    vectors = [v for v in product(range(7), repeat=2) if any(v)]
    maps = [
        [vectors.index((x, (x + y) % 7)) for x, y in vectors],
        [vectors.index((-y % 7, x)) for x, y in vectors],
    ]
    group = Group.from_permutations(maps)
    assert (identify(group).name, multiplier(group)) == ("SL(2,7)", ())


def test_an_unknown_multiplier_is_none():
    assert multiplier(family("S3xS3xS3")) is not None
    wreath = [[1, 2, 3, 0, 4, 5, 6, 7], [1, 0, 2, 3, 4, 5, 6, 7], [4, 5, 6, 7, 0, 1, 2, 3]]
    assert multiplier(Group.from_permutations(wreath)) is None


def test_orders_are_divided_by_the_square_of_the_multiplier():
    """If the exponent of M is m, then m^2 divides the order (Schur)."""
    for order, multipliers in listed_multipliers().items():
        for each in multipliers:
            assert order % int(np.lcm.reduce([1, *each])) ** 2 == 0
