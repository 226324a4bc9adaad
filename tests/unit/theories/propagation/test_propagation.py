"""The two back ends deduce the same, and what they deduce is in every completion."""

import subprocess
import sys

import numpy as np
import pytest

from cayley.theories import Theory, complete_under, parse_laws, parse_theory
from cayley.theories.propagation._propagation import PYTHON_ORDER, Propagation
from oracles import agreeing, models

NAMES = [
    "semigroup",
    "inverse semigroup",
    "monoid",
    "left quandle",
    "right rack",
    "Steiner loop",
    "medial quasigroup",
    "Moufang loop",
    "semisymmetric quasigroup",
    "x*y = z*w",
    "x = y",
    "x*y = (x*y)*z",
    "x(yz) = (xy)z; left cancellative magma",
]


def classes(state):
    """The partition of the unknown cells into equal ones, as a set of sets."""
    roots = state.roots()
    unknown = np.flatnonzero(state.table < 0)
    return {frozenset(unknown[roots[unknown] == root].tolist()) for root in set(roots[unknown])}


@pytest.mark.parametrize("name", NAMES)
def test_compiled_and_plain_propagation_agree(name, rng):
    theory = parse_theory(name)
    for n in (2, 3, 4):
        plain, compiled = (
            Propagation(theory, n, max_batch=7 if n == 3 else 10_000, compiled=compiled)
            for compiled in (False, True)
        )
        tables = models(theory, n) if n < 4 else models(parse_theory("group"), 4)
        for trial in range(4):
            source = tables[rng.integers(len(tables))] if len(tables) else np.zeros((n, n), int)
            if trial == 3:
                source = rng.integers(n, size=(n, n))
            cells = np.where(rng.random((n, n)) < 0.4, source, -1)
            one, other = plain.start(cells), compiled.start(cells)
            results = plain.run(one), compiled.run(other)
            assert results[0] == results[1]
            if results[0]:
                np.testing.assert_array_equal(one.table, other.table)
                assert classes(one) == classes(other)
            else:
                assert one.conflict is not None
                assert other.conflict is not None


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", ["semigroup", "left rack", "commutative quasigroup", "monoid"])
def test_what_is_propagated_is_in_every_completion(name, compiled, rng):
    theory = parse_theory(name)
    tables = models(theory, 3)
    propagation = Propagation(theory, 3, max_batch=1000, compiled=compiled)
    for _ in range(10):
        source = tables[rng.integers(len(tables))]
        cells = np.where(rng.random((3, 3)) < 0.4, source, -1)
        state = propagation.start(cells)
        assert propagation.run(state)
        truth = agreeing(tables, cells).reshape(-1, 9)
        known = state.table >= 0
        assert (truth[:, known] == state.table[known]).all()
        for members in classes(state):
            values = truth[:, sorted(members)]
            assert (values == values[:, :1]).all()


def test_equal_cells_are_known_without_their_value():
    propagation = Propagation(parse_theory("x*y = y*x"), 3, max_batch=100)
    state = propagation.start(np.full((3, 3), -1))
    assert propagation.run(state)
    assert state.num_known == 0
    assert classes(state) == {frozenset(each) for each in ([0], [4], [8], [1, 3], [2, 6], [5, 7])}


def test_a_branch_does_not_change_the_state_that_it_came_from():
    propagation = Propagation(parse_theory("commutative loop"), 4, max_batch=100)
    root = propagation.start(np.full((4, 4), -1))
    assert propagation.run(root)
    before = root.table.copy(), root.parent.copy(), root.counters.copy()
    child = root.copy()
    child.guess(0, 0)
    assert propagation.run(child)
    assert child.num_known > root.num_known
    for array, copy in zip((root.table, root.parent, root.counters), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_under_cancellation_a_product_and_an_operand_give_the_other_operand():
    # x*(y*z) = z with 0*1 = 2: from 0*(y*2) = 2 and 0*1 = 2 follows y*2 = 1, for every y.
    cells = np.full((3, 3), -1)
    cells[0, 1] = 2
    theory = Theory("", parse_laws("x*(y*z) = z"), frozenset({"left cancellation"}))
    propagation = Propagation(theory, 3, max_batch=100)
    state = propagation.start(cells)
    propagation.run(state)
    assert (state.square[:, 2] == 1).all()


@pytest.mark.parametrize("n", [PYTHON_ORDER, PYTHON_ORDER + 1])
def test_cyclic_groups_on_both_sides_of_the_threshold(n, rng):
    table = np.add.outer(np.arange(n), np.arange(n)) % n
    p = rng.permutation(n)
    table = p[table[np.ix_(np.argsort(p), np.argsort(p))]]
    completion = complete_under(np.where(rng.random((n, n)) < 0.2, table, -1), "group")
    assert completion.unique == "yes"
    np.testing.assert_array_equal(completion.table, table)
    for a, b in np.argwhere(completion.forced)[:20].tolist():
        assert completion.reason(a, b).cells
    wrong = table.copy()
    wrong[3, 4] = wrong[3, 5]
    assert complete_under(wrong, "group").refutation is not None


def test_small_orders_import_neither_torch_nor_numba():
    code = (
        "import sys, cayley.theories\n"
        "assert cayley.theories.complete_under([[0, -1], [-1, -1]], 'group').unique == 'yes'\n"
        "heavy = {'torch', 'scipy', 'numba', 'matplotlib', 'rich', 'typer'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_and_documented():
    from cayley import theories

    assert sorted(theories.__all__) == theories.__all__
    for name in theories.__all__:
        assert getattr(theories, name).__doc__, name
