"""Membranes: how a potential moves in one step, and the derivatives of that step."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking._checks import positive

__all__ = ["LIF", "NIF", "QIF", "Membrane", "Rate", "Reset"]

Pair = tuple[Float[Tensor, "*b"], Float[Tensor, "*b"]]
Triple = tuple[Float[Tensor, "*b"], Float[Tensor, "*b"], Float[Tensor, "*b"]]
Rate = float | Float[Tensor, " n"]
"""``dt / tau_v``, one for all neurons or one for each."""
Reset = Literal["exact", "subtract", "zero"]


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
    def velocity(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Float[Tensor, "*b"]:
        """Return ``f``, the change of the potential in one time constant."""

    @abstractmethod
    def velocity_derivatives(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Pair:
        """Return the derivatives of :meth:`velocity` by the potential and by the current."""

    def advance(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return the potential ``dt`` milliseconds later, before whole turns are taken off."""
        return self.advance_by(potential, current, dt / self.time_constant)

    def advance_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Float[Tensor, "*b"]:
        """Return the potential after the part ``rate`` of a time constant."""
        return self.reach_by(potential, current, rate)

    def sensitivities(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Pair:
        """Return the derivatives of :meth:`advance` by the potential and by the current."""
        return self.sensitivities_by(potential, current, dt / self.time_constant)[:2]

    def sensitivities_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Triple:
        """Return the derivatives of :meth:`advance_by` by potential, current and rate."""
        by_potential, by_current = self.velocity_derivatives(potential, current)
        return 1 + rate * by_potential, rate * by_current, self.velocity(potential, current)

    def reach(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], dt: float
    ) -> Float[Tensor, "*b"]:
        """Return the potential at the end of Euler's straight line, without a reset in the step."""
        return self.reach_by(potential, current, dt / self.time_constant)

    def reach_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Float[Tensor, "*b"]:
        """Return ``v + rate f``."""
        return potential + rate * self.velocity(potential, current)

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

    def velocity(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Float[Tensor, "*b"]:
        """Return ``(1 + cos 2 pi v) + (1 - cos 2 pi v) I``."""
        c = torch.cos(2 * math.pi * potential)
        return (1 + c) + (1 - c) * current

    def velocity_derivatives(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Pair:
        """Return ``2 pi sin(2 pi v) (I - 1)`` and ``1 - cos 2 pi v``."""
        angle = 2 * math.pi * potential
        return 2 * math.pi * torch.sin(angle) * (current - 1), 1 - torch.cos(angle)


@dataclass(frozen=True, slots=True)
class NIF(Membrane):
    r"""Integrate and fire without a leak, :math:`f = I`; the potential may fall below 0.

    Args:
        time_constant: :math:`\tau_v` in milliseconds.
        reset: What a step does that crosses the threshold: ``"exact"`` keeps the part past it, and
            so does ``"subtract"``; ``"zero"`` drops it, as many simulators do.

    Raises:
        ValueError: If the time constant is not positive or the reset is unknown.

    Example:
        >>> import torch
        >>> from cayley.spiking import NIF
        >>> NIF(10.0).advance(torch.tensor([0.0, 0.95]), torch.tensor(1.0), 1.0).tolist()
        [0.10000000149011612, 1.0499999523162842]
    """

    reset: Reset = "exact"

    def __post_init__(self) -> None:
        positive(self.time_constant, "time_constant", "milliseconds")
        _known(self.reset)

    def velocity(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Float[Tensor, "*b"]:
        """Return ``I``."""
        return current.expand_as(potential) if current.ndim < potential.ndim else current

    def velocity_derivatives(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Pair:
        """Return 0 and 1."""
        return torch.zeros_like(potential), torch.ones_like(potential)

    def advance_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Float[Tensor, "*b"]:
        """Return ``v + rate I``, with a reset to zero at most 1."""
        reached = self.reach_by(potential, current, rate)
        return _at_most_one(reached) if self.reset == "zero" else reached

    def sensitivities_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Triple:
        """Return 1, the rate and ``I``; all 0 where a step ends in a reset to zero."""
        found = Membrane.sensitivities_by(self, potential, current, rate)
        if self.reset != "zero":
            return found
        return _unless(self.reach_by(potential, current, rate) >= 1, found)


@dataclass(frozen=True, slots=True)
class LIF(Membrane):
    r"""Leaky integrate and fire, :math:`f = I - v`, with the reset inside the step.

    The velocity is ``I - 1`` just below the threshold and ``I`` just after the reset. A step that
    crosses spends the time left after the crossing at the velocity after the reset: it ends at
    :math:`u = 1 + (v + k(I-v) - 1)\,\frac{I}{I - v}`, ``k = dt/tau_v``. So one step depends
    continuously on where the crossing falls, and its derivative is the exact jump condition of an
    event instead of a surrogate.

    Args:
        time_constant: :math:`\tau_v` in milliseconds.
        reset: ``"exact"`` as above. ``"subtract"`` takes 1 off the end of Euler's line, ``"zero"``
            starts again at 0 whatever the line reached: what other simulators do, for exchange with
            them. With these two a step is no continuous function of where the crossing falls, so
            that the gradient is that of each step and misses the shift of the crossing.

    Raises:
        ValueError: If the time constant is not positive or the reset is unknown.

    Example:
        >>> import torch
        >>> u = LIF(10.0).advance(torch.tensor([0.0, 0.95]), torch.tensor(2.0), 1.0)
        >>> [round(x, 4) for x in u.tolist()]
        [0.2, 1.1048]
        >>> LIF(10.0, reset="zero").advance(torch.tensor(0.95), torch.tensor(2.0), 1.0).item()
        1.0
    """

    reset: Reset = "exact"

    def __post_init__(self) -> None:
        positive(self.time_constant, "time_constant", "milliseconds")
        _known(self.reset)

    def velocity(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Float[Tensor, "*b"]:
        """Return ``I - v``."""
        return current - potential

    def velocity_derivatives(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"]
    ) -> Pair:
        """Return -1 and 1."""
        ones = torch.ones_like(potential)
        return -ones, ones

    def advance_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Float[Tensor, "*b"]:
        """Return ``v + rate (I - v)``, the part past 1 scaled by ``I / (I - v)``."""
        velocity = current - potential
        over = potential + rate * velocity - 1
        if self.reset != "exact":
            return 1 + (over if self.reset == "subtract" else _at_most_one(over + 1) - 1)
        # Only a positive velocity crosses. Elsewhere the result of the division is not used, but
        # its gradient is multiplied by 0, so that it has to be finite: hence the divisor 1.
        crosses = over >= 0
        ratio = current / torch.where(crosses, velocity, 1.0)
        return 1 + torch.where(crosses, over * ratio, over)

    def sensitivities_by(
        self, potential: Float[Tensor, "*b"], current: Float[Tensor, "*b"], rate: Rate
    ) -> Triple:
        """Return the derivatives of the step, with the jump condition where it crosses."""
        velocity = current - potential
        over = potential + rate * velocity - 1
        crosses = over >= 0
        plain = Membrane.sensitivities_by(self, potential, current, rate)
        if self.reset != "exact":
            return plain if self.reset == "subtract" else _unless(crosses, plain)
        safe = torch.where(crosses, velocity, 1.0)
        ratio, bend = current / safe, over / (safe * safe)
        return (
            torch.where(crosses, (1 - rate) * ratio + bend * current, plain[0]),
            torch.where(crosses, rate * ratio - bend * potential, plain[1]),
            torch.where(crosses, current, plain[2]),  # the velocity after the reset is I
        )


def _known(reset: str) -> None:
    if reset not in ("exact", "subtract", "zero"):
        raise ValueError(f'`reset` must be "exact", "subtract" or "zero"; got {reset!r}.')


def _at_most_one(reached: Float[Tensor, "*b"]) -> Float[Tensor, "*b"]:
    """Return 1 at and past the threshold: one turn, and nothing left of it."""
    # Not `clamp`, whose derivative at exactly 1 is 1.
    return torch.where(reached >= 1, torch.ones_like(reached), reached)


def _unless(crosses: Tensor, found: Triple) -> Triple:
    """Return derivatives that are 0 where the threshold is crossed."""
    a, b, c = (torch.where(crosses, torch.zeros_like(crosses, dtype=x.dtype), x) for x in found)
    return a, b, c
