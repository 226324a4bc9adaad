r"""The petals on which the elements of a cycle lie: one curve for each layer of a bundle.

In polar coordinates around the identity a petal is :math:`r = L \sin \pi p`,
:math:`\theta = \Phi \cos \pi p` for phases p from 0 to 1. The only petal of a group is
:math:`\theta = 90° (1 - 2p)`: a circle, on which the powers are a regular polygon. Petals of inner
layers are narrower and shorter.
"""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float

__all__ = ["NARROWEST", "QUARTER", "Petal"]

NARROWEST = 0.3
"""Width of the innermost petal of a bundle, as a part of the outermost one: narrower ones would be
lines on which an element and its inverse meet."""

QUARTER = pi / 2
"""The half angle of the only petal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Petal:
    """The petals of a bundle, of which the outermost has length 1.

    Attributes:
        axis: Their direction, in radians, counterclockwise from the right.
        half: The half angle of the outermost one.
        shortest: The length of the innermost one.
    """

    axis: float
    half: float
    shortest: float

    def point(self, phase: float, layer: float) -> Float[NDArray[Any], " 2"]:
        """Return a point with y downwards; layers go from ``NARROWEST`` to 1.

        Example:
            >>> Petal(axis=QUARTER, half=QUARTER, shortest=0.6).point(0.5, 1.0).round(6).tolist()
            [0.0, -1.0]
        """
        r, angle = self._polar(phase, layer)
        return np.array([r * cos(angle), -r * sin(angle)])

    def tangent(self, phase: float, layer: float) -> Float[NDArray[Any], " 2"]:
        """Return the derivative of the point by the phase."""
        r, angle = self._polar(phase, layer)
        grow = self._length(layer) * pi * cos(pi * phase)
        turn = -self.half * layer * (2 if self.half >= QUARTER else pi * sin(pi * phase))
        outwards = np.array([cos(angle), -sin(angle)])
        across = np.array([-sin(angle), -cos(angle)])
        result: Float[NDArray[Any], " 2"] = grow * outwards + r * turn * across
        return result

    def _length(self, layer: float) -> float:
        return self.shortest + (1 - self.shortest) * (layer - NARROWEST) / (1 - NARROWEST)

    def _polar(self, phase: float, layer: float) -> tuple[float, float]:
        across = 1 - 2 * phase if self.half >= QUARTER else cos(pi * phase)
        return self._length(layer) * sin(pi * phase), self.axis + self.half * layer * across
