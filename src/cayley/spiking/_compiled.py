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
from cayley.spiking._dynamics import Dynamics, GatedState
from cayley.spiking._gates import BoxGate, CosineGate, PolynomialGate
from cayley.spiking._membranes import LIF, NIF, QIF
from cayley.spiking._sweeps import Adjoint, Run

__all__ = ["CompiledEngine"]

_MEMBRANES: dict[type, int] = {QIF: _kernel.QIF, NIF: _kernel.NIF, LIF: _kernel.LIF}
_GATES: dict[type, int] = {
    PolynomialGate: _kernel.POLYNOMIAL,
    CosineGate: _kernel.COSINE,
    BoxGate: _kernel.BOX,
}


class CompiledEngine:
    """Both sweeps by the kernel, float32 on a CPU."""

    def forward(
        self,
        drive: Float[Tensor, "t b n"],
        state: GatedState,
        weights: Float[Tensor, "k n n"],
        dynamics: Dynamics,
    ) -> Run:
        """See :func:`cayley.spiking._sweeps.forward_sweep`."""
        steps, batch, neurons = drive.shape
        potentials = drive.new_empty(steps + 1, batch, neurons)
        outputs, currents = torch.empty_like(drive), torch.empty_like(drive)
        turns = torch.empty_like(drive, dtype=torch.int8)
        traces, output = state.traces.clone(), state.output.clone()
        h = torch.einsum("kij,bkj->bki", weights, state.traces)
        with _flushed_denormals():
            _kernel.forward(
                *_equations(dynamics, len(weights)),
                _rows(drive),
                _rows(currents),
                _array(weights.mT),
                _array(h),
                _array(state.potential),
                _array(output),
                _rows(potentials),
                _array(traces),
                _rows(outputs),
                _array(turns),
            )
        return Run(
            outputs, potentials, currents, turns, GatedState(potentials[-1].clone(), traces, output)
        )

    def adjoint(
        self,
        run: Run,
        start: GatedState,
        weights: Float[Tensor, "k n n"],
        dynamics: Dynamics,
        *,
        outputs: Float[Tensor, "t b n"],
        state: GatedState,
        with_weights: bool = True,
    ) -> Adjoint:
        """See :func:`cayley.spiking._sweeps.adjoint_sweep`."""
        by_drive = torch.empty_like(run.currents)
        transposed = weights.mT.contiguous()
        by_weights = torch.zeros_like(transposed)
        filtered = torch.zeros_like(start.traces)
        tail, p = state.traces.clone(), state.potential.clone()
        if bool(state.output.any()):
            outputs = outputs.clone()
            outputs[-1] += state.output
        with _flushed_denormals():
            echo = _kernel.adjoint(
                *_equations(dynamics, len(weights)),
                _rows(run.potentials),
                _rows(run.currents),
                _array(run.turns),
                _array(transposed),
                _rows(outputs),
                _array(tail),
                _array(p),
                _rows(by_drive),
                _array(filtered),
                _array(by_weights),
                with_weights,
            )
        by_traces = tail + torch.einsum("bki,kij->bkj", filtered, weights)
        result = by_weights.mT
        if with_weights:
            result = result + torch.einsum("bki,bkj->kij", filtered, start.traces)
        by_output = torch.from_numpy(echo).view_as(p) * dynamics.output_decay
        return Adjoint(by_drive, GatedState(p, by_traces, by_output), result)


def _equations(dynamics: Dynamics, synapses: int) -> tuple[Any, ...]:
    """Return the first arguments of a kernel: kinds, step, width of the zone, decays."""
    membrane, gate = dynamics.membrane, dynamics.gate
    return (
        _MEMBRANES[type(membrane)],
        _GATES[type(gate)],
        np.float32(dynamics.dt / membrane.time_constant),
        np.float32(gate.width),
        np.array(dynamics.decays[:synapses], dtype=np.float32),
        np.float32(dynamics.output_decay),
    )


def _array(tensor: Tensor) -> NDArray[Any]:
    """Return the memory of a tensor; a copy where it is not contiguous."""
    return tensor.detach().contiguous().numpy()


def _rows(tensor: Tensor) -> NDArray[Any]:
    """Return ``(time, batch * neurons)``."""
    return _array(tensor.flatten(1))


@contextmanager
def _flushed_denormals() -> Iterator[None]:
    """Treat numbers below 1e-38 as 0 in the block: decaying traces reach them, and they are slow."""
    before = not bool(torch.tensor(1e-38) * 0.1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)
