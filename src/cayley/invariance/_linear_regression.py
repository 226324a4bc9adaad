"""Linear regression under the MRI constraint, as least squares with linear constraints."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import null_space

from cayley._shapes import Float
from cayley.invariance._bartlett_test import cross_moments
from cayley.invariance._diagnostics import InvarianceDiagnostics, label_shift
from cayley.invariance._estimator import LinearMRI, check_column, check_table

__all__ = ["MRIRegressor", "constrained_least_squares"]

Array = NDArray[Any]


class MRIRegressor(LinearMRI):
    r"""Linear regression that is invariant across environments, in closed form.

    .. math:: \min_w \; \tfrac12 \mathbb E (y - w^\top x)^2 + \tfrac{\alpha}{2}|w|^2
        \quad\text{subject to}\quad w^\top (c_e - \bar c) = 0

    with :math:`c_e = \mathbb E_e[x y]` of centered features and labels. The constructor stores its
    arguments; ``fit`` may be called again.

    Args:
        alpha: Ridge ``>= 0``, in units of a feature's variance.
        fit_intercept: Center features and labels by their means over all rows.
        significance: Level at which a direction counts as changing (Bartlett's sequential test);
            None constrains along every observed difference, noise included, which removes
            ``min(E - 1, d)`` directions.

    Attributes:
        coef_: Weights, shape ``(d,)``.
        intercept_: Intercept.
        environments_: Ids of the environments seen.
        directions_: The changing directions that were removed, orthonormal, shape ``(k, d)``.
        saturated_: Whether every constraint of the environments was in use.
        label_shift_: Comparison of the label distributions, a :class:`LabelShift`.

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
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.significance = significance

    def fit(
        self, X: ArrayLike, y: ArrayLike, environments: ArrayLike | None = None
    ) -> "MRIRegressor":
        """Fit the weights.

        Args:
            X: Features, shape ``(n, d)``.
            y: Labels, shape ``(n,)``.
            environments: Environment of each row, any ids, shape ``(n,)``. Not optional; the
                default is there for tools that call ``fit(X, y)``, which get a clear message.

        Raises:
            ValueError: If the arguments do not fit together or a parameter is out of range.
        """
        table = check_table(X)
        labels = check_column(y, "y", len(table)).astype(np.float64)
        if not np.isfinite(labels).all():
            raise ValueError("`y` must be finite.")
        if self.alpha < 0:
            raise ValueError(f"`alpha` must be >= 0; got {self.alpha}.")
        index = self._environment_index(environments, len(table))
        self.n_features_in_ = table.shape[1]
        self.label_shift_ = label_shift(labels, index)
        center = table.mean(0) if self.fit_intercept else np.zeros(table.shape[1])
        offset = float(labels.mean()) if self.fit_intercept else 0.0
        centered, residual = table - center, labels - offset
        self.center_, self.offset_ = center, offset
        self._find_directions([cross_moments(centered, residual, index)])
        self._warn_of_label_shift()
        self.coef_ = constrained_least_squares(
            centered.T @ centered / len(table),
            centered.T @ residual / len(table),
            self.directions_,
            ridge=self.alpha,
        )
        self.intercept_ = offset - float(center @ self.coef_)
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Return predictions of shape ``(n,)``.

        Raises:
            ValueError: If it is not fitted or ``X`` does not suit the fit.
        """
        self._check_fitted()
        prediction = check_table(X, columns=self.n_features_in_) @ self.coef_ + self.intercept_
        return np.asarray(prediction)

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the coefficient of determination.

        Raises:
            ValueError: If it is not fitted or the arguments do not suit the fit.
        """
        prediction = self.predict(X)
        labels = check_column(y, "y", len(prediction))
        return 1 - float(((labels - prediction) ** 2).mean() / labels.var())

    def diagnose(
        self, X: ArrayLike, y: ArrayLike, environments: ArrayLike
    ) -> InvarianceDiagnostics:
        """Return the constraint per environment on other data, and what the fit relied on.

        Raises:
            ValueError: If it is not fitted or the arguments do not fit together.
        """
        prediction = self.predict(X)
        labels = check_column(y, "y", len(prediction))
        names, index = np.unique(
            check_column(environments, "environments", len(labels)), return_inverse=True
        )
        # The constraint is on centered labels, so the output is centered by the same offset.
        output = prediction - self.offset_
        return self._diagnose(
            (output * (labels - self.offset_))[:, None],
            (labels - prediction) ** 2,
            index,
            names,
            label_shift(labels, index),
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
