import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cayley.report.figures.drawing._arcs import arc_curves
from cayley.report.figures.drawing._drawing import (
    INK,
    PAPER,
    Circle,
    Drawing,
    Label,
    Path,
    Rectangle,
    Style,
    drawing_figure,
    drawing_svg,
)
from cayley.report.figures.drawing._marks import (
    arrow_head,
    isolated,
    label_box,
    overlapping,
    written,
)
from cayley.report.figures.drawing._text_width import fitted, text_width

HOSTILE = [
    "<b>&\"'",
    "]]>",
    "\x00\x07\x1b",
    "\u202egnp.exe",
    "א ב",
    "</title><script>",
    "a\nb",
    "😀",
]


def drawing(*marks, **more) -> Drawing:
    return Drawing(
        **({"width": 100, "height": 50, "title": "T & t", "description": "D <d>"} | more),
        marks=marks,
    )


EVERYTHING = drawing(
    Rectangle(x=1, y=2, width=30, height=20, corner=4, style=Style(fill="#ff8800", stroke=INK)),
    Rectangle(x=40, y=2, width=5, height=5, style=Style(fill=PAPER), data={"row": 0, "value": -1}),
    Circle(x=60, y=20, radius=8, style=Style(stroke=INK, dash="4 2", width=2), hint="a circle"),
    Path(d="M5 40L20 30Q30 20 40 40C50 50 60 30 70 40A10 10 0 0 1 90 40Z", style=Style(fill=INK)),
    Label(x=50, y=25, text="middle"),
    Label(x=0, y=45, text="start", anchor="start", bold=True, turn=90, hint="more"),
    key=(("#ff8800", "orange"), ("#00ff00", "green")),
)


def tree(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


@pytest.mark.parametrize("standalone", [False, True])
def test_svg_is_well_formed_and_the_same_twice(standalone) -> None:
    svg = drawing_svg(EVERYTHING, name="x", standalone=standalone)
    assert svg == drawing_svg(EVERYTHING, name="x", standalone=standalone)
    root = tree(svg)
    assert [root.find(f".//*[@id='x-{part}']").text for part in ("title", "description")] == [
        "T & t", "D <d>",
    ]  # fmt: skip
    assert len(root.findall(".//circle")) == 1
    assert root.find(".//circle/title").text == "a circle"


def test_a_page_has_its_own_ink_and_paper_and_a_file_has_literal_ones() -> None:
    page = drawing_svg(EVERYTHING, name="x")
    assert 'fill="currentColor"' in page
    assert 'fill="var(--paper)"' in page
    assert "style=" not in page  # a strict policy of a page forbids it
    file = drawing_svg(EVERYTHING, name="x", standalone=True)
    assert "currentColor" not in file
    assert "var(" not in file
    assert file.startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_identifiers_have_the_name_before_them() -> None:
    found = re.findall(r' id="([^"]*)"', drawing_svg(EVERYTHING, name="one"))
    assert found
    assert all(identifier.startswith("one-") for identifier in found)


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_are_text_whatever_they_are(text) -> None:
    mark = Label(x=1, y=1, text=text, hint=text, data={"element": text})
    root = tree(drawing_svg(drawing(mark, title=text), name="x"))
    (label,) = root.iter("text")
    shown = (label.find("title").tail or "").replace("\ufffd", "")
    assert shown == "".join(c for c in text if c.isprintable())
    assert root.find(".//b") is None
    assert root.find(".//script") is None


def test_data_and_styles_of_grouped_marks() -> None:
    fill = Style(fill="#112233")
    cells = [Rectangle(x=i, y=0, width=1, height=1, style=fill, data={"row": i}) for i in range(3)]
    root = tree(drawing_svg(drawing(*cells), name="x"))
    group = root.find("g")
    assert group.get("fill") == "#112233"
    assert [cell.get("data-row") for cell in group] == ["0", "1", "2"]


def test_plain_letters_let_the_pointer_through() -> None:
    marks = [Label(x=1, y=1, text="a"), Label(x=1, y=1, text="b", hint="more")]
    marks += [Label(x=1, y=1, text="c", data={"row": 1})]
    root = tree(drawing_svg(drawing(*marks), name="x"))
    through = {text.text for text in root.iter("text") if text.get("pointer-events") == "none"}
    assert through == {"a"}


def test_attributes_and_colors_that_are_none_are_refused() -> None:
    with pytest.raises(AssertionError, match="no name"):
        drawing_svg(drawing(Circle(x=0, y=0, radius=1, data={'a="b': 1})), name="x")
    with pytest.raises(AssertionError, match="no color"):
        drawing_svg(drawing(Circle(x=0, y=0, radius=1, style=Style(fill="url(#x)"))), name="x")


def test_matplotlib_paints_the_same_marks() -> None:
    """Pixels where the picture is known: a filled box, a blank place, the inside of a circle."""
    from matplotlib.image import imread

    boxes = drawing(
        Rectangle(x=10, y=10, width=30, height=20, style=Style(fill="#ff0000")),
        Circle(x=70, y=25, radius=10, style=Style(fill="#0000ff")),
        Path(d="M10 45L40 45", style=Style(stroke="#00ff00", width=4)),
    )
    figure = drawing_figure(boxes)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=96)
    stream.seek(0)
    pixels = imread(stream)
    assert pixels.shape[:2] == (50, 100)
    for x, y, color in [
        (25, 20, (1, 0, 0)), (25, 5, (1, 1, 1)), (70, 25, (0, 0, 1)), (25, 44, (0, 1, 0)),
        (55, 25, (1, 1, 1)),
    ]:  # fmt: skip
        assert np.allclose(pixels[y, x, :3], color, atol=0.02), (x, y)
    assert drawing_figure(EVERYTHING).axes[0].texts[0].get_text() == "middle"


def test_arcs_stay_on_their_circle() -> None:
    for large in (0, 1):
        for sweep in (0, 1):
            points = np.array([(5.0, 0.0), *arc_curves((5, 0), [5, 5, 0, large, sweep, 0, 5])])
            for i in range(0, len(points) - 1, 3):
                a, b, c, d = points[i : i + 4]
                for t in np.linspace(0, 1, 7):
                    p = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b
                    p = p + 3 * t * t * (1 - t) * c + t**3 * d
                    center = (0, 0) if large != sweep else (5, 5)
                    assert abs(np.hypot(*(p - center)) - 5) < 0.003


@pytest.mark.parametrize("text", ["(1 2)(3 4)", "a very long label of words", "x", "漢字漢字漢字"])
@pytest.mark.parametrize("size", [(20, 20), (30, 40), (60, 20), (200, 30)])
def test_what_fits_is_whole_and_inside(text, size) -> None:
    found = fitted(text, width=size[0], height=size[1])
    if found is None:
        assert text_width(text, 6) > size[0]
        return
    assert "".join(found.lines).replace(" ", "") == text.replace(" ", "")
    labels = written(found, 0, 0)
    for i, label in enumerate(labels):
        box = label_box(label)
        assert box[0] >= -size[0] / 2 - 1e-6
        assert box[1] >= -size[1] / 2 - 1e-6
        assert not any(overlapping(box, label_box(other)) for other in labels[:i])


def test_widths_are_those_of_the_font() -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    for text in ("Hello, World", "(1 2 3)(4 5)", "aWmi_9", "R90 x^-1"):
        outline = TextPath((0, 0), text, size=100, prop=FontProperties(family="DejaVu Sans"))
        assert outline.get_extents().width <= text_width(text, 100) * 1.01
        assert outline.get_extents().width >= text_width(text, 100) * 0.9


def test_boxes_of_labels_follow_anchor_and_turn() -> None:
    start = label_box(Label(x=0, y=0, text="abc", size=10, anchor="start"))
    end = label_box(Label(x=0, y=0, text="abc", size=10, anchor="end"))
    upright = label_box(Label(x=0, y=0, text="abc", size=10, anchor="start", turn=90))
    assert start[0] == 0 == end[2]
    assert upright[3] == start[2]
    assert upright[0] == start[1]


def test_arrow_heads_point_where_they_should() -> None:
    tip, *base = [tuple(map(float, p.split())) for p in arrow_head(0, 0, 0, 5)[1:-1].split("L")]
    assert tip == (0, 0)
    assert all(y == -7 for _, y in base)


def test_right_to_left_labels_are_isolated() -> None:
    assert isolated("abc") == "abc"
    assert isolated("אב")[1:-1] == "אב"
