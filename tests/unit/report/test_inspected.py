import re
from html import unescape

import pytest

from cayley.completion import inspect_table, solve
from cayley.completion.inspection._part_rows import part_rows
from cayley.report import write_report
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


@pytest.mark.parametrize("name", ["Q8", "D10"])
def test_the_page_shows_all_that_is_known_of_a_group(name, tmp_path) -> None:
    """Each member of the document of ``inspect`` that is about the group stands on the page."""
    solution = solve(generate_family(name))
    page = unescape(re.sub(r"<[^>]+>", " ", write(solution, tmp_path)))
    page = re.sub(r"\s+", " ", page)
    document = inspect_table(generate_family(name)).to_document()
    assert document["group"]["name"] in page
    wanted = {
        "subgroup_classes": [
            f"{each['size']} {each['name']}" for each in document["subgroup_classes"]
        ],
        "automorphism_group": [f"order {document['automorphism_group']['order']}"],
        "schur_multiplier": [
            " x ".join(f"C{q}" for q in document["schur_multiplier"]) or "trivial",
            "Schur multiplier",
        ],
        "irreps": [each["field"]["name"] for each in document["irreps"]]
        + [
            {1: "real", 0: "complex", -1: "quaternionic"}[each["indicator"]]
            for each in document["irreps"]
        ],
        "derived_series": [" > ".join(map(str, document["derived_series"]))],
        "center_order": [f"order {document['center_order']}"],
        "exponent": [f"exponent {document['exponent']}"],
        "frattini_order": [f"Frattini subgroup of order {document['frattini_order']}"],
        "abelian_invariants": [f"C{q}" for q in document["abelian_invariants"]],
        "classes": [each["name"] for each in document["classes"]],
    }
    for member, texts in wanted.items():
        assert [text for text in texts if text not in page] == [], member


def test_the_page_shows_all_parts(tmp_path) -> None:
    """Each row that ``inspect`` prints of a semigroup stands on the page."""
    table = generate_family("mod6:ab")
    page = unescape(re.sub(r"<[^>]+>", " ", write(solve(table), tmp_path)))
    page = re.sub(r"\s+", " ", page)
    for _, rows in part_rows(inspect_table(table).parts):
        assert len(rows) > 9
        for head, text in rows:
            assert head in page
            assert text in page


def write(solution, folder) -> str:
    path = folder / "report.html"
    write_report(solution, path)
    return path.read_text(encoding="utf-8")
