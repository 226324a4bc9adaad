import pytest

from cayley.completion import solve
from cayley.completion._findings import Fact, Rival
from cayley.report import render_report
from cayley.report._explanations import explain
from cayley.tables import Table
from cayley.theories import parse_theory

OR = [[0, 1], [1, -1]]


def max_with_open_cells() -> Table:
    """The larger of two numbers, with cells unknown that a semilattice leaves open."""
    array = [[max(a, b) for b in range(4)] for a in range(4)]
    for a, b in ((1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)):
        array[a][b] = -1
    return Table.from_array(array)


def test_rivals_are_shown_beside_the_table() -> None:
    solution = solve(Table.from_array(OR))
    (rival,) = explain(solution).rivals
    assert rival.more == 0
    for row, column, here, there in rival.cells:
        assert solution.table[row, column] == here != there
    assert (rival.kind, rival.standing) == ("a band", "supposed")


def test_open_cells_list_what_some_completion_has() -> None:
    solution = solve(max_with_open_cells(), assume="semilattice")
    cells = explain(solution).open_cells
    assert cells
    assert solution.completions_exact
    for cell in cells:
        assert len(cell.values) > 1
        assert solution.table[cell.row, cell.column] is None
        found = {table[cell.row, cell.column] for table in solution.completions}
        assert found <= set(cell.values)


def test_refutations_give_the_law_that_fails() -> None:
    table = Table.from_array([[0, 1], [1, 0]])
    (refuted,) = explain(solve(table, assume="semilattice")).refuted
    assert refuted.kind == "a semilattice"
    assert "x*x = x fails at x = 1" in refuted.reason
    assert refuted.cells == (("1", "1", "0"),)


def test_lists_are_bounded() -> None:
    from dataclasses import replace

    names = [f"{i}{'y' * 500}" for i in range(26)]
    solution = solve(Table.from_array([[(a + b) % 26 for b in range(26)] for a in range(26)],
                                      labels=names))  # fmt: skip
    cells = tuple((a, b, names[0]) for a in names for b in names)
    many = Rival(theory=parse_theory("band"), standing="supposed", differs=cells)
    solution = replace(
        solution,
        rivals=(many,),
        possible={(a, b): tuple(range(26)) for a in range(26) for b in range(26)},
    )
    found = explain(solution)
    assert len(found.rivals[0].cells) + found.rivals[0].more == 676
    assert len(found.open_cells) + found.more_open == 676
    assert len(found.open_cells[0].values) + found.open_cells[0].more == 26
    assert len(render_report(solution).encode()) < 3_000_000


def test_a_chance_of_almost_one_is_no_negative_zero() -> None:
    from dataclasses import replace

    solution = replace(solve(OR), facts=(Fact(law="x*y = y*x", support=1, log10_chance=-1e-16),))
    assert explain(solution).laws[0].log10_chance == "0"


@pytest.mark.parametrize("labels", [["<b>", "&"], ["0", "1"]])
def test_what_is_supposed_is_never_called_proved(labels) -> None:
    solution = solve(Table.from_array(OR, labels=labels))
    assert (solution.status, solution.standing) == ("predicted", "supposed")
    notebook, page = solution._repr_html_(), render_report(solution)
    for text in (notebook, page):
        # The words may stand only where they are denied.
        assert "proved" not in text.replace("not proved", "")
        assert "forced by the given cells if this is a group" in text
    assert "<b>" not in page


def test_what_is_earned_is_called_proved() -> None:
    array = [[a ^ b for b in range(8)] for a in range(8)]
    array[5][6] = -1
    page = render_report(solve(array))
    assert "proved from the given cells" in page
    assert "supposed" not in page


@pytest.mark.parametrize("assume", ["auto", "homotope", "none"])
def test_rectangular_tables_have_a_page(assume) -> None:
    table = Table(
        rows=("a", "b", "c"),
        columns=("0", "1", "2", "3"),
        symbols=("v", "w", "x", "y", "z"),
        array=[[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, -1]],
    )
    page = render_report(solve(table, assume=assume))
    assert "Operation table, 3 × 4" in page
    assert "Moufang" not in page


def test_a_block_that_generates_a_group_says_how_to_repeat_it() -> None:
    # 1 and i of the complex units: the products of the two lead to -1.
    table = Table(
        rows=("1", "i"), columns=("1", "i"), symbols=("1", "i", "-1"), array=[[0, 1], [1, 2]]
    )
    solution = solve(table)
    page = render_report(solution, source="units.csv")
    assert len(solution.table.rows) == 4
    assert "units.csv --assume auto" in page
    assert "--open</code>" in page
