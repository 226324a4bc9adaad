"""The base of both linear estimators: the conventions of scikit-learn, without importing it.

It holds the parameters, the checks of arguments, the search for changing directions and the
diagnostics; each estimator adds its own ``fit``, ``predict`` and ``score``.
"""

import inspect
import warnings
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import orth

from cayley.invariance._diagnostics import (
    InvarianceDiagnostics,
    InvarianceWarning,
    LabelShift,
    LabelShiftWarning,
    TooFewEnvironmentsWarning,
    constraint_with_error,
)
from cayley.invariance.estimators._bartlett_test import CrossMoments, changing_directions
from cayley.invariance.estimators._bootstrap import simultaneous_intervals
from cayley.invariance.estimators._metadata_routing import RoutesMetadata
from cayley.invariance.estimators._table_checks import (
    check_environment_ids,
    check_names,
    check_table,
    feature_names,
    not_fitted,
)

__all__ = ["LinearMRI"]

Array = NDArray[Any]
Estimator = TypeVar("Estimator", bound="LinearMRI")


class LinearMRI(RoutesMetadata):
    """Base of :class:`MRIRegressor` and :class:`MRIClassifier`."""

    _estimator_type: str
    requests: ClassVar = {"fit": ("environments", "sample_weight"), "score": ("sample_weight",)}
    significance: float | None
    balanced: bool
    coef_: Array
    intercept_: Any
    environments_: Array
    directions_: Array
    saturated_: bool
    label_shift_: LabelShift | None
    n_features_in_: int
    feature_names_in_: Array

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments."""
        names = list(inspect.signature(type(self)).parameters)
        return {name: getattr(self, name) for name in names}

    def set_params(self: Estimator, **params: Any) -> Estimator:
        """Set constructor arguments by name.

        Raises:
            ValueError: If there is no such argument.
        """
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"{type(self).__name__} has no parameter `{name}`; it has {', '.join(known)}."
                )
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self) -> Any:
        """Return the kind of estimator; only scikit-learn calls this."""
        # Imported here because scikit-learn is optional; its caller has it.
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags() if self._estimator_type == "classifier" else None,
            regressor_tags=RegressorTags() if self._estimator_type == "regressor" else None,
        )

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({inner})"

    def _check_training_table(self, X: ArrayLike) -> Array:
        """Return the table to fit, and remember its columns."""
        names, table = feature_names(X), check_table(X)
        self.n_features_in_ = table.shape[1]
        if names is not None:
            self.feature_names_in_ = names
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_  # of an earlier fit
        return table

    def _check_table(self, X: ArrayLike) -> Array:
        """Return a table to predict from, whose columns are those of the fit."""
        if not hasattr(self, "coef_"):
            raise not_fitted(type(self).__name__)
        owner = type(self).__name__
        check_names(feature_names(X), getattr(self, "feature_names_in_", None), owner)
        table = check_table(X)
        if table.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {table.shape[1]} features, but {owner} is expecting "
                f"{self.n_features_in_} features as input."
            )
        return table

    def _environment_index(self, environments: ArrayLike | None, length: int) -> Array:
        """Return the number of each row's environment and set ``environments_`` to their ids.

        Without environments there is one, and a warning that nothing is compared.
        """
        if self.significance is not None and not 0 < self.significance < 1:
            raise ValueError(
                f"`significance` must be in (0, 1), or None to use every constraint; "
                f"got {self.significance}."
            )
        if environments is None:
            warnings.warn(
                f"no `environments`: this {type(self).__name__} minimizes the risk alone and is "
                "invariant to nothing. Pass the environment of every row, "
                "`fit(X, y, environments)`; inside pipelines and searches of scikit-learn by "
                "`set_fit_request(environments=True)`.",
                InvarianceWarning,
                stacklevel=3,
            )
            self.environments_ = np.zeros(1, dtype=int)
            return np.zeros(length, dtype=int)
        self.environments_, index = check_environment_ids(environments, length)
        return index

    def _find_directions(self, families: list[CrossMoments]) -> None:
        """Set ``directions_`` to a basis of what changes in any of several families of moments.

        There is one family of all labels, or one for each class. Also set ``saturated_`` and warn
        where the result has to be read with care.
        """
        if len(self.environments_) < 2:
            self.directions_, self.saturated_ = np.empty((0, self.n_features_in_)), False
            return
        limit = len(self.environments_) - 1
        found = [
            changing_directions(moments, significance=self.significance) for moments in families
        ]
        together = np.concatenate(found)
        # SciPy 1.12, the oldest that is admitted, refuses an empty matrix.
        self.directions_ = orth(together.T).T if len(together) else together
        self.saturated_ = (
            any(len(rows) == limit for rows in found)
            and len(self.directions_) < self.n_features_in_
        )
        if self.saturated_:
            warnings.warn(
                f"all {limit} constraints that {limit + 1} environments give are in use; "
                "directions that they do not reveal may remain. More environments would reveal "
                "them.",
                TooFewEnvironmentsWarning,
                stacklevel=3,
            )
        if len(self.directions_) == self.n_features_in_:
            warnings.warn(
                "the correlation with the label changes between environments in every direction "
                "of the features: nothing is left to predict from. Environments whose labels "
                "differ look like this too; see `label_shift_`.",
                InvarianceWarning,
                stacklevel=3,
            )

    def _warn_of_label_shift(self) -> None:
        """Warn if ``label_shift_`` was detected; MRI assumes that there is none."""
        shift = self.label_shift_
        if shift is not None and shift.detected and not self.balanced:
            warnings.warn(
                "labels are distributed differently between environments (p "
                f"{shift.p_value:.2g}, distance {shift.distance:.2f}). MRI "
                "assumes that they are not, and may remove what is invariant. `balanced=True` "
                "weights the environments alike.",
                LabelShiftWarning,
                stacklevel=3,
            )

    def _diagnose(
        self,
        terms: Array,
        losses: Array,
        index: Array,
        names: Array,
        *,
        shift: LabelShift,
        weights: Array | None,
        seed: int,
    ) -> InvarianceDiagnostics:
        """Return the diagnostics of some data; the mean of ``terms`` is the constrained moment."""
        number = len(names)
        constraint, error = constraint_with_error(terms, index, number, weights=weights)
        level = 0.95  # as is usual; the bounds are for all environments at once
        low, high = simultaneous_intervals(
            terms, index, number, weights=weights, level=level, seed=seed
        )
        w = np.ones(len(terms)) if weights is None else weights
        moments = [w[index == e] @ terms[index == e] / w[index == e].sum() for e in range(number)]
        changing = len(self.directions_)

        def flat(values: Array) -> Array:
            return values.squeeze(1) if values.shape[1] == 1 else values

        return InvarianceDiagnostics(
            environments=names,
            constraint=flat(constraint),
            standard_error=flat(error),
            low=flat(low),
            high=flat(high),
            level=level,
            scale=float(np.abs(np.mean(moments, axis=0)).max()),
            risk=np.array([losses[index == e].mean() for e in range(number)]),
            num_environments=len(self.environments_),
            num_changing=changing,
            num_needed=changing + 1,
            num_features=self.n_features_in_,
            saturated=self.saturated_,
            balanced=self.balanced,
            shift=shift,
        )
