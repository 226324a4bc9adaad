import numpy as np
import pytest
from safetensors.numpy import save_file

from cayley.interpretation.networks._network_parts import network_parts
from cayley.interpretation.networks._read_parts import read_parts

LOGITS = np.eye(3, dtype=np.float32)[[[0, 1, 2], [1, 2, 0], [2, 0, 1]]]


@pytest.mark.parametrize("format", ["npz", "safetensors"])
def test_what_was_written_is_read(format, tmp_path):
    arrays = {"logits": LOGITS, "left": np.arange(6.0).reshape(3, 2), "bias": np.ones(3)}
    path = tmp_path / "network"  # the content tells, not the name
    if format == "npz":
        with open(path, "wb") as file:
            np.savez(file, **arrays)
    else:
        save_file(arrays, path)
    parts = read_parts(path)
    assert parts.order == 3
    assert (parts.answers == LOGITS.argmax(2)).all()
    assert (parts.left == arrays["left"]).all()


def test_pickles_are_not_read(tmp_path):
    np.savez(tmp_path / "a.npz", logits=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="Python objects, which are not read"):
        read_parts(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\x09" + b"\0" * 7 + b"{", b"a,b"])
def test_other_files_get_one_message_that_names_the_file(content, tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.bin: ") as caught:
        read_parts(path)
    assert "\n" not in str(caught.value)


WRONG = {
    "unknown name": ({"logit": LOGITS}, "called 'logit'; near it: logits"),
    "two axes": ({"logits": LOGITS[0]}, r"`logits` must have shape \(n, n, n\); got \(3, 3\)"),
    "not square": ({"logits": LOGITS[:2]}, r"shape \(2, 3, 3\), which does not fit 2 symbols"),
    "another n": ({"logits": LOGITS, "left": np.zeros((4, 2))}, "`left` has shape"),
    "not finite": ({"logits": np.where(LOGITS, np.nan, 0)}, r"not finite at \(0, 0, 0\)"),
    "complex": ({"logits": LOGITS + 0j}, "must hold numbers; got dtype complex"),
    "text": ({"left": np.array([["a"]])}, "must hold numbers; got dtype <U1"),
    "empty": ({"left": np.zeros((0, 2))}, "is empty"),
    "nothing": ({"bias": np.zeros(3)}, "nothing to look at"),
}


@pytest.mark.parametrize("name", WRONG)
def test_arrays_that_do_not_fit_are_refused(name):
    arrays, message = WRONG[name]
    with pytest.raises(ValueError, match=message):
        network_parts(arrays)


def test_an_unembedding_is_read_with_its_symbols_on_either_axis():
    columns = np.arange(12.0).reshape(4, 3)
    for unembedding in (columns, columns.T):
        parts = network_parts({"logits": LOGITS, "unembedding": unembedding})
        assert (parts.unembedding == columns.T).all()


def test_complex_embeddings_have_the_norms_of_the_real_ones():
    left = np.exp(2j * np.pi * np.arange(3) / 3)[:, None]
    parts = network_parts({"left": left})
    assert parts.left.shape == (3, 2)
    np.testing.assert_allclose((parts.left**2).sum(axis=1), 1)
