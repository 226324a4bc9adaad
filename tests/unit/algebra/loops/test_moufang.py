"""Moufang and Bol loops that are known to be so, and Steiner systems."""

import numpy as np
import pytest

from cayley.algebra.loops._moufang import is_left_bol, is_moufang, is_right_bol
from cayley.algebra.loops._steiner import is_steiner, is_totally_symmetric

# A left Bol loop of order 8 that is not Moufang (GAP's LOOPS).
BOL = np.array([
    [1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 7, 8, 5, 6], [3, 4, 1, 2, 6, 5, 8, 7],
    [4, 3, 2, 1, 8, 7, 6, 5], [5, 6, 7, 8, 1, 2, 3, 4], [6, 8, 5, 7, 3, 1, 4, 2],
    [7, 5, 8, 6, 2, 4, 1, 3], [8, 7, 6, 5, 4, 3, 2, 1],
]) - 1  # fmt: skip


def answers(table):
    return [bool(ask(table)) for ask in (is_moufang, is_left_bol, is_right_bol)]


def test_a_moufang_loop_is_bol_on_both_sides(tables, rng):
    loop = tables.moufang(tables.symmetric(3))
    assert answers(tables.relabeled(loop, rng)) == [True, True, True]


def test_a_left_bol_loop_and_its_opposite(tables, rng):
    assert answers(tables.relabeled(BOL, rng)) == [False, True, False]
    assert answers(tables.relabeled(BOL.T, rng)) == [False, False, True]


def test_one_changed_cell_of_a_large_moufang_loop_is_seen(tables):
    loop = tables.moufang(tables.alternating(5))
    assert answers(loop) == [True, True, True]
    changed = loop.copy()
    changed[117, 118] = (changed[117, 118] + 1) % 120
    assert answers(changed) == [False, False, False]


@pytest.mark.parametrize("n", [9, 15])
def test_steiner_systems(n, tables):
    quasigroup = tables.steiner(n, loop=False)
    assert is_steiner(quasigroup)
    assert is_steiner(tables.steiner(n, loop=True))
    # Changing rows keeps the square Latin and not totally symmetric.
    turned = np.roll(quasigroup, 1, axis=0)
    answer = is_steiner(turned)
    x, y = answer.counterexample
    assert turned[x, turned[x, y]] != y or turned[x, y] != turned[y, x]


def test_totally_symmetric_is_not_enough_for_steiner():
    i, j = np.indices((3, 3))
    table = (1 - i - j) % 3
    assert is_totally_symmetric(table)
    assert str(is_steiner(table)) == "not Steiner"


def test_left_inverses_alone_are_not_total_symmetry():
    i, j = np.indices((5, 5))
    answer = is_totally_symmetric((2 * i - j) % 5)
    assert answer.counterexample == (0, 1)
