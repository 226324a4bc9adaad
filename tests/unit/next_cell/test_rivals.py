"""What is asked where nothing is assumed: rivals, and tests of what a group forces."""

import numpy as np

from cayley.next_cell._from_theories import predicted
from cayley.next_cell._next_cells import advise
from cayley.tables import Table, generate_family
from cayley.theories import parse_theory

TRUTH = generate_family("C10").array


def asked(assume):
    """Answer questions until nothing is left; return the cells."""
    array = np.full((10, 10), -1)
    while (advice := advise(Table.from_array(array), assume=assume)).questions:
        question = advice.questions[0]
        array[int(question.row), int(question.column)] = TRUTH[
            int(question.row), int(question.column)
        ]
    return array


def test_a_group_is_tested_where_a_moufang_loop_leaves_a_choice():
    given = asked("group")
    loop = predicted(given, parse_theory("Moufang loop"))
    for seed in range(8):
        question = advise(Table.from_array(given), seed=seed).questions[0]
        assert loop.table[int(question.row), int(question.column)] < 0
    value = str(TRUTH[int(question.row), int(question.column)])
    assert dict(question.settles)[value,] == "agrees with the group"


def test_nothing_is_asked_once_the_group_is_earned():
    given, earned = asked("group"), asked("auto")
    assert (given >= 0).sum() < (earned >= 0).sum() < 40
    assert (predicted(earned, parse_theory("Moufang loop")).table >= 0).all()


def test_a_refuted_group_is_no_longer_asked_about():
    # x o x = x for all x leaves no group, and no isotope has it with the rows of a semilattice
    maximum = np.maximum.outer(np.arange(10), np.arange(10))
    array = np.where(np.eye(10, k=5), -1, maximum)
    question = advise(Table.from_array(array))
    assert not question.questions or "group" not in question.questions[0].theory


def test_two_readings_of_a_word_are_rivals():
    array = np.full((3, 3), -1)
    np.fill_diagonal(array, range(3))
    question = advise(Table.from_array(array), assume="quandle").questions[0]
    assert array[int(question.row), int(question.column)] < 0
