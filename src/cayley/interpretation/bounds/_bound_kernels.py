"""Compiled loops of the two bounds on accuracy: margins over all pairs, with one thread.

All arrays are float32; sums may be taken in any order, which the allowance for rounding covers.
"""

# ruff: noqa: PLR0917 - numba passes arrays by position
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False

from typing import Any

import numba as nb
import numpy as np

__all__ = ["coset_certified", "coset_means", "part_coordinates", "parts_certified"]

# Sums and maxima in any order, so that they are vectorized. Not "ninf" and "nnan" for data: inputs
# are finite, which is checked, and `_LOWEST` stands for minus infinity.
_OPTIONS: dict[str, Any] = {"cache": True, "fastmath": {"reassoc", "contract", "nsz", "nnan"}}

_LOWEST = np.float32(-3.0e38)
_ZERO = np.float32(0.0)
_EVEN = 32  # halves of at least 16 numbers, the width of a register of AVX-2
_LEAST = np.int16(-32768)


@nb.njit(**_OPTIONS)
def coset_means(right, neurons, starts, labels, sizes, values, used):
    """Write the mean of each neuron on the cosets of its partition, rounded to float32.

    ``right``: (n, m); ``neurons``: (s,), by partition; ``starts``: (p + 1); ``labels``: (p, n);
    ``sizes``: (p,), how many cosets; ``values``: (s, q), the means; ``used``: (n, m), in the
    columns of the neurons the mean of the coset of each symbol.
    """
    n = len(right)
    sums, counts = np.empty(n), np.empty(n)
    for p in range(len(sizes)):
        for i in range(starts[p], starts[p + 1]):
            sums[:] = 0.0
            counts[:] = 0.0
            for b in range(n):
                sums[labels[p, b]] += right[b, neurons[i]]
                counts[labels[p, b]] += 1.0
            for q in range(sizes[p]):
                values[i, q] = np.float32(sums[q] / max(counts[q], 1.0))
            for b in range(n):
                used[b, neurons[i]] = values[i, labels[p, b]]


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
def _rounded(sums, scale, whole):
    """Write the sums as whole numbers of units."""
    for r in range(sums.shape[0]):
        for c in range(sums.shape[1]):
            whole[r, c] = np.int16(np.rint(sums[r, c] * scale))


@nb.njit(**_OPTIONS)
def _add_cosets(b, first, index, sums, scores):
    """Set the scores to a first row of b and the rows of its cosets, one for each partition."""
    n, p = len(scores), 0
    for c in range(n):
        scores[c] = first[b, c]
    while p + 8 <= index.shape[1]:
        r0, r1, r2, r3 = index[b, p], index[b, p + 1], index[b, p + 2], index[b, p + 3]
        r4, r5, r6, r7 = index[b, p + 4], index[b, p + 5], index[b, p + 6], index[b, p + 7]
        for c in range(n):
            # Each sum is made a number of 16 bits, or the compiler computes with 64.
            one = np.int16(sums[r0, c] + sums[r1, c])
            two = np.int16(sums[r2, c] + sums[r3, c])
            three = np.int16(sums[r4, c] + sums[r5, c])
            four = np.int16(sums[r6, c] + sums[r7, c])
            scores[c] += np.int16(np.int16(one + two) + np.int16(three + four))
        p += 8
    while p + 4 <= index.shape[1]:
        r0, r1, r2, r3 = index[b, p], index[b, p + 1], index[b, p + 2], index[b, p + 3]
        for c in range(n):
            one = np.int16(sums[r0, c] + sums[r1, c])
            two = np.int16(sums[r2, c] + sums[r3, c])
            scores[c] += np.int16(one + two)
        p += 4
    while p < index.shape[1]:
        r0 = index[b, p]
        for c in range(n):
            scores[c] += sums[r0, c]
        p += 1


@nb.njit(**_OPTIONS)
def _margin(scores, n, right):
    """Return by how much one of n scores exceeds all others; the scores are used up."""
    top = scores[right]
    scores[right] = _LEAST
    for c in range(n, len(scores)):
        scores[c] = _LEAST
    # The maximum by halves, which is vectorized where a reduction is not.
    size = len(scores)
    while size % _EVEN == 0:
        size //= 2
        for c in range(size):
            x, y = scores[c], scores[c + size]
            scores[c] = max(y, x)
    best = _LEAST
    for c in range(size):
        best = max(best, scores[c])
    return np.int64(top) - np.int64(best)


@nb.njit(**_OPTIONS)
def coset_certified(
    left, values, starts, rows, weights, index, first, unit, away, spread, table, left_slack,
    right_slack, out,
):  # fmt: skip
    """Mark the pairs whose margin exceeds distance times spread, plus the slack of a and of b.

    The sums of each coset are rounded to whole numbers of 16 bits, of which a register holds twice
    as many; each of the numbers that are added may be off by half a unit.

    ``left``: (k, m), the summand of each a for the m neurons, sorted by partition; ``values``:
    (m, q), the summand of each coset; ``starts``: (p + 1), first neuron of each of p partitions;
    ``rows``: (p + 1), first row of its cosets in the list of all cosets; ``weights``: (m, w), of
    the n results and padding; ``index``: (n, p), row of the coset of b; ``first``: (n, w), whole
    numbers that are added, by b; ``unit``: how many of these are one, so that no sum overflows;
    ``away``: (n,), distance by b; ``spread``: (n,), by right answer.
    """
    n, width = table.shape[1], first.shape[1]
    sums = np.empty((rows[-1], width), np.float32)
    whole = np.empty((rows[-1], width), np.int16)
    scores = np.empty(width, np.int16)
    for a in range(len(table)):
        _sum_by_coset(a, left, values, starts, rows, weights, sums)
        _rounded(sums, unit, whole)
        for b in range(n):
            _add_cosets(b, first, index, whole, scores)
            margin = np.float64(_margin(scores, n, table[a, b])) / np.float64(unit)
            lost = away[b] * spread[table[a, b]]
            out[a, b] = margin > lost + left_slack[a] + right_slack[b]


@nb.njit(**_OPTIONS)
def part_coordinates(
    first, last, left, right, left_mean, right_mean, scale, starts, columns, members, weights,
    hidden, out, squares,
):  # fmt: skip
    """Write coordinates of the scores and squared distances from the means for a in a range.

    ``left``, ``left_mean``: (n, m); ``right``, ``right_mean``: (m, w), transposed, with n columns
    and padding; ``scale``: (m,), of the distances; ``columns``: (p + 1), first coordinate of each
    part; ``starts``: (p + 1), first place of its neurons in ``members``, all multiples of 4;
    ``weights``: (r, e), of each coordinate for the members of its part; ``hidden``: (m, w),
    scratch; ``out``: (k, r, w) for k values of a; ``squares``: (k, w).
    """
    m, width = right.shape
    one, two = np.empty(width, np.float32), np.empty(width, np.float32)
    squares[:] = _ZERO
    for a in range(first, last):
        square = squares[a - first]
        for i in range(m):
            shift, center, unit = left[a, i], left_mean[a, i], scale[i]
            for b in range(width):
                h = max(right[i, b] + shift, _ZERO)
                hidden[i, b] = h
                away = (h - (center + right_mean[i, b])) * unit
                square[b] += away * away
        for p in range(len(starts) - 1):
            for j in range(columns[p], columns[p + 1], 2):
                # Two coordinates and four neurons at once: fewer loads. The last may be alone.
                k = min(j + 1, columns[p + 1] - 1)
                for b in range(width):
                    one[b] = _ZERO
                    two[b] = _ZERO
                for e in range(starts[p], starts[p + 1], 4):
                    v = e - starts[p]
                    v0, v1, v2, v3 = (
                        weights[j, v], weights[j, v + 1], weights[j, v + 2], weights[j, v + 3]
                    )  # fmt: skip
                    w0, w1, w2, w3 = (
                        weights[k, v], weights[k, v + 1], weights[k, v + 2], weights[k, v + 3]
                    )  # fmt: skip
                    i0, i1, i2, i3 = members[e], members[e + 1], members[e + 2], members[e + 3]
                    for b in range(width):
                        h0, h1, h2, h3 = hidden[i0, b], hidden[i1, b], hidden[i2, b], hidden[i3, b]
                        one[b] += (v0 * h0 + v1 * h1) + (v2 * h2 + v3 * h3)
                        two[b] += (w0 * h0 + w1 * h1) + (w2 * h2 + w3 * h3)
                for b in range(width):
                    out[a - first, k, b] = two[b]
                    out[a - first, j, b] = one[b]


@nb.njit(**_OPTIONS)
def parts_certified(
    first, last, scores, constant, added, squares, spread, table, left_slack, right_slack, out,
):  # fmt: skip
    """Mark the pairs whose margin exceeds distance times spread, plus the slack of a and of b.

    ``scores``: (k, n, w) for k values of a, symbols of the result before b; ``constant``: (n, n),
    added to them by a and result; ``added``: (n, w), by result and b; ``squares``: (k, w);
    ``spread``: (n,), by right answer.
    """
    n, width = table.shape[1], scores.shape[2]
    best = np.empty(width, np.float32)
    top = np.empty(n, np.float32)
    for k in range(last - first):
        a = first + k
        for b in range(n):
            c = table[a, b]
            top[b] = (scores[k, c, b] + added[c, b]) + constant[a, c]
            scores[k, c, b] = _LOWEST
        best[:] = _LOWEST
        for c in range(n):
            shift = constant[a, c]
            for b in range(width):
                best[b] = max(best[b], (scores[k, c, b] + added[c, b]) + shift)
        for b in range(n):
            margin = np.float64(top[b]) - np.float64(best[b])
            distance = np.sqrt(np.float64(squares[k, b]))
            out[a, b] = margin > distance * spread[table[a, b]] + left_slack[a] + right_slack[b]
