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
from cayley.report.figures.operation_tables._quotient import quotient_picture
from cayley.tables import Table, generate_family, isotope


@pytest.mark.parametrize("name", ["D8", "Q8", "C12", "S4", "SL(2,3)", "C2xC2xC2xC2"])
@pytest.mark.parametrize("seed", [None, 5])
def test_the_small_table_is_the_large_one_folded(name, seed) -> None:
    """The color of a product depends on the colors of its factors only, as the quotient says."""
    table = generate_family(name)
    solution = solve(table if seed is None else isotope(table, seed=seed))
    picture = quotient_picture(solution)
    large = cells(picture)
    color = {cell.data["value"]: cell.style.fill for cell in large.values()}
    small = [m for m in with_data(picture, "elements", kind=Rectangle) if m.style.stroke == "none"]
    count = len(set(color.values()))
    assert len(small) == count**2
    for cell in small:
        members = [int(i) for i in cell.data["elements"].split()]
        assert {color[i] for i in members} == {cell.style.fill}
        assert len(members) * count == len(solution.table.symbols)
    # Cells of both tables at like places: blocks of the large one are cells of the small one.
    rows = sorted({m.y for m in small})
    columns = sorted({m.x for m in small})
    folded = {(rows.index(m.y), columns.index(m.x)): m.style.fill for m in small}
    tops = sorted({m.y for m in large.values()})
    lefts = sorted({m.x for m in large.values()})
    size = len(tops) // count
    for cell in large.values():
        place = tops.index(cell.y) // size, lefts.index(cell.x) // size
        assert cell.style.fill == folded[place]


def test_blocks_are_named_and_listed() -> None:
    picture = quotient_picture(solve(generate_family("D8")), subgroup=["r2"])
    assert picture.title == "D8 / C2 is C2 x C2"
    assert "N = {e, r2}" in said(picture)
    assert "r N = {r, r3}" in said(picture)
    assert_labels_apart(picture)
    assert_inside(picture)


@pytest.mark.parametrize("name", ["S4", "C2xS4", "C36", "S5", "SL(2,3)"])
def test_labels_are_apart(name) -> None:
    picture = quotient_picture(solve(generate_family(name)))
    assert_labels_apart(picture)
    assert_inside(picture)


def test_a_subgroup_is_chosen() -> None:
    solution = solve(generate_family("S4"))
    for choice, title in [(2, "S4 / A4 is C2"), (6, "S4 / C2 x C2 is S3"), (1, "S4 / S4 is 1")]:
        assert quotient_picture(solution, subgroup=choice).title == title
    with pytest.raises(ValueError, match="of order 2 that is not normal"):
        quotient_picture(solution, subgroup=["(1 2)"])
    with pytest.raises(ValueError, match=r"index 3; there are some of index 1, 2, 6, 24"):
        quotient_picture(solution, subgroup=3)
    with pytest.raises(ValueError, match="is no symbol"):
        quotient_picture(solution, subgroup=["nobody"])


def test_what_has_no_quotient_says_so() -> None:
    for name in ("A5", "C7"):
        with pytest.raises(ValueError, match="no normal subgroups"):
            quotient_picture(solve(generate_family(name)))
    with pytest.raises(ValueError, match="no quotient: no group"):
        quotient_picture(solve(generate_family("mod5:a^2+ab+b^2"), solver="exact"))
    with pytest.raises(ValueError, match="order 60 is too large"):
        quotient_picture(solve(generate_family("C120")), subgroup=60)


def test_hostile_labels_are_text() -> None:
    solution = solve(Table.from_array(generate_family("C6").array, labels=HOSTILE))
    picture = quotient_picture(solution)
    parsed(picture)
    assert_inside(picture)
    assert_labels_apart(picture)
