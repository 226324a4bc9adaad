"""Diagnostics that say which assumption fails, and the intervals that they rest on."""

import numpy as np
import pytest

from cayley.invariance import InvarianceWarning, MRIRegressor
from cayley.invariance.estimators._bootstrap import simultaneous_intervals

Data = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.mark.parametrize("number", [150, 500])  # row by row, and in blocks
def test_intervals_cover_all_environments_at_once(number: int) -> None:
    rng = np.random.default_rng(0)
    ids = np.repeat([0, 1, 2], [number, 2 * number, number // 2])
    truth = np.array([[0.0, 1.0], [0.5, 1.0], [-0.2, 0.0]])
    truth_centered = truth - truth.mean(0)
    covered = 0
    for seed in range(80):
        terms = truth[ids] + rng.exponential(size=(len(ids), 2)) - 1
        low, high = simultaneous_intervals(terms, ids, 3, resamples=100, seed=seed)
        covered += bool(((low <= truth_centered) & (truth_centered <= high)).all())
    assert covered / 80 == pytest.approx(0.95, abs=0.06)


def test_weighted_intervals_are_around_the_weighted_means() -> None:
    rng = np.random.default_rng(0)
    terms, ids, w = rng.normal(size=(900, 1)), np.arange(900) % 2, rng.exponential(size=900)
    low, high = simultaneous_intervals(terms, ids, 2, weights=w)
    means = np.array([np.average(terms[ids == e, 0], weights=w[ids == e]) for e in (0, 1)])
    np.testing.assert_allclose(((low + high) / 2)[:, 0], means - means.mean())
    narrow, _ = simultaneous_intervals(terms, ids, 2)
    assert (high - low).min() > 1.2 * abs(narrow).max()


def test_what_is_constant_has_no_interval() -> None:
    low, high = simultaneous_intervals(np.ones((20, 1)), np.arange(20) % 2, 2)
    assert low.tolist() == high.tolist() == [[0], [0]]


def regression(seed: int, number: int, dimension: int = 2) -> Data:
    rng = np.random.default_rng(seed)
    ids = np.repeat([0, 1, 2], number)
    y = rng.normal(size=len(ids))
    color = np.array([1.0, 0.5, 0.0])[ids] * y + 0.3 * rng.normal(size=len(ids))
    noise = rng.normal(size=(len(ids), dimension - 1))
    noise[:, 0] += y
    return np.column_stack([noise, color]), y, ids


def test_nothing_fails_where_the_assumptions_hold() -> None:
    report = MRIRegressor().fit(*regression(0, 20_000)).diagnose(*regression(1, 20_000))
    assert report.failures == ()
    size, low, high = report.violation
    assert 0 == low <= size <= high < 0.1
    assert "fails" not in report.summary()
    assert "95% interval 0.0% to" in report.summary()


def test_a_large_constraint_of_few_rows_is_no_evidence() -> None:
    report = MRIRegressor().fit(*regression(0, 20_000)).diagnose(*regression(3, 15))
    size, low, high = report.violation
    assert low == 0 < 0.05 < size < high
    assert "constraint does not generalize" not in report.failures


def test_a_constraint_that_does_not_generalize_is_named() -> None:
    x, y, ids = regression(0, 20, dimension=40)  # as many features as rows
    with pytest.warns(InvarianceWarning):
        model = MRIRegressor(significance=None).fit(x, y, ids)
    on_training = model.diagnose(x, y, ids)
    assert on_training.violation[0] < 1e-9
    report = model.diagnose(*regression(1, 5000, dimension=40))
    assert "constraint does not generalize" in report.failures
    assert report.violation[1] > 0.05
    assert "fails: constraint does not generalize. It is met where" in report.summary()


def test_too_few_environments_and_nothing_invariant_are_named() -> None:
    x, y, ids = regression(0, 5000)
    two = ids != 2
    with pytest.warns(InvarianceWarning):
        few = MRIRegressor().fit(x[two], y[two], ids[two])
    assert few.diagnose(*regression(1, 5000)).failures == ("too few environments",)
    with pytest.warns(InvarianceWarning):
        nothing = MRIRegressor().fit(x[:, 1:], y, ids)
    assert "nothing invariant" in nothing.diagnose(x[:, 1:], y, ids).failures
    with pytest.warns(InvarianceWarning, match="no `environments`"):
        free = MRIRegressor().fit(x, y)
    found = free.diagnose(*regression(1, 5000)).failures
    assert found == ("too few environments", "constraint does not generalize")
