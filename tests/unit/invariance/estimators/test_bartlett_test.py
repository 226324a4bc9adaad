import numpy as np
import pytest

from cayley.invariance.estimators._bartlett_test import changing_directions, cross_moments


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
