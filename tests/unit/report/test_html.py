import base64
import hashlib
import json
import re
from functools import cache

import html5lib
import pytest

from cayley.completion import Provenance, solve
from cayley.report import render_report, write_report
from cayley.tables import Table, generate_family, isotope, mask

HOSTILE = [
    "</script><script>x</script>", "\"'&", "\u202eabc", "x" * 200, "\x00\ud800\ufffe",
    "$\\frac{1}{2}$", "😀👩‍👩‍👧", "url(#a)<!--",
]  # fmt: skip


def parsed(page: str):
    """The document, after a strict parser has accepted it."""
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    for element in root.iter():
        for name in ("src", "href", "action"):
            value = element.attrib.get(name, "#")
            assert value.startswith(("#", "data:image/png")), value
        assert "style" not in element.attrib, "the policy blocks styles of elements"
        assert not [name for name in element.attrib if name.startswith("on")]
    return root


def by_id(root, name):
    return next((e for e in root.iter() if e.attrib.get("id") == name), None)


def identifiers(root) -> list[str]:
    return [element.attrib["id"] for element in root.iter() if "id" in element.attrib]


def data_of(page: str):
    text = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text[1])


def kinds_of_cells(root) -> list[str]:
    return [cell.attrib["class"].split()[0] for cell in by_id(root, "cells").iter("td")]


def chein_loop() -> list[list[int]]:
    """M(S3, 2), the least loop that is Moufang and no group: elements g and gu, g first."""
    s3 = generate_family("S3").array.tolist()
    inverse = [row.index(0) for row in s3]
    table = [[0] * 12 for _ in range(12)]
    for g in range(6):
        for h in range(6):
            table[g][h] = s3[g][h]
            table[g][h + 6] = s3[h][g] + 6
            table[g + 6][h] = s3[g][inverse[h]] + 6
            table[g + 6][h + 6] = s3[inverse[h]][g]
    return table


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
    names = identifiers(root)
    assert len(names) == len(set(names))
    assert ("training" in names) == (solver == "hypercube")
    assert ("group" in names) == (spec == "S3")
    # The namespace of SVG in the page's script names a format and is no address.
    outside = page.replace("http://www.w3.org/2000/svg", "")
    assert "http:" not in outside
    assert "https:" not in outside


def test_reading_order_is_name_certainty_table_pictures_details() -> None:
    root = parsed(solved("S3", "exact", 0.8)[1])
    assert next(root.iter("h1")).text == "S3"
    sections = [e.attrib["id"] for e in root.iter("section")]
    assert sections[:2] == ["known", "table"]
    assert sections[-1] == "again"
    assert sections.index("table") < sections.index("group") < sections.index("laws")
    targets = {a.attrib["href"][1:] for a in root.iter("a")}
    assert targets == set(sections), "each section is in the list of sections, and nothing else"


def test_the_policy_allows_just_this_script_and_style() -> None:
    _, page = solved("C3")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)[1]
    assert "unsafe" not in policy
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    # The other script element holds data and is never run.
    assert page.count("<script") == 2


def test_isotopes_show_their_maps() -> None:
    solution = solve(isotope(generate_family("C4"), seed=0))
    root = parsed(render_report(solution))
    section = by_id(root, "isotopism")
    rows = [[cell.text for cell in row if cell.tag == "td"] for row in section.iter("tr")][1:]
    table = solution.table
    for i, (row, _, _) in enumerate(rows):  # the maps that the page shows multiply as a group does
        for j, (_, column, _) in enumerate(rows):
            k = [r[2] for r in rows].index(table[row, column])
            assert k == int(solution.isotopism.group.table[i, j])


def test_labels_are_data() -> None:
    array = generate_family("D8").array.copy()
    array[1][1], array[2][3] = -1, (array[2][3] + 1) % 8
    page = render_report(solve(Table.from_array(array, labels=HOSTILE)), source="<b>.csv")
    root = parsed(page)
    assert len(list(root.iter("script"))) == 2
    assert len(list(root.iter("style"))) == 1
    text = "".join(root.itertext())
    assert "</script><script>x</script>" in text
    assert "x" * 200 in text
    assert "$\\frac{1}{2}$" in text
    assert not set(text) & set("\u202e\x00\ufffe")
    told = data_of(page)["symbols"]
    assert told[0] == HOSTILE[0]
    assert told[2] == "\ufffdabc"
    assert told[4] == "\ufffd\ufffd\ufffd"


def test_labels_cut_in_the_table_stand_in_full_below_it() -> None:
    labels = [f"{'long ' * 8}{i}" for i in range(4)]
    root = parsed(
        render_report(solve(Table.from_array(generate_family("C4").array, labels=labels)))
    )
    listed = next(e for e in root.iter("details") if e.attrib.get("class") == "long-labels")
    assert [item.text for item in listed.iter("li")] == labels


@pytest.mark.slow
def test_size_at_order_sixty() -> None:
    labels = [f"{'😀' * 60}{i}" for i in range(60)]  # 240 bytes each
    table = Table.from_array(mask(generate_family("A5"), observe=0.5, seed=0).array, labels=labels)
    page = render_report(solve(table))
    parsed(page)
    assert len(page.encode()) < 2_000_000


@pytest.mark.parametrize(
    ("spec", "most"),
    [("S5", 3_000_000), pytest.param("C300", 4_000_000, marks=pytest.mark.slow)],
)
def test_large_tables_are_whole_in_the_data_and_small_in_the_document(spec, most) -> None:
    solution, page = solved(spec)
    assert len(page.encode()) < most
    root = parsed(page)
    assert not list(by_id(root, "cells").iter("td")), "the script draws what is seen"
    assert by_id(root, "overview").attrib["src"].startswith("data:image/png;base64,")
    told = base64.b64decode(data_of(page)["cells"])
    values = [int.from_bytes(told[i : i + 2], "little") - 1 for i in range(0, len(told), 2)]
    assert values == solution.table.array.ravel().tolist()


def test_characters_are_typeset_exactly() -> None:
    page = render_report(solve(generate_family("C7")))
    assert "<td>ζ<sub>7</sub><sup>3</sup></td>" in page
    assert "<td>(1+√5)/2</td>" in render_report(solve(generate_family("A5")))


def test_says_where_the_matrices_come_from() -> None:
    assert "Nothing was learned" in solved("S3", "exact", 0.8)[1]
    assert "Nothing was learned" not in solved("S3", "hypercube", 0.8)[1]


def test_what_inspect_says_stands_in_the_report() -> None:
    page = "".join(parsed(solved("S4")[1]).itertext())
    for words in ("order 24, S4", "30 in 11 classes", "solvable, not nilpotent", "24 > 12 > 4 > 1"):
        assert words in page
    page = "".join(parsed(render_report(solve(Table.from_array(chein_loop())))).itertext())
    for words in ("M(S3, 2)", "MoufangLoop(12,1) of LOOPS", "multiplication group", "Moufang loop"):
        assert words in page


def test_file_is_written_whole_or_not_at_all(tmp_path) -> None:
    solution, _ = solved("C3")
    path = tmp_path / "report.html"
    write_report(solution, path, source="table.csv")
    assert "cayley complete table.csv --assume" in path.read_text(encoding="utf-8")
    with pytest.raises(OSError, match="No such file"):
        write_report(solution, tmp_path / "no" / "report.html")
