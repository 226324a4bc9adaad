import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.report.figures.diagram_checks import (
    HOSTILE,
    assert_labels_apart,
    assert_nodes_apart,
    assert_well_formed,
    conjugation,
    elements_shown,
    reflections,
    with_holes,
)

from cayley.completion import Suspect, solve
from cayley.report.figures.drawing._marks import Label, Path, Rectangle, overlapping
from cayley.report.figures.element_graphs._quandle_graph import quandle_graph_picture
from cayley.report.figures.element_graphs._rack_action import circular_order, rack_action
from cayley.tables import Table, generate_family

S4 = list(itertools.permutations(range(4)))
TRANSPOSITIONS = [p for p in S4 if sum(i != x for i, x in enumerate(p)) == 2]
FOUR_CYCLES = [p for p in S4 if p[p[0]] != 0 and sum(i == x for i, x in enumerate(p)) == 0]
TETRAHEDRAL = [(0, 2, 3, 1), (2, 1, 3, 0), (3, 0, 2, 1), (1, 2, 0, 3)]

TABLES = {
    "triangle": reflections(3),
    "two orbits": reflections(8),
    "transpositions": conjugation(TRANSPOSITIONS),
    "four-cycles": conjugation(FOUR_CYCLES),
    "S3": conjugation(list(itertools.permutations(range(3)))),
    "S4": conjugation(S4),
    "Alexander": Table.from_operation(lambda a, b: (3 * b - 2 * a) % 5, range(5)),
    "trivial": Table.from_operation(lambda a, b: b, "abcd"),
    "rack": Table.from_operation(lambda a, b: (b + 1) % 5, range(5)),
    "large": reflections(25),
}


def lines_of(drawing) -> list[Path]:
    return [m for m in drawing.marks if isinstance(m, Path) and m.style.stroke != "none"]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_arrows_are_the_moves_of_those_that_act(table) -> None:
    products = table.array
    drawing = quandle_graph_picture(solve(table, assume="none"))
    arrows = {(m.data["generator"], m.data["from"], m.data["to"]) for m in lines_of(drawing)}
    acting = {x for x, _, _ in arrows}
    moves = {(x, y, int(products[x, y])) for x in acting for y in range(len(products))}
    moves = {(x, y, z) for x, y, z in moves if y != z}
    heads = [m for m in drawing.marks if isinstance(m, Path) and m.style.fill != "none"]
    if all(
        (products[x][products[x]] == np.arange(len(products))).all() for x in range(len(products))
    ):
        assert not heads
        assert "involutory" in drawing.description
        arrows |= {(x, z, y) for x, y, z in arrows}
    else:
        assert len(heads) == len(arrows)
    assert arrows == moves
    assert elements_shown(drawing) == dict.fromkeys(range(len(products)), 1)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_those_that_act_generate(table) -> None:
    action = rack_action(table.array)
    known = set(itertools.chain.from_iterable(action.same))
    if action.all_act:
        still = set(range(len(table.rows))) - known
        assert all((table.array[x] == np.arange(len(table.rows))).all() for x in still)
        return
    while more := {int(table.array[a, b]) for a in known for b in known} - known:
        known |= more
    idle = [x for x in range(table.order) if (table.array[x] == np.arange(table.order)).all()]
    assert known | set(idle) == set(range(table.order))
    assert "Shown acting are elements that generate it" in solve_text(table)


def solve_text(table) -> str:
    return quandle_graph_picture(solve(table, assume="none")).description


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_orbits_are_apart(table) -> None:
    action = rack_action(table.array)
    reached = np.eye(table.order, dtype=bool)
    for _ in range(table.order):
        for x in range(table.order):
            reached[:, table.array[x]] |= reached.copy()
    expected = {tuple(np.flatnonzero(row).tolist()) for row in reached}
    assert set(action.orbits) == expected
    drawing = quandle_graph_picture(solve(table, assume="none"))
    boxes = {}
    for mark in drawing.marks:
        if isinstance(mark, Rectangle):
            orbit = next(o for o in action.orbits if mark.data["element"] in o)
            box = (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
            old = boxes.get(orbit, box)
            boxes[orbit] = (*map(min, old[:2], box[:2]), *map(max, old[2:], box[2:]))
    for a, b in itertools.combinations(boxes.values(), 2):
        assert not overlapping(a, b)
    captions = [m for m in drawing.marks if isinstance(m, Label) and "orbit" in m.text]
    assert len(captions) == (len(expected) if len(expected) > 1 else 0)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_pictures(table) -> None:
    drawing = quandle_graph_picture(solve(table, assume="none"))
    assert_labels_apart(drawing)
    assert_nodes_apart(drawing)
    assert_well_formed(drawing)


def test_arrows_between_two_elements_are_apart() -> None:
    drawing = quandle_graph_picture(solve(TABLES["S3"], assume="none"))
    middles = {}
    for mark in lines_of(drawing):
        x, y = map(float, mark.d.split("Q")[1].split()[:2])
        pair = frozenset((mark.data["from"], mark.data["to"]))
        for u, v in middles.setdefault(pair, []):
            assert np.hypot(x - u, y - v) > 10
        middles[pair].append((x, y))
    assert max(map(len, middles.values())) > 2


def test_a_right_quandle_is_the_left_one_turned_over() -> None:
    left = TABLES["S3"]
    right = Table.from_array(left.array.T)
    one, other = (quandle_graph_picture(solve(t, assume="none")) for t in (left, right))
    assert [m.data for m in lines_of(one)] == [m.data for m in lines_of(other)]
    assert "left quandle" in one.description
    assert "right quandle" in other.description
    assert "from y to y*x" in other.description


def test_the_order_around_a_circle_is_a_permutation_with_short_arrows() -> None:
    action = rack_action(reflections(15).array)
    order = circular_order(action, action.orbits[0])
    assert sorted(order) == list(range(15))
    place = {x: i for i, x in enumerate(order)}
    steps = [
        abs(place[y] - place[int(z)]) for x in action.acting for y, z in enumerate(action.moves[x])
    ]
    assert max(min(step, 15 - step) for step in steps) <= 3


def test_the_table_given_is_drawn_where_the_one_found_is_no_rack() -> None:
    given = conjugation(TRANSPOSITIONS)
    found = solve(given, assume="none")
    wrong = given.with_array(np.where(given.array == 0, 1, given.array))
    suspect = Suspect(row="", column="", given="", expected="")
    drawing = quandle_graph_picture(replace(found, table=wrong, suspects=(suspect,)))
    assert len({m.data["generator"] for m in lines_of(drawing)}) == 6
    with pytest.raises(ValueError, match="no rack"):
        quandle_graph_picture(replace(found, table=wrong))


def test_hostile_labels() -> None:
    table = Table.from_array(reflections(9).array, labels=HOSTILE)
    drawing = quandle_graph_picture(solve(table, assume="none"))
    assert_well_formed(drawing)
    assert_labels_apart(drawing)


def test_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="no quandle graph: the operation is no rack"):
        quandle_graph_picture(generate_family("S3"))
    with pytest.raises(ValueError, match="no quandle graph, since 2 cells of the table"):
        quandle_graph_picture(with_holes(reflections(5)))
    trivial = np.tile(np.arange(121), (121, 1))
    with pytest.raises(ValueError, match="121 elements is too large"):
        quandle_graph_picture(solve(trivial, assume="none"))
