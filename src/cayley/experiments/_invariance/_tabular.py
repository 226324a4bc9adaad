"""A real table with environments: progression of diabetes, in bands of age."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._errors import MissingExtraError
from cayley._random import generator
from cayley._shapes import Float, Int
from cayley.experiments._invariance._descent import fit_linear, linear_constraint
from cayley.experiments._invariance._moments import risk
from cayley.experiments._suite import Context, Measurement
from cayley.invariance import label_shift
from cayley.invariance._model_selection import leave_one_environment_out
from cayley.invariance.estimators._bartlett_test import changing_directions, cross_moments
from cayley.invariance.estimators._linear_regression import constrained_least_squares

__all__ = ["load_diabetes_by_age", "run_tabular"]

Array = NDArray[Any]
# Some 110 patients each. More bands mean more constraints, each estimated from fewer patients.
BANDS = 4


def load_diabetes_by_age() -> tuple[Float[Array, "n d"], Float[Array, " n"], Int[Array, " n"]]:
    """Return scikit-learn's diabetes table, its patients split into four bands of age.

    442 patients; nine features (age itself is left out) and the progression of the disease after
    a year, all standardized over the whole table. The bands are quarters by age.

    Raises:
        MissingExtraError: If scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_diabetes
    except ImportError:
        raise MissingExtraError("scikit-learn", "bench") from None
    data = load_diabetes()
    age, features = data.data[:, 0], data.data[:, 1:]
    edges = np.quantile(age, np.arange(1, BANDS) / BANDS)
    features = (features - features.mean(0)) / features.std(0)
    labels = (data.target - data.target.mean()) / data.target.std()
    return features, labels, np.searchsorted(edges, age, side="right")


def _predictor(
    method: str, x: Array, y: Array, ids: Array, *, seed: int, held: tuple[Array, Array]
) -> Float[Array, " d"]:
    """Fit weights of standardized features, without an intercept, on several bands."""
    if method == "mri-estimator":
        rows = changing_directions(cross_moments(x, y, ids), significance=0.01)
        return constrained_least_squares(x.T @ x / len(y), x.T @ y / len(y), rows)
    if method == "oracle":
        x, y = np.concatenate([x, held[0]]), np.concatenate([y, held[1]])
        return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0])
    # Fewer rounds than in the other cases, as each seed fits four times. The dual may not stand
    # still yet; more rounds meet the constraint more closely on the bands that are trained on.
    return fit_linear(method, x, y, ids, seed=seed, rounds=30)


def _significant(x: Array, y: Array, ids: Array) -> Float[Array, "k d"]:
    """Return the changing directions of the patients as they are, not of a bootstrap."""
    _, index = np.unique(ids, return_inverse=True)
    moments = cross_moments(x - x.mean(0), y - y.mean(), index)
    return changing_directions(moments, significance=0.01)


def run_tabular(method: str, context: Context) -> Measurement:
    """Leave each band of age out in turn; each seed is a bootstrap of the patients to train on.

    The oracle is fitted on a random half of the band left out as well, and judged on the other
    half, as every method is.
    """
    x, y, ids = load_diabetes_by_age()
    rng = generator(context.seed, "tabular")
    risks, constraints, changing, scales = [], [], [], []
    for _, train, held in leave_one_environment_out(ids):
        rows = rng.choice(train, size=len(train))
        _, index = np.unique(ids[rows], return_inverse=True)
        center, offset = x[rows].mean(0), float(y[rows].mean())
        features, labels = x[rows] - center, y[rows] - offset
        half = rng.permutation(held)
        first, second = half[: len(half) // 2], half[len(half) // 2 :]
        weights = _predictor(
            method,
            features,
            labels,
            index,
            seed=context.seed,
            held=(x[first] - center, y[first] - offset),
        )
        risks.append(risk(x[second] - center, y[second] - offset, weights))
        scales.append(float(((y[second] - offset) ** 2).mean()))
        unused = np.setdiff1d(train, rows)  # out of the bootstrap: held out
        out = x[unused] - center, y[unused] - offset, ids[unused]
        constraints.append(linear_constraint(*out, weights))
        changing.append(len(_significant(x[train], y[train], ids[train])))
    shift = label_shift(y, ids)
    return Measurement(
        metrics={
            "ood_mse": float(np.mean(risks)),
            "ood_mse_of_the_mean": float(np.mean(scales)),
            "constraint_heldout": float(np.mean(constraints)),
            "changing_directions": float(np.mean(changing)),
            "label_shift_p": shift.p_value,
            "label_shift_distance": shift.distance,
        },
        config={"data": "scikit-learn diabetes", "environments": "quarters by age", "rows": len(y)},
    )
