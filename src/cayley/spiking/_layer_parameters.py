"""Parameters, states and checks that one step and a run over time share."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from cayley._shapes import Float
from cayley.spiking._checks import (
    Shape,
    check_any_inputs,
    check_inputs,
    check_state,
    positive_integer,
)
from cayley.spiking.adjoint._adjoint import DriveSource
from cayley.spiking.equations._dynamics import Dynamics, GatedState
from cayley.spiking.equations._euler_method import Step, gated_step
from cayley.spiking.equations._neuron_parameters import Constants, NeuronConstants, NeuronParameters
from cayley.spiking.equations._population_step import (
    PopulationState,
    PopulationStep,
    population_step,
)

__all__ = ["GatedLayer", "State"]

State = GatedState | PopulationState


class GatedLayer(nn.Module):
    """Parameters that a single step and a run over time share."""

    initial_potential: Float[Tensor, " n"]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        dynamics: Dynamics | None = None,
        neurons: NeuronParameters | None = None,
        inputs: nn.Module | None = None,
        recurrent: bool = True,
        bias: float = 0.5,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        if inputs is None:
            positive_integer(input_size, "input_size")
        elif not isinstance(inputs, nn.Module):
            raise TypeError(f"`inputs` must be a torch module; got {inputs!r:.80}.")
        positive_integer(hidden_size, "hidden_size")
        if dynamics is not None and not isinstance(dynamics, Dynamics):
            raise TypeError(f"`dynamics` must be a `Dynamics`; got {dynamics!r}.")
        self.input_size, self.hidden_size = input_size, hidden_size
        self.dynamics = dynamics or Dynamics()
        synapses = len(self.dynamics.time_constants) if recurrent else 0

        def normal(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator, dtype=dtype).to(device)

        # Inputs of size 1 give currents of size 1, which is one threshold per membrane constant.
        # Recurrent weights start ten times smaller: strong recurrent excitation makes the network
        # chaotic, and gradients overflow over long runs. The order of the draws fixes what a seed
        # gives and must not change.
        self.inputs = inputs
        if inputs is None:
            weight = normal(hidden_size, input_size) / math.sqrt(input_size)
            self.input_weight = nn.Parameter(weight)
        else:
            self.register_parameter("input_weight", None)
        self.recurrent_weight = nn.Parameter(
            0.1 * normal(synapses, hidden_size, hidden_size) / math.sqrt(hidden_size)
        )
        self.bias = nn.Parameter(torch.full((hidden_size,), bias, dtype=dtype, device=device))
        start = torch.rand(hidden_size, generator=generator, dtype=dtype)
        # Spread over the lower half of the cycle: neurons with equal potentials would spike in
        # step, and below 1/2 none is in the active zone of the default gate.
        self.register_buffer("initial_potential", 0.5 * start.to(device))
        self.neurons = (
            None
            if neurons is None
            else NeuronConstants(
                neurons, self.dynamics, neurons=hidden_size, synapses=synapses, like=self.bias
            )
        )

    @property
    def recurrent(self) -> bool:
        """Whether the neurons of the layer reach one another."""
        return len(self.recurrent_weight) > 0

    @property
    def output_decay(self) -> float | Float[Tensor, " n"]:
        """The factor of the output trace over one step, or one for each neuron."""
        if self.neurons is None:
            return self.dynamics.output_decay
        return self._constants().output_decay

    def initial_state(self, batch: int) -> State:
        """Return the state before the first step: the initial potentials, and traces of 0."""
        positive_integer(batch, "batch")
        initial = self.initial_potential
        kind, shapes = self._state_shapes(batch)
        zeros = (initial.new_zeros(shape) for shape in list(shapes.values())[1:])
        return kind(initial.expand(batch, -1), *zeros)

    def _state_shapes(self, batch: int) -> tuple[type[State], dict[str, tuple[int, ...]]]:
        """Return the kind of state that the layer has, and the shapes of its parts."""
        n, k = self.hidden_size, len(self.recurrent_weight)
        if self.neurons is None:
            return GatedState, {
                "potential": (batch, n), "traces": (batch, k, n), "output": (batch, n),
            }  # fmt: skip
        return PopulationState, {
            "potential": (batch, n), "currents": (batch, k, n), "output": (batch, n),
            "adaptation": (batch, n), "rest": (batch, n),
            "history": (batch, self.neurons.steps_of_history(), n),
        }  # fmt: skip

    def _state(self, state: State | None, batch: int) -> State:
        """Return ``state`` after checking it, or the initial state for None."""
        if state is None:
            return self.initial_state(batch)
        kind, shapes = self._state_shapes(batch)
        if not (isinstance(state, tuple) and len(state) == len(kind._fields)):
            raise TypeError(
                f"`state` must be None or the `{kind.__name__}` of an earlier call; "
                f"got {state!r:.80}."
            )
        state = kind(*state)
        parts = zip(shapes.items(), state, strict=True)
        check_state({Shape(*shape): part for shape, part in parts}, like=self.bias)
        return state

    def _drive(self, inputs: Tensor, *, axes: tuple[str, ...]) -> DriveSource:
        """Return what the drive is computed from, after checking the inputs.

        The axes before the features are time and batch, or batch alone.
        """
        inputs = self._precise(inputs)
        if self.inputs is None:
            check_inputs(inputs, axes=axes, features=self.input_size, like=self.bias)
            return DriveSource(inputs, self.input_weight, self.bias)
        lead = len(axes) - 1
        check_any_inputs(inputs, axes=axes, like=self.bias)
        with torch.autocast(inputs.device.type, enabled=False):
            # A module sees time steps and samples as one batch, as every torch layer has it.
            current = self._module_currents(inputs.flatten(0, lead - 1))
        if current.shape[1] != self.hidden_size:
            raise ValueError(
                f"`inputs` makes {current.shape[1]} currents of each input of shape "
                f"{tuple(inputs.shape[lead:])}; the layer has {self.hidden_size} neurons."
            )
        return DriveSource(current.reshape(*inputs.shape[:lead], self.hidden_size), None, self.bias)

    def _module_currents(self, inputs: Float[Tensor, "r ..."]) -> Float[Tensor, "r n"]:
        """Return what the module in place of the weights makes of inputs."""
        assert self.inputs is not None
        current: Tensor = self.inputs(inputs).flatten(1)
        return current

    def _precise(self, inputs: Tensor) -> Tensor:
        """Return inputs as they are; under autocast, in the precision of the parameters.

        A run is many small steps, whose sum half precision would lose: autocast does not act on it.
        """
        if not isinstance(inputs, Tensor) or not inputs.is_floating_point():
            return inputs
        kind = inputs.device.type
        if kind != "meta" and torch.is_autocast_enabled(kind):
            return inputs.to(self.bias.dtype)
        return inputs

    def _constants(self) -> Constants:
        """Return the constants of each neuron; only where the layer has them."""
        assert self.neurons is not None
        return self.neurons.constants(self.dynamics, self.bias)

    def _stepper(self) -> Callable[[Tensor, Any], Step | PopulationStep]:
        """Return the function that takes one step from a drive and a state."""
        weights, dynamics = self.recurrent_weight, self.dynamics
        if self.neurons is None:
            return lambda drive, state: gated_step(drive, state, weights, dynamics, record=True)
        constants = self._constants()
        return lambda drive, state: population_step(
            drive, state, weights, dynamics, constants, record=True
        )

    def extra_repr(self) -> str:
        """Return sizes and equations as text."""
        recurrent = "" if self.recurrent else ", recurrent=False"
        return f"{self.input_size}, {self.hidden_size}{recurrent}, {self.dynamics}"
