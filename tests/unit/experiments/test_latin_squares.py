import numpy as np
import pytest

from cayley.algebra.axioms import is_latin_square
from cayley.experiments.records.latin_squares import (
    MAIN_CLASSES,
    class_invariant,
    random_squares,
    reduced_squares,
    squares,
)


@pytest.mark.parametrize(("n", "reduced"), [(2, 1), (3, 1), (4, 4), (5, 56)])
def test_numbers_of_reduced_squares_and_of_main_classes_are_the_known_ones(n, reduced) -> None:
    squares = list(reduced_squares(n))
    assert len(squares) == reduced
    assert len({class_invariant(square) for square in squares}) == MAIN_CLASSES[n]


def test_the_invariant_is_one_of_main_classes() -> None:
    """Rows, columns and symbols renamed, and their three alphabets exchanged."""
    random = np.random.default_rng(0)
    for n in (5, 6, 7):
        (square,) = random_squares(n, 1)
        assert is_latin_square(square)
        a, b = np.indices((n, n))
        triples = np.stack([a, b, square], -1).reshape(-1, 3)[:, random.permutation(3)]
        renamed = [random.permutation(n)[column] for column in triples.T]
        other = np.empty((n, n), np.int64)
        other[renamed[0], renamed[1]] = renamed[2]
        assert class_invariant(other) == class_invariant(square)


def test_a_sample_is_always_the_same_and_every_square_is_in_one_class() -> None:
    chosen = squares(7, 5)
    assert sum(count for _, count in chosen) == 5
    for (square, count), (again, count_again) in zip(chosen, squares(7, 5), strict=True):
        assert (square == again).all() and count == count_again
    assert len({class_invariant(square) for square, _ in chosen}) == len(chosen)
    # A larger sample begins with the same squares, so that a record of them can be continued.
    larger = [square for square, _ in zip(random_squares(7, 3), range(2), strict=False)]
    np.testing.assert_array_equal(larger, list(random_squares(7, 2)))
