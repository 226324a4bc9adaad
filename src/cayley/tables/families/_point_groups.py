"""The 32 crystallographic point groups, told by how many rotations of each kind there are."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["POINT_GROUPS", "point_group_symbol"]

# The kinds are -6, -4, -3, -2 (a mirror), -1 (the inversion), 1, 2, 3, 4 and 6: a rotation part of
# determinant d and trace t is d times a proper rotation of trace d t, which tells its order. The
# counts tell the classes apart; International Tables for Crystallography, Volume A (2016), 3.2.1.
_COUNTS = """
1     0 0 0 0 0  1 0 0 0 0
-1    0 0 0 0 1  1 0 0 0 0
2     0 0 0 0 0  1 1 0 0 0
m     0 0 0 1 0  1 0 0 0 0
2/m   0 0 0 1 1  1 1 0 0 0
222   0 0 0 0 0  1 3 0 0 0
mm2   0 0 0 2 0  1 1 0 0 0
mmm   0 0 0 3 1  1 3 0 0 0
4     0 0 0 0 0  1 1 0 2 0
-4    0 2 0 0 0  1 1 0 0 0
4/m   0 2 0 1 1  1 1 0 2 0
422   0 0 0 0 0  1 5 0 2 0
4mm   0 0 0 4 0  1 1 0 2 0
-42m  0 2 0 2 0  1 3 0 0 0
4/mmm 0 2 0 5 1  1 5 0 2 0
3     0 0 0 0 0  1 0 2 0 0
-3    0 0 2 0 1  1 0 2 0 0
32    0 0 0 0 0  1 3 2 0 0
3m    0 0 0 3 0  1 0 2 0 0
-3m   0 0 2 3 1  1 3 2 0 0
6     0 0 0 0 0  1 1 2 0 2
-6    2 0 0 1 0  1 0 2 0 0
6/m   2 0 2 1 1  1 1 2 0 2
622   0 0 0 0 0  1 7 2 0 2
6mm   0 0 0 6 0  1 1 2 0 2
-62m  2 0 0 4 0  1 3 2 0 0
6/mmm 2 0 2 7 1  1 7 2 0 2
23    0 0 0 0 0  1 3 8 0 0
m-3   0 0 8 3 1  1 3 8 0 0
432   0 0 0 0 0  1 9 8 6 0
-43m  0 6 0 6 0  1 3 8 0 0
m-3m  0 6 8 9 1  1 9 8 6 0
"""

_KINDS = (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)
_ORDER_OF_TRACE = {3: 1, -1: 2, 0: 3, 1: 4, 2: 6}

POINT_GROUPS = {
    tuple(map(int, counts)): symbol for symbol, *counts in map(str.split, _COUNTS.split("\n")[1:-1])
}
"""The Hermann-Mauguin symbol of each point group by the counts of the ten kinds."""


def point_group_symbol(rotations: Int[NDArray[Any], "n 3 3"]) -> str | None:
    """Return the Hermann-Mauguin symbol of a group of rotation parts, or None if it has none.

    Args:
        rotations: Whole numbers, all different, closed under products. They have no symbol in other
            than three dimensions.

    Example:
        >>> point_group_symbol(np.array([np.eye(3), -np.eye(3)]))
        '-1'
    """
    if rotations.shape[1:] != (3, 3):
        return None
    signs = np.rint(np.linalg.det(rotations)).astype(int)
    traces = signs * np.trace(rotations, axis1=1, axis2=2).astype(int)
    kinds = Counter(
        int(sign) * _ORDER_OF_TRACE.get(int(trace), 0)
        for sign, trace in zip(signs, traces, strict=True)
    )
    return POINT_GROUPS.get(tuple(kinds[kind] for kind in _KINDS))
