"""Checks of what an estimator is given: tables, labels, weights and environments.

Where scikit-learn has a sentence for a fault, its tools look for that sentence, and it is used.
"""

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from cayley._shapes import Float, Int, Shaped

__all__ = [
    "check_classes",
    "check_column",
    "check_environment_ids",
    "check_names",
    "check_numbers",
    "check_sample_weight",
    "check_table",
    "feature_names",
    "not_fitted",
]

Array = NDArray[Any]
_SHOWN = 5  # names that a message lists, as scikit-learn does


def check_table(X: ArrayLike) -> Float[Array, "n d"]:
    """Return ``X`` as a float64 matrix without missing values.

    Raises:
        TypeError: If it is sparse or holds what is no number.
        ValueError: If it is no finite real matrix.
    """
    if issparse(X):
        raise TypeError(
            "Sparse data is not supported: `X` must be dense. Use `X.toarray()` if it fits into "
            "memory."
        )
    raw = np.asarray(X)
    if np.iscomplexobj(raw):
        raise ValueError("Complex data not supported: `X` must hold real numbers.")
    if raw.ndim != 2:
        raise ValueError(
            f"`X` must be a matrix with rows and columns; got shape {raw.shape}. Reshape your "
            "data: X.reshape(-1, 1) for one feature, X.reshape(1, -1) for one sample."
        )
    if raw.shape[1] == 0:
        raise ValueError(
            f"`X` has 0 feature(s) (shape={raw.shape}) while a minimum of 1 is required."
        )
    if raw.shape[0] == 0:
        raise ValueError(f"`X` has 0 sample(s) (shape={raw.shape}) while 1 is required.")
    table = _as_numbers(raw, feature_names(X))
    if not np.isfinite(table).all():
        row, column = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(
            f"`X` must be finite, without NaN or inf; row {row}, column {_name(X, column)} holds "
            f"{table[row, column]}. Fill in or drop missing values first."
        )
    return table


def _as_numbers(raw: Shaped[Array, "n d"], names: Array | None) -> Float[Array, "n d"]:
    """Convert to float64; name the first column that is not numbers."""
    try:
        return np.asarray(raw, dtype=np.float64)
    except ValueError as error:
        for place in range(raw.shape[1]):
            try:
                np.asarray(raw[:, place], dtype=np.float64)
            except ValueError:
                name = place if names is None else repr(str(names[place]))
                raise ValueError(
                    f"`X` must hold numbers; column {name} does not ({error}). Encode or drop it."
                ) from None
        raise


def _name(X: ArrayLike, column: int) -> str:
    """Return how the user calls a column."""
    names = feature_names(X)
    return str(column) if names is None else repr(str(names[column]))


def feature_names(X: ArrayLike) -> Shaped[Array, " d"] | None:
    """Return the names of the columns of a frame (pandas, polars), or None.

    Raises:
        TypeError: If some names are text and some are not.
    """
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = list(columns)
    text = [isinstance(name, str) for name in names]
    if not any(text):
        return None
    if not all(text):
        raise TypeError(
            "Feature names are only supported if all of them are strings; convert them by "
            "`X.columns = X.columns.astype(str)`."
        )
    return np.array(names, dtype=object)


def check_names(names: Array | None, fitted: Array | None, owner: str) -> None:
    """Compare the names of columns with those of the fit.

    Raises:
        ValueError: If they differ, or come in another order.
    """
    if names is None and fitted is not None:
        warnings.warn(
            f"X does not have valid feature names, but {owner} was fitted with feature names",
            stacklevel=4,
        )
    elif names is not None and fitted is None:
        warnings.warn(
            f"X has feature names, but {owner} was fitted without feature names", stacklevel=4
        )
    elif names is not None and fitted is not None and list(names) != list(fitted):
        new, gone = sorted(set(names) - set(fitted)), sorted(set(fitted) - set(names))
        message = "The feature names should match those that were passed during fit.\n"
        if new:
            message += f"Feature names unseen at fit time:\n{_listed(new)}"
        if gone:
            message += f"Feature names seen at fit time, yet now missing:\n{_listed(gone)}"
        if not new and not gone:
            message += (
                "Feature names must be in the same order as they were in fit.\n"
                "Use X[list(model.feature_names_in_)].\n"
            )
        raise ValueError(message)


def _listed(names: list[str]) -> str:
    """Return names as a list, one a line."""
    more = ["- ...\n"] if len(names) > _SHOWN else []
    return "".join([f"- {name}\n" for name in names[:_SHOWN]] + more)


def check_column(values: ArrayLike, name: str, length: int) -> Shaped[Array, " n"]:
    """Return ``values`` as a flat array with one entry per row.

    Raises:
        ValueError: If its shape is another.
    """
    column = np.asarray(values)
    if column.shape == (length, 1):
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected. Please change the shape "
            f"of `{name}` to (n_samples,), for example using ravel().",
            _of_scikit_learn("DataConversionWarning", UserWarning),
            stacklevel=3,
        )
        column = column.ravel()
    if column.shape != (length,):
        raise ValueError(
            f"`{name}` must have one entry per row of `X`, shape ({length},); got {column.shape}."
        )
    return column


def _check_target(y: ArrayLike | None, length: int, owner: str) -> Shaped[Array, " n"]:
    if y is None:
        raise ValueError(f"{owner} requires y to be passed, but the target y is None.")
    labels = check_column(y, "y", length)
    if np.iscomplexobj(labels):
        raise ValueError("Complex data not supported: `y` must hold real numbers or classes.")
    return labels


def check_numbers(y: ArrayLike | None, length: int, owner: str) -> Float[Array, " n"]:
    """Return labels of a regression as float64.

    Raises:
        ValueError: If they are missing, not numbers, or not finite.
    """
    labels = _check_target(y, length, owner)
    try:
        numbers = labels.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"`y` must hold numbers ({error}); for classes use MRIClassifier."
        ) from None
    _refuse_missing("y", ~np.isfinite(numbers))
    return numbers


def check_classes(y: ArrayLike | None, length: int, owner: str) -> Shaped[Array, " n"]:
    """Return labels of a classification.

    Raises:
        ValueError: If they are missing, or are numbers with fractions.
    """
    labels = _check_target(y, length, owner)
    if labels.dtype.kind == "f":
        _refuse_missing("y", ~np.isfinite(labels))
        if (labels != np.round(labels)).any():
            raise ValueError(
                "Unknown label type: continuous. `y` must hold classes, not numbers with "
                "fractions; for those use MRIRegressor."
            )
    elif labels.dtype.kind == "O":
        _refuse_missing("y", _is_missing(labels))
        if len({type(label) for label in labels.tolist()}) > 1:
            raise ValueError(
                "Unknown label type: unknown. `y` mixes labels of several Python types; convert "
                "them to one."
            )
    return labels


def check_environment_ids(
    environments: ArrayLike, length: int
) -> tuple[Shaped[Array, " e"], Int[Array, " n"]]:
    """Return the ids that occur, sorted, and the number of each row's.

    Raises:
        ValueError: If there is not one per row, one is missing, or there is a single one.
    """
    ids = check_column(environments, "environments", length)
    _refuse_missing("environments", _is_missing(ids))
    try:
        names, index = np.unique(ids, return_inverse=True)
    except TypeError:
        raise ValueError(
            "`environments` mixes ids of several Python types; convert them to one, for example "
            "by `astype(str)`."
        ) from None
    if len(names) < 2:
        raise ValueError(
            f"`environments` holds a single environment ({names[0]}); MRI "
            "compares at least two. Leave `environments` out for a fit without MRI."
        )
    return names, np.asarray(index)


def check_sample_weight(sample_weight: ArrayLike | None, length: int) -> Float[Array, " n"]:
    """Return weights of the rows, 1 if there are none.

    Raises:
        ValueError: If there is not one per row, one is negative or not finite, or all are zero.
    """
    if sample_weight is None:
        return np.ones(length)
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.ndim == 0:
        weights = np.full(length, float(weights))
    if weights.shape != (length,):
        raise ValueError(
            f"`sample_weight` must have one entry per row of `X`, shape ({length},); "
            f"got {weights.shape}."
        )
    wrong = ~np.isfinite(weights) | (weights < 0)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(f"`sample_weight` must be finite and >= 0; row {row} has {weights[row]}.")
    if not weights.any():
        raise ValueError("`sample_weight` is zero everywhere: no row counts.")
    return weights


def _is_missing(values: Shaped[Array, " n"]) -> Array:
    """Return where None or NaN stands."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "O":
        # NaN and pandas' NaT differ from themselves; its NA compares to itself as NA.
        return np.array([v is None or type(v).__name__ == "NAType" or v != v for v in values])  # noqa: PLR0124
    return np.zeros(len(values), dtype=bool)


def _refuse_missing(name: str, missing: Array) -> None:
    if missing.any():
        raise ValueError(
            f"`{name}` must be finite, without NaN or inf; {int(missing.sum())} rows are not, "
            f"first row {int(missing.argmax())}. Drop those rows."
        )


def not_fitted(owner: str) -> Exception:
    """Return the error for an estimator that was not fitted: scikit-learn's where it is in use."""
    make: Callable[[str], Exception] = _of_scikit_learn("NotFittedError", NotFittedError)
    return make(f"this {owner} is not fitted yet; call `fit` first.")


class NotFittedError(ValueError, AttributeError):
    """An estimator was used before it was fitted; scikit-learn's has the same bases."""


def _of_scikit_learn(name: str, fallback: Any) -> Any:
    """Return a class of ``sklearn.exceptions`` if the caller has loaded it, else ``fallback``.

    Looking at what is loaded costs nothing; an import would cost a second to those who do not
    use scikit-learn.
    """
    return getattr(sys.modules.get("sklearn.exceptions"), name, fallback)
