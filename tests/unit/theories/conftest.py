"""Every small operation of a kind, by enumerations that share no code with the library."""

import pytest

from oracles import latin_squares as all_latin_squares


@pytest.fixture(scope="session")
def latin_squares():
    return all_latin_squares
