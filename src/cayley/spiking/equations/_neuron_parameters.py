"""Parameters that differ from neuron to neuron, which of them are trained, and their values."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._shapes import Float
from cayley.spiking._checks import positive
from cayley.spiking.equations._dynamics import Dynamics

__all__ = ["Constants", "NeuronConstants", "NeuronParameters"]

Values = Any
"""A number, or an array, sequence or tensor of numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NeuronParameters:
    r"""Parameters of a layer for each neuron, and which of them are trained with the weights.

    What is None is that of the :class:`Dynamics` for all neurons. All times are in milliseconds.
    With the adaptation trace :math:`A`, thresholds :math:`\theta` and delays :math:`d`, a layer is

    .. math::

        \tau_v\,\dot v = f\Bigl(v, \tfrac{1}{\theta}\bigl(\textstyle\sum_k h_k + Ux + b
        - \beta A\bigr)\Bigr), \quad
        \tau_k\,\dot h_k = -h_k + \tau_k W_k\,q(t - d_k), \quad
        \tau_A\,\dot A = -A + \tau_A\,q,

    where :math:`q` is the charge that flows and potentials are in units of the threshold.

    Args:
        membrane: Time constant of each neuron, ``(neurons,)``, above the time step.
        synapses: Time constants of the current that a synapse makes in the neuron that receives it,
            ``(synapses,)`` or ``(synapses, neurons)``.
        output: Time constant of the trace that is put out, ``(neurons,)``.
        thresholds: Potential at which a neuron fires, ``(neurons,)``; a current of this size is one
            threshold per time constant of the membrane.
        widths: Width of the active zone, as a part of the cycle, ``(neurons,)``.
        adaptation: Strength of a current against firing, ``(neurons,)``: each spike adds so much,
            and it decays with ``adaptation_time``.
        adaptation_time: Its time constant, ``(neurons,)``.
        delays: From a spike to its arrival at the synapse, of the neuron that sends,
            ``(synapses,)`` or ``(synapses, neurons)``. A delay between two steps is divided between
            both, so that its gradient is exact.
        longest_delay: Bound of trained delays.
        refractory: Rest after each spike, ``(neurons,)``: 0, or at least the time step. A neuron at
            rest stays at its reset and takes no current. It begins where the potential crosses
            within the step, so that the gradient is exact. It is not trained.
        trained: Names of the parameters above that are trained, each by a parameter of its own that
            cannot leave the allowed range (such as the logarithm of a time constant).

    Raises:
        ValueError: If a name in ``trained`` is not known, or a trained parameter has no value.

    Example:
        >>> import torch
        >>> from cayley.spiking import LIF, Dynamics, GatedRecurrent, NeuronParameters
        >>> neurons = NeuronParameters(
        ...     membrane=torch.linspace(10.0, 30.0, 20),
        ...     delays=(3.5,),
        ...     trained=("membrane", "delays"),
        ... )
        >>> layer = GatedRecurrent(2, 20, dynamics=Dynamics(membrane=LIF()), neurons=neurons)
        >>> outputs, state = layer(torch.ones(100, 3, 2))
        >>> outputs.sum().backward()
        >>> layer.neurons.raw["membrane"].grad.shape, layer.neurons.value("delays").shape
        (torch.Size([20]), torch.Size([1, 20]))
    """

    membrane: Values = None
    synapses: Values = None
    output: Values = None
    thresholds: Values = None
    widths: Values = None
    adaptation: Values = None
    adaptation_time: Values = None
    delays: Values = None
    longest_delay: float = 20.0
    refractory: Values = None
    trained: Sequence[str] = ()

    def __post_init__(self) -> None:
        positive(self.longest_delay, "longest_delay", "milliseconds")
        if isinstance(self.trained, str):
            raise TypeError(f"`trained` must be a tuple of names; got {self.trained!r}.")
        names = [f.name for f in fields(self)][:-1]
        allowed = [name for name in names if name not in ("longest_delay", "refractory")]
        for name in self.trained:
            if name not in allowed:
                raise ValueError(
                    f"`trained` names parameters of neurons; {name!r} cannot be trained. "
                    f"There are: {', '.join(allowed)}."
                )


class Constants(NamedTuple):
    """What a step computes with, differentiable; neurons ``N``, synapses ``K``.

    Attributes:
        rate: ``dt / tau_v``, ``(N,)``.
        gain: 1 over the threshold, ``(N,)``.
        width: Of the active zone, ``(N,)``.
        decays: Of the synaptic currents over one step, ``(K, N)``.
        output_decay: Of the output trace, ``(N,)``.
        adaptation: Strength, ``(N,)``; None without adaptation.
        adaptation_decay: Of the adaptation trace, ``(N,)``; None without adaptation.
        delays: In steps, ``(K, N)``; None without delays.
        refractory: In steps, ``(N,)``; None without.
    """

    rate: Float[Tensor, " n"]
    gain: Float[Tensor, " n"]
    width: Float[Tensor, " n"]
    decays: Float[Tensor, "k n"]
    output_decay: Float[Tensor, " n"]
    adaptation: Float[Tensor, " n"] | None
    adaptation_decay: Float[Tensor, " n"] | None
    delays: Float[Tensor, "k n"] | None
    refractory: Float[Tensor, " n"] | None


class _Map(NamedTuple):
    """From a value to the parameter that is trained, and back; with the step and longest delay."""

    inward: Callable[[Tensor, float, float], Tensor]
    outward: Callable[[Tensor, float, float], Tensor]


_LOGARITHM = _Map(lambda x, dt, most: x.log(), lambda raw, dt, most: raw.exp())
_MAPS = {
    # Euler's step with dt >= tau_v would overshoot: the time constant stays above the step.
    "membrane": _Map(
        lambda x, dt, most: (x / dt - 1).log(), lambda raw, dt, most: dt * (1 + raw.exp())
    ),
    "synapses": _LOGARITHM,
    "output": _LOGARITHM,
    "thresholds": _LOGARITHM,
    "widths": _Map(lambda x, dt, most: x.logit(), lambda raw, dt, most: raw.sigmoid()),
    "adaptation": _Map(lambda x, dt, most: x.clone(), lambda raw, dt, most: raw),
    "adaptation_time": _LOGARITHM,
    "delays": _Map(
        lambda x, dt, most: (x / most).logit(), lambda raw, dt, most: most * raw.sigmoid()
    ),
}
# 100 ms is of the size of the adaptation of cortical neurons; 0 means none.
_DEFAULTS = {"thresholds": 1.0, "adaptation": 0.0, "adaptation_time": 100.0}
_BY_SYNAPSE = ("synapses", "delays")


class NeuronConstants(nn.Module):
    """The values of :class:`NeuronParameters` in a layer; those that are trained as parameters.

    Attributes:
        raw: The trained parameters by name; ``value(name)`` returns them in their own units.
    """

    refractory: Tensor | None
    delays: Tensor | None

    def __init__(
        self,
        given: NeuronParameters,
        dynamics: Dynamics,
        *,
        neurons: int,
        synapses: int,
        like: Tensor,
    ) -> None:
        super().__init__()
        if not isinstance(given, NeuronParameters):
            raise TypeError(f"`neurons` must be `NeuronParameters`; got {given!r:.80}.")
        self.shape = synapses, neurons
        self.dt, self.longest_delay = dynamics.dt, given.longest_delay
        self.raw = nn.ParameterDict()
        self._from_dynamics = _values_of(dynamics)
        for name, mapped in _MAPS.items():
            value = getattr(given, name)
            trained = name in given.trained
            if value is None and trained:
                value = self._from_dynamics.get(name, _DEFAULTS.get(name))
                if value is None:
                    raise ValueError(f"`{name}` is to be trained and needs a value to start from.")
            if value is None:
                self.register_buffer(name, None)
                continue
            tensor = self._checked(name, value, trained, like)
            if trained:
                self.raw[name] = nn.Parameter(mapped.inward(tensor, self.dt, self.longest_delay))
                self.register_buffer(name, None)
            else:
                self.register_buffer(name, tensor)
        rest = given.refractory
        self.register_buffer(
            "refractory", None if rest is None else self._checked("refractory", rest, False, like)
        )

    def value(self, name: str) -> Tensor | None:
        """Return a parameter in its own units (milliseconds for times); None where not given."""
        if name in self.raw:
            return _MAPS[name].outward(self.raw[name], self.dt, self.longest_delay)
        found: Tensor | None = getattr(self, name)
        return found

    def constants(self, dynamics: Dynamics, like: Tensor) -> Constants:
        """Return what a step computes with.

        Raises:
            ValueError: If the dynamics have since changed where a parameter is given per neuron.
        """
        now = _values_of(dynamics)
        synapses, neurons = self.shape

        def chosen(name: str, *shape: int) -> Tensor:
            value = self.value(name)
            if value is None:
                start = torch.as_tensor(now.get(name, _DEFAULTS.get(name)), dtype=like.dtype)
                start = start.to(like.device)[:synapses, None] if name == "synapses" else start
                return start.expand(shape)
            if name in now and now[name] != self._from_dynamics[name]:
                raise ValueError(
                    f"`dynamics` has another `{name}` than when the layer was made, but the layer "
                    "has its own for each neuron. Give them in `neurons=` of a new layer."
                )
            return value

        dt = dynamics.dt
        if dt != self.dt:
            raise ValueError(
                f"a layer with `neurons` keeps the step that it was made with, {self.dt} ms; got "
                f"{dt} ms. Make a new layer."
            )
        adapts = self.value("adaptation")
        delays = self.value("delays")
        return Constants(
            rate=dt / chosen("membrane", neurons),
            gain=1 / chosen("thresholds", neurons),
            width=chosen("widths", neurons),
            # exp(-dt / 0) is 0: a pulse of one step.
            decays=torch.exp(-dt / chosen("synapses", synapses, neurons)),
            output_decay=torch.exp(-dt / chosen("output", neurons)),
            adaptation=adapts,
            adaptation_decay=None if adapts is None
            else torch.exp(-dt / chosen("adaptation_time", neurons)),
            delays=None if delays is None or not synapses else delays / dt,
            refractory=None if self.refractory is None else self.refractory / dt,
        )  # fmt: skip

    def steps_of_history(self) -> int:
        """Return how many steps back the longest delay reaches."""
        if "delays" in self.raw:
            return math.floor(self.longest_delay / self.dt) + 1
        delays = self.delays
        if delays is None or not self.shape[0]:
            return 0
        return math.floor(float(delays.max()) / self.dt) + 1

    def _checked(self, name: str, value: Values, trained: bool, like: Tensor) -> Tensor:
        """Return a parameter as a tensor with an entry for each neuron, or raise."""
        synapses, neurons = self.shape
        if isinstance(value, Tensor):
            value = value.detach().cpu().numpy()
        array = np.asarray(value)
        if array.dtype.kind not in "fiu":
            raise TypeError(f"`{name}` must hold real numbers; got {value!r:.60}.")
        shape = (synapses, neurons) if name in _BY_SYNAPSE else (neurons,)
        if name in _BY_SYNAPSE and array.shape == (synapses,):
            array = array[:, None]
        elif array.ndim and array.shape != shape:
            allowed = f"({synapses},) or {shape}" if name in _BY_SYNAPSE else f"{shape}"
            raise ValueError(
                f"`{name}` must be a number or have shape {allowed}; got {array.shape}."
            )
        self._check_range(name, array, trained)
        tensor = torch.from_numpy(np.broadcast_to(array, shape).astype(np.float64))
        return tensor.to(dtype=like.dtype, device=like.device)

    def _check_range(self, name: str, array: NDArray[Any], trained: bool) -> None:
        """Raise unless every value is allowed; one that is trained must be strictly inside."""
        low = {"membrane": self.dt, "adaptation": -math.inf}.get(name, 0.0)
        high = {"widths": 1.0}.get(name, math.inf)
        if name == "delays" and trained:
            high = self.longest_delay
        from_low = name in ("delays", "refractory", "synapses", "output") and not trained
        to_high = not (trained and math.isfinite(high))
        inside = np.isfinite(array)
        inside &= (array >= low) if from_low else (array > low)
        inside &= (array <= high) if to_high else (array < high)
        if not inside.all():
            ends = "finite" if low == -math.inf else f"{'at least' if from_low else 'above'} {low}"
            if math.isfinite(high):
                ends += f" and {'at most' if to_high else 'below'} {high}"
            raise ValueError(f"`{name}` must be {ends}; got {array[~inside].flat[0]}.")
        if name == "refractory" and ((array > 0) & (array < self.dt)).any():
            raise ValueError(
                f"`refractory` must be 0 or at least the time step of {self.dt} ms, so that a "
                f"neuron fires at most once in a step; got {array[array > 0].min()}."
            )


def _values_of(dynamics: Dynamics) -> dict[str, Any]:
    """Return what the dynamics say of parameters that may be given per neuron."""
    return {
        "membrane": dynamics.membrane.time_constant,
        "synapses": dynamics.time_constants,
        "output": dynamics.output_time_constant,
        "widths": dynamics.gate.width,
    }
