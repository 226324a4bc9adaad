r"""Least-squares fits of matrices, and matching of coordinates, to vectors before and after."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from cayley._shapes import Bool, Float, Int
from cayley.discovery._observations import Transitions, VectorPairs

__all__ = [
    "LinearFit",
    "close_matrices",
    "discretized",
    "fit_linear",
    "fit_permutations",
    "matched_coordinates",
]

# Rounds of reweighted least squares; they converge linearly, and each costs one fit.
_REWEIGHTINGS = 30
# Largest share of pairs that a matching of coordinates may leave unexplained.
_MOST_WRONG = 0.3
_TIGHT = 1e-3
"""Vectors closer than this share of the largest are one state unless a tolerance is given."""
_OUTLIER = 6.0
"""Pairs farther off than so many times the median are taken to be wrong. Gaussian noise in one
coordinate is that far off once in 20,000 pairs, in several more seldom."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearFit:
    r"""One matrix for each transformation, :math:`x_\mathrm{after} \approx x_\mathrm{before} M_a`.

    Attributes:
        matrices: Shape ``(actions, d, d)``.
        residual: Root mean square of what is left, over the pairs that fit, in units of the root
            mean square of the vectors.
        error: How far a matrix may be off by noise, in the norm ``|X|_F / sqrt(d)``: the residual
            times the root of the coordinates over the pairs, for the transformation seen least.
        wrong: The pairs that do not fit, shape ``(m,)``.
    """

    matrices: Float[NDArray[Any], "a d d"]
    residual: float
    error: float
    wrong: Bool[NDArray[Any], " m"]


def fit_linear(pairs: VectorPairs) -> LinearFit | None:
    """Fit matrices by least squares, robustly; None where a transformation has too few pairs.

    Weights fall with the residual (least absolute deviations), the pairs that are far off are then
    left out and the rest fitted once more.
    """
    d = pairs.dimension
    matrices = np.empty((len(pairs.actions), d, d))
    for a in range(len(pairs.actions)):
        mine = pairs.action == a
        before, after = pairs.before[mine], pairs.after[mine]
        if np.linalg.matrix_rank(before) < d:
            return None
        matrix = _least_absolute(before, after)
        inside = ~_outliers(np.linalg.norm(after - before @ matrix, axis=1))
        if np.linalg.matrix_rank(before[inside]) == d:
            matrix = np.linalg.lstsq(before[inside], after[inside], rcond=None)[0]
        matrices[a] = matrix
    return _judged(pairs, matrices)


def fit_permutations(
    pairs: VectorPairs,
) -> tuple[LinearFit, Int[NDArray[Any], "a d"], float]:
    """Fit permutations of coordinates: coordinate ``x`` moves to ``maps[a, x]``.

    Coordinates are matched by an assignment on the mean of differences, large ones cut off, so that
    wrong pairs and noise hardly move it.

    Returns:
        The fit, the permutations, and the smallest cost that any other image of any coordinate
        would
        have: zero where two coordinates cannot be told apart.
    """
    d = pairs.dimension
    maps = np.empty((len(pairs.actions), d), np.int64)
    second = np.inf
    for a in range(len(pairs.actions)):
        mine = pairs.action == a
        before, after = pairs.before[mine], pairs.after[mine]
        cost = np.empty((d, d))
        for x in range(d):
            difference = np.abs(after - before[:, x, None])
            cost[x] = np.minimum(difference, 3 * np.median(difference) + 1e-12).mean(axis=0)
        maps[a] = linear_sum_assignment(cost)[1]
        np.put_along_axis(cost, maps[a][:, None], np.inf, axis=1)
        second = min(second, float(cost.min()))
    matrices = np.zeros((len(pairs.actions), d, d))
    np.put_along_axis(matrices, maps[:, :, None], 1.0, axis=2)
    return _judged(pairs, matrices), maps, second


def discretized(
    pairs: VectorPairs, tolerance: float | None = None
) -> tuple[Transitions, Float[NDArray[Any], "k d"]]:
    """Name the different vectors, and return their transitions and the vectors.

    Vectors closer than the tolerance are one state, which is their mean.

    Args:
        pairs: The observations.
        tolerance: Largest distance of two observations of one state; found at the widest gap
            between nearest distances if not given.
    """
    points = np.concatenate([pairs.before, pairs.after])
    radius = _gap(points) if tolerance is None else tolerance
    centers: list[NDArray[np.float64]] = []
    labels = np.empty(len(points), np.int64)
    for i, point in enumerate(points):
        distances = [float(np.linalg.norm(point - center)) for center in centers]
        nearest = int(np.argmin(distances)) if distances else -1
        if nearest < 0 or distances[nearest] > radius:
            nearest = len(centers)
            centers.append(point)
        labels[i] = nearest
    means = np.stack([points[labels == i].mean(axis=0) for i in range(len(centers))])
    m = len(pairs)
    triples = np.stack([labels[:m], pairs.action, labels[m:]], axis=1)
    names = tuple(f"v{i + 1}" for i in range(len(centers)))
    return Transitions(states=names, actions=pairs.actions, triples=triples), means


def close_matrices(
    matrices: Float[NDArray[Any], "a d d"], *, tolerance: float, most: int
) -> tuple[Float[NDArray[Any], "n d d"], Int[NDArray[Any], "a n"]] | None:
    r"""Return the finite group of matrices that some generate, up to a tolerance.

    Products that are closer than the tolerance to a known element, in the norm
    :math:`\lVert X \rVert_F / \sqrt d`, are that element.

    Returns:
        One matrix for each element, the identity first, and where multiplication by each of the
        given matrices from the right takes each element; None where there are more than ``most``.
    """
    d = matrices.shape[1]
    elements = np.eye(d)[None]
    moves: list[list[int]] = []
    i = 0
    while i < len(elements):
        row = []
        for M in matrices:
            product = elements[i] @ M
            distances = np.linalg.norm(elements - product, axis=(1, 2)) / np.sqrt(d)
            nearest = int(distances.argmin())
            if distances[nearest] > tolerance:
                nearest = len(elements)
                if nearest >= most:
                    return None
                elements = np.concatenate([elements, product[None]])
            row.append(nearest)
        moves.append(row)
        i += 1
    return elements, np.array(moves).T


def matched_coordinates(pairs: VectorPairs) -> bool:
    """Whether the transformations are better taken as permutations of coordinates.

    They are if that explains three quarters of what changes and, where a linear fit can be had from
    so many pairs, not much less than it.
    """
    matched, _, _ = fit_permutations(pairs)
    if matched.residual > 0.5 or matched.wrong.mean() > _MOST_WRONG:
        return False
    fitted = fit_linear(pairs)
    if fitted is None or len(pairs) < 2 * len(pairs.actions) * pairs.dimension:
        return True
    fits_as_often = matched.wrong.mean() <= fitted.wrong.mean() + 0.05
    return bool(fits_as_often) and matched.residual <= 2 * fitted.residual + 1e-6


def _least_absolute(
    before: Float[NDArray[Any], "m d"], after: Float[NDArray[Any], "m d"]
) -> Float[NDArray[Any], "d d"]:
    weights = np.ones(len(before))
    matrix = np.zeros((before.shape[1], before.shape[1]))
    floor = 1e-6 * np.sqrt((after**2).sum(axis=1).mean())
    for _ in range(_REWEIGHTINGS):
        root = np.sqrt(weights)[:, None]
        matrix = np.linalg.lstsq(root * before, root * after, rcond=None)[0]
        weights = 1 / np.maximum(np.linalg.norm(after - before @ matrix, axis=1), floor)
    fitted: NDArray[np.float64] = matrix
    return fitted


def _outliers(lengths: Float[NDArray[Any], " m"]) -> Bool[NDArray[Any], " m"]:
    level = float(np.median(lengths))
    far: NDArray[np.bool_] = lengths > _OUTLIER * level + 1e-9
    return far


def _judged(pairs: VectorPairs, matrices: Float[NDArray[Any], "a d d"]) -> LinearFit:
    predicted = np.einsum("mi,mij->mj", pairs.before, matrices[pairs.action])
    lengths = np.linalg.norm(pairs.after - predicted, axis=1)
    wrong = _outliers(lengths)
    size = np.sqrt((pairs.after**2).sum(axis=1).mean())
    residual = float(np.sqrt((lengths[~wrong] ** 2).mean()) / max(size, 1e-300))
    least = np.bincount(pairs.action[~wrong], minlength=len(pairs.actions)).min()
    error = residual * float(np.sqrt(pairs.dimension / max(1, least)))
    return LinearFit(matrices=matrices, residual=residual, error=error, wrong=wrong)


def _gap(points: Float[NDArray[Any], "m d"]) -> float:
    """Return a radius inside the widest gap, by ratio, between distances of different points."""
    sample = points[: min(len(points), 600)]
    distances = np.linalg.norm(sample[:, None] - sample, axis=2)[np.triu_indices(len(sample), 1)]
    size = float(np.linalg.norm(points, axis=1).max()) or 1.0
    ordered = np.sort(np.maximum(distances, _TIGHT * size))
    ordered = ordered[len(ordered) // 100 :]  # the very smallest are far apart by ratio
    if len(ordered) < 2 or ordered[0] == ordered[-1]:
        return _TIGHT * size
    ratios = ordered[1:] / ordered[:-1]
    place = int(ratios.argmax())
    return float(np.sqrt(ordered[place] * ordered[place + 1]))
