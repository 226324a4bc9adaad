"""Membranes: how a potential moves in one step, and the derivatives of that step."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking._checks import positive

__all__ = ["LIF", "NIF", "QIF", "Membrane"]

Pair = tuple[Float[Tensor, "*b"], Float[Tensor, "*b"]]


@dataclass(frozen=True, slots=True)
class Membrane(ABC):
    r"""The equation :math:`\tau_v\,\dot v = f(v, I)` of a potential with threshold 1, reset 0.

    Potentials and currents are dimensionless: a current of 1 is one threshold per
    :math:`\tau_v`. One step of explicit Euler takes ``v`` to the *advanced* potential ``u``, which
    may lie past the threshold; whole turns are then taken off, each of them a spike.

    Args:
        time_constant: :math:`\tau_v` in milliseconds.

    Raises:
        ValueError: If the time constant is not positive.
    """

    time_constant: float = 25.0

    cyclic: ClassVar[bool] = False
    """Whether potentials below 0 come back at the top of the cycle (else they stay there)."""

    def __post_init__(self) -> None:
        positive(self.time_constant, "time_constant", "milliseconds")

    @abstractmethod
    def advance(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return the potential ``dt`` milliseconds later, before whole turns are taken off."""

    @abstractmethod
    def sensitivities(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Pair:
        """Return the derivatives of :meth:`advance` by the potential and by the current."""

    def reach(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return the potential at the end of Euler's straight line, without a reset in the step."""
        return self.advance(potential, current, dt)

    def turns(self, advanced: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
        """Return the whole turns in an advanced potential; no gradient passes."""
        # Detached, since the number of turns is constant almost everywhere; its jumps are matched
        # by those of the gate's charge, which falls by 1 where a turn is taken off.
        turns = torch.floor(advanced.detach())
        return turns if self.cyclic else turns.clamp(min=0)


class QIF(Membrane):
    r"""Quadratic integrate and fire, as a phase: :math:`f = (1+\cos 2\pi v) + (1-\cos 2\pi v) I`.

    The potential is a phase on a circle, so that a spike is no discontinuity. At a constant current
    ``I > 0`` it fires :math:`2\sqrt I/\tau_v` times per millisecond: 80 Hz at ``I = 1`` and 25 ms.

    Example:
        >>> import torch
        >>> from cayley.spiking import QIF
        >>> QIF(25.0).advance(torch.tensor([0.0, 0.5]), torch.tensor(1.0), 1.0).tolist()
        [0.07999999821186066, 0.5799999833106995]

    References:
        Huh and Sejnowski, "Gradient Descent for Spiking Neural Networks", NeurIPS 2018,
        arXiv:1706.04698.
    """

    __slots__ = ()
    cyclic = True

    def advance(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return ``v + dt/tau_v ((1 + cos 2 pi v) + (1 - cos 2 pi v) I)``."""
        c = torch.cos(2 * math.pi * potential)
        return potential + (dt / self.time_constant) * ((1 + c) + (1 - c) * current)

    def sensitivities(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Pair:
        """Return ``1 + dt/tau_v 2 pi sin(2 pi v) (I - 1)`` and ``dt/tau_v (1 - cos 2 pi v)``."""
        k, angle = dt / self.time_constant, 2 * math.pi * potential
        by_potential = 1 + (2 * math.pi * k) * torch.sin(angle) * (current - 1)
        return by_potential, k * (1 - torch.cos(angle))


class NIF(Membrane):
    r"""Integrate and fire without a leak, :math:`f = I`; the potential may fall below 0.

    Example:
        >>> import torch
        >>> from cayley.spiking import NIF
        >>> NIF(10.0).advance(torch.tensor([0.0, 0.95]), torch.tensor(1.0), 1.0).tolist()
        [0.10000000149011612, 1.0499999523162842]
    """

    __slots__ = ()

    def advance(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return ``v + dt/tau_v I``."""
        return potential + (dt / self.time_constant) * current

    def sensitivities(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Pair:
        """Return 1 and ``dt/tau_v``."""
        k = dt / self.time_constant
        return torch.ones_like(potential), torch.full_like(potential, k)


class LIF(Membrane):
    r"""Leaky integrate and fire, :math:`f = I - v`, with the reset inside the step.

    The velocity is ``I - 1`` just below the threshold and ``I`` just after the reset. A step that
    crosses spends the time left after the crossing at the velocity after the reset: it ends at
    :math:`u = 1 + (v + k(I-v) - 1)\,\frac{I}{I - v}`, ``k = dt/tau_v``. So one step depends
    continuously on where the crossing falls, and its derivative is the exact jump condition of an
    event instead of a surrogate.

    Example:
        >>> import torch
        >>> from cayley.spiking import LIF
        >>> u = LIF(10.0).advance(torch.tensor([0.0, 0.95]), torch.tensor(2.0), 1.0)
        >>> [round(x, 4) for x in u.tolist()]
        [0.2, 1.1048]
    """

    __slots__ = ()

    def advance(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return ``v + dt/tau_v (I - v)``, the part past 1 scaled by ``I / (I - v)``."""
        velocity = current - potential
        over = potential + (dt / self.time_constant) * velocity - 1
        # Only a positive velocity crosses. Elsewhere the result of the division is not used, but
        # its gradient is multiplied by 0, so that it has to be finite: hence the divisor 1.
        crosses = over >= 0
        ratio = current / torch.where(crosses, velocity, 1.0)
        return 1 + torch.where(crosses, over * ratio, over)

    def reach(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return ``v + dt/tau_v (I - v)``."""
        return potential + (dt / self.time_constant) * (current - potential)

    def sensitivities(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Pair:
        """Return the derivatives of the step, with the jump condition where it crosses."""
        k, velocity = dt / self.time_constant, current - potential
        over = potential + k * velocity - 1
        crosses = over >= 0
        safe = torch.where(crosses, velocity, 1.0)
        ratio, bend = current / safe, over / (safe * safe)
        by_potential = torch.where(crosses, (1 - k) * ratio + bend * current, 1 - k)
        return by_potential, torch.where(crosses, k * ratio - bend * potential, k)
