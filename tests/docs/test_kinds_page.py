"""The page on kinds of operation defines every word that `cayley inspect` can print."""

import json
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from cayley.algebra import Analysis, GroupDescription, describe
from cayley.algebra.export._describe import (
    ClassDescription,
    IrrepDescription,
    SubgroupDescription,
)
from cayley.algebra.export._format_description import description_lines
from cayley.algebra.loops import LoopParts
from cayley.algebra.quandles import QuandleParts
from cayley.algebra.rings import TwoOperations
from cayley.algebra.semigroups import SemigroupParts
from cayley.completion import inspect_table
from cayley.completion.inspection import _kinds
from cayley.completion.inspection._part_rows import part_rows
from cayley.tables import generate_family

ROOT = Path(__file__).parents[2]
PAGE = re.sub(r"\s+", " ", (ROOT / "docs/concepts/kinds.md").read_text(encoding="utf-8"))

SQUARE = np.indices((4, 4))
EXAMPLES = {
    "loop": [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]],
    "quasigroup and rack": [[0, 2, 1], [2, 1, 0], [1, 0, 2]],
    "semilattice": np.maximum(*SQUARE),
    "semigroup": SQUARE[0] * SQUARE[1] % 4,
    "band": SQUARE[0] // 2 * 2 + np.maximum(SQUARE[0] % 2, SQUARE[1] % 2),
}


def defined(words):
    """Return the words that the page does not have."""
    return [
        word
        for word in words
        if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", PAGE, re.IGNORECASE)
    ]


def listed_classes(kind):
    """Return the words of ``classes`` that a docstring lists."""
    text = kind.__doc__
    text = text[text.index("``classes`` has those of these words") : text.index("Example:")]
    words = [re.sub(r"\s+", " ", word) for word in re.findall(r"``([^`]+)``", text)]
    return [word for word in words[1:] if "=" not in word]


@pytest.mark.parametrize("kind", [LoopParts, SemigroupParts, QuandleParts])
def test_classes(kind):
    assert len(listed_classes(kind)) >= 9
    assert defined(listed_classes(kind)) == []


def test_properties_of_the_document():
    assert defined(field.name for field in fields(Analysis)) == []


@pytest.mark.parametrize("words", ["_LOOPS", "_QUASIGROUPS", "_SEMIGROUPS", "_MAGMAS"])
def test_the_words_of_every_kind(words):
    """A kind such as "commutative automorphic loop" is made of words that are defined."""
    found = {word for kind, _ in getattr(_kinds, words) for word in kind.split()} - {"M"}
    assert defined(found) == []


@pytest.mark.parametrize(
    "kind", [GroupDescription, ClassDescription, IrrepDescription, SubgroupDescription]
)
def test_members_of_the_document(kind):
    names = [field.name for field in fields(kind) if field.name not in ("name", "size", "order")]
    assert defined(names) == []


def test_what_is_printed_of_a_group():
    for name in ("S3", "Q8", "A5", "D16"):
        heads = [head for head, _ in description_lines(describe(generate_family(name))) if head]
        assert {"Schur multiplier", "character fields", "indicators"} <= set(heads)
        # Under this head stand words of the table, such as "solvable".
        assert defined(set(heads) - {"properties"}) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_parts_as_rows_and_in_the_document(name):
    parts = inspect_table(EXAMPLES[name]).parts
    assert parts
    for named, rows in part_rows(parts):
        heads = [re.sub(r" \d+$", "", head) for head, _ in rows if head]
        assert defined([*named.split(), *heads]) == []
    members = {f"`{key}`" for part in parts.values() for key in part if key != "name"}
    assert [member for member in members if member not in PAGE] == []


def test_kinds_of_two_tables():
    x, y = np.indices((4, 4))
    found = set()
    for plus, times in (
        ((x + y) % 4, x * y % 4),
        (np.maximum(x, y), np.minimum(x, y)),
        ((x + y) % 4, y),
        ((x + y) % 4, (x + y + 2 * x * y) % 4),
    ):
        each = TwoOperations.of(plus, times)
        found |= {*each.kinds, *each.failures}
    assert len(found) > 6
    assert defined(found) == [] or defined({word for kind in found for word in kind.split()}) == []


def test_a_word_that_is_missing_is_noticed():
    assert defined(["Moufang", "quasihereditary"]) == ["quasihereditary"]


def test_the_document_of_a_group_has_what_is_printed():
    """Every head has a member in JSON: the page says which."""
    document = json.dumps(inspect_table(generate_family("S4")).to_document())
    for member in ("schur_multiplier", "fixed_by", "indicator", "automorphism_group"):
        assert f'"{member}"' in document
