"""Pictures by the name of their kind: the same as the command draws, for notebooks and files."""

from xml.etree import ElementTree

import pytest

from cayley.completion import solve
from cayley.report import draw_picture
from cayley.report.figures._figure_kinds import FIGURES
from cayley.tables import Table, generate_family

TABLES = {
    "egg-box": Table.from_array([[0, 0], [0, 1]]),
    "hasse": Table.from_array([[0, 1], [1, 1]]),
    "quandle-graph": Table.from_array([[0, 2, 1], [2, 1, 0], [1, 0, 2]]),
    "rivals": Table.from_array([[0, 1], [1, -1]]),
}


@pytest.mark.parametrize(
    "kind", [kind for kind in FIGURES if kind not in ("matrices", "curves", "possible")]
)
def test_every_kind_is_an_image_for_a_notebook(kind) -> None:
    picture = draw_picture(kind, TABLES.get(kind, generate_family("S3")))
    root = ElementTree.fromstring(picture._repr_svg_())
    assert root.tag.endswith("svg")
    assert picture.description
    assert picture.kind == kind


def test_options_reach_the_picture_and_others_are_refused(tmp_path) -> None:
    solution = solve(generate_family("S4"))
    generators = list(solution.table.symbols[1:])  # all: more arrows than of a few
    assert len(draw_picture("cayley-graph", solution, generators=generators).svg) > (
        2 * len(draw_picture("cayley-graph", solution).svg)
    )
    with pytest.raises(ValueError, match='the kind "hasse" takes no option `generators`'):
        draw_picture("hasse", solution, generators=generators)
    with pytest.raises(ValueError, match="`kind` must be one of table, before-after"):
        draw_picture("heat map", solution)


@pytest.mark.parametrize("kind", ["cycle-graph", "characters"])
def test_it_is_saved_in_every_format(tmp_path, kind) -> None:
    picture = draw_picture(kind, generate_family("C4"))
    for suffix, begins in (("svg", b"<"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        picture.save(tmp_path / f"p.{suffix}")
        assert (tmp_path / f"p.{suffix}").read_bytes().startswith(begins)
    with pytest.raises(ValueError, match="must end in one of"):
        picture.save(tmp_path / "p.gif")
