r"""Weights under which labels are distributed alike in all environments.

MRI compares :math:`\mathbb E_e[\bar o\,\tilde y]` and assumes that labels are distributed alike.
Where the frequencies of labels differ and the features given the label do not, weighting makes the
assumption true. Where the features given the label differ too, as with a cause whose own
distribution differs, weights don't mend that.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float, Int, Shaped

__all__ = ["balance_labels", "strata"]

Array = NDArray[Any]


def balance_labels(
    labels: ArrayLike,
    environments: ArrayLike,
    *,
    kind: Literal["numbers", "classes"] = "numbers",
    bins: int = 20,
    sample_weight: ArrayLike | None = None,
) -> Float[Array, " n"]:
    r"""Return weights under which labels are distributed alike in all environments.

    .. math:: w_i = \frac{q(y_i)}{p_{e_i}(y_i)}

    with the share :math:`p_e` of a class in environment ``e`` and the share :math:`q` in all data.
    Numbers are counted by quantiles; then their means and mean squares are made equal exactly.
    Labels that do not occur in every environment get weight 0.
    Pass the weights to a penalty with each batch, or set ``balanced=True`` of an estimator.

    Args:
        labels: Numbers or classes, shape ``(n,)``.
        environments: Any ids, shape ``(n,)``, at least two different ones.
        kind: Whether labels are numbers or classes.
        bins: Quantiles that numbers are sorted into. More follow the distributions more closely
            and leave fewer samples in each.
        sample_weight: Number of times that each row counts, shape ``(n,)``.

    Returns:
        Weights ``>= 0``, shape ``(n,)``, of mean 1 in every environment.

    Raises:
        ValueError: If there is a single environment, or no label occurs in all of them.

    Example:
        >>> import numpy as np
        >>> labels, ids = np.array([0, 0, 0, 1, 0, 1]), np.array([0, 0, 0, 0, 1, 1])
        >>> balance_labels(labels, ids, kind="classes").round(2).tolist()
        [0.89, 0.89, 0.89, 1.33, 1.33, 0.67]
    """
    values, (names, ids) = np.asarray(labels), np.unique(environments, return_inverse=True)
    if len(names) < 2:
        raise ValueError("`environments` must hold at least two environments to compare.")
    if bins < 2:
        raise ValueError(f"`bins` must be at least 2; got {bins}.")
    counts = np.ones(len(values)) if sample_weight is None else np.asarray(sample_weight, float)
    groups = strata(values, kind=kind, bins=bins)
    table = np.zeros((len(names), groups.max() + 1))
    np.add.at(table, (ids, groups), counts)
    common = (table > 0).all(0)
    if not common.any():
        raise ValueError(
            "no label occurs in every environment: they cannot be weighted alike. Drop an "
            "environment, or use fewer `bins`."
        )
    share = table / table.sum(1, keepdims=True)
    goal = np.where(common, table.sum(0), 0) / table.sum(0)[common].sum()
    ratio = np.divide(goal, share, out=np.zeros_like(share), where=common & (share > 0))
    weights = ratio[ids, groups]
    return weights if kind == "classes" else _equal_moments(values, ids, weights, counts)


def _equal_moments(
    labels: Float[Array, " n"],
    environments: Int[Array, " n"],
    weights: Float[Array, " n"],
    counts: Float[Array, " n"],
) -> Float[Array, " n"]:
    r"""Tilt weights by :math:`e^{a + b y + c y^2}` in each environment to equal moments.

    Within a quantile labels still differ, most in the outer ones. For features whose mean given
    the label is linear, the first two moments of the label decide whether moments are alike.
    """
    both = weights * counts
    middle = np.average(labels, weights=both)
    spread = np.sqrt(np.average((labels - middle) ** 2, weights=both)) or 1.0
    y = (labels - middle) / spread
    powers = np.column_stack([np.ones(len(y)), y, y**2])
    goal = both @ powers / both.sum()
    tilted = weights.copy()
    for e in range(environments.max() + 1):
        own = environments == e
        tilt = np.zeros(3)
        for _ in range(30):  # Newton's method, which takes about five from weights so close
            w = both[own] * np.exp(powers[own] @ tilt)
            gap = goal - w @ powers[own] / counts[own].sum()
            if not np.isfinite(gap).all() or np.abs(gap).max() < 1e-12:
                break
            slope = (powers[own].T * w) @ powers[own] / counts[own].sum()
            tilt = tilt + np.linalg.lstsq(slope, gap, rcond=None)[0]
        if np.abs(gap).max() < 1e-6:  # else there are too few labels to tilt; they stay as they are
            tilted[own] = weights[own] * np.exp(powers[own] @ tilt)
    return np.asarray(tilted)


def strata(
    labels: Shaped[Array, " n"], *, kind: Literal["numbers", "classes"], bins: int
) -> Int[Array, " n"]:
    """Return the number of each label's class, or of its quantile."""
    if kind == "classes":
        return np.asarray(np.unique(labels, return_inverse=True)[1])
    edges = np.unique(np.quantile(labels, np.arange(1, bins) / bins))
    return np.asarray(np.searchsorted(edges, labels, side="right"))
