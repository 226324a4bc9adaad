"""Layers of gated spiking neurons: one step, and a run over time."""

import warnings
from typing import Literal

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from cayley._shapes import Float, Int
from cayley.spiking._checks import positive, positive_integer, refuse_transforms
from cayley.spiking._layer_parameters import GatedLayer, State
from cayley.spiking._lengths import check_lengths, run_to_lengths
from cayley.spiking.adjoint._adjoint import (
    Backend,
    DriveSource,
    SweepPlan,
    choose_engine,
    run_with_adjoint,
)
from cayley.spiking.adjoint._operators import described, run_as_operator
from cayley.spiking.adjoint._population_adjoint import run_population
from cayley.spiking.equations._dynamics import Dynamics, Recording
from cayley.spiking.equations._euler_method import unroll
from cayley.spiking.equations._neuron_parameters import NeuronParameters
from cayley.spiking.equations._population_step import PopulationState, unroll_population

__all__ = ["GatedCell", "GatedRecurrent"]

Gradient = Literal["adjoint", "autograd"]


class GatedCell(GatedLayer):
    """One step of a layer of gated spiking neurons, differentiated by autograd.

    For loops of one's own, such as closed loops with an environment. Parameters and state are
    those of :class:`GatedRecurrent`; a run of the cell over time gives the same numbers.

    Args:
        input_size: Number of inputs.
        hidden_size: Number of neurons.
        dynamics: The equations, all times in milliseconds.
        neurons: Parameters of each neuron, as in :class:`GatedRecurrent`.
        inputs: A module in place of the input weights, as in :class:`GatedRecurrent`.
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
        self, inputs: Float[Tensor, "b ..."], state: State | None = None
    ) -> tuple[Float[Tensor, "b n"], State]:
        """Return the output trace after one step, and the state."""
        source = self._drive(inputs, axes=("batch", "features"))
        before = self._state(state, len(inputs))
        with torch.autocast(inputs.device.type, enabled=False):
            after = self._stepper()(source.drive(), before).state
        return after.output, after


class GatedRecurrent(GatedLayer):
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
        neurons: Parameters of each neuron, trained or not: time constants, thresholds, widths,
            delays, adaptation, rest after a spike.
        inputs: A module that makes the currents of a step in place of a dense weight, such as
            ``nn.Conv2d(1, 8, 5)``: it gets steps and samples as one batch, ``(time * batch, ...)``,
            and its result is flattened to ``hidden_size`` currents. ``input_size`` is then free,
            and inputs may have any shape after ``(time, batch)``.
        recurrent: Whether the neurons reach one another.
        bias: Initial constant current; 0.5 keeps a QIF neuron at some 57 Hz (25 ms).
        gradient: ``"adjoint"``, the hand-written backward pass, or ``"autograd"``; same numbers.
        backend: What computes the adjoint: ``"compiled"``, a kernel that visits only pairs in the
            active zone (float32 on a CPU), ``"torch"``, which runs anywhere, or ``"auto"``, the
            first where it applies. ``"triton"``, a kernel for GPUs and up to 256 neurons with one
            synapse, has been run in Triton's interpreter only.
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
        neurons: NeuronParameters | None = None,
        inputs: nn.Module | None = None,
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
            neurons=neurons,
            inputs=inputs,
            recurrent=recurrent,
            bias=bias,
            generator=generator,
            dtype=dtype,
            device=device,
        )
        if gradient not in ("adjoint", "autograd"):
            raise ValueError(f'`gradient` must be "adjoint" or "autograd"; got {gradient!r}.')
        if str(backend) == "numba":
            warnings.warn(
                '`backend="numba"` is `backend="compiled"` now: numba no longer compiles it.',
                DeprecationWarning,
                stacklevel=2,
            )
            backend = "compiled"
        if backend not in ("auto", "compiled", "torch", "triton"):
            raise ValueError(
                f'`backend` must be "auto", "compiled", "torch" or "triton"; got {backend!r}.'
            )
        if checkpoint is not None:
            positive_integer(checkpoint, "checkpoint")
        if clip_samples is not None:
            positive(clip_samples, "clip_samples", "medians")
        if gradient == "autograd" and (checkpoint is not None or clip_samples is not None):
            raise ValueError(
                '`checkpoint` and `clip_samples` belong to `gradient="adjoint"`; got "autograd".'
            )
        if neurons is not None and clip_samples is not None:
            raise ValueError("`clip_samples` cannot be used with `neurons`.")
        if neurons is not None and backend in ("compiled", "triton"):
            raise ValueError(
                f'`backend="{backend}"` has one set of constants for all neurons; use "auto" or '
                '"torch" with `neurons`.'
            )
        self.gradient, self.backend = gradient, backend
        self.checkpoint, self.clip_samples = checkpoint, clip_samples

    def forward(
        self,
        inputs: Float[Tensor, "t b ..."],
        state: State | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b n"], State]:
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

    def _run(self, source: DriveSource, start: State) -> tuple[Tensor, State]:
        """Return outputs and last state of a run by the chosen gradient and backend."""
        with torch.autocast(source.inputs.device.type, enabled=False):
            if isinstance(start, PopulationState):
                return self._run_population(source.drive(), start)
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

    def _module_currents(self, inputs: Float[Tensor, "r ..."]) -> Float[Tensor, "r n"]:
        """Return what the module makes of inputs; of spike trains, event by event."""
        if self.gradient == "adjoint" and not torch.compiler.is_compiling():
            refuse_transforms()
            if choose_engine(self.backend, self.bias).skips_zeros:
                # Imported here because it imports the compiler, which other engines do not need.
                from cayley.spiking.adjoint._event_product import linear_events

                assert self.inputs is not None
                current = linear_events(self.inputs, inputs)
                if current is not None:
                    return current
        return super()._module_currents(inputs)

    def _run_population(
        self, drive: Float[Tensor, "t b n"], state: PopulationState
    ) -> tuple[Float[Tensor, "t b n"], PopulationState]:
        """Return outputs and last state of a run with constants of each neuron."""
        constants = self._constants()
        run = run_population if self.gradient == "adjoint" else unroll_population
        if self.gradient == "adjoint":
            refuse_transforms()
        if self.checkpoint is None:
            return run(drive, state, self.recurrent_weight, self.dynamics, constants)
        pieces = []
        for piece in torch.split(drive, self.checkpoint):
            outputs, state = checkpoint(
                run, piece, state, self.recurrent_weight, self.dynamics, constants,
                use_reentrant=False,
            )  # fmt: skip
            pieces.append(outputs)
        return torch.cat(pieces), state

    @torch.no_grad()
    def wake_silent(
        self, outputs: Float[Tensor, "t b n"], *, lowest: float = 1.0, step: float = 0.02
    ) -> Tensor:
        """Raise the bias of neurons that fire too rarely, and return which they are.

        A neuron whose potential stays below its active zone releases no charge: its outputs do not
        depend on its weights, and their exact gradient is 0. No optimizer can wake it. Call this
        after each training step until the result holds no True.

        Args:
            outputs: Of a run of this layer.
            lowest: Rate in hertz below which a neuron counts as silent, as a mean over the batch.
            step: What is added to the bias.

        Returns:
            A mask of the neurons that were raised, shape ``(neurons,)``.

        Example:
            >>> import torch
            >>> layer = GatedRecurrent(1, 3, bias=-1.0, recurrent=False)
            >>> outputs, _ = layer(torch.zeros(100, 2, 1))
            >>> layer.wake_silent(outputs, step=0.5).tolist(), layer.bias.tolist()
            ([True, True, True], [-0.5, -0.5, -0.5])
        """
        positive(lowest, "lowest", "hertz")
        positive(step, "step", "thresholds")
        # At a rate of r spikes a step, an output trace is r / (1 - decay) in the mean.
        per_step = outputs.mean((0, 1)) * (1 - self.output_decay)
        silent = 1000 * per_step / self.dynamics.dt < lowest
        self.bias.add_(step * silent)
        return silent

    @torch.no_grad()
    def record(self, inputs: Float[Tensor, "t b ..."], state: State | None = None) -> Recording:
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
        take = self._stepper()
        potentials, steps = [now.potential], []
        with torch.autocast(inputs.device.type, enabled=False):
            for value in source.drive().unbind(0):
                step = take(value, now)
                now = step.state
                potentials.append(now.potential)
                steps.append(step)
        return Recording(
            outputs=torch.stack([step.state.output for step in steps]),
            potentials=torch.stack(potentials),
            before_reset=torch.stack([step.reached for step in steps]),
            currents=torch.stack([step.current for step in steps]),
            charges=torch.stack([step.charge for step in steps]),
            spikes=torch.stack([step.turns for step in steps]),
            state=now,
        )

    def _enter(self, inputs: Tensor, state: State | None) -> tuple[DriveSource, State]:
        """Return what the drive is computed from and the first state, after checking both."""
        source = self._drive(inputs, axes=("time", "batch", "features"))
        return source, self._state(state, inputs.shape[1])
