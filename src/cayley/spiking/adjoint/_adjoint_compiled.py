"""The compiled sweeps, with the interface of :mod:`cayley.spiking.adjoint._adjoint_torch`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking.adjoint import _adjoint_kernel as _kernel
from cayley.spiking.adjoint._adjoint_torch import Adjoint, ForwardSweep
from cayley.spiking.equations._dynamics import Dynamics, GatedState
from cayley.spiking.equations._gates import BoxGate, CosineGate, PolynomialGate
from cayley.spiking.equations._membranes import LIF, NIF, QIF

__all__ = ["compiled_adjoint", "compiled_forward", "kinds"]

_MEMBRANES: dict[tuple[type, str], int] = {
    (QIF, ""): _kernel.QIF,
    # Without a leak, what is left past the threshold moves on at the same velocity.
    (NIF, "exact"): _kernel.NIF,
    (NIF, "subtract"): _kernel.NIF,
    (NIF, "zero"): _kernel.NIF_ZERO,
    (LIF, "exact"): _kernel.LIF,
    (LIF, "subtract"): _kernel.LIF_SUBTRACT,
    (LIF, "zero"): _kernel.LIF_ZERO,
}
_GATES: dict[type, int] = {
    PolynomialGate: _kernel.POLYNOMIAL,
    CosineGate: _kernel.COSINE,
    BoxGate: _kernel.BOX,
}


def compiled_forward(
    drive: Float[Tensor, "t b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    reuse_drive: bool = False,
) -> ForwardSweep:
    """Return what :func:`cayley.spiking.adjoint._adjoint_torch.forward_sweep` returns, compiled.

    All tensors must be float32 on a CPU.
    """
    potentials = _empty((len(drive) + 1, *drive.shape[1:]), np.float32)
    potentials[0] = state.potential
    outputs, turns = _empty(drive.shape, np.float32), _empty(drive.shape, np.int8)
    currents = drive.detach().contiguous() if reuse_drive else _copy(drive)
    traces = _copy(state.traces.transpose(0, 1))
    h, output = traces @ weights.mT, _copy(state.output)
    with _flushed_denormals():
        _kernel.forward_kernel(*kinds(dynamics), len(weights))(
            **_equations(dynamics, drive, len(weights)),
            currents=currents,
            weights=_copy(weights.mT),
            h=h,
            traces=traces,
            out=output,
            potentials=potentials,
            outputs=outputs,
            turns=turns,
            charge=_copy(dynamics.gate.charge(potentials[0])),
            released=torch.empty_like(output),
            index=torch.empty(drive.shape[2], dtype=torch.int64),
        )
    last = GatedState(potentials[-1].clone(), traces.transpose(0, 1), output)
    return ForwardSweep(outputs, potentials, currents, turns, last)


def compiled_adjoint(
    run: ForwardSweep,
    start: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    outputs: Float[Tensor, "t b n"],
    state: GatedState,
    with_weights: bool = True,
) -> Adjoint:
    """Return what :func:`cayley.spiking.adjoint._adjoint_torch.adjoint_sweep` returns, compiled.

    All tensors must be float32 on a CPU.
    """
    by_drive = _empty(run.currents.shape, np.float32)
    by_weights = torch.zeros_like(weights.mT, memory_format=torch.contiguous_format)
    tails = _copy(state.traces.transpose(0, 1))
    filtered, p = torch.zeros_like(tails), _copy(state.potential)
    # The kernel multiplies `echo` by the decay before it adds the gradient of each output. The
    # gradient of the last state must not decay before the last step, so it is divided here.
    # Without a trace there is no decay to divide by, and the last output takes that gradient.
    if dynamics.output_decay:
        echo = _copy(state.output / dynamics.output_decay)
    else:
        outputs = torch.cat([outputs[:-1], outputs[-1:] + state.output])
        echo = torch.zeros_like(p)
    same = outputs.stride(0) == 0  # a mean or a sum over time: one row, expanded
    last = run.potentials[-1]
    with _flushed_denormals():
        _kernel.adjoint_kernel(*kinds(dynamics), len(weights), with_weights)(
            **_equations(dynamics, by_drive, len(weights)),
            output_stride=0 if same else p.numel(),
            with_traces=int(bool(tails.any())),
            potentials=run.potentials,
            currents=run.currents,
            turns=run.turns,
            weights=_copy(weights.mT),
            by_outputs=(outputs[:1] if same else outputs).contiguous(),
            last_traces=tails,
            p=p,
            echo=echo,
            by_drive=by_drive,
            filtered=filtered,
            by_weights=by_weights,
            g=_copy(dynamics.gate.density(last)),
            G=_copy(dynamics.gate.charge(last)),
            **{name: torch.empty_like(p) for name in ("old_g", "lam", "q")},
            active=torch.empty_like(p, dtype=torch.int8),
            index=torch.empty(len(p), dtype=torch.int64),
        )
    by_traces = tails + filtered @ weights
    by_weights = by_weights.mT
    if with_weights:
        by_weights = by_weights + filtered.mT @ start.traces.transpose(0, 1)
    by_state = GatedState(p, by_traces.transpose(0, 1), dynamics.output_decay * echo)
    return Adjoint(by_drive, by_state, by_weights)


def kinds(dynamics: Dynamics) -> tuple[int, int]:
    """Return the kinds of membrane and gate that a kernel is compiled for."""
    membrane = dynamics.membrane
    reset = membrane.reset if isinstance(membrane, LIF | NIF) else ""
    return _MEMBRANES[type(membrane), reset], _GATES[type(dynamics.gate)]


def _equations(dynamics: Dynamics, like: Float[Tensor, "t b n"], synapses: int) -> dict[str, Any]:
    """Return the arguments that both kernels have: sizes, step, width of the zone, decays."""
    steps, batch, neurons = like.shape
    return {
        "steps": steps,
        "batch": batch,
        "neurons": neurons,
        "k": dynamics.dt / dynamics.membrane.time_constant,
        "width": dynamics.gate.width,
        "output_decay": dynamics.output_decay,
        "decays": torch.tensor(dynamics.decays[:synapses]),
    }


def _copy(tensor: Tensor) -> Tensor:
    """Return a contiguous copy of a tensor in memory of its own."""
    return tensor.detach().clone(memory_format=torch.contiguous_format)


@contextmanager
def _flushed_denormals() -> Iterator[None]:
    """Treat denormal numbers (below about 1e-38) as 0 in the block.

    Decaying traces become denormal, and processors compute with denormal numbers many times slower.
    """
    # torch has no getter for the setting. A denormal product is 0 only if it is on already.
    before = not bool(torch.tensor(1e-38) * 0.1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


def _empty(shape: tuple[int, ...], dtype: type[np.generic]) -> Tensor:
    """Return uninitialized memory for a whole run.

    NumPy, unlike torch, asks the system for huge pages, which makes the first access cheaper.
    """
    return torch.from_numpy(np.empty(shape, dtype))
