"""The estimators inside scikit-learn: its own suite of checks, routing, frames, weights."""

import contextlib
import inspect
import pickle
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from scipy import sparse
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from cayley.invariance import InvarianceWarning, MRIClassifier, MRIRegressor

Data = tuple[np.ndarray, np.ndarray, np.ndarray]
KINDS = [MRIRegressor, MRIClassifier]


def problem(kind: type, number: int = 1200) -> Data:
    """A cause, a color whose correlation differs, and a constant offset."""
    rng = np.random.default_rng(0)
    ids = np.arange(number) % 4
    y = rng.normal(size=number) if kind is MRIRegressor else rng.integers(2, size=number)
    color = np.array([2.0, 1.0, 0.0, -1.0])[ids] * y + 0.3 * rng.normal(size=number)
    return np.column_stack([y + rng.normal(size=number), color + 3]), y, ids


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InvarianceWarning)
        yield


class RegressorInTwoEnvironments(MRIRegressor):
    """Every other row is of another environment, so that constraints are in use."""

    def fit(self, X, y, sample_weight=None):  # type: ignore[no-untyped-def]
        rows = X.shape[0] if hasattr(X, "shape") else len(np.asarray(X))
        ids = np.arange(rows) % 2 if rows > 1 else None
        return super().fit(X, y, ids, sample_weight)


class ClassifierInTwoEnvironments(MRIClassifier):
    def fit(self, X, y, sample_weight=None):  # type: ignore[no-untyped-def]
        if y is None:
            return super().fit(X, y)
        _, place = np.unique(np.asarray(y).ravel(), return_inverse=True)
        # Alternate within each class, so that none is missing from an environment.
        ids = np.empty(len(place), dtype=int)
        for c in set(place):
            ids[place == c] = np.arange((place == c).sum()) % 2
        return super().fit(X, y, ids if len(set(ids)) > 1 else None, sample_weight)


@pytest.mark.skipif(
    "on_fail" not in inspect.signature(check_estimator).parameters,
    reason="scikit-learn before 1.6 has no list of results",
)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (MRIRegressor(), {}),
        (MRIClassifier(), {}),
        # Repeated rows fall into other environments than the weights of one row.
        (
            RegressorInTwoEnvironments(),
            {"check_sample_weight_equivalence_on_dense_data": "ids follow row numbers"},
        ),
        (
            ClassifierInTwoEnvironments(),
            {
                "check_sample_weight_equivalence_on_dense_data": "ids follow row numbers",
                "check_methods_sample_order_invariance": "ids follow row numbers",
            },
        ),
    ],
    ids=lambda value: type(value).__name__ if value else "",
)
def test_the_suite_of_scikit_learn_passes(model, expected) -> None:  # type: ignore[no-untyped-def]
    found = check_estimator(model, on_fail=None, on_skip=None, expected_failed_checks=expected)
    failed = [
        (each["check_name"], each["exception"]) for each in found if each["status"] == "failed"
    ]
    assert failed == []
    assert sum(each["status"] == "passed" for each in found) > 50


def test_without_environments_it_is_risk_minimization() -> None:
    x, y, _ = problem(MRIRegressor)
    with pytest.warns(InvarianceWarning, match=r"no `environments`.*fit\(X, y, environments\)"):
        model = MRIRegressor().fit(x, y)
    peer = LinearRegression().fit(x, y)
    np.testing.assert_allclose(model.predict(x), peer.predict(x))
    assert model.score(x, y) == pytest.approx(peer.score(x, y))
    assert model.label_shift_ is None
    with quiet():
        ridge = MRIRegressor(alpha=0.3).fit(x, y)
    np.testing.assert_allclose(ridge.coef_, Ridge(0.3 * len(y)).fit(x, y).coef_)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_repetitions_with_environments_too(kind: type) -> None:
    x, y, ids = problem(kind, 400)
    counts = np.random.default_rng(1).integers(4, size=len(y))
    with quiet():
        weighted = kind().fit(x, y, ids, sample_weight=counts)
        repeated = kind().fit(*(np.repeat(part, counts, axis=0) for part in (x, y, ids)))
    np.testing.assert_allclose(weighted.directions_, repeated.directions_, atol=1e-10)
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-5)
    assert len(weighted.directions_) == 1
    assert weighted.score(x, y, counts) == pytest.approx(
        weighted.score(np.repeat(x, counts, axis=0), np.repeat(y, counts))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_search_routes_environments_and_leaves_one_out(kind: type) -> None:
    x, y, ids = problem(kind)
    grid = [1e-4, 1e3]
    with quiet(), config_context(enable_metadata_routing=True):
        model = kind().set_fit_request(environments=True)
        search = GridSearchCV(model, {"alpha": grid}, cv=LeaveOneGroupOut(), error_score="raise")
        search.fit(x, y, environments=ids, groups=ids)
        assert search.best_params_ == {"alpha": 1e-4}
        assert len(search.best_estimator_.directions_) == 1
        by_hand = [
            kind(alpha=1e-4)
            .fit(x[ids != e], y[ids != e], ids[ids != e])
            .score(x[ids == e], y[ids == e])
            for e in range(4)
        ]
        found = [search.cv_results_[f"split{e}_test_score"][0] for e in range(4)]
        np.testing.assert_allclose(found, by_hand)


def test_requests_are_checked_and_copied() -> None:
    with pytest.raises(RuntimeError, match="enable_metadata_routing=True"):
        MRIRegressor().set_fit_request(environments=True)
    x, y, ids = problem(MRIRegressor)
    with quiet(), config_context(enable_metadata_routing=True):
        with pytest.raises(TypeError, match="`fit` has no argument environment; it has envir"):
            MRIRegressor().set_fit_request(environment=True)
        model = MRIRegressor().set_fit_request(environments=True, sample_weight=False)
        assert clone(model).get_metadata_routing().fit.requests == {
            "environments": True,
            "sample_weight": False,
        }
        assert MRIRegressor().get_metadata_routing().score.requests == {"sample_weight": None}
        other = model.set_fit_request(environments="hospital")
        cross_validate(other, x, y, params={"hospital": ids}, error_score="raise")
        with pytest.raises(ValueError, match="environments"):
            cross_validate(MRIRegressor(), x, y, params={"environments": ids})


@pytest.mark.parametrize("kind", KINDS)
def test_pipelines_route_environments(kind: type) -> None:
    x, y, ids = problem(kind)
    with config_context(enable_metadata_routing=True):
        model = kind().set_fit_request(environments=True)
        steps = make_pipeline(StandardScaler(), model).fit(x, y, environments=ids)
    assert steps.score(x, y) == pytest.approx(kind().fit(x, y, ids).score(x, y), abs=1e-6)
    again = pickle.loads(pickle.dumps(steps))
    np.testing.assert_array_equal(again.predict(x), steps.predict(x))


def frame_of(library: str, x: np.ndarray):  # type: ignore[no-untyped-def]
    return pytest.importorskip(library).DataFrame({"cause": x[:, 0], "color": x[:, 1]})


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("kind", KINDS)
def test_frames(kind: type, library: str) -> None:
    frames = pytest.importorskip(library)
    x, y, ids = problem(kind)
    frame, names = frame_of(library, x), np.array(["north", "east", "south", "west"])
    model = kind().fit(frame, frames.Series(y), frames.Series(names[ids]))
    plain = kind().fit(x, y, ids)
    assert model.feature_names_in_.tolist() == ["cause", "color"]
    assert sorted(model.environments_) == sorted(names)
    if kind is MRIRegressor:
        np.testing.assert_allclose(model.predict(frame), plain.predict(x), rtol=1e-9)
    report = model.diagnose(frame, frames.Series(y), frames.Series(names[ids]))
    assert report.environments.tolist() == sorted(names)
    swapped = frame[["color", "cause"]]
    with pytest.raises(
        ValueError, match=r"(?s)same order as they were in fit.*X\[list\(model\.feat"
    ):
        model.predict(swapped)
    with pytest.raises(ValueError, match=r"(?s)unseen at fit time:\n- paint.*missing:\n- color"):
        model.predict(frame.rename({"color": "paint"}) if library == "polars"
                      else frame.rename(columns={"color": "paint"}))  # fmt: skip
    with pytest.warns(UserWarning, match="X does not have valid feature names, but MRI"):
        model.predict(x)
    with pytest.warns(UserWarning, match="X has feature names, but MRI.* was fitted without"):
        plain.predict(frame)
    assert not hasattr(model.fit(x, y, ids), "feature_names_in_")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_between_the_steps_of_a_pipeline(library: str) -> None:
    x, y, ids = problem(MRIRegressor)
    frame = frame_of(library, x)
    steps = make_pipeline(
        make_column_transformer(
            (StandardScaler(), ["color"]),
            ("passthrough", ["cause"]),
            verbose_feature_names_out=False,
        ),
        MRIRegressor(),
    ).set_output(transform=library)
    steps.fit(frame, y, mriregressor__environments=ids)
    assert steps[-1].feature_names_in_.tolist() == ["color", "cause"]
    np.testing.assert_allclose(
        steps.predict(frame[["color", "cause"]]), MRIRegressor().fit(x, y, ids).predict(x)
    )


def test_columns_of_text_are_named() -> None:
    pandas = pytest.importorskip("pandas")
    x, y, ids = problem(MRIRegressor)
    frame = pandas.DataFrame({"cause": x[:, 0], "city": ["Rome"] * len(y)})
    with pytest.raises(ValueError, match=r"column 'city' does not.*Encode or drop it"):
        MRIRegressor().fit(frame, y, ids)
    frame = pandas.DataFrame({"cause": x[:, 0], "color": np.where(ids > 0, x[:, 1], np.nan)})
    with pytest.raises(ValueError, match="row 0, column 'color' holds nan"):
        MRIRegressor().fit(frame, y, ids)
    frame = pandas.DataFrame(x, columns=["cause", 1])
    with pytest.raises(TypeError, match="Feature names are only supported if all"):
        MRIRegressor().fit(frame, y, ids)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_refused_is_refused_as_scikit_learn_does(kind: type) -> None:
    x, y, ids = problem(kind, 100)
    with pytest.raises(NotFittedError, match="call `fit` first"):
        kind().predict(x)
    for make in (sparse.csr_array, sparse.coo_matrix):
        with pytest.raises(TypeError, match=r"Sparse data is not supported.*toarray\(\)"):
            kind().fit(make(x), y, ids)
    with quiet(), pytest.warns(DataConversionWarning, match="A column-vector y was passed"):
        kind().fit(x, y[:, None], ids)
    other = MRIClassifier if kind is MRIRegressor else MRIRegressor
    if kind is MRIClassifier:
        with pytest.raises(ValueError, match=r"Unknown label type: continuous.*MRIRegressor"):
            kind().fit(x, x[:, 0], ids)
        with pytest.raises(ValueError, match="mixes labels of several"):
            kind().fit(x[:2], np.array(["a", 1], dtype=object), ids[:2])
    else:
        with pytest.raises(ValueError, match=f"`y` must hold numbers.*{other.__name__}"):
            kind().fit(x, np.full(len(x), "a"), ids)


def test_log_probabilities_are_those_of_scikit_learn_and_finite() -> None:
    for classes in (2, 3):
        rng = np.random.default_rng(classes)
        y = rng.integers(classes, size=600)
        x = np.eye(classes)[y] + rng.normal(size=(600, classes))
        with quiet():
            model = MRIClassifier(alpha=1e-2).fit(x, y)
        np.testing.assert_allclose(model.predict_log_proba(x), np.log(model.predict_proba(x)))
        far = model.predict_log_proba(1e4 * x)
        assert np.isfinite(far).all() and far.min() < -1000
        scaled = (x - x.mean(0)) / x.std(0)
        peer = LogisticRegression(C=1 / (1e-2 * 600), tol=1e-8, max_iter=1000).fit(scaled, y)
        np.testing.assert_allclose(
            model.predict_log_proba(x), peer.predict_log_proba(scaled), atol=1e-4
        )
