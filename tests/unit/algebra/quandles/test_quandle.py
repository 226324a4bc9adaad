"""Left and right quandles, against their definition."""

import numpy as np

import oracles
from cayley.algebra.quandles._quandle import is_left_quandle, is_right_quandle


def by_definition(t):
    n = len(t)
    x, y, z = np.indices((n, n, n))
    return (
        bool((t.diagonal() == np.arange(n)).all())
        and all(len(set(row)) == n for row in t.tolist())
        and bool((t[x, t[y, z]] == t[t[x, y], t[x, z]]).all())
    )


def test_all_operations_of_order_three_that_are_idempotent():
    operations = oracles.operations(3)
    idempotent = operations[(np.diagonal(operations, axis1=1, axis2=2) == range(3)).all(axis=1)]
    found = 0
    for table in (*idempotent, *operations[::97]):
        expected = by_definition(table)
        found += expected
        assert bool(is_left_quandle(table)) == expected
        assert bool(is_right_quandle(table.T)) == expected
    assert found == len(oracles.left_quandles(3))


def test_counterexamples_show_what_fails():
    shifted = (np.indices((3, 3))[1] + 1) % 3
    (x,) = is_left_quandle(shifted).counterexample
    assert shifted[x, x] != x
    smallest = np.minimum(*np.indices((3, 3)))
    x, y, z = is_right_quandle(smallest).counterexample
    assert smallest[y, x] == smallest[z, x] and y != z
    square = np.array([[0, 2, 1, 3], [0, 1, 3, 2], [1, 3, 2, 0], [2, 1, 0, 3]])
    answer = is_left_quandle(square)
    x, y, z = answer.counterexample
    assert square[x, square[y, z]] != square[square[x, y], square[x, z]]
