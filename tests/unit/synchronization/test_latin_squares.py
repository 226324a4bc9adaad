"""Latin constraints against brute force over all small Latin squares."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from cayley.synchronization._latin_squares import assign_rows, is_latin, latin_singles
from cayley.synchronization._relabeling import relabeled
from cayley.tables import generate_family


def latin_squares(n: int) -> list[np.ndarray]:
    rows = [np.array(p) for p in permutations(range(n))]
    squares = (np.stack(choice) for choice in product(rows, repeat=n))
    return [s for s in squares if all(len(set(column)) == n for column in s.T.tolist())]


SQUARES = {n: latin_squares(n) for n in (1, 2, 3)} | {
    4: [generate_family(f).array for f in ("C4", "C2xC2")]
}


@given(st.integers(0, 2**16), st.sampled_from([2, 3]))
def test_singles_fill_only_what_every_completion_has(seed, n) -> None:
    rng = np.random.default_rng(seed)
    truth = SQUARES[n][rng.integers(len(SQUARES[n]))]
    partial = np.where(rng.random((n, n)) < 0.5, truth, -1)
    filled = latin_singles(partial)
    fitting = [s for s in SQUARES[n] if (s[partial >= 0] == partial[partial >= 0]).all()]
    for s in fitting:
        assert (s[filled >= 0] == filled[filled >= 0]).all()
    if len(fitting) == 1 and n == 2:
        assert (filled == truth).all()


def test_singles_recover_a_symbol_never_seen() -> None:
    truth = generate_family("S4").array
    assert (latin_singles(np.where(truth == 5, -1, truth)) == truth).all()


def test_a_full_or_contradictory_table_comes_back() -> None:
    truth = generate_family("C4").array
    assert (latin_singles(truth) == truth).all()
    wrong = np.array([[0, 0], [-1, -1]])
    assert is_latin(latin_singles(wrong)) is False


@pytest.mark.parametrize("n", [2, 3])
def test_one_row_is_the_best_permutation(n) -> None:
    rng = np.random.default_rng(n)
    for _ in range(20):
        scores = rng.normal(size=(1, n, n))
        best = max(permutations(range(n)), key=lambda p: sum(scores[0, i, p[i]] for i in range(n)))
        assert tuple(assign_rows(scores.__getitem__, np.array([0]))[0]) == best


@pytest.mark.parametrize("n", [1, 4, 8, 9, 10])
def test_a_row_costs_as_little_as_by_the_solver_of_scipy(n) -> None:
    rng = np.random.default_rng(n)
    for _ in range(5):
        scores = rng.normal(size=(1, n, n))
        found = assign_rows(scores.__getitem__, np.array([0]))[0]
        rows, columns = linear_sum_assignment(-scores[0])
        assert scores[0, rows, found].sum() == pytest.approx(scores[0, rows, columns].sum())


@given(st.integers(0, 2**16), st.integers(1, 9))
def test_whatever_the_scores_the_result_is_latin(seed, n) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, n, n))
    table = assign_rows(scores.__getitem__, rng.permutation(n))
    assert is_latin(table)
    loose = assign_rows(scores.__getitem__, rng.permutation(n), latin=False)
    assert (np.sort(loose, axis=1) == np.arange(n)).all()


def test_assigning_rows_is_right_more_often_than_the_largest_scores() -> None:
    """Over 20 draws of noise; a single one may go the other way."""
    truth = generate_family("S4").array
    assigned, largest = [], []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(size=(24, 24, 24))
        scores = np.eye(24)[truth] + 0.35 * noise
        found = assign_rows(scores.__getitem__, np.arange(24), latin=False)
        assigned.append((found == truth).mean())
        largest.append((scores.argmax(2) == truth).mean())
    assert np.mean(assigned) > np.mean(largest) + 0.02


@given(st.integers(0, 2**16))
def test_relabeling_never_agrees_with_less_and_undoes_exchanges(seed) -> None:
    rng = np.random.default_rng(seed)
    truth = generate_family("A4").array
    a, b = np.nonzero(rng.random((12, 12)) < 0.7)
    c = np.where(rng.random(len(a)) < 0.2, rng.integers(0, 12, len(a)), truth[a, b])
    triples = np.stack([a, b, c], axis=1)
    swapped = truth[[1, 0, *range(2, 12)]][:, [*range(10), 11, 10]]
    for start in (truth, swapped):
        found = relabeled(start, triples)
        assert is_latin(found)
        assert (found[a, b] == c).sum() >= (start[a, b] == c).sum()
    assert (found[a, b] == c).sum() >= (truth[a, b] == c).sum()
