import numpy as np
import pytest
import torch
from torch import nn

from cayley.interpretation.networks._run_network import RunningNetwork


class Tokens(nn.Module):
    """A network on sequences ``a b =`` with one embedding, and more logits than symbols."""

    def __init__(self, n, width=6):
        super().__init__()
        self.embed = nn.Embedding(n + 1, width)
        self.mix = nn.Linear(width, width)
        self.drop = nn.Dropout(0.5)
        self.read = nn.Linear(width, n + 1)

    def forward(self, tokens):
        x = self.mix(self.embed(tokens).cumsum(dim=1))
        return self.read(self.drop(torch.relu(x)))


@pytest.fixture
def tokens():
    torch.manual_seed(1)
    return Tokens(7)


def prompt(a, b):
    return torch.stack([a, b, torch.full_like(a, 7)], dim=1)


def running(network, **options):
    return RunningNetwork(network, 7, prompt=prompt, **options)


def test_answers_and_layers_are_those_of_each_pair_at_the_last_position(tokens):
    parts = running(tokens, embedding="embed", layers=["mix"]).parts()
    tokens.eval()
    for a, b in [(0, 0), (3, 5), (6, 1)]:
        with torch.no_grad():
            sequence = torch.tensor([[a, b, 7]])
            hidden = tokens.mix(tokens.embed(sequence).cumsum(dim=1))[0, -1]
            assert parts.answers[a, b] == tokens(sequence)[0, -1, :7].argmax()
        np.testing.assert_allclose(parts.neurons["mix"][a, b], hidden.numpy(), atol=1e-6)
    np.testing.assert_array_equal(parts.left, tokens.embed.weight[:7].detach().double().numpy())
    assert parts.left is parts.right
    assert "the first 7 are taken" in parts.notes[0]


def test_the_network_is_left_as_it_was(tokens):
    tokens.mix.eval()
    before = {name: value.clone() for name, value in tokens.state_dict().items()}
    modes = [module.training for module in tokens.modules()]
    network = running(tokens, embedding="embed", layers=["mix"])
    parts = network.parts()
    network.with_embeddings(0 * parts.left, parts.right)
    network.without_neurons("mix", np.array([0, 2]), np.zeros(6))
    network.with_sums("mix", np.ones((7, 6)), np.ones((7, 6)))
    assert [module.training for module in tokens.modules()] == modes
    assert all((value == before[name]).all() for name, value in tokens.state_dict().items())
    assert not any(module._forward_hooks for module in tokens.modules())
    assert all(parameter.requires_grad for parameter in tokens.parameters())


def test_an_error_in_the_network_leaves_it_as_it_was_too(tokens):
    network = RunningNetwork(tokens, 7, prompt=lambda a, b: prompt(a, b + 10), embedding="embed")
    with pytest.raises(ValueError, match="`network` failed on pairs of symbols"):
        network.with_embeddings(*[np.zeros((7, 6))] * 2)
    assert tokens.training
    assert (tokens.embed.weight != 0).any()


def test_changes_are_what_they_say(tokens):
    """With the embedding replaced by itself nothing changes; a constant one answers one symbol."""
    network = running(tokens, embedding="embed", layers=["mix"])
    parts = network.parts()
    same = network.with_embeddings(parts.left, parts.right)
    assert (same == parts.answers).all()
    constant = network.with_embeddings(0 * parts.left, 0 * parts.right)
    assert len(np.unique(constant)) == 1
    everything = network.without_neurons("mix", np.arange(6), np.zeros(6))
    assert len(np.unique(everything)) == 1


def test_tokens_say_which_rows_and_logits_are_the_symbols(tokens):
    ids = {"left": [1, 2, 3], "right": [4, 5, 6], "result": [0, 2, 7]}
    parts = RunningNetwork(
        tokens, 3, prompt=prompt, embedding="embed", unembedding="read.weight", tokens=ids
    ).parts()
    assert (parts.left == tokens.embed.weight[1:4].detach().double().numpy()).all()
    assert (parts.right == tokens.embed.weight[4:7].detach().double().numpy()).all()
    chosen = tokens.read.weight[[0, 2, 7]].detach().double().numpy()
    assert (parts.unembedding == chosen).all()
    tokens.eval()
    logits = tokens(torch.tensor([[2, 4, 7]]))[0, -1, [0, 2, 7]]
    assert parts.answers[1, 0] == logits.argmax()


NAMES = [
    ({"embedding": "embedd"}, "no parameter 'embedd'; near it: embed.weight"),
    ({"layers": ["mixx"]}, "no module 'mixx'; near it: mix"),
    ({"unembedding": "read.bias"}, "'read.bias' must be a matrix"),
    ({"embedding": "drop"}, "'drop' has 0 matrices of its own"),
    ({"tokens": {"left": [1, 2]}}, "must be 7 numbers >= 0"),
    ({"tokens": {"first": range(7)}}, "'left', 'right' and 'result'"),
]


@pytest.mark.parametrize(("options", "message"), NAMES)
def test_names_that_do_not_exist_get_the_near_ones(options, message, tokens):
    with pytest.raises(ValueError, match=message):
        running(tokens, **options)


def test_shapes_that_do_not_fit_are_refused(tokens):
    with pytest.raises(ValueError, match=r"'embed' has shape \(8, 6\), which does not fit n = 9"):
        RunningNetwork(tokens, 9, prompt=prompt, embedding="embed")
    with pytest.raises(ValueError, match=r"has 8 = 2n places. Say which"):
        RunningNetwork(tokens, 4, prompt=prompt, embedding="embed")
    with pytest.raises(ValueError, match="gives 3 logits, too few for n = 7"):
        RunningNetwork(lambda a, b: torch.zeros(len(a), 3), 7).parts()
    with pytest.raises(ValueError, match="must give a tensor of shape"):
        RunningNetwork(lambda a, b: torch.zeros(7), 7).parts()
    with pytest.raises(ValueError, match="logits that are not finite"):
        RunningNetwork(lambda a, b: torch.full((len(a), 7), torch.nan), 7).parts()
    with pytest.raises(TypeError, match="names of a module's parts"):
        RunningNetwork(lambda a, b: torch.zeros(len(a), 7), 7, layers=["x"])


@pytest.mark.parametrize("axis", ["rows", "columns"])
def test_a_linear_layer_on_one_hot_symbols_is_an_embedding_by_columns(axis):
    class OneHot(nn.Module):
        def __init__(self):
            super().__init__()
            if axis == "columns":
                self.embed = nn.Linear(5, 3, bias=False)
            else:
                self.W_E = nn.Parameter(torch.randn(5, 3))

    network = OneHot()
    name = "embed" if axis == "columns" else "W_E"
    found = RunningNetwork(network, 5, embedding=name).matrices()["left"]
    weight = network.embed.weight.T if axis == "columns" else network.W_E
    assert (found.values() == weight.detach().double().numpy()).all()
    with found.replaced(np.zeros((5, 3))):
        assert (weight == 0).all()
    assert (weight != 0).any()
