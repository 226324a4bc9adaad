from itertools import permutations

import numpy as np
import pytest

from cayley.algebra.identification._canonical_form import canonical_form
from cayley.algebra.identification._smallest_relabeling import smallest_relabeling
from cayley.tables import generate_family


def relabeled(products, to):
    back = np.argsort(to)
    return to[products[np.ix_(back, back)]]


def random_magmas(order, count, seed):
    """Tables of few different values and with symmetries, as well as quite random ones."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        table = rng.integers(1 + k % order, size=(order, order))
        if k % 3 == 0:
            table = np.maximum(table, table.T)
        if k % 4 == 0:
            np.fill_diagonal(table, np.arange(order))
        yield table


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_automorphisms_are_those_that_brute_force_finds(order):
    for table in random_magmas(order, 24, seed=order):
        form = canonical_form(table)
        wanted = [
            to
            for to in permutations(range(order))
            if np.array_equal(relabeled(table, np.array(to)), table)
        ]
        assert [tuple(to) for to in form.automorphisms.tolist()] == wanted
        assert np.array_equal(relabeled(table, form.places), form.table)


def test_forms_are_equal_exactly_if_tables_are_isomorphic():
    """All 19683 operations on three elements fall into 3330 isomorphism types (OEIS A001329)."""
    cells = np.stack(np.meshgrid(*[range(3)] * 9, indexing="ij"), -1).reshape(-1, 3, 3)
    types = {}
    for table in cells[::7]:
        form = canonical_form(table).table.tobytes()
        assert types.setdefault(smallest_relabeling(table), form) == form
    assert len(set(types.values())) == len(types)
    assert len({smallest_relabeling(table) for table in cells}) == 3330


@pytest.mark.parametrize("spec", ["S4", "mod8:ab", "S3:aba^-1", "mod13:2a-b", "C2xC2xC2xC2"])
def test_relabeling_does_not_change_the_form(spec):
    table = generate_family(spec).aligned().array
    rng = np.random.default_rng(0)
    first = canonical_form(table)
    for _ in range(3):
        again = canonical_form(relabeled(table, rng.permutation(len(table))))
        assert np.array_equal(again.table, first.table)
        assert len(again.automorphisms) == len(first.automorphisms)


@pytest.mark.parametrize(
    ("spec", "order"),
    [("S4", 24), ("Q8", 24), ("C2xC2xC2", 168), ("C2xC2xC2xC2", 20160), ("A5", 120), ("C15", 8)],
)
def test_orders_of_automorphism_groups_of_groups(spec, order):
    assert len(canonical_form(generate_family(spec).aligned().array).automorphisms) == order


def test_in_a_homogeneous_operation_one_element_may_be_fixed():
    """Maps x -> ax + b are the automorphisms of 2x - y modulo 13."""
    table = generate_family("mod13:2a-b").aligned().array
    assert len(canonical_form(table).automorphisms) == 13 * 12
    fixing = canonical_form(table, homogeneous=True).automorphisms
    assert len(fixing) == 12
    assert (fixing[:, 0] == 0).all()


def test_too_many_sequences_are_not_numbered():
    assert canonical_form(np.zeros((12, 12), np.int64)) is None
