"""The numbers are compared with a list of the Equational Theories Project (tests/data)."""

import json
from pathlib import Path

import pytest

from cayley.theories import Law, law, number_of, parse_laws
from cayley.theories.laws._numbered import NUM_NUMBERED, all_laws

FILE = Path(__file__).parents[3] / "data" / "numbered_laws.json"
LAWS = json.loads(FILE.read_text(encoding="utf-8"))["laws"]


def test_numbers_are_those_of_the_project():
    assert len(LAWS) > 300
    for number, text in LAWS.items():
        (parsed,) = parse_laws(text)
        assert law(int(number)) == parsed, number
        assert number_of(parsed) == int(number)
        assert number_of(parsed.swapped()) == int(number)


def test_every_law_occurs_once_and_has_its_number():
    laws = all_laws()
    assert len(laws) == NUM_NUMBERED == len({each.canonical() for each in laws})
    assert [number_of(each) for each in laws] == list(range(1, NUM_NUMBERED + 1))


def test_what_has_no_number():
    assert number_of(Law((0, 1), (0, 1))) == 1
    assert number_of(parse_laws("(xy)(zx) = (x(yz))x")[0]) is None
    for number in (0, NUM_NUMBERED + 1):
        with pytest.raises(ValueError, match=rf"`number` must be in 1..4694; got {number}"):
            law(number)
