r"""Euler's method: one step of gated synapses, and its unrolling for automatic differentiation.

.. math::

    I = \sum_k W_k r_k + \mathrm{drive}, \quad u = \mathrm{advance}(v, I), \quad
    v' = u - \lfloor u \rfloor, \quad q = \lfloor u \rfloor + G(v') - G(v), \quad
    r_k' = a_k r_k + q, \quad o' = a_o o + q
"""

from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Float
from cayley.spiking.equations._dynamics import Dynamics, GatedState

__all__ = ["Step", "gated_step", "recurrent_current", "unroll"]


class Step(NamedTuple):
    """The next state, and the quantities of the step that lead to it."""

    state: GatedState
    current: Float[Tensor, "b n"]
    reached: Float[Tensor, "b n"]
    """Where Euler's straight line leads without a reset."""
    turns: Float[Tensor, "b n"]
    charge: Float[Tensor, "b n"]


def recurrent_current(
    traces: Float[Tensor, "b k n"], weights: Float[Tensor, "k n n"]
) -> Float[Tensor, "b n"]:
    """Return the sum over synapses of ``W_k r_k``; ``W_k[i, j]`` goes from neuron j to i."""
    batch = len(traces)
    # One product over all synapses at once instead of one for each.
    joined = weights.transpose(1, 2).reshape(-1, weights.shape[-1])
    return traces.reshape(batch, -1) @ joined


def gated_step(
    drive: Float[Tensor, "b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
    *,
    record: bool = False,
) -> Step:
    """Take one step of ``dynamics.dt`` milliseconds.

    Args:
        drive: Current from outside, bias included.
        state: Before the step.
        weights: Of each recurrent synapse, shape ``(synapses, neurons, neurons)``; no synapses for
            a layer without recurrence.
        dynamics: The equations.
        record: Whether to compute where Euler's line leads without a reset; otherwise ``reached``
            is the advanced potential.

    Example:
        >>> import torch
        >>> from cayley.spiking import Dynamics
        >>> from cayley.spiking.equations._dynamics import GatedState
        >>> state = GatedState(torch.full((1, 1), 0.99), torch.zeros(1, 0, 1), torch.zeros(1, 1))
        >>> step = gated_step(torch.ones(1, 1), state, torch.zeros(0, 1, 1), Dynamics())
        >>> step.turns.item(), round(step.state.potential.item(), 3)
        (1.0, 0.07)
    """
    current = drive
    if len(weights):
        current = drive + recurrent_current(state.traces, weights)
    membrane = dynamics.membrane
    advanced = membrane.advance(state.potential, current, dynamics.dt)
    reached = membrane.reach(state.potential, current, dynamics.dt) if record else advanced
    turns = membrane.turns(advanced)
    potential = advanced - turns
    gate = dynamics.gate
    # Charge by differences of G, and not by g times the step: a spike then releases exactly 1
    # whatever the step. Each turn adds the 1 that the reset takes from G.
    charge = turns + gate.charge(potential) - gate.charge(state.potential)
    traces = state.traces
    if len(weights):
        decays = traces.new_tensor(dynamics.decays)[:, None]
        traces = decays * traces + charge[:, None]
    output = dynamics.output_decay * state.output + charge
    return Step(GatedState(potential, traces, output), current, reached, turns, charge)


def unroll(
    drive: Float[Tensor, "t b n"],
    state: GatedState,
    weights: Float[Tensor, "k n n"],
    dynamics: Dynamics,
) -> tuple[Float[Tensor, "t b n"], GatedState]:
    """Return outputs and last state of a run whose gradient autograd computes."""
    outputs = []
    for now in drive.unbind(0):  # indexing drive[t] would make the backward pass quadratic in time
        state = gated_step(now, state, weights, dynamics).state
        outputs.append(state.output)
    return torch.stack(outputs), state
