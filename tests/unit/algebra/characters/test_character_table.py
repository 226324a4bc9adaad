"""Characters against the definition, textbook tables and the theorems about them."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.algebra import Cyclotomic, Group, character_table, conjugacy_classes
from cayley.algebra.characters import _character_table as module
from cayley.algebra.characters._irreducible_characters import CodedValues
from cayley.tables import all_small_groups, generate_family

SAMPLE = all_small_groups()[::21]


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def rows(table):
    return [[str(value) for value in table.row(i)] for i in range(len(table))]


TEXTBOOK = {
    "C3": [["1", "1", "1"], ["1", "w", "w^2"], ["1", "w^2", "w"]],
    "C4": [
        ["1", "1", "1", "1"],
        ["1", "1", "-1", "-1"],
        ["1", "-1", "i", "-i"],
        ["1", "-1", "-i", "i"],
    ],
    "S3": [["1", "1", "1"], ["1", "-1", "1"], ["2", "0", "-1"]],
    "Q8": [
        ["1", "1", "1", "1", "1"],
        ["1", "1", "1", "-1", "-1"],
        ["1", "1", "-1", "1", "-1"],
        ["1", "1", "-1", "-1", "1"],
        ["2", "-2", "0", "0", "0"],
    ],
    "A4": [
        ["1", "1", "1", "1"],
        ["1", "1", "w", "w^2"],
        ["1", "1", "w^2", "w"],
        ["3", "-1", "0", "0"],
    ],
    "A5": [
        ["1", "1", "1", "1", "1"],
        ["3", "-1", "0", "(1+√5)/2", "(1-√5)/2"],
        ["3", "-1", "0", "(1-√5)/2", "(1+√5)/2"],
        ["4", "0", "1", "-1", "-1"],
        ["5", "1", "-1", "0", "0"],
    ],
    "PSL(2,7)": [
        ["1", "1", "1", "1", "1", "1"],
        ["3", "-1", "0", "1", "(-1+i√7)/2", "(-1-i√7)/2"],
        ["3", "-1", "0", "1", "(-1-i√7)/2", "(-1+i√7)/2"],
        ["6", "2", "0", "0", "-1", "-1"],
        ["7", "-1", "1", "-1", "0", "0"],
        ["8", "0", "-1", "0", "1", "1"],
    ],
}
"""Isaacs, *Character Theory of Finite Groups*, appendix; columns of one order may be swapped."""


@pytest.mark.parametrize("name", TEXTBOOK)
def test_small_tables_are_those_of_the_textbooks(name):
    table = character_table(family(name))
    found, expected = np.array(rows(table)), np.array(TEXTBOOK[name])
    assert Counter(map(tuple, found.T)) == Counter(map(tuple, expected.T))


@pytest.mark.parametrize("entry", SAMPLE, ids=lambda entry: f"{entry.order}-{entry.id}")
def test_the_theorems_hold_exactly(entry):
    group = Group.from_permutations(entry.generators)
    table = character_table(group)
    classes = conjugacy_classes(group)
    k, n = len(classes), group.order
    assert table.codes.shape == (k, k)
    assert (table.degrees**2).sum() == n
    assert not (n % table.degrees).any()
    assert set(table.row(0)) == {Cyclotomic.root(1)}
    assert table.degrees.tolist() == sorted(table.degrees.tolist())
    # orthogonality of columns, numerically: the code checks rows, by another way
    numbers = table.to_complex()
    gram = numbers.conj().T @ numbers
    assert np.abs(gram - np.diag(n / classes.sizes)).max() < 1e-9 * n
    # sum of nu(chi) chi(1) counts the solutions of x^2 = 1
    squares = group.table[np.arange(n), np.arange(n)]
    involutions = int((squares == group.identity).sum())
    assert sum(np.array(table.indicators) * table.degrees) == involutions
    # real characters and real classes are equally many
    real_classes = (classes.labels[group.inverses] == classes.labels)[classes.representatives]
    assert sum(indicator != 0 for indicator in table.indicators) == real_classes.sum()


@pytest.mark.parametrize("name", ["S4", "Q8", "C7:C3", "A5"])
def test_products_of_characters_are_sums_of_characters(name):
    """Exactly, with the arithmetic of Cyclotomic alone."""
    table = character_table(family(name) if ":" not in name else family("21:1"))
    sizes = table.classes.sizes.tolist()
    for i in range(len(table)):
        for j in range(i + 1):
            product = [x * y for x, y in zip(table.row(i), table.row(j), strict=True)]
            for k in range(len(table)):
                terms = zip(sizes, product, table.row(k), strict=True)
                total = sum((size * x * y.conjugate() for size, x, y in terms), Cyclotomic(1, ()))
                assert int(total) >= 0
                assert int(total) % table.group.order == 0


def test_the_natural_character_of_s5_splits_as_it_must():
    s5 = family("S5")
    table = character_table(s5)
    assert table.degrees.tolist() == [1, 1, 4, 4, 5, 5, 6]
    assert set(table.indicators) == {1}
    assert all(value.is_rational for value in table.values)
    assert [len(table.kernel(i)) for i in range(7)] == [120, 60, 1, 1, 1, 1, 1]
    assert [table.is_faithful(i) for i in range(7)] == [False, False, *[True] * 5]


@given(st.data())
def test_relabeling_permutes_the_rows_only(data):
    group = family(data.draw(st.sampled_from(["S3", "Q8", "C6", "A4"])))
    order = np.array(data.draw(st.permutations(range(group.order))))
    moved = np.empty_like(group.table)
    moved[np.ix_(order, order)] = order[group.table]
    table = character_table(Group.from_table(moved))
    original = character_table(group)

    def multiset(table):
        columns = table.classes.sizes.tolist(), table.classes.orders.tolist()
        return Counter(
            (nu, tuple(sorted(zip(*columns, row, strict=True))))
            for nu, row in zip(table.indicators, rows(table), strict=True)
        )

    assert multiset(table) == multiset(original)


def test_abelian_groups_have_their_dual():
    table = character_table(family("C12xC2"))
    assert set(table.degrees.tolist()) == {1}
    assert len(set(map(tuple, rows(table)))) == 24
    elements = table.classes.labels
    numbers = table.to_complex()[:, elements]
    product = table.group.table
    assert np.abs(numbers[:, product] - numbers[:, :, None] * numbers[:, None, :]).max() < 1e-12


def test_a_table_with_too_many_classes_is_refused():
    with pytest.raises(ValueError, match="8 conjugacy classes, over the limit of 7; raise"):
        character_table(family("C8"), max_classes=7)


def test_characters_that_are_not_orthonormal_are_noticed(monkeypatch):
    group = family("S3")
    wrong = CodedValues(
        values=(Cyclotomic.root(1), -Cyclotomic.root(1), 2 * Cyclotomic.root(1)),
        codes=np.array([[0, 0, 0], [0, 1, 0], [2, 1, 1]]),
    )
    monkeypatch.setattr(module, "irreducible_characters", lambda _: wrong)
    with pytest.raises(AssertionError, match="not orthonormal"):
        character_table(group)


@pytest.mark.slow
def test_all_small_groups_have_a_table():
    for entry in all_small_groups():
        table = character_table(Group.from_permutations(entry.generators))
        assert (table.degrees**2).sum() == entry.order


@pytest.mark.slow
@pytest.mark.parametrize("name", ["S4xS4", "S6", "D1000", "C997", "D8xC5xC5xC5"])
def test_large_groups_have_a_table(name):
    table = character_table(family(name))
    assert (table.degrees**2).sum() == table.group.order
