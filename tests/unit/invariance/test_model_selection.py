import numpy as np
import pytest

from cayley.invariance import select_by_oracle, select_model
from cayley.invariance._model_selection import leave_one_environment_out, training_domain_split


class Column:
    """Predict one column; remember what was seen."""

    def __init__(self, column: int) -> None:
        self.column = column
        self.seen: list[tuple[set, set]] = []

    def fit(self, X, y, environments) -> "Column":  # type: ignore[no-untyped-def]
        self.trained = set(X[:, 2])
        return self

    def score(self, X, y) -> float:  # type: ignore[no-untyped-def]
        self.seen.append((self.trained, set(X[:, 2])))
        return -float(((X[:, self.column] - y) ** 2).mean())


def _data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Column 0 is good everywhere, column 1 better but reversed in environment 2; rows numbered."""
    rng = np.random.default_rng(0)
    ids = np.repeat([0, 1, 2], [60, 40, 20])
    y = rng.normal(size=120)
    spurious = np.where(ids == 2, -y, y) + 0.1 * rng.normal(size=120)
    return np.column_stack([y + 0.5 * rng.normal(size=120), spurious, np.arange(120)]), y, ids


def test_training_domain_split_takes_a_share_of_every_environment() -> None:
    ids = np.repeat(["a", "b", "c"], [50, 20, 2])
    train, validation = training_domain_split(ids, fraction=0.2, seed=3)
    assert sorted([*train, *validation]) == list(range(72))
    assert [int((ids[validation] == name).sum()) for name in "abc"] == [10, 4, 1]
    assert not np.array_equal(validation, training_domain_split(ids, seed=4)[1])


def test_the_two_methods_answer_different_questions() -> None:
    x, y, ids = _data()
    two = ids < 2
    candidates = {"invariant": Column(0), "spurious": Column(1)}
    assert select_model(candidates, x[two], y[two], ids[two]).name == "spurious"
    selection = select_model(candidates, x, y, ids, method="leave-one-out")
    assert selection.name == "invariant"
    assert not selection.oracle
    assert set(selection.scores) == {"invariant", "spurious"}


@pytest.mark.parametrize("method", ["training-domain", "leave-one-out"])
def test_no_row_is_both_trained_on_and_scored(method) -> None:  # type: ignore[no-untyped-def]
    candidate = Column(0)
    select_model({"only": candidate}, *_data(), method=method)
    assert all(not trained & scored for trained, scored in candidate.seen)
    assert len(candidate.seen) == (1 if method == "training-domain" else 3)


def test_the_oracle_says_that_it_is_one() -> None:
    x, y, ids = _data()
    two = ids < 2
    candidates = {"invariant": Column(0), "spurious": Column(1)}
    selection = select_by_oracle(
        candidates, x[two], y[two], ids[two], X_test=x[~two], y_test=y[~two]
    )
    assert selection.name == "invariant"
    assert selection.oracle
    assert "sees the test environment" in selection.method


def test_what_cannot_be_selected_is_said() -> None:
    x, y, ids = _data()
    with pytest.raises(ValueError, match="`candidates` is empty"):
        select_model({}, x, y, ids)
    with pytest.raises(ValueError, match="needs three or more, so that two remain"):
        list(leave_one_environment_out(ids[ids < 2]))
    with pytest.raises(ValueError, match="`method` must be 'training-domain' or"):
        select_model({"a": Column(0)}, x, y, ids, method="best")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"`fraction` must be in \(0, 1\); got 1"):
        training_domain_split(ids, fraction=1)
    with pytest.raises(ValueError, match="environment 7 has a single row"):
        training_domain_split(np.array([0, 0, 7]))
