"""The sweeps as Triton kernels, with the interface of :mod:`cayley.spiking.adjoint._adjoint_torch`.

One program runs one sample, all its steps in one launch, where plain torch launches some twenty
kernels a step.
"""

from typing import Any

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking.adjoint._adjoint_compiled import kinds
from cayley.spiking.adjoint._adjoint_torch import Adjoint, ForwardSweep
from cayley.spiking.adjoint._triton_kernel import adjoint_kernel, forward_kernel
from cayley.spiking.equations._dynamics import Dynamics, GatedState

__all__ = ["LARGEST", "triton_adjoint", "triton_forward"]

LARGEST = 65_536
"""Most recurrent weights of a layer, its sizes rounded up to powers of 2: they are in registers."""


def triton_forward(
    drive: Float[Tensor, "t b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    reuse_drive: bool = False,
) -> ForwardSweep:
    """Return what :func:`cayley.spiking.adjoint._adjoint_torch.forward_sweep` returns."""
    potentials = drive.new_empty(len(drive) + 1, *drive.shape[1:])
    potentials[0] = state.potential
    outputs, turns = torch.empty_like(drive), torch.empty_like(drive, dtype=torch.int8)
    drive = drive.detach().contiguous()
    currents = drive if reuse_drive else torch.empty_like(drive)
    traces, output = _copy(state.traces), _copy(state.output)
    kind, options = _options(weights, dynamics, drive)
    forward_kernel[(drive.shape[1],)](
        _constants(dynamics, weights),
        drive,
        weights.detach().contiguous(),
        currents,
        potentials,
        outputs,
        turns,
        traces,
        torch.einsum("bkj,kij->bki", traces, weights.detach()).contiguous(),
        output,
        *drive.shape,
        len(weights),
        *kind,
        dynamics.membrane.cyclic,
        **options,
    )
    last = GatedState(potentials[-1].clone(), traces, output)
    return ForwardSweep(outputs, potentials, currents, turns, last)


def triton_adjoint(
    run: ForwardSweep,
    start: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    outputs: Float[Tensor, "t b n"],
    state: GatedState,
    with_weights: bool = True,
) -> Adjoint:
    """Return what :func:`cayley.spiking.adjoint._adjoint_torch.adjoint_sweep` returns."""
    by_drive, by_weights = torch.empty_like(run.currents), torch.zeros_like(weights)
    tails, p, echo = _copy(state.traces), _copy(state.potential), _copy(state.output)
    filtered = torch.zeros_like(tails)
    steps, synapses = len(by_drive), len(weights)
    with_weights = with_weights and synapses > 0
    filters = tails.new_empty(steps if with_weights else 0, *tails.shape)
    kind, options = _options(weights, dynamics, by_drive)
    adjoint_kernel[(by_drive.shape[1],)](
        _constants(dynamics, weights),
        outputs.contiguous(),
        weights.detach().contiguous(),
        run.currents,
        run.potentials,
        by_drive,
        filters,
        filtered,
        tails,
        p,
        echo,
        *by_drive.shape,
        synapses,
        *kind,
        **options,
        WITH_WEIGHTS=with_weights,
    )
    by_traces = tails + torch.einsum("bki,kij->bkj", filtered, weights)
    if with_weights:
        charge = dynamics.gate.charge(run.potentials)
        q = run.turns + charge[1:] - charge[:-1]
        # One product over all steps and samples.
        by_weights = torch.einsum("tbki,tbj->kij", filters, q)
        by_weights += torch.einsum("bki,bkj->kij", filtered, start.traces)
    return Adjoint(by_drive, GatedState(p, by_traces, echo), by_weights)


def _constants(dynamics: Dynamics, weights: Float[Tensor, "k n n"]) -> Float[Tensor, " c"]:
    """Return the numbers of the equations, in the precision of the run."""
    return weights.new_tensor(
        [
            dynamics.dt / dynamics.membrane.time_constant,
            dynamics.gate.width,
            dynamics.output_decay,
            *dynamics.decays[: len(weights)],
        ]
    )


def _options(
    weights: Float[Tensor, "k n n"], dynamics: Dynamics, like: Float[Tensor, "t b n"]
) -> tuple[tuple[int, int], dict[str, Any]]:
    """Return the kinds of membrane and gate, sizes of blocks and the number of warps."""
    synapses, neurons = padded(len(weights)), padded(like.shape[-1])
    if synapses * neurons**2 > LARGEST:
        raise ValueError(
            f'`backend="triton"` keeps at most {LARGEST} recurrent weights in registers, sizes '
            f"rounded up to powers of 2; got {len(weights)} synapses of {like.shape[-1]} neurons. "
            'Use `backend="torch"`.'
        )
    # 64 weights in the registers of a thread, or 128 at the most.
    warps = min(16, max(1, synapses * neurons * neurons // 2048))
    sizes = {"NEURONS": neurons, "SYNAPSES": synapses, "num_warps": warps}
    return kinds(dynamics), sizes


def padded(size: int) -> int:
    """Return the least power of 2 that is not below, 0 for 0.

    Example:
        >>> [padded(size) for size in (0, 1, 3, 100)]
        [0, 1, 4, 128]
    """
    return 1 << (size - 1).bit_length() if size else 0


def _copy(tensor: Tensor) -> Tensor:
    """Return a contiguous copy of a tensor in memory of its own."""
    return tensor.detach().clone(memory_format=torch.contiguous_format)
