import itertools
import math

import numpy as np
import pytest

from cayley.theories import law, parse_laws
from cayley.theories._mining import EARNED, evidence, mine, named_laws


def slow_exposures(laws, table, order_of):
    """The definition, instance by instance: cells looked at, and which of them are exposures."""
    n = len(table)
    known = table[table >= 0].tolist()
    looked, exposures, chance = set(), 0, 0.0
    for each in laws:
        for instance in order_of(n, each.num_variables):
            inner, outer = set(), []

            def value(term, instance=instance, inner=inner, outer=outer, top=True):
                if isinstance(term, int):
                    return instance[term]
                left, right = (value(t, top=False) for t in term)
                if left < 0 or right < 0 or table[left, right] < 0:
                    return -1
                if top:
                    outer.append((left, right))
                else:
                    inner.add((left, right))
                return table[left, right]

            left, right = value(each.left), value(each.right)
            if left >= 0 and right >= 0 and (len(outer) < 2 or outer[0] != outer[1]):
                if left != right:
                    return None
                if any(cell not in looked and cell not in inner for cell in outer):
                    exposures += 1
                    chance += math.log10(known.count(left) / len(known))
            looked |= inner | set(outer)
    return exposures, chance


def orders_of(seed):
    """The order in which `evidence` looks at instances, drawn from the same generator."""
    rng = np.random.default_rng(seed)

    def order_of(n, variables):
        chosen = rng.permutation(n**variables)
        return list(itertools.product(range(n), repeat=variables)) and [
            tuple(int(i) for i in np.unravel_index(k, (n,) * variables)) for k in chosen
        ]

    return order_of


TABLES = {
    "C5": np.add.outer(np.arange(5), np.arange(5)) % 5,
    "max": np.maximum.outer(np.arange(5), np.arange(5)),
    "quandle": (2 * np.arange(5)[:, None] - np.arange(5)) % 5,
}


@pytest.mark.parametrize("name", TABLES)
def test_exposures_are_those_of_the_definition(name, rng):
    for fraction in (1.0, 0.7):
        table = np.where(rng.random((5, 5)) < fraction, TABLES[name], -1)
        for laws in (
            parse_laws("xy = yx"),
            parse_laws("x(yz) = (xy)z"),
            parse_laws("x(yz) = (xy)(xz); xx = x; x(xy) = y"),
            parse_laws("(xy)(zx) = (x(yz))x"),
        ):
            expected = slow_exposures(laws, table, orders_of(3))
            found = evidence(laws, table, seed=3)
            if expected is None:
                assert found is None
            else:
                assert found.exposures == expected[0]
                assert found.log10_chance == pytest.approx(expected[1])


def test_true_laws_of_a_large_enough_table_are_earned(tables, rng):
    table = tables.moufang(tables.symmetric(3))
    seen = np.where(rng.random(table.shape) < 0.8, table, -1)
    found = mine(seen, numbered=False)
    (moufang,) = parse_laws("(xy)(zx) = (x(yz))x")
    assert moufang.canonical() in {each.law for each in found}
    assert law(4512) not in {each.law for each in found}
    assert any(each.is_earned for each in found)
    assert [each.corrected for each in found] == sorted(each.corrected for each in found)
    (best,) = (each for each in found if each.law == law(4396))
    assert best.number == 4396
    assert best.support >= best.exposures > 10
    assert best.corrected == best.log10_chance + math.log10(len(named_laws()))


def test_nothing_is_earned_by_random_tables(rng):
    # Each law's chance to reach the bound is below 10**EARNED after correction: 6e-5 in all.
    for _ in range(60):
        n = int(rng.integers(3, 8))
        table = np.where(rng.random((n, n)) < 0.7, rng.integers(n, size=(n, n)), -1)
        assert not any(each.is_earned for each in mine(table, numbered=False))
    table = rng.integers(4, size=(4, 4))
    assert not any(each.corrected <= EARNED for each in mine(table))


def test_nothing_is_earned_from_a_handful_of_cells_or_a_constant():
    assert mine(np.full((4, 4), -1), numbered=False) == ()
    table = np.full((6, 6), -1)
    table[0, :4] = [0, 1, 2, 3]
    assert not any(each.is_earned for each in mine(table, numbered=False))
    assert not any(each.is_earned for each in mine(np.zeros((6, 6), int), numbered=False))
    boolean = np.array([[0, 0], [0, 1]])
    assert all(each.log10_chance > -1 for each in mine(boolean, numbered=False))


def test_laws_together_expose_each_cell_once():
    table = TABLES["C5"]
    laws = parse_laws("xy = yx; x(yz) = (xy)z")
    together = evidence(laws, table)
    single = [evidence((each,), table) for each in laws]
    assert together.exposures < sum(each.exposures for each in single)
    assert together.exposures <= 25
    assert evidence(parse_laws("xy = yx; xx = x"), table) is None
