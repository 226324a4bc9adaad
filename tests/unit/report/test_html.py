import base64
import hashlib
import re
from functools import cache

import html5lib
import pytest

from cayley.completion import Provenance, solve
from cayley.report import render_report, write_report
from cayley.tables import Table, generate_family, isotope, mask


def parsed(page: str):
    """The document, after a strict parser has accepted it."""
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert "http:" not in page
    assert "https:" not in page
    for element in root.iter():
        for name in ("src", "href", "action"):
            value = element.attrib.get(name, "#")
            assert value.startswith(("#", "data:image/png")), value
    return root


def identifiers(root) -> list[str]:
    return [element.attrib["id"] for element in root.iter() if "id" in element.attrib]


def kinds_of_cells(root) -> list[str]:
    table = next(e for e in root.iter("table") if e.attrib.get("id") == "cells")
    return [cell.attrib["class"].split()[0] for cell in table.iter("td")]


@cache  # several tests look at the same page
def solved(spec, solver="auto", observe=1.0):
    """A solution and its page."""
    table = generate_family(spec) if observe == 1 else mask(generate_family(spec), observe=observe,
                                                            seed=0)  # fmt: skip
    solution = solve(table, solver=solver, restarts=1)
    return solution, render_report(solution)


@pytest.mark.parametrize(
    ("spec", "solver"), [("S3", "exact"), ("S3", "hypercube"), ("mod5:a^2+b^2", "hypercube")]
)
def test_page_is_valid_and_loads_nothing(spec, solver) -> None:
    solution, page = solved(spec, solver, 0.8)
    root = parsed(page)
    found = kinds_of_cells(root)
    for kind in Provenance:
        assert found.count(kind.name.lower()) == solution.counts[kind.name.lower()]
    assert len(identifiers(root)) == len(set(identifiers(root)))
    names = identifiers(root)
    assert ("training" in names) == (solver == "hypercube")
    assert ("group" in names) == (spec == "S3")


def test_the_policy_allows_just_this_script() -> None:
    _, page = solved("C3")
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert page.count("<script") == 1


def test_isotopes_show_their_maps() -> None:
    solution = solve(isotope(generate_family("C4"), seed=0))
    root = parsed(render_report(solution))
    section = next(e for e in root.iter("section") if e.attrib.get("id") == "isotopism")
    rows = [[cell.text for cell in row if cell.tag == "td"] for row in section.iter("tr")][1:]
    table = solution.table
    for i, (row, _, _) in enumerate(rows):  # the maps that the page shows multiply as a group does
        for j, (_, column, _) in enumerate(rows):
            k = [r[2] for r in rows].index(table[row, column])
            assert k == int(solution.isotopism.group.table[i, j])


def test_labels_are_data() -> None:
    labels = [
        "<script>x</script>", "\"'&", "\u202eabc", "x" * 200, "\x00\ud800\ufffe", "$\\frac{1}{2}$",
        "😀👩‍👩‍👧", "url(#a)",
    ]  # fmt: skip
    array = generate_family("D8").array.copy()
    array[1][1], array[2][3] = -1, (array[2][3] + 1) % 8
    page = render_report(solve(Table.from_array(array, labels=labels)), source="<b>.csv")
    root = parsed(page)
    assert len(list(root.iter("script"))) == 1
    assert not list(root.iter("b"))
    text = "".join(root.itertext())
    assert "<script>x</script>" in text
    assert "x" * 200 in text
    assert "$\\frac{1}{2}$" in text
    assert not set(text) & set("\u202e\x00\ufffe")


def test_size_at_order_sixty() -> None:
    labels = [f"{'😀' * 60}{i}" for i in range(60)]  # 240 bytes each
    table = Table.from_array(mask(generate_family("A5"), observe=0.5, seed=0).array, labels=labels)
    page = render_report(solve(table))
    parsed(page)
    assert len(page.encode()) < 2_000_000


def test_large_tables_are_a_picture() -> None:
    page = render_report(solve(generate_family("C90")))
    root = parsed(page)
    assert not [e for e in root.iter("table") if e.attrib.get("id") == "cells"]
    assert "too large for a page" in page
    assert len(page.encode()) < 2_000_000


def test_characters_are_typeset_exactly() -> None:
    page = render_report(solve(generate_family("C7")))
    assert "<td>ζ<sub>7</sub><sup>3</sup></td>" in page
    assert "<td>(1+√5)/2</td>" in render_report(solve(generate_family("A5")))


def test_says_where_the_matrices_come_from() -> None:
    assert "Nothing was learned" in solved("S3", "exact", 0.8)[1]
    assert "Nothing was learned" not in solved("S3", "hypercube", 0.8)[1]


def test_file_is_written_whole_or_not_at_all(tmp_path) -> None:
    solution, _ = solved("C3")
    path = tmp_path / "report.html"
    write_report(solution, path, source="table.csv")
    assert "cayley complete table.csv --assume" in path.read_text(encoding="utf-8")
    with pytest.raises(OSError, match="No such file"):
        write_report(solution, tmp_path / "no" / "report.html")
