"""Weights that make the labels alike: closed forms, loops, and the failure that they mend."""

import warnings

import numpy as np
import pytest

from cayley.invariance import MRIClassifier, MRIRegressor, balance_labels
from cayley.invariance.estimators._bartlett_test import cross_moments

Data = tuple[np.ndarray, np.ndarray, np.ndarray]


def test_every_class_has_the_same_share_everywhere() -> None:
    rng = np.random.default_rng(0)
    ids = rng.integers(3, size=5000)
    y = (rng.random(5000) < np.array([0.1, 0.5, 0.8])[ids]).astype(int)
    w = balance_labels(y, ids, kind="classes")
    for e in range(3):
        own = ids == e
        assert w[own].mean() == pytest.approx(1)
        assert (w[own] @ y[own]) / own.sum() == pytest.approx(y.mean())


def test_numbers_are_alike_to_within_a_quantile() -> None:
    rng = np.random.default_rng(0)
    ids = rng.integers(2, size=20_000)
    y = rng.normal(size=20_000) * (1 + ids)
    w = balance_labels(y, ids)
    for level in np.quantile(y, np.arange(1, 20) / 20):
        below = [np.average(y[ids == e] < level, weights=w[ids == e]) for e in (0, 1)]
        assert below[0] == pytest.approx(below[1], abs=0.03)
    for power in (0, 1, 2):
        moments = [(w * y**power)[ids == e].mean() for e in (0, 1)]
        assert moments[0] == pytest.approx(moments[1], abs=1e-9)


def test_labels_of_one_environment_only_do_not_count() -> None:
    labels, ids = np.array(["a", "a", "b", "a", "c", "a"]), np.array([0, 0, 0, 1, 1, 1])
    assert balance_labels(labels, ids, kind="classes").tolist() == [1.5, 1.5, 0, 1.5, 0, 1.5]
    with pytest.raises(ValueError, match="no label occurs in every environment"):
        balance_labels(np.array([0, 1]), np.array([0, 1]), kind="classes")
    with pytest.raises(ValueError, match="at least two environments"):
        balance_labels(labels, 0 * ids, kind="classes")
    with pytest.raises(ValueError, match="`bins` must be at least 2; got 1"):
        balance_labels(np.arange(6.0), ids, bins=1)


def test_sample_weights_are_repetitions() -> None:
    rng = np.random.default_rng(0)
    y, ids, counts = rng.integers(3, size=90), np.arange(90) % 2, rng.integers(1, 4, size=90)
    w = balance_labels(y, ids, kind="classes", sample_weight=counts)
    repeated = balance_labels(np.repeat(y, counts), np.repeat(ids, counts), kind="classes")
    np.testing.assert_allclose(np.repeat(w, counts), repeated)


def test_weighted_moments_know_how_uncertain_they_are() -> None:
    """The covariance over the size is the variance of the weighted mean over many draws."""
    rng = np.random.default_rng(0)
    ids = np.arange(200) % 2
    weights = rng.exponential(size=200)
    found = [cross_moments(rng.normal(size=(200, 1)), np.ones(200), ids, weights=weights)
             for _ in range(2000)]  # fmt: skip
    variance = np.var([each.mean for each in found], axis=0)[:, 0]
    expected = np.mean([each.covariance[0, 0] / each.sizes for each in found], axis=0)
    np.testing.assert_allclose(expected, variance, rtol=0.12)
    assert found[0].sizes.max() < 80


def shifted_regression(seed: int, number: int = 20_000) -> Data:
    """Features that follow the label alike; labels twice as wide in one environment."""
    rng = np.random.default_rng(seed)
    ids = np.repeat([0, 1, 2], number)
    y = rng.normal(size=len(ids)) * np.array([1.0, 2.0, 1.0])[ids]
    invariant = y + rng.normal(size=len(ids))
    color = np.array([1.0, 1.0, 0.3])[ids] * y + 0.3 * rng.normal(size=len(ids))
    return np.column_stack([invariant, color]), y, ids


def test_balance_mends_label_shift_in_regression() -> None:
    x, y, ids = shifted_regression(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        plain = MRIRegressor().fit(x, y, ids)
    assert any("`balanced=True` weights the environments alike" in str(w.message) for w in caught)
    assert len(plain.directions_) == 2  # the invariant feature as well
    balanced = MRIRegressor(balanced=True).fit(x, y, ids)
    assert len(balanced.directions_) == 1
    # On an environment where the color's correlation is reversed.
    rng = np.random.default_rng(1)
    y_new = rng.normal(size=5000)
    x_new = np.column_stack([y_new + rng.normal(size=5000), -y_new])
    errors = [((model.predict(x_new) - y_new) ** 2).mean() for model in (plain, balanced)]
    assert errors[1] < 0.75 < errors[0]  # the invariant feature alone reaches 0.55
    report = balanced.diagnose(*shifted_regression(2))
    assert report.balanced and "label shift" not in report.failures
    assert "label shift: yes" in report.summary() and "weighted alike" in report.summary()
    assert "label shift" in plain.diagnose(*shifted_regression(2)).failures


def shifted_classes(seed: int, number: int = 15_000) -> Data:
    rng = np.random.default_rng(seed)
    ids = np.arange(number) % 3
    y = (rng.random(number) < np.array([0.1, 0.6, 0.1])[ids]).astype(int)
    shape = y + rng.normal(size=number) + 1  # invariant given the class
    color = np.array([2.0, 1.0, 0.0])[ids] * y + 0.5 * rng.normal(size=number)
    return np.column_stack([shape, color]), y, ids


@pytest.mark.filterwarnings("ignore")
def test_balance_mends_label_shift_in_classification() -> None:
    x, y, ids = shifted_classes(0)
    plain, balanced = (MRIClassifier(balanced=b).fit(x, y, ids) for b in (False, True))
    ratio = [abs(model.coef_[0, 1] / model.coef_[0, 0]) for model in (plain, balanced)]
    assert ratio[1] < 0.1 < ratio[0]
    report = balanced.diagnose(*shifted_classes(1))
    assert report.violation[0] < 0.1
    with pytest.raises(ValueError, match="class 1 is missing from environment 0"):
        kept = (ids > 0) | (y == 0)
        MRIClassifier(balanced=True).fit(x[kept], y[kept], ids[kept])
