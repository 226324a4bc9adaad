import pytest

from cayley._errors import TableFormatError
from cayley.tables.formats import _xml
from cayley.tables.formats._context import ReadContext

CONTEXT = ReadContext(
    name="f",
    markers=frozenset(),
    json_markers=frozenset(),
    allow_conflicts=False,
    max_order=100,
)


class Counts:
    """Counts elements and how deep they are."""

    def __init__(self):
        self.parser, self.depth, self.deepest, self.elements = None, 0, 0, 0

    def start(self, name, attributes):
        self.elements += 1
        self.depth += 1
        self.deepest = max(self.depth, self.deepest)

    def end(self, name):
        self.depth -= 1

    def characters(self, text):
        pass


def parsed(content):
    counts = Counts()
    _xml.parse_xml(content, counts, CONTEXT, part="part")
    return counts


def nested(depth):
    return "<a>" * depth + "</a>" * depth


def pieces(text, size=100):
    data = text.encode()
    return [data[i : i + size] for i in range(0, len(data), size)]


@pytest.mark.parametrize("cut", [str, pieces])
def test_elements_may_be_nested_and_not_without_end(cut):
    assert parsed(cut(nested(_xml._DEEPEST))).deepest == _xml._DEEPEST
    with pytest.raises(TableFormatError, match="in part: elements are nested more than 1000 deep"):
        parsed(cut(nested(50_000)))


def test_a_deep_document_is_refused_long_before_its_end():
    counts, taken = Counts(), []

    def content():
        for piece in pieces("<a>" * 1_000_000):
            taken.append(len(piece))
            yield piece

    with pytest.raises(TableFormatError, match="nested"):
        _xml.parse_xml(content(), counts, CONTEXT)
    assert sum(taken) < 10_000 < counts.elements * 10


@pytest.mark.parametrize("cut", [str, pieces])
def test_what_is_not_nested_is_read_however_long_it_is(cut):
    inside = "<b/>" * 5000 + "<b>x</b>" * 5000 + "<!-- <<<<< -->" * 5000
    counts = parsed(cut(f"<a>{inside}</a>"))
    assert (counts.elements, counts.deepest) == (10_001, 2)
