"""From transitions to the group: complete, partial, with wrong entries, and hopeless."""

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.discovery import Transitions, discover, transition_symmetries
from cayley.representations import GroupAction, Subgroup
from cayley.tables import generate_family
from cayley.testing import assert_equivariant, assert_representation


def observe(action, chosen, *, seen, wrong, seed):
    """Return shuffled observations, the truth, and the places of wrong ones."""
    random = np.random.default_rng(seed)
    k, m = action.degree, len(chosen)
    names = random.permutation(k)
    truth = np.empty((k, m), np.int64)
    truth[names] = names[action.images[chosen].T]
    x, a = np.nonzero(random.random(truth.shape) < seen)
    y = truth[x, a]
    bad = random.choice(len(y), wrong, replace=False)
    y[bad] = (y[bad] + random.integers(1, k, size=wrong)) % k
    observed = Transitions(
        states=tuple(f"s{i}" for i in range(k)),
        actions=tuple(f"a{i}" for i in range(m)),
        triples=np.stack([x, a, y], axis=1),
    )
    return observed, truth, set(bad.tolist())


def regular(name):
    return GroupAction.regular(Group.from_table(generate_family(name).aligned().array))


def generators(action, count):
    return [*action.group.generators, 1, 2, 3][:count]


@pytest.mark.parametrize("name, gap_id", [("C6", (6, 2)), ("S4", (24, 12)), ("Q8", (8, 4))])
def test_everything_seen(name, gap_id):
    action = regular(name)
    seen, truth, _ = observe(action, generators(action, 2), seen=1.0, wrong=0, seed=0)
    found = discover(seen)
    assert (found.status, found.identification.gap_id) == ("solved", gap_id)
    assert np.array_equal(found.transitions, truth)
    assert found.counts["observed"] == truth.size
    assert_representation(found.representation.matrices, found.group.table)
    for i, label in enumerate(found.actions):  # rows move as the states do
        moved = np.eye(len(truth)) @ found.matrix(label).numpy()
        assert np.array_equal(moved.argmax(1), truth[:, i])


@pytest.mark.parametrize("seed", range(5))
def test_partly_seen_is_forced(seed):
    action = regular("S4")
    seen, truth, _ = observe(action, generators(action, 3), seen=0.7, wrong=0, seed=seed)
    found = discover(seen)
    assert found.status == "solved"
    assert "exactly one element" in found.proof
    assert np.array_equal(found.transitions, truth)
    assert found.counts["forced"] == truth.size - len(seen)


@pytest.mark.parametrize("seed", range(5))
def test_wrong_entries_are_found(seed):
    action = regular("A5")
    seen, truth, bad = observe(action, generators(action, 3), seen=0.9, wrong=6, seed=seed)
    found = discover(seen)
    assert np.array_equal(found.transitions, truth)
    assert {w.place for w in found.wrong} == bad
    assert found.status == "solved"
    assert found.counts["suspect"] == 6
    assert found.proof.startswith("Without the observations that contradict")


def test_actions_that_are_not_simply_transitive():
    group = Group.from_table(generate_family("S4").aligned().array)
    involution = int(np.flatnonzero(group.element_orders == 2)[0])
    action = GroupAction.on_cosets(Subgroup.generated_by(group, [involution]))
    seen, truth, _ = observe(action, generators(action, 3), seen=0.85, wrong=0, seed=1)
    found = discover(seen)
    assert np.array_equal(found.transitions, truth)
    assert found.status == "predicted"  # loops are no proof
    assert found.counts["predicted"] > 0
    assert found.group.order == 24


def test_one_gap_is_filled_by_the_permutation():
    seen = Transitions.from_labels([("a", "f", "b"), ("b", "f", "c"), ("c", "g", "a")])
    found = discover(Transitions.from_labels([("a", "f", "b"), ("b", "f", "c")]))
    assert found.status == "solved"
    assert found.transitions.tolist() == [[1], [2], [0]]
    assert discover(seen).status in ("unresolved", "solved")


def test_repeated_observations_are_votes():
    triples = [("a", "f", "b")] * 3 + [("a", "f", "a")] + [("b", "f", "c")] * 3
    triples += [("c", "f", "a")] * 3
    found = discover(Transitions.from_labels(triples))
    assert found.transitions.tolist() == [[1], [2], [0]]
    assert [w.given for w in found.wrong] == ["a"]


def test_what_is_no_permutation_is_inconsistent():
    found = discover(Transitions.from_labels([("a", "f", "c"), ("b", "f", "c"), ("c", "f", "d")]))
    assert found.status == "inconsistent"
    assert found.evidence == (0, 1)
    assert "observations 1, 2 contradict" in found.verdict
    assert found.group is None
    with pytest.raises(ValueError, match="no representation"):
        found.network()


@pytest.mark.slow
def test_random_transitions_are_not_sold_as_a_group():
    for seed in range(5):
        random = np.random.default_rng(seed)
        triples = np.stack([np.tile(np.arange(12), 2), np.repeat([0, 1], 12),
                            random.integers(12, size=24)], axis=1)  # fmt: skip
        seen = Transitions(states=tuple(map(str, range(12))), actions=("f", "g"), triples=triples)
        assert discover(seen).status == "inconsistent"


def test_large_groups_have_an_order_but_no_table():
    k = 12
    cycle = [(str(i), "c", str((i + 1) % k)) for i in range(k)]
    swap = [(str(i), "s", str({0: 1, 1: 0}.get(i, i))) for i in range(k)]
    found = discover(Transitions.from_labels(cycle + swap))
    assert (found.order, found.group, found.status) == (479001600, None, "solved")
    assert "too many for a table" in found.verdict


def test_the_order_of_a_large_group_is_exact():
    """The Mathieu group M11, from its two generators on 11 points."""
    generators = {
        "a": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0],
        "b": [0, 1, 6, 9, 5, 3, 10, 2, 8, 4, 7],
    }
    seen = [(str(i), name, str(x)) for name, p in generators.items() for i, x in enumerate(p)]
    found = discover(Transitions.from_labels(seen))
    assert (found.order, found.group) == (7920, None)
    k = 41  # beyond the degree up to which orders are computed
    cycle = [(str(i), "c", str((i + 1) % k)) for i in range(k)]
    swap = [(str(i), "s", str({0: 1, 1: 0}.get(i, i))) for i in range(k)]
    assert discover(Transitions.from_labels(cycle + swap)).order is None


def test_the_network_is_equivariant():
    import torch

    action = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
    seen, _, _ = observe(action, [1, 2], seen=1.0, wrong=0, seed=0)
    found = discover(seen)
    x = torch.randn(8, 2, 4, generator=torch.Generator().manual_seed(0))
    rho = found.representation
    assert_equivariant(found.network(in_channels=2, out_channels=3, hidden=(8,)), x, rho)
    moved = found.network(in_channels=2, hidden=(8,), invariant=False)
    assert_equivariant(moved, x, rho, rho)


def test_symmetries_of_transitions():
    """A relabeling is a symmetry exactly if the definition says so, by trying them all."""
    from itertools import permutations

    maps = np.array([[1, 2, 3, 0], [3, 0, 1, 2]])
    found = transition_symmetries(maps.T)
    expected = {
        sigma
        for sigma in permutations(range(4))
        for tau in permutations(range(2))
        if all(maps[tau[a]][sigma[x]] == sigma[maps[a][x]] for a in range(2) for x in range(4))
    }
    assert {tuple(row) for row in found.on_states.images.tolist()} == expected
    blocked = transition_symmetries(maps.T, blocks=["u", "u", "v", "v"])
    assert blocked.on_states.group.order == 4
    with pytest.raises(ValueError, match="cannot be reached"):
        transition_symmetries([[1], [0], [2]])
    with pytest.raises(ValueError, match="permutation"):
        transition_symmetries([[1], [1]])
    with pytest.raises(ValueError, match="`blocks`"):
        transition_symmetries(maps.T, blocks=[1])


def test_messages():
    with pytest.raises(ValueError, match="must not be empty"):
        Transitions.from_labels([])
    seen = Transitions.from_labels([("a", "f", "b")])
    with pytest.raises(ValueError, match="`max_order`"):
        discover(seen, max_order=0)
    with pytest.raises(ValueError, match="`vectors`"):
        discover(seen, vectors="guess")
    with pytest.raises(ValueError, match="`tolerance`"):
        discover(seen, tolerance=-1.0)


def test_moves_that_connect_half_of_the_states_leave_the_group_open():
    """C4 and C2 x C2 both have these moves; a further one connects three of the four states."""
    moves = [("s0", "a", "s1"), ("s2", "a", "s3"), ("s1", "b", "s1"), ("s2", "b", "s2")]
    found = discover(Transitions.from_labels(moves))
    assert found.status == "predicted"
    assert "supposed" in found.notes[0]
    connected = discover(Transitions.from_labels([*moves, ("s1", "a", "s2")]))
    assert connected.status == "solved"
    assert not connected.notes
