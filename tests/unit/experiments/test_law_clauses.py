"""The SAT oracle of recall is compared with all tables of order three."""

import itertools

import numpy as np
import pytest

pytest.importorskip("pysat.solvers")

from cayley.experiments._law_clauses import is_only_completion

EVERY = range(3)
TABLES = np.array(list(itertools.product(EVERY, repeat=9))).reshape(-1, 3, 3)


def product(a, b):
    """Return a o b in each of the tables; a and b are numbers, or one number for each table."""
    return TABLES[np.arange(len(TABLES)), a, b]


def holds(law, variables):
    return np.all([law(*values) for values in itertools.product(EVERY, repeat=variables)], axis=0)


def associative(x, y, z):
    return product(product(x, y), z) == product(x, product(y, z))


def exists(said):
    return np.any([np.all([said(e, x) for x in EVERY], axis=0) for e in EVERY], axis=0)


ASSOCIATIVE = holds(associative, 3)
COMMUTATIVE = holds(lambda x, y: product(x, y) == product(y, x), 2)
IDEMPOTENT = holds(lambda x: product(x, x) == x, 1)
UNITAL = exists(lambda e, x: (product(e, x) == x) & (product(x, e) == x))
LEFT_CANCELLATIVE = np.all(np.sort(TABLES, axis=2) == np.arange(3), axis=(1, 2))
LEFT_DISTRIBUTIVE = holds(
    lambda x, y, z: product(x, product(y, z)) == product(product(x, y), product(x, z)), 3
)


@pytest.mark.parametrize(
    ("theory", "has"),
    [
        ("semilattice", ASSOCIATIVE & COMMUTATIVE & IDEMPOTENT),
        ("commutative monoid", ASSOCIATIVE & COMMUTATIVE & UNITAL),
        ("left quandle", LEFT_DISTRIBUTIVE & IDEMPOTENT & LEFT_CANCELLATIVE),
    ],
)
def test_the_oracle_counts_as_all_tables_do(theory, has):
    models = TABLES[has]
    rng = np.random.default_rng(0)
    answers = set()
    for truth in rng.permutation(models)[:12]:
        cells = np.where(rng.random((3, 3)) < 0.6, truth, -1)
        count = ((models == cells) | (cells < 0)).all(axis=(1, 2)).sum()
        answers.add(count == 1)
        assert is_only_completion(cells, theory, truth) == (count == 1)
    assert answers == {True, False}


def test_a_formula_that_is_too_large_is_not_solved():
    full = np.arange(9).reshape(3, 3) % 3
    assert is_only_completion(full, "xy = zy", full, max_clauses=10) is None


def test_a_truth_without_the_theory_is_an_error():
    with pytest.raises(ValueError, match="does not have the theory"):
        is_only_completion(np.full((2, 2), -1), "xy = yx", np.array([[0, 1], [0, 1]]))
