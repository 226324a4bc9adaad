import re

import pytest

from cayley.completion import solve
from cayley.report._page_data import symbol_colors
from cayley.report._page_pictures import PLACED, page_pictures
from cayley.report.figures._figure_kinds import FIGURES, picture_of
from cayley.report.figures.drawing._palette import contrast
from cayley.report.figures.element_order._arrangement import arrange
from cayley.tables import Table, generate_family

MAXIMUM = [[max(a, b) for b in range(4)] for a in range(4)]
QUANDLE = [[0, 2, 1], [2, 1, 0], [1, 0, 2]]


def pictures(solution):
    found = page_pictures(solution, symbol_colors(arrange(solution)))
    return {p.name: p for place in (found.linked, found.gallery, found.open, found.rivals)
            for p in place}  # fmt: skip


def test_every_kind_that_is_placed_exists() -> None:
    assert {each.kind for each in PLACED} <= FIGURES.keys()
    assert len({each.kind for each in PLACED}) == len(PLACED)


@pytest.mark.parametrize(
    ("solution", "names"),
    [
        (solve(generate_family("S3")),
         {"cayley-graph", "cycle-graph", "subgroup-lattice", "quotient", "symmetry"}),
        (solve(Table.from_array(MAXIMUM)), {"egg-box", "hasse"}),
        (solve(Table.from_array(QUANDLE), assume="quandle"), {"quandle-graph"}),
        (solve([[0, 1], [1, -1]]), {"rivals", "cayley-graph"}),
        (solve([[0, -1, -1], [-1, 1, -1], [-1, -1, 2]], assume="semilattice"), {"possible"}),
    ],
    ids=["group", "semilattice", "quandle", "rival", "open"],
)  # fmt: skip
def test_every_kind_that_applies_is_shown(solution, names) -> None:
    found = pictures(solution)
    assert names <= found.keys()
    # What can be drawn is drawn, but for the egg-box of a group, which is one box.
    for each in PLACED:
        drawn = picture_of(each.kind, solution) is not None
        assert (each.kind in found) == (drawn and not (
            each.kind == "egg-box" and solution.isotopism is not None))  # fmt: skip


def test_elements_have_the_colors_of_the_table() -> None:
    solution = solve(generate_family("S3"))
    colors = symbol_colors(arrange(solution))
    svg = str(pictures(solution)["cycle-graph"].svg)
    shapes = re.findall(r'<(?:rect|circle)[^>]*?data-element="(\d)"[^>]*>', svg)
    assert set(shapes) == set("012345")
    for tag in re.findall(r"<(?:rect|circle)[^>]*data-element[^>]*>", svg):
        element, fill = (re.search(rf'{key}="(.*?)"', tag)[1] for key in ("data-element", "fill"))
        assert fill == colors[int(element)]
    for tag in re.findall(r"<text[^>]*data-element[^>]*>", svg):
        element, fill = (re.search(rf'{key}="(.*?)"', tag)[1] for key in ("data-element", "fill"))
        assert contrast(fill, colors[int(element)]) >= 4.5


def test_pictures_have_no_styles_and_no_links() -> None:
    for picture in pictures(solve(generate_family("S3"))).values():
        assert not re.search(r"<style|style=|href=|<script", str(picture.svg))
