import numpy as np
import pytest

from cayley.interpretation import explain
from cayley.interpretation.networks._network_parts import network_parts
from cayley.interpretation.networks._recomputation import recomputation


def form_of(arrays):
    found = recomputation(network_parts(arrays), False, None)
    return None if found is None else found.form


def test_the_forms_are_told_by_what_gives_the_answers(s4_network):
    arrays = s4_network.arrays()
    left, right = s4_network.left.weight.numpy(), s4_network.right.weight.numpy() - 1
    after = arrays | {"neurons": np.maximum(arrays["neurons"], 0)}
    summands = {"logits": arrays["logits"], "unembedding": arrays["unembedding"]}
    assert form_of(arrays) == "rectified neurons"
    assert form_of(after) == "neurons"
    assert form_of(summands | {"left": left, "right": right}) == "rectified sums"
    # Other embeddings do not give these answers, and nothing is claimed of them.
    assert form_of(summands | {"left": -left, "right": right}) is None
    assert form_of({"logits": arrays["logits"]}) is None


def test_a_bias_is_fitted_where_the_logits_have_one(s4_network):
    arrays = s4_network.arrays()
    bias = np.random.default_rng(0).standard_normal(24) * 0.1
    biased = network_parts(arrays | {"logits": arrays["logits"] + bias})
    found = recomputation(biased, False, None)
    np.testing.assert_allclose(found.bias - found.bias[0], bias - bias[0], atol=1e-5)
    assert (found.answers() == biased.answers).all()


def test_neurons_taken_away_are_constants(s4_network):
    found = recomputation(network_parts(s4_network.arrays()), False, None)
    assert len(np.unique(found.answers(without=np.arange(64)))) == 1
    assert (found.answers(without=np.array([], int)) == found.answers()).all()


@pytest.mark.parametrize("width", [64, 63])
def test_embeddings_of_another_width_than_the_unembedding_do_not_make_logits(width, s4_network):
    arrays = s4_network.arrays()
    del arrays["neurons"]
    embeddings = {
        "left": s4_network.left.weight.numpy()[:, :width],
        "right": s4_network.right.weight.numpy()[:, :width] - 1,
    }
    found = explain(arrays | embeddings)
    assert bool(found.interventions) == (width == 64)
    assert any("can't be computed" in note for note in found.notes) == (width == 63)
