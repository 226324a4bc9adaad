import numpy as np
import pytest
from scipy.optimize import minimize

from cayley.invariance import changing_directions, constrained_least_squares, cross_moments


def test_the_constrained_solution_is_that_of_a_general_solver() -> None:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(6, 6))
    gram, cross, rows = root @ root.T, rng.normal(size=6), rng.normal(size=(2, 6))
    weights = constrained_least_squares(gram, cross, rows, ridge=0.3)
    expected = minimize(
        lambda w: w @ gram @ w / 2 + 0.15 * w @ w - w @ cross,
        np.zeros(6),
        constraints={"type": "eq", "fun": lambda w: rows @ w},
        options={"ftol": 1e-14, "maxiter": 500},
    ).x
    np.testing.assert_allclose(weights, expected, atol=1e-5)
    np.testing.assert_allclose(rows @ weights, 0, atol=1e-12)


def test_without_constraints_it_is_least_squares_and_with_all_it_is_zero() -> None:
    gram, cross = np.diag([1.0, 2.0]), np.array([1.0, 1.0])
    free = constrained_least_squares(gram, cross, np.empty((0, 2)))
    np.testing.assert_allclose(free, [1, 0.5])
    assert constrained_least_squares(gram, cross, np.eye(2)).tolist() == [0, 0]


def test_two_features_of_the_paper_in_population() -> None:
    # Correlations 0.75 and (1, 0.8); E[x0 x1] = 0.75 r.
    gram = np.array([[1, 0.75 * 0.9], [0.75 * 0.9, 1]])
    directions = np.array([[0.0, 0.1], [0.0, -0.1]])
    weights = constrained_least_squares(gram, np.array([0.75, 0.9]), directions)
    np.testing.assert_allclose(weights, [0.75, 0], atol=1e-14)
    assert 1 - 2 * 0.75 * weights[0] + weights[0] ** 2 == pytest.approx(0.4375)


def _sample(
    rng: np.random.Generator, environments: int, changing: int, dimension: int, number: int = 2000
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ids = np.repeat(np.arange(environments), number)
    y = rng.normal(size=len(ids))
    slopes = np.zeros((environments, dimension))
    slopes[:, :changing] = rng.normal(size=(environments, changing))
    return slopes[ids] * y[:, None] + rng.normal(size=(len(ids), dimension)), y, ids


@pytest.mark.parametrize("changing", [0, 1, 2, 3])
def test_the_number_of_changing_directions_is_found(changing: int) -> None:
    # Level 0.01: each of 20 draws stops right with probability about 0.99, so fewer than 17 of
    # 20 has probability under 1e-4.
    found = [
        len(
            changing_directions(
                cross_moments(*_sample(np.random.default_rng(seed), 6, changing, 4)),
                significance=0.01,
            )
        )
        for seed in range(20)
    ]
    assert sum(number == changing for number in found) >= 17


def test_without_a_level_every_difference_counts() -> None:
    data = _sample(np.random.default_rng(0), 3, 0, 5)
    assert len(changing_directions(cross_moments(*data))) == 2
    data = _sample(np.random.default_rng(0), 9, 0, 5)
    assert len(changing_directions(cross_moments(*data))) == 5


def test_directions_span_the_changing_features() -> None:
    data = _sample(np.random.default_rng(1), 5, 2, 6, number=50_000)
    rows = changing_directions(cross_moments(*data), significance=0.01)
    assert np.abs(rows[:, 2:]).max() < 0.05 * np.abs(rows[:, :2]).max()


def test_collinear_features_do_no_harm() -> None:
    x, y, ids = _sample(np.random.default_rng(0), 4, 1, 2)
    doubled = np.column_stack([x, x[:, 0], 0 * y])
    assert len(changing_directions(cross_moments(doubled, y, ids), significance=0.01)) == 1
