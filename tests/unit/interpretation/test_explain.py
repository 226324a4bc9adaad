import numpy as np
import pytest
import torch
from torch import nn

from cayley.algebra import Group
from cayley.hypercube import HyperCube
from cayley.interpretation import Explanation, explain
from cayley.representations import regular_representation
from cayley.tables import generate_family


@pytest.fixture(scope="module")
def module_explained(s4_network):
    names = {"embedding": ("left.weight", "right"), "unembedding": "read", "layers": ["add"]}
    return explain(s4_network, 24, truth=generate_family("S4"), **names)


def kinds(found):
    return {each.kind: each.accuracy for each in found.interventions}


def test_a_coset_network_is_read_back(module_explained, s4_network):
    found = module_explained
    assert found.solution.identification.name == "S4"
    assert (found.accuracy, found.agreement, found.standing) == (1.0, 1.0, "found")
    # The permutation character on the cosets of S3 is 1 plus the standard character, X.4.
    assert [each.name for each in found.irreducibles] == ["X.1", "X.2", "X.3", "X.4", "X.5"]
    assert found.claimed == ("X.4",)
    for part in ("left", "right", "unembedding"):
        assert found.energies(part)["X.4"] == pytest.approx(1)
    for neuron, members in zip(found.neurons, s4_network.subgroups, strict=True):
        assert neuron.depends == {"a": pytest.approx(0.5), "b": pytest.approx(0.5), "ab": 0}
        assert neuron.concentration == pytest.approx(1)
        assert found.irreducibles[neuron.irreducible].name == "X.4"
        assert [(c.of, c.side, c.elements) for c in neuron.cosets] == [
            ("a", "left", members),
            ("b", "right", members),
        ]
        assert all(each.is_function_of_coset for each in neuron.cosets)


def test_its_claim_is_what_it_computes_with(module_explained):
    found = kinds(module_explained)
    assert found["claimed parts alone"] == 1
    assert found["exact representation"] == 1
    assert found["each neuron its own part alone"] == 1
    # Constants answer every pair with one symbol.
    assert found["without the claimed parts"] == pytest.approx(1 / 24)
    assert found["without the neurons of a part"] == pytest.approx(1 / 24)


def test_the_arrays_of_a_network_say_what_the_network_says(module_explained, s4_network):
    found = explain(s4_network.arrays())
    assert kinds(found) == pytest.approx(kinds(module_explained))
    assert found.claimed == module_explained.claimed
    assert [each.cosets[0].elements for each in found.neurons] == [
        each.cosets[0].elements for each in module_explained.neurons
    ]


@pytest.mark.parametrize("isotope", [False, True])
def test_another_naming_of_the_symbols_changes_nothing(isotope, s4_network):
    """Rows, columns and symbols are renamed, alike for a group, each by itself for an isotope."""
    random = np.random.default_rng(4)
    rows = random.permutation(24)
    columns, symbols = (random.permutation(24) if isotope else rows for _ in range(2))
    arrays = s4_network.arrays()
    renamed = {
        "neurons": arrays["neurons"][rows][:, columns],
        "unembedding": arrays["unembedding"][symbols],
        "logits": arrays["logits"][rows][:, columns][:, :, symbols],
    }
    before, after = explain(arrays), explain(renamed)
    assert after.isotopism.is_isomorphism == (not isotope)
    assert str(after.solution.identification).endswith("S4 (GAP 24:12)")
    assert kinds(after) == pytest.approx(kinds(before))
    for old, new in zip(before.parts, after.parts, strict=True):
        assert sorted(new.shares) == pytest.approx(sorted(old.shares), abs=1e-9)
    for old, new in zip(before.neurons, after.neurons, strict=True):
        assert [c.cosets for c in new.cosets] == [c.cosets for c in old.cosets]
        assert [c.side for c in new.cosets] == [c.side for c in old.cosets]


def test_a_network_with_three_percent_wrong_yields_the_exact_group(s4_network):
    arrays = s4_network.arrays()
    random = np.random.default_rng(0)
    wrong = random.choice(576, 17, replace=False)
    for cell in wrong:
        a, b = divmod(int(cell), 24)
        right = arrays["logits"][a, b].argmax()
        arrays["logits"][a, b, (right + 1 + random.integers(23)) % 24] += 100
    found = explain(arrays, truth=generate_family("S4"))
    assert found.solution.identification.name == "S4"
    assert len(found.solution.suspects) == 17
    assert found.accuracy == pytest.approx(1 - 17 / 576)
    assert found.reference.array.tolist() == generate_family("S4").array.tolist()


def test_planted_waves_are_read_back_as_frequencies():
    """Sums of waves of three frequencies answer a + b; the symbols are the residues."""
    p, frequencies = 31, [3, 7, 12]
    a, b, c = np.ogrid[:p, :p, :p]
    logits = sum(np.cos(2 * np.pi * k * (a + b - c) / p) for k in frequencies)
    angles = 2 * np.pi * np.arange(p)[:, None] * frequencies / p
    wave = np.hstack([np.cos(angles), np.sin(angles)])
    found = explain({"logits": logits, "left": wave, "right": wave, "unembedding": wave})
    claimed = [each for each in found.irreducibles if each.name in found.claimed]
    assert sorted(each.frequency[0] for each in claimed) == frequencies
    assert found.generators == (("1", 31),)
    assert any("can't be computed" in note for note in found.notes)


def test_answers_that_are_no_operation_are_said_to_be_none():
    random = np.random.default_rng(0)
    logits = {"logits": random.standard_normal((9, 9, 9))}
    found = explain(logits, truth=generate_family("C9"), time_limit=0.5)
    assert found.isotopism.group.order == 9
    assert found.standing == "truth"
    assert found.accuracy < 0.4
    assert "No group was found" in found.verdict
    alone = explain(logits, time_limit=0.5)
    assert alone.isotopism is None
    assert alone.parts == ()
    assert "Without a group there are no parts" in alone.verdict


def test_without_logits_parts_are_measured_under_the_group_that_is_given(s4_network):
    arrays = {"left": s4_network.left.weight.numpy()}
    found = explain(arrays, group=generate_family("S4"))
    assert found.standing == "given"
    assert found.claimed == ("X.4",)
    assert found.solution is None
    assert explain(arrays).isotopism is None


def test_ties_are_said():
    logits = np.zeros((5, 5, 5))
    assert "several symbols have the highest logit" in explain({"logits": logits}).verdict


def exact_hypercube(name):
    group = Group.from_table(generate_family(name))
    regular = regular_representation(group).matrices.float()
    model = HyperCube(group.order)
    with torch.no_grad():
        model.matrices.copy_(torch.cat([regular, regular, regular.mT])[None])
    return model


def test_hypercube_is_explained_by_the_representation_that_its_matrices_are():
    found = explain(exact_hypercube("S4"))
    assert found.solution.identification.name == "S4"
    assert found.claimed == ("X.2", "X.3", "X.4", "X.5")
    assert kinds(found)["claimed parts alone"] == 1
    assert kinds(found)["without the claimed parts"] < 0.1  # ties that rounding breaks
    assert "round to a representation with 1 X.1, 1 X.2, 2 X.3, 3 X.4, 3 X.5" in found.verdict


def test_the_same_seed_gives_the_same_explanation(s4_network):
    arrays = s4_network.arrays()
    first, second = (explain(arrays, seed=3).to_document() for _ in range(2))
    del first["seconds"], second["seconds"]
    assert first == second


class Shared(nn.Module):
    def __init__(self, n, width):
        super().__init__()
        self.embed = nn.Embedding(n, width)
        self.read = nn.Linear(width, n)

    def forward(self, pairs):
        return self.read(self.embed(pairs).sum(dim=1))


def test_one_embedding_for_both_operands_and_one_argument():
    torch.manual_seed(0)
    network = Shared(5, 8)
    c5 = [[(a + b) % 5 for b in range(5)] for a in range(5)]
    found = explain(network, 5, embedding="embed", group=c5)
    assert [each.name for each in found.parts] == ["left", "right"]
    assert found.parts[0].shares.tolist() == found.parts[1].shares.tolist()
    assert network.training


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"permutations": 99}, "`permutations` must be at least 100"),
        ({"time_limit": 0}, "`time_limit` must be positive"),
        ({"layers": ["add"]}, "`layers` is about a network that runs"),
        ({"truth": [[0, 1], [1, 0]]}, "`truth` must be a table of 24 rows"),
        ({"group": [[0] * 24] * 24}, "`group` must be"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, message, s4_network):
    with pytest.raises(ValueError, match=message):
        explain(s4_network.arrays(), **options)


def test_a_network_needs_its_number_of_symbols_and_must_be_callable(s4_network):
    with pytest.raises(ValueError, match="`n` must be the number of symbols"):
        explain(s4_network)
    with pytest.raises(TypeError, match="`network` must be a module, a function"):
        explain(3)


def test_energies_of_a_matrix_that_is_not_there_are_refused(module_explained):
    assert isinstance(module_explained, Explanation)
    with pytest.raises(ValueError, match=r"those at hand \(left, right, unembedding\)"):
        module_explained.energies("neurons")
