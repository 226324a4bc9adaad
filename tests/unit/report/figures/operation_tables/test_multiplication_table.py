import pathlib
import re

import numpy as np
import pytest
from tests.unit.report.figures.pictures import (
    HOSTILE,
    assert_inside,
    assert_labels_apart,
    cells,
    labels,
    parsed,
    said,
)

from cayley.completion import Provenance, solve
from cayley.report.figures.drawing._marks import Circle, Path, Rectangle, label_box
from cayley.report.figures.drawing._palette import contrast
from cayley.report.figures.element_order._arrangement import arrange
from cayley.report.figures.operation_tables._multiplication_table import (
    before_after_picture,
    provenance_picture,
    symbol_colors,
    table_picture,
)
from cayley.tables import Table, generate_family, isotope, mask, read_table

NAMES = ["C1", "C2", "S3", "D8", "C12", "S4", "C2xS4", "SL(2,3)"]


@pytest.fixture(scope="module", params=NAMES)
def solved(request):
    return solve(isotope(generate_family(request.param), seed=2))


@pytest.fixture(scope="module")
def partial():
    return solve(mask(generate_family("D12"), observe=0.6, seed=1))


def test_cells_are_those_of_the_table(solved) -> None:
    found = cells(table_picture(solved))
    table = solved.table
    assert len(found) == table.array.size
    fills = {}
    for (a, b), cell in found.items():
        assert cell.data["value"] == table.array[a, b]
        fills.setdefault(cell.data["value"], set()).add(cell.style.fill)
    assert all(len(colors) == 1 for colors in fills.values())
    assert len({color for colors in fills.values() for color in colors}) == len(table.symbols)


def test_rows_and_columns_are_lines(solved) -> None:
    found = cells(table_picture(solved))
    for k, get in ((0, lambda m: m.y), (1, lambda m: m.x)):
        lines = {}
        for key, cell in found.items():
            lines.setdefault(key[k], set()).add(get(cell))
        assert all(len(places) == 1 for places in lines.values())
        assert len({min(places) for places in lines.values()}) == len(lines)


def test_labels_are_apart_and_inside(solved) -> None:
    picture = table_picture(solved)
    assert_labels_apart(picture)
    assert_inside(picture)
    for label in (*solved.table.rows, *solved.table.columns, *solved.table.symbols):
        assert label in said(picture)


def test_letters_stand_in_their_cells_and_can_be_read(solved) -> None:
    picture = table_picture(solved)
    found = list(cells(picture).values())
    left = np.array([(m.x, m.y) for m in found])
    inside = 0
    for label in labels(picture):
        if label.style.fill == "currentColor" or label.data:
            continue
        x, y, right, bottom = label_box(label)
        at = np.array([label.x, label.y])
        (i,) = np.flatnonzero(((left <= at) & (left + found[0].width >= at)).all(axis=1))
        cell = found[i]
        assert cell.x <= x, label.text
        assert right <= cell.x + cell.width, label.text
        assert cell.y - 0.5 <= y
        assert bottom <= cell.y + cell.height + 0.5
        assert contrast(label.style.fill, cell.style.fill) >= 4.5
        assert label.size >= 6
        inside += 1
    assert inside == 0 or inside >= 0.8 * len(found)


def test_gaps_part_the_blocks() -> None:
    solution = solve(generate_family("S4"))
    placed = arrange(solution)
    rows = sorted({m.y for m in cells(table_picture(solution)).values()})
    steps = np.diff(rows)
    wide = {i + 1 for i in np.flatnonzero(steps > steps.min() + 1)}
    assert placed.sizes == (4,) * 6
    assert wide == set(placed.cuts)


@pytest.mark.parametrize("name", ["C16", "D24", "A4xC4", "3^2:4", "C2xC2xC2xC2"])
def test_blocks_are_neither_few_large_nor_many_small(name) -> None:
    solution = solve(generate_family("36:9" if name == "3^2:4" else name))
    sizes = arrange(solution).sizes
    assert not sizes or 2 <= len(sizes) <= 12


def test_provenance_has_marks(partial) -> None:
    picture = table_picture(partial)
    dots = [mark for mark in picture.marks if isinstance(mark, Circle)]
    assert len(dots) == partial.counts["forced"] + 1  # and one in the key
    assert f"forced {partial.counts['forced']}" in said(picture)
    by_kind = provenance_picture(partial)
    fills = {}
    for (a, b), cell in cells(by_kind).items():
        fills.setdefault(Provenance(int(partial.provenance[a, b])), set()).add(cell.style.fill)
    assert all(len(colors) == 1 for colors in fills.values())
    assert len(fills) == 2


EXAMPLES = pathlib.Path(__file__).parents[5] / "examples" / "tables"


def test_suspects_are_framed_and_say_what_was_given() -> None:
    solution = solve(read_table(EXAMPLES / "dihedral12_noisy.csv"))
    picture = table_picture(solution)
    frames = [m for m in picture.marks if isinstance(m, Rectangle) and m.style.fill == "none"
              and m.style.stroke == "#d55e00"]  # fmt: skip
    assert len(frames) == len(solution.suspects) + 1  # and one in the key
    for suspect in solution.suspects:
        assert f"given as {suspect.given}" in said(picture)


def test_unknown_cells_are_blank() -> None:
    array = np.maximum.outer(np.arange(4), np.arange(4))
    array[[1, 2, 1, 3], [2, 1, 3, 1]] = -1
    solution = solve(Table.from_array(array), assume="semilattice")
    picture = table_picture(solution)
    unknown = [cell for cell in cells(picture).values() if cell.data["value"] == -1]
    assert len(unknown) == (solution.table.array == -1).sum() > 0
    assert {cell.style.fill for cell in unknown} == {"none"}
    assert sum(label.text == "?" for label in labels(picture)) == len(unknown)


def test_cells_of_order_120_are_paths_through_their_places() -> None:
    solution = solve(generate_family("S5"))
    picture, placed = table_picture(solution), arrange(solution)
    colors = symbol_colors(solution.table, placed)
    paths = [mark for mark in picture.marks if isinstance(mark, Path)]
    assert len(paths) == 120
    side = paths[0].style.width
    runs = [
        (path.data["value"], float(x), float(y), float(u), float(v))
        for path in paths
        for x, y, u, v in re.findall(r"M(\S+) (\S+?)L(\S+) (\S+?)(?=M|$)", path.d)
    ]
    columns = sorted({x for _, x, *_ in runs})
    rows = sorted({y for _, _, y, *_ in runs})
    drawn = np.full((120, 120), -1)
    for value, x, y, u, v in runs:
        assert y == v
        start, count = columns.index(x), round((u - x) / side)
        assert (drawn[rows.index(y), start : start + count] == -1).all()
        drawn[rows.index(y), start : start + count] = value
    assert np.array_equal(drawn, solution.table.array[np.ix_(placed.rows, placed.columns)])
    assert [path.style.stroke for path in paths] == [colors[path.data["value"]] for path in paths]


@pytest.mark.parametrize("draw", [table_picture, provenance_picture, before_after_picture])
def test_hostile_labels_are_text(draw) -> None:
    solution = solve(Table.from_array(generate_family("C6").array, labels=HOSTILE))
    picture = draw(solution)
    root = parsed(picture)
    assert_labels_apart(picture)
    assert_inside(picture)
    texts = "".join(root.itertext())
    for label in HOSTILE:
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label)
        assert shown in texts


def test_three_tables_stand_side_by_side(partial) -> None:
    picture = before_after_picture(partial)
    drawn = [m for m in picture.marks if isinstance(m, Rectangle) and "row" in m.data]
    assert len(drawn) == 3 * 144
    given = drawn[:144]
    assert sum(m.data["value"] == -1 for m in given) == 144 - partial.given.num_observed
    assert_labels_apart(picture)


def test_orders_that_there_are_not_are_refused() -> None:
    group = solve(generate_family("S3"))
    magma = solve(generate_family("mod5:a^2+ab+b^2"), solver="exact")
    for order_by, message in [
        ("classes", "no conjugacy classes"), ("cosets", "no cosets"), ("green", "no Green's"),
        ("orbits", "no orbits"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=message):
            table_picture(magma, order_by=order_by)
    with pytest.raises(ValueError, match="must be one of"):
        table_picture(group, order_by="size")
    with pytest.raises(ValueError, match="no normal subgroup of index 4; there are some of index"):
        table_picture(group, subgroup=4)
    with pytest.raises(ValueError, match="'z', which is no symbol"):
        table_picture(group, subgroup=["z"])
    with pytest.raises(ValueError, match="a subgroup has cosets"):
        table_picture(group, subgroup=2, order_by="given")
    with pytest.raises(ValueError, match="order 600 is too large"):
        table_picture(solve(generate_family("C600")))


def test_cosets_of_a_chosen_subgroup() -> None:
    solution = solve(generate_family("D8"))
    picture = table_picture(solution, subgroup=["s"])
    assert "Listed by cosets of a subgroup C2" in said(picture)
    placed = arrange(solution, order_by="given")
    assert placed.rows.tolist() == list(range(8))
