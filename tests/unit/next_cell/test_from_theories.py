"""Questions under laws: few, open, exact where all completions are known; and between rivals."""

import itertools

import numpy as np
import pytest

from cayley.next_cell._from_theories import (
    Prediction,
    entropy_of_counts,
    questions_between,
    theory_questions,
)
from cayley.theories import complete_under, parse_theory


def maps_of_three_points():
    maps = list(itertools.product(range(3), repeat=3))
    place = {each: i for i, each in enumerate(maps)}
    return np.array([[place[tuple(f[g[x]] for x in range(3))] for g in maps] for f in maps])


def octonions():
    """Multiply 16 octonion units by the Fano plane: e_i e_j = e_k for (i, j, k) in its lines."""
    lines = [(1, 2, 3), (1, 4, 5), (1, 7, 6), (2, 4, 6), (2, 5, 7), (3, 4, 7), (3, 6, 5)]
    product = {}
    for line in lines:
        for i in range(3):
            a, b, c = (line[(i + k) % 3] for k in range(3))
            product[a, b], product[b, a] = (c, 1), (c, -1)
    units = [(i, sign) for i in range(8) for sign in (1, -1)]

    def times(x, y):
        (i, s), (j, t) = x, y
        if not i or not j:
            return i + j, s * t
        if i == j:
            return 0, -s * t
        k, sign = product[i, j]
        return k, sign * s * t

    return np.array([[units.index(times(x, y)) for y in units] for x in units])


def relabeled(table, seed):
    p = np.random.default_rng(seed).permutation(len(table))
    inverse = np.argsort(p)
    return p[table[np.ix_(inverse, inverse)]]


def ask(table, theory, most):
    n = len(table)
    array, random, count = np.full((n, n), -1), np.random.default_rng(0), 0
    while count <= most:
        found = theory_questions(
            array, parse_theory(theory), count=1, costs=np.ones((n, n)), random=random
        )
        if found == []:
            return count, array
        assert array[found[0].row, found[0].column] < 0
        array[found[0].row, found[0].column] = table[found[0].row, found[0].column]
        count += 1
    raise AssertionError(f"more than {most} cells")


@pytest.mark.parametrize(
    ("table", "theory", "most"),
    [(octonions(), "Moufang loop", 45), (maps_of_three_points(), "monoid", 90)],
    ids=["octonions", "maps"],
)
def test_few_cells_prove_a_table_under_laws(table, theory, most):
    table = relabeled(table, 0)
    count, array = ask(table, theory, most)
    completion = complete_under(array, theory)
    assert count <= most
    assert completion.unique == "yes"
    assert np.array_equal(completion.table, table)


MEET = np.array([[0, 1, 2, 3], [1, 1, -1, -1], [2, -1, -1, -1], [3, -1, -1, -1]])


def test_the_entropy_is_that_over_all_completions():
    completions = complete_under(MEET, "semilattice").completions
    (found,) = theory_questions(
        MEET,
        parse_theory("semilattice"),
        count=1,
        costs=np.ones((4, 4)),
        random=np.random.default_rng(0),
    )
    assert found.is_exact
    entropies = {
        (a, b): entropy_of_counts(
            np.unique([table[a, b] for table in completions], return_counts=True)[1].tolist()
        )
        for a in range(4)
        for b in range(4)
    }
    assert found.bits == pytest.approx(max(entropies.values()))
    assert found.bits == pytest.approx(entropies[found.row, found.column])
    assert sum(int(then.split()[1]) for _, then in found.settles) == len(completions)


def test_a_batch_takes_no_two_cells_that_are_known_to_be_equal():
    array = np.full((6, 6), -1)
    found = theory_questions(
        array,
        parse_theory("x*y = y*x"),
        count=15,
        costs=np.ones((6, 6)),
        random=np.random.default_rng(0),
    )
    assert len({frozenset((each.row, each.column)) for each in found}) == 15


def test_a_contradiction_is_returned_with_its_cells():
    array = np.array([[0, 1], [0, -1]])
    found = theory_questions(
        array,
        parse_theory("x*y = y*x"),
        count=1,
        costs=np.ones((2, 2)),
        random=np.random.default_rng(0),
    )
    assert found.refutation.evidence == ((0, 1), (1, 0))


def test_rivals_are_asked_where_they_differ():
    array = np.array([[0, 1], [1, -1]])
    one, other = (
        Prediction("one", np.array([[0, 1], [1, 0]])),
        Prediction("other", np.array([[0, 1], [1, 1]])),
    )
    (found,) = questions_between([one, other], array, count=3, costs=np.ones((2, 2)))
    assert (found.row, found.column, found.bits) == (1, 1, 1.0)
    assert found.settles[:2] == (((0,), "refutes other"), ((1,), "refutes one"))
    assert questions_between([one, one], array, count=1, costs=np.ones((2, 2))) == []


def test_a_cell_that_is_the_same_in_all_completions_is_not_asked_for():
    # four quasigroups have these cells, and agree in cells that propagation leaves open
    array = np.array([[-1, -1, -1, 1], [-1, 2, 1, -1], [-1, -1, -1, -1], [-1, -1, 3, 2]])
    completions = np.array(complete_under(array, "quasigroup").completions)
    found = theory_questions(
        array,
        parse_theory("quasigroup"),
        count=16,
        costs=np.ones((4, 4)),
        random=np.random.default_rng(0),
    )
    varies = (completions != completions[0]).any(axis=0)
    assert len(completions) == 4
    assert len(found) > 1
    assert all(varies[each.row, each.column] for each in found)
    assert not varies[array < 0].all()
