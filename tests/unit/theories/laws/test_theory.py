"""Every theorem that the catalog uses is checked on all operations of order up to 3."""

import itertools

import numpy as np
import pytest

from cayley.theories import (
    Law,
    Theory,
    parse_laws,
    parse_theory,
)
from cayley.theories.laws._catalog import ADJECTIVES, NOUNS, readings
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._theory import theorems
from cayley.theories.mining._standing import named
from oracles import has_condition, latin_squares, operations, value


def obeying(tables, fact):
    """Which tables have a law or a condition, by a definition that shares no code with ours."""
    if isinstance(fact, Law):
        good = np.ones(len(tables), bool)
        for env in itertools.product(range(tables.shape[1]), repeat=fact.num_variables):
            good &= value(fact.left, tables, env) == value(fact.right, tables, env)
        return good
    return np.array([has_condition(table.tolist(), fact) for table in tables], bool)


TABLES = [operations(n) for n in (1, 2, 3)]
KNOWN = {}


def members(fact, place):
    if (fact, place) not in KNOWN:
        KNOWN[fact, place] = obeying(TABLES[place], fact)
    return KNOWN[fact, place]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_theorems_are_true_in_all_small_operations(place):
    for assumed, follows in theorems():
        models = np.logical_and.reduce([members(fact, place) for fact in assumed])
        for fact in follows:
            assert members(fact, place)[models].all(), (assumed, str(fact))


@pytest.mark.slow
def test_theorems_are_true_in_latin_squares_of_order_4_and_5():
    for n in (4, 5):
        tables = latin_squares(n)
        tables = tables[:: len(tables) // 40 or 1]
        for assumed, follows in theorems():
            models = tables
            for fact in assumed:
                models = models[obeying(models, fact)]
            for fact in follows:
                assert obeying(models, fact).all(), (assumed, str(fact))


def test_strengthening_does_not_change_the_models():
    for theory in NOUNS.values():
        facts = {*theory.laws, *theory.conditions}
        stronger = theory.strengthened()
        more = {*stronger.laws, *stronger.conditions}
        for place in (1, 2):
            models, same = (
                np.logical_and.reduce(
                    [np.ones(len(TABLES[place]), bool)] + [members(fact, place) for fact in each]
                )
                for each in (facts, more)
            )
            np.testing.assert_array_equal(models, same)


@pytest.mark.parametrize(
    ("special", "general"),
    [
        ("abelian group", "group"),
        ("group", "Moufang loop"),
        ("group", "monoid"),
        ("group", "inverse semigroup"),
        ("Moufang loop", "left Bol loop"),
        ("Moufang loop", "right Bol loop"),
        ("left Bol loop", "loop"),
        ("Steiner loop", "commutative loop"),
        ("Steiner quasigroup", "semisymmetric idempotent quasigroup"),
        ("semilattice", "commutative inverse semigroup"),
        ("semilattice", "medial band"),
        ("left zero", "rectangular band"),
        ("rectangular band", "band"),
        ("left kei", "left quandle"),
        ("left quandle", "left rack"),
        ("right rack", "right shelf"),
        ("medial idempotent magma", "distributive magma"),
        ("associative loop", "group"),
        ("commutative monoid", "commutative semigroup"),
    ],
)
def test_the_lattice_of_implications(special, general):
    special, general = parse_theory(special), parse_theory(general)
    assert special.implies(general)
    assert general.implies(special) == (special.name == "associative loop")


def test_every_theory_implies_itself_and_a_magma():
    for theory in NOUNS.values():
        assert theory.implies(theory)
        assert theory.implies(parse_theory("magma"))


def test_names_are_read_with_hyphens_capitals_and_adjectives():
    expected = parse_laws("xy = yx; xx = x; (xy)(zw) = (xz)(yw)")
    for name in (
        "commutative idempotent medial quasigroup",
        "Commutative-Idempotent medial_Quasigroup",
        "commutative idempotent medial latin",
    ):
        theory = parse_theory(name)
        assert theory.laws == expected
        assert theory.conditions == parse_theory("latin").conditions
        assert theory.name == "commutative idempotent medial quasigroup"


@pytest.mark.parametrize("name", [*NOUNS, *ADJECTIVES, "left alternative right Bol loop"])
def test_every_name_reads_back(name):
    theory = parse_theory(name)
    assert parse_theory(theory.name) == theory
    assert parse_theory(str(theory).upper().replace(" ", "-")) == theory


@pytest.mark.parametrize("name", ["shelf", "rack", "quandle", "kei", "Bol loop"])
def test_a_word_without_a_side_has_two_readings(name):
    left, right = readings(name)
    assert (left.name, right.name) == (f"left {name}", f"right {name}")
    assert [law.dual().canonical() for law in left.laws] == [law.canonical() for law in right.laws]
    with pytest.raises(ValueError, match=f'can be left or right: write "left {name}" or'):
        parse_theory(name)


def test_identities_and_names_can_be_joined():
    theory = parse_theory("x*x = x; quasigroup; xy = yx")
    assert theory.laws == parse_laws("x*x = x; xy = yx")
    assert theory.conditions == parse_theory("quasigroup").conditions
    assert len(readings("xy = yx\nrack")) == 2


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("qausigroup", "quasigroup"), ("moufang", "Moufang loop"), ("medial quandel", "quandle"),
     ("left bol lop", "left Bol loop"), ("comutative monoid", "commutative")],
)  # fmt: skip
def test_an_unknown_name_is_answered_with_the_nearest_and_then_all(name, nearest):
    with pytest.raises(ValueError, match="is no known theory") as error:
        parse_theory(name)
    lines = str(error.value).split("\n")
    assert f"Did you mean '{nearest}'" in lines[0]
    assert max(map(len, lines)) <= 88
    listed = " ".join(lines).replace("Names: ", ", ").replace("Adjectives: ", ", ")
    known = {each.rstrip(".").strip() for each in listed.split(", ")}
    assert known >= {theory.name for theory in NOUNS.values()} | set(ADJECTIVES)


def test_latin_goes_before_a_noun_as_well_as_by_itself():
    (left, right) = readings("Latin quandle")
    assert (str(left), str(right)) == ("Latin left quandle", "Latin right quandle")
    assert left.implies(parse_theory("quasigroup"))
    assert left.implies(parse_theory("left quandle"))
    assert [str(each) for each in readings("commutative latin")] == ["commutative quasigroup"]
    assert str(named(left)) == "right cancellative left quandle"


def test_a_name_near_nothing_is_answered_with_no_suggestion():
    for text in ("zzz", "commutative zzz"):
        with pytest.raises(ValueError, match="is no known theory") as error:
            parse_theory(text)
        assert "Did you mean" not in str(error.value)


def test_an_identity_that_cannot_be_read_is_shown_in_place():
    with pytest.raises(ValueError, match=r"^Column 24: three factors"):
        parse_theory("quasigroup; xy = yx; xyz = x")
    for text in ("", "  ", "ring"):
        with pytest.raises(ValueError, match="no known theory"):
            parse_theory(text)


def test_a_theory_is_a_value():
    theory = Theory("t", parse_laws("xy = yx; ab = ba"), frozenset({"unit"}))
    assert len(theory.laws) == 1
    assert theory.conditions == {Condition.UNIT}
    assert hash(theory) == hash(Theory("t", parse_laws("xy = yx"), frozenset({Condition.UNIT})))
