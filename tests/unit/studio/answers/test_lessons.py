"""Each lesson has exactly the answer that is claimed: all others are tried."""

import itertools

import numpy as np
import pytest

from cayley.algebra import identify
from cayley.studio.answers._lesson_checks import check_lesson, lesson_document
from cayley.studio.answers._lessons import LAWS, LESSONS
from cayley.studio.answers._table_documents import Malformed

BY_NAME = {lesson.name: lesson for lesson in LESSONS}


def squares(array, *, idempotent: bool = False):
    """Yield all Latin squares that agree with the known cells, by trying."""
    n = len(array)
    open_ = [tuple(cell) for cell in np.argwhere(array < 0)]

    def go(i, table):
        if i == len(open_):
            yield table.copy()
            return
        a, b = open_[i]
        for value in range(n):
            if value not in table[a] and value not in table[:, b]:
                table[a, b] = value
                yield from go(i + 1, table)
                table[a, b] = -1

    yield from go(0, array.copy())


def is_associative(t) -> bool:
    n = range(len(t))
    return all(t[t[x, y], z] == t[x, t[y, z]] for x in n for y in n for z in n)


def is_latin(t) -> bool:
    n = set(range(len(t)))
    return all(set(row) == n for row in t.tolist()) and all(set(c) == n for c in t.T.tolist())


def is_group(t) -> bool:
    return is_latin(t) and is_associative(t)


def test_there_are_ten_with_different_names_and_graded_hints() -> None:
    assert len(LESSONS) == 10
    assert len(BY_NAME) == 10
    assert all(len(lesson.hints) == 3 for lesson in LESSONS)
    for lesson in LESSONS:
        known = lesson.table.array >= 0
        if lesson.kind != "cell":
            assert (lesson.table.array == lesson.answer)[known].all()
        assert (lesson.answer >= 0).all()
        for hint in lesson.hints:
            assert all(a < lesson.table.order > b for a, b in hint.cells)


def test_the_answers_are_not_sent() -> None:
    for lesson in LESSONS:
        document = lesson_document(lesson)
        assert document.keys() == {
            "name", "title", "text", "kind", "table", "options", "variables", "hints",
        }  # fmt: skip


@pytest.mark.parametrize("name", ["fill", "latin"])
def test_squares_are_finished_in_one_way(name) -> None:
    lesson = BY_NAME[name]
    (only,) = squares(lesson.table.array)
    assert (only == lesson.answer).all()


def test_the_group_of_four_is_a_group() -> None:
    assert identify(BY_NAME["fill"].answer).name == "C4"


def test_the_quandle_is_the_only_one() -> None:
    lesson = BY_NAME["quandle"]
    rows = [[p for p in itertools.permutations(range(4)) if p[x] == x] for x in range(4)]
    n = range(4)
    found = []
    for chosen in itertools.product(*rows):
        t = np.array(chosen)
        known = lesson.table.array >= 0
        if (t == lesson.table.array)[known].all() and all(
            t[x, t[y, z]] == t[t[x, y], t[x, z]] for x in n for y in n for z in n
        ):
            found.append(t)
    assert len(found) == 1
    assert (found[0] == lesson.answer).all()


def test_the_semilattice_is_the_only_one() -> None:
    lesson = BY_NAME["semilattice"]
    pairs = list(itertools.combinations(range(4), 2))
    found = []
    for values in itertools.product(range(4), repeat=6):
        t = np.diag(np.arange(4))
        for (x, y), value in zip(pairs, values, strict=True):
            t[x, y] = t[y, x] = value
        known = lesson.table.array >= 0
        if (t == lesson.table.array)[known].all() and is_associative(t):
            found.append(t)
    assert len(found) == 1
    assert (found[0] == lesson.answer).all()
    divisors = [2, 3, 1, 6]  # as the text says
    gcd = [[divisors.index(np.gcd(p, q)) for q in divisors] for p in divisors]
    assert (lesson.answer == gcd).all()


def test_one_change_alone_mends_the_wrong_table() -> None:
    lesson = BY_NAME["wrong"]
    given, mended = lesson.table.array, []
    for a, b, value in itertools.product(range(5), repeat=3):
        t = given.copy()
        t[a, b] = value
        if value != given[a, b] and is_group(t):
            mended.append(t)
    assert len(mended) == 1
    assert (mended[0] == lesson.answer).all()


def test_of_the_laws_one_fails_in_rock_paper_scissors() -> None:
    table = BY_NAME["law"].answer
    fails = [
        name
        for name, (_, count, holds) in LAWS.items()
        if not all(holds(table, at) for at in itertools.product(range(3), repeat=count))
    ]
    assert fails == [BY_NAME["law"].right]
    # as the hint says: three different elements, among them r, p, s
    assert not LAWS["associative"][2](table, (0, 1, 2))


def test_the_loop_is_no_group_and_each_element_its_own_inverse() -> None:
    table = BY_NAME["group"].answer
    assert is_latin(table)
    assert not is_associative(table)
    assert (table[0] == np.arange(5)).all() and (table[:, 0] == np.arange(5)).all()
    assert (np.diag(table) == 0).all()
    assert table[table[1, 1], 2] != table[1, table[1, 2]]  # as the last hint says


def test_the_two_groups_are_told_apart_by_their_squares() -> None:
    lesson = BY_NAME["two"]
    assert identify(lesson.answer).name == lesson.right == "Q8"
    identity = 3
    assert (lesson.answer[identity] == np.arange(8)).all()
    squares_ = [x for x in range(8) if lesson.answer[x, x] == identity and x != identity]
    assert len(squares_) == 1


def group_tables():
    """All groups of five elements whose identity is the first, by trying."""
    return [t for t in squares(BY_NAME["ask"].table.array) if is_associative(t)]


def test_two_cells_are_enough_and_one_never_is() -> None:
    lesson, groups = BY_NAME["ask"], group_tables()
    assert len(groups) == 6

    def left(cells) -> int:
        return sum(all(t[cell] == lesson.answer[cell] for cell in cells) for t in groups)

    open_ = [tuple(cell) for cell in np.argwhere(lesson.table.array < 0).tolist()]
    assert min(left([cell]) for cell in open_) > 1
    assert lesson.fewest == 2
    for cells in itertools.combinations(open_, 2):
        found = check_lesson({"name": "ask", "asked": [list(cell) for cell in cells]})
        assert found["forced"] == (left(cells) == 1), cells
        assert found["right"] == found["forced"]


def test_more_cells_than_needed_are_no_answer() -> None:
    asked = [[1, 1], [1, 2], [1, 3]]
    found = check_lesson({"name": "ask", "asked": asked})
    assert found["forced"] and not found["right"]
    assert [cell[:2] for cell in found["shown"]] == asked
    assert check_lesson({"name": "ask", "asked": []})["said"] == "Choose a cell to uncover."


@pytest.mark.parametrize("lesson", [x for x in LESSONS if x.kind == "fill"], ids=lambda x: x.name)
def test_what_is_filled_is_checked_cell_by_cell(lesson) -> None:
    cells = lesson.table.array.copy()
    assert not check_lesson({"name": lesson.name, "cells": cells.ravel().tolist()})["right"]
    a, b = np.argwhere(cells < 0)[0].tolist()
    cells[a, b] = (lesson.answer[a, b] + 1) % lesson.table.order
    found = check_lesson({"name": lesson.name, "cells": cells.ravel().tolist()})
    assert (found["right"], found["wrong"]) == (False, [[a, b]])
    assert "after" not in found
    found = check_lesson({"name": lesson.name, "cells": lesson.answer.ravel().tolist()})
    assert found["right"] and found["after"]


def test_the_wrong_cell_is_found_and_mended() -> None:
    lesson = BY_NAME["wrong"]

    def check(**changes):
        cells = lesson.table.array.copy()
        for name, value in changes.items():
            cells[int(name[1]), int(name[2])] = value
        return check_lesson({"name": "wrong", "cells": cells.ravel().tolist()})

    assert check()["said"] == "Change the cell that is wrong."
    assert check(c11=0)["wrong"] == [[1, 1]]
    assert "That is the cell" in check(c24=0)["said"]
    assert "Only one" in check(c24=3, c11=0)["said"]
    assert check(c24=3)["right"]


def test_an_instance_of_a_law_is_tried() -> None:
    assert check_lesson({"name": "law", "choice": "associative", "at": [0, 1, 2]})["right"]
    found = check_lesson({"name": "law", "choice": "associative", "at": [0, 0, 0]})
    assert "At x = r, y = r, z = r it holds" in found["said"]
    assert not check_lesson({"name": "law", "choice": "commutative", "at": [0, 1]})["right"]
    assert not check_lesson({"name": "group", "choice": "group", "at": []})["right"]
    assert check_lesson({"name": "group", "choice": "associative", "at": [1, 1, 2]})["right"]


def test_identity_and_inverses() -> None:
    table = BY_NAME["inverses"].answer
    inverses = [int(np.argmax(row == 2)) for row in table]
    asked = {"name": "inverses", "identity": 2, "inverses": inverses}
    assert check_lesson(asked)["right"]
    assert check_lesson(asked | {"identity": 0})["wrong"]
    assert "first" in check_lesson(asked | {"identity": -1})["said"]
    wrong = check_lesson(asked | {"inverses": [*inverses[:-1], inverses[0]]})
    assert wrong["wrong"] == [[5, inverses[0]]]
    assert "1 inverse left" in check_lesson(asked | {"inverses": [*inverses[:-1], -1]})["said"]


def test_hints_come_one_by_one() -> None:
    hints = [check_lesson({"name": "fill", "hint": i}) for i in range(3)]
    assert [each["hint"] for each in hints] == [each.text for each in BY_NAME["fill"].hints]
    assert hints[1]["cells"] == [[1, 2], [1, 3]]


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"name": "nothing"},
        {"name": "fill"},
        {"name": "fill", "cells": [0]},
        {"name": "fill", "cells": [9] * 16},
        {"name": "fill", "cells": [True] * 16},
        {"name": "fill", "hint": 3},
        {"name": "law", "choice": "associative"},
        {"name": "law", "choice": "medial", "at": [0]},
        {"name": "ask", "asked": [[1]]},
        {"name": "ask", "asked": [[1, 9]]},
        {"name": "ask", "asked": 1},
        {"name": "inverses", "identity": 9, "inverses": []},
    ],
)
def test_what_no_page_sends_is_malformed(request_) -> None:
    with pytest.raises(Malformed):
        check_lesson(request_)
