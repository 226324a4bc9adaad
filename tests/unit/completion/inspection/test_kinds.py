"""The word for a table, and its parts in labels."""

import numpy as np
import pytest

import oracles
from cayley.completion import inspect_table
from cayley.completion.inspection._kinds import with_article
from cayley.tables import Table, generate_family, isotope
from cayley.theories import parse_theory
from cayley.theories.laws._evaluation import first_violation

I3, J3 = np.indices((3, 3))
I5, J5 = np.indices((5, 5))


def kinds(tables):
    conjugation = generate_family("S3:aba^-1").array
    return {
        "abelian group": tables.cyclic(6),
        "group": tables.symmetric(3),
        "group isotope": tables.symmetric(3)[:, ::-1],
        "Moufang loop": tables.moufang(tables.symmetric(3)),
        "Steiner loop": tables.steiner(15, loop=True),
        "Steiner quasigroup": tables.steiner(15, loop=False),
        "medial quasigroup": (2 * I5 + 3 * J5 + 1) % 5,
        "left kei": (2 * I5 - J5) % 5,
        "left quandle": conjugation,
        "right quandle": conjugation.T,
        "right rack": (I3 + 1) % 3 + 0 * J3,
        "semilattice": np.maximum(I3, J3),
        "left zero semigroup": I3,
        "right zero semigroup": J3,
        "rectangular band": tables.product(np.indices((2, 2))[0], np.indices((3, 3))[1]),
        "null semigroup": 0 * I3,
        "commutative inverse monoid": I5 * J5 % 5,
        "commutative monoid": np.multiply.outer(range(4), range(4)) % 4,
        "commutative nilpotent semigroup": np.minimum(I5 + J5 + 1, 4),
        "commutative idempotent magma": np.array([[0, 1, 0], [1, 1, 2], [0, 2, 2]]),
        "magma": np.array([[0, 0, 1], [2, 0, 1], [1, 1, 0]]),
    }


def test_a_word_for_each_kind(tables, rng):
    for kind, array in kinds(tables).items():
        assert inspect_table(Table.from_array(array)).kind == kind
        shuffled = Table.from_array(tables.relabeled(array, rng))
        assert inspect_table(shuffled).kind == kind


def small_tables():
    yield from oracles.operations(2)
    yield from oracles.operations(3)[::601]
    yield from oracles.semigroups(3)[::5]
    yield from oracles.left_quandles(4)[::7]
    yield from oracles.latin_squares(4)[::37]


def test_a_word_that_theories_know_is_true():
    words = set()
    for array in small_tables():
        found = inspect_table(Table.from_array(array))
        words.add(found.kind)
        try:
            theory = parse_theory(found.kind)
        except ValueError:
            continue  # no theory has this name
        assert all(first_violation(law, array) is None for law in theory.laws), found.kind
    assert len(words) > 12


def test_across_alphabets_the_word_is_the_structure():
    found = inspect_table(isotope(generate_family("C5"), seed=0))
    assert found.kind == "group isotope"
    assert found.parts == {}


def test_parts_of_the_loop_of_the_octonions(tables):
    group = tables.dihedral(4, dicyclic=True)
    loop = tables.moufang(group)
    loop[8:, 8:] = group[2, loop[8:, 8:]]  # x^2 is the element of order 2 of the quaternions
    labels = [f"q{a}" for a in range(16)]
    found = inspect_table(Table.from_array(loop, labels=labels))
    parts = found.parts["loop"]
    assert parts["name"] == "octonion loop"
    assert parts["center"] == parts["nucleus"] == ["q0", "q2"]
    assert parts["multiplication_group"] == {"order": 1024, "name": None}
    assert parts["inner_mapping_group"]["order"] == 64
    assert found.to_document()["structure"] == "loop"


@pytest.mark.parametrize(
    ("group", "name"), [("S3", "M(S3, 2)"), ("Q8", "M(Q8, 2)"), ("A4", "M(A4, 2)")]
)
def test_names_of_moufang_loops(group, name, tables):
    table = generate_family(group)
    identity = next(a for a in range(table.order) if (table.array[a] == range(table.order)).all())
    loop = tables.moufang(table.array, identity)
    assert inspect_table(Table.from_array(loop)).parts["loop"]["name"] == name


def test_parts_of_multiplication_modulo_six():
    parts = inspect_table(generate_family("mod6:ab")).parts["semigroup"]
    assert parts["units"] == {"elements": ["1", "5"], "group": "C2"}
    assert (parts["identity"], parts["zero"]) == ("1", "0")
    assert parts["idempotents"] == ["0", "1", "3", "4"]
    assert parts["idempotent_order"] == [["0", "3"], ["0", "4"], ["3", "1"], ["4", "1"]]
    assert [box["group"] for box in parts["egg_boxes"]] == ["C1", "C2", "C2", "C1"]
    assert parts["lattice"] is None


def test_parts_of_a_quandle_on_either_side():
    table = (2 * I5 - J5) % 5
    for array, side in ((table, "left"), (table.T, "right")):
        parts = inspect_table(Table.from_array(np.ascontiguousarray(array))).parts
        assert parts["rack"]["side"] == side
        assert parts["rack"]["inner_group"] == {"order": 10, "name": "D10"}
        assert parts["rack"]["displacement_group"] == {"order": 5, "name": "C5"}
        assert parts["quasigroup"]["multiplication_group"]["order"] == 20


def test_symmetric_groups_are_named_by_their_degree(tables, rng):
    square = tables.random_latin(12, rng, moves=2000)
    loop = square[np.argsort(square[:, 0])]
    loop = np.ascontiguousarray(loop[:, np.argsort(loop[0])])
    parts = inspect_table(Table.from_array(loop)).parts["loop"]
    assert parts["multiplication_group"]["name"] in ("S12", "A12")
    assert parts["inner_mapping_group"]["name"] in ("S11", "A11")


def test_articles():
    assert with_article("inverse monoid") == "an inverse monoid"
    assert with_article("Moufang loop") == "a Moufang loop"
