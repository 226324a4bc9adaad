"""Files of observations, and one clear message for each that is none."""

import numpy as np
import pytest

from cayley._errors import TableFormatError
from cayley.discovery import Transitions, VectorPairs, read_observations


@pytest.fixture
def save(tmp_path):
    def write(text):
        path = tmp_path / "seen.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_transitions(save):
    seen = read_observations(save("state,action,next\nä,go,b\nb,go,?\n\nc,stay,c\n"))
    assert isinstance(seen, Transitions)
    assert seen.states == ("ä", "b", "c")
    assert seen.triples.tolist() == [[0, 0, 1], [2, 1, 2]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_vectors(save, delimiter):
    text = "action,x,y,x',y'\nturn,1,0,0,1\nturn,0,1,-1,0\n".replace(",", delimiter)
    seen = read_observations(save(text))
    assert isinstance(seen, VectorPairs)
    assert seen.after.tolist() == [[0, 1], [-1, 0]]


def test_archives(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, action=np.array(["t", "u"]), before=np.eye(2), after=np.eye(2)[::-1])
    assert read_observations(path).actions == ("t", "u")
    np.savez(path, state=np.array([0, 1]), action=np.array([0, 0]), next=np.array([1, 0]))
    assert read_observations(path).states == ("0", "1")
    np.savez(path, other=np.eye(2))
    with pytest.raises(TableFormatError, match="found other"):
        read_observations(path)


@pytest.mark.parametrize("text, message", [
    ("", "empty"),
    ("a,b\n", "line 1: the header must be"),
    ("state,action,next\n", "no transition is known"),
    ("state,action,next\na,f\n", "line 2, column 3: expected 3 fields; got 2"),
    ("state,action,next\n,f,b\n", "line 2, column 1: a label is empty"),
    ("action,x,y\nturn,1,nan\n", "line 2, column 3: 'nan' is no finite number"),
    ("action,x,y\nturn,1,two\n", "line 2, column 3: 'two' is no finite number"),
    ("action,x,y\n", "there are no observations"),
    ('state,action,next\n"a,f,b\n', "malformed CSV"),
])  # fmt: skip
def test_messages(save, text, message):
    with pytest.raises(TableFormatError, match=message):
        read_observations(save(text))


def test_other_encodings(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("state,action,next\nä,f,b\n".encode("latin-1"))
    with pytest.raises(TableFormatError, match="is not UTF-8"):
        read_observations(path)
