from itertools import product

import numpy as np
import pytest

from cayley.algebra import analyze


def kinds(tables):
    a, b = np.indices((5, 5))
    return {
        "group": tables.symmetric(3),
        "group isotope": (a - b) % 5,
        "loop": tables.moufang(tables.symmetric(3)),
        "quasigroup": tables.steiner(15, loop=False),
        "monoid": np.maximum(a, b),
        "semigroup": a,
        "magma": (a * a + b) * (a + 1) % 5,
    }


def test_each_kind_is_recognized_under_every_labeling(tables, rng):
    for kind, table in kinds(tables).items():
        assert analyze(table).structure == kind
        assert analyze(tables.relabeled(table, rng)).structure == kind
        assert analyze(table).structure == kind


def test_kinds_of_all_magmas_of_order_two():
    found = [analyze(np.array(c).reshape(2, 2)).structure for c in product(range(2), repeat=4)]
    # eight are associative: C2, labeled in two ways, "and" and "or", and four without an identity
    counts = {kind: found.count(kind) for kind in set(found)}
    assert counts == {"group": 2, "monoid": 2, "semigroup": 4, "magma": 8}


def test_analysis_lists_every_property(tables):
    properties = analyze(tables.symmetric(3))
    assert {name for name, answer in properties if answer} == {
        "latin", "associative", "identity", "left_identity", "right_identity", "inverses",
        "left_cancellative", "right_cancellative", "left_alternative", "right_alternative",
        "flexible", "group", "group_isotope", "moufang", "left_bol", "right_bol", "regular",
        "inverse_semigroup",
    }  # fmt: skip
    assert not properties.commutative


def test_moufang_loop_is_alternative_and_flexible_but_no_group(tables):
    properties = analyze(tables.moufang(tables.symmetric(3)))
    assert properties.left_alternative
    assert properties.right_alternative
    assert properties.flexible
    assert properties.inverses
    assert properties.group.counterexample == properties.associative.counterexample
    assert len(properties.group_isotope.counterexample) == 8


@pytest.mark.parametrize("kind", ["group isotope", "magma"])
def test_group_names_the_first_axiom_that_fails(kind, tables):
    properties = analyze(kinds(tables)[kind])
    first = properties.latin if kind == "magma" else properties.identity
    assert properties.group.counterexample == first.counterexample


def test_what_was_not_decided_is_none_and_not_false():
    i, j = np.indices((162, 162))
    properties = analyze((2 * i + 4 * j) % 162)
    assert properties.medial is None
    assert "medial" not in dict(properties)
