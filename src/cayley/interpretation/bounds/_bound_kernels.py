"""Compiled loops of the two bounds on accuracy: margins over all pairs, with one thread.

All arrays are float32; sums may be taken in any order, which the allowance for rounding covers.
"""

# ruff: noqa: PLR0917 - numba passes arrays by position
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False

from typing import Any

import numba as nb
import numpy as np

__all__ = ["block_certified", "block_coordinates", "coset_certified"]

# Sums and maxima in any order, so that they are vectorized. Not "ninf" and "nnan" for data: inputs
# are finite, which is checked, and `_LOWEST` stands for minus infinity.
_OPTIONS: dict[str, Any] = {"cache": True, "fastmath": {"reassoc", "contract", "nsz", "nnan"}}

_LOWEST = np.float32(-3.0e38)
_ZERO = np.float32(0.0)
_EVEN = 32  # halves of 16 numbers, the width of a register of AVX-512


@nb.njit(**_OPTIONS)
def _sum_by_coset(a, left, values, starts, rows, weights, sums):
    """Set row ``rows[p] + q`` of the sums to what the neurons of partition p add at coset q."""
    n = weights.shape[1]
    sums[:] = _ZERO
    for p in range(len(starts) - 1):
        first, i, stop = rows[p], starts[p], starts[p + 1]
        cosets = rows[p + 1] - first
        while i + 4 <= stop:  # four at once: the sums are then loaded and stored less often
            for q in range(cosets):
                h0 = max(left[a, i] + values[i, q], _ZERO)
                h1 = max(left[a, i + 1] + values[i + 1, q], _ZERO)
                h2 = max(left[a, i + 2] + values[i + 2, q], _ZERO)
                h3 = max(left[a, i + 3] + values[i + 3, q], _ZERO)
                for c in range(n):
                    sums[first + q, c] += (h0 * weights[i, c] + h1 * weights[i + 1, c]) + (
                        h2 * weights[i + 2, c] + h3 * weights[i + 3, c]
                    )
            i += 4
        while i < stop:
            for q in range(cosets):
                h0 = left[a, i] + values[i, q]
                if h0 > _ZERO:
                    for c in range(n):
                        sums[first + q, c] += h0 * weights[i, c]
            i += 1


@nb.njit(**_OPTIONS)
def _add_cosets(b, index, sums, scores):
    """Add to the scores the row of the coset of b for each partition."""
    n, p = len(scores), 0
    while p + 8 <= index.shape[1]:
        r0, r1, r2, r3 = index[b, p], index[b, p + 1], index[b, p + 2], index[b, p + 3]
        r4, r5, r6, r7 = index[b, p + 4], index[b, p + 5], index[b, p + 6], index[b, p + 7]
        for c in range(n):
            scores[c] += ((sums[r0, c] + sums[r1, c]) + (sums[r2, c] + sums[r3, c])) + (
                (sums[r4, c] + sums[r5, c]) + (sums[r6, c] + sums[r7, c])
            )
        p += 8
    while p < index.shape[1]:
        r0 = index[b, p]
        for c in range(n):
            scores[c] += sums[r0, c]
        p += 1


@nb.njit(**_OPTIONS)
def _add_neurons(a, b, left, right, weights, scores):
    """Add to the scores what single neurons add."""
    n, i = len(scores), 0
    while i + 4 <= left.shape[1]:
        h0 = max(left[a, i] + right[b, i], _ZERO)
        h1 = max(left[a, i + 1] + right[b, i + 1], _ZERO)
        h2 = max(left[a, i + 2] + right[b, i + 2], _ZERO)
        h3 = max(left[a, i + 3] + right[b, i + 3], _ZERO)
        for c in range(n):
            scores[c] += (h0 * weights[i, c] + h1 * weights[i + 1, c]) + (
                h2 * weights[i + 2, c] + h3 * weights[i + 3, c]
            )
        i += 4
    while i < left.shape[1]:
        h0 = max(left[a, i] + right[b, i], _ZERO)
        for c in range(n):
            scores[c] += h0 * weights[i, c]
        i += 1


@nb.njit(**_OPTIONS)
def _margin(scores, right):
    """Return by how much one score exceeds all others; the scores are used up."""
    top = scores[right]
    scores[right] = _LOWEST
    # The maximum by halves, which is vectorized where a reduction is not.
    size = len(scores)
    while size % _EVEN == 0:
        size //= 2
        for c in range(size):
            x, y = scores[c], scores[c + size]
            scores[c] = max(y, x)
    best = _LOWEST
    for c in range(size):
        best = max(best, scores[c])
    return np.float64(top) - np.float64(best)


@nb.njit(**_OPTIONS)
def coset_certified(
    left, values, starts, rows, weights, index, dense_left, dense_right, dense_weights, bias,
    table, left_slack, right_slack, out,
):  # fmt: skip
    """Mark the pairs whose margin exceeds the slack of a plus that of b.

    ``left``: (k, m), the summand of each a for the m neurons with cosets, sorted by partition;
    ``values``: (m, q), the summand of each coset; ``starts``: (p + 1), first neuron of each of p
    partitions; ``rows``: (p + 1), first row of its cosets in the list of all cosets; ``weights``:
    (m, w), of the n results and padding; ``index``: (n, p), row of the coset of b; then the other
    neurons; ``bias``: (w,), the padding so low that it is never the maximum.
    """
    sums = np.empty((rows[-1], len(bias)), np.float32)
    scores = np.empty(len(bias), np.float32)
    for a in range(len(table)):
        _sum_by_coset(a, left, values, starts, rows, weights, sums)
        for b in range(table.shape[1]):
            for c in range(len(bias)):
                scores[c] = bias[c]
            _add_cosets(b, index, sums, scores)
            _add_neurons(a, b, dense_left, dense_right, dense_weights, scores)
            out[a, b] = _margin(scores, table[a, b]) > left_slack[a] + right_slack[b]


@nb.njit(**_OPTIONS)
def block_coordinates(
    first, last, left, right, starts, columns, weights, mean, scale, out, squares,
):  # fmt: skip
    """Write coordinates of the scores and squared distances from the mean for a in a range.

    ``left``: (n, m), neurons sorted by block; ``right``: (m, n), transposed; ``starts``: (p + 1),
    first neuron of each block; ``columns``: (p + 1), first coordinate of each block; ``weights``:
    (m, w), of the coordinates of its block; ``mean``, ``scale``: (m,), of the distances;
    ``out``: (k, r, n) for k values of a; ``squares``: (k, n).
    """
    n = right.shape[1]
    hidden = np.empty((4, n), np.float32)
    out[:] = _ZERO
    out[:, -1] = np.float32(1.0)  # the coordinate of the constant scores
    squares[:] = _ZERO
    for a in range(first, last):
        square = squares[a - first]
        for p in range(len(starts) - 1):
            i, stop, first_column = starts[p], starts[p + 1], columns[p]
            width = columns[p + 1] - first_column
            while i < stop:
                # Four neurons at once; what is missing of the last four counts as no neuron.
                for j in range(4):
                    if i + j < stop:
                        shift, center, unit = left[a, i + j], mean[i + j], scale[i + j]
                        for b in range(n):
                            h = max(right[i + j, b] + shift, _ZERO)
                            hidden[j, b] = h
                            away = (h - center) * unit
                            square[b] += away * away
                    else:
                        hidden[j] = _ZERO
                i1, i2, i3 = min(i + 1, stop - 1), min(i + 2, stop - 1), min(i + 3, stop - 1)
                for j in range(width):
                    w0, w1, w2, w3 = weights[i, j], weights[i1, j], weights[i2, j], weights[i3, j]
                    for b in range(n):
                        out[a - first, first_column + j, b] += (
                            w0 * hidden[0, b] + w1 * hidden[1, b]
                        ) + (w2 * hidden[2, b] + w3 * hidden[3, b])
                i += 4


@nb.njit(**_OPTIONS)
def block_certified(first, scores, squares, spread, table, left_slack, right_slack, out):
    """Mark the pairs whose margin exceeds distance times spread, plus the slack of a and of b.

    ``scores``: (k, n, n), symbols of the result before b; ``squares``: (k, n); ``spread``: (n,),
    by right answer.
    """
    n = table.shape[1]
    best = np.empty(n, np.float32)
    top = np.empty(n, np.float32)
    for k in range(len(scores)):
        a = first + k
        for b in range(n):
            top[b] = scores[k, table[a, b], b]
            scores[k, table[a, b], b] = _LOWEST
        best[:] = _LOWEST
        for c in range(n):
            row = scores[k, c]
            for b in range(n):
                best[b] = max(best[b], row[b])
        for b in range(n):
            margin = np.float64(top[b]) - np.float64(best[b])
            distance = np.sqrt(np.float64(squares[k, b]))
            out[a, b] = margin > distance * spread[table[a, b]] + left_slack[a] + right_slack[b]
