"""Which transition next: few are asked for, and they settle what `discover` then proves."""

import numpy as np
import pytest

from cayley.deduction import Limits
from cayley.discovery import Transitions, discover
from cayley.discovery._next_transition import next_transitions
from cayley.discovery._regular_action import forced_by_groups, regular_table
from cayley.tables import generate_family


def asked(maps, seed, first=((0, 0),)):
    """Ask until nothing is left, about permutations; return the observations and the advice.

    The first transitions are given as (state, transformation).
    """
    m, k = maps.shape
    random = np.random.default_rng(seed)
    names = random.permutation(k)
    states, actions = tuple(f"s{i}" for i in range(k)), tuple(f"a{j}" for j in range(m))
    moved = np.empty_like(maps)
    moved[:, names] = names[maps]
    triples = [(names[x], a, moved[a, names[x]]) for x, a in first]
    while True:
        seen = Transitions(states=states, actions=actions, triples=np.array(triples))
        advice = next_transitions(seen)
        if not advice.questions:
            return seen, moved, advice
        (question,) = advice.questions
        x, a = states.index(question.row), actions.index(question.column)
        assert (x, a) not in [(s, b) for s, b, _ in triples]  # nothing is asked for twice
        triples.append((x, a, moved[a, x]))


@pytest.mark.parametrize(
    ("family", "generators", "most"),
    [("S3", (1, 3), 8), ("C12", (1,), 11), ("D12", (1, 6), 16)],
)
def test_the_transitions_asked_for_settle_a_group(family, generators, most) -> None:
    table = generate_family(family).array
    seen, maps, advice = asked(table[:, list(generators)].T, seed=0)
    assert len(seen) <= most
    found = discover(seen)
    assert (found.status, found.transitions.T.tolist()) == ("solved", maps.tolist())
    assert advice.assume == "simply transitive action"


def test_permutations_that_are_no_regular_action_are_asked_for_but_the_last() -> None:
    square = np.array([[1, 2, 3, 0], [0, 3, 2, 1], [1, 0, 2, 3]])  # a turn, a flip, an exchange
    # The flip leaves one state in place and moves another, which no regular action does.
    seen, maps, advice = asked(square, seed=1, first=[(0, 1), (1, 1)])
    assert len(seen) <= 9  # three of each four: the last image is free
    assert discover(seen).transitions.T.tolist() == maps.tolist()
    assert "force" in advice.message


def test_several_are_named_at_once_and_contradictions_are_refused() -> None:
    seen = Transitions.from_labels([("a", "go", "b"), ("c", "go", "d"), ("d", "back", "e")])
    questions = next_transitions(seen, count=3).questions
    assert len({(q.row, q.column) for q in questions}) == 3
    with pytest.raises(ValueError, match="at least 1"):
        next_transitions(seen, count=0)
    with pytest.raises(ValueError, match="contradict each other"):
        next_transitions(Transitions.from_labels([("a", "go", "b"), ("a", "go", "a")]))


def test_a_search_through_all_groups_forces_what_enumeration_leaves_open() -> None:
    table = generate_family("D12").array
    seen, maps, _ = asked(table[:, [1, 6]].T, seed=0)
    partial = np.full_like(maps, -1)
    x, a, y = seen.triples.T
    partial[a, x] = y
    assert forced_by_groups(partial, Limits(time_limit=10)).tolist() == maps.tolist()
    partial[a[-1], x[-1]] = -1
    assert forced_by_groups(partial, Limits(time_limit=10)) is None


def test_transformations_that_agree_at_the_identity_have_to_agree_everywhere() -> None:
    assert regular_table(np.array([[1, 2, 0], [1, 0, 2]])) is None
