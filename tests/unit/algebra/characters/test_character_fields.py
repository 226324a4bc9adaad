"""The fields of characters, against the action of Galois on the values themselves."""

from collections import Counter
from math import gcd, sqrt

import numpy as np
import pytest

from cayley.algebra import Group, character_table, generated_submagma
from cayley.algebra.characters._character_fields import character_fields, field_name
from cayley.tables import generate_family


def characters(name):
    return character_table(Group.from_table(generate_family(name).aligned().array))


NAMES = ["C1", "C12", "Q8", "A5", "D36", "21:1", "20:3", "PSL(2,7)", "64:134", "48:29", "C7xC4"]


@pytest.mark.parametrize("name", NAMES)
def test_degrees_count_the_conjugates_of_a_character(name):
    table = characters(name)
    m = int(np.lcm.reduce(table.group.element_orders))
    units = [u for u in range(1, m + 1) if gcd(u, m) == 1]
    for i, field in enumerate(character_fields(table)):
        row = table.row(i)
        images = {u: tuple(value.galois(u % value.conductor or 1) for value in row) for u in units}
        assert field.degree == len(set(images.values()))
        assert field.conductor == np.lcm.reduce([value.conductor for value in row])
        stay = {u % field.conductor or 1 for u, image in images.items() if image == row}
        assert set(field.fixed_by) == stay


@pytest.mark.parametrize("name", NAMES)
def test_classes_of_conjugate_characters_are_as_many_as_cyclic_subgroups(name):
    """Up to conjugacy: the theorem of Artin on rational characters."""
    table = characters(name)
    group = table.group
    degrees = Counter(field.degree for field in character_fields(table))
    orbits = sum(count / degree for degree, count in degrees.items())
    cyclic = {
        frozenset(
            frozenset(int(group.table[group.table[h, x], group.inverses[h]]) for x in subgroup)
            for h in range(group.order)
        )
        for subgroup in (generated_submagma(group.table, [g]).tolist() for g in range(group.order))
    }
    assert orbits == pytest.approx(len(cyclic))


@pytest.mark.parametrize(
    ("n", "fixed_by", "name"),
    [
        (1, (1,), "Q"),
        (3, (1,), "Q(√-3)"),
        (4, (1,), "Q(i)"),
        (5, (1, 4), "Q(√5)"),
        (5, (1,), "Q(E(5))"),
        (7, (1, 2, 4), "Q(√-7)"),
        (7, (1, 6), "Q(E(7)+E(7)^6)"),
        (8, (1, 7), "Q(√2)"),
        (8, (1, 3), "Q(√-2)"),
        (12, (1, 11), "Q(√3)"),
        (12, (1,), "Q(i, √3)"),
        (15, (1, 4), "Q(√-3, √5)"),
        (15, (1, 2, 4, 8), "Q(√-15)"),
        (24, (1,), "Q(i, √2, √3)"),
        (24, (1, 19), "Q(√-2, √-3)"),
        (37, (1, 7, 9, 10, 12, 16, 26, 33, 34), "a field of degree 4 in Q(E(37))"),
    ],
)
def test_names(n, fixed_by, name):
    assert field_name(n, fixed_by) == name


def test_names_with_square_roots_are_those_of_the_values():
    """Each quadratic character value is of the form (a + b √d) / 2 with the d of the name."""
    for name in ("A5", "D16", "PSL(2,7)", "D24", "20:3"):
        table = characters(name)
        for i, field in enumerate(character_fields(table)):
            if field.degree != 2:
                continue
            inside = field.name[len("Q(") : -1]
            d = -1 if inside == "i" else int(inside.removeprefix("√"))
            for value in map(complex, table.row(i)):
                part = value.imag if d < 0 else value.real - round(value.real * 2) / 2
                unit = sqrt(abs(d)) / 2
                rest = min(
                    abs(value.real - a / 2 - b * unit) for a in range(-9, 9) for b in range(-4, 5)
                )
                whole = part / unit if d < 0 else 0
                assert abs(whole - round(whole)) < 1e-9
                assert d < 0 or rest < 1e-9
