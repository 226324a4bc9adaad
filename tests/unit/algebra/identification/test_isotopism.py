import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.algebra import (
    Group,
    Isotopism,
    NotIsotope,
    find_isotopism,
    identify,
    is_associative,
    is_latin_square,
    verify_isotopism,
)
from cayley.testing import assert_group, assert_isotopism


def assert_found(table, found):
    assert isinstance(found, Isotopism)
    assert_group(found.group.table)
    assert found.group.table[found.group.identity].tolist() == list(range(len(table)))
    assert_isotopism(
        table, found.group.table, rows=found.rows, columns=found.columns, symbols=found.symbols
    )
    assert verify_isotopism(table, found)
    assert found.apply().tolist() == table.tolist()


def assert_refuted(table, found):
    """The evidence must hold up on the original table, whatever the search did."""
    assert isinstance(found, NotIsotope)
    assert not found
    if found.reason == "not latin":
        a, b, c, d = found.counterexample
        assert table[a, b] == table[c, d]
        assert (a == c) != (b == d)
        return
    assert is_latin_square(table)
    a1, a2, b1, b2, a3, a4, b3, b4 = found.counterexample
    assert table[a1, b1] == table[a3, b3]
    assert table[a1, b2] == table[a3, b4]
    assert table[a2, b1] == table[a4, b3]
    assert table[a2, b2] != table[a4, b4]
    assert "agree in three corners" in str(found)


def is_group_isotope_by_force(table):
    """The quadrangle criterion over all pairs of rows and columns, from its definition."""
    n = len(table)
    fourth = {}
    for a1 in range(n):
        for a2 in range(n):
            for b1 in range(n):
                for b2 in range(n):
                    key = (table[a1, b1], table[a1, b2], table[a2, b1])
                    if fourth.setdefault(key, table[a2, b2]) != table[a2, b2]:
                        return False
    return True


@given(st.sampled_from([1, 2, 3, 5, 6, 8, 12]), st.integers(0, 2**32))
@settings(deadline=None)
def test_isotopes_of_groups_are_found(tables, n, seed):
    rng = np.random.default_rng(seed)
    base = tables.dihedral(n // 2) if n >= 6 and seed % 2 else tables.cyclic(n)
    table = tables.isotope(base, rng)
    found = find_isotopism(table)
    assert_found(table, found)
    assert identify(found.group).name == identify(Group.from_table(base)).name


@given(st.integers(1, 7), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_random_latin_squares_agree_with_force(tables, n, seed):
    table = tables.random_latin(n, np.random.default_rng(seed), moves=60)
    found = find_isotopism(table)
    assert bool(is_latin_square(table))
    if is_group_isotope_by_force(table):
        assert_found(table, found)
    else:
        assert_refuted(table, found)


def test_near_misses_are_refuted(tables, rng):
    s3, c6 = tables.symmetric(3), tables.cyclic(6)
    misses = {
        "intercalate of S3 turned": tables.switched(s3),
        "intercalate of C6 turned": tables.switched(c6),
        "intercalate of S4 turned": tables.switched(tables.symmetric(4)),
        "Moufang loop of order 12": tables.moufang(s3),
        "Moufang loop of order 16": tables.moufang(tables.dihedral(4)),
        "Steiner quasigroup of order 15": tables.steiner(15, loop=False),
        "Steiner loop of order 10": tables.steiner(9, loop=True),
        "one cell of S3 wrong": np.where(np.arange(36).reshape(6, 6) == 7, (s3 + 1) % 6, s3),
        "a constant": np.zeros((4, 4), int),
    }
    for name, table in misses.items():
        for disguised in (table, tables.isotope(table, rng)):
            assert_refuted(disguised, find_isotopism(disguised))
            if len(table) <= 16 and is_latin_square(table):
                assert not is_group_isotope_by_force(disguised), name


def test_moufang_doubles_of_abelian_groups_are_groups(tables):
    """Chein: M(G, 2) is associative exactly if G is abelian."""
    assert_found(loop := tables.moufang(tables.cyclic(5)), find_isotopism(loop))
    assert is_associative(loop)


def test_steiner_quasigroup_of_the_affine_plane_is_an_isotope(tables):
    """Nine points: the triples are the lines of AG(2, 3), and the product is -a - b."""
    table = tables.steiner(9, loop=False)
    found = find_isotopism(table)
    assert_found(table, found)
    assert identify(found.group).gap_id == (9, 2)


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_a_group_comes_back_as_itself(n, tables, rng):
    table = tables.relabeled(tables.cyclic(n), rng)
    found = find_isotopism(table)
    assert found.group.table.tolist() == table.tolist()
    for permutation in (found.rows, found.columns, found.symbols):
        assert permutation.tolist() == list(range(n))
    assert found.is_isomorphism


def test_one_sided_identities_are_kept(tables):
    minus = np.subtract.outer(np.arange(7), np.arange(7)) % 7
    for table, name in ((minus, "rows"), (minus.T, "columns")):
        found = find_isotopism(table)
        assert_found(table, found)
        assert getattr(found, name).tolist() == list(range(7))
        assert found.group.table.tolist() == tables.cyclic(7).tolist()
        assert not found.is_isomorphism


def test_a_one_sided_identity_other_than_0_becomes_the_identity_of_the_group(tables, rng):
    minus = np.subtract.outer(np.arange(7), np.arange(7)) % 7
    right = tables.relabeled(minus, rng)
    identity = int(np.flatnonzero((right == np.arange(7)[:, None]).all(axis=0))[0])
    assert identity != 0
    for table, name in ((right, "rows"), (right.T, "columns")):
        found = find_isotopism(table)
        assert_found(table, found)
        assert found.group.identity == identity
        assert getattr(found, name).tolist() == list(range(7))


def test_verify_finds_the_wrong_cell(tables):
    table = tables.cyclic(6)
    found = find_isotopism(table)
    table[2, 3] = 0
    answer = verify_isotopism(table, found)
    assert not answer
    assert answer.counterexample == (2, 3)
    with pytest.raises(ValueError, match="order 5"):
        verify_isotopism(tables.cyclic(5), found)


def test_maps_must_be_permutations(tables):
    group = Group.from_table(tables.cyclic(3))
    good = np.arange(3)
    with pytest.raises(ValueError, match="`columns` must be a permutation"):
        Isotopism(rows=good, columns=np.array([0, 0, 1]), symbols=good, group=group)


def test_text_of_a_refutation():
    assert str(find_isotopism([[0, 0], [1, 1]])) == (
        "not a Latin square: cells (0, 0) and (0, 1) hold the same symbol"
    )
