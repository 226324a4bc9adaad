import html5lib

from cayley.algebra import Group
from cayley.completion import solve
from cayley.tables import Table, generate_family, mask
from cayley.theories import Theory, parse_laws

HOSTILE = ["<script>alert(1)</script>", '" onmouseover="x', "a&b", "\u202eevil", "\x1b[0m"]


def parsed(html):
    return html5lib.HTMLParser(strict=True).parseFragment(html)


def texts(html, kind):
    return ["".join(each.itertext()) for each in parsed(html).iter() if each.tag.endswith(kind)]


def test_cells_and_margins_are_those_of_the_table():
    table = Table.from_array([[0, 1], [1, -1]], labels="ea")
    html = table._repr_html_()
    assert texts(html, "}td") == ["e", "a", "a", "?"]
    assert texts(html, "}th") == ["", "e", "a", "e", "a"]
    assert "3 of 4 cells known" in html


def test_hostile_labels_are_text():
    array = generate_family("C5").array.copy()
    array[4, 4] = -1
    table = Table.from_array(array, labels=HOSTILE)
    for html in (table._repr_html_(), solve(table)._repr_html_()):
        tags = {each.tag.rpartition("}")[2] for each in parsed(html).iter() if each.tag}
        assert tags <= {"DOCUMENT_FRAGMENT", "div", "table", "tbody", "tr", "th", "td", "bdi"}
        names = {name for each in parsed(html).iter() for name in each.attrib}
        assert names <= {"style", "title"}
        assert "\x1b" not in html
        assert HOSTILE[0] in texts(html, "}th")


def test_a_solution_marks_where_cells_come_from():
    solution = solve(mask(generate_family("S3"), observe=0.61, seed=0))
    cells = texts(solution._repr_html_(), "}td")
    assert sum(cell.endswith("•") for cell in cells) == solution.counts["forced"] == 14
    assert solution.verdict in "".join(texts(solution._repr_html_(), "}div"))
    assert "• proved from the given cells" in solution._repr_html_()


def test_large_tables_are_cut_with_a_note():
    html = Group.from_table(generate_family("C60"))._repr_html_()
    assert len(texts(html, "}td")) == 1600
    assert "60 rows and 60 columns; the first 40 are shown." in html
    long = Table.from_array([[0]], labels=["x" * 10**6])
    assert len(long._repr_html_()) < 2000


def test_a_theory_shows_its_laws_escaped():
    html = Theory("<b>mine", parse_laws("xy = yx"))._repr_html_()
    assert texts(html, "}li") == ["x*y = y*x"]
    assert "&lt;b&gt;mine" in html
