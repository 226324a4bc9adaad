import itertools

from cayley.next_cell._short_words import short_words


def test_every_word_is_a_power_of_a_rotation_of_one_of_them():
    chosen = set(short_words(3, longest=4))
    for length in range(1, 5):
        for word in itertools.product(range(3), repeat=length):
            roots = [
                word[i : i + d] if i + d <= length else (word + word)[i : i + d]
                for d in range(1, length + 1)
                if length % d == 0 and word == word[:d] * (length // d)
                for i in range(length)
            ]
            assert sum(len({*roots} & {each}) for each in chosen) == 1


def test_words_come_by_length():
    lengths = [len(word) for word in short_words(2, longest=5)]
    assert lengths == sorted(lengths)
