"""What partial tables can still be, against all tables of a kind."""

import numpy as np
import pytest

import oracles
from cayley.completion.inspection._partial_inspection import inspect_partial
from cayley.tables import Table, generate_family, isotope, mask
from cayley.theories import parse_theory


def hidden(array, rng, count):
    partial = np.array(array)
    n = len(partial)
    places = rng.permutation(n * n)[:count]
    partial.flat[places] = -1
    return partial


@pytest.mark.parametrize("seed", range(4))
def test_every_statement_is_true_of_all_operations_on_three_elements(seed):
    rng = np.random.default_rng(seed)
    start = rng.choice([*oracles.semigroups(3), *oracles.left_quandles(3)])
    partial = hidden(start, rng, 4)
    found = inspect_partial(Table.from_array(partial))
    standings = set()
    for each in found.named:
        models = oracles.models(each.theory, 3)
        kind = oracles.agreeing(models, partial)
        standings.add(each.standing)
        assert each.standing == ("possible" if len(kind) else "refuted"), each.theory.name
        if each.standing == "refuted":
            evidence = np.full((3, 3), -1)
            for a, b in each.cells:
                assert partial[a, b] >= 0
                evidence[a, b] = partial[a, b]
            # The cells refute it without the others.
            assert not len(oracles.agreeing(models, evidence))
            continue
        for a, b in np.argwhere(partial < 0):
            values = set(kind[:, a, b].tolist())
            if each.completion.forced[a, b]:
                assert values == {int(each.completion.table[a, b])}
            elif (a, b) in each.completion.possible:
                assert values <= set(each.completion.possible[a, b])
                if each.completion.is_possible_exact:
                    assert values == set(each.completion.possible[a, b])
    assert standings == {"possible", "refuted"}


def test_properties_that_are_refuted_fail_in_all_completions(rng):
    partial = hidden(np.maximum(*np.indices((3, 3))), rng, 3)
    document = inspect_partial(Table.from_array(partial)).to_document()
    theories = {
        "commutative": "x*y = y*x",
        "latin": "quasigroup",
        "medial": "medial",
        "left_quandle": "left quandle",
        "semilattice": "semilattice",
    }
    for name, text in theories.items():
        models = oracles.models(parse_theory(text), 3)
        expected = None if len(oracles.agreeing(models, partial)) else False
        assert document["properties"][name] is expected
        assert (name in document["reasons"]) == (expected is False)
    assert set(document["properties"].values()) <= {None, False}


def test_moufang_and_bol_are_refuted_as_laws():
    i, j = np.indices((3, 3))
    partial = (i - j) % 3
    partial[2, 2] = -1
    found = inspect_partial(Table.from_array(partial))
    why = found.refuted["moufang"].why
    assert why.startswith("not Moufang: ")
    assert "Moufang" not in [each["theory"] for each in found.to_document()["theories"]]


def test_reasons_are_in_the_labels_of_the_table():
    table = Table.from_array([[0, 1], [0, -1]], labels=["e", "f"])
    refuted = inspect_partial(table).refuted
    assert refuted["commutative"].why == "not commutative: e o f = f, but f o e = e"
    assert refuted["latin"].why == (
        "not a quasigroup: e o e = e and f o e = e contradict right cancellation"
    )
    assert refuted["group"].why == f"not a group because {refuted['latin'].why}"
    swapped = inspect_partial(Table.from_array([[1, -1], [-1, 1]], labels=["e", "f"]))
    assert swapped.refuted["idempotent"].why == "not idempotent: e o e = f, not e"


def test_time_that_is_over_leaves_theories_open():
    table = mask(generate_family("S4"), observe=0.5, seed=0)
    found = inspect_partial(table, seconds=0.0)
    assert {each.standing for each in found.candidates} == {"open"}
    assert found.refuted == {}
    assert found.to_document()["theories"][0]["completions"] == {"count": 0, "exact": False}


def test_several_alphabets_are_refused():
    table = mask(isotope(generate_family("C5"), seed=0), observe=0.5, seed=0)
    with pytest.raises(ValueError, match=r"same labels\. `cayley complete` looks for a group"):
        inspect_partial(table)
