import numpy as np
import pytest

from cayley.next_cell import identify_black_box


def compose(f, g):
    return tuple(f[i] for i in g)


def test_a_group_is_proved_by_few_calls_and_they_are_counted():
    from itertools import permutations

    elements, calls = list(permutations(range(4))), []

    def f(a, b):
        calls.append((a, b))
        return compose(a, b)

    solution, count = identify_black_box(f, elements)
    assert solution.identification.name == "S4"
    assert solution.unique == "yes"
    assert count == len(calls) == len(set(calls)) <= 27
    assert all(
        solution.table[str(a), str(b)] == str(compose(a, b)) for a in elements for b in elements
    )


def test_wrong_answers_are_found_by_asking_again():
    random = np.random.default_rng(0)

    def f(a, b):
        right = (a + b) % 12
        return right if random.random() >= 0.1 else int(random.integers(12))

    solution, count = identify_black_box(f, range(12), wrong_rate=0.1)
    assert np.array_equal(solution.table.array, np.add.outer(range(12), range(12)) % 12)
    assert 12 < count < 60


def test_none_is_a_pair_without_an_answer():
    solution, _ = identify_black_box(
        lambda a, b: None if (a, b) == (0, 0) else a ^ b, range(4), assume="group"
    )
    assert solution.unique == "yes"
    assert solution.table.array[0, 0] == 0


def test_a_limit_of_calls_ends_early():
    solution, count = identify_black_box(lambda a, b: (a + b) % 9, range(9), max_calls=3)
    assert count == 3
    assert solution.unique == "no"


@pytest.mark.parametrize(
    ("f", "labels", "error", "message"),
    [
        (3, range(3), TypeError, "`f` must be a function"),
        (max, [1, 1], ValueError, "`labels` must be different"),
        (max, [1, "1"], ValueError, "`labels` must be different"),
        (lambda a, b: a + b + 1, [0, 5, 9], ValueError, "must return one of `labels`"),
        (max, range(5), ValueError, "contradicts the assumption group"),
    ],
)
def test_bad_functions_get_one_message(f, labels, error, message):
    with pytest.raises(error, match=message):
        identify_black_box(f, labels)
