import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.algebra import Group
from cayley.algebra.groups._words import cyclically_reduced, inverse_word, plainest, root, word_text

LETTERS = st.sampled_from([1, -1, 2, -2])
WORDS = st.lists(LETTERS, max_size=12).map(tuple)
S4 = Group.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])


def value(word):
    x = S4.identity
    for letter in word:
        y = S4.generators[abs(letter) - 1]
        x = S4.table[x, y if letter > 0 else S4.inverses[y]]
    return int(x)


@given(WORDS)
def test_reduction_keeps_the_class_and_inverses_invert(word):
    reduced = cyclically_reduced(word)
    conjugates = {S4.table[S4.table[S4.inverses[g], value(word)], g] for g in range(24)}
    assert value(reduced) in conjugates
    assert all(a != -b for a, b in zip(reduced, reduced[1:] + reduced[:1], strict=True))
    assert S4.table[value(word), value(inverse_word(word))] == S4.identity


@given(WORDS)
def test_the_plainest_form_is_a_rotation_of_the_word_or_its_inverse(word):
    found = plainest(word)
    turned = {w[i:] + w[:i] for w in (word, inverse_word(word)) for i in range(len(w) + 1)}
    assert found in turned
    assert all(plainest(other) == found for other in turned)


@given(WORDS.filter(bool), st.integers(1, 4))
def test_roots(word, exponent):
    base, found = root(word * exponent)
    assert base * found == word * exponent
    assert found % exponent == 0
    assert root(base) == (base, 1)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ((), "1"),
        ((1,), "a"),
        ((-1, -1, -1), "a^-3"),
        ((1, 2) * 4, "(ab)^4"),
        ((1, 1, -2, 1), "a^2b^-1a"),
        ((1, 1, 2) * 2, "(a^2b)^2"),
    ],
)
def test_words_are_written_with_powers(word, text):
    assert word_text(word, "ab") == text
