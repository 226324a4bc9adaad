"""Layers of gated spiking neurons: one step, a run over time, and stacks of runs."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley._shapes import Float, Int
from cayley.spiking._adjoint import (
    Backend,
    DriveSource,
    SweepPlan,
    choose_engine,
    run_with_adjoint,
)
from cayley.spiking._checks import (
    Shape,
    check_inputs,
    check_state,
    positive,
    positive_integer,
    refuse_transforms,
)
from cayley.spiking._dynamics import Dynamics, GatedState, Recording
from cayley.spiking._euler_method import gated_step, unroll
from cayley.spiking._lengths import check_lengths, run_to_lengths
from cayley.spiking._operators import described, run_as_operator

__all__ = ["GatedCell", "GatedRecurrent", "GatedStack", "StackState"]

Gradient = Literal["adjoint", "autograd"]


class _GatedLayer(nn.Module):
    """Parameters that a single step and a run over time share."""

    initial_potential: Float[Tensor, " n"]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        dynamics: Dynamics | None = None,
        recurrent: bool = True,
        bias: float = 0.5,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        positive_integer(input_size, "input_size")
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
        self.input_weight = nn.Parameter(normal(hidden_size, input_size) / math.sqrt(input_size))
        self.recurrent_weight = nn.Parameter(
            0.1 * normal(synapses, hidden_size, hidden_size) / math.sqrt(hidden_size)
        )
        self.bias = nn.Parameter(torch.full((hidden_size,), bias, dtype=dtype, device=device))
        start = torch.rand(hidden_size, generator=generator, dtype=dtype)
        # Spread over the lower half of the cycle: neurons with equal potentials would spike in
        # step, and below 1/2 none is in the active zone of the default gate.
        self.register_buffer("initial_potential", 0.5 * start.to(device))

    @property
    def recurrent(self) -> bool:
        """Whether the neurons of the layer reach one another."""
        return len(self.recurrent_weight) > 0

    def initial_state(self, batch: int) -> GatedState:
        """Return the state before the first step: the initial potentials, and traces of 0."""
        positive_integer(batch, "batch")
        initial = self.initial_potential
        synapses = len(self.recurrent_weight)
        return GatedState(
            initial.expand(batch, -1),
            initial.new_zeros(batch, synapses, self.hidden_size),
            initial.new_zeros(batch, self.hidden_size),
        )

    def _state(self, state: GatedState | None, batch: int) -> GatedState:
        """Return ``state`` after checking it, or the initial state for None."""
        if state is None:
            return self.initial_state(batch)
        if not (isinstance(state, tuple) and len(state) == len(GatedState._fields)):
            raise TypeError(
                f"`state` must be None or the `GatedState` of an earlier call; got {state!r:.80}."
            )
        state = GatedState(*state)
        n, k = self.hidden_size, len(self.recurrent_weight)
        check_state(
            {
                Shape("potential", (batch, n)): state.potential,
                Shape("traces", (batch, k, n)): state.traces,
                Shape("output", (batch, n)): state.output,
            },
            like=self.bias,
        )
        return state

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

    def extra_repr(self) -> str:
        """Return sizes and equations as text."""
        recurrent = "" if self.recurrent else ", recurrent=False"
        return f"{self.input_size}, {self.hidden_size}{recurrent}, {self.dynamics}"


class GatedCell(_GatedLayer):
    """One step of a layer of gated spiking neurons, differentiated by autograd.

    For loops of one's own, such as closed loops with an environment. Parameters and state are
    those of :class:`GatedRecurrent`; a run of the cell over time gives the same numbers.

    Args:
        input_size: Number of inputs.
        hidden_size: Number of neurons.
        dynamics: The equations, all times in milliseconds.
        recurrent: Whether the neurons reach one another.
        bias: Initial constant current.
        generator: Source of the initial weights and potentials.
        dtype: Of the parameters.
        device: Of the parameters.

    Raises:
        ValueError: If a size is not positive.

    Example:
        >>> import torch
        >>> from cayley.spiking import GatedCell
        >>> cell = GatedCell(2, 5, generator=torch.Generator().manual_seed(0))
        >>> output, state = cell(torch.zeros(3, 2))
        >>> output, state = cell(torch.zeros(3, 2), state)
        >>> output.shape
        torch.Size([3, 5])
    """

    def forward(
        self, inputs: Float[Tensor, "b f"], state: GatedState | None = None
    ) -> tuple[Float[Tensor, "b n"], GatedState]:
        """Return the output trace after one step, and the state."""
        inputs = self._precise(inputs)
        check_inputs(inputs, axes=("batch", "features"), features=self.input_size, like=self.bias)
        before = self._state(state, len(inputs))
        with torch.autocast(inputs.device.type, enabled=False):
            drive = F.linear(inputs, self.input_weight, self.bias)
            after = gated_step(drive, before, self.recurrent_weight, self.dynamics).state
        return after.output, after


class GatedRecurrent(_GatedLayer):
    r"""A layer of spiking neurons with gated synapses, run over time, with exact gradients.

    ``outputs, state = layer(inputs, state=None)``: inputs ``(time, batch, features)``, outputs the
    filtered spike trains ``(time, batch, neurons)``, in units of one spike. A readout is a
    ``torch.nn.Linear`` on the outputs. A run depends on inputs, state and parameters only: two
    halves, the second started from the state of the first, give the same as the whole.

    Args:
        input_size: Number of inputs.
        hidden_size: Number of neurons.
        dynamics: The equations, all times in milliseconds. May be reassigned, for instance to
            narrow the active zone: ``layer.dynamics = layer.dynamics.with_width(0.05)``.
        recurrent: Whether the neurons reach one another.
        bias: Initial constant current; 0.5 keeps a QIF neuron at some 57 Hz (25 ms).
        gradient: ``"adjoint"``, the hand-written backward pass, or ``"autograd"``; same numbers.
        backend: What computes the adjoint: ``"numba"``, the compiled kernel that visits only
            pairs in the active zone (float32 on a CPU), ``"torch"``, which runs anywhere, or
            ``"auto"``, the first where it applies.
        checkpoint: Keep the state every so many steps only, and recompute in between: memory for
            time, same gradient.
        clip_samples: Scale down the gradient of a sample whose adjoint is larger than this many
            times the median of its batch, and leave out one that overflowed. The result is no
            longer the exact gradient; None changes nothing.
        generator: Source of the initial weights and potentials.
        dtype: Of the parameters.
        device: Of the parameters.

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> from cayley.spiking import GatedRecurrent
        >>> layer = GatedRecurrent(2, 20, generator=torch.Generator().manual_seed(0))
        >>> readout = torch.nn.Linear(20, 1)
        >>> outputs, state = layer(torch.zeros(100, 3, 2))
        >>> outputs.shape, readout(outputs).shape
        (torch.Size([100, 3, 20]), torch.Size([100, 3, 1]))
        >>> outputs, state = layer(torch.zeros(100, 3, 2), state.detach())

    References:
        Huh and Sejnowski, "Gradient Descent for Spiking Neural Networks", NeurIPS 2018,
        arXiv:1706.04698.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        dynamics: Dynamics | None = None,
        recurrent: bool = True,
        bias: float = 0.5,
        gradient: Gradient = "adjoint",
        backend: Backend = "auto",
        checkpoint: int | None = None,
        clip_samples: float | None = None,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__(
            input_size,
            hidden_size,
            dynamics=dynamics,
            recurrent=recurrent,
            bias=bias,
            generator=generator,
            dtype=dtype,
            device=device,
        )
        if gradient not in ("adjoint", "autograd"):
            raise ValueError(f'`gradient` must be "adjoint" or "autograd"; got {gradient!r}.')
        if backend not in ("auto", "numba", "torch"):
            raise ValueError(f'`backend` must be "auto", "numba" or "torch"; got {backend!r}.')
        if checkpoint is not None:
            positive_integer(checkpoint, "checkpoint")
        if clip_samples is not None:
            positive(clip_samples, "clip_samples", "medians")
        if gradient == "autograd" and (checkpoint is not None or clip_samples is not None):
            raise ValueError(
                '`checkpoint` and `clip_samples` belong to `gradient="adjoint"`; got "autograd".'
            )
        self.gradient, self.backend = gradient, backend
        self.checkpoint, self.clip_samples = checkpoint, clip_samples

    def forward(
        self,
        inputs: Float[Tensor, "t b f"],
        state: GatedState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b n"], GatedState]:
        """Return the output traces after each step, and the state after the last.

        Args:
            inputs: Of every step.
            state: Before the first step; None for the initial state.
            lengths: Number of steps of each sample, from 1 to ``time``, where they differ. Outputs
                past a sample's end are 0, its state is that after its own last step, and what its
                inputs hold past it is not read. Everything is as in a run of the sample alone.

        Raises:
            TypeError: If inputs or state have another dtype or device than the parameters.
            ValueError: If their shapes do not fit, or with lengths a clip is set.
            FloatingPointError: If the potentials overflow.
        """
        source, start = self._enter(inputs, state)
        if lengths is None:
            return self._run(source, start)
        if self.clip_samples is not None:
            raise ValueError(
                "`clip_samples` compares samples over whole runs and cannot be used with `lengths`."
            )
        return run_to_lengths(self._run, source, start, check_lengths(lengths, inputs))

    def _run(self, source: DriveSource, start: GatedState) -> tuple[Tensor, GatedState]:
        """Return outputs and last state of a run by the chosen gradient and backend."""
        with torch.autocast(source.inputs.device.type, enabled=False):
            if self.gradient == "autograd":
                return unroll(source.drive(), start, self.recurrent_weight, self.dynamics)
            if torch.compiler.is_compiling():
                equations = described(
                    self.dynamics, self.backend, self.checkpoint, self.clip_samples
                )
                return run_as_operator(source, start, self.recurrent_weight, equations)
            refuse_transforms()
            engine = choose_engine(self.backend, self.bias)
            plan = SweepPlan(self.dynamics, engine, self.checkpoint, self.clip_samples)
            return run_with_adjoint(source, start, self.recurrent_weight, plan)

    @torch.no_grad()
    def record(self, inputs: Float[Tensor, "t b f"], state: GatedState | None = None) -> Recording:
        """Run as ``forward`` does, in plain torch, and return every quantity of every step.

        Example:
            >>> import torch
            >>> generator = torch.Generator().manual_seed(0)
            >>> layer = GatedRecurrent(1, 4, bias=1.0, recurrent=False, generator=generator)
            >>> run = layer.record(torch.zeros(1000, 1, 1))
            >>> int(run.spikes.sum()), run.potentials.shape
            (320, torch.Size([1001, 1, 4]))
        """
        source, now = self._enter(inputs, state)
        membrane, dt = self.dynamics.membrane, self.dynamics.dt
        potentials, reached, steps = [now.potential], [], []
        with torch.autocast(inputs.device.type, enabled=False):
            for value in source.drive().unbind(0):
                step = gated_step(value, now, self.recurrent_weight, self.dynamics)
                reached.append(membrane.reach(now.potential, step.current, dt))
                now = step.state
                potentials.append(now.potential)
                steps.append(step)
        return Recording(
            outputs=torch.stack([step.state.output for step in steps]),
            potentials=torch.stack(potentials),
            before_reset=torch.stack(reached),
            currents=torch.stack([step.current for step in steps]),
            charges=torch.stack([step.charge for step in steps]),
            spikes=torch.stack([step.turns for step in steps]),
            state=now,
        )

    def _enter(self, inputs: Tensor, state: GatedState | None) -> tuple[DriveSource, GatedState]:
        """Return what the drive is computed from and the first state, after checking both."""
        inputs = self._precise(inputs)
        check_inputs(
            inputs,
            axes=("time", "batch", "features"),
            features=self.input_size,
            like=self.bias,
        )
        source = DriveSource(inputs, self.input_weight, self.bias)
        return source, self._state(state, inputs.shape[1])


class StackState(NamedTuple):
    """The states of the layers of a stack, first to last."""

    layers: tuple[GatedState, ...]

    def detach(self) -> "StackState":
        """Return the state cut off from the graph."""
        return StackState(tuple(state.detach() for state in self.layers))


class GatedStack(nn.Module):
    """Layers on top of one another: each takes the output traces of the one below.

    Args:
        layers: :class:`GatedRecurrent` layers, recurrent or not, whose sizes fit.

    Raises:
        ValueError: If there is no layer, or the sizes of two neighbors differ.

    Example:
        >>> import torch
        >>> from cayley.spiking import GatedRecurrent, GatedStack
        >>> stack = GatedStack([
        ...     GatedRecurrent(2, 8, recurrent=False), GatedRecurrent(8, 4, recurrent=False),
        ... ])
        >>> outputs, state = stack(torch.zeros(50, 3, 2))
        >>> outputs.shape, len(state.layers)
        (torch.Size([50, 3, 4]), 2)
    """

    def __init__(self, layers: Sequence[GatedRecurrent]) -> None:
        super().__init__()
        if not layers:
            raise ValueError("`layers` must hold at least one layer; got none.")
        for below, above in pairwise(layers):
            if below.hidden_size != above.input_size:
                raise ValueError(
                    f"a layer of {below.hidden_size} neurons cannot feed one of "
                    f"{above.input_size} inputs."
                )
        self.layers = nn.ModuleList(layers)

    def forward(
        self,
        inputs: Float[Tensor, "t b f"],
        state: StackState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b n"], StackState]:
        """Return the output traces of the last layer, and the state of all.

        ``lengths`` are those of :class:`GatedRecurrent`.
        """
        if state is not None and not isinstance(state, StackState):
            raise TypeError(
                f"`state` must be None or the `StackState` of an earlier call; got {state!r:.80}."
            )
        before = (None,) * len(self.layers) if state is None else state.layers
        if len(before) != len(self.layers):
            raise ValueError(f"`state` must have {len(self.layers)} layers; got {len(before)}.")
        after = []
        for layer, start in zip(self.layers, before, strict=True):
            inputs, last = layer(inputs, start, lengths)
            after.append(last)
        return inputs, StackState(tuple(after))
