import numpy as np
import pytest

from cayley.algebra import Group, identify
from cayley.algebra.identification._extensions import quotient_group
from cayley.tables._table import Table


def assert_identified_in_disguise(entry, tables, rng):
    """The group is identified relabeled, and again as an isotope."""
    table = Group.from_permutations(entry["generators"]).table
    expected = (entry["name"], (entry["order"], entry["id"]), True)
    group = identify(tables.relabeled(table, rng))
    assert (group.name, group.gap_id, group.proved) == expected
    assert group.structure == "group"
    isotope = identify(tables.isotope(table, rng))
    assert (isotope.name, isotope.gap_id, isotope.proved) == expected
    assert isotope.invariants == group.invariants


def test_small_groups_are_identified_in_disguise(small_groups, tables, rng):
    """All 144 groups of order at most 32, and every tenth beyond."""
    beyond = [entry for entry in small_groups if entry["order"] > 32]
    for entry in [each for each in small_groups if each["order"] <= 32] + beyond[::10]:
        assert_identified_in_disguise(entry, tables, rng)


@pytest.mark.slow
def test_every_small_group_is_identified_in_disguise(small_groups, tables, rng):
    """All 1048 groups of order at most 100."""
    for entry in small_groups:
        assert_identified_in_disguise(entry, tables, rng)


def large_groups(t):
    c, d = t.cyclic, t.dihedral
    return {
        "C101": c(101),
        "C120": c(120),
        "C60 x C2": t.product(c(60), c(2)),
        "C12 x C12 x C2": t.product(c(4), c(3), c(12), c(2)),
        "D102": d(51),
        "D120": d(60),
        "Q120": d(60, dicyclic=True),
        "Q108": d(54, dicyclic=True),
        "Q128": d(64, dicyclic=True),
        "D240": d(120),
        "Q240": d(120, dicyclic=True),
        "QD128": _metacyclic(64, 31),
        "C64 : C2": _metacyclic(64, 33),
        "SL(2,5)": _special_linear(5),
        "SL(2,7)": _special_linear(7),
        "S5": t.symmetric(5),
        "S6": t.symmetric(6),
        "A6": t.alternating(6),
        "PSL(2,7)": t.projective(7),
        "PSL(2,11)": t.projective(11),
        "S4 x S4": t.product(t.symmetric(4), t.symmetric(4)),
        "C2 x A5": t.product(t.alternating(5), c(2)),
        "C6 x S5": t.product(t.symmetric(5), c(6)),
        "S3 x A5": t.product(t.alternating(5), t.symmetric(3)),
        "C10 x D8 x D10": t.product(d(4), d(5), c(10)),
        "C2 x Q8 x D8": t.product(d(4), d(4, dicyclic=True), c(2)),
        "C3 x C3 x (C5 : C4)": t.product(d(10, dicyclic=True), c(3), c(3)),
    }


def test_families_beyond_the_list(tables, rng):
    for name, table in large_groups(tables).items():
        for disguised in (tables.relabeled(table, rng), tables.isotope(table, rng)):
            found = identify(disguised)
            assert found.name == name
            assert found.proved
            assert (found.gap_id is None) == (len(table) > 200)
            assert found.invariants.order == len(table)


def test_factors_are_named_with_their_numbers(tables):
    table = tables.product(tables.symmetric(4), tables.symmetric(4))
    assert identify(table).factors == (("S4", (24, 12)), ("S4", (24, 12)))


def _metacyclic(m, k):
    """Elements x^a t^s with t x = x^k t, t^2 = 1."""
    a, s = np.divmod(np.arange(2 * m), m)[::-1]
    turn = a[:, None] + np.where(s[:, None] == 1, k * a, a)
    return turn % m + m * (s[:, None] ^ s)


def _special_linear(p):
    """SL(2, p) acting on the nonzero vectors."""
    vectors = [(x, y) for x in range(p) for y in range(p) if x or y]
    place = {v: i for i, v in enumerate(vectors)}
    shear = [place[x, (x + y) % p] for x, y in vectors]
    turn = [place[y, -x % p] for x, y in vectors]
    return Group.from_permutations([shear, turn]).table


def test_unlisted_groups_are_not_guessed(tables, rng):
    group = without_a_name()
    found = identify(tables.relabeled(group, rng))
    assert (found.name, found.gap_id, found.proved) == (None, None, False)
    assert found.reason == "not identified"
    assert found.invariants.order == len(group)
    assert str(found) == f"a group of order {len(group)} (not identified)"


def without_a_name():
    """The product of SL(2,5) and C8 with their elements of order 2 made one: no family has it."""
    special = Group(table=_special_linear(5), identity=0)
    (minus,) = np.flatnonzero(special.element_orders == 2)
    x, y = np.divmod(np.arange(120 * 8), 8)
    both = 8 * special.table[np.ix_(x, x)] + (y[:, None] + y) % 8
    return quotient_group(Group(table=both, identity=0), np.array([0, 8 * minus + 4])).table


def test_a_factor_that_is_not_identified_leaves_the_product_without_a_name(tables):
    found = identify(tables.product(without_a_name(), tables.cyclic(3)))
    assert found.name is None
    assert found.factors == ()


def test_tables_that_are_no_isotopes_say_why(tables, rng):
    loop = tables.moufang(tables.symmetric(3))
    found = identify(loop)
    assert (found.structure, found.name, found.proved, found.invariants) == (
        "loop", None, False, None,
    )  # fmt: skip
    assert found.reason.startswith("no isotope of a group: the rectangles on rows")
    assert str(found) == f"loop: {found.reason}"
    assert identify(np.maximum.outer(range(3), range(3))).structure == "monoid"
    assert identify(tables.isotope(loop, rng)).structure in ("loop", "quasigroup")


def test_random_latin_squares_of_order_ten_are_no_groups(tables):
    for seed in range(5):
        table = tables.random_latin(10, np.random.default_rng(seed), moves=500)
        assert identify(table).name is None


def test_labeled_tables_are_aligned_first(tables):
    s3 = Table.from_array(tables.symmetric(3), labels="eabcdf")
    shuffled = Table(rows="eabcdf", columns="abcdfe", symbols="fdcbae", array=_respelled(s3))
    assert identify(s3).structure == "group"
    assert identify(shuffled) == identify(s3)


def _respelled(table):
    """Cells of the table with columns a b c d f e and symbols f d c b a e."""
    places = {label: i for i, label in enumerate("fdcbae")}
    return [[places[table[row, column]] for column in "abcdfe"] for row in "eabcdf"]


def test_three_alphabets_make_an_isotope_at_most(tables):
    for array, kind in (
        (tables.cyclic(5), "group isotope"),
        (tables.moufang(tables.symmetric(3)), "quasigroup"),
        (np.maximum.outer(range(5), range(5)), "magma"),
    ):
        names = [[f"{letter}{i}" for i in range(len(array))] for letter in "rcs"]
        table = Table(rows=names[0], columns=names[1], symbols=names[2], array=array)
        assert identify(table).structure == kind


def test_partial_and_ragged_tables_are_refused():
    with pytest.raises(ValueError, match="full"):
        identify(Table.from_array([[0, -1], [1, 0]]))
    with pytest.raises(ValueError, match="square"):
        identify(Table(rows="ab", columns="a", symbols="ab", array=[[0], [1]]))


def test_text():
    assert str(identify([[0]])) == "1 (GAP 1:1)"
    assert str(identify([[1, 0], [0, 1]])) == "C2 (GAP 2:1)"
