r"""HyperCube's formulas on NumPy arrays: data loss, penalty, gradients, imbalance and decoding.

For square tables of one order n, with matrices of size n. The factors of all restarts are one array
``X`` of shape ``(r, 3 n, n, n)``, or ``(r, n, n, n)`` if the three are one (:math:`A = B = X`,
:math:`C_c = X_c'`). Every sum is a product of stacked matrices. The notation is that of
``_functional``, and the gradients of the data loss are those of ``_gradients``, with all pairs in
one product and the unseen ones masked by zeros.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.hypercube._result import DecodedTable

__all__ = [
    "Factors",
    "FitNumbers",
    "SeenCells",
    "data_gradient",
    "decode_arrays",
    "fit_numbers",
    "imbalance",
    "penalty",
    "penalty_floor",
    "penalty_gradient",
    "separate",
]

Factors: TypeAlias = tuple[
    Float[NDArray[Any], "r n d d"], Float[NDArray[Any], "r n d d"], Float[NDArray[Any], "r n d d"]
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenCells:
    """The observed cells of a square table, as ``ObservedProducts`` has them.

    Attributes:
        weight: Number of observations of each cell, column by column as the products below, shape
            ``(n n, 1)``, 0 where unseen.
        mass: The same by symbol, shape ``(n n, n)``.
        cells: The seen cells as numbers ``b n + a``, ascending.
        total: Number of observations.
        power: Sum over the cells of the weight times the squared norm of the distribution.
        spread: The part of the loss that is the same for all products: the variance of conflicts.
    """

    weight: Float[NDArray[Any], "nn 1"]
    mass: Float[NDArray[Any], "nn n"]
    cells: Int[NDArray[Any], " p"]
    total: float
    power: float
    spread: float

    @classmethod
    def of(cls, triples: Int[NDArray[Any], "m 3"], order: int, dtype: Any) -> "SeenCells":
        """Count observations, rows ``(row, column, symbol)``, of which some cells may have many."""
        a, b, c = triples.T
        mass = np.zeros((order * order, order))
        np.add.at(mass, (b * order + a, c), 1.0)
        weight = mass.sum(1, keepdims=True)
        cells = np.flatnonzero(weight[:, 0])
        power = float((mass[cells] ** 2 / weight[cells]).sum())
        total = float(len(triples))
        return cls(
            weight=weight.astype(dtype),
            mass=mass.astype(dtype),
            cells=cells,
            total=total,
            power=power,
            spread=max(0.0, total - power),
        )

    @property
    def attainable_fit(self) -> float:
        """The largest share of the observations that one symbol a cell can have."""
        return float(self.mass.max(1).sum()) / self.total


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitNumbers:
    """Loss, fit and agreement on the seen cells, each of shape ``(r,)``; see ``FitStatistics``."""

    loss: Float[NDArray[Any], " r"]
    fit: Float[NDArray[Any], " r"]
    agreement: Float[NDArray[Any], " r"]


def separate(X: Float[NDArray[Any], "r k d d"], *, shared: bool) -> Factors:
    """Return the factors A, B, C of all restarts, as views."""
    if shared:
        return X, X, X.swapaxes(-1, -2)
    n = X.shape[1] // 3
    return X[:, :n], X[:, n : 2 * n], X[:, 2 * n :]


def _pairs(
    A: Float[NDArray[Any], "r n d d"], B: Float[NDArray[Any], "r n d d"]
) -> Float[NDArray[Any], "r nn dd"]:
    """Return the products of all pairs, flattened, column by column: no product is moved then."""
    r, n, d, _ = A.shape
    products: NDArray[Any] = A.reshape(r, 1, n * d, d) @ B
    return products.reshape(r, n * n, d * d)


def _flat_symbols(C: Float[NDArray[Any], "r n d d"]) -> Float[NDArray[Any], "r n dd"]:
    """Return the transposed matrices over d, flattened: products against them are traces."""
    r, n, d, _ = C.shape
    flat: NDArray[Any] = C.swapaxes(-1, -2).reshape(r, n, d * d) / d
    return flat


def data_gradient(
    X: Float[NDArray[Any], "r k d d"], seen: SeenCells, *, shared: bool
) -> tuple[Float[NDArray[Any], "r k d d"], Float[NDArray[Any], "r nn n"]]:
    """Return the gradient of the data loss, and all products T, column by column.

    Args:
        X: The factors.
        seen: The observed cells, in the type of the factors.
        shared: Whether the three factors are one.
    """
    A, B, C = separate(X, shared=shared)
    r, n, d, _ = A.shape
    P, flat = _pairs(A, B), _flat_symbols(C)
    T = P @ flat.swapaxes(1, 2)
    R = T * seen.weight
    R -= seen.mass
    W = (R @ (2 * flat)).reshape(r, n, n * d, d)  # 2 / d sum_c R_abc C_c' for all a of a column b
    Bt = np.ascontiguousarray(B.swapaxes(-1, -2))  # transposed views of stacks multiply slowly
    dA = (W @ Bt).sum(1).reshape(r, n, d, d)
    dB = A.reshape(r, 1, n * d, d).swapaxes(-1, -2) @ W
    dCt = ((2 / d) * (R.swapaxes(1, 2) @ P)).reshape(r, n, d, d)  # each matrix transposed
    if shared:
        dA += dB
        dA += dCt
        return dA, T
    return np.concatenate([dA, dB, dCt.swapaxes(-1, -2)], axis=1), T


def fit_numbers(T: Float[NDArray[Any], "r nn n"], seen: SeenCells) -> FitNumbers:
    """Return loss, fit and agreement of products."""
    here, mass, weight = T[:, seen.cells], seen.mass[seen.cells], seen.weight[seen.cells]
    residual = here * weight - mass
    best = here.argmax(2)
    power = (here**2 * weight).sum((1, 2))
    aligned = (here * mass).sum((1, 2))
    return FitNumbers(
        loss=(residual**2 / weight).sum((1, 2)) + seen.spread,
        fit=mass[np.arange(len(mass)), best].sum(1) / seen.total,
        agreement=aligned / np.maximum(np.sqrt(power * seen.power), 1e-30),
    )


def _stacked(
    X: Float[NDArray[Any], "r k d d"], *, shared: bool
) -> Float[NDArray[Any], "r f n d d"]:
    """Return the factors that are trained, one or three, along an axis of their own."""
    r, k, d, _ = X.shape
    return X.reshape(r, 1, k, d, d) if shared else X.reshape(r, 3, k // 3, d, d)


def _moments(
    F: Float[NDArray[Any], "*r n d d"],
) -> tuple[Float[NDArray[Any], "*r d d"], Float[NDArray[Any], "*r d d"]]:
    r"""Return :math:`\sum_x F_x' F_x` and :math:`\sum_x F_x F_x'`."""
    n, d = F.shape[-3:-1]
    below = F.reshape(*F.shape[:-3], n * d, d)
    beside = F.swapaxes(-1, -2).reshape(*F.shape[:-3], n * d, d)
    return _squared(below), _squared(beside)


def _squared(below: Float[NDArray[Any], "*r nd d"]) -> Float[NDArray[Any], "*r d d"]:
    # A copy: of an array and its own transposed view NumPy takes a product that is slow when small.
    found: NDArray[Any] = np.ascontiguousarray(below.swapaxes(-1, -2)) @ below
    return found


def penalty(X: Float[NDArray[Any], "r k d d"], *, shared: bool) -> Float[NDArray[Any], " r"]:
    """Return the penalty H of every restart."""
    P, Q = _moments(_stacked(X, shared=shared))
    if shared:  # C is transposed, which exchanges its moments
        P, Q = P[:, [0, 0, 0]], Q[:, [0, 0, 0]]
        P[:, 2], Q[:, 2] = Q[:, 0].copy(), P[:, 0].copy()
    H: NDArray[Any] = (P * Q[:, [1, 2, 0]]).sum((1, 2, 3)) / X.shape[-1]
    return H


def penalty_floor(
    X: Float[NDArray[Any], "r k d d"], seen: SeenCells, *, shared: bool
) -> Float[NDArray[Any], " r"]:
    """Return the floor of the penalty over the observed triples, see ``_lower_bounds``."""
    A, B, C = separate(X, shared=shared)
    T = _pairs(A, B) @ _flat_symbols(C).swapaxes(1, 2)
    floor: NDArray[Any] = 3 * (np.abs(T[:, seen.mass > 0]).astype(float) ** (4 / 3)).sum(1)
    return floor


def penalty_gradient(
    X: Float[NDArray[Any], "r k d d"], *, shared: bool
) -> Float[NDArray[Any], "r k d d"]:
    """Return the gradient of the penalty."""
    F = _stacked(X, shared=shared)
    P, Q = _moments(F)
    if shared:
        # Summed over the three places that X stands in: (2 Q + P) X + X (Q + 2 P).
        before, after = 2 * Q + P, Q + 2 * P
    else:
        before, after = P[:, [2, 0, 1]], Q[:, [1, 2, 0]]  # neighbors of A, B, C in the cycle
    r, f, n, d, _ = F.shape
    scale = X.dtype.type(2 / d)
    G: NDArray[Any] = before[:, :, None] @ F
    G += (F.reshape(r, f, n * d, d) @ after).reshape(F.shape)
    G *= scale
    return G.reshape(X.shape)


def imbalance(X: Float[NDArray[Any], "r k d d"], *, shared: bool) -> Float[NDArray[Any], " r"]:
    """Return how far the penalty is from stationary along the gauge directions."""
    A, B, C = separate(X, shared=shared)
    n, d = A.shape[1], A.shape[-1]

    def twin(F: NDArray[Any], G: NDArray[Any], between: NDArray[Any]) -> Float[NDArray[Any], " r"]:
        P, Q = _moments(between)
        inward = (F.swapaxes(-1, -2) @ P[:, None] @ F).sum(1)
        outward = (G @ Q[:, None] @ G.swapaxes(-1, -2)).sum(1)
        norm: NDArray[Any] = np.sqrt(((inward - outward) ** 2).sum((1, 2)))
        return norm

    most = np.maximum(np.maximum(twin(A, B, C), twin(B, C, A)), twin(C, A, B))
    found: NDArray[Any] = most / (d**0.5 * n * n)
    return found


def decode_arrays(X: Float[NDArray[Any], "k d d"], *, shared: bool) -> DecodedTable:
    """Return the table of the largest products of one restart, with margins."""
    A, B, C = separate(X[None], shared=shared)
    n = A.shape[1]
    T = (_pairs(A, B) @ _flat_symbols(C).swapaxes(1, 2))[0]
    table = T.argmax(1)
    ordered = np.sort(T, axis=1).astype(np.float64)
    margin = ordered[:, -1] - ordered[:, -min(2, n)]
    return DecodedTable(
        table=np.ascontiguousarray(table.reshape(n, n).T, np.int64),
        margin=np.ascontiguousarray(margin.reshape(n, n).T),
    )
