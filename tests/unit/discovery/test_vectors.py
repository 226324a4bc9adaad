"""From vectors before and after to the group: matched, fitted, told apart."""

import numpy as np
import pytest

from cayley.discovery import VectorPairs, discover
from cayley.discovery._vectors import representation_on_vectors


def rotation(angle):
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def observe(moves, count, *, noise=0.0, wrong=(), seed=0, vectors=None):
    random = np.random.default_rng(seed)
    names = list(moves)
    labels, before, after = [], [], []
    for i in range(count):
        name = names[i % len(names)]
        d = moves[name].shape[0]
        x = random.standard_normal(d) if vectors is None else vectors[random.integers(len(vectors))]
        before.append(x)
        after.append(x @ moves[name] + noise * random.standard_normal(d))
        if i in wrong:
            name = names[(i + 1) % len(names)]
        labels.append(name)
    return VectorPairs.from_arrays(labels, before, after)


C3V = {"C3": np.block([[rotation(2 * np.pi / 3), np.zeros((2, 1))], [np.zeros(2), 1]]),
       "mirror": np.diag([1.0, -1.0, 1.0])}  # fmt: skip


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05])
def test_linear_maps(noise):
    wrong = (3, 10, 27)
    found = discover(observe(C3V, 60, noise=noise, wrong=wrong))
    assert (found.kind, found.identification.name) == ("linear", "S3")
    assert {w.place for w in found.wrong} >= set(wrong)
    assert len(found.wrong) <= len(wrong) + 3
    assert {w.expected for w in found.wrong if w.place in wrong} == {"C3", "mirror"}
    for name, matrix in C3V.items():
        assert np.abs(found.matrix(name).numpy() - matrix).max() < max(1e-9, noise)
    assert found.status == ("solved" if noise == 0 else "predicted")
    assert found.rounded.homomorphism < 1e-12
    assert found.fitted.homomorphism < max(1e-9, 4 * noise)


def test_matrices_that_are_not_orthogonal():
    hexagonal = {"C6": np.array([[1.0, 1.0], [-1.0, 0.0]]), "s": np.array([[0.0, 1.0], [1.0, 0.0]])}
    found = discover(observe(hexagonal, 60, noise=0.01), vectors="linear")
    assert found.identification.name == "D12"
    assert np.abs(found.matrix("C6").numpy() - hexagonal["C6"]).max() < 0.02
    assert found.representation.homomorphism_defect < 1e-12


def test_a_rotation_of_no_finite_order_is_unresolved():
    found = discover(observe({"r": rotation(1.0)}, 20), max_order=200)
    assert found.status == "unresolved"
    assert found.representation is None
    assert "no finite group" in found.verdict


def test_too_few_vectors():
    found = discover(observe(C3V, 4), vectors="linear")
    assert found.status == "unresolved"
    assert "as many independent vectors" in found.notes[0]


def pixels(k):
    index = np.arange(k * k).reshape(k, k)
    return {
        "turn": np.eye(k * k)[np.rot90(index).ravel()],
        "flip": np.eye(k * k)[index[:, ::-1].ravel()],
    }


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_permuted_coordinates(noise):
    moves = pixels(5)
    found = discover(observe(moves, 40, noise=noise, wrong=(5, 12)))
    assert (found.kind, found.identification.name) == ("coordinates", "D8")
    assert found.status == ("solved" if noise == 0 else "predicted")
    assert {w.place for w in found.wrong} == {5, 12}
    for name, matrix in moves.items():
        assert np.array_equal(found.matrix(name).numpy(), matrix)


def test_coordinates_that_cannot_be_told_apart_are_predicted():
    moves = {"turn": pixels(3)["turn"]}
    seen = observe(moves, 20, vectors=np.ones((1, 9)))
    assert discover(seen, vectors="coordinates").status == "predicted"


@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_states_told_apart(noise):
    corners = np.array([[np.cos(t), np.sin(t)] for t in 2 * np.pi * np.arange(5) / 5])
    moves = {"r": rotation(2 * np.pi / 5), "m": np.diag([1.0, -1.0])}
    seen = observe(moves, 60, noise=noise, vectors=corners)
    found = discover(seen, vectors="states")
    assert (found.kind, found.identification.name, len(found.points)) == ("states", "D10", 5)
    rho = representation_on_vectors(found.action, found.vectors)
    r = rho.matrices[int(found.elements[found.actions.index("r")])].numpy()
    assert np.abs(r - moves["r"]).max() < max(1e-9, 2 * noise)


def test_continuous_vectors_are_no_states():
    with pytest.raises(ValueError, match="hardly any vector is seen twice"):
        discover(observe(C3V, 20), vectors="states", tolerance=1e-6)


def test_messages():
    with pytest.raises(ValueError, match="one shape"):
        VectorPairs.from_arrays(["a"], [[1.0, 2.0]], [[1.0]])
    with pytest.raises(ValueError, match="finite"):
        VectorPairs.from_arrays(["a"], [[np.nan]], [[1.0]])
    with pytest.raises(ValueError, match="`action`"):
        VectorPairs.from_arrays(["a", "b"], [[1.0]], [[1.0]])
