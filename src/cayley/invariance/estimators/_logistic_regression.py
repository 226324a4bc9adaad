"""Logistic regression under the MRI constraint, by the augmented Lagrangian."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp, softmax

from cayley.invariance._diagnostics import InvarianceDiagnostics, InvarianceWarning, label_shift
from cayley.invariance.estimators._bartlett_test import CrossMoments, cross_moments
from cayley.invariance.estimators._estimator import LinearMRI
from cayley.invariance.estimators._label_balance import balance_labels
from cayley.invariance.estimators._table_checks import (
    check_classes,
    check_environment_ids,
    check_sample_weight,
)

__all__ = ["MRIClassifier"]

Array = NDArray[Any]


class MRIClassifier(LinearMRI):
    r"""Logistic regression that is invariant across environments, by the augmented Lagrangian.

    .. math:: \min_w \; \mathbb E\,\ell(w^\top x, y) + \tfrac{\alpha}{2}|w|^2
        \quad\text{subject to}\quad w^\top (c_e - \bar c) = 0, \qquad
        c_e = \mathbb E_e[x (y - \tfrac12)]

    For K classes the constraint is :math:`w_k^\top(\mathbb E_e[x \mid c] - \overline{\mathbb E[x
    \mid c]}) = 0` for every logit k and every class c. The problem is convex: each round minimizes
    it by L-BFGS, then the multipliers take a step.

    Args:
        alpha: Ridge ``> 0``; without a ridge, separable data have no solution.
        mu: Weight of the quadratic term.
        significance, balanced: As for :class:`MRIRegressor`.
        max_rounds: Dual steps at most.
        tol: Stop when no constraint exceeds it, in units of standardized features.

    Attributes:
        classes_: The classes, sorted.
        coef_: Weights, shape ``(1, d)`` for two classes, ``(K, d)`` for more.
        intercept_: Intercepts, shape ``(1,)`` or ``(K,)``.
        constraint_: Largest constraint left on the training data, standardized features.
        n_iter_: Dual steps taken.
        environments_, directions_, label_shift_, n_features_in_, feature_names_in_: As for
            :class:`MRIRegressor`.

    Example:
        >>> import numpy as np
        >>> rng = np.random.default_rng(0)
        >>> ids, y = np.arange(20000) % 3, rng.integers(2, size=20000)
        >>> shape = np.where(rng.random(20000) < 0.75, y, 1 - y)
        >>> color = np.where(rng.random(20000) < np.array([0.9, 0.8, 0.6])[ids], y, 1 - y)
        >>> model = MRIClassifier().fit(np.column_stack([shape, color]), y, ids)
        >>> bool(abs(model.coef_[0, 0]) > 5 * abs(model.coef_[0, 1]))
        True

    References:
        Huh and Baidya, "The Missing Invariance Principle Found", NeurIPS 2022, arXiv:2205.14546.
    """

    _estimator_type = "classifier"

    def __init__(
        self,
        *,
        alpha: float = 1e-4,
        mu: float = 10.0,
        significance: float | None = 0.01,
        max_rounds: int = 50,
        tol: float = 1e-6,
        balanced: bool = False,
    ) -> None:
        self.alpha = alpha
        self.mu = mu
        self.significance = significance
        self.max_rounds = max_rounds
        self.tol = tol
        self.balanced = balanced

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        environments: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> "MRIClassifier":
        """Fit the weights.

        Args:
            X: Features, shape ``(n, d)``; they are standardized inside.
            y: Classes, any labels, shape ``(n,)``.
            environments: Environment of each row, any ids, shape ``(n,)``. Without them it is
                logistic regression, with a warning.
            sample_weight: How often each row counts, as if it were repeated, shape ``(n,)``.

        Raises:
            TypeError: If ``X`` is sparse or holds what is no number.
            ValueError: If the arguments do not fit together or a parameter is out of range.
        """
        table = self._check_training_table(X)
        labels = check_classes(y, len(table), type(self).__name__)
        if not self.alpha > 0 or not self.mu > 0:
            raise ValueError(f"`alpha` and `mu` must be > 0; got {self.alpha} and {self.mu}.")
        index = self._environment_index(environments, len(table))
        counts = check_sample_weight(sample_weight, len(table))
        kept = counts > 0  # a class or an environment of rows that do not count is none
        table, labels, index, counts = table[kept], labels[kept], index[kept], counts[kept]
        self.classes_, classes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"`y` holds one class only ({self.classes_[0]}); two are needed.")
        compared = len(self.environments_) > 1
        self.label_shift_ = label_shift(classes, index, kind="classes") if compared else None
        center = np.average(table, 0, counts)
        scale = np.sqrt(np.average((table - center) ** 2, 0, counts))
        scale[scale == 0] = 1  # a constant feature is 0 after centering and keeps its weight at 0
        standard = (table - center) / scale
        self._find_directions(self._families(standard, classes, index, counts) if compared else [])
        self._warn_of_label_shift()
        weights, bias = self._solve(standard, classes, counts / counts.sum())
        self.coef_ = weights / scale
        self.intercept_ = bias - self.coef_ @ center
        return self

    def _families(
        self, features: Array, classes: Array, index: Array, counts: Array
    ) -> list[CrossMoments]:
        """Return the moments of all samples for two classes, and of each class for more classes."""
        number = len(self.classes_)
        if number > 2 or self.balanced:
            self._check_every_class_everywhere(classes, index)
        if number == 2:
            weights = None
            if self.balanced:
                weights = balance_labels(classes, index, kind="classes", sample_weight=counts)
            # The centered label of the binary task, y - 1/2.
            labels = classes - 0.5
            return [cross_moments(features, labels, index, counts=counts, weights=weights)]
        families = []
        for c in range(number):
            own = classes == c
            ones = np.ones(int(own.sum()))
            families.append(cross_moments(features[own], ones, index[own], counts=counts[own]))
        return families

    def _check_every_class_everywhere(self, classes: Array, index: Array) -> None:
        """Raise if a class is missing from an environment, where its mean cannot be compared."""
        for c, name in enumerate(self.classes_):
            missing = np.setdiff1d(np.arange(len(self.environments_)), index[classes == c])
            if len(missing):
                raise ValueError(
                    f"class {name!s} is missing from environment "
                    f"{self.environments_[missing[0]]!s}; it cannot be compared there. Drop the "
                    "class or the environment."
                )

    def _solve(self, features: Array, classes: Array, shares: Array) -> tuple[Array, Array]:
        """Return weights and intercepts that meet the constraints to within ``tol``.

        Each round minimizes the augmented Lagrangian, starting from the weights of the round
        before, and then adds the violation to the multipliers.
        """
        outputs = 1 if len(self.classes_) == 2 else len(self.classes_)
        dual = np.zeros((len(self.directions_), outputs))
        flat = np.zeros(outputs * (features.shape[1] + 1))
        for round_ in range(1, self.max_rounds + 1):
            flat = minimize(
                _objective,
                flat,
                args=(features, classes, shares, self.directions_, dual, self.alpha, self.mu),
                jac=True,
                method="L-BFGS-B",
                # `gtol` is far below the default `tol` of the constraint: an inexact minimum would
                # look like a violation and move the multipliers. `ftol` is near the rounding of
                # float64, so that in effect `gtol` decides; `maxiter` bounds the time of a round.
                options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-8},
            ).x
            matrix = flat.reshape(outputs, -1)
            violation = self.directions_ @ matrix[:, :-1].T
            dual = dual + violation  # divided by mu already: `_objective` takes scaled multipliers
            self.n_iter_ = round_
            self.constraint_ = float(np.abs(violation).max(initial=0.0))
            if self.constraint_ <= self.tol:
                break
        else:
            warnings.warn(
                f"the constraint is {self.constraint_:.2g} after {self.max_rounds} rounds, above "
                f"`tol` = {self.tol:.2g}; raise `max_rounds` or `mu`.",
                InvarianceWarning,
                stacklevel=3,
            )
        return matrix[:, :-1], matrix[:, -1]

    def decision_function(self, X: ArrayLike) -> Array:
        """Return logits: shape ``(n,)`` of the second class of two, else ``(n, K)``.

        Raises:
            ValueError: If it is not fitted or ``X`` does not suit the fit.
        """
        logits = self._check_table(X) @ self.coef_.T + self.intercept_
        return np.asarray(logits[:, 0] if logits.shape[1] == 1 else logits)

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return probabilities of shape ``(n, K)``.

        Raises:
            ValueError: If it is not fitted or ``X`` does not suit the fit.
        """
        return np.asarray(softmax(_two_columns(self.decision_function(X)), axis=1))

    def predict_log_proba(self, X: ArrayLike) -> Array:
        """Return logarithms of probabilities, shape ``(n, K)``; finite where they are tiny.

        Raises:
            ValueError: If it is not fitted or ``X`` does not suit the fit.
        """
        return np.asarray(log_softmax(_two_columns(self.decision_function(X)), axis=1))

    def predict(self, X: ArrayLike) -> Array:
        """Return the most probable classes, shape ``(n,)``.

        Raises:
            ValueError: If it is not fitted or ``X`` does not suit the fit.
        """
        best = _two_columns(self.decision_function(X)).argmax(1)
        return np.asarray(self.classes_[best])

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the accuracy.

        Raises:
            ValueError: If it is not fitted or the arguments do not suit the fit.
        """
        prediction = self.predict(X)
        right = prediction == check_classes(y, len(prediction), type(self).__name__)
        weights = check_sample_weight(sample_weight, len(prediction))
        return float(np.average(right, weights=weights))

    def diagnose(
        self, X: ArrayLike, y: ArrayLike, environments: ArrayLike, *, seed: int = 0
    ) -> InvarianceDiagnostics:
        r"""Return the constraint per environment on other data, and what the fit relied on.

        The constraint is the one of the scalar :math:`\sum_k o_k ([y = k] - 1/K)`.

        Args:
            X: Features that the fit has not seen, shape ``(n, d)``.
            y: Classes, shape ``(n,)``.
            environments: Environment of each row, shape ``(n,)``.
            seed: Of the bootstrap.

        Raises:
            ValueError: If it is not fitted, the arguments do not fit together, or a class is new.
        """
        logits = _two_columns(self.decision_function(X))
        labels = check_classes(y, len(logits), type(self).__name__)
        if not np.isin(labels, self.classes_).all():
            raise ValueError("`y` holds classes that the fit has not seen.")
        names, index = check_environment_ids(environments, len(labels))
        classes = np.searchsorted(self.classes_, labels)
        own = logits[np.arange(len(labels)), classes]
        return self._diagnose(
            (own - logits.mean(1))[:, None],
            logsumexp(logits, axis=1) - own,
            index,
            names,
            shift=label_shift(classes, index, kind="classes"),
            weights=balance_labels(classes, index, kind="classes") if self.balanced else None,
            seed=seed,
        )


def _two_columns(logits: Array) -> Array:
    """Return a single logit of two classes as two logits, the first of them 0."""
    return np.column_stack([np.zeros_like(logits), logits]) if logits.ndim == 1 else logits


def _objective(  # noqa: PLR0917 - called by scipy
    flat: Array,
    features: Array,
    classes: Array,
    shares: Array,
    directions: Array,
    dual: Array,
    alpha: float,
    mu: float,
) -> tuple[float, Array]:
    """Return the augmented Lagrangian of the mean cross entropy and its gradient.

    ``shares`` are the weights of the samples in the mean; they sum to 1.
    """
    matrix = flat.reshape(-1, features.shape[1] + 1)
    weights, bias = matrix[:, :-1], matrix[:, -1]
    scores = features @ weights.T + bias
    logits = _two_columns(scores[:, 0] if len(matrix) == 1 else scores)
    rows = np.arange(len(classes))
    total = logsumexp(logits, axis=1)
    loss = float(shares @ (total - logits[rows, classes]))
    slope = np.exp(logits - total[:, None])
    slope[rows, classes] -= 1
    slope = (slope[:, 1:] if len(matrix) == 1 else slope) * shares[:, None]
    shifted = directions @ weights.T + dual
    count = max(len(directions), 1)
    value = loss + alpha / 2 * float((weights**2).sum())
    value += mu / (2 * count) * float((shifted**2 - dual**2).sum())
    gradient = slope.T @ features + alpha * weights + mu / count * shifted.T @ directions
    return value, np.column_stack([gradient, slope.sum(0)]).ravel()
