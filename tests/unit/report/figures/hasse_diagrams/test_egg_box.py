import numpy as np
import pytest
from tests.oracles import semigroups
from tests.unit.report.figures.diagram_checks import (
    HOSTILE,
    assert_labels_apart,
    assert_well_formed,
    partial_bijections,
    transformations,
    with_holes,
)

from cayley.algebra.semigroups._green import green_relations
from cayley.completion import solve
from cayley.report.figures.drawing._marks import Label, Path, Rectangle
from cayley.report.figures.hasse_diagrams._egg_box import egg_box_picture, with_diagonal
from cayley.tables import Table, generate_family


def ideals(products, x):
    """Return the principal right and left ideal of an element."""
    n = len(products)
    return (
        frozenset({x, *(int(products[x, s]) for s in range(n))}),
        frozenset({x, *(int(products[s, x]) for s in range(n))}),
    )


def cells_of(drawing) -> list[Rectangle]:
    return [m for m in drawing.marks if isinstance(m, Rectangle) and "elements" in m.data]


def members(cell) -> frozenset[int]:
    return frozenset(map(int, cell.data["elements"].split()))


TABLES = {
    "maps": transformations(3),
    "inverse": partial_bijections(3),
    "multiplication": Table.from_operation(lambda a, b: a * b % 12, range(12)),
    "rectangular": Table.from_operation(
        lambda a, b: (a[0], b[1]), [(i, j) for i in range(3) for j in range(4)]
    ),
    "group": generate_family("S3"),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_cells_are_classes_of_h_in_rows_of_r_and_columns_of_l(table) -> None:
    products = table.array
    drawing = egg_box_picture(table)
    found = cells_of(drawing)
    generated = [ideals(products, x) for x in range(len(products))]
    classes = {
        frozenset(x for x in range(len(products)) if generated[x] == pair) for pair in generated
    }
    assert {members(cell) for cell in found} == classes
    assert len(found) == len(classes)
    for one in found:
        for other in found:
            (right, left), (right_too, left_too) = (
                generated[min(members(c))] for c in (one, other)
            )
            # Cells of one row of a grid have one right ideal; those of different ones have not.
            assert (right == right_too) == (one.y == other.y and touching(one, other, found))
            if left == left_too:
                assert one.x == other.x
    stars = {m.data["element"] for m in drawing.marks if isinstance(m, Label) and m.text[0] == "★"}
    assert stars == {x for x in range(len(products)) if products[x, x] == x}


def touching(one, other, cells) -> bool:
    """Return whether two cells of one line are joined by others without a gap."""
    low, high = sorted((one.x, other.x))
    between = [c for c in cells if c.y == one.y and low <= c.x < high]
    return abs(low + sum(c.width for c in between) - high) < 0.5


def test_groups_have_their_names_and_the_diagonal() -> None:
    drawing = egg_box_picture(transformations(3))
    names = [m.text for m in drawing.marks if isinstance(m, Label) and m.bold]
    assert sorted(names) == ["C2"] * 6 + ["S3"]
    for box in green_relations(partial_bijections(3).array).boxes:
        diagonal = with_diagonal(box)
        assert all(row[i] is not None for i, row in enumerate(diagonal.groups))
        assert sum(e is not None for row in diagonal.groups for e in row) == len(diagonal.groups)
        assert {c for row in diagonal.cells for c in row} == {c for row in box.cells for c in row}


def test_larger_ideals_are_above() -> None:
    table = TABLES["multiplication"]
    drawing = egg_box_picture(table)
    y = {x: cell.y for cell in cells_of(drawing) for x in members(cell)}
    products = table.array
    for a in range(12):
        for b in range(12):
            inside = {int(products[b, s]) for s in range(12)} | {b}
            if a in inside and products[a].tolist() != products[b].tolist() and y[a] != y[b]:
                assert y[a] > y[b]
    edges = {(m.data["from"], m.data["to"]) for m in drawing.marks if isinstance(m, Path)}
    assert edges == set(green_relations(products).order)


def test_all_semigroups_of_order_three_are_drawn() -> None:
    for products in semigroups(3)[::7]:
        drawing = egg_box_picture(solve(Table.from_array(products), assume="semigroup"))
        assert sorted(x for cell in cells_of(drawing) for x in members(cell)) == [0, 1, 2]
        assert_labels_apart(drawing)


@pytest.mark.parametrize("table", [*TABLES.values(), transformations(4)], ids=[*TABLES, "256"])
def test_pictures(table) -> None:
    drawing = egg_box_picture(table)
    assert_labels_apart(drawing)
    assert_well_formed(drawing)
    cells = {m.data["class"]: m for m in cells_of(drawing)}
    assert len(cells) == len(cells_of(drawing))


def test_classes_of_many_elements_are_counted() -> None:
    drawing = egg_box_picture(generate_family("S4"))
    texts = [m.text for m in drawing.marks if isinstance(m, Label)]
    assert texts == ["S4", "24 elements"]
    assert members(cells_of(drawing)[0]) == frozenset(range(24))


def test_hostile_labels() -> None:
    table = Table.from_array(np.tile(np.arange(9), (9, 1)), labels=HOSTILE)  # right zeros
    drawing = egg_box_picture(solve(table, assume="semigroup"))
    assert_well_formed(drawing)
    assert_labels_apart(drawing)


def test_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="no egg-boxes: the operation is not associative"):
        egg_box_picture(solve(generate_family("mod5:a^2+ab+b^2"), solver="exact"))
    with pytest.raises(ValueError, match="no egg-boxes, since 2 cells of the table are still open"):
        egg_box_picture(with_holes(transformations(2)))
