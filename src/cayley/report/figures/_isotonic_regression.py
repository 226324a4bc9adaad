"""Places in a given order that keep distances, as near as possible to those wanted."""

from collections.abc import Sequence

__all__ = ["place_in_order"]


def place_in_order(
    wanted: Sequence[float], weights: Sequence[float], apart: Sequence[float]
) -> list[float]:
    r"""Return the places nearest to those wanted that keep distances, by least squares.

    They minimize :math:`\sum w_i (x_i - d_i)^2` with :math:`x_{i+1} - x_i \ge a_i`: in the
    variables :math:`x_i - a_0 - ... - a_{i-1}` this is monotone regression, which pooling adjacent
    violators solves exactly.

    Args:
        wanted: Places, one for each thing in their order.
        weights: Positive weights.
        apart: The least distance between each and the next one, one fewer.

    Example:
        >>> place_in_order([5.0, 5.0], [1.0, 1.0], [4.0])
        [3.0, 7.0]
    """
    shifts = [0.0]
    for distance in apart:
        shifts.append(shifts[-1] + distance)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for place, weight, shift in zip(wanted, weights, shifts, strict=False):
        mean, total, size = place - shift, weight, 1
        while pools and pools[-1][0] > mean:
            before, other, more = pools.pop()
            mean = (mean * total + before * other) / (total + other)
            total, size = total + other, size + more
        pools.append((mean, total, size))
    placed = [mean for mean, _, size in pools for _ in range(size)]
    return [place + shift for place, shift in zip(placed, shifts, strict=False)]
