import pytest

from cayley.completion import solve
from cayley.report._heading import command, heading, lead
from cayley.report._inspected import inspected
from cayley.tables import Table, generate_family, isotope

OPEN = [[0, -1, -1], [-1, 1, -1], [-1, -1, 2]]  # an idempotent operation, and no more
XOR_WITH_A_GAP = [[0, 1], [1, -1]]


@pytest.mark.parametrize(
    ("table", "title", "sentence"),
    [
        (generate_family("C1"), "Trivial group", "A group of 1 element, abelian, with 1 subgroup."),
        (generate_family("Q8"), "Q8",
         "A group of 8 elements, not abelian but nilpotent, with 6 subgroups in 6 classes."),
        (generate_family("A5"), "A5",
         "A group of 60 elements, not abelian, and simple, with 59 subgroups in 9 classes."),
        (isotope(generate_family("C3"), seed=0), "Isotope of C3", "of a group of 3 elements"),
        (Table.from_array([[max(a, b) for b in range(3)] for a in range(3)]),
         "Semilattice, 3 × 3", "A semilattice of 3 elements"),
        (Table.from_array(XOR_WITH_A_GAP), "C2, not proved",
         "The table shown is a group of 2 elements, abelian"),
    ],
)  # fmt: skip
def test_name_and_sentence(table, title, sentence) -> None:
    solution = solve(table)
    found = inspected(solution)
    assert heading(solution, found) == title
    assert sentence in lead(solution, found)


def test_a_table_with_open_cells_counts_them() -> None:
    solution = solve(OPEN, assume="semilattice")
    assert lead(solution, None) == "A table of 3 rows and 3 columns, 3 of 9 cells known."


def test_the_command_repeats_the_run() -> None:
    solution = solve(Table.from_array(XOR_WITH_A_GAP), assume="group", seed=5)
    assert command(solution, "a b.csv") == (
        "cayley complete 'a b.csv' --assume group --solver auto --seed 5 --restarts 8"
    )
