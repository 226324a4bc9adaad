"""Least squares with linear constraints against a general solver and the paper's example."""

import numpy as np
import pytest
from scipy.optimize import minimize

from cayley.invariance.estimators._linear_regression import constrained_least_squares


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
