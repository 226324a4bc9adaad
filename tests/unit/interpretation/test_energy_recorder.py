import numpy as np
import pytest

from cayley.hypercube import HyperCube
from cayley.interpretation import EnergyRecorder, explain
from cayley.tables import generate_family


def test_it_records_the_shares_of_an_explanation(s4_network):
    truth = generate_family("S4")
    recorder = EnergyRecorder(
        s4_network, 24, group=truth, embedding=("left", "right"), unembedding="read"
    )
    recorder(0)
    recorder(5)
    found = explain(s4_network, 24, embedding=("left", "right"), unembedding="read")
    assert recorder.steps == [0, 5]
    assert recorder.accuracies == [1.0, 1.0]
    assert [each.name for each in recorder.irreducibles] == [e.name for e in found.irreducibles]
    for part in found.parts:
        np.testing.assert_allclose(recorder.shares[part.name][1], part.shares, atol=1e-12)


def test_hypercube_needs_no_names():
    recorder = EnergyRecorder(HyperCube(6), 6, group=generate_family("S3"))
    recorder(0)
    assert set(recorder.shares) == {"left", "right", "unembedding"}
    assert recorder.shares["left"][0].sum() == pytest.approx(1)


def test_the_table_must_be_that_of_a_group(s4_network):
    with pytest.raises(ValueError, match="`group` must be the table of a group or an isotope"):
        EnergyRecorder(s4_network, 24, group=[[0] * 23 + [1]] * 24, embedding="left")
