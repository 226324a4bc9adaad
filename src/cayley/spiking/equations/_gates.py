"""Gates: the density with which a potential releases charge over its active zone."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor

from cayley._shapes import Float

__all__ = ["BoxGate", "CosineGate", "Gate", "PolynomialGate"]


@dataclass(frozen=True, slots=True)
class Gate(ABC):
    r"""A density :math:`g \ge 0` on the active zone :math:`[1-\Delta, 1)` with integral 1.

    With :math:`y = (v - 1 + \Delta)/\Delta` clipped to :math:`[0, 1]` a gate is a density in ``y``
    and its integral :math:`G(y)`, which rises from 0 to 1. Potentials at or above 1 are wrapped
    before they come here.

    Args:
        width: :math:`\Delta`, the width of the active zone as a part of the cycle, in (0, 1]. A
            narrow zone means short spikes, a wide one a smoother loss.

    Raises:
        ValueError: If ``width`` is out of range.
    """

    width: float = 0.5

    def __post_init__(self) -> None:
        if isinstance(self.width, bool) or not isinstance(self.width, int | float):
            raise TypeError(f"`width` must be a number; got {self.width!r}.")
        if not 0 < self.width <= 1:
            raise ValueError(
                f"`width` is a part of the cycle and must be in (0, 1]; got {self.width}."
            )

    def _place(self, potential: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        """Return ``y``, the place of a potential in the active zone, from 0 to 1."""
        return ((potential - (1 - self.width)) / self.width).clamp(0, 1)

    def density(self, potential: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        """Return the charge released per unit of potential, 0 outside the active zone."""
        return self._density(self._place(potential)) / self.width

    def charge(self, potential: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        """Return the charge released between 0 and ``potential``; 1 at the threshold."""
        return self._charge(self._place(potential))

    @abstractmethod
    def _density(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]: ...

    @abstractmethod
    def _charge(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]: ...


class PolynomialGate(Gate):
    r"""The smooth gate :math:`G(y) = y^2 (3 - 2y)`, :math:`g \propto 6 y (1 - y)`.

    Example:
        >>> import torch
        >>> gate = PolynomialGate(0.5)
        >>> gate.charge(torch.tensor([0.25, 0.5, 0.75, 1.0])).tolist()
        [0.0, 0.0, 0.5, 1.0]
        >>> gate.density(torch.tensor(0.75)).item()
        3.0
    """

    __slots__ = ()

    def _density(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        return 6 * y * (1 - y)

    def _charge(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        return y * y * (3 - 2 * y)


class CosineGate(Gate):
    r"""The smooth gate :math:`g \propto 1 - \cos 2\pi y`, :math:`G(y) = y - \sin(2\pi y)/2\pi`.

    Example:
        >>> import torch
        >>> round(CosineGate(0.5).charge(torch.tensor(0.75)).item(), 6)
        0.5
    """

    __slots__ = ()

    def _density(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        return 1 - torch.cos(2 * math.pi * y)

    def _charge(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        return y - torch.sin(2 * math.pi * y) / (2 * math.pi)


class BoxGate(Gate):
    r"""The constant gate :math:`G(y) = y`; its density jumps at the edge of the active zone.

    Example:
        >>> import torch
        >>> BoxGate(0.5).charge(torch.tensor([0.5, 0.625, 1.0])).tolist()
        [0.0, 0.25, 1.0]
    """

    __slots__ = ()

    def _density(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        # Places outside the zone are clipped to exactly 0 or 1 and have density 0.
        return ((y > 0) & (y < 1)).to(y.dtype)

    def _charge(self, y: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        return y
