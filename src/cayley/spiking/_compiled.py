"""The compiled kernel behind the interface of :mod:`cayley.spiking._sweeps`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from cayley.spiking import _kernel
from cayley.spiking._collection import no_collection
from cayley.spiking._dynamics import Dynamics, GatedState
from cayley.spiking._gates import BoxGate, CosineGate, PolynomialGate
from cayley.spiking._membranes import LIF, NIF, QIF
from cayley.spiking._sweeps import Adjoint, Run

__all__ = ["compiled_adjoint", "compiled_forward"]

_MEMBRANES: dict[type, int] = {QIF: _kernel.QIF, NIF: _kernel.NIF, LIF: _kernel.LIF}
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
) -> Run:
    """Do :func:`cayley.spiking._sweeps.forward_sweep` by the kernel, float32 on a CPU."""
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
    return Run(outputs, potentials, currents, turns, last)


def compiled_adjoint(
    run: Run,
    start: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    outputs: Float[Tensor, "t b n"],
    state: GatedState,
    with_weights: bool = True,
) -> Adjoint:
    """Do :func:`cayley.spiking._sweeps.adjoint_sweep` by the kernel, float32 on a CPU."""
    by_drive = _empty(run.currents.shape, np.float32)
    by_weights = torch.zeros_like(weights.mT, memory_format=torch.contiguous_format)
    tails = state.traces.transpose(0, 1).clone(memory_format=torch.contiguous_format)
    filtered = torch.zeros_like(tails)
    p = state.potential.clone(memory_format=torch.contiguous_format)
    # What reaches the last output is one step away from its trace: undo that step's decay.
    echo = state.output / dynamics.output_decay
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
    return _MEMBRANES[type(dynamics.membrane)], _GATES[type(dynamics.gate)]


def _equations(dynamics: Dynamics, synapses: int) -> tuple[Any, ...]:
    """Return the first arguments of a kernel: step, width of the zone, decays."""
    return (
        np.float32(dynamics.dt / dynamics.membrane.time_constant),
        np.float32(dynamics.gate.width),
        np.array(dynamics.decays[:synapses], dtype=np.float32),
        np.float32(dynamics.output_decay),
    )


def _index(neurons: int) -> NDArray[np.int64]:
    """Return room for a list of neurons, padded to a multiple of four."""
    return np.zeros(neurons + 3, np.int64)


def _array(tensor: Tensor) -> NDArray[Any]:
    """Return the memory of a tensor; a copy where it is not contiguous."""
    return tensor.detach().contiguous().numpy()


def _rows(tensor: Tensor) -> NDArray[Any]:
    """Return ``(time, batch * neurons)``."""
    return _array(tensor.flatten(1))


@contextmanager
def _flushed_denormals() -> Iterator[None]:
    """Treat numbers below 1e-38 as 0 in the block: decaying traces get there, and are slow."""
    before = not bool(torch.tensor(1e-38) * 0.1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)


def _empty(shape: tuple[int, ...], dtype: type[np.generic]) -> Tensor:
    """Return memory for a whole run; NumPy asks for huge pages, so that first touches cost less."""
    return torch.from_numpy(np.empty(shape, dtype))
