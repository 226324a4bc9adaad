"""The pause of the garbage collector ends as it began."""

import gc

import pytest

from cayley.spiking.adjoint._garbage_collection import no_collection


def test_collection_is_paused_and_goes_on():
    assert gc.isenabled()
    with no_collection():
        assert not gc.isenabled()
        with no_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collection_goes_on_after_an_error():
    with pytest.raises(KeyError), no_collection():
        raise KeyError
    assert gc.isenabled()
