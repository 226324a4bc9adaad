from itertools import product

import numpy as np
import pytest

from cayley.algebra.semigroups._transition_monoid import minimal_states, transition_monoid


def automata(num_letters, num_states, count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        accepting = set(np.flatnonzero(rng.random(num_states) < 0.5).tolist()) or {0}
        yield rng.integers(num_states, size=(num_letters, num_states)), accepting


def run(letters, word, state):
    for letter in word:
        state = int(letters[letter, state])
    return state


@pytest.mark.parametrize(("num_letters", "num_states"), [(1, 4), (2, 3), (3, 3)])
def test_elements_are_what_words_do_and_products_are_words_one_after_the_other(
    num_letters, num_states
):
    for letters, _ in automata(num_letters, num_states, 8, seed=num_states):
        found = transition_monoid(letters, most=30)
        for image, word in zip(found.maps, found.words, strict=True):
            assert [run(letters, word, s) for s in range(num_states)] == image.tolist()
        for (x, left), (y, right) in product(enumerate(found.words), repeat=2):
            image = [run(letters, left + right, s) for s in range(num_states)]
            assert found.maps[found.products[x, y]].tolist() == image
        # The first of the shortest words, and no map that a word of length 5 makes is missing.
        maps = {tuple(image) for image in found.maps.tolist()}
        first = {}
        for length in range(6):
            for word in product(range(num_letters), repeat=length):
                image = tuple(run(letters, word, s) for s in range(num_states))
                first.setdefault(image, word)
        assert first.keys() <= maps
        for image, word in zip(map(tuple, found.maps.tolist()), found.words, strict=True):
            if len(word) <= 5:
                assert first[image] == word


def test_too_large_a_monoid_is_no_monoid():
    cycle_swap_merge = np.array([[1, 2, 3, 0], [1, 0, 2, 3], [0, 0, 2, 3]])
    assert transition_monoid(cycle_swap_merge, most=255) is None
    assert len(transition_monoid(cycle_swap_merge, most=256).maps) == 256


def syntactic_order(letters, accepting, longest):
    """Count classes of words by contexts, both up to some length."""
    m = len(letters)
    words = [w for length in range(longest + 1) for w in product(range(m), repeat=length)]
    contexts = list(product(words, repeat=2))
    accepted = {}

    def accepts(word):
        if word not in accepted:
            accepted[word] = run(letters, word, 0) in accepting
        return accepted[word]

    return len({tuple(accepts(u + w + v) for u, v in contexts) for w in words})


def test_the_monoid_of_the_smallest_automaton_tells_words_apart_by_contexts():
    for letters, accepting in automata(2, 3, 12, seed=0):
        smaller, merged = minimal_states(letters, 0, accepting)
        found = transition_monoid(smaller, most=30)
        longest = max(map(len, found.words))
        if longest <= 4:  # all elements have a word that is looked at
            assert syntactic_order(letters, accepting, 4) == len(found.maps)
        assert 0 in merged[0]


def test_the_smallest_automaton_accepts_the_same_words_with_states_that_differ():
    for letters, accepting in automata(2, 6, 20, seed=1):
        smaller, merged = minimal_states(letters, 0, accepting)
        accepts = {k for k, states in enumerate(merged) if states[0] in accepting}
        behaviors = {k: [] for k in range(len(merged))}
        for length in range(7):
            for word in product(range(2), repeat=length):
                assert (run(letters, word, 0) in accepting) == (run(smaller, word, 0) in accepts)
                for k, seen in behaviors.items():
                    seen.append(run(smaller, word, k) in accepts)
        assert len(set(map(tuple, behaviors.values()))) == len(merged)
