from html.parser import HTMLParser

import pytest

from cayley.completion import Provenance, solve
from cayley.report import render_report, write_report
from cayley.tables import Table, generate_family, isotope, mask

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Checker(HTMLParser):
    """Collects classes and addresses; fails on tags that do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        found = dict(attrs)
        if tag == "td" and found.get("class"):
            self.classes.append(str(found["class"]))
        self.addresses += [str(found[k]) for k in ("src", "href", "action") if found.get(k)]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.addresses == []
    assert "http:" not in page
    assert "https:" not in page
    return checker


@pytest.mark.parametrize(
    ("spec", "solver"), [("S3", "exact"), ("S3", "hypercube"), ("mod5:a^2+b^2", "hypercube")]
)
def test_page_is_well_formed_and_loads_nothing(spec, solver) -> None:
    solution = solve(mask(generate_family(spec), observe=0.8, seed=0), solver=solver, restarts=1)
    found = check(render_report(solution))
    for kind in Provenance:
        assert found.classes.count(kind.name.lower()) == solution.counts[kind.name.lower()]


def test_isotopes_show_their_maps() -> None:
    solution = solve(isotope(generate_family("C4"), seed=0))
    page = render_report(solution)
    check(page)
    assert "<h2>Isotopism</h2>" in page


def test_labels_are_escaped_everywhere() -> None:
    labels = ["<script>x</script>", "\"'&", "\u202eabc", "x" * 200]
    array = [[(a + b) % 4 for b in range(4)] for a in range(4)]
    array[1][1] = -1
    page = render_report(solve(Table.from_array(array, labels=labels)), source="<b>.csv")
    check(page)
    assert "<script>" not in page
    assert "<b>" not in page


def test_size_at_order_sixty() -> None:
    page = render_report(solve(generate_family("A5")))
    check(page)
    assert len(page.encode()) < 2_000_000


def test_file_is_written_whole_or_not_at_all(tmp_path) -> None:
    solution = solve(generate_family("C3"))
    path = tmp_path / "report.html"
    write_report(solution, path, source="table.csv")
    assert "cayley complete table.csv --assume" in path.read_text(encoding="utf-8")
    with pytest.raises(OSError, match="No such file"):
        write_report(solution, tmp_path / "no" / "report.html")
