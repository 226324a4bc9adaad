"""What the pages of the API leave out of docstrings, and what they add."""

import importlib
import re
import sys
from pathlib import Path

import pytest

from cayley.completion import CertificateCheck, Inspection, Solution

EXTENSIONS = Path(__file__).parents[2] / "docs" / "_extensions"
sys.path.insert(0, str(EXTENSIONS))
reader_view, attribute_types, long_lines = (
    importlib.import_module(name) for name in ("reader_view", "attribute_types", "long_lines")
)
sys.path.remove(str(EXTENSIONS))


def test_private_files_are_left_out_with_the_line_that_introduces_them():
    listed = ["Files, in this order:", "", "* ``_a``: one", "* ``_b``: two", ""]
    text = ["What it is.", "", "    >>> 1", "    1", "", *listed, "End."]
    assert reader_view.without_files(text) == [
        "What it is.", "", "    >>> 1", "    1", "", "End.", "",
    ]  # fmt: skip
    assert reader_view.without_files(["Read ``_a.py``, then ``_b``.", "", "More."]) == ["More.", ""]
    kept = ["A list of names:", "", "* ``one``", "* ``two``"]
    assert reader_view.without_files(kept) == [*kept, ""]


@pytest.mark.parametrize("room", ["completion", "tables", "experiments", "spiking", "hypercube"])
def test_no_room_names_a_private_file(room):
    lines = importlib.import_module(f"cayley.{room}").__doc__.splitlines()
    text = "\n".join(reader_view.without_files(lines))
    assert lines[0] in text
    assert not re.search(r"``_\w", text)


def test_a_solution_has_the_attributes_that_its_base_describes():
    lines = Solution.__doc__.splitlines()
    reader_view.inherit_attributes(None, "class", "", Solution, None, lines)
    text = "\n".join(lines)
    assert text.count("Attributes:") == 1
    assert "    given: " in text and "    suspects: " in text
    assert "Its attributes are those of" not in text
    assert text.index("Attributes:") < text.index("References:")


def test_signatures_of_values_with_many_fields_are_left_out():
    def shown(thing):
        return reader_view.shorten_signature(None, "class", "", thing, None, "(a)", None)

    assert shown(Solution) == shown(Inspection) == ("", None)
    assert shown(Path) is None
    assert shown(CertificateCheck) is None


def test_a_colon_of_a_property_does_not_make_a_type():
    lines = ["Of the document: each claim.", "", "A line: kept."]
    attribute_types.keep_colons(None, "property", "", None, None, lines)
    assert ":" not in lines[0]
    attribute_types.clean_types(None, "property", "", None, None, lines)
    assert lines == ["Of the document: each claim.", "", "A line: kept."]


CONSOLE = (
    '<div class="highlight-console notranslate"><div class="highlight"><pre><span></span>{}</pre>'
)


def test_sentences_are_broken_and_tables_are_not():
    sentence = (
        "This is the group S3: verified in all 36 cells. The 22 observed force the 14 missing."
    )
    table = "σv'   " * 20
    body = CONSOLE.format(f'<span class="go">{sentence}</span>\n<span class="go">{table}</span>\n')
    found = long_lines.marked(body)
    assert f'<span class="sentence"><span class="go">{sentence}</span></span>' in found
    assert found.count('class="sentence"') == 1
    assert re.sub(r"<[^>]*>", "", found) == re.sub(r"<[^>]*>", "", body)
    python = body.replace("highlight-console", "highlight-python")
    assert long_lines.marked(python) == python
