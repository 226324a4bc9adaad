import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from cayley.invariance import (
    InvarianceWarning,
    LabelShiftWarning,
    MRIClassifier,
    MRIRegressor,
    TooFewEnvironmentsWarning,
    label_shift,
)

Data = tuple[np.ndarray, np.ndarray, np.ndarray]


def regression(seed: int = 0, number: int = 20_000) -> Data:
    rng = np.random.default_rng(seed)
    ids = np.repeat([3, 5, 8], number)
    y = rng.normal(size=len(ids))
    cause = 0.75 * y + np.sqrt(1 - 0.75**2) * rng.normal(size=len(ids))
    color = np.repeat([1.0, 0.5, 0.0], number) * y + 0.3 * rng.normal(size=len(ids))
    return np.column_stack([cause, 10 + 5 * color]), 7 + 2 * y, ids


def classification(seed: int = 0, number: int = 30_000, classes: int = 2) -> Data:
    rng = np.random.default_rng(seed)
    ids, y = np.arange(number) % 3, rng.integers(classes, size=number)
    noise = rng.normal(size=(number, 2 * classes))
    agree = np.array([2.0, 1.0, 0.0])[ids][:, None]
    hot = np.eye(classes)[y]
    x = np.column_stack([hot, agree * hot]) + noise
    return x, np.array(list("abcdef"))[y], ids


@contextmanager
def _only(kind: type[Warning], message: str) -> Iterator[None]:
    """Expect a warning and let others of the room pass."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    assert any(issubclass(w.category, kind) and message in str(w.message) for w in caught)


def test_regression_keeps_the_cause_and_drops_the_color() -> None:
    model = MRIRegressor().fit(*regression())
    assert model.coef_[0] == pytest.approx(1.5, abs=0.05)
    assert model.coef_[1] == pytest.approx(0, abs=0.02)
    assert model.environments_.tolist() == [3, 5, 8]
    assert len(model.directions_) == 1


@pytest.mark.filterwarnings("ignore:all 2 constraints")
def test_prediction_does_not_depend_on_units() -> None:
    x, y, ids = regression(number=500)
    x = np.column_stack([x, np.sin(np.arange(len(y)))])
    plain, scaled = (
        MRIRegressor(significance=None).fit(z, y, ids) for z in (x, x * [1, 100, 10] - 3)
    )
    np.testing.assert_allclose(plain.predict(x), scaled.predict(x * [1, 100, 10] - 3), atol=1e-8)


def test_without_intercept_and_with_ridge() -> None:
    x, y, ids = regression(number=500)
    centered = MRIRegressor(fit_intercept=False).fit(x - x.mean(0), y - y.mean(), ids)
    np.testing.assert_allclose(centered.coef_, MRIRegressor().fit(x, y, ids).coef_)
    assert centered.intercept_ == 0
    assert abs(MRIRegressor(alpha=1e6).fit(x, y, ids).coef_).max() < 1e-4


@pytest.mark.parametrize("classes", [2, 3])
def test_classification_drops_what_changes(classes: int) -> None:
    x, y, ids = classification(classes=classes)
    model = MRIClassifier().fit(x, y, ids)
    kept, dropped = model.coef_[:, :classes], model.coef_[:, classes:]
    assert abs(dropped).max() < 0.1 * abs(kept).max()
    assert model.constraint_ <= model.tol
    assert model.coef_.shape == ((1 if classes == 2 else classes), 2 * classes)
    np.testing.assert_allclose(model.predict_proba(x).sum(1), 1)
    assert model.score(x, y) == (model.predict(x) == y).mean()


def test_classification_without_changes_is_logistic_regression() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    for classes in (2, 3):
        x, y, _ = classification(classes=classes, number=3000)
        x = (x - x.mean(0)) / x.std(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InvarianceWarning)
            model = MRIClassifier(significance=1e-300, alpha=1e-2).fit(
                x[:, :classes], y, np.random.default_rng(99).integers(3, size=len(y))
            )
        peer = linear_model.LogisticRegression(C=1 / (1e-2 * len(y)), tol=1e-8, max_iter=1000)
        np.testing.assert_allclose(model.coef_, peer.fit(x[:, :classes], y).coef_, atol=1e-4)


def test_scikit_learn_can_clone_and_set_parameters() -> None:
    base = pytest.importorskip("sklearn.base")
    for model in (MRIRegressor(alpha=0.5), MRIClassifier(mu=3.0, significance=None)):
        copy = base.clone(model)
        assert copy.get_params() == model.get_params()
        assert repr(copy) == repr(model)
        assert copy.set_params(alpha=2.0).alpha == 2.0
        with pytest.raises(ValueError, match="has no parameter `beta`; it has alpha"):
            copy.set_params(beta=1)


@pytest.mark.parametrize("kind", [MRIRegressor, MRIClassifier])
def test_works_as_the_last_step_of_a_pipeline(kind) -> None:  # type: ignore[no-untyped-def]
    base, pipeline = pytest.importorskip("sklearn.base"), pytest.importorskip("sklearn.pipeline")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    x, y, ids = regression(number=500) if kind is MRIRegressor else classification(number=1500)
    steps = pipeline.Pipeline([("scale", preprocessing.StandardScaler()), ("mri", kind())])
    steps.fit(x, y, mri__environments=ids)
    plain = kind().fit((x - x.mean(0)) / x.std(0), y, ids)
    assert steps.score(x, y) == pytest.approx(plain.score((x - x.mean(0)) / x.std(0), y))
    assert base.is_regressor(steps) == (kind is MRIRegressor)
    with pytest.warns(InvarianceWarning, match=r"no `environments`: this MRI.* invariant to noth"):
        steps.fit(x, y)


def test_fitting_again_forgets() -> None:
    model = MRIRegressor().fit(*regression(seed=1, number=500))
    again = model.fit(*regression(seed=2, number=500)).coef_
    np.testing.assert_array_equal(again, MRIRegressor().fit(*regression(seed=2, number=500)).coef_)


def test_diagnostics_on_heldout_data() -> None:
    model = MRIRegressor().fit(*regression(seed=0))
    report = model.diagnose(*regression(seed=1))
    assert report.environments.tolist() == [3, 5, 8]
    assert report.largest_z < 4
    assert (report.num_environments, report.num_changing, report.num_needed) == (3, 1, 2)
    assert not report.saturated
    assert not report.shift.detected
    assert "3 fitted on, 1 changing directions found, 2 needed" in report.summary()
    spurious = MRIRegressor(significance=1e-300).fit(*regression(number=40))
    assert spurious.diagnose(*regression(seed=1)).largest_z > 20


def test_diagnostics_of_a_classifier() -> None:
    model = MRIClassifier().fit(*classification())
    report = model.diagnose(*classification(seed=1))
    assert report.constraint.shape == (3,)
    assert report.largest_z < 4
    x, y, ids = classification(seed=1)
    log_loss = -np.log(model.predict_proba(x)[np.arange(len(y)), (y == "b").astype(int)])
    np.testing.assert_allclose(report.risk, [log_loss[ids == e].mean() for e in range(3)])
    with pytest.raises(ValueError, match="classes that the fit has not seen"):
        model.diagnose(x, np.full(len(y), "z"), ids)


def test_standard_errors_cover() -> None:
    # The constraint of the fixed predictor 2 x0 is zero; z is standard normal, 3 environments.
    model = MRIRegressor().fit(*regression(seed=0))
    model.coef_, model.intercept_ = np.array([1.5, 0.0]), 7.0
    z = [
        (report.constraint / report.standard_error)[0]
        for report in (model.diagnose(*regression(seed=s, number=200)) for s in range(1, 61))
    ]
    assert np.std(z) == pytest.approx(1, abs=0.2)


def test_label_shift_is_warned_of() -> None:
    x, y, ids = regression(number=500)
    with _only(LabelShiftWarning, "labels are distributed differently"):
        MRIRegressor().fit(x, np.where(ids == 3, 3 * y, y), ids)
    x, names, ids = classification(number=3000)
    kept = (ids != 0) | (names == "a")
    with _only(LabelShiftWarning, "may remove what is invariant"):
        MRIClassifier().fit(x[kept], names[kept], ids[kept])


def test_label_shift_needs_significance_and_size() -> None:
    rng = np.random.default_rng(0)
    ids = rng.integers(2, size=200_000)
    y = rng.normal(size=len(ids)) + 0.02 * ids
    small = label_shift(y, ids)
    assert small.p_value < 0.01 and not small.detected
    few = label_shift(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0, 0, 1, 1]))
    assert few.distance == 1 and not few.detected
    with pytest.raises(ValueError, match="at least two environments"):
        label_shift(y, 0 * ids)


def test_too_few_environments_are_warned_of() -> None:
    x, y, ids = regression()
    two = ids != 8
    with _only(TooFewEnvironmentsWarning, "all 1 constraints that 2 environments"):
        model = MRIRegressor().fit(x[two], y[two], ids[two])
    assert model.saturated_
    assert "2 needed or more" in model.diagnose(x, y, ids).summary()


def test_nothing_left_is_warned_of() -> None:
    x, y, ids = regression()
    with pytest.warns(InvarianceWarning, match="nothing is left to predict from"):
        model = MRIRegressor().fit(x[:, 1:], y, ids)
    assert model.coef_.tolist() == [0]


def _bad() -> list[tuple[str, object, str]]:
    x, y, ids = np.zeros((4, 2)), np.array([0.0, 1, 0, 1]), np.array([0, 0, 1, 1])
    nan = np.where(np.eye(4, 2) > 0, np.nan, 0)
    return [
        ("vector", lambda m: m.fit(y, y, ids), "`X` must be a matrix"),
        ("nan", lambda m: m.fit(nan, y, ids), "`X` must be finite.*row 0, column 0 holds nan"),
        ("y", lambda m: m.fit(x, y[:3], ids), r"`y` must have one entry per row.*\(4,\); got \(3,"),
        ("no y", lambda m: m.fit(x, None, ids), "requires y to be passed"),
        ("nan y", lambda m: m.fit(x, nan[:, 0], ids), "`y` must be finite.*first row 0"),
        ("weight", lambda m: m.fit(x, y, ids, -y), r"finite and >= 0; row 1 has -1\.0"),
        ("weights", lambda m: m.fit(x, y, ids, y[:2]), r"shape \(4,\); got \(2,\)"),
        ("no weight", lambda m: m.fit(x, y, ids, 0 * y), "is zero everywhere"),
        ("nan id", lambda m: m.fit(x, y, nan[:, 0]), "`environments` must be finite"),
        ("None id", lambda m: m.fit(x, y, [None, 1, 0, 1]), "`environments` must be.*row 0"),
        (
            "mixed ids",
            lambda m: m.fit(x, y, np.array(["a", 1, 0, 1], dtype=object)),
            "mixes ids of several",
        ),
        ("short", lambda m: m.fit(x, y, ids[:2]), "`environments` must have one entry per row"),
        ("one", lambda m: m.fit(x, y, 0 * ids), r"single environment \(0\)"),
        ("early", lambda m: m.predict(x), "is not fitted yet; call `fit` first"),
        ("level", lambda m: m.set_params(significance=2).fit(x, y, ids), r"must be in \(0, 1\)"),
        ("alpha", lambda m: m.set_params(alpha=-1).fit(x, y, ids), "must be >"),
    ]


@pytest.mark.parametrize("kind", [MRIRegressor, MRIClassifier])
@pytest.mark.parametrize(("call", "message"), [b[1:] for b in _bad()], ids=[b[0] for b in _bad()])
def test_bad_input_is_refused(kind, call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call(kind())


def test_columns_must_be_those_of_the_fit() -> None:
    model = MRIRegressor().fit(*regression(number=100))
    with pytest.raises(ValueError, match="X has 3 features, but MRIRegressor is expecting 2"):
        model.predict(np.zeros((1, 3)))


def test_a_class_missing_from_an_environment_is_refused() -> None:
    x, y, ids = classification(classes=3, number=300)
    with pytest.raises(ValueError, match="class c is missing from environment 0"):
        MRIClassifier().fit(
            x[(y != "c") | (ids > 0)], *(column[(y != "c") | (ids > 0)] for column in (y, ids))
        )
    with pytest.raises(ValueError, match=r"`y` holds one class only \(a\)"):
        MRIClassifier().fit(x[y == "a"], y[y == "a"], ids[y == "a"])
