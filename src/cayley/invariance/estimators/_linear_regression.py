"""Linear regression under the MRI constraint, as least squares with linear constraints."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import null_space

from cayley._shapes import Float
from cayley.invariance._diagnostics import InvarianceDiagnostics, label_shift
from cayley.invariance.estimators._bartlett_test import CrossMoments, cross_moments
from cayley.invariance.estimators._estimator import LinearMRI
from cayley.invariance.estimators._label_balance import balance_labels
from cayley.invariance.estimators._table_checks import (
    check_environment_ids,
    check_numbers,
    check_sample_weight,
)

__all__ = ["MRIRegressor", "constrained_least_squares"]

Array = NDArray[Any]


class MRIRegressor(LinearMRI):
    r"""Linear regression that is invariant across environments, in closed form.

    .. math:: \min_w \; \tfrac12 \mathbb E (y - w^\top x)^2 + \tfrac{\alpha}{2}|w|^2
        \quad\text{subject to}\quad w^\top (c_e - \bar c) = 0

    with :math:`c_e = \mathbb E_e[x y]` of centered features and labels. The constructor stores its
    arguments; ``fit`` may be called again. It passes scikit-learn's ``check_estimator`` and takes
    frames of pandas and polars; scikit-learn need not be installed.

    Args:
        alpha: Ridge ``>= 0``, in units of a feature's variance.
        fit_intercept: Center features and labels by their means over all rows.
        significance: Level at which a direction counts as changing (Bartlett's sequential test);
            None constrains along every observed difference, noise included, which removes
            ``min(E - 1, d)`` directions.
        balanced: Take the expectations of the constraint with labels distributed alike in all
            environments, by the weights of :func:`balance_labels`.

    Attributes:
        coef_: Weights, shape ``(d,)``.
        intercept_: Intercept.
        environments_: Ids of the environments seen.
        directions_: The changing directions that were removed, orthonormal, shape ``(k, d)``.
        saturated_: Whether every constraint of the environments was in use.
        label_shift_: Comparison of the label distributions, a ``LabelShift``; None without
            environments.
        n_features_in_: Number of features.
        feature_names_in_: Their names, if the fit was given a frame.

    Example:
        >>> import numpy as np
        >>> rng = np.random.default_rng(0)
        >>> ids = np.repeat([0, 1, 2], 5000)
        >>> y = rng.normal(size=15000)
        >>> cause = 0.75 * y + np.sqrt(1 - 0.75**2) * rng.normal(size=15000)
        >>> color = np.array([1.0, 0.5, 0.0])[ids] * y + 0.1 * rng.normal(size=15000)
        >>> model = MRIRegressor().fit(np.column_stack([cause, color]), y, ids)
        >>> bool(abs(model.coef_[0] - 0.75) < 0.05 and abs(model.coef_[1]) < 0.05)
        True

    References:
        Huh and Baidya, "The Missing Invariance Principle Found", NeurIPS 2022, arXiv:2205.14546.
    """

    _estimator_type = "regressor"

    def __init__(
        self,
        *,
        alpha: float = 0.0,
        fit_intercept: bool = True,
        significance: float | None = 0.01,
        balanced: bool = False,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.significance = significance
        self.balanced = balanced

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        environments: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> "MRIRegressor":
        """Fit the weights.

        Args:
            X: Features, shape ``(n, d)``; an array or a frame.
            y: Labels, shape ``(n,)``.
            environments: Environment of each row, any ids, shape ``(n,)``. Without them it is
                least squares, with a warning.
            sample_weight: How often each row counts, as if it were repeated, shape ``(n,)``.

        Raises:
            TypeError: If ``X`` is sparse or holds what is no number.
            ValueError: If the arguments do not fit together or a parameter is out of range.
        """
        table = self._check_training_table(X)
        labels = check_numbers(y, len(table), type(self).__name__)
        if self.alpha < 0:
            raise ValueError(f"`alpha` must be >= 0; got {self.alpha}.")
        index = self._environment_index(environments, len(table))
        counts = check_sample_weight(sample_weight, len(table))
        compared = len(self.environments_) > 1
        self.label_shift_ = label_shift(labels, index) if compared else None
        weights = None
        if self.balanced and compared:
            weights = balance_labels(labels, index, sample_weight=counts)
        self._find_directions([self._moments(table, labels, index, counts, weights)])
        self._warn_of_label_shift()
        center, offset = self._means(table, labels, counts)
        self.offset_ = offset
        centered, residual = table - center, labels - offset
        self.coef_ = constrained_least_squares(
            (centered.T * counts) @ centered / counts.sum(),
            (counts * residual) @ centered / counts.sum(),
            self.directions_,
            ridge=self.alpha,
        )
        self.intercept_ = offset - float(center @ self.coef_)
        return self

    def _means(self, table: Array, labels: Array, counts: Array) -> tuple[Array, float]:
        """Return what is subtracted from features and labels: their means, or 0."""
        if not self.fit_intercept:
            return np.zeros(table.shape[1]), 0.0
        return np.average(table, 0, counts), float(np.average(labels, weights=counts))

    def _moments(
        self, table: Array, labels: Array, index: Array, counts: Array, weights: Array | None
    ) -> CrossMoments:
        """Return the moments that the constraint compares."""
        both = counts if weights is None else counts * weights
        center, offset = self._means(table, labels, both)
        return cross_moments(table - center, labels - offset, index, counts=counts, weights=weights)

    def predict(self, X: ArrayLike) -> Array:
        """Return predictions of shape ``(n,)``.

        Raises:
            ValueError: If it is not fitted or ``X`` does not suit the fit.
        """
        return np.asarray(self._check_table(X) @ self.coef_ + self.intercept_)

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the coefficient of determination.

        Raises:
            ValueError: If it is not fitted or the arguments do not suit the fit.
        """
        prediction = self.predict(X)
        labels = check_numbers(y, len(prediction), type(self).__name__)
        weights = check_sample_weight(sample_weight, len(labels))
        spread = (labels - np.average(labels, weights=weights)) ** 2
        left, whole = weights @ (labels - prediction) ** 2, weights @ spread
        if whole == 0:  # as scikit-learn has it where there is nothing to explain
            return 1.0 if left == 0 else 0.0
        return 1 - float(left / whole)

    def diagnose(
        self, X: ArrayLike, y: ArrayLike, environments: ArrayLike, *, seed: int = 0
    ) -> InvarianceDiagnostics:
        """Return the constraint per environment on other data, and what the fit relied on.

        Args:
            X: Features that the fit has not seen, shape ``(n, d)``.
            y: Labels, shape ``(n,)``.
            environments: Environment of each row, shape ``(n,)``.
            seed: Of the bootstrap.

        Raises:
            ValueError: If it is not fitted or the arguments do not fit together.
        """
        prediction = self.predict(X)
        labels = check_numbers(y, len(prediction), type(self).__name__)
        names, index = check_environment_ids(environments, len(labels))
        weights = balance_labels(labels, index) if self.balanced else None
        # The constraint is on centered labels, so the output is centered by the same offset.
        offset = float(np.average(labels, weights=weights)) if self.balanced else self.offset_
        return self._diagnose(
            ((prediction - offset) * (labels - offset))[:, None],
            (labels - prediction) ** 2,
            index,
            names,
            shift=label_shift(labels, index),
            weights=weights,
            seed=seed,
        )


def constrained_least_squares(
    gram: Float[Array, "d d"],
    cross: Float[Array, " d"],
    directions: Float[Array, "k d"],
    *,
    ridge: float = 0.0,
) -> Float[Array, " d"]:
    r"""Minimize the squared error among the weights orthogonal to some directions.

    .. math:: \min_w\; \tfrac12 w^\top (G + \alpha I) w - w^\top c
        \quad\text{subject to}\quad A w = 0

    It is solved in a basis of the null space of ``A``. If there are several solutions, the one of
    least norm is returned.

    Args:
        gram: ``G = E[x x']``, shape ``(d, d)``.
        cross: ``c = E[x y]``, shape ``(d,)``.
        directions: ``A``, shape ``(k, d)``; no rows for ordinary least squares.
        ridge: ``alpha >= 0``.

    Returns:
        Weights of shape ``(d,)``.

    Example:
        >>> import numpy as np
        >>> gram = np.array([[1.0, 0.675], [0.675, 1.0]])
        >>> weights = constrained_least_squares(gram, np.array([0.75, 0.9]), np.array([[0.0, 0.1]]))
        >>> weights.round(12)
        array([0.75, 0.  ])
    """
    dimension = len(cross)
    basis = null_space(directions) if len(directions) else np.eye(dimension)
    if basis.shape[1] == 0:
        return np.zeros(dimension)
    # `lstsq` and not `solve`: collinear features make the matrix singular.
    inner = basis.T @ (gram + ridge * np.eye(dimension)) @ basis
    return np.asarray(basis @ np.linalg.lstsq(inner, basis.T @ cross, rcond=None)[0])
