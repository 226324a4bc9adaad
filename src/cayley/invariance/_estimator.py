"""The base of both linear estimators: the conventions of scikit-learn, without importing it.

It holds the parameters, the checks of arguments, the search for changing directions and the
diagnostics; each estimator adds its own ``fit``, ``predict`` and ``score``.
"""

import inspect
import warnings
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import orth

from cayley.invariance._bartlett_test import CrossMoments, changing_directions
from cayley.invariance._diagnostics import (
    InvarianceDiagnostics,
    InvarianceWarning,
    LabelShift,
    LabelShiftWarning,
    TooFewEnvironmentsWarning,
    constraint_with_error,
)

__all__ = ["LinearMRI", "check_column", "check_table"]

Array = NDArray[Any]
Estimator = TypeVar("Estimator", bound="LinearMRI")


def check_table(X: ArrayLike, *, columns: int | None = None) -> Array:
    """Return ``X`` as a float64 matrix without missing values.

    Raises:
        ValueError: If it is no finite matrix with the columns expected.
    """
    table = np.asarray(X, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"`X` must be a matrix with rows and columns; got shape {table.shape}.")
    if not np.isfinite(table).all():
        raise ValueError("`X` must be finite; fill in or drop missing values first.")
    if columns is not None and table.shape[1] != columns:
        raise ValueError(f"`X` has {table.shape[1]} columns; the fit had {columns}.")
    return table


def check_column(values: ArrayLike, name: str, length: int) -> Array:
    """Return ``values`` as a flat array with one entry per row.

    Raises:
        ValueError: If its shape is another.
    """
    column = np.asarray(values)
    if column.shape != (length,):
        raise ValueError(
            f"`{name}` must have one entry per row of `X`, shape ({length},); got {column.shape}."
        )
    return column


class LinearMRI:
    """Base of :class:`MRIRegressor` and :class:`MRIClassifier`."""

    _estimator_type: str
    significance: float | None
    coef_: Array
    intercept_: Any
    environments_: Array
    directions_: Array
    saturated_: bool
    label_shift_: LabelShift
    n_features_in_: int

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

    def _check_fitted(self) -> None:
        if not hasattr(self, "coef_"):
            raise ValueError(f"this {type(self).__name__} is not fitted yet; call `fit` first.")

    def _environment_index(self, environments: ArrayLike | None, length: int) -> Array:
        """Return the number of each row's environment and set ``environments_`` to their ids."""
        if environments is None:
            raise ValueError("`environments` is missing: MRI needs the environment of every row.")
        ids = check_column(environments, "environments", length)
        self.environments_, index = np.unique(ids, return_inverse=True)
        if len(self.environments_) < 2:
            raise ValueError(
                f"`environments` holds a single environment ({self.environments_[0]}); MRI "
                "compares at least two."
            )
        if self.significance is not None and not 0 < self.significance < 1:
            raise ValueError(
                f"`significance` must be in (0, 1), or None to use every constraint; "
                f"got {self.significance}."
            )
        return np.asarray(index)

    def _find_directions(self, families: list[CrossMoments]) -> None:
        """Set ``directions_`` to a basis of what changes in any of several families of moments.

        There is one family of all labels, or one for each class. Also set ``saturated_`` and warn
        where the result has to be read with care.
        """
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
        if self.label_shift_.detected:
            warnings.warn(
                "labels are distributed differently between environments (p "
                f"{self.label_shift_.p_value:.2g}, distance {self.label_shift_.distance:.2f}). MRI "
                "assumes that they are not, and may remove what is invariant.",
                LabelShiftWarning,
                stacklevel=3,
            )

    def _diagnose(
        self, terms: Array, losses: Array, index: Array, names: Array, shift: LabelShift
    ) -> InvarianceDiagnostics:
        """Return the diagnostics of some data; the mean of ``terms`` is the constrained moment."""
        constraint, error = constraint_with_error(terms, index, len(names))
        changing = len(self.directions_)
        return InvarianceDiagnostics(
            environments=names,
            constraint=constraint.squeeze(1) if constraint.shape[1] == 1 else constraint,
            standard_error=error.squeeze(1) if error.shape[1] == 1 else error,
            risk=np.array([losses[index == e].mean() for e in range(len(names))]),
            num_environments=len(self.environments_),
            num_changing=changing,
            num_needed=changing + 1,
            saturated=self.saturated_,
            shift=shift,
        )
