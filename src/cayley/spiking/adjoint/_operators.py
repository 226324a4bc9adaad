"""A run and its adjoint as operators of torch.library, which torch.compile calls as they are.

A compiler cannot look into the kernels and need not: it is told the shapes of what they return. The
equations are passed as numbers and names, since an operator takes no objects.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from cayley.spiking.adjoint._adjoint import (
    DriveSource,
    KeptRun,
    SweepPlan,
    choose_engine,
    go_back,
    go_forward,
)
from cayley.spiking.adjoint._adjoint_torch import ForwardSweep
from cayley.spiking.equations._dynamics import Dynamics, GatedState
from cayley.spiking.equations._gates import BoxGate, CosineGate, Gate, PolynomialGate
from cayley.spiking.equations._membranes import LIF, NIF, QIF, Membrane

__all__ = ["Equations", "described", "run_as_operator"]

_MEMBRANES: dict[str, type[LIF | NIF]] = {"NIF": NIF, "LIF": LIF}
_GATES: dict[str, type[Gate]] = {
    "PolynomialGate": PolynomialGate,
    "CosineGate": CosineGate,
    "BoxGate": BoxGate,
}


class Equations(NamedTuple):
    """A plan of a run as plain values; 0 stands for no checkpoint and no clip."""

    membrane: str
    gate: str
    times: list[float]
    """Of the membrane, the output and the step, the gate's width, then of the synapses."""
    backend: str
    checkpoint: int
    clip_samples: float


def described(
    dynamics: Dynamics, backend: str, checkpoint: int | None, clip_samples: float | None
) -> Equations:
    """Return a plan as plain values."""
    return Equations(
        membrane_name(dynamics.membrane),
        type(dynamics.gate).__name__,
        [
            dynamics.membrane.time_constant,
            dynamics.output_time_constant,
            dynamics.dt,
            dynamics.gate.width,
            *dynamics.time_constants,
        ],
        backend,
        checkpoint or 0,
        clip_samples or 0.0,
    )


def membrane_name(membrane: Membrane) -> str:
    """Return the kind of a membrane and its reset, such as ``"LIF zero"``.

    Example:
        >>> membrane_name(LIF(10.0)), membrane_name(QIF())
        ('LIF exact', 'QIF')
    """
    if isinstance(membrane, LIF | NIF):
        return f"{type(membrane).__name__} {membrane.reset}"
    return type(membrane).__name__


def membrane_of(name: str, time_constant: float) -> Membrane:
    """Return the membrane that :func:`membrane_name` names."""
    kind, *reset = name.split()
    return _MEMBRANES[kind](time_constant, *reset) if reset else QIF(time_constant)  # type: ignore[arg-type]


def run_as_operator(
    source: DriveSource, state: GatedState, weights: Tensor, equations: Equations
) -> tuple[Tensor, GatedState]:
    """Return what ``run_with_adjoint`` returns, for a compiler."""
    outputs, potential, traces, *_ = _run(source.drive(), *state, weights, *equations)
    return outputs, GatedState(potential, traces, outputs[-1])


def _plan(equations: Equations, like: Tensor) -> SweepPlan:
    membrane, output, dt, width, *synapses = equations.times
    dynamics = Dynamics(
        membrane=membrane_of(equations.membrane, membrane),
        gate=_GATES[equations.gate](width),
        time_constants=tuple(synapses),
        output_time_constant=output,
        dt=dt,
    )
    engine = choose_engine(equations.backend, like)  # type: ignore[arg-type]
    return SweepPlan(dynamics, engine, equations.checkpoint or None, equations.clip_samples or None)


@torch.library.custom_op("cayley::gated_run", mutates_args=())
def _run(  # noqa: PLR0917 - operators are called by position
    drive: Tensor,
    potential: Tensor,
    traces: Tensor,
    output: Tensor,
    weights: Tensor,
    membrane: str,
    gate: str,
    times: Sequence[float],
    backend: str,
    checkpoint: int,
    clip_samples: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return outputs, last potential and traces, then what the adjoint needs."""
    equations = Equations(membrane, gate, list(times), backend, checkpoint, clip_samples)
    plan = _plan(equations, drive)
    outputs, last, run = go_forward(drive, GatedState(potential, traces, output), weights, plan)
    if plan.checkpoint is None:
        kept = run.sweeps[0].potentials, run.sweeps[0].currents, run.sweeps[0].turns
    else:  # nothing is kept: the adjoint runs forward again
        kept = drive.new_empty(0), drive.new_empty(0), drive.new_empty(0, dtype=torch.int8)
    # No result may share memory with another, or have strides that the compiler does not expect.
    return outputs, last.potential.clone(), last.traces.contiguous(), *kept


@_run.register_fake
def _(  # noqa: PLR0917
    drive: Tensor,
    potential: Tensor,
    traces: Tensor,
    output: Tensor,
    weights: Tensor,
    membrane: str,
    gate: str,
    times: Sequence[float],
    backend: str,
    checkpoint: int,
    clip_samples: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    steps, batch, neurons = drive.shape
    if checkpoint:
        kept = drive.new_empty(0), drive.new_empty(0), drive.new_empty(0, dtype=torch.int8)
    else:
        kept = (
            drive.new_empty(steps + 1, batch, neurons),
            drive.new_empty(drive.shape),
            drive.new_empty(drive.shape, dtype=torch.int8),
        )
    return (
        drive.new_empty(drive.shape),
        drive.new_empty(batch, neurons),
        drive.new_empty(traces.shape),
        *kept,
    )


@torch.library.custom_op("cayley::gated_adjoint", mutates_args=())
def _adjoint(  # noqa: PLR0917
    by_outputs: Tensor,
    by_potential: Tensor,
    by_traces: Tensor,
    drive: Tensor,
    potential: Tensor,
    traces: Tensor,
    output: Tensor,
    weights: Tensor,
    potentials: Tensor,
    currents: Tensor,
    turns: Tensor,
    membrane: str,
    gate: str,
    times: Sequence[float],
    backend: str,
    checkpoint: int,
    clip_samples: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return the gradients by drive, state and weights."""
    equations = Equations(membrane, gate, list(times), backend, checkpoint, clip_samples)
    plan, start = _plan(equations, drive), GatedState(potential, traces, output)
    if plan.checkpoint is None:
        sweep = ForwardSweep(by_outputs, potentials, currents, turns, start)
        run = KeptRun(None, [start], len(drive), [sweep])
    else:
        run = go_forward(drive, start, weights, plan)[2]
    last = GatedState(by_potential, by_traces, torch.zeros_like(by_potential))
    found = go_back(run, weights, plan, by_outputs, last)
    gradients = found.drive, *found.state, found.weights
    return tuple(each.clone(memory_format=torch.contiguous_format) for each in gradients)  # type: ignore[return-value]


@_adjoint.register_fake
def _(*arguments: Any) -> tuple[Tensor, ...]:
    return tuple(each.new_empty(each.shape) for each in arguments[3:8])


def _keep(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    ctx.save_for_backward(*inputs[:5], *output[3:])
    ctx.equations = inputs[5:]
    ctx.set_materialize_grads(True)


def _backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
    with torch.autocast(grads[0].device.type, enabled=False):
        gradients = _adjoint(*grads[:3], *ctx.saved_tensors, *ctx.equations)
    return *gradients, *(None,) * len(ctx.equations)


_run.register_autograd(_backward, setup_context=_keep)
