"""The compiled sweeps, with the interface of :mod:`cayley.spiking.adjoint._adjoint_torch`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking.adjoint import _adjoint_kernel as _kernel
from cayley.spiking.adjoint._adjoint_torch import Adjoint, ForwardSweep
from cayley.spiking.adjoint._garbage_collection import no_collection
from cayley.spiking.equations._dynamics import Dynamics, GatedState
from cayley.spiking.equations._gates import BoxGate, CosineGate, PolynomialGate
from cayley.spiking.equations._membranes import LIF, NIF, QIF

__all__ = ["compiled_adjoint", "compiled_forward"]

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
    steps, batch, neurons = drive.shape
    drive = drive.contiguous()
    potentials = _empty((steps + 1, batch, neurons), np.float32)
    potentials[0] = state.potential
    outputs = _empty(drive.shape, np.float32)
    currents = drive.detach() if reuse_drive else drive.clone()
    turns = _empty(drive.shape, np.int8)
    traces = state.traces.transpose(0, 1).clone(memory_format=torch.contiguous_format)
    h, output = traces @ weights.mT, state.output.clone()
    with _flushed_denormals(), no_collection():
        _kernel.forward_kernel(*_kinds(dynamics))(
            *_equations(dynamics, len(weights)),
            _rows(currents),
            _array(weights.mT),
            _rows(h),
            _array(output.view(-1)),
            _rows(traces),
            _rows(potentials),
            _rows(outputs),
            _rows(turns),
            _array(dynamics.gate.charge(potentials[0]).view(-1)),
            np.empty((2, batch * neurons), np.float32),
            _index(neurons),
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
    tails = state.traces.transpose(0, 1).clone(memory_format=torch.contiguous_format)
    filtered = torch.zeros_like(tails)
    p = state.potential.clone(memory_format=torch.contiguous_format)
    # The kernel multiplies `echo` by the decay before it adds the gradient of each output. The
    # gradient of the last state must not decay before the last step, so it is divided here.
    # Without a trace there is no decay to divide by, and the last output takes that gradient.
    if dynamics.output_decay:
        echo = state.output / dynamics.output_decay
    else:
        outputs = torch.cat([outputs[:-1], outputs[-1:] + state.output])
        echo = torch.zeros_like(state.output)
    if outputs.stride(0) == 0:  # a mean or a sum over time: one row, expanded
        outputs = outputs[:1]
    with _flushed_denormals(), no_collection():
        _kernel.adjoint_kernel(*_kinds(dynamics))(
            *_equations(dynamics, len(weights)),
            _rows(run.potentials),
            _rows(run.currents),
            _rows(run.turns),
            _array(weights.mT),
            _rows(outputs),
            _rows(tails),
            _array(p.view(-1)),
            _array(echo.view(-1)),
            _rows(by_drive),
            _rows(filtered),
            _array(by_weights),
            bool(tails.any()),
            with_weights,
            _array(dynamics.gate.density(run.potentials[-1]).view(-1)),
            _array(dynamics.gate.charge(run.potentials[-1]).view(-1)),
            np.arange(len(by_drive))[::-1].copy(),
            np.empty((4, p.numel()), np.float32),
            _index(p.shape[-1]),
        )
    by_traces = tails + filtered @ weights
    by_weights = by_weights.mT
    if with_weights:
        by_weights = by_weights + filtered.mT @ start.traces.transpose(0, 1)
    by_state = GatedState(p, by_traces.transpose(0, 1), dynamics.output_decay * echo)
    return Adjoint(by_drive, by_state, by_weights)


def _kinds(dynamics: Dynamics) -> tuple[int, int]:
    """Return the kinds of membrane and gate that a kernel is compiled for."""
    membrane = dynamics.membrane
    reset = membrane.reset if isinstance(membrane, LIF | NIF) else ""
    return _MEMBRANES[type(membrane), reset], _GATES[type(dynamics.gate)]


def _equations(dynamics: Dynamics, synapses: int) -> tuple[Any, ...]:
    """Return the first arguments of a kernel: step, width of the zone, decays."""
    return (
        np.float32(dynamics.dt / dynamics.membrane.time_constant),
        np.float32(dynamics.gate.width),
        np.array(dynamics.decays[:synapses], dtype=np.float32),
        np.float32(dynamics.output_decay),
    )


def _index(neurons: int) -> NDArray[np.int64]:
    """Return memory for a list of neurons, with 3 entries more.

    The kernel reads the list in groups of four; the last group may reach 3 entries past its end.
    The extra entries are 0, which is a valid neuron.
    """
    return np.zeros(neurons + 3, np.int64)


def _array(tensor: Tensor) -> NDArray[Any]:
    """Return a tensor as an array: its own memory, or a copy where it is not contiguous."""
    return tensor.detach().contiguous().numpy()


def _rows(tensor: Tensor) -> NDArray[Any]:
    """Return a tensor as an array of shape ``(time, batch * neurons)``."""
    return _array(tensor.flatten(1))


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
