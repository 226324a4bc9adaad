from dataclasses import replace

import numpy as np
import pytest
from tests.unit.report.figures.pictures import (
    HOSTILE,
    assert_inside,
    assert_labels_apart,
    cells,
    parsed,
    said,
    with_data,
)

from cayley.completion import solve
from cayley.report.figures.drawing._marks import Rectangle
from cayley.report.figures.operation_tables._possible_values import possible_picture
from cayley.report.figures.operation_tables._rival_tables import rivals_picture
from cayley.tables import Table, generate_family


def largest_of(n: int, *unknown: tuple[int, int]) -> Table:
    """The larger of two numbers, with pairs of cells left out."""
    array = np.maximum.outer(np.arange(n), np.arange(n))
    for a, b in unknown:
        array[a, b] = array[b, a] = -1
    return Table.from_array(array)


@pytest.fixture(scope="module")
def still_open():
    return solve(largest_of(4, (1, 2), (1, 3), (2, 3)), assume="semilattice")


def drawn_candidates(picture):
    """The values drawn in each cell, found by where their squares lie."""
    found = {}
    for (a, b), cell in cells(picture).items():
        for square in with_data(picture, "element", kind=Rectangle):
            x, y = square.x + square.width / 2, square.y + square.height / 2
            if cell.x < x < cell.x + cell.width and cell.y < y < cell.y + cell.height:
                assert cell.x <= square.x
                assert square.x + square.width <= cell.x + cell.width
                assert cell.y <= square.y
                assert square.y + square.height <= cell.y + cell.height
                found.setdefault((a, b), []).append(square.data["element"])
    return found


def test_candidates_stand_in_their_cells(still_open) -> None:
    picture = possible_picture(still_open)
    drawn = {cell: tuple(values) for cell, values in drawn_candidates(picture).items()}
    assert drawn == {cell: tuple(values) for cell, values in still_open.possible.items()}
    assert "6 open cells" in said(picture)
    assert_labels_apart(picture)
    assert_inside(picture)


def test_many_candidates_are_counted(still_open) -> None:
    order = 20
    table = largest_of(order, (1, 2))
    many = replace(
        still_open, table=table, given=table, identification=None,
        provenance=np.where(table.array < 0, 4, 0).astype(np.int8),
        possible={(1, 2): tuple(range(order)), (2, 1): (1, 2, 3)},
    )  # fmt: skip
    picture = possible_picture(many)
    assert drawn_candidates(picture) == {(2, 1): [1, 2, 3]}
    assert "20" in said(picture)
    assert "0, 1, 2, 3" in said(picture)  # hovering lists them
    large = largest_of(60, (1, 2))
    with pytest.raises(ValueError, match="order 60 is too large"):
        possible_picture(replace(many, table=large))


def test_full_tables_have_no_open_cells(still_open) -> None:
    with pytest.raises(ValueError, match="there are no open cells"):
        possible_picture(solve(generate_family("C3")))
    with pytest.raises(ValueError, match="there are no lists of possible values"):
        possible_picture(replace(still_open, possible={}))
    with pytest.raises(ValueError, match="there are no two completions"):
        rivals_picture(solve(generate_family("C3")))


def framed(picture):
    return [m for m in picture.marks if isinstance(m, Rectangle) and m.style.fill == "none"
            and m.style.stroke == "currentColor" and m.style.dash is None]  # fmt: skip


def test_rivals_differ_where_they_are_framed() -> None:
    solution = solve(Table.from_array([[0, 1], [1, -1]]))
    picture = rivals_picture(solution)
    (rival,) = solution.rivals
    assert len(framed(picture)) == 2 * len(rival.differs)
    drawn = [m for m in picture.marks if isinstance(m, Rectangle) and "row" in m.data]
    first, second = drawn[:4], drawn[4:]
    for here, there in zip(first, second, strict=True):
        a, b = here.data["row"], here.data["column"]
        assert here.data["value"] == solution.table.array[a, b]
        differs = here.data["value"] != there.data["value"]
        assert (here.style.opacity == 1) == differs
    assert {"If a group", "If a band"} <= set(said(picture).split("\n"))
    assert_labels_apart(picture)
    assert_inside(picture)


def test_two_completions_are_compared(still_open) -> None:
    picture = rivals_picture(still_open)
    one, two = still_open.completions[:2]
    assert len(framed(picture)) == 2 * (one.array != two.array).sum()
    assert f"Completion 1 of {len(still_open.completions)}" in said(picture)
    if len(still_open.completions) > 2:
        assert "Completion 3 of" in said(rivals_picture(still_open, rival=2))
    last = len(still_open.completions)
    with pytest.raises(ValueError, match=f"there is no second completion {last}"):
        rivals_picture(still_open, rival=last)
    partly = replace(still_open, completions_exact=False)
    assert "Completion 2 of at least" in said(rivals_picture(partly))


def test_hostile_labels_are_text() -> None:
    array = largest_of(6, (1, 2), (3, 4)).array
    solution = solve(Table.from_array(array, labels=HOSTILE), assume="semilattice")
    for picture in (possible_picture(solution), rivals_picture(solution)):
        parsed(picture)
        assert_labels_apart(picture)
        assert_inside(picture)
