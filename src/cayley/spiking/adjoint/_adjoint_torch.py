r"""The forward pass that keeps what the adjoint needs, and the adjoint, in plain torch.

With :math:`p = \partial L/\partial v'`, :math:`\lambda = \partial L/\partial q` and
:math:`\mu = \partial L/\partial u`, one step back in time reads

.. math::

    \mu = p + g(v')\,\lambda, \qquad \ell = \mu\,\partial u/\partial I, \qquad
    p \leftarrow \mu\,\partial u/\partial v - g(v)\,\lambda

where :math:`\ell` is the gradient of the current. A current that :math:`q` causes decays, so that

.. math::

    \lambda = e + \sum_k W_k^T K_k, \qquad K_k \leftarrow a_k K_k + \ell, \qquad
    e \leftarrow a_o e + \partial L/\partial o, \qquad
    \nabla W_k = \sum_t K_k q^T .

Memory is linear in time: potential, current and turns of every step.

References:
    Huh and Sejnowski, "Gradient Descent for Spiking Neural Networks", NeurIPS 2018, section 2:
    this is the exact discrete counterpart of the adjoint equations there.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Float, Int8
from cayley.spiking.equations._dynamics import Dynamics, GatedState
from cayley.spiking.equations._euler_method import gated_step

__all__ = ["Adjoint", "ForwardSweep", "adjoint_sweep", "forward_sweep"]


class ForwardSweep(NamedTuple):
    """Quantities of a forward pass that the adjoint needs, and the outputs and last state."""

    outputs: Float[Tensor, "t b n"]
    potentials: Float[Tensor, "s b n"]
    currents: Float[Tensor, "t b n"]
    turns: Int8[Tensor, "t b n"]
    state: GatedState


class Adjoint(NamedTuple):
    """Gradients by the drive, by the state at the start, and by the weights."""

    drive: Float[Tensor, "t b n"]
    state: GatedState
    weights: Float[Tensor, "k n n"]


def forward_sweep(
    drive: Float[Tensor, "t b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    reuse_drive: bool = False,
) -> ForwardSweep:
    """Return a run of all steps, computed without a graph.

    Args:
        drive: Current from outside, bias included.
        state: Before the first step.
        weights: Of each recurrent synapse.
        dynamics: The equations.
        reuse_drive: Whether the memory of ``drive`` may be overwritten.
    """
    potentials = drive.new_empty(len(drive) + 1, *drive.shape[1:])
    outputs = torch.empty_like(drive)
    currents = drive.detach() if reuse_drive else torch.empty_like(drive)
    turns = torch.empty_like(drive, dtype=torch.int8)
    potentials[0] = state.potential
    for t, now in enumerate(drive.unbind(0)):
        step = gated_step(now, state, weights, dynamics)
        state = step.state
        potentials[t + 1], outputs[t] = state.potential, state.output
        # int8 saves three quarters of the memory. A step with more turns than it holds belongs to
        # a diverging run; without the clamp its conversion would be arbitrary.
        currents[t], turns[t] = step.current, step.turns.clamp(-128, 127)
    return ForwardSweep(outputs, potentials, currents, turns, state)


def adjoint_sweep(
    run: ForwardSweep,
    start: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    outputs: Float[Tensor, "t b n"],
    state: GatedState,
    with_weights: bool = True,
) -> Adjoint:
    """Return the gradients of a run, computed from its last step to its first.

    Args:
        run: From :func:`forward_sweep`.
        start: The state that the run started from.
        weights: Those of the run.
        dynamics: Those of the run.
        outputs: Gradient of the loss by the outputs.
        state: Gradient of the loss by the last state.
        with_weights: Whether to compute the gradient of the weights; otherwise it is 0.
    """
    synapses, neurons = len(weights), weights.shape[-1]
    membrane, gate, dt = dynamics.membrane, dynamics.gate, dynamics.dt
    decays = outputs.new_tensor(dynamics.decays[:synapses])[:, None]
    stacked = weights.reshape(synapses * neurons, neurons)
    by_drive, by_weights = torch.empty_like(run.currents), torch.zeros_like(weights)
    filtered = torch.zeros_like(state.traces)  # K
    echo, last_traces, p = state.output, state.traces, state.potential
    density, charge = gate.density(run.potentials[-1]), gate.charge(run.potentials[-1])
    for t in range(len(outputs) - 1, -1, -1):
        v, current = run.potentials[t], run.currents[t]
        old_density, old_charge = gate.density(v), gate.charge(v)
        # No decay before the last step: the gradient of the last state is by the trace itself.
        echo = outputs[t] + (echo if t == len(outputs) - 1 else dynamics.output_decay * echo)
        lam = echo
        if synapses:
            lam = lam + filtered.flatten(1) @ stacked + last_traces.sum(1)
            if with_weights:
                # Before `filtered` takes in this step: a charge drives the currents of later steps.
                q = run.turns[t] + charge - old_charge
                by_weights += torch.einsum("bki,bj->kij", filtered, q)
        mu = p + density * lam
        by_v, by_current = membrane.sensitivities(v, current, dt)
        by_drive[t] = mu * by_current
        p = mu * by_v - old_density * lam
        filtered = decays * filtered + by_drive[t][:, None]
        last_traces = decays * last_traces
        density, charge = old_density, old_charge
    by_traces = last_traces + torch.einsum("bki,kij->bkj", filtered, weights)
    if synapses and with_weights:
        by_weights += torch.einsum("bki,bkj->kij", filtered, start.traces)
    return Adjoint(by_drive, GatedState(p, by_traces, dynamics.output_decay * echo), by_weights)
