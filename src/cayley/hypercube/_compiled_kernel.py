r"""Steps of descent on small real factors, compiled by numba, which importing this file imports.

The sums of ``_kernels`` row by row, whose matrices stay in the first caches, the penalty of
``_functional`` and the update of ``_descent``. Every array of matrices is two-dimensional here, the
matrices one below the other: then products are of two kinds of layout only, and numba compiles few
functions. :math:`B_b` enters transposed, so that :math:`(A_a B_b)^T` for all b of a row are one
product.
"""

# ruff: noqa: PLR0917 - numba passes by position

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["take_steps"]

_SERIAL = 1 << 18
"""Multiplications in a product up to which OpenBLAS, which numba calls, keeps to one thread. With
two, small products wait for each other, and sums would depend on how many threads there are."""

_compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
_reassociated = numba.njit(
    cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "nsz", "contract"}
)


@_compiled
def take_steps(
    X: NDArray[Any],
    V: NDArray[Any],
    rate: NDArray[Any],
    epsilon: NDArray[Any],
    settings: NDArray[Any],
    steps: int,
    shared: bool,
    sizes: NDArray[Any],
    rows: NDArray[Any],
    right: NDArray[Any],
    terms: NDArray[Any],
    symbol: NDArray[Any],
    mass: NDArray[Any],
    weight: NDArray[Any],
) -> NDArray[Any]:
    """Take steps in all restarts, in place, and return the moments of the last step's products.

    Args:
        X: Factors, shape ``(r, n d, d)``.
        V: Velocities, likewise.
        rate: Of every restart.
        epsilon: Weight of the penalty, of every restart.
        settings: Momentum, and the norm to which gradients are clipped.
        steps: How many.
        shared: Whether the three factors are one.
        sizes: Numbers of rows, columns and symbols.
        rows: Where the pairs of each row begin, and where the last ends.
        right: Right operand of each pair.
        terms: Where the terms of each pair begin, and where the last ends.
        symbol: Symbol of each term.
        mass: Mass of each term.
        weight: Mass of each pair.

    Returns:
        Loss, mass on the largest products, inner product with the data and power of the products on
        the observed pairs, shape ``(4, r)``; of the factors before the last step.
    """
    a, b, c = sizes
    d = X.shape[2]
    moments = np.zeros((4, len(X)))
    # Pairs, or matrices, in one product, see `_SERIAL`.
    most = max(1, _SERIAL // (d * d * max(d, c)))
    At, gA = np.empty((a * d, d), X.dtype), np.empty((a * d, d), X.dtype)
    Bt, gBt = np.empty((b * d, d), X.dtype), np.empty((b * d, d), X.dtype)
    Ct, gC = np.empty((c * d, d), X.dtype), np.empty((c * d, d), X.dtype)
    G = np.empty(X.shape[1:], X.dtype)
    flat = np.empty((c, d * d), X.dtype)
    space = np.empty((3, most * d, d), X.dtype)
    sums = np.empty((6 * d, d), X.dtype)
    for s in range(len(X)):
        x = X[s]
        A = x[: a * d]
        B = A if shared else x[a * d : (a + b) * d]
        C = A if shared else x[(a + b) * d :]
        for step in range(steps):
            _transpose(A, At, d)
            _transpose(B, Bt, d)
            if not shared:
                _transpose(C, Ct, d)
            _fill(gA, 0.0)
            _fill(gBt, 0.0)
            _fill(gC, 0.0)
            # A shared C is the transpose of A.
            _lay_out(At if shared else C, flat, d)
            _add_data_gradients(
                A, At, Bt, flat, gA, gBt, gC.reshape(c, d * d), space, most, rows, right, terms,
                symbol, mass, weight, moments[:, s], step == steps - 1,
            )  # fmt: skip
            _pull_back(G, gA, gBt, gC, shared, d)
            if epsilon[s] > 0:
                factors = (A, B, C)
                transposed = (At, Bt, At if shared else Ct)
                _add_penalty(G, factors, transposed, epsilon[s], sums, space, most, shared, d)
            _move(x, V[s], G, rate[s], settings)
    return moments


@_compiled
def _times(X, Y, out):  # type: ignore[no-untyped-def]
    np.dot(X, Y, out)


@_compiled
def _transposed_times(X, Y, out):  # type: ignore[no-untyped-def]
    np.dot(X.T, Y, out)


@_compiled
def _times_transposed(X, Y, out):  # type: ignore[no-untyped-def]
    np.dot(X, Y.T, out)


@_compiled
def _fill(X, value):  # type: ignore[no-untyped-def]
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            X[i, j] = value


@_compiled
def _add(X, Y):  # type: ignore[no-untyped-def]
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            X[i, j] += Y[i, j]


@_compiled
def _copy(X, Y):  # type: ignore[no-untyped-def]
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            X[i, j] = Y[i, j]


@_compiled
def _transpose(X, out, d):  # type: ignore[no-untyped-def]
    """Transpose every matrix."""
    for first in range(0, len(X), d):
        for i in range(d):
            for j in range(d):
                out[first + j, i] = X[first + i, j]


@_compiled
def _lay_out(C, flat, d):  # type: ignore[no-untyped-def]
    """Lay out the matrices of the symbols as rows, times 2 / d: twice what products need."""
    scale = C.dtype.type(2 / d)
    for c in range(len(flat)):
        for i in range(d):
            for j in range(d):
                flat[c, i * d + j] = scale * C[c * d + i, j]


@_compiled
def _add_data_gradients(  # type: ignore[no-untyped-def]
    A, At, Bt, flat, gA, gBt, gC, space, most, rows, right, terms, symbol, mass, weight,
    moments, count,
):  # fmt: skip
    d = A.shape[1]
    T_space, C_space = np.empty((most, len(flat)), A.dtype), np.empty(gC.shape, A.dtype)
    A_space = np.empty((d, d), A.dtype)
    X_space, P_space, W_space = space[0], space[1], space[2]
    P_flat, W_flat = P_space.reshape(most, d * d), W_space.reshape(most, d * d)
    for a in range(len(rows) - 1):
        left, left_t = A[a * d : (a + 1) * d], At[a * d : (a + 1) * d]
        for start in range(rows[a], rows[a + 1], most):
            stop = min(rows[a + 1], start + most)
            k = stop - start
            X, P, W, T = X_space[: k * d], P_space[: k * d], W_space[: k * d], T_space[:k]
            for i in range(k):
                _copy(X[i * d : (i + 1) * d], Bt[right[start + i] * d : (right[start + i] + 1) * d])
            _times(X, left_t, P)  # (A_a B_b)^T = B_b^T A_a^T for all b of the row
            _times_transposed(P_flat[:k], flat, T)
            _subtract_targets(T, start, terms, symbol, mass, weight, moments, count)
            _transposed_times(T, P_flat[:k], C_space)
            _add(gC, C_space)
            _times(T, flat, W_flat[:k])
            _transposed_times(W, X, A_space)
            _add(gA[a * d : (a + 1) * d], A_space)
            _times(W, left, P)
            for i in range(k):
                _add(gBt[right[start + i] * d : (right[start + i] + 1) * d], P[i * d : (i + 1) * d])


@_compiled
def _subtract_targets(  # type: ignore[no-untyped-def]
    T, start, terms, symbol, mass, weight, moments, count
):
    """Turn twice the products into the weighted residual, and count the moments."""
    half = T.dtype.type(0.5)
    for i in range(len(T)):
        w = weight[start + i]
        first, stop = terms[start + i], terms[start + i + 1]
        if count:
            best = 0
            for c in range(T.shape[1]):
                if T[i, c] > T[i, best]:
                    best = c
                moments[3] += 0.25 * w * T[i, c] ** 2
            for term in range(first, stop):
                moments[2] += 0.5 * mass[term] * T[i, symbol[term]]
                if symbol[term] == best:
                    moments[1] += mass[term]
        for c in range(T.shape[1]):
            T[i, c] *= half * w
        for term in range(first, stop):
            T[i, symbol[term]] -= mass[term]
        if count:
            for c in range(T.shape[1]):
                moments[0] += T[i, c] ** 2 / w


@_compiled
def _pull_back(G, gA, gBt, gC, shared, d):  # type: ignore[no-untyped-def]
    """Turn gradients of the three factors into one of what is trained."""
    twice = G.dtype.type(2 / d)  # of the gradient of C, whose products had no factor
    a, b = len(gA), len(gBt)
    for first in range(0, len(gA), d):
        for i in range(d):
            for j in range(d):
                G[first + i, j] = gA[first + i, j]
                if shared:
                    G[first + i, j] += gBt[first + j, i] + twice * gC[first + j, i]
    if shared:
        return
    _transpose(gBt, G[a : a + b], d)
    for i in range(len(gC)):
        for j in range(d):
            G[a + b + i, j] = twice * gC[i, j]


@_compiled
def _add_penalty(  # type: ignore[no-untyped-def]
    G, factors, transposed, epsilon, sums, space, most, shared, d
):
    """Add the weighted gradient of H, see `penalty_gradients`."""
    scale = G.dtype.type(2 * epsilon / d)
    num = 1 if shared else 3
    for k in range(num):  # the sums of F'F, and three places on those of FF'
        _moment(factors[k], sums[k * d : (k + 1) * d], space, most, d)
        _moment(transposed[k], sums[(k + 3) * d : (k + 4) * d], space, most, d)
    for i in range(len(sums)):
        for j in range(d):
            sums[i, j] *= scale
    if shared:
        # Summed over the three places that X stands in: X (Q + 2P) + (2Q + P) X.
        for i in range(d):
            for j in range(d):
                p, q = sums[i, j], sums[3 * d + i, j]
                sums[i, j], sums[3 * d + i, j] = 2 * q + p, q + 2 * p
        _add_sandwich(G, factors[0], sums[:d], sums[3 * d : 4 * d], space, most, d)
        return
    first = 0
    for k in range(num):
        before, after = (k + 2) % 3 * d, (k + 1) % 3 * d + 3 * d  # the neighbors in the cycle
        stop = first + len(factors[k])
        _add_sandwich(
            G[first:stop], factors[k], sums[before : before + d], sums[after : after + d], space,
            most, d,
        )  # fmt: skip
        first = stop


@_compiled
def _moment(F, out, space, most, d):  # type: ignore[no-untyped-def]
    """Sum F'F."""
    _fill(out, 0.0)
    for start in range(0, len(F), most * d):
        stop = min(len(F), start + most * d)
        _transposed_times(F[start:stop], F[start:stop], space[0][:d])
        _add(out, space[0][:d])


@_compiled
def _add_sandwich(G, F, before, after, space, most, d):  # type: ignore[no-untyped-def]
    """Add ``before F + F after``."""
    for start in range(0, len(F), most * d):
        stop = min(len(F), start + most * d)
        out, back = space[0][: stop - start], space[1][: stop - start]
        _times(F[start:stop], after, out)
        for first in range(0, stop - start, d):
            _times(before, F[start + first : start + first + d], back[first : first + d])
        _add(G[start:stop], out)
        _add(G[start:stop], back)


@_reassociated
def _move(x, v, G, rate, settings):  # type: ignore[no-untyped-def]
    """Take one step with momentum against the gradient, clipped."""
    norm = 0.0
    for i in range(len(G)):
        part = G[i, 0] * 0
        for j in range(G.shape[1]):
            part += G[i, j] * G[i, j]
        norm += part
    momentum, longest = settings
    norm = np.sqrt(norm)
    scale = G.dtype.type(longest / norm if norm > longest else 1.0)
    momentum = G.dtype.type(momentum)
    for i in range(len(G)):
        for j in range(G.shape[1]):
            v[i, j] = momentum * v[i, j] + scale * G[i, j]
            x[i, j] -= rate * v[i, j]
