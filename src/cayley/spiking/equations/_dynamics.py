"""The equations of a layer as one frozen value, its state, and the recording of a run."""

import math
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from torch import Tensor

from cayley._shapes import Float
from cayley.spiking._checks import not_negative, positive
from cayley.spiking.equations._gates import Gate, PolynomialGate
from cayley.spiking.equations._membranes import QIF, Membrane

__all__ = ["Dynamics", "GatedState", "Recording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamics:
    r"""Membrane, gate, synaptic time constants and time step; all times in milliseconds.

    .. math::

        \tau\,\dot s = -s + g(v)\,\dot v, \qquad \tau_v\,\dot v = f(v, I), \qquad
        I = \sum_k W_k r_k + U x + b

    where :math:`r = \tau s` is the *trace* of a synapse: a spike adds 1 to it, and it decays with
    its time constant. It is stepped by charge, :math:`r' = e^{-dt/\tau} r + G(v') - G(v)`, so that
    a spike releases exactly 1 whatever the step and the width of the gate.

    Args:
        membrane: The neuron: :class:`QIF`, :class:`NIF` or :class:`LIF`.
        gate: :class:`PolynomialGate`, :class:`CosineGate` or :class:`BoxGate`, with the width of
            the active zone.
        time_constants: One for each recurrent synapse, for instance ``(100.0, 5.0)`` for a slow
            and a fast one; every synapse has its own weights. 0 is a pulse of one step.
        output_time_constant: Of the trace that the layer puts out; 0 puts out the charge of each
            step.
        dt: Time step. Take a tenth of the fastest time constant, and at most
            ``width * tau_v / (2 max(1, I))``, so that no step crosses a whole active zone.

    Raises:
        ValueError: If a time is not positive.
        TypeError: If membrane or gate have another type.

    Example:
        >>> dynamics = Dynamics(time_constants=(100.0, 5.0))
        >>> [round(x, 4) for x in dynamics.decays]
        [0.99, 0.8187]
        >>> dynamics.with_width(0.05).gate
        PolynomialGate(width=0.05)
    """

    membrane: Membrane = field(default_factory=QIF)
    gate: Gate = field(default_factory=PolynomialGate)
    time_constants: tuple[float, ...] = (20.0,)
    output_time_constant: float = 20.0
    dt: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.membrane, Membrane):
            raise TypeError(f"`membrane` must be QIF, NIF or LIF; got {self.membrane!r}.")
        if not isinstance(self.gate, Gate):
            raise TypeError(
                "`gate` must be PolynomialGate, CosineGate or BoxGate with its width; "
                f"got {self.gate!r}."
            )
        if not isinstance(self.time_constants, tuple | list):
            raise TypeError(
                "`time_constants` must be a tuple of milliseconds, one for each synapse; "
                f"got {self.time_constants!r}."
            )
        object.__setattr__(self, "time_constants", tuple(self.time_constants))
        for value in self.time_constants:
            not_negative(value, "time_constants", "milliseconds")
        not_negative(self.output_time_constant, "output_time_constant", "milliseconds")
        positive(self.dt, "dt", "milliseconds")
        if self.dt >= self.membrane.time_constant:
            raise ValueError(
                f"`dt` must be below the membrane's time constant of "
                f"{self.membrane.time_constant} ms; got {self.dt} ms. Both are in milliseconds."
            )

    @property
    def decays(self) -> tuple[float, ...]:
        """The factor of each recurrent trace over one step."""
        return tuple(_decay(self.dt, tau) for tau in self.time_constants)

    @property
    def output_decay(self) -> float:
        """The factor of the output trace over one step."""
        return _decay(self.dt, self.output_time_constant)

    def with_width(self, width: float) -> "Dynamics":
        """Return the same dynamics with an active zone of another width."""
        return replace(self, gate=type(self.gate)(width))


def _decay(dt: float, time_constant: float) -> float:
    return math.exp(-dt / time_constant) if time_constant else 0.0


class GatedState(NamedTuple):
    """Everything that a layer carries from one step to the next.

    Attributes:
        potential: In [0, 1), or below 0 where the membrane allows it, shape ``(batch, neurons)``.
        traces: Of the recurrent synapses, shape ``(batch, synapses, neurons)``.
        output: The trace that is put out, shape ``(batch, neurons)``.
    """

    potential: Float[Tensor, "b n"]
    traces: Float[Tensor, "b k n"]
    output: Float[Tensor, "b n"]

    def detach(self) -> "GatedState":
        """Return the state detached from the graph, for truncated backpropagation."""
        return GatedState(*(part.detach() for part in self))


class Recording(NamedTuple):
    """Every quantity of a run; time steps ``T``, batch ``B``, neurons ``N``.

    Attributes:
        outputs: What the layer puts out after each step, ``(T, B, N)``.
        potentials: Before each step and after the last, ``(T + 1, B, N)``.
        before_reset: Where the straight line of each step leads without a reset, ``(T, B, N)``.
        currents: Total current in each step, ``(T, B, N)``.
        charges: Charge released in each step, ``(T, B, N)``.
        spikes: Threshold crossings in each step, ``(T, B, N)``, whole numbers; -1 where a cyclic
            potential went back over the top.
        state: After the last step, to go on from.
    """

    outputs: Float[Tensor, "t b n"]
    potentials: Float[Tensor, "s b n"]
    before_reset: Float[Tensor, "t b n"]
    currents: Float[Tensor, "t b n"]
    charges: Float[Tensor, "t b n"]
    spikes: Float[Tensor, "t b n"]
    state: tuple[Tensor, ...]
