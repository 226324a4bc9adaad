import pytest

from cayley.completion import inspect_table, solve
from cayley.report._inspected import inspected
from cayley.tables import Table, generate_family, isotope, shuffle

MAXIMUM = [[max(a, b) for b in range(4)] for a in range(4)]


@pytest.mark.parametrize(
    "table",
    [
        generate_family("S3"),
        shuffle(generate_family("Q8"), seed=1),
        isotope(generate_family("C5"), seed=0),
        Table.from_array(MAXIMUM),
        Table.from_array([[0, 2, 1], [2, 1, 0], [1, 0, 2]]),
    ],
    ids=["S3", "Q8", "isotope", "semilattice", "quandle"],
)
def test_the_report_says_what_inspect_says(table) -> None:
    solution = solve(table)
    found, document = inspected(solution), inspect_table(table).to_document()
    assert found.inspection.to_document() == document
    for row in found.properties:
        key = {"Latin": "latin", "Moufang": "moufang", "left Bol": "left_bol",
               "right Bol": "right_bol", "Steiner": "steiner"}.get(
            row.name, row.name.replace(" ", "_"))  # fmt: skip
        said = document["properties"][key]
        assert row.holds == (said is not None and said is not False), key


def test_incomplete_tables_are_not_inspected() -> None:
    assert inspected(solve([[0, -1, -1], [-1, 1, -1], [-1, -1, 2]], assume="semilattice")) is None


def test_properties_that_hold_come_first() -> None:
    rows = inspected(solve(generate_family("S3"))).properties
    assert [row.holds for row in rows] == sorted((row.holds for row in rows), reverse=True)


def test_short_laws_are_listed_with_their_numbers() -> None:
    found = inspected(solve(Table.from_array(MAXIMUM)))
    assert (43, "x*y = y*x") in found.laws
    assert len(found.laws) + found.more_laws > len(found.laws) >= 40
    assert not inspected(solve(generate_family("C30"))).laws_tried
